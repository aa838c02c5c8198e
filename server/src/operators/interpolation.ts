/**
 * Resampling of images: interpolate, grid sample, affine grid; regions of interest and non-maximum suppression.
 * interpolate(1x3x7x7, scale factor 2) -> 1x3x14x14.
 */
import type { Dim } from '../graph/dim.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

export type InterpolateAttributes = {
  /** For the last dims, one of the two: sizes, or factors (floor of size times factor). */
  readonly sizes?: readonly Dim[] | undefined;
  readonly scaleFactors?: readonly number[] | undefined;
  readonly mode: 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear' | 'area';
  readonly alignCorners?: boolean | undefined;
  readonly antialias?: boolean | undefined;
  /** ONNX Resize's keep_aspect_ratio_policy. */
  readonly aspectRatio?: 'notLarger' | 'notSmaller' | undefined;
};
/** `F.interpolate`, `nn.Upsample`, ONNX Resize and Upsample. */
export const interpolate = pending<InterpolateAttributes>('interpolate', 'interpolation');

export type GridSampleAttributes = { readonly mode: 'bilinear' | 'nearest' | 'bicubic' };
/** Inputs: x (N C H W), grid (N H' W' 2), or with one more spatial dim. */
export const gridSample = pending<GridSampleAttributes>('gridSample', 'interpolation');

export type AffineGridAttributes = { readonly shape: readonly Dim[] };
/** Input: theta. `shape` is that of the image: N C H W or N C D H W. */
export const affineGrid = pending<AffineGridAttributes>('affineGrid', 'interpolation');

export type RoiAttributes = { readonly outputSize: readonly [Dim, Dim]; readonly samplingRatio?: number | undefined };
/** Inputs: x (N C H W), boxes (K x 5, or K x 4 with ONNX's batch indices as a third input). Output K C H W. */
export const roiAlign = pending<RoiAttributes>('roiAlign', 'interpolation');
export const roiPool = pending<RoiAttributes>('roiPool', 'interpolation');

/** Inputs: boxes, scores. torchvision's: one row of int64 indices; ONNX's (`isBatched`): rows of batch, class, box. */
export const nonMaximumSuppression = pending<{ readonly isBatched?: boolean | undefined }>(
  'nonMaximumSuppression',
  'interpolation',
);

export const interpolationOperators: readonly Operator[] = [
  interpolate,
  gridSample,
  affineGrid,
  roiAlign,
  roiPool,
  nonMaximumSuppression,
];
