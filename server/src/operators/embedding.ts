/**
 * Lookups in a table of vectors. embedding of ids 8x128 in 30522x768 -> 8x128x768, reading only the rows it touches.
 */
import type { Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { mismatch, type NoAttributes, type Operator } from './operator.ts';

export type EmbeddingBagAttributes = {
  readonly mode?: 'sum' | 'mean' | 'max' | undefined;
  /** The last offset is the end of the last bag, and starts none. */
  readonly includeLastOffset?: boolean | undefined;
};

export type OneHotAttributes = {
  readonly numClasses: Dim;
  /** Where the new axis stands in the output; left out: last. */
  readonly axis?: number | undefined;
  readonly outputDtype?: DType | undefined;
};

const pending = {
  family: 'embedding',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
} as const;

/** Inputs: ids (any shape), weight (rows x width). torch.nn.functional.embedding. */
export const embedding: Operator<NoAttributes> = { name: 'embedding', ...pending };

/** Inputs: ids (bags x length, or one axis with offsets), weight, offsets?, perSampleWeights?. Output: bags x width. */
export const embeddingBag: Operator<EmbeddingBagAttributes> = { name: 'embeddingBag', ...pending };

/** Inputs: ids. torch.nn.functional.one_hot, ONNX OneHot-11. */
export const oneHot: Operator<OneHotAttributes> = { name: 'oneHot', ...pending };

export const embeddingOperators: readonly Operator[] = [embedding, embeddingBag, oneHot];
