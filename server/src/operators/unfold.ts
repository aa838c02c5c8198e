/**
 * Sliding windows: unfold of images (im2col), fold, and `x.unfold(dim, size, step)`.
 * unfold(1x3x8x8, kernel 3x3, padding 1) -> 1x27x64.
 */
import type { Dim } from '../graph/dim.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

/** Two numbers each, height first. */
export type UnfoldAttributes = {
  readonly kernelSize: readonly Dim[];
  readonly dilation: readonly Dim[];
  readonly padding: readonly Dim[];
  readonly stride: readonly Dim[];
};
/** `F.unfold`. */
export const unfold = pending<UnfoldAttributes>('unfold', 'shape');

export type FoldAttributes = UnfoldAttributes & { readonly outputSize: readonly Dim[] };
/** `F.fold`, ONNX Col2Im for images. */
export const fold = pending<FoldAttributes>('fold', 'shape');

export type UnfoldDimAttributes = { readonly dim: number; readonly size: Dim; readonly step: Dim };
/** `x.unfold(dim, size, step)`: windows as a new last dim. */
export const unfoldDim = pending<UnfoldDimAttributes>('unfoldDim', 'shape', true);

export const unfoldOperators: readonly Operator[] = [unfold, fold, unfoldDim];
