/**
 * `for x in value` for every kind of value: containers, ranges, text by code points, generators, and classes with
 * `__iter__` and `__next__`, or with `__getitem__` alone. An unknown yields nothing, and that is noted.
 */
import { callDirect } from './calls.ts';
import { BYTES } from './allocations.ts';
import { BoundExceeded } from './bounds.ts';
import { customMethod } from './binaryOperators.ts';
import { isRaised } from './exceptions.ts';
import type { Executor } from './executor.ts';
import {
  PyFunction,
  PyIterator,
  PyUnknown,
  type PyDict,
  type PyInstance,
  type PyList,
  type PyRange,
  type Value,
} from './values.ts';

/** Every item counts as a step. */
export function iterate(executor: Executor, value: Value): Iterable<Value> {
  const method = customMethod(executor, value, '__iter__');
  if (method !== undefined) {
    const iterator = callDirect(executor, method, [value]);
    if (method instanceof PyFunction && isContainer(iterator)) return notIterator(executor, iterator);
    return iterateResult(executor, iterator);
  }
  if (typeof value === 'string') {
    executor.budget.readText(value);
    return value;
  }
  if (value === null || typeof value !== 'object') return notIterable(executor, value);
  switch (value.kind) {
    case 'list':
      return listItems(executor, value);
    case 'tuple':
      executor.budget.step(value.items.length >> 3);
      return value.items;
    case 'range':
      return rangeItems(executor, value);
    case 'dict':
      return dictKeys(executor, value);
    case 'set':
      executor.budget.step(value.entries.size >> 3);
      return value.entries.values();
    case 'bytes':
      executor.budget.allocate(BYTES.item * value.value.length);
      return Array.from(value.value, (char) => char.charCodeAt(0));
    case 'iterator':
      return iteratorItems(executor, value);
    case 'unknown':
      executor.omit(`A loop over an unknown value ran no times (${value.reason}).`);
      return [];
    case 'instance':
      // A number has no items, and a subclass of it may.
      if (value.payload !== undefined && (isIterable(executor, value.payload) || !hasItems(executor, value))) {
        return iterate(executor, value.payload);
      }
      if (executor.lookupInClass(value.class_, '__getitem__') !== undefined) return itemsByIndex(executor, value);
      if (value.class_.unknownBase !== undefined) return iterate(executor, value.class_.unknownBase);
      return notIterable(executor, value);
    case 'class': {
      if (value.unknownBase !== undefined) return iterate(executor, value.unknownBase);
      return notIterable(executor, value);
    }
    case 'super': {
      const inherited = executor.lookupAttribute(value, '__iter__');
      return inherited === undefined ? notIterable(executor, value) : iterate(executor, executor.call(inherited));
    }
    default:
      return notIterable(executor, value);
  }
}

function hasItems(executor: Executor, { class_ }: PyInstance): boolean {
  return executor.customMember(class_, '__getitem__') !== undefined;
}

/** Whether iterating may work at all: false for numbers, functions and the like. */
export function isIterable(executor: Executor, value: Value): boolean {
  if (typeof value === 'string') return true;
  if (value === null || typeof value !== 'object') return false;
  switch (value.kind) {
    case 'instance':
    case 'class':
    case 'super':
      return true;
    case 'tuple':
    case 'list':
    case 'dict':
    case 'set':
    case 'range':
    case 'bytes':
    case 'iterator':
      return true;
    default:
      return executor.lookupInClass(executor.typeOf(value), '__iter__') !== undefined;
  }
}

/** `iter(value)`: an iterator that `next` can be called on; iterators are their own. */
export function iteratorOf(executor: Executor, value: Value): Value {
  if (value instanceof PyIterator) return value;
  const method = customMethod(executor, value, '__iter__');
  if (method !== undefined) {
    const iterator = callDirect(executor, method, [value]);
    return method instanceof PyFunction && isContainer(iterator) ? notIterator(executor, iterator) : iterator;
  }
  if (value instanceof PyUnknown) return value;
  return new PyIterator(iterate(executor, value)[Symbol.iterator]() as Iterator<Value, Value, Value>);
}

/** The next item of what `iter` returned, or undefined at its end. */
export function nextOf(executor: Executor, iterator: Value): Value | undefined {
  if (iterator instanceof PyIterator) {
    executor.mutating(iterator);
    const result = iterator.iterator.next(null);
    return result.done === true ? undefined : result.value;
  }
  if (iterator instanceof PyUnknown) return undefined;
  try {
    return executor.callMethod(iterator, '__next__');
  } catch (error) {
    if (isRaised(executor, error, 'StopIteration')) return undefined;
    throw error;
  }
}

function notIterable(executor: Executor, value: Value): never {
  return executor.raise('TypeError', `'${executor.typeOf(value).name}' object is not iterable`);
}

function notIterator(executor: Executor, value: Value): never {
  return executor.raise('TypeError', `iter() returned non-iterator of type '${executor.typeOf(value).name}'`);
}

/** What can be iterated over, and is no iterator itself. */
function isContainer(value: Value): boolean {
  if (value === null || typeof value !== 'object') return true;
  return ['list', 'tuple', 'dict', 'set', 'range', 'bytes'].includes(value.kind);
}

function iterateResult(executor: Executor, iterator: Value): Iterable<Value> {
  if (iterator !== null && typeof iterator === 'object' && iterator.kind !== 'instance') {
    return iterate(executor, iterator);
  }
  if (customMethod(executor, iterator, '__next__') === undefined) {
    return notIterator(executor, iterator);
  }
  return untilStop(executor, iterator);
}

function* untilStop(executor: Executor, iterator: Value): Iterable<Value> {
  for (;;) {
    const item = nextOf(executor, iterator);
    if (item === undefined) return;
    executor.step(1);
    yield item;
  }
}

/** Lists may grow while they are walked. */
function* listItems(executor: Executor, list: PyList): Iterable<Value> {
  for (let i = 0; i < list.items.length; i++) {
    executor.step(1);
    yield list.items[i] as Value;
  }
}

function* rangeItems(executor: Executor, { start, stop, step }: PyRange): Iterable<Value> {
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) {
    executor.step(1);
    yield i;
  }
}

function* dictKeys(executor: Executor, dict: PyDict): Iterable<Value> {
  const { size } = dict.entries;
  for (const { key } of dict.entries.values()) {
    executor.step(1);
    yield key;
    if (dict.entries.size !== size) executor.raise('RuntimeError', 'dictionary changed size during iteration');
  }
}

function* iteratorItems(executor: Executor, items: PyIterator): Iterable<Value> {
  let rounds = 0;
  for (;;) {
    executor.mutating(items);
    const result = items.iterator.next(null);
    if (result.done === true) return;
    executor.step(1);
    if (++rounds > executor.budget.bounds.loopRounds) {
      throw new BoundExceeded('loopRounds', `Stopped after ${rounds - 1} items of an iterator.`);
    }
    yield result.value;
  }
}

function* itemsByIndex(executor: Executor, value: Value): Iterable<Value> {
  for (let index = 0; ; index++) {
    let item: Value;
    try {
      executor.step(1);
      item = executor.getItem(value, index);
    } catch (error) {
      if (isRaised(executor, error, 'IndexError')) return;
      throw error;
    }
    yield item;
  }
}
