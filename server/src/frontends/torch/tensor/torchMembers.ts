/**
 * What the module `torch` gives of tensors: functions, dtypes, Tensor, Size, device, finfo, layouts.
 * torch.relu, torch.float32, torch.Size([1, 2]), torch.device('cpu'), torch.finfo(torch.float16).min.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { NativeFunction, PyFloat, PyInstance, type PyClass, type Value } from '../../../evaluation/values.ts';
import { legacyClasses } from '../creation/legacyConstructor.ts';
import { functionalTable } from '../functional/functionalTable.ts';
import { worldOf } from '../torchWorld.ts';
import { deviceClass } from './deviceClass.ts';
import { DTYPE_NAMES } from './dtypeNames.ts';
import { dtypeClass, dtypeFunctions, numericLimits } from './dtypeClass.ts';
import { functionsOf } from './operation.ts';
import { sizeClass } from './sizeClass.ts';
import { tensorClass } from './tensorClass.ts';
import { tensorOperations } from './tensorOperations.ts';

/** Functions of torch.nn.functional that `torch` has under the same name and signature. */
const SHARED_WITH_FUNCTIONAL = [
  'conv1d',
  'conv2d',
  'conv3d',
  'conv_transpose1d',
  'conv_transpose2d',
  'conv_transpose3d',
  'batch_norm',
  'layer_norm',
  'rms_norm',
  'group_norm',
  'instance_norm',
  'max_pool1d',
  'max_pool2d',
  'max_pool3d',
  'max_pool1d_with_indices',
  'avg_pool1d',
  'adaptive_avg_pool1d',
  'adaptive_max_pool1d',
  'dropout',
  'alpha_dropout',
  'feature_alpha_dropout',
  'relu_',
  'threshold',
  'rrelu',
  'bilinear',
  'cosine_similarity',
  'pairwise_distance',
  'pdist',
  'pixel_shuffle',
  'pixel_unshuffle',
  'channel_shuffle',
  'cosine_embedding_loss',
  'hinge_embedding_loss',
  'margin_ranking_loss',
  'triplet_margin_loss',
  'kl_div',
  'ctc_loss',
  'poisson_nll_loss',
];

/** To be merged into the members of the module `torch`. */
export function torchMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  const world = worldOf(runtime);
  return new Map<string, Value>([
    ...SHARED_WITH_FUNCTIONAL.map((name): [string, Value] => [name, functionalTable.get(name) ?? null]),
    ...functionsOf(tensorOperations),
    ...[...DTYPE_NAMES].map(([name, dtype]): [string, Value] => [name, world.dtype(dtype)]),
    ...legacyClasses(runtime),
    ...dtypeFunctions(),
    ...numericLimits(runtime),
    ...layouts(runtime),
    ...symbolicHelpers,
    ['Tensor', tensorClass(runtime)],
    ['Size', sizeClass(runtime)],
    ['device', deviceClass(runtime)],
    ['dtype', dtypeClass(runtime)],
    ['Generator', generatorClass(runtime)],
    ['pi', new PyFloat(Math.PI)],
    ['e', new PyFloat(Math.E)],
    ['inf', new PyFloat(Infinity)],
    ['nan', new PyFloat(NaN)],
    ['newaxis', null],
  ]);
}

/** Functions of torch on symbolic sizes, which work on plain ints too. */
const symbolicHelpers = members('torch', {
  'sym_max(a, b)': (runtime, a, b) =>
    runtime.call(runtime.getAttribute(runtime.importModule('builtins'), 'max'), [a, b]),
  'sym_min(a, b)': (runtime, a, b) =>
    runtime.call(runtime.getAttribute(runtime.importModule('builtins'), 'min'), [a, b]),
  'sym_int(a)': (runtime, a) => runtime.call(runtime.builtinClass('int'), [a]),
  'sym_float(a)': (runtime, a) => runtime.call(runtime.builtinClass('float'), [a]),
  'sym_not(a)': (runtime, a) => runtime.unary('not', a),
  '_check(condition, message=None)': () => null,
  '_shape_as_tensor(input)': (runtime, input) =>
    runtime.call(runtime.getAttribute(runtime.importModule('torch'), 'tensor'), [runtime.getAttribute(input, 'shape')]),
});

/** Layouts and memory formats are only passed on and compared. */
function layouts(runtime: Runtime): readonly (readonly [string, Value])[] {
  const world = worldOf(runtime);
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['layout', ['strided', 'sparse_coo', 'sparse_csr', 'jagged']],
    ['memory_format', ['contiguous_format', 'channels_last', 'channels_last_3d', 'preserve_format']],
  ];
  return kinds.flatMap(([kind, names]) => {
    const cls = world.defineClass(kind, 'torch');
    const printed = new NativeFunction('__repr__', (_, { positional: [self] }) =>
      self instanceof PyInstance ? (self.attributes.get('_name') ?? kind) : kind,
    );
    cls.attributes.set('__repr__', printed);
    return [[kind, cls] as const, ...names.map((name) => [name, named(cls, `torch.${name}`)] as const)];
  });
}

function named(cls: PyClass, name: string): PyInstance {
  const instance = new PyInstance(cls);
  instance.attributes.set('_name', name);
  return instance;
}

/** Random numbers are never drawn, so a generator only exists. */
function generatorClass(runtime: Runtime): Value {
  return worldOf(runtime).defineClass('Generator', 'torch', undefined, generatorMembers);
}

const generatorMembers = members('torch.Generator', {
  '__init__(self, device=None)': () => null,
  'manual_seed(self, seed)': (_, self) => self,
  'seed(self)': () => 0,
  'initial_seed(self)': () => 0,
});
