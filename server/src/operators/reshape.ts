/**
 * Views that regroup dims: reshape, flatten, unflatten, squeeze, unsqueeze.
 * reshape(Nx64x7x7, [N, -1]) -> Nx3136.
 */
import { compareDims, floorDivideDims, multiplyDims, printDim, unknownReason, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, type Shape } from '../graph/tensorType.ts';
import { areDifferent, productOfDims } from './agreement.ts';
import type { ShapeResult } from './broadcast.ts';
import { dataMovement, misfit, noAxis, replaceDim, resolveAxes, resolveAxis, shaped } from './dataMovement.ts';
import type { Operator } from './operator.ts';
import { viewAsComplex, viewAsReal, viewAsType } from './viewAsType.ts';

export type ReshapeAttributes = {
  /** One -1 at the most, which is solved for. */
  readonly shape: readonly Dim[];
  /** ONNX Reshape with allowzero=0: a 0 copies the input's dim at that place. */
  readonly zeroCopies?: boolean | undefined;
};
/** `reshape`, `view`, `view_as`, ONNX Reshape. */
export const reshape = dataMovement<ReshapeAttributes>('reshape', 'shape', reshapeRule, {
  isView: true,
  whenUnranked: ({ shape, zeroCopies }) =>
    shape.includes(-1) || (zeroCopies === true && shape.includes(0)) ? undefined : shape,
});

export type FlattenAttributes = { readonly startDim: number; readonly endDim: number };
/** `torch.flatten`. */
export const flatten = dataMovement<FlattenAttributes>('flatten', 'shape', flattenRule, { isView: true });

export type FlattenToMatrixAttributes = { readonly axis: number };
/** ONNX Flatten: dims before the axis, and dims from it on. */
export const flattenToMatrix = dataMovement<FlattenToMatrixAttributes>(
  'flattenToMatrix',
  'shape',
  (shape, { axis }) => {
    const at = axis < 0 ? axis + shape.length : axis;
    if (at < 0 || at > shape.length) return misfit(noAxis(axis, shape));
    return shaped([productOfDims(shape.slice(0, at)), productOfDims(shape.slice(at))]);
  },
  { isView: true },
);

export type UnflattenAttributes = { readonly dim: number; readonly sizes: readonly Dim[] };
export const unflatten = dataMovement<UnflattenAttributes>(
  'unflatten',
  'shape',
  (shape, { dim, sizes }) => {
    const axis = resolveAxis(dim, shape.length);
    if (axis === undefined) return misfit(noAxis(dim, shape));
    const solved = solveShape(shape[axis] ?? 1, sizes);
    if (typeof solved !== 'string') return shaped(replaceDim(shape, axis, solved));
    return misfit(`cannot unflatten axis ${dim} of ${printShape(shape)} into ${printRequest(sizes)}: ${solved}`);
  },
  { isView: true },
);

export type SqueezeAttributes = {
  /** Absent: all dims of size 1. */
  readonly dims?: readonly number[] | undefined;
  /** ONNX: a named dim that is not 1 is an error; in PyTorch it stays. */
  readonly isStrict?: boolean | undefined;
};
/** A symbolic dim is taken not to be 1 (as torch.export takes it), unless it is named in strict mode. */
export const squeeze = dataMovement<SqueezeAttributes>('squeeze', 'shape', squeezeRule, { isView: true });

/** Places of the new dims in the result. */
export type UnsqueezeAttributes = { readonly dims: readonly number[] };
export const unsqueeze = dataMovement<UnsqueezeAttributes>(
  'unsqueeze',
  'shape',
  (shape, { dims }) => {
    const rank = shape.length + dims.length;
    const places = new Set(dims.map((dim) => (dim < 0 ? dim + rank : dim)));
    if ([...places].some((place) => place < 0 || place >= rank) || places.size !== dims.length) {
      return misfit(`cannot insert axes at [${dims.join(', ')}] into ${printShape(shape)}`);
    }
    const rest = shape.values();
    return shaped(Array.from({ length: rank }, (_, at) => (places.has(at) ? 1 : (rest.next().value ?? 1))));
  },
  { isView: true },
);

export const reshapeOperators: readonly Operator[] = [
  reshape,
  flatten,
  flattenToMatrix,
  unflatten,
  squeeze,
  unsqueeze,
  viewAsType,
  viewAsReal,
  viewAsComplex,
];

function reshapeRule(shape: Shape, { shape: request, zeroCopies }: ReshapeAttributes): ShapeResult {
  const asked = zeroCopies === true ? request.map((dim, i) => (dim === 0 ? (shape[i] ?? 0) : dim)) : request;
  const solved = solveShape(elementCount(shape), asked);
  if (typeof solved !== 'string') return shaped(solved);
  return misfit(`cannot reshape ${printShape(shape)} into ${printRequest(asked)}: ${solved}`);
}

/** The asked sizes with -1 replaced by what is left of the elements; else why that cannot be. */
function solveShape(elements: Dim, asked: readonly Dim[]): Shape | string {
  const negative = asked.find((dim) => typeof dim === 'number' && dim < -1);
  if (negative !== undefined) return `${printDim(negative)} is no size`;
  const open = asked.flatMap((dim, i) => (dim === -1 ? [i] : []));
  const [at] = open;
  if (open.length > 1) return 'only one size can be -1';
  const known = productOfDims(asked.filter((dim) => dim !== -1));
  if (at === undefined) {
    const differ = areDifferent(elements, known);
    return differ ? `${printDim(elements)} elements are not ${printDim(known)}` : asked;
  }
  if (known === 0) return 'the -1 could be any size';
  const size = floorDivideDims(elements, known);
  if (areDifferent(multiplyDims(size, known), elements)) {
    return `${printDim(elements)} elements are not a multiple of ${printDim(known)}`;
  }
  return replaceDim(asked, at, [size]);
}

/** "2x-1", with a comma where a negative size would be hard to read. */
function printRequest(shape: readonly Dim[]): string {
  return `[${shape.map(printDim).join(', ')}]`;
}

function flattenRule(shape: Shape, { startDim, endDim }: FlattenAttributes): ShapeResult {
  const start = resolveAxis(startDim, shape.length);
  const end = resolveAxis(endDim, shape.length);
  if (start === undefined) return misfit(noAxis(startDim, shape));
  if (end === undefined) return misfit(noAxis(endDim, shape));
  if (start > end)
    return misfit(`cannot flatten ${printShape(shape)} from axis ${startDim} to ${endDim}, which is before`);
  return shaped([...shape.slice(0, start), productOfDims(shape.slice(start, end + 1)), ...shape.slice(end + 1)]);
}

function squeezeRule(shape: Shape, { dims, isStrict }: SqueezeAttributes): ShapeResult {
  const axes = dims === undefined ? shape.map((_, axis) => axis) : resolveAxes(dims, shape);
  if (typeof axes === 'string') return misfit(axes);
  const isNamedStrictly = isStrict === true && dims !== undefined;
  const wrong = axes.find((axis) => areDifferent(shape[axis] ?? 1, 1));
  if (isNamedStrictly && wrong !== undefined) {
    return misfit(`cannot squeeze axis ${wrong} of ${printShape(shape)}: its size is not 1`);
  }
  // Whether an unknown dim goes decides the rank.
  if (!isNamedStrictly && axes.some((axis) => mayBeOne(shape[axis] ?? 1))) return shaped(undefined);
  const isRemoved = (dim: Dim): boolean => isNamedStrictly || compareDims(dim, 1) === 'equal';
  const named = new Set(axes);
  return shaped(shape.filter((dim, axis) => !(named.has(axis) && isRemoved(dim))));
}

function mayBeOne(dim: Dim): boolean {
  return unknownReason(dim) !== undefined;
}
