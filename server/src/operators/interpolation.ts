/**
 * Resampling of images: interpolate, grid sample, affine grid, regions of interest and their suppression.
 * interpolate(1x3x7x7, scale factor 2) -> 1x3x14x14.
 * A weighted sum of n neighbours counts 2n - 1 operations an output element; nearest counts none.
 */
import { addDims, floorDivideDims, multiplyDims, printDim, unknownDim, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { areDifferent, dimAt } from './agreement.ts';
import type { ShapeResult } from './broadcast.ts';
import { dataMovement, misfit, shaped, type Inputs } from './dataMovement.ts';
import { mismatch, ok, type Operator, type OperatorWork } from './operator.ts';
import { isBelow } from './windows.ts';

export type InterpolateAttributes = {
  /** For the last dims, one of the two: sizes, or factors (floor of size times factor). */
  readonly sizes?: readonly Dim[] | undefined;
  readonly scaleFactors?: readonly number[] | undefined;
  /** 'linear' is along one axis in PyTorch, along all that change in ONNX. */
  readonly mode: 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear' | 'area';
  readonly alignCorners?: boolean | undefined;
  /** More neighbours where the image shrinks: they are not counted. */
  readonly antialias?: boolean | undefined;
  /** ONNX multiplies in float32, PyTorch in float64. */
  readonly isFloat32?: boolean | undefined;
  /** ONNX Resize's keep_aspect_ratio_policy, with sizes. */
  readonly aspectRatio?: 'notLarger' | 'notSmaller' | undefined;
};
/** `F.interpolate`, `nn.Upsample`, ONNX Resize-19 and Upsample. */
export const interpolate = dataMovement<InterpolateAttributes>('interpolate', 'interpolation', interpolateRule, {
  work: interpolateWork,
});

export type GridSampleAttributes = { readonly mode: 'bilinear' | 'nearest' | 'bicubic' };
/** Inputs: x (N C H W), grid (N H' W' 2); or with one more spatial dim (N C D H W, N D' H' W' 3). Output N C H' W'. */
export const gridSample = dataMovement<GridSampleAttributes>('gridSample', 'interpolation', gridSampleRule, {
  work([, grid], outputs, { mode }) {
    const axes = (grid?.shape?.length ?? 4) - 2;
    return perOutput(outputs, mode === 'nearest' ? 0 : weightedSum(mode === 'bicubic' ? 4 : 2, axes));
  },
});

export type AffineGridAttributes = { readonly shape: readonly Dim[] };
/**
 * Input: theta (N 2 3, or N 3 4). `shape` is that of the image, N C H W or N C D H W; the output N H W 2 or N D H W 3.
 * FlopCounterMode counts no products here, so neither do we: each coordinate is a weighted sum.
 */
export const affineGrid: Operator<AffineGridAttributes> = {
  name: 'affineGrid',
  family: 'interpolation',
  isView: false,
  infer([theta], { shape }) {
    const dtype = theta?.dtype ?? 'unknown';
    const axes = shape.length - 2;
    if (axes !== 2 && axes !== 3) return mismatch(`expected an image of 4 or 5 axes, got ${printShape(shape)}`);
    if (shape.some((size) => isBelow(size, 1)))
      return mismatch(`expected a size that is positive, got ${printShape(shape)}`);
    const output = tensorType(dtype, [dimAt(shape, 0), ...shape.slice(2), axes]);
    const given = theta?.shape;
    const expected = [dimAt(shape, 0), axes, axes + 1];
    if (given === undefined) return ok(output);
    if (given.length === 3 && !given.some((dim, i) => areDifferent(dim, expected[i] ?? 0))) return ok(output);
    return mismatch(
      `expected theta of ${printShape(expected)} for ${printShape(shape)}, got ${printShape(given)}`,
      output,
    );
  },
  work: (_, outputs, { shape }) => perOutput(outputs, 2 * (shape.length - 2)),
};

export type RoiAttributes = {
  readonly outputSize: readonly [Dim, Dim];
  /** Samples a side of each cell; 0 or less: as many as the box is large. */
  readonly samplingRatio?: number | undefined;
};
/** Inputs: x (N C H W), boxes (K x 5, or K x 4 with ONNX's batch indices as a third input). Output K C H W. */
export const roiAlign = dataMovement<RoiAttributes>('roiAlign', 'interpolation', roiRule, {
  work(_, outputs, { samplingRatio }) {
    const samples = samplingRatio !== undefined && samplingRatio > 0 ? samplingRatio ** 2 : unknownSamples();
    // Each sample is a weighted sum of four neighbours, added to the others; one division.
    return { macs: 0, elementwiseOps: multiplyDims(elementCount(outputs[0]?.shape), multiplyDims(samples, 8)) };
  },
});
/** torchvision's maximum over each cell. ONNX MaxRoiPool. */
export const roiPool = dataMovement<RoiAttributes>('roiPool', 'interpolation', roiRule, {
  work: () => ({ macs: 0, elementwiseOps: unknownSamples() }),
});

export type NonMaximumSuppressionAttributes = { readonly isBatched?: boolean | undefined };
/** Inputs: boxes, scores. torchvision's: one row of int64 indices; ONNX's (`isBatched`): rows of batch, class, box. */
export const nonMaximumSuppression: Operator<NonMaximumSuppressionAttributes> = {
  name: 'nonMaximumSuppression',
  family: 'interpolation',
  isView: false,
  infer(_, { isBatched }) {
    const count = unknownDim('the number of boxes kept depends on the data');
    return ok(tensorType('int64', isBatched === true ? [count, 3] : [count]));
  },
  work: () => ({ macs: 0, elementwiseOps: unknownDim('the number of overlapping boxes depends on the data') }),
};

export const interpolationOperators: readonly Operator[] = [
  interpolate,
  gridSample,
  affineGrid,
  roiAlign,
  roiPool,
  nonMaximumSuppression,
];

function interpolateRule(shape: Shape, attributes: InterpolateAttributes): ShapeResult {
  const { sizes, scaleFactors, aspectRatio } = attributes;
  const count = (sizes ?? scaleFactors ?? []).length;
  const kept = shape.length - count;
  if (kept < 0) return misfit(`sizes for ${count} axes, but ${printShape(shape)} has ${shape.length}`);
  const image = shape.slice(kept);
  if (attributes.mode !== 'area' && kept > 1 && shape.slice(1).includes(0)) {
    return misfit(`there is nothing to resize in ${printShape(shape)}`);
  }
  const target =
    scaleFactors !== undefined
      ? image.map((size, i) => scaledSize(size, scaleFactors[i] ?? 1, attributes.isFloat32 === true))
      : aspectRatio === undefined
        ? (sizes ?? [])
        : sizesInRatio(image, sizes ?? [], aspectRatio);
  // Adaptive pooling, which over volumes needs channels too.
  const pooled = count === 3 ? shape.slice(1) : image;
  if (attributes.mode === 'area' && pooled.includes(0) && !target.every((size) => size === 1)) {
    return misfit(`there is nothing to resize in ${printShape(shape)}`);
  }
  const empty = target.find((size) => isBelow(size, 1));
  if (empty !== undefined && attributes.mode !== 'area' && !image.some((size) => size === 0)) {
    return misfit(`cannot resize ${printShape(shape)} to ${printShape(target)}`);
  }
  return shaped([...shape.slice(0, kept), ...target]);
}

/** floor(size * factor), in the arithmetic of the framework. */
function scaledSize(size: Dim, factor: number, isFloat32: boolean): Dim {
  if (typeof size === 'number') {
    return Math.floor(isFloat32 ? Math.fround(Math.fround(size) * Math.fround(factor)) : size * factor);
  }
  // Exact for fractions of powers of two, which is what networks scale by.
  for (let denominator = 1; denominator <= 1024; denominator *= 2) {
    const numerator = factor * denominator;
    if (Number.isInteger(numerator)) return floorDivideDims(multiplyDims(size, numerator), denominator);
  }
  return unknownDim(`floor(${printDim(size)} * ${factor}) is not known`);
}

/** The largest size within the asked one (or the smallest around it) that keeps the ratio of the sides. */
function sizesInRatio(image: Shape, sizes: readonly Dim[], policy: 'notLarger' | 'notSmaller'): Shape {
  const ratios = image.map((size, i) => {
    const goal = sizes[i];
    return typeof size === 'number' && typeof goal === 'number' ? Math.fround(goal / size) : Number.NaN;
  });
  const pick = policy === 'notLarger' ? Math.min : Math.max;
  const ratio = ratios.reduce((best, next) => pick(best, next), policy === 'notLarger' ? Infinity : 0);
  if (!Number.isFinite(ratio)) return image.map(() => unknownDim('the ratio of the sides is not known'));
  return image.map((size) => Math.round(Math.fround(ratio * Number(size))));
}

function interpolateWork(
  [x]: Inputs,
  outputs: readonly TensorType[],
  { mode, sizes, scaleFactors }: InterpolateAttributes,
): OperatorWork {
  switch (mode) {
    case 'nearest':
    case 'nearest-exact':
      return perOutput(outputs, 0);
    case 'linear':
      return perOutput(outputs, weightedSum(2, changedAxes(x?.shape, outputs[0]?.shape, sizes ?? scaleFactors ?? [])));
    case 'bilinear':
      return perOutput(outputs, weightedSum(2, 2));
    case 'trilinear':
      return perOutput(outputs, weightedSum(2, 3));
    case 'bicubic':
      return perOutput(outputs, weightedSum(4, 2));
    case 'area':
      // Means of blocks: a sum over the input, one division an output.
      return { macs: 0, elementwiseOps: addDims(elementCount(x?.shape), elementCount(outputs[0]?.shape)) };
  }
}

function changedAxes(input: Shape | undefined, output: Shape | undefined, asked: readonly unknown[]): number {
  if (input === undefined || output?.length !== input.length) return asked.length;
  return Math.max(1, input.filter((size, axis) => areDifferent(size, output[axis] ?? size)).length);
}

function weightedSum(neighbours: number, axes: number): number {
  return 2 * neighbours ** axes - 1;
}

function perOutput(outputs: readonly TensorType[], ops: number): OperatorWork {
  return { macs: 0, elementwiseOps: multiplyDims(elementCount(outputs[0]?.shape), ops) };
}

function gridSampleRule(shape: Shape, _: GridSampleAttributes, [, grid]: Inputs): ShapeResult {
  const axes = shape.length - 2;
  const points = grid?.shape;
  if (points === undefined) return shaped(undefined);
  const fits = points.length === shape.length && (axes === 2 || axes === 3);
  if (shape.slice(2).includes(0)) return misfit(`there is nothing to sample in the image ${printShape(shape)}`);
  if (!fits || areDifferent(dimAt(points, -1), axes) || areDifferent(dimAt(points, 0), dimAt(shape, 0))) {
    return misfit(`the grid ${printShape(points)} does not fit the image ${printShape(shape)}`);
  }
  return shaped([...shape.slice(0, 2), ...points.slice(1, -1)]);
}

function roiRule(shape: Shape, { outputSize }: RoiAttributes, [, boxes]: Inputs): ShapeResult {
  if (shape.length !== 4) return misfit(`expected images of 4 axes, got ${printShape(shape)}`);
  if (boxes?.shape !== undefined && boxes.shape.length !== 2) {
    return misfit(`expected boxes of 2 axes for ${printShape(shape)}, got ${printShape(boxes.shape)}`);
  }
  if (outputSize.some((size) => isBelow(size, 1))) {
    return misfit(`expected an output size that is positive, got ${printShape(outputSize)}`);
  }
  const count = boxes?.shape?.[0] ?? unknownDim('the number of boxes is not known');
  return shaped([count, dimAt(shape, 1), ...outputSize]);
}

function unknownSamples(): Dim {
  return unknownDim('the number of samples depends on the sizes of the boxes');
}
