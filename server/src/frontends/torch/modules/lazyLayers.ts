/**
 * LazyLinear(10) and its kin: they become the plain layer when they first see an input, and take their input size
 * from it. LazyConv2d(8, 3) called with 1x5x32x32 becomes Conv2d(5, 8, 3).
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { dictOf } from '../../../evaluation/containers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyInstance, PyTuple, type PyClass, type Value } from '../../../evaluation/values.ts';
import { TensorValue } from '../tensorValue.ts';
import { dimValue } from '../torchWorld.ts';
import { HOOK_DICTS } from './moduleHooks.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';

/** Attribute under which a lazy layer keeps its constructor's arguments. */
const ARGUMENTS = '_lazy_arguments';

interface LazyRow {
  /** What it becomes. */
  readonly plain: string;
  readonly module: string;
  /** Constructor arguments but the input size. */
  readonly parameters: string;
  /** The argument and attribute that is taken from the input, and from which of its axes. */
  readonly inferred: string;
  readonly axis: number;
}

const CONVOLUTION =
  "out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None";
const TRANSPOSED =
  "out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None";
const NORM = 'eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None';

function rows(axes: number): readonly LazyRow[] {
  const channels = { inferred: 'in_channels', module: 'conv' };
  const features = { inferred: 'num_features', parameters: NORM, axis: 1 };
  return [
    // Channels stand before the spatial axes, with a batch or without.
    { plain: `Conv${axes}d`, parameters: CONVOLUTION, axis: -axes - 1, ...channels },
    { plain: `ConvTranspose${axes}d`, parameters: TRANSPOSED, axis: -axes - 1, ...channels },
    { plain: `BatchNorm${axes}d`, module: 'batchnorm', ...features },
    { plain: `InstanceNorm${axes}d`, module: 'instancenorm', ...features },
  ];
}

const linearRow: LazyRow = {
  plain: 'Linear',
  module: 'linear',
  parameters: 'out_features, bias=True, device=None, dtype=None',
  inferred: 'in_features',
  axis: -1,
};

function lazyLayer(row: LazyRow): LayerSpec {
  return {
    signature: `Lazy${row.plain}(${row.parameters})`,
    base: row.plain,
    module: row.module,
    notStored: ['bias'],
    build: (layer) => {
      layer.set(row.inferred, 0);
      layer.set(ARGUMENTS, argumentsOf(layer));
    },
    methods: members(`torch.nn.Lazy${row.plain}`, {
      '_infer_parameters(self, module, args)': (runtime, self, _module, args) => {
        materialize(runtime, self, args, row);
        return null;
      },
      'has_uninitialized_params(self)': () => true,
    }),
  };
}

function argumentsOf(layer: LayerBuild): PyDict {
  return dictOf(Object.entries(layer.bound).filter(([name]) => name !== 'self'));
}

/** Turns a lazy layer into the plain one, by running the plain constructor on it. */
function materialize(runtime: Runtime, self: Value, args: Value, row: LazyRow): void {
  const [input] = args instanceof PyTuple ? args.items : [];
  const size = input instanceof TensorValue ? input.type.shape?.at(row.axis) : undefined;
  if (!(self instanceof PyInstance) || size === undefined) return;
  const kept = self.attributes.get(ARGUMENTS);
  // The constructor starts afresh, and these stay.
  const staying = ['training', ...HOOK_DICTS].flatMap((name) => {
    const value = self.attributes.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const entries = kept instanceof PyDict ? [...kept.entries.values()] : [];
  const plain = plainClass(self.class_, `Lazy${row.plain}`);
  runtime.mutating(self);
  self.class_ = plain;
  const keywords = new Map<string, Value>([[row.inferred, dimValue(size)]]);
  for (const { key, value } of entries) if (typeof key === 'string') keywords.set(key, value);
  const constructor = runtime.lookupInClass(plain, '__init__');
  if (constructor !== undefined) runtime.call(constructor, [self], keywords);
  for (const [name, value] of staying) self.attributes.set(name, value);
  self.attributes.delete(ARGUMENTS);
}

/** The base that a lazy class becomes; a user's subclass becomes it too, as in PyTorch. */
function plainClass(cls: PyClass, lazyName: string): PyClass {
  const lazy = cls.mro.find((ancestor) => ancestor.name === lazyName);
  return lazy?.bases[0] ?? cls;
}

export const lazyLayers: readonly LayerSpec[] = [linearRow, ...[1, 2, 3].flatMap(rows)].map(lazyLayer);
