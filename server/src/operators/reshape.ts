/**
 * Views that regroup dims: reshape, flatten, unflatten, squeeze, unsqueeze.
 * reshape(Nx64x7x7, [N, -1]) -> Nx3136.
 */
import type { Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

export type ReshapeAttributes = {
  /** One -1 at the most, which is solved for. */
  readonly shape: readonly Dim[];
  /** ONNX Reshape with allowzero=0: a 0 copies the input's dim at that place. */
  readonly zeroCopies?: boolean | undefined;
};
/** `reshape`, `view`, `view_as`, ONNX Reshape. */
export const reshape = pending<ReshapeAttributes>('reshape', 'shape', true);

export type FlattenAttributes = { readonly startDim: number; readonly endDim: number };
/** `torch.flatten`. */
export const flatten = pending<FlattenAttributes>('flatten', 'shape', true);

export type FlattenToMatrixAttributes = { readonly axis: number };
/** ONNX Flatten: dims before the axis, and dims from it on. */
export const flattenToMatrix = pending<FlattenToMatrixAttributes>('flattenToMatrix', 'shape', true);

export type UnflattenAttributes = { readonly dim: number; readonly sizes: readonly Dim[] };
export const unflatten = pending<UnflattenAttributes>('unflatten', 'shape', true);

export type SqueezeAttributes = {
  /** Absent: all dims of size 1. */
  readonly dims?: readonly number[] | undefined;
  /** ONNX: a named dim that is not 1 is an error; in PyTorch it stays. */
  readonly isStrict?: boolean | undefined;
};
export const squeeze = pending<SqueezeAttributes>('squeeze', 'shape', true);

/** Places of the new dims in the result. */
export type UnsqueezeAttributes = { readonly dims: readonly number[] };
export const unsqueeze = pending<UnsqueezeAttributes>('unsqueeze', 'shape', true);

export type ViewAsTypeAttributes = { readonly dtype: DType };
/** `x.view(dtype)`: the same bytes, so the last dim grows or shrinks with the width. ONNX BitCast. */
export const viewAsType = pending<ViewAsTypeAttributes>('viewAsType', 'shape', true);

/** complex64 AxB -> float32 AxBx2, and back. */
export const viewAsReal = pending('viewAsReal', 'shape', true);
export const viewAsComplex = pending('viewAsComplex', 'shape', true);

export const reshapeOperators: readonly Operator[] = [
  reshape,
  flatten,
  flattenToMatrix,
  unflatten,
  squeeze,
  unsqueeze,
  viewAsType,
  viewAsReal,
  viewAsComplex,
];
