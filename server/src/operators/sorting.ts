/**
 * Order: topk, sort, argsort, unique and searches.
 * topk(8x1000, k 5) -> 8x5 float32, 8x5 int64.
 * Sorting counts n * ceil(log2 n) comparisons a row, selecting the k largest one an element.
 */
import { multiplyDims, printDim, subtractDims, unknownDim, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { noAxis, noWork, replaceDim, resolveAxis } from './dataMovement.ts';
import { mismatch, ok, type InferResult, type Operator, type OperatorWork } from './operator.ts';
import { inferWithIndices } from './reduction.ts';
import { isBelow } from './windows.ts';

export type TopkAttributes = { readonly k: Dim; readonly dim: number };
/** Values and int64 indices. */
export const topk: Operator<TopkAttributes> = {
  name: 'topk',
  family: 'reduction',
  isView: false,
  infer([x], { k, dim }) {
    const output = tensorType(x?.dtype ?? 'unknown', undefined);
    if (x?.shape === undefined) return ok(output, tensorType('int64', undefined));
    const axis = resolveAxis(dim, x.shape.length);
    if (axis === undefined) return mismatch(noAxis(dim, x.shape), output, tensorType('int64', undefined));
    const shape = x.shape.length === 0 ? [] : replaceDim(x.shape, axis, [k]);
    const outputs = [tensorType(x.dtype, shape), tensorType('int64', shape)];
    if (!isBelow(k, 0) && !isBelow(subtractDims(x.shape[axis] ?? 1, k), 0)) return ok(...outputs);
    return mismatch(`cannot pick ${printDim(k)} of axis ${dim} of ${printShape(x.shape)}`, ...outputs);
  },
  work: ([x]) => ({ macs: 0, elementwiseOps: elementCount(x?.shape) }),
};

export type SortAttributes = { readonly dim: number };
/** Values, indices. */
export const sort: Operator<SortAttributes> = {
  name: 'sort',
  family: 'reduction',
  isView: false,
  infer: ([x], { dim }) => inferSorted(x, dim, [x?.dtype ?? 'unknown', 'int64']),
  work: ([x], _, { dim }) => sortingWork(x?.shape, dim),
};
export const argsort: Operator<SortAttributes> = {
  name: 'argsort',
  family: 'reduction',
  isView: false,
  infer: ([x], { dim }) => inferSorted(x, dim, ['int64']),
  work: ([x], _, { dim }) => sortingWork(x?.shape, dim),
};

export type KthValueAttributes = { readonly k: Dim; readonly dim: number; readonly keepDim?: boolean | undefined };
/** Values and indices of the k-th smallest. */
export const kthValue: Operator<KthValueAttributes> = {
  name: 'kthValue',
  family: 'reduction',
  isView: false,
  infer([x], { k, dim, keepDim }) {
    const result = inferWithIndices('kthValue', x, dim, keepDim);
    const axis = x?.shape === undefined ? undefined : resolveAxis(dim, x.shape.length);
    if (result.kind === 'mismatch' || x?.shape === undefined || axis === undefined) return result;
    const isThere = !isBelow(k, 1) && !isBelow(subtractDims(x.shape[axis] ?? 1, k), 0);
    if (isThere) return result;
    return mismatch(`there is no value ${printDim(k)} in axis ${dim} of ${printShape(x.shape)}`, ...result.outputs);
  },
  work: ([x]) => ({ macs: 0, elementwiseOps: elementCount(x?.shape) }),
};

export type UniqueAttributes = {
  readonly dim?: number | undefined;
  readonly outputs: readonly ('inverse' | 'counts' | 'firstIndices')[];
};
/** Values, then the asked outputs in their order; lengths depend on the data. ONNX Unique-11. */
export const unique: Operator<UniqueAttributes> = {
  name: 'unique',
  family: 'reduction',
  isView: false,
  infer([x], { dim, outputs }) {
    const count = unknownDim('the number of different values depends on the data');
    const dtype = x?.dtype ?? 'unknown';
    // PyTorch gives the inverse of the flattened input in the input's shape.
    if (dim === undefined) return ok(tensorType(dtype, [count]), ...uniqueOthers(outputs, count, x?.shape));
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined), ...uniqueOthers(outputs, count, undefined));
    const axis = x.shape.length === 0 ? undefined : resolveAxis(dim, x.shape.length);
    if (axis === undefined) return mismatch(noAxis(dim, x.shape));
    const values = tensorType(dtype, replaceDim(x.shape, axis, [count]));
    return ok(values, ...uniqueOthers(outputs, count, x.shape.slice(axis, axis + 1)));
  },
  work: ([x]) => sortingWork(x?.shape && [elementCount(x.shape)], 0),
};

export type SearchSortedAttributes = { readonly isInt32?: boolean | undefined };
/** `torch.searchsorted`, `bucketize`. Inputs: boundaries, values (undefined for a number). */
export const searchSorted: Operator<SearchSortedAttributes> = {
  name: 'searchSorted',
  family: 'reduction',
  isView: false,
  infer: ([, values], { isInt32 }) =>
    ok(tensorType(isInt32 === true ? 'int32' : 'int64', values === undefined ? [] : values.shape)),
  work([boundaries], [output]) {
    const steps = stepsToFind(boundaries?.shape?.at(-1));
    return { macs: 0, elementwiseOps: multiplyDims(elementCount(output?.shape), steps) };
  },
};

export type BincountAttributes = { readonly minLength?: Dim | undefined };
/** Counts of each integer up to the largest: the length depends on the data. */
export const bincount: Operator<BincountAttributes> = {
  name: 'bincount',
  family: 'reduction',
  isView: false,
  infer: () => ok(tensorType('int64', [unknownDim('the largest value depends on the data')])),
  work: ([x]) => ({ macs: 0, elementwiseOps: elementCount(x?.shape) }),
};

export const sortingOperators: readonly Operator[] = [topk, sort, argsort, kthValue, unique, searchSorted, bincount];

function uniqueOthers(outputs: UniqueAttributes['outputs'], count: Dim, inverse: Shape | undefined): TensorType[] {
  return outputs.map((name) => tensorType('int64', name === 'inverse' ? inverse : [count]));
}

function inferSorted(x: TensorType | undefined, dim: number, types: readonly TensorType['dtype'][]): InferResult {
  const outputs = types.map((dtype) => tensorType(dtype, x?.shape));
  const isMissing = x?.shape !== undefined && resolveAxis(dim, x.shape.length) === undefined;
  return isMissing ? mismatch(noAxis(dim, x.shape), ...outputs) : ok(...outputs);
}

function sortingWork(shape: Shape | undefined, dim: number): OperatorWork {
  if (shape?.length === 0) return noWork();
  return { macs: 0, elementwiseOps: multiplyDims(elementCount(shape), stepsToFind(shape?.at(dim))) };
}

/** Comparisons of a binary search. */
function stepsToFind(size: Dim | undefined): Dim {
  if (typeof size === 'number') return size < 2 ? size : Math.ceil(Math.log2(size));
  return unknownDim(`the logarithm of ${size === undefined ? 'an unknown size' : printDim(size)} is not known`);
}
