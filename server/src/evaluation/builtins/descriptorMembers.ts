/**
 * Methods of property, staticmethod, classmethod, functions and generators: `@x.setter`, `prop.__get__(obj)`, `g.send(1)`.
 */
import type { Runtime } from '../runtime.ts';
import {
  PyBoundMethod,
  PyClass,
  PyClassMethod,
  PyInstance,
  PyIterator,
  PyProperty,
  PyRaise,
  PyStaticMethod,
  type Value,
} from '../values.ts';
import { define, members } from './define.ts';
import { raiseWith } from './raising.ts';
import { unbox } from './unbox.ts';

export function propertyMembers(): ReadonlyMap<string, Value> {
  const part = (name: string, read: (property: PyProperty) => Value): readonly [string, Value] => [
    name,
    new PyProperty(
      define(`${name}(self)`, (runtime, self) => read(propertyOf(runtime, self))),
      null,
      null,
    ),
  ];
  return new Map([
    part('fget', ({ getter }) => getter),
    part('fset', ({ setter }) => setter),
    part('fdel', ({ deleter }) => deleter),
    ...propertyMethods(),
  ]);
}

function propertyMethods(): ReadonlyMap<string, Value> {
  return members('property', {
    'getter(self, fget, /)': (runtime, self, getter) => {
      const { setter, deleter } = propertyOf(runtime, self);
      return rewrap(runtime, self, new PyProperty(getter, setter, deleter));
    },
    'setter(self, fset, /)': (runtime, self, setter) => {
      const { getter, deleter } = propertyOf(runtime, self);
      return rewrap(runtime, self, new PyProperty(getter, setter, deleter));
    },
    'deleter(self, fdel, /)': (runtime, self, deleter) => {
      const { getter, setter } = propertyOf(runtime, self);
      return rewrap(runtime, self, new PyProperty(getter, setter, deleter));
    },
    '__get__(self, instance, owner=None, /)': (runtime, self, instance) =>
      instance === null ? self : runtime.call(propertyOf(runtime, self).getter, [instance]),
    '__set__(self, instance, value, /)': (runtime, self, instance, value) => {
      const { setter } = propertyOf(runtime, self);
      if (setter === null) return lacking(runtime, self, instance, 'setter');
      runtime.call(setter, [instance, value]);
      return null;
    },
    '__delete__(self, instance, /)': (runtime, self, instance) => {
      const { deleter } = propertyOf(runtime, self);
      if (deleter === null) return lacking(runtime, self, instance, 'deleter');
      runtime.call(deleter, [instance]);
      return null;
    },
  });
}

function lacking(runtime: Runtime, property: Value, instance: Value, part: 'setter' | 'deleter'): never {
  const cls = runtime.typeOf(instance);
  const candidates = cls.mro.flatMap((ancestor) => [...ancestor.attributes]);
  const [name] = candidates.find(([, member]) => member === property) ?? [];
  const shown = name === undefined ? 'property' : `property '${name}'`;
  return runtime.raise('AttributeError', `${shown} of '${cls.name}' object has no ${part}`);
}

export function staticMethodMembers(): ReadonlyMap<string, Value> {
  return members('staticmethod', {
    '__get__(self, instance, owner=None, /)': (_, self) => calleeOf(self),
  });
}

export function classMethodMembers(): ReadonlyMap<string, Value> {
  return members('classmethod', {
    '__get__(self, instance, owner=None, /)': (runtime, self, instance, owner) =>
      new PyBoundMethod(owner instanceof PyClass ? owner : runtime.typeOf(instance), calleeOf(self)),
  });
}

/** `function.__get__(obj)` makes a bound method; `types.MethodType` is the same. */
export function functionMembers(): ReadonlyMap<string, Value> {
  return members('function', {
    '__get__(self, instance, owner=None, /)': (_, self, instance) =>
      instance === null ? self : new PyBoundMethod(instance, self),
  });
}

export function generatorMembers(): ReadonlyMap<string, Value> {
  return members('generator', {
    '__iter__(self, /)': (_, self) => self,
    '__next__(self, /)': (runtime, self) => resume(runtime, self, (iterator) => iterator.next(null)),
    'send(self, value, /)': (runtime, self, value) => resume(runtime, self, (iterator) => iterator.next(value)),
    'close(self, /)': (runtime, self) => {
      if (!(self instanceof PyIterator)) return null;
      runtime.mutating(self);
      self.iterator.return?.(null);
      return null;
    },
    'throw(self, type, value=None, traceback=None, /)': (runtime, self, type, value) =>
      resume(runtime, self, (iterator) => {
        const made = type instanceof PyClass ? runtime.call(type, value === null ? [] : [value]) : type;
        const error = made instanceof PyInstance ? new PyRaise(made, runtime.callStack()) : undefined;
        if (error === undefined) return runtime.raise('TypeError', 'exceptions must derive from BaseException');
        if (iterator.throw === undefined) throw error;
        return iterator.throw(error);
      }),
  });
}

function resume(
  runtime: Runtime,
  self: Value,
  step: (iterator: Iterator<Value, Value, Value>) => IteratorResult<Value, Value>,
): Value {
  if (!(self instanceof PyIterator)) return runtime.raise('TypeError', 'descriptor requires an iterator');
  runtime.mutating(self);
  const result = step(self.iterator);
  if (result.done !== true) return result.value;
  return raiseWith(runtime, 'StopIteration', ...(result.value === null ? [] : [result.value]));
}

function propertyOf(runtime: Runtime, self: Value): PyProperty {
  const plain = unbox(self);
  return plain instanceof PyProperty ? plain : runtime.raise('TypeError', "descriptor requires a 'property' object");
}

/** A property of the same class as `self`. */
function rewrap(runtime: Runtime, self: Value, property: PyProperty): Value {
  if (!(self instanceof PyInstance)) return property;
  const instance = new PyInstance(self.class_);
  runtime.mutating(instance);
  instance.attributes = new Map(self.attributes);
  instance.payload = property;
  return instance;
}

function calleeOf(self: Value): Value {
  const plain = unbox(self);
  return plain instanceof PyStaticMethod || plain instanceof PyClassMethod ? plain.callee : plain;
}
