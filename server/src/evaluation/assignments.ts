/**
 * `object.name = value` and `del object.name`: descriptors, `__setattr__` and `__delattr__`, then the object itself.
 * Every change is journaled, so that it can be taken back.
 */
import { customMethod } from './binaryOperators.ts';
import { callDirect } from './calls.ts';
import type { Executor } from './executor.ts';
import { PyClass, PyDict, PyInstance, PyUnknown, type PyObject, type Value } from './values.ts';
import { lookupInClass } from './attributes.ts';

export function setAttribute(executor: Executor, object: Value, name: string, value: Value): void {
  const method = customMethod(executor, object, '__setattr__');
  if (method === undefined) genericSetAttribute(executor, object, name, value);
  else callDirect(executor, method, [object, name, value]);
}

export function deleteAttribute(executor: Executor, object: Value, name: string): void {
  const method = customMethod(executor, object, '__delattr__');
  if (method === undefined) genericDeleteAttribute(executor, object, name);
  else callDirect(executor, method, [object, name]);
}

/** What `object.__setattr__` does. */
export function genericSetAttribute(executor: Executor, object: Value, name: string, value: Value): void {
  if (object instanceof PyUnknown) return;
  if (callSetter(executor, object, name, value)) return;
  if (object instanceof PyInstance && name === '__class__' && value instanceof PyClass) {
    executor.mutating(object);
    object.class_ = value;
    return;
  }
  const names = writableNames(executor, object, name);
  if (name === '__dict__' && value instanceof PyDict) replaceNames(names, value);
  else names.set(name, value);
}

/** What `object.__delattr__` does. */
export function genericDeleteAttribute(executor: Executor, object: Value, name: string): void {
  if (object instanceof PyUnknown) return;
  const member = lookupInClass(executor.typeOf(object), name);
  if (member !== undefined && member !== null && typeof member === 'object' && member.kind === 'property') {
    if (member.deleter !== null) {
      executor.call(member.deleter, [object]);
      return;
    }
  }
  const deleter = member === undefined ? undefined : customMethod(executor, member, '__delete__');
  if (member !== undefined && deleter !== undefined) {
    callDirect(executor, deleter, [member, object]);
    return;
  }
  if (!writableNames(executor, object, name).delete(name)) {
    const { name: className } = executor.typeOf(object);
    executor.raise('AttributeError', `'${className}' object has no attribute '${name}'`);
  }
}

/** Runs a property's or another descriptor's setter; false where the class has none of that name. */
function callSetter(executor: Executor, object: Value, name: string, value: Value): boolean {
  const cls = executor.typeOf(object);
  const member = lookupInClass(cls, name);
  if (member === undefined || member === null || typeof member !== 'object') return false;
  if (member.kind === 'property') {
    if (member.setter === null) {
      executor.raise('AttributeError', `property '${name}' of '${cls.name}' object has no setter`);
    }
    executor.call(member.setter, [object, value]);
    return true;
  }
  const setter = customMethod(executor, member, '__set__');
  if (setter === undefined) return false;
  callDirect(executor, setter, [member, object, value]);
  return true;
}

/** The object's own names, saved for a rollback. Raises AttributeError for what has none. */
function writableNames(executor: Executor, object: Value, name: string): Map<string, Value> {
  if (object !== null && typeof object === 'object') {
    switch (object.kind) {
      case 'instance':
      case 'class':
        executor.mutating(object);
        return object.attributes;
      case 'module':
        executor.mutating(object);
        return object.names;
      case 'function':
      case 'native':
        return journaledNames(executor, object);
      case 'boundMethod':
        return writableNames(executor, object.callee, name);
      case 'list':
      case 'dict':
      case 'set':
        if (object.class === undefined) break;
        executor.mutating(object);
        return (object.attributes ??= new Map<string, Value>());
      case 'tuple':
        if (object.namedClass === undefined) break;
        return journaledNames(executor, object);
      default:
        break;
    }
  }
  const { name: className } = executor.typeOf(object);
  return executor.raise('AttributeError', `'${className}' object has no attribute '${name}'`);
}

function journaledNames(
  executor: Executor,
  object: Extract<PyObject, { readonly kind: 'function' | 'native' | 'tuple' }>,
): Map<string, Value> {
  const before = object.attributes;
  const copy = new Map(before);
  executor.journal.record(
    object,
    () => {
      object.attributes = before;
    },
    object.kind === 'function' ? object.epoch : undefined,
  );
  object.attributes = copy;
  return copy;
}

function replaceNames(names: Map<string, Value>, dict: PyDict): void {
  const entries = [...dict.entries.values()];
  names.clear();
  for (const { key, value } of entries) if (typeof key === 'string') names.set(key, value);
}
