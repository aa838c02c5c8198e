/**
 * torch.utils, torch.hub and what loads weights: nothing is downloaded or read; a checkpointed function just runs.
 * `torch.hub.load_state_dict_from_url(url)` is unknown, and `load_state_dict` takes it without a word.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { dictOf } from '../../../evaluation/containers.ts';
import type { NativeModuleDefinition } from '../../../evaluation/nativeModule.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyList, PyTuple, type Value } from '../../../evaluation/values.ts';
import { emptyClasses, inertFunctions } from './compilation.ts';
import { inertContexts } from './contexts.ts';

const NOT_LOADED = 'weights are not read or downloaded';

const loaders = (name: string): NativeModuleDefinition => ({
  name,
  members: () =>
    new Map<string, Value>([
      ...members(name, {
        'load_state_dict_from_url(*args, **kwargs)': (runtime) => runtime.unknown(NOT_LOADED),
        'load_url(*args, **kwargs)': (runtime) => runtime.unknown(NOT_LOADED),
        'load(*args, **kwargs)': (runtime) => runtime.unknown('torch.hub.load runs code from the network'),
        'get_dir()': () => '~/.cache/torch/hub',
      }),
      ...inertFunctions(name, ['set_dir', 'download_url_to_file']),
    ]),
});

/** Keywords of `checkpoint` itself; the rest goes to the function. */
const CHECKPOINT_KEYWORDS = new Set([
  'use_reentrant',
  'preserve_rng_state',
  'context_fn',
  'determinism_check',
  'debug',
  'early_stop',
]);

const checkpoint: NativeModuleDefinition = {
  name: 'torch.utils.checkpoint',
  members: () =>
    members('torch.utils.checkpoint', {
      'checkpoint(function, *args, **kwargs)': (runtime, callee, args, kwargs) => {
        const keywords = new Map<string, Value>();
        for (const { key, value } of kwargs instanceof PyDict ? kwargs.entries.values() : []) {
          if (typeof key === 'string' && !CHECKPOINT_KEYWORDS.has(key)) keywords.set(key, value);
        }
        return runtime.call(callee, args instanceof PyTuple ? args.items : [], keywords);
      },
      'checkpoint_sequential(functions, segments, input, *args, **kwargs)': (runtime, functions, _segments, input) => {
        let value = input;
        for (const step of runtime.iterate(functions)) value = runtime.call(step, [value]);
        return value;
      },
    }),
};

const pytree: NativeModuleDefinition = {
  name: 'torch.utils._pytree',
  members: () =>
    members('torch.utils._pytree', {
      'tree_map(func, tree, *rests, is_leaf=None)': (runtime, func, tree) => mapTree(runtime, func, tree),
      'tree_flatten(tree, is_leaf=None)': (_, tree) => new PyTuple([new PyList([...leaves(tree)]), tree]),
      'tree_leaves(tree, is_leaf=None)': (_, tree) => new PyList([...leaves(tree)]),
      'tree_unflatten(leaves, treespec)': (runtime, values, tree) => {
        const rest = [...runtime.iterate(values)];
        return rebuild(tree, () => rest.shift() ?? null);
      },
    }),
};

/** Tuples, lists and dicts are trees; everything else is a leaf. */
function rebuild(tree: Value, next: (leaf: Value) => Value): Value {
  if (tree instanceof PyTuple)
    return new PyTuple(
      tree.items.map((item) => rebuild(item, next)),
      tree.namedClass,
    );
  if (tree instanceof PyList) return new PyList(tree.items.map((item) => rebuild(item, next)));
  if (!(tree instanceof PyDict)) return next(tree);
  const copy = dictOf([]);
  for (const [key, entry] of tree.entries) copy.entries.set(key, { key: entry.key, value: rebuild(entry.value, next) });
  return copy;
}

function mapTree(runtime: Runtime, func: Value, tree: Value): Value {
  return rebuild(tree, (leaf) => runtime.call(func, [leaf]));
}

function leaves(tree: Value): readonly Value[] {
  const found: Value[] = [];
  rebuild(tree, (leaf) => {
    found.push(leaf);
    return leaf;
  });
  return found;
}

export const utilityModules: readonly NativeModuleDefinition[] = [
  loaders('torch.hub'),
  loaders('torch.utils.model_zoo'),
  checkpoint,
  pytree,
  {
    name: 'torch.utils.data',
    members: (runtime) =>
      new Map(
        emptyClasses(runtime, 'torch.utils.data', ['Dataset', 'IterableDataset', 'TensorDataset', 'Sampler', 'Subset']),
      ),
  },
  {
    name: 'torch.profiler',
    members: (runtime) => new Map(inertContexts(runtime, 'torch.profiler', ['profile', 'record_function', 'schedule'])),
  },
  { name: 'torch._C', members: () => new Map(inertFunctions('torch._C', ['_log_api_usage_once'])) },
  {
    name: 'torch.overrides',
    members: () =>
      members('torch.overrides', {
        'has_torch_function(relevant_args)': () => false,
        'has_torch_function_unary(obj)': () => false,
        'has_torch_function_variadic(*args)': () => false,
        'is_tensor_like(inp)': (runtime, value) => runtime.typeOf(value).name.endsWith('Tensor'),
      }),
  },
];

/** Modules that are imported for training; nothing in them is modelled, and they are never read from disk. */
export const UNMODELLED_MODULES: readonly string[] = [
  'torch.utils',
  'torch.utils.tensorboard',
  'torch.optim',
  'torch.optim.lr_scheduler',
  'torch.onnx',
  'torch.ao',
  'torch.library',
  'torch.multiprocessing',
  'torch.export',
  'torch.package',
];
