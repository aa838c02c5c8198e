/**
 * `module(x)`: pre-hooks, forward in the module's scope of the graph, hooks; the call is noted with its place.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyRaise, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import type { ValueId } from '../../../graph/modelGraph.ts';
import { keyOf } from '../../../evaluation/containers.ts';
import type { GraphRecorder } from '../graphRecorder.ts';
import { tensorsIn } from '../tensorsIn.ts';
import { worldOf } from '../torchWorld.ts';
import { hooksOf, isMarked } from './moduleHooks.ts';
import { ModuleValue } from './moduleValue.ts';

export const moduleCallMembers = members('torch.nn.Module', {
  '__call__(self, *args, **kwargs)': (runtime, self, args, kwargs) =>
    callThrough(runtime, self, ['_wrapped_call_impl', '_call_impl'], args, kwargs),
  '_wrapped_call_impl(self, *args, **kwargs)': (runtime, self, args, kwargs) =>
    callThrough(runtime, self, ['_call_impl'], args, kwargs),
  '_call_impl(self, *args, **kwargs)': (runtime, self, args, kwargs) => callThrough(runtime, self, [], args, kwargs),
  '_slow_forward(self, *input, **kwargs)': (runtime, self, input, kwargs) =>
    runtime.call(runtime.getAttribute(self, 'forward'), tupleItems(input), keywordsOf(kwargs)),
  'forward(self, *input)': (runtime, self) =>
    runtime.raise(
      'NotImplementedError',
      `Module [${runtime.typeOf(self).name}] is missing the required "forward" function`,
    ),
});

/** Calls what a class put in place of one of the steps between `__call__` and forward, or runs the module as PyTorch's do. */
function callThrough(
  runtime: Runtime,
  self: Value,
  steps: readonly string[],
  args: Value | undefined,
  kwargs: Value | undefined,
): Value {
  for (const step of steps) {
    if (runtime.lookupInClass(runtime.typeOf(self), step) === moduleCallMembers.get(step)) continue;
    const method = runtime.lookupAttribute(self, step);
    if (method !== undefined) return runtime.call(method, tupleItems(args), keywordsOf(kwargs));
  }
  return callModule(runtime, self, tupleItems(args), keywordsOf(kwargs));
}

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
  if (self instanceof ModuleValue && runtime.lookupInClass(self.class_, '_infer_parameters') !== undefined) {
    runtime.callMethod(self, '_infer_parameters', [self, new PyTuple(positional)]);
  }
  const pass: Pass = { args: new PyTuple(positional), keywords, result: null, alwaysCalled: new Set() };
  try {
    runPreHooks(runtime, self, pass);
    pass.result = runtime.call(runtime.getAttribute(self, 'forward'), pass.args.items, pass.keywords);
    runHooks(runtime, self, pass);
    return pass.result;
  } catch (error) {
    if (error instanceof PyRaise && runtime.isInstance(error.value, runtime.builtinClass('Exception'))) {
      runAfterFailure(runtime, self, pass);
    }
    throw error;
  }
}

/** One call of a module, as its hooks see and change it. */
interface Pass {
  args: PyTuple;
  keywords: ReadonlyMap<string, Value>;
  result: Value;
  /** Hooks with `always_call` that began to run. */
  readonly alwaysCalled: Set<unknown>;
}

function runPreHooks(runtime: Runtime, self: Value, pass: Pass): void {
  for (const { key, hook } of hooksOf(runtime, self, '_forward_pre_hooks', '_global_forward_pre_hooks')) {
    const takesKeywords = isMarked(runtime, self, key, '_forward_pre_hooks_with_kwargs');
    const given = takesKeywords ? [self, pass.args, keywordDict(pass.keywords)] : [self, pass.args];
    const replaced = runtime.call(hook, given);
    if (replaced === null) continue;
    if (replaced instanceof PyUnknown) {
      // Whether it replaces the arguments is not known, so that what forward sees is not either.
      pass.args = new PyTuple(pass.args.items.map(() => replaced));
      pass.keywords = new Map(Array.from(pass.keywords.keys(), (name) => [name, replaced]));
    } else if (!takesKeywords) {
      pass.args = replaced instanceof PyTuple ? replaced : new PyTuple([replaced]);
    } else if (replaced instanceof PyTuple && replaced.items.length === 2) {
      pass.args = new PyTuple([...runtime.iterate(replaced.items[0] ?? null)]);
      pass.keywords = keywordsOf(replaced.items[1]);
    } else {
      const shown = runtime.str(replaced);
      runtime.raise(
        'RuntimeError',
        `forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got ${shown}.`,
      );
    }
  }
}

function runHooks(runtime: Runtime, self: Value, pass: Pass): void {
  for (const { key, hook } of hooksOf(runtime, self, '_forward_hooks', '_global_forward_hooks')) {
    if (isAlwaysCalled(runtime, self, key)) pass.alwaysCalled.add(key);
    runHook(runtime, self, pass, hook, takesKeywords(runtime, self, key));
  }
}

/** Forward or a hook raised: hooks that are always called see what there is; what they raise themselves is dropped. */
function runAfterFailure(runtime: Runtime, self: Value, pass: Pass): void {
  for (const { key, hook } of hooksOf(runtime, self, '_forward_hooks', '_global_forward_hooks')) {
    if (!isAlwaysCalled(runtime, self, key) || pass.alwaysCalled.has(key)) continue;
    try {
      runHook(runtime, self, pass, hook, isMarked(runtime, self, key, '_forward_hooks_with_kwargs'));
    } catch (error) {
      if (!(error instanceof PyRaise)) throw error;
    }
  }
}

function runHook(runtime: Runtime, self: Value, pass: Pass, hook: Value, withKeywords: boolean): void {
  const keywords = withKeywords ? [keywordDict(pass.keywords)] : [];
  const replaced = runtime.call(hook, [self, pass.args, ...keywords, pass.result]);
  if (replaced !== null) pass.result = replaced;
}

function takesKeywords(runtime: Runtime, self: Value, key: unknown): boolean {
  return isMarked(runtime, self, key, '_forward_hooks_with_kwargs', '_global_forward_hooks_with_kwargs');
}

function isAlwaysCalled(runtime: Runtime, self: Value, key: unknown): boolean {
  return isMarked(runtime, self, key, '_forward_hooks_always_called', '_global_forward_hooks_always_called');
}

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
