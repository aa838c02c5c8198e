/**
 * The modules below `torch.nn` by their full names: torch.nn, torch.nn.init, torch.nn.utils, torch.nn.modules.conv, ...
 */
import { members } from '../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../evaluation/nativeModule.ts';
import type { Runtime } from '../../evaluation/runtime.ts';
import { PyDict, PyList, PyTuple, type Value } from '../../evaluation/values.ts';
import { elementCount, tensorType } from '../../graph/tensorType.ts';
import { addDims, type Dim } from '../../graph/dim.ts';
import { globalRegistrationMembers } from './modules/hookRegistration.ts';
import { layerClasses, layerModules } from './modules/layerCatalog.ts';
import { repeated } from './modules/layerSpec.ts';
import { moduleClass } from './modules/moduleClass.ts';
import { globalHookDicts } from './modules/moduleHooks.ts';
import { initFunctions } from './modules/nnInit.ts';
import { packedSequenceFunctions } from './modules/packedSequence.ts';
import { bufferClass, parameterClass } from './modules/parameterClass.ts';
import { parametrizationFunctions, parametrizeFunctions } from './modules/parametrize.ts';
import { weightNormFunctions } from './modules/weightNorm.ts';
import { inertContexts } from './support/contexts.ts';
import { TensorValue } from './tensorValue.ts';
import { makeTensor, worldOf } from './torchWorld.ts';

const nn: NativeModuleDefinition = {
  name: 'torch.nn',
  members: (runtime) =>
    new Map<string, Value>([
      ...[...layerClasses(runtime)].filter(([name]) => !name.startsWith('_')),
      ['Parameter', parameterClass(runtime)],
      ['Buffer', bufferClass(runtime)],
      ['UninitializedParameter', parameterClass(runtime)],
      ['UninitializedBuffer', bufferClass(runtime)],
    ]),
};

/** torch.nn.modules.conv and its siblings; torch.nn.modules has all names. */
const layerModuleDefinitions: readonly NativeModuleDefinition[] = [
  { name: 'torch.nn.modules', members: (runtime) => layerClasses(runtime) },
  { name: 'torch.nn.parallel', members: (runtime) => layerClasses(runtime) },
  { name: 'torch.nn.parallel.distributed', members: (runtime) => layerClasses(runtime) },
  ...[...new Set(layerModules.map(([, module]) => module))].map((module): NativeModuleDefinition => ({
    name: `torch.nn.modules.${module}`,
    members: (runtime) => {
      const names = layerModules.filter(([, where]) => where === module).map(([name]) => name);
      const classes = layerClasses(runtime);
      return new Map(names.flatMap((name) => [...optionalEntry(name, classes.get(name))]));
    },
  })),
  {
    name: 'torch.nn.modules.module',
    members: (runtime) =>
      new Map<string, Value>([
        ['Module', moduleClass(runtime)],
        ...globalHookDicts(runtime),
        ...globalRegistrationMembers,
      ]),
  },
];

const parameterModule: NativeModuleDefinition = {
  name: 'torch.nn.parameter',
  members: (runtime) =>
    new Map<string, Value>([
      ['Parameter', parameterClass(runtime)],
      ['Buffer', bufferClass(runtime)],
      ['UninitializedParameter', parameterClass(runtime)],
      ['UninitializedBuffer', bufferClass(runtime)],
    ]),
};

/** `_pair(3)` is (3, 3). */
const tupleHelpers: NativeModuleDefinition = {
  name: 'torch.nn.modules.utils',
  members: () =>
    members('torch.nn.modules.utils', {
      '_single(x)': (_, x) => repeated(x, 1),
      '_pair(x)': (_, x) => repeated(x, 2),
      '_triple(x)': (_, x) => repeated(x, 3),
      '_quadruple(x)': (_, x) => repeated(x, 4),
      "_ntuple(n, name='parse')": (_, count) =>
        members('torch.nn.modules.utils', {
          'parse(x)': (_inner, x) => repeated(x, typeof count === 'number' ? count : 1),
        }).get('parse') ?? null,
      '_reverse_repeat_tuple(t, n)': (runtime, tuple, count) => {
        const items = [...runtime.iterate(tuple)].reverse();
        return new PyTuple(items.flatMap((item) => Array.from({ length: Number(count) || 0 }, () => item)));
      },
      'consume_prefix_in_state_dict_if_present(state_dict, prefix)': () => null,
    }),
};

const utils: NativeModuleDefinition = {
  name: 'torch.nn.utils',
  members: () =>
    new Map<string, Value>([
      ...weightNormFunctions,
      ...members('torch.nn.utils', {
        'clip_grad_norm_(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None)': (runtime) =>
          makeTensor(runtime, tensorType(worldOf(runtime).defaultDType, [])),
        'clip_grad_value_(parameters, clip_value, foreach=None)': () => null,
        'parameters_to_vector(parameters)': (runtime, parameters) => vectorOf(runtime, parameters),
        'vector_to_parameters(vec, parameters)': () => null,
        'fuse_conv_bn_eval(conv, bn, transpose=False)': (_, convolution) => convolution,
        'fuse_linear_bn_eval(linear, bn)': (_, linear) => linear,
        'skip_init(module_cls, *args, **kwargs)': (runtime, cls, args, kwargs) => {
          const positional = args instanceof PyTuple ? args.items : [];
          const keywords = new Map<string, Value>();
          for (const { key, value } of kwargs instanceof PyDict ? kwargs.entries.values() : []) {
            if (typeof key === 'string' && key !== 'device') keywords.set(key, value);
          }
          return runtime.call(cls, positional, keywords);
        },
      }),
    ]),
};

const attention: NativeModuleDefinition = {
  name: 'torch.nn.attention',
  members: (runtime) => {
    const backends = worldOf(runtime).defineClass('SDPBackend', 'torch.nn.attention');
    const names = ['ERROR', 'MATH', 'FLASH_ATTENTION', 'EFFICIENT_ATTENTION', 'CUDNN_ATTENTION'];
    names.forEach((name, index) => backends.attributes.set(name, index - 1));
    return new Map<string, Value>([
      ['SDPBackend', backends],
      ...inertContexts(runtime, 'torch.nn.attention', ['sdpa_kernel']),
    ]);
  },
};

/** All modules below torch.nn but torch.nn.functional. */
export const nnModules: readonly NativeModuleDefinition[] = [
  nn,
  ...layerModuleDefinitions,
  parameterModule,
  tupleHelpers,
  utils,
  attention,
  {
    name: 'torch.utils.hooks',
    members: (runtime) => {
      moduleClass(runtime); // gives the handle its methods
      return new Map<string, Value>([
        ['RemovableHandle', worldOf(runtime).removableHandleClass],
        ...members('torch.utils.hooks', { 'unserializable_hook(f)': (_, hook) => hook }),
      ]);
    },
  },
  { name: 'torch.nn.init', members: () => initFunctions },
  { name: 'torch.nn.utils.parametrize', members: () => parametrizeFunctions },
  { name: 'torch.nn.utils.parametrizations', members: () => parametrizationFunctions },
  { name: 'torch.nn.utils.weight_norm', members: () => weightNormFunctions },
  { name: 'torch.nn.utils.spectral_norm', members: () => weightNormFunctions },
  {
    name: 'torch.nn.utils.rnn',
    members: (runtime) =>
      new Map<string, Value>([...packedSequenceFunctions, ['PackedSequence', worldOf(runtime).packedSequenceClass]]),
  },
];

function optionalEntry(name: string, value: Value | undefined): readonly (readonly [string, Value])[] {
  return value === undefined ? [] : [[name, value]];
}

function vectorOf(runtime: Runtime, parameters: Value): Value {
  const items = parameters instanceof PyList ? parameters.items : [...runtime.iterate(parameters)];
  const counts = items.map((item) => elementCount(item instanceof TensorValue ? item.type.shape : undefined));
  const total = counts.reduce<Dim>(addDims, 0);
  return makeTensor(runtime, tensorType(worldOf(runtime).defaultDType, [total]));
}
