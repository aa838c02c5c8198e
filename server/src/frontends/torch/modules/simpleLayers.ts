/**
 * Layers without weights that only rearrange, pad, drop or compare: one row each, constructor -> the function it calls.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { PyFloat, PyList, PyTuple, type Value } from '../../../evaluation/values.ts';
import { callFunctional } from './callText.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';

/** [constructor, forward, module] */
const ROWS: readonly (readonly [string, string, string])[] = [
  ['Flatten(start_dim=1, end_dim=-1)', 'torch.flatten(input, self.start_dim, self.end_dim)', 'flatten'],
  [
    'Fold(output_size, kernel_size, dilation=1, padding=0, stride=1)',
    'fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)',
    'fold',
  ],
  [
    'Unfold(kernel_size, dilation=1, padding=0, stride=1)',
    'unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)',
    'fold',
  ],
  ['PixelShuffle(upscale_factor)', 'pixel_shuffle(input, self.upscale_factor)', 'pixelshuffle'],
  ['PixelUnshuffle(downscale_factor)', 'pixel_unshuffle(input, self.downscale_factor)', 'pixelshuffle'],
  ['ChannelShuffle(groups)', 'channel_shuffle(input, self.groups)', 'channelshuffle'],
];

const DROPOUTS: readonly (readonly [string, string])[] = [
  ['Dropout', 'dropout'],
  ['Dropout1d', 'dropout1d'],
  ['Dropout2d', 'dropout2d'],
  ['Dropout3d', 'dropout3d'],
  ['AlphaDropout', 'alpha_dropout'],
  ['FeatureAlphaDropout', 'feature_alpha_dropout'],
];

const dropoutLayers: readonly LayerSpec[] = [
  { signature: '_DropoutNd(p=0.5, inplace=False)', module: 'dropout' },
  ...DROPOUTS.map(([name, call]): LayerSpec => ({
    signature: `${name}(p=0.5, inplace=False)`,
    base: '_DropoutNd',
    module: 'dropout',
    build: (layer) => {
      const p = layer.value('p');
      const value = typeof p === 'object' && p?.kind === 'float' ? p.value : p;
      if (value === null || typeof value === 'string' || value instanceof PyTuple || value instanceof PyList) {
        layer.refuse('TypeError', `the dropout probability should be a number, but got ${layer.runtime.repr(value)}`);
      }
      if (typeof value === 'number' && (value < 0 || value > 1)) {
        layer.refuse('ValueError', `dropout probability has to be between 0 and 1, but got ${value}`);
      }
    },
    forward: `${call}(input, self.p, self.training, self.inplace)`,
  })),
];

/** Scale factors are kept as floats. */
function buildUpsample(layer: LayerBuild): void {
  const scale = layer.value('scale_factor');
  const float = (value: Value): Value => (typeof value === 'number' ? new PyFloat(value) : value);
  layer.set('name', layer.runtime.typeOf(layer.self).name);
  layer.set('scale_factor', scale instanceof PyTuple ? new PyTuple(scale.items.map(float)) : float(scale));
}

const upsample: LayerSpec = {
  signature: "Upsample(size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None)",
  module: 'upsampling',
  build: buildUpsample,
  forward:
    'interpolate(input, self.size, self.scale_factor, self.mode, self.align_corners, recompute_scale_factor=self.recompute_scale_factor)',
};

const upsamplings: readonly LayerSpec[] = (['nearest', 'bilinear'] as const).map((mode) => ({
  signature: `Upsampling${mode === 'nearest' ? 'Nearest' : 'Bilinear'}2d(size=None, scale_factor=None)`,
  base: 'Upsample',
  module: 'upsampling',
  build: (layer) => {
    buildUpsample(layer);
    layer.set('mode', mode);
    layer.set('align_corners', mode === 'nearest' ? null : true);
    layer.set('recompute_scale_factor', null);
  },
}));

/** [name, F.pad mode] */
const PADDINGS: readonly (readonly [string, string])[] = [
  ['Reflection', 'reflect'],
  ['Replication', 'replicate'],
  ['Circular', 'circular'],
];

function paddingLayers(axes: number): readonly LayerSpec[] {
  const tuples = { padding: 2 * axes };
  return [
    ...PADDINGS.map(([name, mode]): LayerSpec => ({
      signature: `${name}Pad${axes}d(padding)`,
      base: `_${name}PadNd`,
      module: 'padding',
      tuples,
      forward: `pad(input, self.padding, '${mode}')`,
    })),
    {
      signature: `ConstantPad${axes}d(padding, value)`,
      base: '_ConstantPadNd',
      module: 'padding',
      tuples,
      forward: `pad(input, self.padding, 'constant', self.value)`,
    },
    {
      signature: `ZeroPad${axes}d(padding)`,
      base: `ConstantPad${axes}d`,
      module: 'padding',
      tuples,
      build: (layer) => layer.set('value', 0),
    },
  ];
}

const unflatten: LayerSpec = {
  signature: 'Unflatten(dim, unflattened_size)',
  module: 'flatten',
  build: (layer) => {
    const sizes = layer.value('unflattened_size');
    const items = sizes instanceof PyTuple || sizes instanceof PyList ? sizes.items : [sizes];
    const isScalar = items.includes(sizes);
    const wrong = items.find((item) => typeof item === 'boolean' || item === null || item instanceof PyFloat);
    if (wrong === undefined && !(isScalar && typeof sizes === 'number')) return;
    const found = layer.runtime.typeOf(wrong ?? sizes).name;
    layer.refuse('TypeError', `unflattened_size must be a tuple of ints, but found ${found}`);
  },
  methods: members('torch.nn.Unflatten', {
    'forward(self, input)': (runtime, self, input) =>
      runtime.callMethod(input, 'unflatten', [
        runtime.getAttribute(self, 'dim'),
        sizesOf(runtime.getAttribute(self, 'unflattened_size')),
      ]),
  }),
};

/** Named sizes (('H', 2), ('W', 3)) lose their names. */
function sizesOf(value: Value): Value {
  if (!(value instanceof PyTuple || value instanceof PyList)) return value;
  return new PyTuple(value.items.map((item) => (item instanceof PyTuple ? (item.items[1] ?? null) : item)));
}

const distances: readonly LayerSpec[] = [
  {
    signature: 'CosineSimilarity(dim=1, eps=1e-08)',
    module: 'distance',
    inputs: 'x1, x2',
    forward: 'cosine_similarity(x1, x2, self.dim, self.eps)',
  },
  {
    signature: 'PairwiseDistance(p=2.0, eps=1e-06, keepdim=False)',
    module: 'distance',
    build: (layer) => layer.set('norm', layer.value('p')),
    inputs: 'x1, x2',
    methods: members('torch.nn.PairwiseDistance', {
      'forward(self, x1, x2)': (runtime, self, left, right) =>
        callFunctional(runtime, 'pairwise_distance', [
          left,
          right,
          ...['norm', 'eps', 'keepdim'].map((name) => runtime.getAttribute(self, name)),
        ]),
    }),
  },
];

export const simpleLayers: readonly LayerSpec[] = [
  ...ROWS.map(([signature, forward, module]): LayerSpec => ({ signature, forward, module })),
  unflatten,
  upsample,
  ...upsamplings,
  ...dropoutLayers,
  ...['_ConstantPadNd', '_ReflectionPadNd', '_ReplicationPadNd', '_CircularPadNd'].map((name): LayerSpec => ({
    signature: `${name}()`,
    module: 'padding',
  })),
  ...[1, 2, 3].flatMap(paddingLayers),
  ...distances,
];
