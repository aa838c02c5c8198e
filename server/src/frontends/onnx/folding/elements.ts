/**
 * Walks over the elements of small known tensors: strides, broadcasting, and one result for each place.
 * zip([2, 3] and []) with + : [1, 2] + 10 -> [11, 12].
 */
import type { Dim } from '../../../graph/dim.ts';
import { isFloatingPoint, type DType } from '../../../graph/dtype.ts';
import { elementTotal, MOST_FOLDED, MOST_FOLDED_FLOATS, type ConstantTensor } from '../onnxValue.ts';

/** Steps in the flat elements for one step along each axis: [2, 3] -> [3, 1]. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides: number[] = [];
  let step = 1;
  for (const dim of shape.toReversed()) {
    strides.unshift(step);
    step *= dim;
  }
  return strides;
}

/** The common shape of broadcasting; undefined where shapes do not fit or the result is too large to fold. */
export function broadcastSizes(shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let fromEnd = rank; fromEnd > 0; fromEnd--) {
    let joined = 1;
    for (const shape of shapes) {
      const dim = fromEnd > shape.length ? 1 : (shape.at(-fromEnd) ?? 1);
      if (joined !== 1 && dim !== 1 && dim !== joined) return undefined;
      if (dim !== 1) joined = dim;
    }
    result.push(joined);
  }
  return elementTotal(result) <= MOST_FOLDED ? result : undefined;
}

/** Calls back with the indices of every place of a shape, in row-major order; the list is reused. */
export function forEachPlace(shape: readonly number[], visit: (place: readonly number[]) => unknown): void {
  const place = shape.map(() => 0);
  for (let left = elementTotal(shape); left > 0; left--) {
    visit(place);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] ?? 0) + 1;
      if ((place[axis] ?? 0) < (shape[axis] ?? 0)) break;
      place[axis] = 0;
    }
  }
}

/** The element at a place of a shape that the tensor broadcasts to. */
export function elementAt(tensor: ConstantTensor, place: readonly number[]): Dim | undefined {
  const offset = place.length - tensor.shape.length;
  let index = 0;
  for (const [axis, size] of tensor.shape.entries()) {
    index = index * size + (size === 1 ? 0 : (place[axis + offset] ?? 0));
  }
  return tensor.elements[index];
}

/** Combines tensors place by place; undefined where one place has no result or the shapes do not fit. */
export function zipElements(
  tensors: readonly ConstantTensor[],
  dtype: DType,
  combine: (elements: readonly Dim[]) => Dim | undefined,
): ConstantTensor | undefined {
  const shape = broadcastSizes(tensors.map((tensor) => tensor.shape));
  if (shape === undefined) return undefined;
  return madeOf(dtype, shape, (place) => {
    const elements = tensors.map((tensor) => elementAt(tensor, place));
    return elements.every((element) => element !== undefined) ? combine(elements) : undefined;
  });
}

/** A tensor from a function of places; undefined where one place has no result. */
export function madeOf(
  dtype: DType,
  shape: readonly number[],
  elementOf: (place: readonly number[]) => Dim | undefined,
): ConstantTensor | undefined {
  if (elementTotal(shape) > (isFloatingPoint(dtype) ? MOST_FOLDED_FLOATS : MOST_FOLDED)) return undefined;
  const elements: (Dim | undefined)[] = [];
  forEachPlace(shape, (place) => elements.push(elementOf(place)));
  return elements.every((element) => element !== undefined) ? { dtype, shape, elements } : undefined;
}

/** An axis counted from the start; undefined where there is none. */
export function axisOf(axis: number, rank: number): number | undefined {
  const fromStart = axis < 0 ? axis + rank : axis;
  return fromStart >= 0 && fromStart < rank ? fromStart : undefined;
}
