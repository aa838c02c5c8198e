/**
 * Small arrays whose elements are known: what `torch.arange(6).view(2, 3).T.tolist()` is computed with.
 * Row-major, exact: permuted({ shape: [2, 3], data: 0..5 }, [1, 0]) -> { shape: [3, 2], data: [0, 3, 1, 4, 2, 5] }.
 */
import type { Shape } from '../../../graph/tensorType.ts';
import { MAX_KNOWN_ELEMENTS, type TensorValue } from '../tensorValue.ts';

export interface KnownArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The elements of a tensor, where all of them and its shape are known. */
export function knownArray(tensor: TensorValue): KnownArray | undefined {
  const { data } = tensor;
  const shape = numericShape(tensor.type.shape);
  return data !== undefined && shape !== undefined && countOf(shape) === data.length ? { shape, data } : undefined;
}

/** All of them, or undefined where one is not known. */
export function knownArrays(tensors: readonly TensorValue[]): readonly KnownArray[] | undefined {
  const arrays: KnownArray[] = [];
  for (const tensor of tensors) {
    const array = knownArray(tensor);
    if (array === undefined) return undefined;
    arrays.push(array);
  }
  return arrays;
}

/** The shape as numbers, where every dim is one. */
export function numericShape(shape: Shape | undefined): readonly number[] | undefined {
  return shape?.every((dim) => typeof dim === 'number') === true ? shape : undefined;
}

/** Whether a result of this shape is small enough to be known. */
export function isKnowable(shape: readonly number[]): boolean {
  return countOf(shape) <= MAX_KNOWN_ELEMENTS;
}

export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** 0, 1, 2, ... in a shape: moved by a view, it tells where each element came from. */
export function positionsOf(shape: readonly number[]): KnownArray {
  return { shape, data: Array.from({ length: countOf(shape) }, (_, index) => index) };
}

/** Distance in elements between neighbours along each dim. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const dim of shape.toReversed()) {
    strides.unshift(stride);
    stride *= dim;
  }
  return strides;
}

/** Reads `shape` elements at `offset + index · strides`; an index beyond the data reads 0. */
export function strided(
  { data }: KnownArray,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): KnownArray {
  const result: number[] = [];
  const count = countOf(shape);
  const index = shape.map(() => 0);
  let at = offset;
  while (result.length < count) {
    result.push(data[at] ?? 0);
    for (let dim = shape.length - 1; dim >= 0; dim--) {
      const next = (index[dim] ?? 0) + 1;
      const stride = strides[dim] ?? 0;
      if (next < (shape[dim] ?? 0)) {
        index[dim] = next;
        at += stride;
        break;
      }
      index[dim] = 0;
      at -= (next - 1) * stride;
    }
  }
  return { shape, data: result };
}

export function reshaped({ data }: KnownArray, shape: readonly number[]): KnownArray {
  return { shape, data };
}

export function permuted(array: KnownArray, dims: readonly number[]): KnownArray {
  const strides = stridesOf(array.shape);
  const order = dims.map((dim) => wrapDim(dim, array.shape.length));
  return strided(
    array,
    order.map((dim) => array.shape[dim] ?? 1),
    order.map((dim) => strides[dim] ?? 0),
    0,
  );
}

/** Repeats dims of size 1 as NumPy's broadcasting does. */
export function broadcast(array: KnownArray, shape: readonly number[]): KnownArray {
  const lead = shape.length - array.shape.length;
  const strides = stridesOf(array.shape);
  const stretched = shape.map((_, dim) =>
    dim < lead || array.shape[dim - lead] === 1 ? 0 : (strides[dim - lead] ?? 0),
  );
  return strided(array, shape, stretched, 0);
}

export interface Step {
  readonly dim: number;
  readonly start: number;
  readonly size: number;
  readonly step: number;
}

/** Keeps `size` places of a dim, from `start` on, `step` apart (negative: backwards). */
export function stepped(array: KnownArray, steps: readonly Step[]): KnownArray {
  const shape = [...array.shape];
  const strides = [...stridesOf(array.shape)];
  let offset = 0;
  for (const { dim, start, size, step } of steps) {
    offset += start * (strides[dim] ?? 0);
    strides[dim] = (strides[dim] ?? 0) * step;
    shape[dim] = size;
  }
  return strided(array, shape, strides, offset);
}

/** The places of a dim that `places` names, in that order. */
export function picked(array: KnownArray, dim: number, places: readonly number[]): KnownArray {
  const size = array.shape[dim] ?? 1;
  const inner = countOf(array.shape.slice(dim + 1));
  const outer = countOf(array.shape.slice(0, dim));
  const data: number[] = [];
  for (let block = 0; block < outer; block++) {
    for (const place of places) {
      const start = (block * size + (place < 0 ? place + size : place)) * inner;
      for (let i = 0; i < inner; i++) data.push(array.data[start + i] ?? 0);
    }
  }
  return { shape: array.shape.with(dim, places.length), data };
}

/** Joins along a dim; the other dims are equal. */
export function concatenated(arrays: readonly KnownArray[], dim: number): KnownArray {
  const [first] = arrays;
  if (first === undefined) return { shape: [0], data: [] };
  const outer = countOf(first.shape.slice(0, dim));
  const data: number[] = [];
  for (let block = 0; block < outer; block++) {
    for (const array of arrays) {
      const length = countOf(array.shape.slice(dim));
      for (let i = 0; i < length; i++) data.push(array.data[block * length + i] ?? 0);
    }
  }
  const size = arrays.reduce((sum, array) => sum + (array.shape[dim] ?? 0), 0);
  return { shape: first.shape.with(dim, size), data };
}

/** Rows of one dim, each reduced or rearranged: `onRow` gets the elements along the dim. */
export function alongDim(
  array: KnownArray,
  dim: number,
  onRow: (row: readonly number[]) => readonly number[],
): KnownArray {
  const size = array.shape[dim] ?? 1;
  const inner = countOf(array.shape.slice(dim + 1));
  const outer = countOf(array.shape.slice(0, dim));
  const rows: (readonly number[])[] = [];
  for (let block = 0; block < outer; block++) {
    for (let i = 0; i < inner; i++) {
      rows.push(onRow(Array.from({ length: size }, (_, at) => array.data[(block * size + at) * inner + i] ?? 0)));
    }
  }
  const length = rows[0]?.length ?? 0;
  const data: number[] = [];
  for (let block = 0; block < outer; block++) {
    for (let at = 0; at < length; at++) {
      for (let i = 0; i < inner; i++) data.push(rows[block * inner + i]?.[at] ?? 0);
    }
  }
  return { shape: array.shape.with(dim, length), data };
}

/** -1 -> the last dim. */
export function wrapDim(dim: number, rank: number): number {
  return dim < 0 ? dim + Math.max(rank, 1) : dim;
}
