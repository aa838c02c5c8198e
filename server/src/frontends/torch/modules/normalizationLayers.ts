/**
 * Normalisations with their weights and running statistics.
 * BatchNorm2d(64) holds weight 64, bias 64 and the buffers running_mean 64, running_var 64, num_batches_tracked.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyStaticMethod, PyTuple, type Value } from '../../../evaluation/values.ts';
import { moduloDims } from '../../../graph/dim.ts';
import { printShape, tensorType, type Shape } from '../../../graph/tensorType.ts';
import { TensorValue } from '../tensorValue.ts';
import { asDims } from '../torchNatives.ts';
import { dimValue, makeTensor } from '../torchWorld.ts';
import { callFunctional } from './callText.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';

/** Affine weights and running statistics of batch and instance normalisation. */
export function buildRunningNorm(layer: LayerBuild): void {
  const isAnySize = layer.flag('affine') || layer.flag('track_running_stats');
  const features = isAnySize ? layer.sizes('num_features') : [];
  const isAffine = layer.flag('affine');
  layer.parameterIf(isAffine, 'weight', features);
  layer.parameterIf(isAffine && layer.value('bias') !== false, 'bias', features);
  if (!layer.flag('track_running_stats')) {
    for (const name of ['running_mean', 'running_var', 'num_batches_tracked']) layer.buffer(name, null);
    return;
  }
  layer.floatBuffer('running_mean', features);
  layer.floatBuffer('running_var', features);
  layer.buffer('num_batches_tracked', makeTensor(layer.runtime, tensorType('int64', []), [0]));
}

function runningArguments(affine: 'True' | 'False'): string {
  return `num_features, eps=1e-05, momentum=0.1, affine=${affine}, track_running_stats=${affine}, device=None, dtype=None, *, bias=True`;
}

const batchNormMembers = members('torch.nn.modules.batchnorm._BatchNorm', {
  'forward(self, input)': (runtime, self, input) => {
    const attribute = (name: string): Value => runtime.getAttribute(self, name);
    runtime.callMethod(self, '_check_input_dim', [input]);
    const mean = attribute('running_mean');
    const variance = attribute('running_var');
    const usesBatch = attribute('training') === true || (mean === null && variance === null);
    return callFunctional(
      runtime,
      'batch_norm',
      [input, mean, variance, attribute('weight'), attribute('bias'), usesBatch],
      { eps: attribute('eps') },
    );
  },
  '_check_input_dim(self, input)': () => null,
  'reset_running_stats(self)': () => null,
});

const syncBatchNormMembers = new Map<string, Value>(
  [
    ...members('torch.nn.SyncBatchNorm', {
      'convert_sync_batchnorm(module, process_group=None)': (_, module) => module,
    }),
  ].map(([name, member]) => [name, new PyStaticMethod(member)]),
);

const instanceNormMembers = members('torch.nn.modules.instancenorm._InstanceNorm', {
  'forward(self, input)': (runtime, self, input) => {
    const attribute = (name: string): Value => runtime.getAttribute(self, name);
    runtime.callMethod(self, '_check_input_dim', [input]);
    const usesInput = attribute('training') === true || attribute('track_running_stats') !== true;
    return callFunctional(
      runtime,
      'instance_norm',
      [input, attribute('running_mean'), attribute('running_var'), attribute('weight'), attribute('bias'), usesInput],
      { eps: attribute('eps'), _has_no_batch: hasNoBatch(runtime, self, input) },
    );
  },
  '_check_input_dim(self, input)': () => null,
  'reset_running_stats(self)': () => null,
});

/** InstanceNorm2d takes 3 axes for one image. */
function hasNoBatch(runtime: Runtime, self: Value, input: Value): boolean {
  const names = runtime.typeOf(self).mro.map(({ name }) => /^(?:Lazy)?InstanceNorm([123])d$/.exec(name)?.[1]);
  const axes = names.find((digit) => digit !== undefined);
  return axes !== undefined && input instanceof TensorValue && input.type.shape?.length === Number(axes) + 1;
}

function runningNorm(signature: string, base: string, module: string): LayerSpec {
  return { signature, base, module, notStored: ['bias'], build: buildRunningNorm };
}

/** BatchNorm2d takes 4 axes, BatchNorm1d 2 or 3: another rank is the user's mistake; we report it and go on. */
function rankCheck(owner: string, ranks: readonly number[]): ReadonlyMap<string, Value> {
  return members(owner, {
    '_check_input_dim(self, input)': (runtime, _self, input) => {
      const shape = input instanceof TensorValue ? input.type.shape : undefined;
      if (shape !== undefined && !ranks.includes(shape.length)) {
        const wanted = ranks.map((rank) => `${rank}D`).join(' or ');
        runtime.report(
          'shape-mismatch',
          'error',
          `${owner} expects ${wanted} input, but got ${shape.length}D: ${printShape(shape)}.`,
        );
      }
      return null;
    },
  });
}

const BATCH_RANKS: readonly (readonly number[])[] = [[2, 3], [4], [5]];
const INSTANCE_RANKS: readonly (readonly number[])[] = [
  [2, 3],
  [3, 4],
  [4, 5],
];

const batchNormLayers: readonly LayerSpec[] = [
  { ...runningNorm(`_NormBase(${runningArguments('True')})`, 'Module', 'batchnorm') },
  { ...runningNorm(`_BatchNorm(${runningArguments('True')})`, '_NormBase', 'batchnorm'), methods: batchNormMembers },
  ...BATCH_RANKS.map((ranks, index) => ({
    ...runningNorm(`BatchNorm${index + 1}d(${runningArguments('True')})`, '_BatchNorm', 'batchnorm'),
    methods: rankCheck(`BatchNorm${index + 1}d`, ranks),
  })),
  {
    ...runningNorm(
      'SyncBatchNorm(num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, device=None, dtype=None, *, bias=True)',
      '_BatchNorm',
      'batchnorm',
    ),
    methods: syncBatchNormMembers,
  },
];

const instanceNormLayers: readonly LayerSpec[] = [
  {
    ...runningNorm(`_InstanceNorm(${runningArguments('False')})`, '_NormBase', 'instancenorm'),
    methods: instanceNormMembers,
  },
  ...INSTANCE_RANKS.map((ranks, index) => ({
    ...runningNorm(`InstanceNorm${index + 1}d(${runningArguments('False')})`, '_InstanceNorm', 'instancenorm'),
    methods: rankCheck(`InstanceNorm${index + 1}d`, ranks),
  })),
];

/** `normalized_shape` as a tuple: 64 -> (64,). */
function normalizedShape(layer: LayerBuild): Shape {
  const shape = asDims(layer.runtime, layer.value('normalized_shape'), 'normalized_shape');
  layer.set('normalized_shape', new PyTuple(shape.map(dimValue)));
  return shape;
}

const otherLayers: readonly LayerSpec[] = [
  {
    signature: 'GroupNorm(num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None, *, bias=True)',
    module: 'normalization',
    notStored: ['bias'],
    build: (layer) => {
      const channels = layer.flag('affine') ? layer.size('num_channels') : layer.dim('num_channels');
      const groups = layer.dim('num_groups');
      if (groups === 0) layer.refuse('ZeroDivisionError', 'integer modulo by zero');
      const rest = moduloDims(channels, groups);
      if (typeof rest === 'number' && rest !== 0) {
        layer.refuse(
          'ValueError',
          `num_channels (${layer.runtime.str(layer.value('num_channels'))}) must be divisible by num_groups (${layer.runtime.str(layer.value('num_groups'))})`,
        );
      }
      const isAffine = layer.flag('affine');
      layer.parameterIf(isAffine, 'weight', [channels]);
      layer.parameterIf(isAffine && layer.value('bias') !== false, 'bias', [channels]);
    },
    forward: 'group_norm(input, self.num_groups, self.weight, self.bias, self.eps)',
  },
  {
    signature: 'LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None)',
    module: 'normalization',
    notStored: ['bias'],
    build: (layer) => {
      const shape = normalizedShape(layer);
      const isAffine = layer.flag('elementwise_affine');
      layer.parameterIf(isAffine, 'weight', shape);
      layer.parameterIf(isAffine && layer.flag('bias'), 'bias', shape);
    },
    forward: 'layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)',
  },
  {
    signature: 'RMSNorm(normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None)',
    module: 'normalization',
    build: (layer) => layer.parameterIf(layer.flag('elementwise_affine'), 'weight', normalizedShape(layer)),
    inputs: 'x',
    forward: 'rms_norm(x, self.normalized_shape, self.weight, self.eps)',
  },
  {
    signature: 'LocalResponseNorm(size, alpha=0.0001, beta=0.75, k=1.0)',
    module: 'normalization',
    forward: 'local_response_norm(input, self.size, self.alpha, self.beta, self.k)',
  },
  {
    signature: 'CrossMapLRN2d(size, alpha=0.0001, beta=0.75, k=1)',
    module: 'normalization',
    forward: 'local_response_norm(input, self.size, self.alpha, self.beta, self.k)',
  },
];

export const normalizationLayers: readonly LayerSpec[] = [...batchNormLayers, ...instanceNormLayers, ...otherLayers];
