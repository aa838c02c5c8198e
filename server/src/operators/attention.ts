/**
 * Scaled dot-product attention: softmax(q kT * scale + mask) v, batch and head axes leading.
 * q, k, v 4x8x128x64 -> 4x8x128x64, 67,108,864 MACs.
 */
import { mismatch, type Operator } from './operator.ts';

export type ScaledDotProductAttentionAttributes = {
  readonly isCausal?: boolean | undefined;
  readonly scale?: number | null | undefined;
  /** Fewer key and value heads than query heads (torch 2.5 enable_gqa). */
  readonly enableGqa?: boolean | undefined;
};

/** Inputs: query (... x Sq x D), key (... x Sk x D), value (... x Sk x Dv), mask? (broadcast to ... x Sq x Sk). */
export const scaledDotProductAttention: Operator<ScaledDotProductAttentionAttributes> = {
  name: 'scaledDotProductAttention',
  family: 'attention',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
};

export const attentionOperators: readonly Operator[] = [scaledDotProductAttention];
