/**
 * Deformable convolution (torchvision.ops.deform_conv2d, ONNX DeformConv-19): each kernel element samples at a
 * learned offset, then multiplies as a convolution does.
 */
import type { Dim } from '../graph/dim.ts';
import { mismatch, type Operator } from './operator.ts';
import type { Padding } from './windows.ts';

export type DeformableConvolutionAttributes = {
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: Padding | undefined;
  readonly dilation?: readonly Dim[] | undefined;
  /** Left out: inChannels / weight's second axis, as torchvision does. */
  readonly groups?: Dim | undefined;
};

/** Inputs in ONNX's order: x, weight, offset, bias?, mask? (torchvision: input, offset, weight, bias, ..., mask). */
export const deformableConvolution: Operator<DeformableConvolutionAttributes> = {
  name: 'deformableConvolution',
  family: 'convolution',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
};

export const deformableConvolutionOperators: readonly Operator[] = [deformableConvolution];
