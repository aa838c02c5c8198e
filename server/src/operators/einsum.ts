/**
 * Einstein summation: "bij,bjk->bik" with 8x4x5 and 8x5x6 -> 8x4x6, 960 MACs.
 */
import { mismatch, type Operator } from './operator.ts';

export type EinsumAttributes = {
  /** As torch.einsum and ONNX Einsum-12 take it: letters, "..." and optionally "->" with the output. */
  readonly equation: string;
};

/** Inputs: the operands, in order. */
export const einsum: Operator<EinsumAttributes> = {
  name: 'einsum',
  family: 'matrix',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
};

export const einsumOperators: readonly Operator[] = [einsum];
