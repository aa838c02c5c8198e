/**
 * Attention as one ONNX node: ONNX Attention-23, com.microsoft MultiHeadAttention, GroupQueryAttention and Attention.
 * torch.nn.MultiheadAttention is not one node: its front end applies `linear` and `scaledDotProductAttention`.
 */
import type { Dim } from '../graph/dim.ts';
import { mismatch, type Operator } from './operator.ts';

export type MultiHeadAttentionAttributes = {
  readonly qNumHeads?: Dim | undefined;
  /** Left out: as many as query heads. */
  readonly kvNumHeads?: Dim | undefined;
  readonly isCausal?: boolean | undefined;
  /** How many outputs the node names: 1 output, 3 with present key and value, 4 with the scores (ONNX 23). */
  readonly outputCount?: number | undefined;
  /** Keys in the cache after this call, where the caller knows better than past + new. */
  readonly totalSequence?: Dim | undefined;
};

export type ProjectedAttentionAttributes = {
  readonly numHeads: Dim;
  /** Widths of the three projections; left out, a third of the weight's columns each. */
  readonly qkvHiddenSizes?: readonly Dim[] | undefined;
  readonly isCausal?: boolean | undefined;
  /** 1 output, or 2 with the present state. */
  readonly outputCount?: number | undefined;
};

const pending = {
  family: 'attention',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
} as const;

/**
 * Inputs: query, key?, value?, mask?, pastKey?, pastValue?. Query is B x S x heads*D, or B x heads x S x D;
 * packed forms: query B x S x N x 3 x D alone, query with key B x L x N x 2 x D, query B x S x (Nq + 2 Nkv)*D alone.
 */
export const multiHeadAttention: Operator<MultiHeadAttentionAttributes> = { name: 'multiHeadAttention', ...pending };

/** Inputs: x (B x S x in), weight (in x (q + k + v)), bias?, mask?, past? (2 x B x N x P x D). com.microsoft.Attention. */
export const projectedAttention: Operator<ProjectedAttentionAttributes> = { name: 'projectedAttention', ...pending };

export const multiHeadAttentionOperators: readonly Operator[] = [multiHeadAttention, projectedAttention];
