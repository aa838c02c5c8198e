/**
 * Hooks as nn.Module keeps them: ordered dicts by the id of a handle, one set on each module and one for all modules.
 * `fc.register_forward_hook(f)` puts f into `fc._forward_hooks`; the handle that it returns takes it out again.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { identity, keyOf } from '../../../evaluation/containers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyInstance, PyProperty, PySet, type Value } from '../../../evaluation/values.ts';
import { worldOf, type TorchWorld } from '../torchWorld.ts';

/** What `Module.__init__` makes beside the registries. Here each is made when it is first used: most modules have no hooks. */
export const HOOK_DICTS = [
  '_forward_hooks',
  '_forward_hooks_with_kwargs',
  '_forward_hooks_always_called',
  '_forward_pre_hooks',
  '_forward_pre_hooks_with_kwargs',
  '_backward_hooks',
  '_backward_pre_hooks',
  '_state_dict_hooks',
  '_state_dict_pre_hooks',
  '_load_state_dict_pre_hooks',
  '_load_state_dict_post_hooks',
] as const;

export type HookDict = (typeof HOOK_DICTS)[number];

/** Names of torch.nn.modules.module. */
const GLOBAL_DICTS = [
  '_global_forward_hooks',
  '_global_forward_hooks_with_kwargs',
  '_global_forward_hooks_always_called',
  '_global_forward_pre_hooks',
  '_global_backward_hooks',
  '_global_backward_pre_hooks',
  '_global_buffer_registration_hooks',
  '_global_module_registration_hooks',
  '_global_parameter_registration_hooks',
] as const;

export type GlobalHookDict = (typeof GLOBAL_DICTS)[number];

const globalDicts = new WeakMap<TorchWorld, ReadonlyMap<GlobalHookDict, PyDict>>();

/** The dicts of the hooks that apply to every module. */
export function globalHookDicts(runtime: Runtime): ReadonlyMap<GlobalHookDict, PyDict> {
  const world = worldOf(runtime);
  let dicts = globalDicts.get(world);
  if (dicts === undefined) {
    dicts = new Map(GLOBAL_DICTS.map((name) => [name, dictFromTheStart()]));
    globalDicts.set(world, dicts);
  }
  return dicts;
}

/** A dict that is no load's own, so that every load's first change to it is saved. */
function dictFromTheStart(): PyDict {
  const dict = new PyDict();
  dict.epoch = -1;
  return dict;
}

/** A module's own dict of hooks; undefined where nobody asked for it so far. */
export function hookDict(module: Value, name: HookDict): PyDict | undefined {
  const dict = module instanceof PyInstance ? module.attributes.get(name) : undefined;
  return dict instanceof PyDict ? dict : undefined;
}

export interface Hook {
  /** The map key of its id. */
  readonly key: unknown;
  readonly hook: Value;
}

const NO_HOOKS: readonly Hook[] = [];

/** Global hooks, then the module's own, as they are now: hooks that come later in the same call do not run in it. */
export function hooksOf(
  runtime: Runtime,
  module: Value,
  name: HookDict,
  globalName: GlobalHookDict | undefined,
): readonly Hook[] {
  const shared = globalName === undefined ? undefined : globalHookDicts(runtime).get(globalName);
  const own = hookDict(module, name);
  if ((shared?.entries.size ?? 0) + (own?.entries.size ?? 0) === 0) return NO_HOOKS;
  return [...(shared?.entries ?? []), ...(own?.entries ?? [])].map(([key, { value }]) => ({ key, hook: value }));
}

/** Whether a hook was registered with an option: `with_kwargs=True`, `always_call=True`. */
export function isMarked(
  runtime: Runtime,
  module: Value,
  key: unknown,
  name: HookDict,
  globalName?: GlobalHookDict,
): boolean {
  if (hookDict(module, name)?.entries.has(key) === true) return true;
  return globalName !== undefined && globalHookDicts(runtime).get(globalName)?.entries.has(key) === true;
}

export interface HookOptions {
  readonly isFirst?: boolean;
  /** Further dicts in which the id stands for an option, and which lose it with the hook. */
  readonly marks?: readonly PyDict[];
  /** Those that keep it. */
  readonly lastingMarks?: readonly PyDict[];
}

/** Puts a hook into a dict and returns its handle. */
export function addHook(runtime: Runtime, dict: PyDict, hook: Value, options: HookOptions = {}): Value {
  const handle = new PyInstance(worldOf(runtime).removableHandleClass);
  const id = identity(handle);
  const entry = { key: id, value: hook };
  runtime.mutating(dict);
  if (options.isFirst === true) dict.entries = new Map([[keyOf(id), entry], ...dict.entries]);
  else dict.entries.set(keyOf(id), entry);
  for (const mark of [...(options.marks ?? []), ...(options.lastingMarks ?? [])]) {
    runtime.mutating(mark);
    mark.entries.set(keyOf(id), { key: id, value: true });
  }
  handle.attributes.set('id', id);
  handleDicts.set(handle, [dict, ...(options.marks ?? [])]);
  return handle;
}

/** The dicts from which each handle takes its id. */
const handleDicts = new WeakMap<PyInstance, readonly PyDict[]>();

/** `torch.utils.hooks.RemovableHandle`: what registering a hook returns. */
export const removableHandleMembers = members('torch.utils.hooks.RemovableHandle', {
  '__init__(self, hooks_dict, *, extra_dict=None)': (runtime, self, hooks, extra) => {
    if (!(self instanceof PyInstance)) return null;
    const further = extra instanceof PyDict || extra === null ? [extra] : [...runtime.iterate(extra)];
    runtime.mutating(self);
    self.attributes.set('id', identity(self));
    handleDicts.set(
      self,
      [hooks, ...further].filter((dict) => dict instanceof PyDict),
    );
    return null;
  },
  'remove(self)': (runtime, self) => {
    if (!(self instanceof PyInstance)) return null;
    const key = keyOf(self.attributes.get('id') ?? null);
    for (const dict of handleDicts.get(self) ?? []) {
      if (!dict.entries.has(key)) continue;
      runtime.mutating(dict);
      dict.entries.delete(key);
    }
    return null;
  },
  '__enter__(self)': (_, self) => self,
  '__exit__(self, type, value, tb)': (runtime, self) => runtime.callMethod(self, 'remove'),
});

/** A module's dict of hooks, made where it is not there yet. */
export function ensureHookDict(runtime: Runtime, module: PyInstance, name: HookDict): PyDict {
  const known = hookDict(module, name);
  if (known !== undefined) return known;
  const ordered = runtime.getAttribute(runtime.importModule('collections'), 'OrderedDict');
  const made = runtime.call(ordered);
  const dict = made instanceof PyDict ? made : new PyDict();
  runtime.mutating(module);
  module.attributes.set(name, dict);
  return dict;
}

/**
 * What reading `module._forward_hooks` and its siblings goes through: a property of the class, so that no `__getattr__` of a
 * subclass is asked for what PyTorch keeps on the instance.
 */
export function hookProperties(): ReadonlyMap<string, PyProperty> {
  const dictOf = (name: HookDict): PyProperty =>
    lazyProperty(name, (runtime, self) => ensureHookDict(runtime, self, name));
  return new Map([
    ...HOOK_DICTS.map((name) => [name, dictOf(name)] as const),
    ['_is_full_backward_hook', lazyProperty('_is_full_backward_hook', () => null)],
    [
      '_non_persistent_buffers_set',
      lazyProperty('_non_persistent_buffers_set', (runtime, self) => {
        const set = new PySet(false);
        runtime.mutating(self);
        self.attributes.set('_non_persistent_buffers_set', set);
        return set;
      }),
    ],
  ]);
}

function lazyProperty(name: string, make: (runtime: Runtime, self: PyInstance) => Value): PyProperty {
  const parts = members('torch.nn.Module', {
    'get(self)': (runtime, self) => {
      const value = self instanceof PyInstance ? self.attributes.get(name) : undefined;
      if (value !== undefined) return value;
      if (self instanceof PyInstance && self.attributes.get('_modules') instanceof PyDict) return make(runtime, self);
      const { name: className } = runtime.typeOf(self);
      return runtime.raise('AttributeError', `'${className}' object has no attribute '${name}'`);
    },
    'set(self, value)': (runtime, self, value) => {
      if (!(self instanceof PyInstance)) return null;
      runtime.mutating(self);
      self.attributes.set(name, value);
      return null;
    },
  });
  return new PyProperty(parts.get('get') ?? null, parts.get('set') ?? null);
}
