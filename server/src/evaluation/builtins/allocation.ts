/**
 * `__new__` of the builtin classes that hold one plain value, and of descriptors:
 * `int("7")` -> 7, `class Id(int): ...; Id("7")` -> an instance that carries 7.
 */
import { functionOfCode } from '../codeObject.ts';
import { bindArguments, parseSignature } from '../natives.ts';
import type { Runtime } from '../runtime.ts';
import {
  PyBoundMethod,
  PyClass,
  PyClassMethod,
  PyDict,
  PyFunction,
  PyInstance,
  PyModule,
  PyProperty,
  PyRange,
  PySlice,
  PyStaticMethod,
  PySuper,
  PyTuple,
  PyUnknown,
  type Arguments,
  type Value,
} from '../values.ts';
import { indexArgument } from './arguments.ts';
import { toBool, toBytes, toComplex, toFloat, toInt, toStr } from './conversions.ts';
import { members } from './define.ts';
import { box } from './unbox.ts';

type Allocate = (runtime: Runtime, cls: PyClass, args: Arguments) => Value;

type Make = (runtime: Runtime, ...args: Value[]) => Value;

export const allocateInt = plainAllocation('int', 'int(x=0, /, base=None)', toInt);
export const allocateFloat = plainAllocation('float', 'float(x=0.0, /)', toFloat);
export const allocateComplex = plainAllocation('complex', 'complex(real=0, imag=None)', toComplex);
export const allocateBool = plainAllocation('bool', 'bool(x=False, /)', toBool);
export const allocateBytes = plainAllocation('bytes', 'bytes(source=(), encoding=None, errors=None)', toBytes);
export const allocateStr = plainAllocation('str', "str(object='', encoding=None, errors=None)", toStr);

export const allocateSlice = plainAllocation('slice', 'slice(start, stop=..., step=None)', (_, start, stop, step) => {
  const isShort = stop !== null && typeof stop === 'object' && stop.kind === 'ellipsis';
  return isShort ? new PySlice(null, start, null) : new PySlice(start, stop, step);
});

export const allocateRange = plainAllocation(
  'range',
  'range(start, stop=..., step=1)',
  (runtime, start, stop, step) => {
    const isShort = stop !== null && typeof stop === 'object' && stop.kind === 'ellipsis';
    const bounds = (isShort ? [0, start, 1] : [start, stop, step]).map((bound) =>
      indexArgument(runtime, bound ?? null),
    );
    const unknown = bounds.find((bound) => bound instanceof PyUnknown);
    if (unknown instanceof PyUnknown) return unknown;
    const [first = 0, end = 0, stride = 1] = bounds.map(Number);
    return stride === 0
      ? runtime.raise('ValueError', 'range() arg 3 must not be zero')
      : new PyRange(first, end, stride);
  },
);

export const allocateStaticMethod = plainAllocation(
  'staticmethod',
  'staticmethod(function, /)',
  (_, callee) => new PyStaticMethod(callee),
);

export const allocateClassMethod = plainAllocation(
  'classmethod',
  'classmethod(function, /)',
  (_, callee) => new PyClassMethod(callee),
);

export const allocateProperty = plainAllocation(
  'property',
  'property(fget=None, fset=None, fdel=None, doc=None)',
  (_, getter, setter, deleter) => new PyProperty(getter, setter, deleter),
);

/** `super(Class, self)`; the form without arguments is the executor's, which knows the frame. */
export const allocateSuper = plainAllocation('super', 'super(type=..., object=..., /)', (runtime, after, self) => {
  if (after instanceof PyUnknown) return after;
  if (after !== null && typeof after === 'object' && after.kind === 'ellipsis') {
    return runtime.raise('RuntimeError', 'super(): no arguments');
  }
  if (!(after instanceof PyClass)) {
    const { name } = runtime.typeOf(after);
    return runtime.raise('TypeError', `super() argument 1 must be a type, not ${name}`);
  }
  const isUnbound = self === null || (typeof self === 'object' && self.kind === 'ellipsis');
  if (!isUnbound && !(self instanceof PyUnknown) && !belongsTo(runtime, self, after)) {
    return runtime.raise('TypeError', 'super(type, obj): obj must be an instance or subtype of type');
  }
  return new PySuper(after, self);
});

/** Whether a value is an instance or a subclass of a class, as far as its bases are known. */
function belongsTo(runtime: Runtime, value: Value, cls: PyClass): boolean {
  if (value instanceof PyClass && (value.mro.includes(cls) || value.unknownBase !== undefined)) return true;
  const actual = runtime.typeOf(value);
  return actual.mro.includes(cls) || actual.unknownBase !== undefined;
}

/** `object.__new__`. Source: object_new of CPython's typeobject.c. */
export function allocateObject(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  if (args.positional.length + args.keywords.size > 0) {
    const ownsNew = runtime.lookupInClass(cls, '__new__') !== undefined;
    if (ownsNew && isWrittenInPython(cls)) {
      return runtime.raise('TypeError', 'object.__new__() takes exactly one argument (the type to instantiate)');
    }
    if (!ownsNew && !hasInitializer(runtime, cls)) {
      return runtime.raise('TypeError', `${cls.name}() takes no arguments`);
    }
  }
  const solid = cls.mro.find((ancestor) => ancestor.isCore && ancestor.name !== 'object');
  if (solid !== undefined) {
    return runtime.raise('TypeError', `object.__new__(${cls.name}) is not safe, use ${solid.name}.__new__()`);
  }
  return new PyInstance(cls);
}

/** `object.__init__`. Source: object_init of CPython's typeobject.c. */
export function initializeObject(runtime: Runtime, self: Value, args: Value, kwargs: Value): Value {
  const count = args instanceof PyTuple ? args.items.length : 0;
  const keywords = kwargs instanceof PyDict ? kwargs.entries.size : 0;
  const cls = runtime.typeOf(self);
  if (count + keywords === 0 || !isWrittenInPython(cls)) return null;
  if (hasInitializer(runtime, cls)) {
    runtime.raise('TypeError', 'object.__init__() takes exactly one argument (the instance to initialize)');
  }
  if (runtime.lookupInClass(cls, '__new__') === undefined) {
    runtime.raise('TypeError', `${cls.name}.__init__() takes exactly one argument (the instance to initialize)`);
  }
  return null;
}

/** Whether we know all of a class: what we model of a library may lack a constructor that takes arguments. */
function isWrittenInPython(cls: PyClass): boolean {
  return (
    cls.unknownBase === undefined && cls.mro.every(({ origin, name }) => origin !== undefined || name === 'object')
  );
}

/** `type(x)` and `type(name, bases, namespace)`; metaclasses come here too. */
export function allocateType(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  const [name, bases, namespace] = args.positional;
  if (name === undefined) return runtime.raise('TypeError', 'type() takes 1 or 3 arguments');
  const metaclass = cls === runtime.builtinClass('type') ? undefined : cls;
  if (bases === undefined && metaclass === undefined) {
    return name instanceof PyUnknown ? name : runtime.typeOf(name);
  }
  if (typeof name !== 'string' || !(bases instanceof PyTuple) || !(namespace instanceof PyDict)) {
    return args.positional.find((argument) => argument instanceof PyUnknown) ?? badTypeArguments(runtime);
  }
  const attributes = new Map<string, Value>();
  for (const { key, value } of namespace.entries.values()) if (typeof key === 'string') attributes.set(key, value);
  return runtime.makeClass(name, bases.items, attributes, args.keywords, metaclass);
}

/** `types.ModuleType(name)`; an instance of a subclass is an object with attributes. */
export function allocateModule(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  return cls === runtime.builtinClass('module') ? newModule(runtime, cls, args) : new PyInstance(cls);
}

const newModule = plainAllocation('module', 'module(name, doc=None)', (_, name, doc) => {
  const module = new PyModule(typeof name === 'string' ? name : '?', undefined);
  module.names.set('__name__', name);
  module.names.set('__doc__', doc);
  return module;
});

/** Members of `module` for instances of its subclasses. */
export const moduleTypeMembers = (): ReadonlyMap<string, Value> =>
  members('module', {
    '__init__(self, name, doc=None)': (_, self, name, doc) => {
      if (!(self instanceof PyInstance)) return null;
      self.attributes.set('__name__', name);
      self.attributes.set('__doc__', doc);
      return null;
    },
  });

/** `types.FunctionType(f.__code__, f.__globals__, ...)`: a copy of f with attributes of its own. */
export const allocateFunction = plainAllocation(
  'function',
  'function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)',
  (runtime, code, _globals, name) => {
    const fn = functionOfCode(code);
    if (fn === undefined) return runtime.unknown('a function made from code that is not known');
    const { qualifiedName, definition, origin, module, closure, defaults, definingClass } = fn;
    const newName = typeof name === 'string' ? name : fn.name;
    return new PyFunction(newName, qualifiedName, definition, origin, module, closure, defaults, definingClass);
  },
);

/** `types.MethodType(function, object)`. */
export const allocateMethod = plainAllocation(
  'method',
  'method(function, instance, /)',
  (_, callee, self) => new PyBoundMethod(self, callee),
);

export function refuseAllocation(runtime: Runtime, cls: PyClass): Value {
  return runtime.raise('TypeError', `cannot create '${cls.name}' instances`);
}

function plainAllocation(builtinName: string, signatureText: string, make: Make): Allocate {
  const signature = parseSignature(signatureText);
  return (runtime, cls, args) => {
    const bound = bindArguments(runtime, signature, args);
    // bindArguments binds every parameter of the signature.
    const value = make(runtime, ...signature.parameters.map((parameter) => bound[parameter.name] as Value));
    return value instanceof PyUnknown ? value : box(runtime, cls, builtinName, value);
  };
}

function hasInitializer(runtime: Runtime, cls: PyClass): boolean {
  return runtime.lookupInClass(cls, '__init__') !== runtime.builtinClass('object').attributes.get('__init__');
}

function badTypeArguments(runtime: Runtime): never {
  return runtime.raise('TypeError', 'type.__new__() argument 1 must be str, argument 2 tuple, argument 3 dict');
}
