/**
 * ONNX operators on images: Resize, Upsample, Pad, GridSample, RoiAlign, NonMaxSuppression, Col2Im, ...
 */
import { floorDivideDims, unknownDim, type Dim } from '../../../graph/dim.ts';
import { tensorType, type Shape } from '../../../graph/tensorType.ts';
import {
  affineGrid,
  gridSample,
  interpolate,
  nonMaximumSuppression,
  roiAlign,
  type InterpolateAttributes,
} from '../../../operators/interpolation.ts';
import { noAxis } from '../../../operators/dataMovement.ts';
import { centerCropPad, pad, type PadAttributes } from '../../../operators/padding.ts';
import { fold } from '../../../operators/unfold.ts';
import { apply, misfit, withDtype, withOutputs, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { axesOf, withSize } from './axes.ts';
import { typeOf } from './elementwise.ts';
import { missingAttribute } from './pooling.ts';
import { dependsOnData } from './shape.ts';

export const spatialMappings: MappingTable = {
  /** Scales are an attribute before opset 9, then an input. */
  Upsample: (call) => scaledBy(call, call.floats('scales') ?? oldScales(call) ?? call.numbers(1)),
  Resize: (call) => resized(call),
  GridSample: (call) => apply(gridSample, call.tensors(0, 1), { mode: sampleMode(call.string('mode')) }),
  AffineGrid(call) {
    const shape = call.dims(1);
    if (shape !== undefined) return apply(affineGrid, call.tensors(0), { shape });
    const [rank] = call.tensor(1)?.shape ?? [];
    const mapped = dependsOnData(call, 'affineGrid', 'size', rank);
    const [grid] = mapped.outputs;
    if (typeof rank !== 'number' || grid?.kind !== 'tensor' || grid.shape?.length !== rank) return mapped;
    return withOutputs(mapped, [tensorType(grid.dtype, withSize(grid.shape, -1, rank - 2))]);
  },
  /** Inputs: x, boxes, batch indices. */
  RoiAlign: (call) =>
    apply(roiAlign, call.tensors(0, 1, 2), {
      outputSize: [call.int('output_height') ?? 1, call.int('output_width') ?? 1],
      samplingRatio: call.int('sampling_ratio') ?? 0,
    }),
  NonMaxSuppression: (call) => apply(nonMaximumSuppression, call.tensors(0, 1), { isBatched: true }),
  Pad: (call) => padded(call),
  CenterCropPad: (call) => cropped(call),
  /** Inputs: columns, image shape, block shape. */
  Col2Im(call) {
    const outputSize = call.dims(1);
    const kernelSize = call.dims(2);
    if (outputSize === undefined || kernelSize === undefined) return openImage(call);
    const ones = kernelSize.map(() => 1);
    const pads = call.ints('pads') ?? [];
    const padding = kernelSize.map((_, i) => pads[i] ?? 0);
    if (!padding.every((size, i) => size === (pads[i + padding.length] ?? 0))) {
      return misfit('fold', 'pads that differ before and after an axis', unplaced(call, outputSize, kernelSize));
    }
    return apply(fold, call.tensors(0), {
      outputSize,
      kernelSize,
      padding,
      dilation: call.ints('dilations') ?? ones,
      stride: call.ints('strides') ?? ones,
    });
  },
};

/** An image whose size depends on data: its rank and batch may still be known. */
function openImage(call: NodeCall): MappedNode {
  const [spatialRank] = call.tensor(1)?.shape ?? call.tensor(2)?.shape ?? [];
  const mapped = dependsOnData(
    call,
    'fold',
    'image shape',
    typeof spatialRank === 'number' ? spatialRank + 2 : undefined,
  );
  const [image] = mapped.outputs;
  const [batch] = call.tensor(0)?.shape ?? [];
  if (batch === undefined || image?.kind !== 'tensor' || image.shape === undefined) return mapped;
  return withOutputs(mapped, [tensorType(image.dtype, withSize(image.shape, 0, batch))]);
}

function unplaced(call: NodeCall, outputSize: Shape, kernelSize: Shape): ReturnType<typeof tensorType> {
  const x = call.tensor(0);
  const [batch, columns] = x?.shape ?? [];
  if (batch === undefined || columns === undefined) return tensorType(x?.dtype ?? 'unknown', undefined);
  const channels = kernelSize.reduce<Dim>(floorDivideDims, columns);
  return tensorType(x?.dtype ?? 'unknown', [batch, channels, ...outputSize]);
}

/** Says which axis is not there. */
function wrongAxis(call: NodeCall, axes: readonly number[] | undefined): string | undefined {
  const shape = call.tensor(0)?.shape;
  const wrong = shape === undefined ? undefined : axes?.find((axis) => placeOf(axis, shape.length) === undefined);
  return shape === undefined || wrong === undefined ? undefined : noAxis(wrong, shape);
}

/** Upsample-1 names its two scales. */
function oldScales(call: NodeCall): readonly number[] | undefined {
  const [height, width] = [call.float('height_scale'), call.float('width_scale')];
  return height === undefined || width === undefined ? undefined : [1, 1, height, width];
}

function scaledBy(call: NodeCall, scales: readonly number[] | undefined, axes?: readonly number[]): MappedNode {
  const x = call.tensor(0);
  if (scales === undefined) return dependsOnData(call, 'interpolate', 'scales', x?.shape?.length);
  const rank = x?.shape?.length ?? scales.length;
  const all = spread(scales, axes, rank, 1);
  return apply(interpolate, [x], { ...resizeRules(call, all.length), scaleFactors: all });
}

/** Resize-10: x, scales; from 11 on x, roi, scales, sizes; from 18 on perhaps for some `axes` only. */
function resized(call: NodeCall): MappedNode {
  const axes = call.ints('axes');
  const wrong = wrongAxis(call, axes);
  if (wrong !== undefined)
    return misfit('interpolate', wrong, tensorType(call.tensor(0)?.dtype ?? 'unknown', undefined));
  if (call.opset < 11) return scaledBy(call, call.numbers(1));
  const x = call.tensor(0);
  const rank = x?.shape?.length;
  if (!call.hasInput(3)) return scaledBy(call, call.numbers(2), axes);
  const sizes = call.dims(3);
  if (sizes === undefined || rank === undefined || x?.shape === undefined) {
    // Axes that are not named keep their size.
    const known = dependsOnData(call, 'interpolate', 'sizes', rank);
    if (axes === undefined || x?.shape === undefined) return known;
    const places = new Set(axes.map((axis) => (axis < 0 ? axis + (rank ?? 0) : axis)));
    const shape = x.shape.map((dim, i) => (places.has(i) ? unknownDim('the sizes of Resize depend on data') : dim));
    return withOutputs(known, [tensorType(x.dtype, shape)]);
  }
  const policy = call.string('keep_aspect_ratio_policy') ?? 'stretch';
  if (policy === 'stretch' || axes === undefined || axes.length === rank) {
    const all = axes === undefined ? sizes : placed(sizes, axes, x.shape);
    return apply(interpolate, [x], { ...resizeRules(call, all.length), sizes: all, aspectRatio: ratioRule(policy) });
  }
  return keepingRatio(call, sizes, axes, x.shape, policy);
}

/** Keep-aspect-ratio policies look at the named axes only, so these are resized as an image of their own. */
function keepingRatio(call: NodeCall, sizes: Shape, axes: readonly number[], shape: Shape, policy: string): MappedNode {
  const dtype = call.tensor(0)?.dtype ?? 'unknown';
  const places = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const image = tensorType(dtype, [1, 1, ...places.map((place) => shape[place] ?? 1)]);
  const part = apply(interpolate, [image], {
    ...resizeRules(call, sizes.length),
    sizes,
    aspectRatio: ratioRule(policy),
  });
  const [type] = part.outputs;
  const resizedSizes = type?.kind === 'tensor' ? type.shape?.slice(2) : undefined;
  if (resizedSizes === undefined) return part;
  return apply(interpolate, [tensorType(dtype, shape)], {
    ...resizeRules(call, shape.length),
    sizes: placed(resizedSizes, places, shape),
  });
}

function ratioRule(policy: string): InterpolateAttributes['aspectRatio'] {
  if (policy === 'not_larger') return 'notLarger';
  return policy === 'not_smaller' ? 'notSmaller' : undefined;
}

function resizeRules(call: NodeCall, rank: number): Omit<InterpolateAttributes, 'sizes' | 'scaleFactors'> {
  const rule = call.string('mode') ?? 'nearest';
  const linear = rank - 2 === 3 ? 'trilinear' : rank - 2 === 1 ? 'linear' : 'bilinear';
  const mode = rule === 'cubic' ? 'bicubic' : rule === 'linear' || rule === 'bilinear' ? linear : 'nearest';
  return {
    mode,
    alignCorners: call.string('coordinate_transformation_mode') === 'align_corners',
    antialias: call.flag('antialias'),
  };
}

/** Values of some axes among those of all. */
function spread(values: readonly number[], axes: readonly number[] | undefined, rank: number, rest: number): number[] {
  if (axes === undefined) return [...values];
  const all = Array.from({ length: rank }, () => rest);
  for (const [i, axis] of axes.entries()) {
    const place = placeOf(axis, rank);
    if (place !== undefined) all[place] = values[i] ?? rest;
  }
  return all;
}

function placed(sizes: Shape, axes: readonly number[], shape: Shape): Shape {
  const all = [...shape];
  for (const [i, axis] of axes.entries()) {
    const place = placeOf(axis, shape.length);
    if (place !== undefined) all[place] = sizes[i] ?? 1;
  }
  return all;
}

/** An axis counted from the start; undefined for one that is not there, which has been told then. */
function placeOf(axis: number, rank: number): number | undefined {
  const place = axis < 0 ? axis + rank : axis;
  return place >= 0 && place < rank ? place : undefined;
}

function sampleMode(mode: string | undefined): 'bilinear' | 'nearest' | 'bicubic' {
  if (mode === 'nearest') return 'nearest';
  return mode === 'bicubic' || mode === 'cubic' ? 'bicubic' : 'bilinear';
}

const PAD_MODES: Readonly<Record<string, PadAttributes['mode']>> = {
  reflect: 'reflect',
  edge: 'replicate',
  wrap: 'circular',
};

/** pads is an attribute before opset 11 (`paddings` in opset 1), then an input; from 18 on perhaps for some axes only. */
function padded(call: NodeCall): MappedNode {
  const pads: readonly Dim[] | undefined = call.ints('pads') ?? call.ints('paddings') ?? call.dims(1);
  const x = call.tensor(0);
  const rank = x?.shape?.length;
  const axes = axesOf(call, 3);
  if (pads === undefined || axes.kind === 'unknown') return dependsOnData(call, 'pad', 'pads', rank);
  const wrong = wrongAxis(call, axes.kind === 'given' ? axes.axes : undefined);
  if (wrong !== undefined) return misfit('pad', wrong, tensorType(x?.dtype ?? 'unknown', undefined));
  const half = Math.floor(pads.length / 2);
  const places = axes.kind === 'given' ? axes.axes : undefined;
  const before = inOrder(pads.slice(0, half), places, rank);
  const after = inOrder(pads.slice(half, 2 * half), places, rank);
  const mode = PAD_MODES[call.string('mode') ?? 'constant'] ?? 'constant';
  return withDtype(apply(pad, [x], { before, after, mode }), typeOf(call));
}

function inOrder(
  values: readonly Dim[],
  axes: readonly number[] | undefined,
  rank: number | undefined,
): readonly Dim[] {
  if (axes === undefined || rank === undefined) return values;
  const all = Array.from({ length: rank }, (): Dim => 0);
  for (const [i, axis] of axes.entries()) {
    const place = placeOf(axis, rank);
    if (place !== undefined) all[place] = values[i] ?? 0;
  }
  return all;
}

function cropped(call: NodeCall): MappedNode {
  const shape = call.dims(1);
  if (shape !== undefined) return apply(centerCropPad, call.tensors(0), { shape, axes: call.ints('axes') });
  const x = call.tensor(0);
  const axes = call.ints('axes');
  const known = dependsOnData(call, 'centerCropPad', 'shape', x?.shape?.length);
  if (axes === undefined || x?.shape === undefined) return known;
  const { length } = x.shape;
  const places = new Set(axes.map((axis) => (axis < 0 ? axis + length : axis)));
  const kept = x.shape.map((dim, i) =>
    places.has(i) ? unknownDim('the shape of CenterCropPad depends on data') : dim,
  );
  return withOutputs(known, [tensorType(x.dtype, kept)]);
}

/** The names that image decoders give: height, width and channels depend on the bytes. */
export const imageMappings: MappingTable = {
  ImageDecoder(call) {
    const channels = call.string('pixel_format') === 'Grayscale' ? 1 : 3;
    const size = (): Dim => unknownDim('the size of an image depends on its bytes');
    const output = tensorType('uint8', [size(), size(), channels]);
    return call.hasInput(0)
      ? { ...dependsOnData(call, 'imageDecoder', 'image'), outputs: [output], unknown: undefined }
      : missingAttribute(call, 'imageDecoder', 'input');
  },
};
