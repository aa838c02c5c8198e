/**
 * Convolution over one to three spatial axes, grouped and depth-wise ones included.
 * 1x3x224x224 with weight 64x3x7x7, stride 2, padding 3 -> 1x64x112x112, 118,013,952 MACs.
 */
import type { DType } from '../graph/dtype.ts';
import type { Dim } from '../graph/dim.ts';
import { mismatch, type Operator } from './operator.ts';
import type { Padding } from './windows.ts';

/** Lists have one entry per spatial axis, or a single one for all axes; what is left out is 1 (padding: none). */
export type ConvolutionAttributes = {
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: Padding | undefined;
  readonly dilation?: readonly Dim[] | undefined;
  readonly groups?: Dim | undefined;
  /** Where it is not the input's: ONNX ConvInteger and QLinearConv. */
  readonly outputDtype?: DType | undefined;
};

/**
 * Inputs: x (batch x inChannels x spatial..., or without batch as PyTorch permits),
 * weight (outChannels x inChannels/groups x kernel...), bias?.
 */
export const convolution: Operator<ConvolutionAttributes> = {
  name: 'convolution',
  family: 'convolution',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
};

export const convolutionOperators: readonly Operator[] = [convolution];
