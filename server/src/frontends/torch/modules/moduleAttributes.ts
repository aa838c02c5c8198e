/**
 * How nn.Module stores what is assigned to it: parameters, buffers and child modules go to registries of their own,
 * everything else to the instance. `self.conv = nn.Conv2d(...)` lands in `_modules`, and `self.conv` finds it there.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyInstance, PyUnknown, type Value } from '../../../evaluation/values.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { StoredTensor, TensorValue } from '../tensorValue.ts';
import { makeParameter, makeTensor, worldOf } from '../torchWorld.ts';
import { entryOf, ModuleValue, registryOf, removeEntry, setEntry, type Registry } from './moduleValue.ts';

const REGISTRIES: readonly Registry[] = ['_parameters', '_buffers', '_modules'];

/** Dicts that PyTorch's Module.__init__ makes and that user code may look into: made when somebody does. */
const HOOK_DICTS: readonly string[] = [
  '_forward_hooks',
  '_forward_pre_hooks',
  '_backward_hooks',
  '_backward_pre_hooks',
  '_state_dict_hooks',
  '_load_state_dict_pre_hooks',
];

/** `Module.__init__`: fresh registries; `training` is True. Calling it again forgets what was registered, as PyTorch does. */
export function initializeModule(runtime: Runtime, module: PyInstance): void {
  runtime.mutating(module);
  module.attributes.set('training', true);
  for (const name of REGISTRIES) module.attributes.set(name, new PyDict());
  for (const name of HOOK_DICTS) module.attributes.delete(name);
}

/** `module.name = value` by Module's rules. */
export function setModuleAttribute(runtime: Runtime, module: PyInstance, name: string, value: Value): void {
  const kind = registryFor(runtime, value);
  if (kind !== undefined) {
    removeElsewhere(runtime, module, name, kind);
    if (kind === '_buffers') markBuffer(value);
    setEntry(runtime, module, kind, name, value);
    return;
  }
  for (const registry of REGISTRIES) {
    if (entryOf(module, registry, name) !== undefined) {
      replaceEntry(runtime, module, registry, name, value);
      return;
    }
  }
  runtime.genericSetAttribute(module, name, value);
}

/** `register_parameter` and `register_buffer` without their checks: for layers, whose names we know. */
export function registerTensor(
  runtime: Runtime,
  module: PyInstance,
  registry: '_parameters' | '_buffers',
  name: string,
  tensor: TensorValue | null,
): void {
  if (registry === '_buffers') markBuffer(tensor);
  setEntry(runtime, module, registry, name, tensor);
}

export const moduleAttributeMembers = members('torch.nn.Module', {
  '__init__(self, *args, **kwargs)': (runtime, self) => {
    if (self instanceof PyInstance) initializeModule(runtime, self);
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
      if (HOOK_DICTS.includes(name) && registryOf(self, '_modules') !== undefined) {
        const hooks = new PyDict();
        runtime.mutating(self);
        self.attributes.set(name, hooks);
        return hooks;
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
  'register_parameter(self, name, param)': (runtime, self, name, param) => {
    register(runtime, self, '_parameters', name, param);
    return null;
  },
  'register_buffer(self, name, tensor, persistent=True)': (runtime, self, name, tensor) => {
    register(runtime, self, '_buffers', name, tensor);
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

function register(runtime: Runtime, self: Value, registry: Registry, name: Value, value: Value): void {
  if (!(self instanceof PyInstance) || name instanceof PyUnknown) return;
  const what = registry.slice(1, -1);
  if (typeof name !== 'string') {
    runtime.raise('TypeError', `${what} name should be a string. Got ${runtime.typeOf(name).name}`);
  }
  if (registryOf(self, registry) === undefined) {
    runtime.raise('AttributeError', `cannot assign ${what} before Module.__init__() call`);
  }
  if (name.includes('.')) runtime.raise('KeyError', `${what} name can't contain ".", got: ${name}`);
  if (name === '') runtime.raise('KeyError', `${what} name can't be empty string ""`);
  if (entryOf(self, registry, name) === undefined && isTaken(runtime, self, name)) {
    runtime.raise('KeyError', `attribute '${name}' already exists`);
  }
  // An unknown module stays in its place, so that a Sequential does not run without it.
  if (value instanceof PyUnknown && registry !== '_modules') {
    // Of a tensor, all but its size is known: it is counted, as unknown.
    registerTensor(runtime, self, registry, name, unknownTensor(runtime, registry));
    return;
  }
  if (!fits(runtime, registry, value)) {
    runtime.raise('TypeError', `cannot assign '${runtime.typeOf(value).name}' object to ${what} '${name}'`);
  }
  if (registry === '_buffers') markBuffer(value);
  setEntry(runtime, self, registry, name, value);
}

function unknownTensor(runtime: Runtime, registry: '_parameters' | '_buffers'): TensorValue {
  const type = tensorType('unknown', undefined);
  return registry === '_parameters' ? makeParameter(runtime, type) : makeTensor(runtime, type);
}

function isTaken(runtime: Runtime, self: PyInstance, name: string): boolean {
  if (REGISTRIES.some((registry) => entryOf(self, registry, name) !== undefined)) return true;
  return runtime.genericGetAttribute(self, name) !== undefined;
}

/** Where an assigned value belongs by its own type; undefined for plain values. */
function registryFor(runtime: Runtime, value: Value): Registry | undefined {
  if (value instanceof ModuleValue) return '_modules';
  if (!(value instanceof TensorValue)) return undefined;
  const world = worldOf(runtime);
  if (runtime.isInstance(value, world.parameterClass)) return '_parameters';
  return runtime.isInstance(value, world.bufferClass) ? '_buffers' : undefined;
}

/** Assigning a plain value to a registered name: None and tensors (for buffers) stay registered. */
function replaceEntry(runtime: Runtime, module: PyInstance, registry: Registry, name: string, value: Value): void {
  if (value === null || (registry === '_buffers' && value instanceof TensorValue)) {
    markBuffer(registry === '_buffers' ? value : null);
    setEntry(runtime, module, registry, name, value);
    return;
  }
  if (value instanceof PyUnknown) {
    if (registry === '_modules') setEntry(runtime, module, registry, name, value);
    return;
  }
  const expected = { _parameters: 'torch.nn.Parameter', _buffers: 'torch.Tensor', _modules: 'torch.nn.Module' }[
    registry
  ];
  runtime.raise(
    'TypeError',
    `cannot assign '${runtime.typeOf(value).name}' as ${registry.slice(1, -1)} '${name}' (${expected} or None expected)`,
  );
}

function fits(runtime: Runtime, registry: Registry, value: Value): boolean {
  if (value === null) return true;
  if (registry === '_modules') return value instanceof ModuleValue || value instanceof PyUnknown;
  if (registry === '_buffers') return value instanceof TensorValue;
  return value instanceof TensorValue && runtime.isInstance(value, worldOf(runtime).parameterClass);
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
