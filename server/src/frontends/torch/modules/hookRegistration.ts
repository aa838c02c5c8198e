/**
 * `register_forward_hook` and its siblings, on a module and for all modules (torch.nn.modules.module).
 * Hooks of the backward pass are kept, and never run: we have no backward pass.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { NativeFunction, PyBoundMethod, PyDict, PyInstance, type Value } from '../../../evaluation/values.ts';
import { addHook, ensureHookDict, globalHookDicts, type GlobalHookDict, type HookDict } from './moduleHooks.ts';

export const hookRegistrationMembers = members('torch.nn.Module', {
  'register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False)': (
    runtime,
    self,
    hook,
    prepend,
    withKwargs,
    alwaysCall,
  ) =>
    register(runtime, self, '_forward_hooks', hook, prepend, [
      ['_forward_hooks_with_kwargs', withKwargs],
      ['_forward_hooks_always_called', alwaysCall],
    ]),
  'register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False)': (
    runtime,
    self,
    hook,
    prepend,
    withKwargs,
  ) => register(runtime, self, '_forward_pre_hooks', hook, prepend, [['_forward_pre_hooks_with_kwargs', withKwargs]]),
  'register_backward_hook(self, hook)': (runtime, self, hook) => {
    setBackwardKind(runtime, self, false);
    return register(runtime, self, '_backward_hooks', hook);
  },
  'register_full_backward_hook(self, hook, prepend=False)': (runtime, self, hook, prepend) => {
    setBackwardKind(runtime, self, true);
    return register(runtime, self, '_backward_hooks', hook, prepend);
  },
  'register_full_backward_pre_hook(self, hook, prepend=False)': (runtime, self, hook, prepend) =>
    register(runtime, self, '_backward_pre_hooks', hook, prepend),
  'register_state_dict_pre_hook(self, hook)': (runtime, self, hook) =>
    register(runtime, self, '_state_dict_pre_hooks', hook),
  'register_state_dict_post_hook(self, hook)': (runtime, self, hook) => {
    runtime.setAttribute(hook, '_from_public_api', true);
    return register(runtime, self, '_state_dict_hooks', hook);
  },
  '_register_state_dict_hook(self, hook)': (runtime, self, hook) => register(runtime, self, '_state_dict_hooks', hook),
  'register_load_state_dict_pre_hook(self, hook)': (runtime, self, hook) =>
    register(runtime, self, '_load_state_dict_pre_hooks', new PyBoundMethod(self, unbinding(hook))),
  '_register_load_state_dict_pre_hook(self, hook, with_module=False)': (runtime, self, hook, withModule) =>
    register(
      runtime,
      self,
      '_load_state_dict_pre_hooks',
      runtime.truth(withModule) === true ? new PyBoundMethod(self, unbinding(hook)) : hook,
    ),
  'register_load_state_dict_post_hook(self, hook)': (runtime, self, hook) =>
    register(runtime, self, '_load_state_dict_post_hooks', hook),
});

/** Functions of torch.nn.modules.module about all modules. */
export const globalRegistrationMembers = members('torch.nn.modules.module', {
  'register_module_forward_hook(hook, *, with_kwargs=False, always_call=False)': (
    runtime,
    hook,
    withKwargs,
    alwaysCall,
  ) => registerGlobally(runtime, '_global_forward_hooks', hook, withKwargs, alwaysCall),
  'register_module_forward_pre_hook(hook)': (runtime, hook) =>
    registerGlobally(runtime, '_global_forward_pre_hooks', hook),
  'register_module_backward_hook(hook)': (runtime, hook) => registerGlobally(runtime, '_global_backward_hooks', hook),
  'register_module_full_backward_hook(hook)': (runtime, hook) =>
    registerGlobally(runtime, '_global_backward_hooks', hook),
  'register_module_full_backward_pre_hook(hook)': (runtime, hook) =>
    registerGlobally(runtime, '_global_backward_pre_hooks', hook),
  'register_module_buffer_registration_hook(hook)': (runtime, hook) =>
    registerGlobally(runtime, '_global_buffer_registration_hooks', hook),
  'register_module_module_registration_hook(hook)': (runtime, hook) =>
    registerGlobally(runtime, '_global_module_registration_hooks', hook),
  'register_module_parameter_registration_hook(hook)': (runtime, hook) =>
    registerGlobally(runtime, '_global_parameter_registration_hooks', hook),
});

type Option = readonly [HookDict, Value];

function register(
  runtime: Runtime,
  self: Value,
  name: HookDict,
  hook: Value,
  prepend: Value = false,
  options: readonly Option[] = [],
): Value {
  // Through the attribute, as user code may have put a dict there itself; it raises where Module.__init__ did not run.
  const dict = runtime.getAttribute(self, name);
  if (!(self instanceof PyInstance) || !(dict instanceof PyDict)) {
    return runtime.unknown(`\`${name}\` is not a dict`);
  }
  const isOn = ([, value]: Option): boolean => runtime.truth(value) === true;
  const dictOf = ([option]: Option): PyDict => ensureHookDict(runtime, self, option);
  return addHook(runtime, dict, hook, {
    isFirst: runtime.truth(prepend) === true,
    marks: options.filter(isOn).map(dictOf),
  });
}

function registerGlobally(
  runtime: Runtime,
  name: GlobalHookDict,
  hook: Value,
  withKeywords: Value = false,
  alwaysCall: Value = false,
): Value {
  const dicts = globalHookDicts(runtime);
  const chosen = (option: GlobalHookDict, value: Value): readonly PyDict[] => {
    const dict = dicts.get(option);
    return runtime.truth(value) === true && dict !== undefined ? [dict] : [];
  };
  return addHook(runtime, dicts.get(name) ?? new PyDict(), hook, {
    marks: chosen('_global_forward_hooks_always_called', alwaysCall),
    // As in PyTorch, whose handle leaves this one alone.
    lastingMarks: chosen('_global_forward_hooks_with_kwargs', withKeywords),
  });
}

/** PyTorch refuses to mix both kinds of backward hooks on one module. */
function setBackwardKind(runtime: Runtime, self: Value, isFull: boolean): void {
  const kind = runtime.getAttribute(self, '_is_full_backward_hook');
  if (kind === !isFull) {
    runtime.raise(
      'RuntimeError',
      'Cannot use both regular backward hooks and full backward hooks on a single Module. Please use only one of them.',
    );
  }
  runtime.setAttribute(self, '_is_full_backward_hook', isFull);
}

/** A callable that takes the module as its first argument, whatever kind of callable the hook is. */
function unbinding(hook: Value): Value {
  return new NativeFunction('hook', (runtime, { positional, keywords }) => runtime.call(hook, positional, keywords));
}
