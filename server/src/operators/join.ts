/**
 * Joins and splits: concat, stack, split, chunk, unbind, tensorSplit.
 * concat(2x3, 2x5; dim 1) -> 2x8; split(2x8, size 3, dim 1) -> 2x3, 2x3, 2x2.
 */
import type { Dim } from '../graph/dim.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

export type ConcatAttributes = { readonly dim: number };
export const concat = pending<ConcatAttributes>('concat', 'join');
export const stack = pending<ConcatAttributes>('stack', 'join');

export type SplitAttributes = {
  readonly dim: number;
  /** One size for all pieces but the last, or the list of sizes. */
  readonly sizes: Dim | readonly Dim[];
  /** Number of pieces, where a front end knows it and `sizes` is symbolic. */
  readonly count?: number | undefined;
};
export const split = pending<SplitAttributes>('split', 'join', true);

export type ChunkAttributes = { readonly dim: number; readonly chunks: number };
/** `torch.chunk`: pieces of ceil(size / chunks), so there may be fewer than asked. */
export const chunk = pending<ChunkAttributes>('chunk', 'join', true);

export type SplitEvenlyAttributes = { readonly dim: number; readonly count: number };
/** ONNX Split with num_outputs: pieces of ceil(size / count), the last one smaller, always `count` of them. */
export const splitEvenly = pending<SplitEvenlyAttributes>('splitEvenly', 'join', true);

export type TensorSplitAttributes = {
  readonly dim: number;
  readonly sections?: number | undefined;
  readonly indices?: readonly Dim[] | undefined;
};
/** `torch.tensor_split`: the first pieces are one larger. */
export const tensorSplit = pending<TensorSplitAttributes>('tensorSplit', 'join', true);

export type UnbindAttributes = { readonly dim: number };
export const unbind = pending<UnbindAttributes>('unbind', 'join', true);

export const joinOperators: readonly Operator[] = [concat, stack, split, chunk, splitEvenly, tensorSplit, unbind];
