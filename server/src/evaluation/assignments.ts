/**
 * `object.name = value` and `del object.name`: descriptors, `__setattr__` and `__delattr__`, then the object itself.
 * Every change is journaled, so that it can be taken back.
 */
import { BYTES } from './allocations.ts';
import { customMethod } from './binaryOperators.ts';
import { callDirect } from './calls.ts';
import type { Executor } from './executor.ts';
import {
  PyClass,
  PyDict,
  PyInstance,
  PyModule,
  PyProperty,
  PyTuple,
  PyUnknown,
  type PyObject,
  type Value,
} from './values.ts';
import { lookupInClass, noPropertyPart } from './attributes.ts';
import { setBases } from './linearization.ts';
import { isSlotKey } from './slotKeys.ts';
import { layoutOf } from './slots.ts';

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
  if (name === '__class__' && (object instanceof PyInstance || object instanceof PyModule)) {
    setClass(executor, object, value);
    return;
  }
  if (object instanceof PyClass && name === '__name__' && typeof value !== 'string' && !(value instanceof PyUnknown)) {
    const { name: typeName } = executor.typeOf(value);
    executor.raise('TypeError', `can only assign string to ${object.name}.__name__, not '${typeName}'`);
  }
  if (object instanceof PyClass && name === '__bases__' && !object.isCore) {
    const bases = value instanceof PyTuple ? value.items.filter((base) => base instanceof PyClass) : [];
    if (bases.length > 0) setBases(executor, object, bases);
    else executor.raise('TypeError', `can only assign non-empty tuple to ${object.name}.__bases__`);
    return;
  }
  const names = writableNames(executor, object, name);
  if (name !== '__dict__') {
    if (!names.has(name)) executor.budget.allocate(BYTES.entry);
    names.set(name, value);
  } else if (value instanceof PyDict) replaceNames(names, value);
  else if (!(value instanceof PyUnknown)) {
    const { name: typeName } = executor.typeOf(value);
    executor.raise('TypeError', `__dict__ must be set to a dictionary, not a '${typeName}'`);
  }
}

/** What `object.__delattr__` does. */
export function genericDeleteAttribute(executor: Executor, object: Value, name: string): void {
  if (object instanceof PyUnknown) return;
  const cls = executor.typeOf(object);
  const holder = holderOf(cls, name);
  const member = holder?.attributes.get(name);
  const property = propertyOf(member);
  if (property !== undefined && holder !== undefined) {
    if (property.deleter === null) noPropertyPart(executor, cls, holder, property, 'deleter');
    executor.call(property.deleter, [object]);
    return;
  }
  const deleter = member === undefined ? undefined : customMethod(executor, member, '__delete__');
  if (member !== undefined && deleter !== undefined) {
    callDirect(executor, deleter, [member, object]);
    return;
  }
  if (member !== undefined && customMethod(executor, member, '__set__') !== undefined) {
    executor.raise('AttributeError', '__delete__');
  }
  if (!writableNames(executor, object, name).delete(name)) {
    const { name: className } = executor.typeOf(object);
    executor.raise('AttributeError', `'${className}' object has no attribute '${name}'`);
  }
}

/** Runs a property's or another descriptor's setter; false where the class has none of that name. */
function callSetter(executor: Executor, object: Value, name: string, value: Value): boolean {
  const cls = executor.typeOf(object);
  const holder = holderOf(cls, name);
  const member = holder?.attributes.get(name);
  if (holder === undefined || member === undefined || member === null || typeof member !== 'object') return false;
  const property = propertyOf(member);
  const setter = customMethod(executor, member, '__set__');
  if (property !== undefined && setter === undefined) {
    if (property.setter === null) noPropertyPart(executor, cls, holder, property, 'setter');
    executor.call(property.setter, [object, value]);
    return true;
  }
  if (setter === undefined && customMethod(executor, member, '__delete__') !== undefined) {
    return executor.raise('AttributeError', '__set__');
  }
  if (setter === undefined) return false;
  callDirect(executor, setter, [member, object, value]);
  return true;
}

function holderOf(cls: PyClass, name: string): PyClass | undefined {
  return cls.mro.find((ancestor) => ancestor.attributes.has(name));
}

/** A property, or an instance of a subclass of property. */
function propertyOf(member: Value | undefined): PyProperty | undefined {
  if (member instanceof PyProperty) return member;
  return member instanceof PyInstance && member.payload instanceof PyProperty ? member.payload : undefined;
}

/** `object.__class__ = value`: only for classes whose instances are laid out alike. */
function setClass(executor: Executor, object: PyInstance | PyModule, value: Value): void {
  if (value instanceof PyUnknown) return;
  if (!(value instanceof PyClass)) {
    const { name } = executor.typeOf(value);
    executor.raise('TypeError', `__class__ must be set to a class, not '${name}' object`);
  }
  const before = executor.typeOf(object);
  if (
    (value.isCore && value !== before) ||
    layoutOf(before) !== layoutOf(value) ||
    before.hasInstanceDict !== value.hasInstanceDict
  ) {
    const message = `__class__ assignment: '${value.name}' object layout differs from '${before.name}'`;
    executor.raise('TypeError', message);
  }
  executor.mutating(object);
  object.class_ = value;
}

/** The object's own names, saved for a rollback. Raises AttributeError for what has none. */
function writableNames(executor: Executor, object: Value, name: string): Map<string, Value> {
  if (object !== null && typeof object === 'object') {
    switch (object.kind) {
      case 'instance':
        refuseWithoutDict(executor, object, object.class_, name);
        executor.mutating(object);
        return object.attributes;
      case 'class':
        if (object.isCore) {
          executor.raise('TypeError', `cannot set '${name}' attribute of immutable type '${object.name}'`);
        }
        executor.mutating(object);
        return object.attributes;
      case 'module':
        executor.modules.partials.checkUse(object);
        executor.mutating(object);
        return object.names;
      case 'native':
        if (executor.builtinNames.get(object.name) === object) break;
        return journaledNames(executor, object);
      case 'function':
        return journaledNames(executor, object);
      case 'list':
      case 'dict':
      case 'set':
        if (object.class === undefined) break;
        refuseWithoutDict(executor, object, object.class, name);
        executor.mutating(object);
        return (object.attributes ??= new Map<string, Value>());
      case 'tuple':
        if (object.namedClass === undefined) break;
        refuseWithoutDict(executor, object, object.namedClass, name);
        return journaledNames(executor, object);
      default:
        break;
    }
  }
  const { name: className } = executor.typeOf(object);
  return executor.raise('AttributeError', `'${className}' object has no attribute '${name}'`);
}

/** Instances that have slots alone take no other names. */
function refuseWithoutDict(executor: Executor, object: Value, cls: PyClass, name: string): void {
  if (cls.hasInstanceDict) return;
  const isReadOnly = lookupInClass(executor.typeOf(object), name) !== undefined;
  const what = isReadOnly ? `object attribute '${name}' is read-only` : `object has no attribute '${name}'`;
  executor.raise('AttributeError', `'${cls.name}' ${what}`);
}

function journaledNames(
  executor: Executor,
  object: Extract<PyObject, { readonly kind: 'function' | 'native' | 'tuple' }>,
): Map<string, Value> {
  const before = object.attributes;
  const copy = new Map(before);
  executor.budget.allocate(BYTES.entry * (copy.size + 1));
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
  for (const name of [...names.keys()]) if (!isSlotKey(name)) names.delete(name);
  for (const { key, value } of entries) if (typeof key === 'string') names.set(key, value);
}
