/**
 * Attributes that the interpreter itself gives: `x.__class__`, `Class.__mro__`, `function.__name__`, `object.__dict__`.
 * They are asked for last, so that what code sets itself wins.
 */
import { annotationsOf } from './annotations.ts';
import { codeObject } from './codeObject.ts';
import { noteDefinitionUse } from './definitionUse.ts';
import { docstringOf } from './docstrings.ts';
import type { Executor } from './executor.ts';
import { liveDict, liveDictWithoutSlots } from './liveDict.ts';
import {
  NativeFunction,
  PyClass,
  PyDict,
  PyList,
  PyTuple,
  type PyBoundMethod,
  type PyFunction,
  type PyMutable,
  type PyProperty,
  type Value,
} from './values.ts';

/** Undefined where the interpreter gives no such attribute to this kind of value. */
export function specialAttribute(executor: Executor, object: Value, name: string): Value | undefined {
  if (!name.startsWith('__')) return object !== null && typeof object === 'object' ? plain(object, name) : undefined;
  if (name === '__class__') return executor.typeOf(object);
  if (name === '__dict__') {
    const dict = attributesOf(executor, object);
    // A class's own is a view that cannot be written to.
    if (dict !== undefined && object instanceof PyClass) dict.class = executor.builtinClass('mappingproxy');
    return dict;
  }
  if (object === null || typeof object !== 'object') return name === '__doc__' ? null : undefined;
  switch (object.kind) {
    case 'class':
      return ofClass(executor, object, name);
    case 'function':
      return ofFunction(executor, object, name);
    case 'native':
      return ofNative(object, name);
    case 'boundMethod':
      return ofBoundMethod(object, name);
    case 'property':
    case 'staticMethod':
    case 'classMethod':
      return ofDescriptor(executor, object, name);
    default:
      return name === '__doc__' ? null : undefined;
  }
}

/** The live `__dict__`; undefined for what has none. */
export function attributesOf(executor: Executor, object: Value): PyDict | undefined {
  if (object === null || typeof object !== 'object') return undefined;
  switch (object.kind) {
    case 'instance':
      return instanceDict(object.class_, object, () => object.attributes);
    case 'class':
      return liveDict(object, () => object.attributes);
    case 'module':
      executor.modules.partials.checkUse(object);
      return liveDict(object, () => object.names);
    case 'function':
    case 'native':
      return liveDict(undefined, () => (object.attributes ??= new Map<string, Value>()));
    case 'list':
    case 'dict':
    case 'set':
      return object.class && instanceDict(object.class, object, () => (object.attributes ??= new Map<string, Value>()));
    case 'tuple': {
      const { namedClass } = object;
      return namedClass && instanceDict(namedClass, undefined, () => (object.attributes ??= new Map<string, Value>()));
    }
    case 'super':
      return attributesOf(executor, object.self);
    default:
      return undefined;
  }
}

/** Undefined for instances that have slots alone. */
function instanceDict(cls: PyClass, owner: PyMutable | undefined, names: () => Map<string, Value>): PyDict | undefined {
  if (!cls.hasInstanceDict) return undefined;
  return cls.mro.some(({ slotNames }) => slotNames.length > 0)
    ? liveDictWithoutSlots(owner, names)
    : liveDict(owner, names);
}

function plain(object: Exclude<Value, null | boolean | number | bigint | string>, name: string): Value | undefined {
  if (object.kind === 'property') {
    if (name === 'fget') return object.getter;
    if (name === 'fset') return object.setter;
    if (name === 'fdel') return object.deleter;
  }
  if (object.kind === 'slice') {
    if (name === 'start') return object.lower;
    if (name === 'stop') return object.upper;
    if (name === 'step') return object.step;
  }
  if (object.kind === 'range' && (name === 'start' || name === 'stop' || name === 'step')) return object[name];
  return undefined;
}

function ofClass(executor: Executor, cls: PyClass, name: string): Value | undefined {
  switch (name) {
    case '__name__':
      return cls.name;
    case '__qualname__':
      return cls.qualifiedName ?? cls.name;
    case '__module__':
      return cls.module;
    case '__doc__':
      return null;
    case '__mro__':
      return new PyTuple(cls.mro);
    case '__bases__':
      return new PyTuple(cls.bases);
    case '__base__':
      return cls.bases[0] ?? null;
    case '__annotations__':
      return new PyDict();
    case '__subclasses__':
      return new NativeFunction('__subclasses__', () => new PyList([...executor.subclassesOf(cls)]));
    default:
      return undefined;
  }
}

/** Attributes of a function that its body or its defaults make. */
const SEEN_IN_BODY: ReadonlySet<string> = new Set([
  '__doc__',
  '__defaults__',
  '__kwdefaults__',
  '__code__',
  '__closure__',
]);

function ofFunction(executor: Executor, fn: PyFunction, name: string): Value | undefined {
  if (SEEN_IN_BODY.has(name)) noteDefinitionUse(fn.definition);
  switch (name) {
    case '__name__':
      return fn.name;
    case '__qualname__':
      return fn.qualifiedName;
    case '__module__':
      return fn.module.name;
    case '__doc__':
      return docstringOf(fn.definition) ?? null;
    case '__annotations__':
      return annotationsOf(executor, fn);
    case '__defaults__': {
      const defaults = fn.definition.parameters.positional.flatMap(({ name: parameter }) => {
        const value = fn.defaults.get(parameter);
        return value === undefined ? [] : [value];
      });
      return defaults.length === 0 ? null : new PyTuple(defaults);
    }
    case '__kwdefaults__':
      return keywordDefaults(fn);
    case '__globals__':
      return liveDict(fn.module, () => fn.module.names);
    case '__code__':
      return codeObject(executor, fn);
    case '__closure__':
      return null;
    case '__call__':
      return fn;
    default:
      return undefined;
  }
}

function keywordDefaults(fn: PyFunction): Value {
  const dict = new PyDict();
  for (const { name } of fn.definition.parameters.keywordOnly) {
    const value = fn.defaults.get(name);
    if (value !== undefined) dict.entries.set(`s${name}`, { key: name, value });
  }
  return dict.entries.size === 0 ? null : dict;
}

function ofNative(fn: NativeFunction, name: string): Value | undefined {
  switch (name) {
    case '__name__':
      return fn.name;
    case '__qualname__':
      return fn.qualifiedName;
    case '__module__':
      return fn.qualifiedName.includes('.') ? fn.qualifiedName.replace(/\.[^.]*$/, '') : 'builtins';
    case '__doc__':
      return null;
    case '__call__':
      return fn;
    default:
      return undefined;
  }
}

function ofBoundMethod(method: PyBoundMethod, name: string): Value | undefined {
  switch (name) {
    case '__self__':
      return method.self;
    case '__func__':
      return method.callee;
    case '__call__':
      return method;
    default:
      return undefined;
  }
}

type Descriptor = PyProperty | Extract<Value, { readonly kind: 'staticMethod' | 'classMethod' }>;

function ofDescriptor(executor: Executor, descriptor: Descriptor, name: string): Value | undefined {
  const inner = descriptor.kind === 'property' ? descriptor.getter : descriptor.callee;
  switch (name) {
    case '__func__':
    case '__wrapped__':
      return inner;
    case '__name__':
      if (descriptor.kind === 'property' && descriptor.slotName !== undefined) return descriptor.slotName;
      return inner === null ? null : executor.lookupAttribute(inner, name);
    case '__doc__':
    case '__isabstractmethod__':
      return inner === null ? null : executor.lookupAttribute(inner, name);
    default:
      return undefined;
  }
}
