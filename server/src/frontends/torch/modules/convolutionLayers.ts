/**
 * Convolution layers: Conv1d-3d and ConvTranspose1d-3d.
 * Conv2d(3, 64, 7, stride=2, padding=3, bias=False) holds weight 64x3x7x7 and kernel_size (7, 7).
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyList, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import {
  ceilDivideDims,
  floorDivideDims,
  moduloDims,
  multiplyDims,
  subtractDims,
  type Dim,
} from '../../../graph/dim.ts';
import { asDims, sequenceItems } from '../torchNatives.ts';
import { dimValue } from '../torchWorld.ts';
import { callFunctional } from './callText.ts';
import { repeated, type LayerBuild, type LayerSpec } from './layerSpec.ts';

const PLAIN_ARGUMENTS =
  "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None";
const TRANSPOSED_ARGUMENTS =
  "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None";
const BASE_ARGUMENTS =
  'in_channels, out_channels, kernel_size, stride, padding, dilation, transposed, output_padding, groups, bias, padding_mode, device=None, dtype=None';

function convolutionLayer(axes: number): LayerSpec {
  return {
    signature: `Conv${axes}d(${PLAIN_ARGUMENTS})`,
    base: '_ConvNd',
    module: 'conv',
    notStored: ['bias'],
    tuples: { kernel_size: axes, stride: axes, padding: axes, dilation: axes },
    build: (layer) => {
      layer.set('transposed', false);
      layer.set('output_padding', repeated(0, axes));
      buildConvolution(layer, false);
    },
    methods: members(`torch.nn.Conv${axes}d`, {
      'forward(self, input)': (runtime, self, input) =>
        runtime.callMethod(self, '_conv_forward', [
          input,
          runtime.getAttribute(self, 'weight'),
          runtime.getAttribute(self, 'bias'),
        ]),
      '_conv_forward(self, input, weight, bias)': (runtime, self, input, weight, bias) =>
        convolve(runtime, self, axes, [input, weight, bias]),
    }),
  };
}

function transposedLayer(axes: number): LayerSpec {
  return {
    signature: `ConvTranspose${axes}d(${TRANSPOSED_ARGUMENTS})`,
    base: '_ConvTransposeNd',
    module: 'conv',
    notStored: ['bias'],
    tuples: { kernel_size: axes, stride: axes, padding: axes, dilation: axes, output_padding: axes },
    build: (layer) => {
      if (layer.value('padding_mode') !== 'zeros') {
        layer.refuse('ValueError', `Only "zeros" padding mode is supported for ConvTranspose${axes}d`);
      }
      layer.set('transposed', true);
      buildConvolution(layer, true);
    },
    methods: members(`torch.nn.ConvTranspose${axes}d`, {
      'forward(self, input, output_size=None)': (runtime, self, input, outputSize) => {
        const attribute = (name: string): Value => runtime.getAttribute(self, name);
        const outputPadding =
          outputSize === null ? attribute('output_padding') : outputPaddingFor(runtime, self, input, outputSize, axes);
        return callFunctional(runtime, `conv_transpose${axes}d`, [
          input,
          attribute('weight'),
          attribute('bias'),
          attribute('stride'),
          attribute('padding'),
          outputPadding,
          attribute('groups'),
          attribute('dilation'),
        ]);
      },
    }),
  };
}

/** Checks, weight and bias. A transposed weight is in x out/groups x kernel, the other out x in/groups x kernel. */
function buildConvolution(layer: LayerBuild, isTransposed: boolean): void {
  const inChannels = isTransposed ? layer.size('in_channels') : layer.dim('in_channels');
  const outChannels = isTransposed ? layer.dim('out_channels') : layer.size('out_channels');
  const groups = layer.dim('groups');
  if (typeof groups === 'number' && groups <= 0) layer.refuse('ValueError', 'groups must be a positive integer');
  if (isIndivisible(inChannels, groups)) layer.refuse('ValueError', 'in_channels must be divisible by groups');
  if (isIndivisible(outChannels, groups)) layer.refuse('ValueError', 'out_channels must be divisible by groups');
  checkPadding(layer);
  checkPaddingMode(layer);
  const kernel = layer.furtherSizes('kernel_size');
  const [first, second] = isTransposed ? [inChannels, outChannels] : [outChannels, inChannels];
  layer.set('_reversed_padding_repeated_twice', reversedPadding(layer));
  layer.parameter('weight', [first, floorDivideDims(second, groups), ...kernel]);
  layer.parameterIf(layer.flag('bias'), 'bias', [outChannels]);
}

const PADDING_MODES = ['zeros', 'replicate', 'reflect', 'circular'];

function checkPaddingMode(layer: LayerBuild): void {
  const mode = layer.value('padding_mode');
  if (mode instanceof PyUnknown || (typeof mode === 'string' && PADDING_MODES.includes(mode))) return;
  layer.refuse(
    'ValueError',
    `padding_mode must be one of {'zeros', 'replicate', 'reflect', 'circular'}, but got padding_mode=${layer.runtime.repr(mode)}`,
  );
}

function checkPadding(layer: LayerBuild): void {
  const padding = layer.value('padding');
  if (typeof padding !== 'string') return;
  if (padding !== 'same' && padding !== 'valid') {
    layer.refuse('ValueError', `Invalid padding string '${padding}', should be one of 'valid', 'same'`);
  }
  const strides = layer.furtherSizes('stride');
  if (padding === 'same' && strides.some((stride) => typeof stride === 'number' && stride !== 1)) {
    layer.refuse('ValueError', "padding='same' is not supported for strided convolutions");
  }
}

/** Padding as F.pad wants it: last axis first, each twice; for 'same', what goes before and after. */
function reversedPadding(layer: LayerBuild): Value {
  const { runtime, self } = layer;
  const attribute = (name: string): readonly Dim[] => layer.furtherSizes(name);
  const padding = runtime.getAttribute(self, 'padding');
  const kernel = attribute('kernel_size');
  if (padding === 'valid') return new PyList(kernel.flatMap(() => [0, 0]));
  if (padding === 'same') {
    const dilation = attribute('dilation');
    const pairs = kernel.map((size, axis) => {
      const total = multiplyDims(dilation[axis] ?? 1, subtractDims(size, 1));
      return [floorDivideDims(total, 2), ceilDivideDims(total, 2)];
    });
    return new PyList(pairs.reverse().flat().map(dimValue));
  }
  return new PyTuple([...layer.furtherSizes('padding')].reverse().flatMap((dim) => [dimValue(dim), dimValue(dim)]));
}

function convolve(runtime: Runtime, self: Value, axes: number, operands: readonly Value[]): Value {
  const attribute = (name: string): Value => runtime.getAttribute(self, name);
  const [input = null, ...weights] = operands;
  const mode = attribute('padding_mode');
  const isPaddedApart = mode !== 'zeros';
  const padded = isPaddedApart
    ? callFunctional(runtime, 'pad', [input, attribute('_reversed_padding_repeated_twice')], { mode })
    : input;
  return callFunctional(runtime, `conv${axes}d`, [
    padded,
    ...weights,
    attribute('stride'),
    isPaddedApart ? repeated(0, axes) : attribute('padding'),
    attribute('dilation'),
    attribute('groups'),
  ]);
}

/** The output padding that gives the asked size: size - ((in - 1) stride - 2 padding + dilation (kernel - 1) + 1). */
function outputPaddingFor(runtime: Runtime, self: Value, input: Value, outputSize: Value, axes: number): Value {
  const dims = (value: Value, name: string): readonly Dim[] => asDims(runtime, value, name);
  const attribute = (name: string): readonly Dim[] => dims(runtime.getAttribute(self, name), name);
  const wanted = dims(outputSize, 'output_size').slice(-axes);
  const shape = sequenceItems(runtime, runtime.getAttribute(input, 'shape'), 'input').slice(-axes);
  const [stride, padding, dilation, kernel] = ['stride', 'padding', 'dilation', 'kernel_size'].map(attribute);
  const paddings = dims(new PyTuple(shape), 'input').map((size, axis) => {
    const spread = multiplyDims(subtractDims(size, 1), stride?.[axis] ?? 1);
    const reach = multiplyDims(dilation?.[axis] ?? 1, subtractDims(kernel?.[axis] ?? 1, 1));
    const least = subtractDims(subtractDims(spread, multiplyDims(2, padding?.[axis] ?? 0)), subtractDims(-1, reach));
    return dimValue(subtractDims(wanted[axis] ?? 0, least));
  });
  return new PyTuple(paddings);
}

function isIndivisible(channels: Dim, groups: Dim): boolean {
  const rest = moduloDims(channels, groups);
  return typeof rest === 'number' && rest !== 0;
}

const baseLayer: LayerSpec = {
  signature: `_ConvNd(${BASE_ARGUMENTS})`,
  module: 'conv',
  notStored: ['bias'],
  build: (layer) => buildConvolution(layer, layer.flag('transposed')),
};

const transposedBaseLayer: LayerSpec = {
  ...baseLayer,
  signature: `_ConvTransposeNd(${BASE_ARGUMENTS})`,
  base: '_ConvNd',
};

export const convolutionLayers: readonly LayerSpec[] = [
  baseLayer,
  transposedBaseLayer,
  ...[1, 2, 3].map(convolutionLayer),
  ...[1, 2, 3].map(transposedLayer),
];
