/**
 * `module(x)`: pre-hooks, forward in the module's scope of the graph, hooks; the call is noted with its place.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyInstance, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import type { ValueId } from '../../../graph/modelGraph.ts';
import { identity, keyOf } from '../../../evaluation/containers.ts';
import type { GraphRecorder } from '../graphRecorder.ts';
import { tensorsIn } from '../tensorsIn.ts';
import { worldOf } from '../torchWorld.ts';
import { ModuleValue } from './moduleValue.ts';

export const moduleCallMembers = members('torch.nn.Module', {
  '__call__(self, *args, **kwargs)': (runtime, self, args, kwargs) => {
    const positional = args instanceof PyTuple ? args.items : [];
    return callModule(runtime, self, positional, keywordsOf(kwargs));
  },
  'forward(self, *input)': (runtime, self) =>
    runtime.raise(
      'NotImplementedError',
      `Module [${runtime.typeOf(self).name}] is missing the required "forward" function`,
    ),
  'register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False)': (
    runtime,
    self,
    hook,
    prepend,
    withKwargs,
  ) =>
    addHook(runtime, self, '_forward_hooks', hook, { isFirst: prepend === true, takesKeywords: withKwargs === true }),
  'register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False)': (
    runtime,
    self,
    hook,
    prepend,
    withKwargs,
  ) =>
    addHook(runtime, self, '_forward_pre_hooks', hook, {
      isFirst: prepend === true,
      takesKeywords: withKwargs === true,
    }),
  'register_backward_hook(self, hook)': (runtime, self, hook) => addHook(runtime, self, '_backward_hooks', hook),
  'register_full_backward_hook(self, hook, prepend=False)': (runtime, self, hook) =>
    addHook(runtime, self, '_backward_hooks', hook),
  'register_full_backward_pre_hook(self, hook, prepend=False)': (runtime, self, hook) =>
    addHook(runtime, self, '_backward_pre_hooks', hook),
  'register_state_dict_pre_hook(self, hook)': (runtime, self, hook) =>
    addHook(runtime, self, '_state_dict_hooks', hook),
  'register_state_dict_post_hook(self, hook)': (runtime, self, hook) =>
    addHook(runtime, self, '_state_dict_hooks', hook),
  '_register_state_dict_hook(self, hook)': (runtime, self, hook) => addHook(runtime, self, '_state_dict_hooks', hook),
  'register_load_state_dict_pre_hook(self, hook)': (runtime, self, hook) =>
    addHook(runtime, self, '_load_state_dict_pre_hooks', hook),
  '_register_load_state_dict_pre_hook(self, hook, with_module=False)': (runtime, self, hook) =>
    addHook(runtime, self, '_load_state_dict_pre_hooks', hook),
  'register_load_state_dict_post_hook(self, hook)': (runtime, self, hook) =>
    addHook(runtime, self, '_load_state_dict_pre_hooks', hook),
});

/** Runs a module as `module(*positional, **keywords)` does. */
export function callModule(
  runtime: Runtime,
  self: Value,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): Value {
  const { recorder } = worldOf(runtime);
  if (recorder === undefined || !(self instanceof ModuleValue)) return runForward(runtime, self, positional, keywords);
  recorder.observer?.onModuleCall?.(self, positional, keywords);
  const path = recorder.pathOf(self);
  if (path === undefined) return runForward(runtime, self, positional, keywords);
  return recorder.inScope(path, () => {
    const inputs = valuesOf(recorder, [...positional, ...keywords.values()]);
    const result = runForward(runtime, self, positional, keywords);
    recorder.builder.addScopeCall(path, inputs, valuesOf(recorder, [result]), runtime.callStack()[0]);
    return result;
  });
}

function runForward(
  runtime: Runtime,
  self: Value,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): Value {
  let args = positional;
  if (self instanceof ModuleValue && runtime.lookupInClass(self.class_, '_infer_parameters') !== undefined) {
    runtime.callMethod(self, '_infer_parameters', [self, new PyTuple(positional)]);
  }
  for (const { hook, takesKeywords } of hooksOf(self, '_forward_pre_hooks')) {
    const given = takesKeywords ? [self, new PyTuple(args), keywordDict(keywords)] : [self, new PyTuple(args)];
    const replaced = runtime.call(hook, given);
    if (replaced instanceof PyTuple) args = takesKeywords ? tupleItems(replaced.items[0]) : replaced.items;
    else if (replaced !== null && !(replaced instanceof PyUnknown)) args = [replaced];
  }
  let result = runtime.call(runtime.getAttribute(self, 'forward'), args, keywords);
  for (const { hook, takesKeywords } of hooksOf(self, '_forward_hooks')) {
    const given = takesKeywords
      ? [self, new PyTuple(args), keywordDict(keywords), result]
      : [self, new PyTuple(args), result];
    const replaced = runtime.call(hook, given);
    if (replaced !== null) result = replaced;
  }
  return result;
}

interface Hook {
  readonly hook: Value;
  readonly takesKeywords: boolean;
}

/** Hooks in order. One that takes keywords is stored as (hook, True). */
function hooksOf(self: Value, name: string): readonly Hook[] {
  const dict = self instanceof PyInstance ? self.attributes.get(name) : undefined;
  if (!(dict instanceof PyDict) || dict.entries.size === 0) return [];
  return [...dict.entries.values()].map(({ value }) => {
    if (value instanceof PyTuple && value.items.length === 2)
      return { hook: value.items[0] ?? null, takesKeywords: true };
    return { hook: value, takesKeywords: false };
  });
}

function addHook(
  runtime: Runtime,
  self: Value,
  name: string,
  hook: Value,
  options: { readonly isFirst?: boolean; readonly takesKeywords?: boolean } = {},
): Value {
  const handle = new PyInstance(worldOf(runtime).removableHandleClass);
  const dict = self instanceof PyInstance ? self.attributes.get(name) : undefined;
  if (!(dict instanceof PyDict)) return handle;
  const id = identity(handle);
  const entry = { key: id, value: options.takesKeywords === true ? new PyTuple([hook, true]) : hook };
  runtime.mutating(dict);
  if (options.isFirst === true) dict.entries = new Map([[keyOf(id), entry], ...dict.entries]);
  else dict.entries.set(keyOf(id), entry);
  handle.attributes.set('id', id);
  handle.attributes.set('hooks', dict);
  return handle;
}

/** `torch.utils.hooks.RemovableHandle`: what registering a hook returns. */
export const removableHandleMembers = members('torch.utils.hooks.RemovableHandle', {
  'remove(self)': (runtime, self) => {
    if (!(self instanceof PyInstance)) return null;
    const hooks = self.attributes.get('hooks');
    if (!(hooks instanceof PyDict)) return null;
    runtime.mutating(hooks);
    hooks.entries.delete(keyOf(self.attributes.get('id') ?? null));
    return null;
  },
  '__enter__(self)': (_, self) => self,
  '__exit__(self, type, value, traceback)': (runtime, self) => runtime.callMethod(self, 'remove'),
});

/** Graph values of the tensors among values, nested tuples, lists and dicts included. */
export function valuesOf(recorder: GraphRecorder, values: readonly Value[]): readonly ValueId[] {
  return values.flatMap((value) => tensorsIn(value)).map((tensor) => recorder.valueOf(tensor));
}

function keywordsOf(kwargs: Value | undefined): ReadonlyMap<string, Value> {
  if (!(kwargs instanceof PyDict)) return new Map();
  return new Map(
    [...kwargs.entries.values()].flatMap(({ key, value }) => (typeof key === 'string' ? [[key, value]] : [])),
  );
}

function keywordDict(keywords: ReadonlyMap<string, Value>): PyDict {
  const dict = new PyDict();
  for (const [key, value] of keywords) dict.entries.set(keyOf(key), { key, value });
  return dict;
}

function tupleItems(value: Value | undefined): readonly Value[] {
  return value instanceof PyTuple ? value.items : [];
}
