/**
 * Padding at the ends of dims, and cropping where a pad is negative.
 * pad(1x3x224x224, before [3, 3], after [3, 3]) -> 1x3x230x230.
 */
import type { Dim } from '../graph/dim.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

export type PadAttributes = {
  /** For the last dims, in the order of the dims: `F.pad(x, (left, right, top, bottom))` has before [top, left]. */
  readonly before: readonly Dim[];
  readonly after: readonly Dim[];
  readonly mode: 'constant' | 'reflect' | 'replicate' | 'circular';
};
/** `F.pad`, the padding layers, ONNX Pad ('edge' is replicate, 'wrap' circular). */
export const pad = pending<PadAttributes>('pad', 'padding');

export type CenterCropPadAttributes = { readonly shape: readonly Dim[]; readonly axes?: readonly number[] | undefined };
/** ONNX CenterCropPad. */
export const centerCropPad = pending<CenterCropPadAttributes>('centerCropPad', 'padding');

export const paddingOperators: readonly Operator[] = [pad, centerCropPad];
