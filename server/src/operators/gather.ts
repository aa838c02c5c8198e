/**
 * Indexing by tensors of indices or masks: gather, take, scatter and their kin.
 * take(1000x64, index 8x128, dim 0) -> 8x128x64; gather(4x5, index 4x2, dim 1) -> 4x2.
 */
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

export type DimAttributes = { readonly dim: number };

/** `torch.gather`, ONNX GatherElements. Inputs: x, index. */
export const gather = pending<DimAttributes>('gather', 'indexing');
/** Absent dim: both are flattened. Inputs: x, index; they broadcast. */
export const takeAlongDim = pending<{ readonly dim?: number | undefined }>('takeAlongDim', 'indexing');
/** `torch.index_select`. Inputs: x, index (one row). */
export const indexSelect = pending<DimAttributes>('indexSelect', 'indexing');
/** ONNX Gather, `numpy.take`: the index's shape stands in place of the dim. Absent dim: `torch.take` of the flat input. */
export const take = pending<{ readonly dim?: number | undefined }>('take', 'indexing');
/** ONNX GatherND. Inputs: data, indices. */
export const gatherNd = pending<{ readonly batchDims: number }>('gatherNd', 'indexing');

export type ScatterAttributes = {
  readonly dim: number;
  readonly reduce?: 'add' | 'mul' | 'mean' | 'max' | 'min' | undefined;
};
/** `scatter`, `scatter_add`, `scatter_reduce`, ONNX ScatterElements. Inputs: x, index, source (undefined for a number). */
export const scatter = pending<ScatterAttributes>('scatter', 'indexing');
/** ONNX ScatterND. Inputs: data, indices, updates. */
export const scatterNd = pending<{ readonly reduce?: 'add' | 'mul' | 'max' | 'min' | undefined }>(
  'scatterNd',
  'indexing',
);
/** `index_add`, `index_copy`, `index_fill`. Inputs: x, index, source (undefined for a number). */
export const indexAdd = pending<DimAttributes>('indexAdd', 'indexing');
export const indexCopy = pending<DimAttributes>('indexCopy', 'indexing');
export const indexFill = pending<DimAttributes>('indexFill', 'indexing');

/** Inputs: x, mask (broadcast to x), value (undefined for a number). */
export const maskedFill = pending<{ readonly isInPlace?: boolean | undefined }>('maskedFill', 'indexing');
/** Inputs: x, mask, source. */
export const maskedScatter = pending('maskedScatter', 'indexing');
/** Inputs: x, mask. The length depends on the data. */
export const maskedSelect = pending('maskedSelect', 'indexing');
/** ONNX Compress. Inputs: x, condition. The length depends on the data. */
export const compress = pending<{ readonly dim?: number | undefined }>('compress', 'indexing');

/** One matrix of n rows: `torch.nonzero` has a row an element; ONNX NonZero (`isTransposed`) a row a dim; `asTuple`, `torch.where(mask)`: one row a dim, apart. */
export const nonzero = pending<{ readonly layout: 'rows' | 'columns' | 'tuple' }>('nonzero', 'indexing');

export const gatherOperators: readonly Operator[] = [
  gather,
  takeAlongDim,
  indexSelect,
  take,
  gatherNd,
  scatter,
  scatterNd,
  indexAdd,
  indexCopy,
  indexFill,
  maskedFill,
  maskedScatter,
  maskedSelect,
  compress,
  nonzero,
];
