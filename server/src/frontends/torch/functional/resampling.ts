/**
 * Resizing, padding and rearranging of images in torch.nn.functional.
 * interpolate(1x3x7x7, scale_factor=2) -> 1x3x14x14; pad(2x3, (1, 2)) -> 2x6.
 */
import { PyList, PyTuple, type NativeFunction } from '../../../evaluation/values.ts';
import type { Dim } from '../../../graph/dim.ts';
import {
  affineGrid,
  gridSample,
  interpolate,
  type GridSampleAttributes,
  type InterpolateAttributes,
} from '../../../operators/interpolation.ts';
import { pad, type PadAttributes } from '../../../operators/padding.ts';
import { channelShuffle, pixelShuffle, pixelUnshuffle } from '../../../operators/pixelShuffle.ts';
import { fold, unfold, type UnfoldAttributes } from '../../../operators/unfold.ts';
import { asNumber, torchFunction, type TorchCall } from '../torchNatives.ts';
import { dimTuple, FUNCTIONAL, rankOf } from './functionArguments.ts';

const INTERPOLATION_MODES: readonly InterpolateAttributes['mode'][] = [
  'nearest',
  'nearest-exact',
  'linear',
  'bilinear',
  'bicubic',
  'trilinear',
  'area',
];
const GRID_MODES: readonly GridSampleAttributes['mode'][] = ['bilinear', 'nearest', 'bicubic'];
const PAD_MODES: readonly PadAttributes['mode'][] = ['constant', 'reflect', 'replicate', 'circular'];

function oneOf<T extends string>(call: TorchCall, name: string, choices: readonly T[]): T {
  const given = call.string(name);
  const found = choices.find((choice) => choice === given);
  return found ?? call.runtime.raise('NotImplementedError', `${name}='${given}' is not one of ${choices.join(', ')}`);
}

function interpolateFunction(
  name: string,
  parameters: string,
  fixedMode?: InterpolateAttributes['mode'],
): NativeFunction {
  const signature = `${name}(input, size=None, scale_factor=None${parameters})`;
  return torchFunction(signature, FUNCTIONAL, (call) => {
    const input = call.tensor('input');
    const axes = Math.max(1, (rankOf(input) ?? 4) - 2);
    const mode = fixedMode ?? oneOf(call, 'mode', INTERPOLATION_MODES);
    const alignCorners = fixedMode === 'bilinear' || (fixedMode === undefined && call.value('align_corners') === true);
    const antialias = call.value('antialias') === true;
    if (fixedMode === undefined && call.value('align_corners') !== null) checkAligned(call, mode);
    checkModeRank(call, mode);
    return call.record(interpolate, { ...targetSize(call, axes), mode, alignCorners, antialias }, [input]);
  });
}

/** Each interpolation is for so many axes; nearest and area are for 3 to 5. */
function checkModeRank(call: TorchCall, mode: InterpolateAttributes['mode']): void {
  const rank = rankOf(call.tensor('input'));
  const ranks = { linear: [3], bilinear: [4], bicubic: [4], trilinear: [5] } as const;
  const accepted: readonly number[] = mode in ranks ? ranks[mode as keyof typeof ranks] : [3, 4, 5]; // Just checked.
  if (rank === undefined || accepted.includes(rank)) return;
  call.runtime.raise(
    'NotImplementedError',
    `${mode} interpolation takes an input of ${accepted.join(', ')} axes, got ${rank}`,
  );
}

function checkAligned(call: TorchCall, mode: InterpolateAttributes['mode']): void {
  if (['linear', 'bilinear', 'bicubic', 'trilinear'].includes(mode)) return;
  call.runtime.raise(
    'ValueError',
    'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
  );
}

function targetSize(call: TorchCall, axes: number): Pick<InterpolateAttributes, 'sizes' | 'scaleFactors'> {
  if (call.value('size') !== null) return { sizes: dimTuple(call, 'size', axes) };
  const factor = call.value('scale_factor');
  if (factor === null) return call.runtime.raise('ValueError', 'either size or scale_factor should be defined');
  if (factor instanceof PyTuple || factor instanceof PyList) {
    return { scaleFactors: factor.items.map((item) => asNumber(call.runtime, item, 'scale_factor')) };
  }
  const one = call.number('scale_factor');
  return { scaleFactors: Array.from({ length: axes }, () => one) };
}

/** Other modes than constant take one pair for images of 2 or 3 axes, two for 3 or 4, three for 4 or 5. */
function padMode(call: TorchCall, count: number): PadAttributes['mode'] {
  const mode = oneOf(call, 'mode', PAD_MODES);
  const rank = rankOf(call.tensor('input'));
  const spatial = count / 2;
  if (mode !== 'constant' && rank !== undefined && rank !== spatial + 1 && rank !== spatial + 2) {
    call.runtime.raise('NotImplementedError', `Padding size ${count} is not supported for ${rank}D input tensor.`);
  }
  return mode;
}

/** `(left, right, top, bottom)` counts from the last axis; the operator wants the order of the dims. */
function padAttributes(call: TorchCall): PadAttributes {
  const flat = call.dims('pad');
  if (flat.length % 2 !== 0) call.runtime.raise('RuntimeError', 'Padding length must be divisible by 2');
  const at = (index: number): Dim => flat[index] ?? 0;
  const axes = Array.from({ length: flat.length / 2 }, (_, axis) => flat.length / 2 - 1 - axis);
  return {
    before: axes.map((axis) => at(2 * axis)),
    after: axes.map((axis) => at(2 * axis + 1)),
    mode: padMode(call, flat.length),
  };
}

function windows(call: TorchCall): UnfoldAttributes {
  return {
    kernelSize: dimTuple(call, 'kernel_size', 2),
    dilation: dimTuple(call, 'dilation', 2),
    padding: dimTuple(call, 'padding', 2),
    stride: dimTuple(call, 'stride', 2),
  };
}

export const resamplingFunctions: readonly NativeFunction[] = [
  interpolateFunction(
    'interpolate',
    ", mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False",
  ),
  interpolateFunction('upsample', ", mode='nearest', align_corners=None"),
  interpolateFunction('upsample_nearest', '', 'nearest'),
  interpolateFunction('upsample_bilinear', '', 'bilinear'),
  torchFunction(
    "grid_sample(input, grid, mode='bilinear', padding_mode='zeros', align_corners=None)",
    FUNCTIONAL,
    (call) =>
      call.record(gridSample, { mode: oneOf(call, 'mode', GRID_MODES) }, [call.tensor('input'), call.tensor('grid')]),
  ),
  torchFunction('affine_grid(theta, size, align_corners=None)', FUNCTIONAL, (call) =>
    call.record(affineGrid, { shape: call.dims('size') }, [call.tensor('theta')]),
  ),
  torchFunction("pad(input, pad, mode='constant', value=None)", FUNCTIONAL, (call) =>
    call.record(pad, padAttributes(call), [call.tensor('input')]),
  ),
  torchFunction('pixel_shuffle(input, upscale_factor)', FUNCTIONAL, (call) =>
    call.record(pixelShuffle, { factor: call.int('upscale_factor') }, [call.tensor('input')]),
  ),
  torchFunction('pixel_unshuffle(input, downscale_factor)', FUNCTIONAL, (call) =>
    call.record(pixelUnshuffle, { factor: call.int('downscale_factor') }, [call.tensor('input')]),
  ),
  torchFunction('channel_shuffle(input, groups)', FUNCTIONAL, (call) =>
    call.record(channelShuffle, { groups: call.int('groups') }, [call.tensor('input')]),
  ),
  torchFunction('unfold(input, kernel_size, dilation=1, padding=0, stride=1)', FUNCTIONAL, (call) =>
    call.record(unfold, windows(call), [call.tensor('input')]),
  ),
  torchFunction('fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1)', FUNCTIONAL, (call) =>
    call.record(fold, { ...windows(call), outputSize: dimTuple(call, 'output_size', 2) }, [call.tensor('input')]),
  ),
];
