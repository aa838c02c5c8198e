/**
 * torch.jit, torch.fx, torch.compiler and torch._dynamo: nothing is ever scripted, traced or compiled here, and
 * decorators give back what they decorate. `torch.jit.is_scripting()` is False; `torch.jit.script(model)` is `model`.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../../evaluation/nativeModule.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyClass, PyInstance, PyTuple, type Value } from '../../../evaluation/values.ts';
import { moduleClass } from '../modules/moduleClass.ts';
import { worldOf } from '../torchWorld.ts';
import { identityDecorator, inertContexts } from './contexts.ts';

const jit: NativeModuleDefinition = {
  name: 'torch.jit',
  members: (runtime) =>
    new Map<string, Value>([
      ...identities('torch.jit', [
        'script',
        'trace',
        'freeze',
        'optimize_for_inference',
        'ignore',
        'unused',
        'export',
        'interface',
        '_overload',
        '_overload_method',
        '_script_if_tracing',
        'script_if_tracing',
      ]),
      ...falses('torch.jit', ['is_scripting', 'is_tracing']),
      ...members('torch.jit', {
        'annotate(the_type, the_value)': (_, _type, value) => value,
        'isinstance(obj, target_type)': (inner, value, type) =>
          type instanceof PyClass && inner.isInstance(value, type),
        'fork(func, *args)': (inner, func, args) => inner.call(func, args instanceof PyTuple ? args.items : []),
        'wait(future)': (_, future) => future,
      }),
      ['ScriptModule', moduleClass(runtime)],
      ...emptyClasses(runtime, 'torch.jit', ['ScriptFunction', 'RecursiveScriptModule', 'TopLevelTracedModule']),
    ]),
};

const fx: NativeModuleDefinition = {
  name: 'torch.fx',
  members: (runtime) =>
    new Map<string, Value>([
      ...identities('torch.fx', ['wrap', 'symbolic_trace']),
      ...emptyClasses(runtime, 'torch.fx', ['Proxy', 'Node', 'Tracer', 'Graph', 'Interpreter', 'Transformer']),
      ['GraphModule', worldOf(runtime).defineClass('GraphModule', 'torch.fx', [moduleClass(runtime)])],
    ]),
};

const symbolicTrace: NativeModuleDefinition = {
  name: 'torch.fx._symbolic_trace',
  members: () => new Map(falses('torch.fx._symbolic_trace', ['is_fx_tracing'])),
};

function compilerModule(name: string): NativeModuleDefinition {
  return {
    name,
    members: (runtime) =>
      new Map<string, Value>([
        ...identities(name, ['disable', 'allow_in_graph', 'assume_constant_result', 'substitute_in_graph', 'compile']),
        ...falses(name, ['is_compiling', 'is_dynamo_compiling', 'is_exporting']),
        ...members(name, {
          'reset()': () => null,
          'graph_break()': () => null,
          'cudagraph_mark_step_begin()': () => null,
        }),
        // `torch._dynamo.config.cache_size_limit = 64`
        ['config', new PyInstance(worldOf(runtime).defineClass('config', name))],
        ...inertContexts(runtime, name, ['set_stance']),
      ]),
  };
}

export const compilationModules: readonly NativeModuleDefinition[] = [
  jit,
  fx,
  symbolicTrace,
  compilerModule('torch.compiler'),
  compilerModule('torch._dynamo'),
];

/** Decorators and converters that give back their argument. */
export function identities(module: string, names: readonly string[]): readonly (readonly [string, Value])[] {
  return names.map((name) => [name, identityDecorator(name, module)] as const);
}

/** Functions that take anything and answer False. */
export function falses(module: string, names: readonly string[]): readonly (readonly [string, Value])[] {
  return names.flatMap((name) => [...members(module, { [`${name}(*args, **kwargs)`]: () => false })]);
}

/** Functions that take anything and do nothing. */
export function inertFunctions(module: string, names: readonly string[]): readonly (readonly [string, Value])[] {
  return names.flatMap((name) => [...members(module, { [`${name}(*args, **kwargs)`]: () => null })]);
}

/** Classes of which nothing is ever an instance here, so that `isinstance` is answered. */
export function emptyClasses(
  runtime: Runtime,
  module: string,
  names: readonly string[],
): readonly (readonly [string, Value])[] {
  return names.map((name) => [name, worldOf(runtime).defineClass(name, module)] as const);
}
