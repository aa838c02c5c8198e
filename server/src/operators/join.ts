/**
 * Joins and splits: concat, stack, split, chunk, unbind, tensorSplit.
 * concat(2x3, 2x5; dim 1) -> 2x8; split(2x8, size 3, dim 1) -> 2x3, 2x3, 2x2.
 * A split whose number of pieces is not known has no outputs.
 */
import {
  addDims,
  ceilDivideDims,
  floorDivideDims,
  minimumDim,
  multiplyDims,
  printDim,
  subtractDims,
  unknownDim,
  type Dim,
} from '../graph/dim.ts';
import type { Attributes } from '../graph/modelGraph.ts';
import { printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { agreedDim, areDifferent } from './agreement.ts';
import { noAxis, noWork, replaceDim, resolveAxis, type Inputs } from './dataMovement.ts';
import { mismatch, ok, type InferResult, type Operator } from './operator.ts';
import { resultType } from './promotion.ts';
import { sliceLength } from './sliceLength.ts';
import { isBelow } from './windows.ts';

export type ConcatAttributes = { readonly dim: number };
export const concat = joining('concat', (inputs, { dim }) => {
  const dtype = joinedType(inputs);
  // PyTorch passes over tensors of shape [0] beside others, a relic that networks still rely on.
  const isRelic = ({ shape }: TensorType): boolean => shape?.length === 1 && shape[0] === 0;
  const given = inputs.filter((input) => input !== undefined);
  if (given.length === inputs.length && given.every(isRelic)) return ok(tensorType(dtype, [0]));
  const parts = given.filter((input) => !isRelic(input));
  const [first] = parts.flatMap(({ shape }) => (shape === undefined ? [] : [shape]));
  if (first === undefined) return ok(tensorType(dtype, undefined));
  const axis = first.length === 0 ? undefined : resolveAxis(dim, first.length);
  if (axis === undefined) return mismatch(noAxis(dim, first));
  let joined: Shape = first;
  let total: Dim = 0;
  for (const { shape } of parts) {
    total = addDims(total, shape?.[axis] ?? unknownDim('the rank of a part is unknown'));
    if (shape === undefined) continue;
    const agreed = agreedShape(joined, shape, axis);
    if (typeof agreed === 'string') return mismatch(agreed, tensorType(dtype, undefined));
    joined = agreed;
  }
  return ok(tensorType(dtype, replaceDim(joined, axis, [total])));
});

export const stack = joining('stack', (inputs, { dim }) => {
  const dtype = joinedType(inputs);
  const shapes = inputs.flatMap((input) => (input?.shape === undefined ? [] : [input.shape]));
  const [first] = shapes;
  if (first === undefined) return ok(tensorType(dtype, undefined));
  const axis = resolveAxis(dim, first.length + 1);
  if (axis === undefined) return mismatch(`cannot stack ${printShape(first)} along axis ${dim}`);
  let joined: Shape = first;
  for (const shape of shapes) {
    const agreed = agreedShape(joined, shape, undefined);
    if (typeof agreed === 'string') return mismatch(agreed, tensorType(dtype, undefined));
    joined = agreed;
  }
  return ok(tensorType(dtype, [...joined.slice(0, axis), inputs.length, ...joined.slice(axis)]));
});

export type SplitAttributes = {
  readonly dim: number;
  /** One size for all pieces but the last, or the list of sizes. */
  readonly sizes: Dim | readonly Dim[];
  /** Number of pieces, where a front end knows it and `sizes` is symbolic. */
  readonly count?: number | undefined;
};
export const split = splitting<SplitAttributes>('split', (size, { sizes, count }) => {
  if (typeof sizes === 'number' || !('length' in sizes)) return equalPieces(size, sizes, count);
  if (sizes.some((piece) => isBelow(piece, 0))) return `sizes [${sizes.map(printDim).join(', ')}] hold a negative one`;
  const total = sizes.reduce<Dim>(addDims, 0);
  if (!areDifferent(total, size)) return sizes;
  return `sizes [${sizes.map(printDim).join(', ')}] sum up to ${printDim(total)}, not ${printDim(size)}`;
});

export type ChunkAttributes = { readonly dim: number; readonly chunks: number };
/** `torch.chunk`: pieces of ceil(size / chunks), so there may be fewer than asked; a symbolic size gives all of them. */
export const chunk = splitting<ChunkAttributes>('chunk', (size, { chunks }) => {
  if (!Number.isInteger(chunks) || chunks < 1) return `${chunks} is no number of chunks`;
  if (chunks > MAX_PIECES) return undefined;
  if (size === 0) return Array<Dim>(chunks).fill(0);
  return equalPieces(size, ceilDivideDims(size, chunks), typeof size === 'number' ? undefined : chunks);
});

export type SplitEvenlyAttributes = { readonly dim: number; readonly count: number };
/** ONNX Split with num_outputs: pieces of ceil(size / count), the last ones smaller, always `count` of them. */
export const splitEvenly = splitting<SplitEvenlyAttributes>('splitEvenly', (size, { count }) => {
  if (!Number.isInteger(count) || count < 1) return `${count} is no number of pieces`;
  return equalPieces(size, ceilDivideDims(size, count), count);
});

export type TensorSplitAttributes = {
  readonly dim: number;
  readonly sections?: number | undefined;
  readonly indices?: readonly Dim[] | undefined;
};
/** `torch.tensor_split`: in sections, of which the first ones are one larger, or cut at indices. */
export const tensorSplit = splitting<TensorSplitAttributes>('tensorSplit', (size, { sections, indices }) => {
  if (indices !== undefined) {
    return [...indices, null].map((stop, i) => sliceLength(size, i === 0 ? null : (indices[i - 1] ?? null), stop, 1));
  }
  if (sections === undefined || sections < 1) return `${sections ?? 'nothing'} is no number of sections`;
  if (sections > MAX_PIECES) return undefined;
  return Array.from({ length: sections }, (_, i) => floorDivideDims(addDims(size, sections - 1 - i), sections));
});

export type UnbindAttributes = { readonly dim: number };
export const unbind: Operator<UnbindAttributes> = {
  name: 'unbind',
  family: 'join',
  isView: true,
  infer([x], { dim }) {
    const dtype = x?.dtype ?? 'unknown';
    if (x?.shape === undefined) return ok();
    const axis = x.shape.length === 0 ? undefined : resolveAxis(dim, x.shape.length);
    if (axis === undefined) return mismatch(noAxis(dim, x.shape));
    const size = x.shape[axis];
    if (typeof size !== 'number' || size > MAX_PIECES) return ok();
    const piece = tensorType(dtype, replaceDim(x.shape, axis, []));
    return ok(...Array<TensorType>(size).fill(piece));
  },
  work: noWork,
};

export const joinOperators: readonly Operator[] = [concat, stack, split, chunk, splitEvenly, tensorSplit, unbind];

/** More pieces than this are not told apart. */
const MAX_PIECES = 10_000;

/** Sizes of the pieces of a dim; undefined where their number is not known; else why it cannot be split. */
type SplitRule<A extends Attributes> = (size: Dim, attributes: A) => readonly Dim[] | string | undefined;

function splitting<A extends Attributes & { readonly dim: number }>(name: string, rule: SplitRule<A>): Operator<A> {
  return {
    name,
    family: 'join',
    isView: true,
    infer([x], attributes) {
      const dtype = x?.dtype ?? 'unknown';
      if (x?.shape === undefined) return unrankedPieces(dtype, rule(unknownDim('the rank is unknown'), attributes));
      const { shape } = x;
      const axis = shape.length === 0 ? undefined : resolveAxis(attributes.dim, shape.length);
      if (axis === undefined) return mismatch(noAxis(attributes.dim, shape));
      const sizes = rule(shape[axis] ?? 0, attributes);
      if (sizes === undefined) return ok();
      if (typeof sizes === 'string') {
        return mismatch(`cannot split axis ${attributes.dim} of ${printShape(shape)}: ${sizes}`);
      }
      return ok(...sizes.map((size) => tensorType(dtype, replaceDim(shape, axis, [size]))));
    },
    work: noWork,
  };
}

function unrankedPieces(dtype: TensorType['dtype'], sizes: ReturnType<SplitRule<Attributes>>): InferResult {
  if (typeof sizes === 'string') return mismatch(sizes);
  return ok(...(sizes ?? []).map(() => tensorType(dtype, undefined)));
}

function equalPieces(total: Dim, size: Dim, count: number | undefined): readonly Dim[] | string | undefined {
  if (typeof size === 'number' && size < 0) return `${size} is no size`;
  if (size === 0 && count === undefined) return total === 0 ? [0] : 'pieces of size 0 never reach the end';
  const pieces = count ?? (total === 0 ? 1 : ceilDivideDims(total, size));
  if (typeof pieces !== 'number' || pieces > MAX_PIECES) return undefined;
  return Array.from({ length: pieces }, (_, i) => pieceSize(total, size, i, pieces));
}

function pieceSize(total: Dim, size: Dim, index: number, count: number): Dim {
  const left = subtractDims(total, multiplyDims(size, index));
  if (typeof left === 'number' && typeof size === 'number') return minimumDim(size, Math.max(left, 0));
  return index === count - 1 ? left : size;
}

function joining(
  name: string,
  infer: (inputs: Inputs, attributes: ConcatAttributes) => InferResult,
): Operator<ConcatAttributes> {
  return {
    name,
    family: 'join',
    isView: false,
    infer: (inputs, attributes) =>
      inputs.length === 0 ? mismatch(`${name} expects at least one tensor, got none`) : infer(inputs, attributes),
    work: noWork,
  };
}

function joinedType(inputs: Inputs): TensorType['dtype'] {
  const types = inputs.filter((input) => input !== undefined);
  // All parts count alike here, scalars too.
  return types.length < inputs.length ? 'unknown' : resultType(types.map(({ dtype }) => tensorType(dtype, undefined)));
}

/** The shape that two parts share outside the joined axis; else why they do not fit. */
function agreedShape(left: Shape, right: Shape, joinedAxis: number | undefined): Shape | string {
  const texts = `${printShape(left)} and ${printShape(right)}`;
  const along = joinedAxis === undefined ? 'stack' : 'concatenate';
  if (left.length !== right.length)
    return `cannot ${along} ${texts}: they have ${left.length} and ${right.length} axes`;
  const wrong = left.findIndex((dim, axis) => axis !== joinedAxis && areDifferent(dim, right[axis] ?? 0));
  if (wrong >= 0) {
    const sizes = `${printDim(left[wrong] ?? 0)} against ${printDim(right[wrong] ?? 0)}`;
    const where = joinedAxis === undefined ? '' : ` along axis ${joinedAxis}`;
    return `cannot ${along} ${texts}${where}: ${sizes} in axis ${wrong}`;
  }
  return left.map((dim, axis) => (axis === joinedAxis ? dim : agreedDim(dim, right[axis] ?? dim)));
}
