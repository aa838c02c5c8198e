/**
 * `state_dict()` and `load_state_dict()`: names and types as PyTorch gives them, with the hooks of both.
 * Values are not loaded, as we keep none; keys that are missing or too many and shapes that differ are refused as in PyTorch.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { keyOf } from '../../../evaluation/containers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyInstance, PyList, PySet, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import { printShape } from '../../../graph/tensorType.ts';
import { sameTensor } from '../tensor/castOperations.ts';
import { TensorValue } from '../tensorValue.ts';
import { worldOf } from '../torchWorld.ts';
import { hooksOf } from './moduleHooks.ts';
import { entriesOf, ModuleValue } from './moduleValue.ts';

const EXTRA_STATE = '_extra_state';

export const moduleStateDictMembers = members('torch.nn.Module', {
  "state_dict(self, *args, destination=None, prefix='', keep_vars=False)": (
    runtime,
    self,
    args,
    destination,
    prefix,
    keepVars,
  ) => {
    const [first, second, third] = args instanceof PyTuple ? args.items : [];
    const given = destination === null ? (first ?? null) : destination;
    const path = prefix === '' ? (second ?? '') : prefix;
    const keeps = keepVars === false ? (third ?? false) : keepVars;
    return stateDict(runtime, self, given === null ? newStateDict(runtime) : given, path, keeps);
  },
  '_save_to_state_dict(self, destination, prefix, keep_vars)': (runtime, self, destination, prefix, keepVars) => {
    if (!(self instanceof PyInstance) || typeof prefix !== 'string') return null;
    const keeps = runtime.truth(keepVars) === true;
    for (const [name, tensor] of persistentTensors(self)) {
      const saved = keeps || !(tensor instanceof TensorValue) ? tensor : sameTensor({ runtime }, tensor);
      runtime.setItem(destination, prefix + name, saved);
    }
    if (hasExtraState(runtime, self)) {
      runtime.setItem(destination, prefix + EXTRA_STATE, runtime.callMethod(self, 'get_extra_state'));
    }
    return null;
  },
  '_load_from_state_dict(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)':
    loadInto,
  'load_state_dict(self, state_dict, strict=True, assign=False)': (runtime, self, state, strict) => {
    if (!(self instanceof ModuleValue)) return null;
    const [missing, unexpected, errors] = [new PyList([]), new PyList([]), new PyList([])];
    const copy = copyOf(state);
    if (copy !== undefined) loadTree(runtime, self, { state: copy, prefix: '', strict, missing, unexpected, errors });
    if (runtime.truth(strict) === true) {
      addMismatch(errors, 'Unexpected', unexpected);
      addMismatch(errors, 'Missing', missing);
    }
    if (errors.items.length > 0) {
      const { name } = runtime.typeOf(self);
      const texts = errors.items.map((item) => runtime.str(item));
      runtime.raise('RuntimeError', `Error(s) in loading state_dict for ${name}:\n\t${texts.join('\n\t')}`);
    }
    return new PyTuple([missing, unexpected], worldOf(runtime).incompatibleKeysClass);
  },
});

/** How `load_state_dict`'s result prints. */
export const incompatibleKeysMembers = members('torch.nn.modules.module._IncompatibleKeys', {
  '__repr__(self)': (runtime, self) => {
    const [missing = null, unexpected = null] = self instanceof PyTuple ? self.items : [];
    if ([missing, unexpected].every((keys) => keys instanceof PyList && keys.items.length === 0)) {
      return '<All keys matched successfully>';
    }
    return `_IncompatibleKeys(missing_keys=${runtime.repr(missing)}, unexpected_keys=${runtime.repr(unexpected)})`;
  },
});

function newStateDict(runtime: Runtime): Value {
  const ordered = runtime.getAttribute(runtime.importModule('collections'), 'OrderedDict');
  const made = runtime.call(ordered);
  runtime.setAttribute(made, '_metadata', runtime.call(ordered));
  return made;
}

function stateDict(runtime: Runtime, self: Value, destination: Value, prefix: Value, keepVars: Value): Value {
  if (!(self instanceof PyInstance) || typeof prefix !== 'string') return destination;
  for (const { hook } of hooksOf(runtime, self, '_state_dict_pre_hooks', undefined)) {
    runtime.call(hook, [self, prefix, keepVars]);
  }
  runtime.callMethod(self, '_save_to_state_dict', [destination, prefix, keepVars]);
  for (const [name, child] of entriesOf(self, '_modules')) {
    if (child === null) continue;
    const keywords = new Map<string, Value>([
      ['destination', destination],
      ['prefix', `${prefix}${name}.`],
      ['keep_vars', keepVars],
    ]);
    runtime.callMethod(child, 'state_dict', [], keywords);
  }
  let result = destination;
  for (const { hook } of hooksOf(runtime, self, '_state_dict_hooks', undefined)) {
    const replaced = runtime.call(hook, [self, result, prefix, new PyDict()]);
    if (replaced === null) continue;
    if (runtime.lookupAttribute(hook, '_from_public_api') === true) {
      runtime.raise('RuntimeError', 'state_dict post-hook must return None');
    }
    result = replaced;
  }
  return result;
}

/** Parameters and persistent buffers of the module alone, None left out. */
function persistentTensors(module: PyInstance): readonly (readonly [string, Value])[] {
  const transient = module.attributes.get('_non_persistent_buffers_set');
  const isTransient = (name: string): boolean => transient instanceof PySet && transient.entries.has(keyOf(name));
  return [
    ...entriesOf(module, '_parameters'),
    ...entriesOf(module, '_buffers').filter(([name]) => !isTransient(name)),
  ].filter(([, tensor]) => tensor !== null);
}

function hasExtraState(runtime: Runtime, module: PyInstance): boolean {
  const base = worldOf(runtime).moduleClass.attributes.get('get_extra_state');
  return runtime.lookupInClass(module.class_, 'get_extra_state') !== base;
}

/** A dict with the same entries, as hooks may change it; undefined where its keys are not known. */
function copyOf(state: Value): PyDict | undefined {
  if (!(state instanceof PyDict)) return undefined;
  const copy = new PyDict();
  copy.entries = new Map(state.entries);
  return copy;
}

interface Loading {
  readonly state: PyDict;
  readonly prefix: string;
  readonly strict: Value;
  readonly missing: PyList;
  readonly unexpected: PyList;
  readonly errors: PyList;
}

function loadTree(runtime: Runtime, module: ModuleValue, loading: Loading): void {
  const { state, prefix, missing, unexpected, errors } = loading;
  runtime.callMethod(module, '_load_from_state_dict', [state, prefix, new PyDict(), true, missing, unexpected, errors]);
  for (const [name, child] of entriesOf(module, '_modules')) {
    if (!(child instanceof ModuleValue)) continue;
    const below = `${prefix}${name}.`;
    const part = new PyDict();
    for (const [key, entry] of state.entries) {
      if (typeof entry.key === 'string' && entry.key.startsWith(below)) part.entries.set(key, entry);
    }
    loadTree(runtime, child, { ...loading, state: part, prefix: below });
  }
  for (const { hook } of hooksOf(runtime, module, '_load_state_dict_post_hooks', undefined)) {
    runtime.call(hook, [module, new PyTuple([missing, unexpected], worldOf(runtime).incompatibleKeysClass)]);
  }
}

/** What one module takes of a state dict. Source: torch.nn.Module._load_from_state_dict. */
function loadInto(runtime: Runtime, ...args: readonly Value[]): Value {
  const [self, state, prefix, metadata, strict, missing, unexpected, errors] = args;
  const areLists = missing instanceof PyList && unexpected instanceof PyList && errors instanceof PyList;
  if (!(self instanceof PyInstance) || !(state instanceof PyDict) || typeof prefix !== 'string' || !areLists)
    return null;
  for (const { hook } of hooksOf(runtime, self, '_load_state_dict_pre_hooks', undefined)) {
    runtime.call(hook, [state, prefix, metadata ?? null, strict ?? true, missing, unexpected, errors]);
  }
  const local = new Map(persistentTensors(self));
  for (const [name, tensor] of local) {
    const key = prefix + name;
    const entry = state.entries.get(keyOf(key));
    if (entry !== undefined) compareShapes(errors, key, entry.value, tensor);
    // Older checkpoints have no count of batches, and PyTorch makes it up.
    else if (name !== 'num_batches_tracked') missing.items.push(key);
  }
  if (hasExtraState(runtime, self)) {
    const entry = state.entries.get(keyOf(prefix + EXTRA_STATE));
    if (entry === undefined) missing.items.push(prefix + EXTRA_STATE);
    else runtime.callMethod(self, 'set_extra_state', [entry.value]);
    local.set(EXTRA_STATE, null);
  }
  const children = new Set(entriesOf(self, '_modules').map(([name]) => name));
  for (const { key } of state.entries.values()) {
    if (typeof key !== 'string' || !key.startsWith(prefix)) continue;
    const [head = '', ...rest] = key.slice(prefix.length).split('.');
    if (rest.length > 0 ? !children.has(head) : !local.has(head)) unexpected.items.push(key);
  }
  return null;
}

function compareShapes(errors: PyList, key: string, given: Value, expected: Value): void {
  if (given instanceof PyUnknown || !(given instanceof TensorValue) || !(expected instanceof TensorValue)) return;
  const [from, to] = [given.type.shape, expected.type.shape];
  if (from === undefined || to === undefined) return;
  // A scalar takes a tensor of one element.
  if (to.length === 0 && from.length === 1) return;
  // A lazy layer has no shape so far.
  if (to.length === 1 && to[0] === 0) return;
  const isKnown = [...from, ...to].every((dim) => typeof dim === 'number');
  if (!isKnown || (from.length === to.length && from.every((dim, axis) => dim === to[axis]))) return;
  errors.items.push(
    `size mismatch for ${key}: copying a param with shape ${printShape(from)} from checkpoint, ` +
      `the shape in current model is ${printShape(to)}.`,
  );
}

function addMismatch(errors: PyList, what: string, keys: PyList): void {
  if (keys.items.length === 0) return;
  const names = keys.items.map((key) => `"${typeof key === 'string' ? key : '?'}"`).join(', ');
  errors.items.unshift(`${what} key(s) in state_dict: ${names}. `);
}
