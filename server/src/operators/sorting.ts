/**
 * Order: topk, sort, argsort, unique and searches.
 * topk(8x1000, k 5) -> 8x5 float32, 8x5 int64.
 */
import type { Dim } from '../graph/dim.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

export type TopkAttributes = { readonly k: Dim; readonly dim: number };
/** Values and int64 indices. */
export const topk = pending<TopkAttributes>('topk', 'reduction');

/** Values, indices. */
export const sort = pending<{ readonly dim: number }>('sort', 'reduction');
export const argsort = pending<{ readonly dim: number }>('argsort', 'reduction');
/** Values and indices of the k-th smallest. */
export const kthValue = pending<{ readonly k: Dim; readonly dim: number; readonly keepDim?: boolean | undefined }>(
  'kthValue',
  'reduction',
);

export type UniqueAttributes = {
  readonly dim?: number | undefined;
  readonly outputs: readonly ('inverse' | 'counts' | 'firstIndices')[];
};
/** Values, then the asked outputs in their order; lengths depend on the data. */
export const unique = pending<UniqueAttributes>('unique', 'reduction');

/** `torch.searchsorted`, `bucketize`. Inputs: boundaries, values (undefined for a number). */
export const searchSorted = pending<{ readonly isInt32?: boolean | undefined }>('searchSorted', 'reduction');
/** The length depends on the data, unless the data's largest value is below `minLength`. */
export const bincount = pending<{ readonly minLength?: Dim | undefined }>('bincount', 'reduction');

export const sortingOperators: readonly Operator[] = [topk, sort, argsort, kthValue, unique, searchSorted, bincount];
