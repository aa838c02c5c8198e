/**
 * The module `inspect`: signatures (signatures.ts), what a value is, its members. Source text, files and frames of
 * running code are unknown.
 */
import { noteDefinitionUse } from '../definitionUse.ts';
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import {
  NativeFunction,
  PyBoundMethod,
  PyClass,
  PyFunction,
  PyInstance,
  PyIterator,
  PyList,
  PyModule,
  PyTuple,
  PyUnknown,
  type Value,
} from '../values.ts';
import { members, mergeMembers, type Body } from '../builtins/define.ts';
import { namesOf } from '../builtins/objectMembers.ts';
import { abstractNames } from './abc.ts';
import { fullArgumentSpec, signatureMembers } from './signatures.ts';

export const inspectModule: NativeModuleDefinition = {
  name: 'inspect',
  members: (runtime) =>
    mergeMembers(
      signatureMembers(runtime),
      predicates,
      functions,
      members('inspect', {
        'getfullargspec(func)': (_, fn) => fullArgumentSpec(runtime, fn),
      }),
    ),
};

const predicates = members('inspect', {
  'isclass(object)': test((object) => object instanceof PyClass),
  'isfunction(object)': test((object) => object instanceof PyFunction),
  'ismethod(object)': test((object) => object instanceof PyBoundMethod && !(object.callee instanceof NativeFunction)),
  'ismodule(object)': test((object) => object instanceof PyModule),
  'isbuiltin(object)': test((object) => object instanceof NativeFunction),
  'isroutine(object)': test(isRoutine),
  'isabstract(object)': (runtime, object) => object instanceof PyClass && abstractNames(runtime, object).length > 0,
  'isgenerator(object)': test((object) => object instanceof PyIterator),
  'isgeneratorfunction(object)': test((object) => isDefinition(object, 'isGenerator')),
  'iscoroutinefunction(object)': test((object) => isDefinition(object, 'isAsync')),
  'iscoroutine(object)': () => false,
  'isawaitable(object)': () => false,
  'isdatadescriptor(object)': test(
    (object) => object !== null && typeof object === 'object' && object.kind === 'property',
  ),
});

const functions = members('inspect', {
  'getmembers(object, predicate=None)': listMembers,
  'getmembers_static(object, predicate=None)': listMembers,
  'getmro(cls)': (_, cls) => (cls instanceof PyClass ? new PyTuple(cls.mro) : cls),
  'getdoc(object)': (runtime, object) => cleanDocumentation(runtime.lookupAttribute(object, '__doc__') ?? null),
  'cleandoc(doc)': (_, doc) => cleanDocumentation(doc),
  'getmodule(object)': (runtime, object) => {
    const name = runtime.lookupAttribute(object, '__module__');
    return typeof name === 'string' ? (runtime.importedModule(name) ?? null) : null;
  },
  'unwrap(func, *, stop=None)': (runtime, fn) => {
    let inner = fn;
    for (let depth = 0; depth < 100; depth++) {
      const next = runtime.lookupAttribute(inner, '__wrapped__');
      if (next === undefined) return inner;
      inner = next;
    }
    return runtime.raise('ValueError', 'wrapper loop when unwrapping');
  },
  'getattr_static(obj, attr, default=None)': (runtime, object, name, fallback) => {
    const own = object instanceof PyInstance && typeof name === 'string' ? object.attributes.get(name) : undefined;
    if (own !== undefined) return own;
    const cls = object instanceof PyClass ? object : runtime.typeOf(object);
    const found = typeof name === 'string' ? runtime.lookupInClass(cls, name) : undefined;
    return found === undefined ? fallback : found;
  },
  'getfile(object)': fileOf,
  'getsourcefile(object)': fileOf,
  ...unknowns(['getsource', 'getsourcelines', 'currentframe', 'stack', 'getcallargs']),
});

/** The file in which a function, class or module stands. */
function fileOf(runtime: Runtime, object: Value): Value {
  const inner = object instanceof PyBoundMethod ? object.callee : object;
  const file =
    inner instanceof PyFunction || inner instanceof PyClass
      ? inner.origin?.file
      : inner instanceof PyModule
        ? inner.file
        : undefined;
  return file ?? runtime.unknown('inspect.getfile: the file of this object is not known');
}

function unknowns(names: readonly string[]): Record<string, Body> {
  const reason = (name: string): string => `inspect.${name} looks at files or frames`;
  return Object.fromEntries(
    names.map((name): [string, Body] => [`${name}(*args, **kwargs)`, (runtime) => runtime.unknown(reason(name))]),
  );
}

function test(holds: (object: Value) => boolean): Body {
  return (_, object) => (object instanceof PyUnknown ? object : holds(object));
}

function isRoutine(object: Value): boolean {
  return object instanceof PyFunction || object instanceof NativeFunction || object instanceof PyBoundMethod;
}

function isDefinition(object: Value, property: 'isGenerator' | 'isAsync'): boolean {
  const fn = object instanceof PyBoundMethod ? object.callee : object;
  if (fn instanceof PyFunction) noteDefinitionUse(fn.definition);
  return fn instanceof PyFunction && fn.definition.kind === 'functionDef' && fn.definition[property];
}

/** Names with their values, sorted by name. */
function listMembers(runtime: Runtime, object: Value, predicate: Value): Value {
  if (object instanceof PyUnknown) return object;
  const pairs: Value[] = [];
  for (const name of [...namesOf(runtime, object)].sort()) {
    const value = runtime.lookupAttribute(object, name);
    if (value === undefined) continue;
    const isWanted = predicate === null || runtime.truth(runtime.call(predicate, [value])) === true;
    if (isWanted) pairs.push(new PyTuple([name, value]));
  }
  return new PyList(pairs);
}

function cleanDocumentation(doc: Value): Value {
  if (typeof doc !== 'string') return doc;
  const [first = '', ...rest] = doc.split('\n');
  const indents = rest.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const indent = indents.length > 0 ? Math.min(...indents) : 0;
  const lines = [first.trimStart(), ...rest.map((line) => line.slice(indent))];
  return lines.join('\n').replace(/^\n+|\s+$/g, '');
}
