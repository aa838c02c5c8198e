/**
 * `container[key]`, its assignment and deletion: indices, slices, dict keys, `__getitem__` and its siblings, and
 * `Class[...]`, which is the class itself unless the class says otherwise (`list[int]` is `list`).
 */
import { BYTES } from './allocations.ts';
import { customMethod } from './binaryOperators.ts';
import { hashKey } from './builtins/containerCreation.ts';
import { raiseWith } from './builtins/raising.ts';
import { callDirect } from './calls.ts';
import { rangeLength } from './rangeLength.ts';
import type { Executor } from './executor.ts';
import { iterate } from './iteration.ts';
import { sliceIndices, slicePositions } from './builtins/sequences.ts';
import { positionsOf, sliceItems } from './slices.ts';
import type { PyClass } from './values.ts';
import {
  PyBytes,
  PyDict,
  PyInstance,
  PyList,
  PyRange,
  PySlice,
  PySymbolicInt,
  PyTuple,
  PyUnknown,
  type Value,
} from './values.ts';

export function getItem(executor: Executor, object: Value, key: Value): Value {
  const method = customMethod(executor, object, '__getitem__');
  if (method !== undefined) return callDirect(executor, method, [object, key]);
  if (object === null) return notSubscriptable(executor, object);
  if (typeof object === 'string') return getFromText(executor, object, key);
  if (typeof object !== 'object') return notSubscriptable(executor, object);
  switch (object.kind) {
    case 'list':
    case 'tuple':
      return getFromSequence(executor, object, key);
    case 'dict':
      return getFromDict(executor, object, key);
    case 'range':
      return getFromRange(executor, object, key);
    case 'bytes': {
      const part = getFromUnits(executor, object.value, key, 'index');
      if (part instanceof PyUnknown) return part;
      return key instanceof PySlice ? new PyBytes(part) : part.charCodeAt(0);
    }
    case 'unknown':
      return object;
    case 'class':
      return getFromClass(executor, object, key);
    case 'function':
    case 'native':
      // `functools.partial[int]` and the like: a name for types only.
      return object;
    case 'instance':
      if (object.payload !== undefined) return getItem(executor, object.payload, key);
      return object.class_.unknownBase ?? notSubscriptable(executor, object);
    default:
      return notSubscriptable(executor, object);
  }
}

export function setItem(executor: Executor, object: Value, key: Value, value: Value): void {
  const method = customMethod(executor, object, '__setitem__');
  if (method !== undefined) {
    callDirect(executor, method, [object, key, value]);
    return;
  }
  if (object instanceof PyUnknown) return;
  if (object instanceof PyDict) {
    executor.mutating(object);
    const mapKey = hashKey(executor, key);
    if (mapKey instanceof PyUnknown) {
      executor.omit(`An entry under an unknown key was left out (${mapKey.reason}).`);
      return;
    }
    const known = object.entries.get(mapKey);
    if (known === undefined) executor.budget.allocate(BYTES.entry);
    object.entries.set(mapKey, { key: known === undefined ? key : known.key, value });
    return;
  }
  if (object instanceof PyList) {
    setInList(executor, object, key, value);
    return;
  }
  if (object instanceof PyInstance && object.class_.unknownBase !== undefined) return;
  executor.raise('TypeError', `'${executor.typeOf(object).name}' object does not support item assignment`);
}

export function deleteItem(executor: Executor, object: Value, key: Value): void {
  const method = customMethod(executor, object, '__delitem__');
  if (method !== undefined) {
    callDirect(executor, method, [object, key]);
    return;
  }
  if (object instanceof PyUnknown) return;
  if (object instanceof PyDict) {
    const mapKey = hashKey(executor, key);
    if (mapKey instanceof PyUnknown) return;
    executor.mutating(object);
    if (!object.entries.delete(mapKey)) raiseWith(executor, 'KeyError', key);
    return;
  }
  if (object instanceof PyList) {
    deleteFromList(executor, object, key);
    return;
  }
  if (object instanceof PyInstance && object.class_.unknownBase !== undefined) return;
  executor.raise('TypeError', `'${executor.typeOf(object).name}' object doesn't support item deletion`);
}

function notSubscriptable(executor: Executor, object: Value): never {
  return executor.raise('TypeError', `'${executor.typeOf(object).name}' object is not subscriptable`);
}

function getFromSequence(executor: Executor, object: PyList | PyTuple, key: Value): Value {
  if (key instanceof PySlice) {
    const items = sliceItems(executor, object.items, key);
    if (items instanceof PyUnknown) return items;
    return object instanceof PyList ? new PyList(items) : new PyTuple(items);
  }
  const index = indexOf(executor, key, object.kind);
  if (index instanceof PyUnknown) return index;
  const { length } = object.items;
  const item = object.items[index < 0 ? index + length : index];
  return item === undefined ? executor.raise('IndexError', `${object.kind} index out of range`) : item;
}

function getFromDict(executor: Executor, dict: PyDict, key: Value): Value {
  const mapKey = hashKey(executor, key);
  if (mapKey instanceof PyUnknown) return mapKey;
  const entry = dict.entries.get(mapKey);
  if (entry !== undefined) return entry.value;
  const missing = customMethod(executor, dict, '__missing__');
  if (missing !== undefined) return callDirect(executor, missing, [dict, key]);
  if (dict.defaultFactory !== null) {
    const value = executor.call(dict.defaultFactory);
    executor.mutating(dict);
    executor.budget.allocate(BYTES.entry);
    dict.entries.set(mapKey, { key, value });
    return value;
  }
  if (dict.unknownKeys !== undefined) return executor.unknown(dict.unknownKeys);
  return raiseWith(executor, 'KeyError', key);
}

function getFromText(executor: Executor, text: string, key: Value): Value {
  executor.budget.readText(text);
  // Only text with surrogate pairs needs its characters counted.
  return getFromUnits(executor, /[\ud800-\udfff]/.test(text) ? Array.from(text) : text, key, 'string');
}

/** One unit, or those of a slice in one text. */
function getFromUnits(
  executor: Executor,
  units: string | readonly string[],
  key: Value,
  what: string,
): string | PyUnknown {
  if (key instanceof PySlice) {
    const indices = sliceIndices(executor, key, units.length);
    if (indices instanceof PyUnknown) return indices;
    if (indices.step === 1) {
      const part = units.slice(indices.start, Math.max(indices.start, indices.stop));
      return typeof part === 'string' ? part : part.join('');
    }
    executor.budget.allocate(BYTES.item * units.length);
    return Array.from(slicePositions(indices), (position) => units[position]).join('');
  }
  const index = indexOf(executor, key, what);
  if (index instanceof PyUnknown) return index;
  return units[index < 0 ? index + units.length : index] ?? executor.raise('IndexError', `${what} index out of range`);
}

function getFromRange(executor: Executor, range: PyRange, key: Value): Value {
  const size = rangeLength(range);
  const { start, step } = range;
  if (key instanceof PySlice) {
    const indices = sliceIndices(executor, key, size);
    if (indices instanceof PyUnknown) return indices;
    const count = Math.max(0, Math.ceil((indices.stop - indices.start) / indices.step));
    if (count === 0) return new PyRange(start, start, step);
    const stride = count > 1 ? indices.step : 1;
    const from = start + indices.start * step;
    return new PyRange(from, from + count * stride * step, stride * step);
  }
  const index = indexOf(executor, key, 'range object');
  if (index instanceof PyUnknown) return index;
  const position = index < 0 ? index + size : index;
  if (position < 0 || position >= size) executor.raise('IndexError', 'range object index out of range');
  return start + position * step;
}

function getFromClass(executor: Executor, cls: PyClass, key: Value): Value {
  if (executor.lookupInClass(cls, '__class_getitem__') === undefined) {
    const isPlain = cls.mro.every(({ origin, name }) => origin !== undefined || name === 'object');
    if (isPlain && cls.unknownBase === undefined)
      executor.raise('TypeError', `type '${cls.name}' is not subscriptable`);
    return cls;
  }
  return executor.call(executor.getAttribute(cls, '__class_getitem__'), [key]);
}

/** A sequence index by `__index__`; unknown where it is symbolic. */
function indexOf(executor: Executor, key: Value, what: string): number | PyUnknown {
  if (typeof key === 'number') return key;
  if (typeof key === 'boolean') return Number(key);
  if (key instanceof PyUnknown) return key;
  if (key instanceof PySymbolicInt) return executor.unknown('an index that is a symbolic dimension');
  if (key instanceof PyInstance && isInt(key.payload)) return indexOf(executor, key.payload, what);
  const method = customMethod(executor, key, '__index__');
  if (method !== undefined) return indexOf(executor, callDirect(executor, method, [key]), what);
  if (key instanceof PyInstance && key.payload !== undefined) return indexOf(executor, key.payload, what);
  const kind = what === 'index' ? 'byte' : what;
  const noun = `${kind} indices must be integers`;
  const { name } = executor.typeOf(key);
  return executor.raise('TypeError', kind === 'string' ? `${noun}, not '${name}'` : `${noun} or slices, not ${name}`);
}

function isInt(value: Value | undefined): value is number | boolean | bigint {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
}

function setInList(executor: Executor, list: PyList, key: Value, value: Value): void {
  if (key instanceof PySlice) {
    setSlice(executor, list, key, value);
    return;
  }
  const index = indexOf(executor, key, 'list');
  if (index instanceof PyUnknown) {
    executor.omit(`An assignment to an unknown index was left out (${index.reason}).`);
    return;
  }
  const position = index < 0 ? index + list.items.length : index;
  if (position < 0 || position >= list.items.length) {
    executor.raise('IndexError', 'list assignment index out of range');
  }
  executor.mutating(list);
  list.items[position] = value;
}

function setSlice(executor: Executor, list: PyList, key: PySlice, value: Value): void {
  const positions = positionsOf(executor, key, list.items.length);
  if (positions instanceof PyUnknown || value instanceof PyUnknown) {
    executor.omit('An assignment to an unknown slice was left out.');
    return;
  }
  const items = [...iterate(executor, value)];
  executor.budget.grow(list.items.length + items.length);
  executor.mutating(list);
  if (key.step === null || key.step === 1) {
    const start = positions[0] ?? insertionPoint(executor, key, list.items.length);
    list.items = [...list.items.slice(0, start), ...items, ...list.items.slice(start + positions.length)];
    return;
  }
  if (items.length !== positions.length) {
    const message = `attempt to assign sequence of size ${items.length} to extended slice of size ${positions.length}`;
    executor.raise('ValueError', message);
  }
  for (const [index, position] of positions.entries()) list.items[position] = items[index] as Value; // same length
}

/** Where an empty slice stands: `x[2:2] = [...]` inserts at 2. */
function insertionPoint(executor: Executor, { lower }: PySlice, length: number): number {
  if (lower === null) return 0;
  const index = indexOf(executor, lower, 'slice');
  if (index instanceof PyUnknown) return length;
  return Math.min(length, Math.max(0, index < 0 ? index + length : index));
}

function deleteFromList(executor: Executor, list: PyList, key: Value): void {
  const { length } = list.items;
  let positions: readonly number[] | PyUnknown;
  if (key instanceof PySlice) positions = positionsOf(executor, key, length);
  else {
    const index = indexOf(executor, key, 'list');
    positions = index instanceof PyUnknown ? index : [index < 0 ? index + length : index];
    if (typeof index === 'number' && (index >= length || index < -length)) {
      executor.raise('IndexError', 'list assignment index out of range');
    }
  }
  if (positions instanceof PyUnknown) {
    executor.omit(`A deletion at an unknown index was left out (${positions.reason}).`);
    return;
  }
  executor.budget.step(length >> 6);
  executor.mutating(list);
  if (positions.length === 1) {
    list.items.splice(positions[0] as number, 1); // the length was looked at
    return;
  }
  const removed = new Set(positions);
  list.items = list.items.filter((_, index) => !removed.has(index));
}
