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
  if (!(after instanceof PyClass)) return runtime.raise('RuntimeError', 'super(): no arguments');
  return new PySuper(after, self);
});

/** `object.__new__`. */
export function allocateObject(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  if (args.positional.length + args.keywords.size > 0 && !takesArguments(runtime, cls)) {
    return runtime.raise('TypeError', `${cls.name}() takes no arguments`);
  }
  return new PyInstance(cls);
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

/** Whether the class has a Python `__init__` or `__new__` that says what its arguments mean. */
function takesArguments(runtime: Runtime, cls: PyClass): boolean {
  const object = runtime.builtinClass('object');
  return ['__init__', '__new__'].some((name) => {
    const found = runtime.lookupInClass(cls, name);
    return found !== undefined && found !== object.attributes.get(name);
  });
}

function badTypeArguments(runtime: Runtime): never {
  return runtime.raise('TypeError', 'type.__new__() argument 1 must be str, argument 2 tuple, argument 3 dict');
}
