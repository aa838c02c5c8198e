/**
 * Transposed convolution over one to three spatial axes (PyTorch ConvTransposeNd, ONNX ConvTranspose-11).
 * 1x64x7x7 with weight 64x32x2x2, stride 2 -> 1x32x14x14, 401,408 MACs.
 */
import type { Dim } from '../graph/dim.ts';
import { mismatch, type Operator } from './operator.ts';
import type { Padding } from './windows.ts';

/** Lists have one entry per spatial axis, or a single one for all axes. */
export type TransposedConvolutionAttributes = {
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: Padding | undefined;
  readonly outputPadding?: readonly Dim[] | undefined;
  readonly dilation?: readonly Dim[] | undefined;
  readonly groups?: Dim | undefined;
  /** Spatial sizes of the output where they are given outright (ONNX output_shape): padding follows from them. */
  readonly outputShape?: readonly Dim[] | undefined;
};

/**
 * Inputs: x (batch x inChannels x spatial..., or without batch), weight (inChannels x outChannels/groups x kernel...),
 * bias?.
 */
export const transposedConvolution: Operator<TransposedConvolutionAttributes> = {
  name: 'transposedConvolution',
  family: 'convolution',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
};

export const transposedConvolutionOperators: readonly Operator[] = [transposedConvolution];
