/**
 * Linear layers over weights in a packed or quantised form whose shape does not tell the layer's
 * (com.microsoft.MatMulNBits): the attributes do.
 */
import type { Dim } from '../graph/dim.ts';
import { mismatch, type Operator } from './operator.ts';

export type PackedLinearAttributes = { readonly inFeatures: Dim; readonly outFeatures: Dim };

/** Inputs: x (... x inFeatures), then whatever stores the weights (counted as bytes read). */
export const packedLinear: Operator<PackedLinearAttributes> = {
  name: 'packedLinear',
  family: 'matrix',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
};

export const packedLinearOperators: readonly Operator[] = [packedLinear];
