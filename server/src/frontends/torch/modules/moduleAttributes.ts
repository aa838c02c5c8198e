/**
 * How nn.Module stores what is assigned to it: parameters, buffers and child modules go to registries of their own,
 * everything else to the instance. `self.conv = nn.Conv2d(...)` lands in `_modules`, and `self.conv` finds it there.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { namesOf } from '../../../evaluation/builtins/objectMembers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { keywordsOf } from '../../../evaluation/builtins/genericAlias.ts';
import {
  PyDict,
  PyInstance,
  PyList,
  PySet,
  PySuper,
  PyTuple,
  PyUnknown,
  type Value,
} from '../../../evaluation/values.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { StoredTensor, TensorValue } from '../tensorValue.ts';
import { makeParameter, makeTensor, worldOf } from '../torchWorld.ts';
import { globalHookDicts, HOOK_DICTS } from './moduleHooks.ts';
import { entriesOf, entryOf, ModuleValue, registryOf, removeEntry, setEntry, type Registry } from './moduleValue.ts';

const REGISTRIES: readonly Registry[] = ['_parameters', '_buffers', '_modules'];

const MADE_ON_DEMAND: readonly string[] = [...HOOK_DICTS, '_is_full_backward_hook', '_non_persistent_buffers_set'];

/** `Module.__init__`: fresh registries; `training` is True. Calling it again forgets what was registered, as PyTorch does. */
export function initializeModule(runtime: Runtime, module: PyInstance): void {
  runtime.mutating(module);
  module.attributes.set('training', true);
  for (const name of REGISTRIES) module.attributes.set(name, new PyDict());
  for (const name of MADE_ON_DEMAND) module.attributes.delete(name);
}

/** `module.name = value` by Module's rules. Source: torch.nn.Module.__setattr__. */
export function setModuleAttribute(runtime: Runtime, module: PyInstance, name: string, value: Value): void {
  if (isParameter(runtime, value)) {
    requireRegistry(runtime, module, '_parameters', 'parameters');
    removeElsewhere(runtime, module, name, '_parameters');
    registerBy(runtime, module, 'register_parameter', '_parameters', name, value);
  } else if (entryOf(module, '_parameters', name) !== undefined) {
    replaceEntry(runtime, module, '_parameters', name, value);
  } else if (value instanceof ModuleValue) {
    requireRegistry(runtime, module, '_modules', 'module');
    removeElsewhere(runtime, module, name, '_modules');
    setEntry(runtime, module, '_modules', name, afterHooks(runtime, module, '_modules', name, value));
  } else if (entryOf(module, '_modules', name) !== undefined) {
    replaceEntry(runtime, module, '_modules', name, value);
  } else if (isBuffer(runtime, value)) {
    requireRegistry(runtime, module, '_buffers', 'buffer');
    registerBy(runtime, module, 'register_buffer', '_buffers', name, value);
  } else if (entryOf(module, '_buffers', name) !== undefined) {
    replaceEntry(runtime, module, '_buffers', name, value);
  } else {
    runtime.genericSetAttribute(module, name, value);
  }
}

/** `self.name = value` as the constructor of a layer does it: through what a subclass put in place of `__setattr__`. */
export function setLayerAttribute(runtime: Runtime, layer: PyInstance, name: string, value: Value): void {
  if (isOverridden(runtime, layer, '__setattr__')) runtime.setAttribute(layer, name, value);
  else setModuleAttribute(runtime, layer, name, value);
}

/** What the constructor of a layer registers; without checks, as we know the names. */
export function registerTensor(
  runtime: Runtime,
  module: PyInstance,
  registry: '_parameters' | '_buffers',
  name: string,
  tensor: TensorValue | null,
): void {
  const setter = registry === '_buffers' ? 'register_buffer' : tensor === null ? 'register_parameter' : '__setattr__';
  if (isOverridden(runtime, module, setter)) {
    runtime.callMethod(module, setter, [name, tensor]);
    return;
  }
  enter(runtime, module, registry, name, tensor);
}

export const moduleAttributeMembers = members('torch.nn.Module', {
  '__init__(self, *args, **kwargs)': (runtime, self, args, kwargs) => {
    if (!(self instanceof PyInstance)) return null;
    const positional = args instanceof PyTuple ? args.items : [];
    const keywords = keywordsOf(kwargs);
    const callsNext = runtime.lookupAttribute(self, 'call_super_init') === true;
    if (!callsNext) refuseArguments(runtime, self, positional.length, keywords);
    initializeModule(runtime, self);
    if (callsNext) {
      const next = new PySuper(worldOf(runtime).moduleClass, self);
      runtime.callMethod(next, '__init__', positional, keywords);
    }
    return null;
  },
  '__setattr__(self, name, value)': (runtime, self, name, value) => {
    if (self instanceof PyInstance && typeof name === 'string') setModuleAttribute(runtime, self, name, value);
    return null;
  },
  '__getattr__(self, name)': (runtime, self, name) => {
    if (self instanceof PyInstance && typeof name === 'string') {
      for (const registry of REGISTRIES) {
        const value = entryOf(self, registry, name);
        if (value !== undefined) return value;
      }
    }
    return runtime.raise(
      'AttributeError',
      `'${runtime.typeOf(self).name}' object has no attribute '${runtime.str(name)}'`,
    );
  },
  '__delattr__(self, name)': (runtime, self, name) => {
    if (!(self instanceof PyInstance) || typeof name !== 'string') return null;
    if (!REGISTRIES.some((registry) => removeEntry(runtime, self, registry, name))) {
      runtime.genericDeleteAttribute(self, name);
    }
    return null;
  },
  '__dir__(self)': (runtime, self) => {
    const names = new Set(namesOf(runtime, self));
    for (const registry of REGISTRIES) {
      if (self instanceof PyInstance) for (const [name] of entriesOf(self, registry)) names.add(name);
    }
    return new PyList([...names].filter((name) => !/^[0-9]/.test(name)).sort());
  },
  'register_parameter(self, name, param)': (runtime, self, name, param) => {
    register(runtime, self, '_parameters', name, param);
    return null;
  },
  'register_buffer(self, name, tensor, persistent=True)': (runtime, self, name, tensor, persistent) => {
    register(runtime, self, '_buffers', name, tensor);
    setPersistence(runtime, self, name, persistent);
    return null;
  },
  'register_module(self, name, module)': (runtime, self, name, module) => {
    register(runtime, self, '_modules', name, module);
    return null;
  },
  'add_module(self, name, module)': (runtime, self, name, module) => {
    register(runtime, self, '_modules', name, module);
    return null;
  },
});

/** Module.__init__ takes nothing, unless a class hands its arguments on by `call_super_init`. */
function refuseArguments(
  runtime: Runtime,
  self: PyInstance,
  count: number,
  keywords: ReadonlyMap<string, Value>,
): void {
  // A base that is unknown may take any.
  if (self.class_.unknownBase !== undefined) return;
  const { name } = self.class_;
  const [keyword] = keywords.keys();
  if (keyword !== undefined) {
    runtime.raise('TypeError', `${name}.__init__() got an unexpected keyword argument '${keyword}'`);
  }
  if (count > 0) {
    runtime.raise('TypeError', `${name}.__init__() takes 1 positional argument but ${count + 1} were given`);
  }
}

function register(runtime: Runtime, self: Value, registry: Registry, name: Value, value: Value): void {
  if (!(self instanceof PyInstance) || name instanceof PyUnknown) return;
  const what = registry.slice(1, -1);
  if (typeof name !== 'string') {
    runtime.raise('TypeError', `${what} name should be a string. Got ${runtime.typeOf(name).name}`);
  }
  requireRegistry(runtime, self, registry, what);
  if (name.includes('.')) runtime.raise('KeyError', `${what} name can't contain ".", got: ${name}`);
  if (name === '') runtime.raise('KeyError', `${what} name can't be empty string ""`);
  if (entryOf(self, registry, name) === undefined && isTaken(runtime, self, name)) {
    runtime.raise('KeyError', `attribute '${name}' already exists`);
  }
  // An unknown module stays in its place, so that a Sequential does not run without it.
  if (value instanceof PyUnknown && registry !== '_modules') {
    // Of a tensor, all but its size is known: it is counted, as unknown.
    enter(runtime, self, registry, name, unknownTensor(runtime, registry));
    return;
  }
  if (!fits(runtime, registry, value)) {
    runtime.raise('TypeError', `cannot assign '${runtime.typeOf(value).name}' object to ${what} '${name}'`);
  }
  enter(runtime, self, registry, name, value);
}

/** Puts a value into a registry, after the hooks of all modules have seen it. */
function enter(runtime: Runtime, module: PyInstance, registry: Registry, name: string, value: Value): void {
  const entered =
    value === null && registry === '_parameters' ? null : afterHooks(runtime, module, registry, name, value);
  if (registry === '_buffers') markBuffer(entered);
  setEntry(runtime, module, registry, name, entered);
}

const REGISTRATION_HOOKS = {
  _parameters: '_global_parameter_registration_hooks',
  _buffers: '_global_buffer_registration_hooks',
  _modules: '_global_module_registration_hooks',
} as const;

/** What `register_module_module_registration_hook` and its siblings make of a value before it is registered. */
function afterHooks(runtime: Runtime, module: PyInstance, registry: Registry, name: string, value: Value): Value {
  let current = value;
  for (const { value: hook } of globalHookDicts(runtime).get(REGISTRATION_HOOKS[registry])?.entries.values() ?? []) {
    const replaced = runtime.call(hook, [module, name, current]);
    if (replaced !== null) current = replaced;
  }
  return current;
}

/** Registers through the method, where a subclass has one of that name, else with the checks of Module's. */
function registerBy(
  runtime: Runtime,
  module: PyInstance,
  method: 'register_parameter' | 'register_buffer',
  registry: '_parameters' | '_buffers',
  name: string,
  value: Value,
): void {
  if (isOverridden(runtime, module, method)) runtime.callMethod(module, method, [name, value]);
  else register(runtime, module, registry, name, value);
}

function isOverridden(runtime: Runtime, module: PyInstance, method: string): boolean {
  return runtime.lookupInClass(module.class_, method) !== moduleAttributeMembers.get(method);
}

function requireRegistry(runtime: Runtime, module: PyInstance, registry: Registry, what: string): void {
  if (registryOf(module, registry) !== undefined) return;
  runtime.raise('AttributeError', `cannot assign ${what} before Module.__init__() call`);
}

function setPersistence(runtime: Runtime, module: Value, name: Value, persistent: Value): void {
  if (!(module instanceof PyInstance) || typeof name !== 'string') return;
  const known = module.attributes.get('_non_persistent_buffers_set');
  const isPersistent = runtime.truth(persistent) !== false;
  if (isPersistent && !(known instanceof PySet)) return;
  runtime.callMethod(runtime.getAttribute(module, '_non_persistent_buffers_set'), isPersistent ? 'discard' : 'add', [
    name,
  ]);
}

function unknownTensor(runtime: Runtime, registry: '_parameters' | '_buffers'): TensorValue {
  const type = tensorType('unknown', undefined);
  return registry === '_parameters' ? makeParameter(runtime, type) : makeTensor(runtime, type);
}

function isTaken(runtime: Runtime, self: PyInstance, name: string): boolean {
  if (REGISTRIES.some((registry) => entryOf(self, registry, name) !== undefined)) return true;
  return runtime.lookupAttribute(self, name) !== undefined;
}

function isParameter(runtime: Runtime, value: Value): boolean {
  return value instanceof TensorValue && runtime.isInstance(value, worldOf(runtime).parameterClass);
}

function isBuffer(runtime: Runtime, value: Value): boolean {
  return value instanceof TensorValue && runtime.isInstance(value, worldOf(runtime).bufferClass);
}

/** Assigning a plain value to a registered name: None, and tensors where buffers are, stay registered. */
function replaceEntry(runtime: Runtime, module: PyInstance, registry: Registry, name: string, value: Value): void {
  if (value === null || (registry === '_buffers' && value instanceof TensorValue)) {
    if (registry === '_buffers') registerBy(runtime, module, 'register_buffer', registry, name, value);
    else enter(runtime, module, registry, name, value);
    return;
  }
  if (value instanceof PyUnknown) {
    if (registry === '_modules') setEntry(runtime, module, registry, name, value);
    return;
  }
  const [what, expected] = REPLACEMENTS[registry];
  const { name: typeName } = runtime.typeOf(value);
  runtime.raise('TypeError', `cannot assign '${typeName}' as ${what} '${name}' (${expected} or None expected)`);
}

const REPLACEMENTS = {
  _parameters: ['parameter', 'torch.nn.Parameter'],
  _buffers: ['buffer', 'torch.nn.Buffer, torch.Tensor'],
  _modules: ['child module', 'torch.nn.Module'],
} as const;

function fits(runtime: Runtime, registry: Registry, value: Value): boolean {
  if (value === null) return true;
  if (registry === '_modules') return value instanceof ModuleValue || value instanceof PyUnknown;
  if (registry === '_buffers') return value instanceof TensorValue;
  return isParameter(runtime, value);
}

function removeElsewhere(runtime: Runtime, module: PyInstance, name: string, kept: Registry): void {
  if (module.attributes.has(name)) {
    runtime.mutating(module);
    module.attributes.delete(name);
  }
  for (const registry of REGISTRIES) if (registry !== kept) removeEntry(runtime, module, registry, name);
}

function markBuffer(value: Value): void {
  if (value instanceof TensorValue) value.stored ??= new StoredTensor('buffer');
}
