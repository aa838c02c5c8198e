/**
 * The module `inspect`, as far as decorators use it: signatures with their parameters, and what a value is.
 * tuple(signature(f).parameters) of `def f(x, *, weights=None)` -> ('x', 'weights').
 */
import type { Parameters } from '../../syntax/ast.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { dictOf } from '../containers.ts';
import { parseSignature } from '../natives.ts';
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import {
  NativeFunction,
  PyBoundMethod,
  PyClass,
  PyFunction,
  PyInstance,
  PyList,
  PyModule,
  PyTuple,
  PyUnknown,
  type Value,
} from '../values.ts';

/** Kinds by number, as CPython orders them. */
const KINDS = ['POSITIONAL_ONLY', 'POSITIONAL_OR_KEYWORD', 'VAR_POSITIONAL', 'KEYWORD_ONLY', 'VAR_KEYWORD'] as const;

interface ParameterInfo {
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  /** Undefined where it is required. */
  readonly defaultValue: Value | undefined;
}

export const inspectModule: NativeModuleDefinition = {
  name: 'inspect',
  members: (runtime) => {
    const empty = nativeClass(runtime, 'inspect._empty');
    const parameterClass = nativeClass(runtime, 'inspect.Parameter', {
      members: new Map<string, Value>([['empty', empty], ...KINDS.map((name, index) => [name, index] as const)]),
    });
    const signatureClass = nativeClass(runtime, 'inspect.Signature', {
      members: new Map<string, Value>([['empty', empty]]),
    });
    const signature = define('signature(obj, /, **kwargs)', (_, callee) =>
      signatureOf(runtime, callee, { empty, parameterClass, signatureClass }),
    );
    return mergeMembers(
      predicates,
      new Map<string, Value>([
        ['Parameter', parameterClass],
        ['Signature', signatureClass],
        ['signature', signature],
        ['_empty', empty],
      ]),
    );
  },
};

const predicates = members('inspect', {
  'isclass(object)': (_, object) => known(object, object instanceof PyClass),
  'isfunction(object)': (_, object) => known(object, object instanceof PyFunction),
  'ismethod(object)': (_, object) => known(object, object instanceof PyBoundMethod),
  'ismodule(object)': (_, object) => known(object, object instanceof PyModule),
  'isbuiltin(object)': (_, object) => known(object, object instanceof NativeFunction),
  'isroutine(object)': (_, object) =>
    known(object, object instanceof PyFunction || object instanceof NativeFunction || object instanceof PyBoundMethod),
  'isabstract(object)': () => false,
  'isgeneratorfunction(object)': (_, object) =>
    object instanceof PyFunction && object.definition.kind === 'functionDef' && object.definition.isGenerator,
  'iscoroutinefunction(object)': (_, object) =>
    object instanceof PyFunction && object.definition.kind === 'functionDef' && object.definition.isAsync,
  'getmembers(object, predicate=None)': (runtime, object, predicate) => membersOf(runtime, object, predicate),
  'getmodule(object)': (runtime) => runtime.unknown('inspect.getmodule is not modelled'),
  'getfile(object)': (runtime) => runtime.unknown('file names are not modelled'),
  'getsource(object)': (runtime) => runtime.unknown('source text is not modelled'),
  'getdoc(object)': (runtime, object) => runtime.lookupAttribute(object, '__doc__') ?? null,
  'currentframe()': () => null,
  'stack()': () => new PyList([]),
  'unwrap(func, *, stop=None)': (runtime, callee) => {
    let inner = callee;
    for (let depth = 0; depth < 100; depth++) {
      const next = runtime.lookupAttribute(inner, '__wrapped__');
      if (next === undefined) return inner;
      inner = next;
    }
    return inner;
  },
  'getmro(cls)': (_, cls) => (cls instanceof PyClass ? new PyTuple(cls.mro) : new PyTuple([])),
});

interface SignatureClasses {
  readonly empty: PyClass;
  readonly parameterClass: PyClass;
  readonly signatureClass: PyClass;
}

function signatureOf(runtime: Runtime, callee: Value, classes: SignatureClasses): Value {
  const parameters = parametersOf(runtime, callee, 0);
  if (parameters === undefined) return runtime.unknown('the signature of this object is not modelled');
  const signature = new PyInstance(classes.signatureClass);
  const entries = parameters.map(({ name, kind, defaultValue }): readonly [string, Value] => {
    const parameter = new PyInstance(classes.parameterClass);
    parameter.attributes.set('name', name);
    parameter.attributes.set('kind', KINDS.indexOf(kind));
    parameter.attributes.set('default', defaultValue ?? classes.empty);
    parameter.attributes.set('annotation', classes.empty);
    return [name, parameter];
  });
  signature.attributes.set('parameters', dictOf(entries));
  signature.attributes.set('return_annotation', classes.empty);
  return signature;
}

const MAX_WRAPPERS = 100;

function parametersOf(runtime: Runtime, callee: Value, depth: number): readonly ParameterInfo[] | undefined {
  if (depth > MAX_WRAPPERS) return undefined;
  if (callee instanceof PyBoundMethod) return parametersOf(runtime, callee.callee, depth + 1)?.slice(1);
  if (callee instanceof PyClass) {
    const init = runtime.lookupInClass(callee, '__init__');
    return init === undefined ? undefined : parametersOf(runtime, init, depth + 1)?.slice(1);
  }
  if (callee instanceof PyFunction || callee instanceof NativeFunction) {
    const wrapped = callee.attributes?.get('__wrapped__');
    if (wrapped !== undefined) return parametersOf(runtime, wrapped, depth + 1);
  }
  if (callee instanceof PyFunction) return ofDefinition(callee.definition.parameters, callee.defaults);
  if (callee instanceof NativeFunction) return callee.signature === undefined ? undefined : ofText(callee.signature);
  if (callee instanceof PyInstance) {
    const call = runtime.lookupInClass(callee.class_, '__call__');
    return call === undefined ? undefined : parametersOf(runtime, call, depth + 1)?.slice(1);
  }
  return undefined;
}

function ofDefinition(parameters: Parameters, defaults: ReadonlyMap<string, Value>): readonly ParameterInfo[] {
  const info = (name: string, kind: ParameterInfo['kind']): ParameterInfo => ({
    name,
    kind,
    defaultValue: defaults.get(name),
  });
  return [
    ...parameters.positional.map(({ name }, index) =>
      info(name, index < parameters.positionalOnlyCount ? 'POSITIONAL_ONLY' : 'POSITIONAL_OR_KEYWORD'),
    ),
    ...(parameters.variadic === undefined ? [] : [info(parameters.variadic.name, 'VAR_POSITIONAL')]),
    ...parameters.keywordOnly.map(({ name }) => info(name, 'KEYWORD_ONLY')),
    ...(parameters.keywordVariadic === undefined ? [] : [info(parameters.keywordVariadic.name, 'VAR_KEYWORD')]),
  ];
}

function ofText(text: string): readonly ParameterInfo[] {
  const kinds = {
    positional: 'POSITIONAL_OR_KEYWORD',
    variadic: 'VAR_POSITIONAL',
    keywordOnly: 'KEYWORD_ONLY',
    keywordVariadic: 'VAR_KEYWORD',
  } as const;
  return parseSignature(text).parameters.map(({ name, kind, isPositionalOnly, defaultValue }) => ({
    name,
    kind: isPositionalOnly ? 'POSITIONAL_ONLY' : kinds[kind],
    defaultValue,
  }));
}

/** Names of a module, class or instance with their values, sorted by name. */
function membersOf(runtime: Runtime, object: Value, predicate: Value): Value {
  const names = runtime.call(runtime.getAttribute(runtime.importModule('builtins'), 'dir'), [object]);
  if (names instanceof PyUnknown) return names;
  const pairs: Value[] = [];
  for (const name of runtime.iterate(names)) {
    if (typeof name !== 'string') continue;
    const value = runtime.lookupAttribute(object, name);
    if (value === undefined) continue;
    if (predicate === null || runtime.truth(runtime.call(predicate, [value])) === true) {
      pairs.push(new PyTuple([name, value]));
    }
  }
  return new PyList(pairs);
}

function known(object: Value, answer: boolean): Value {
  return object instanceof PyUnknown ? object : answer;
}
