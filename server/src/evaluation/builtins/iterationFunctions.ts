/**
 * Functions over iterables: len, iter, next, sorted, sum, min, max, any, all. max(N, 4) of a symbolic N stays symbolic;
 * what depends on an unknown order or truth is unknown.
 */
import { maximumDim, minimumDim } from '../../graph/dim.ts';
import type { Runtime } from '../runtime.ts';
import { ELLIPSIS, PyInstance, PyIterator, PyList, PySymbolicInt, PyTuple, PyUnknown, type Value } from '../values.ts';
import { itemsOf } from './arguments.ts';
import { isUnknown, members, mergeMembers, strictMembers } from './define.ts';
import { dimOfValue, valueOfDim } from './numberValues.ts';
import { hasMethod } from './numberFunctions.ts';
import { iteratorOver } from './operatorMembers.ts';
import { isRaisedException, raiseWith } from './raising.ts';
import { sortValues } from './sorting.ts';

export const iterationFunctions: ReadonlyMap<string, Value> = mergeMembers(
  strictMembers(undefined, {
    'len(obj, /)': (runtime, object) => runtime.length(object),
    'iter(object, sentinel=..., /)': (runtime, object, sentinel) =>
      sentinel === ELLIPSIS ? iteratorOf(runtime, object) : new PyIterator(callUntil(runtime, object, sentinel)),
    'any(iterable, /)': (runtime, iterable) => anyTrue(runtime, iterable, true),
    'all(iterable, /)': (runtime, iterable) => anyTrue(runtime, iterable, false),
    'sum(iterable, /, start=0)': sum,
    'sorted(iterable, /, *, key=None, reverse=False)': sorted,
  }),
  members(undefined, {
    'next(iterator, default=..., /)': next,
    'min(*args, key=None, default=...)': (runtime, args, key, fallback) =>
      extremum(runtime, 'min', args, key, fallback),
    'max(*args, key=None, default=...)': (runtime, args, key, fallback) =>
      extremum(runtime, 'max', args, key, fallback),
  }),
);

/** `iter(object)`. */
export function iteratorOf(runtime: Runtime, object: Value): Value {
  if (hasMethod(runtime, object, '__iter__')) return runtime.callMethod(object, '__iter__');
  return iteratorOver(runtime, object);
}

/** The next item of an iterator; undefined at its end. */
export function nextItem(runtime: Runtime, iterator: Value): Value | undefined {
  if (iterator instanceof PyUnknown) return iterator;
  if (iterator instanceof PyIterator) {
    runtime.step(1);
    runtime.mutating(iterator);
    const result = iterator.iterator.next(null);
    return result.done === true ? undefined : result.value;
  }
  if (!hasMethod(runtime, iterator, '__next__')) {
    return runtime.raise('TypeError', `'${runtime.typeOf(iterator).name}' object is not an iterator`);
  }
  try {
    return runtime.callMethod(iterator, '__next__');
  } catch (error) {
    if (isRaisedException(runtime, error, 'StopIteration')) return undefined;
    throw error;
  }
}

function next(runtime: Runtime, iterator: Value, defaultValue: Value): Value {
  if (defaultValue === ELLIPSIS && iterator instanceof PyInstance) {
    // Its own StopIteration goes through, with its value.
    if (hasMethod(runtime, iterator, '__next__')) return runtime.callMethod(iterator, '__next__');
  }
  if (defaultValue === ELLIPSIS && iterator instanceof PyIterator) {
    runtime.step(1);
    runtime.mutating(iterator);
    const result = iterator.iterator.next(null);
    if (result.done !== true) return result.value;
    return raiseWith(runtime, 'StopIteration', ...(result.value === null ? [] : [result.value]));
  }
  const item = nextItem(runtime, iterator);
  return item === undefined ? defaultValue : item;
}

function* callUntil(runtime: Runtime, callee: Value, sentinel: Value): Generator<Value, Value> {
  for (;;) {
    runtime.step(1);
    const value = runtime.call(callee);
    if (runtime.equals(value, sentinel) === true) return null;
    yield value;
  }
}

/** `any` looks for a true item, `all` for a false one. */
function anyTrue(runtime: Runtime, iterable: Value, wanted: boolean): Value {
  let open: PyUnknown | undefined;
  for (const item of runtime.iterate(iterable)) {
    const isTrue = runtime.truth(item);
    if (isTrue instanceof PyUnknown) open ??= isTrue;
    else if (isTrue === wanted) return wanted;
  }
  return open ?? !wanted;
}

function sum(runtime: Runtime, iterable: Value, start: Value): Value {
  if (typeof start === 'string')
    return runtime.raise('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
  let total: Value = start;
  for (const item of runtime.iterate(iterable)) total = runtime.binary('+', total, item);
  return total;
}

function sorted(runtime: Runtime, iterable: Value, key: Value, reverse: Value): Value {
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) return items;
  const isReversed = runtime.truth(reverse);
  if (isReversed instanceof PyUnknown) return new PyList(items.map(() => isReversed));
  return new PyList(sortValues(runtime, items, key, isReversed));
}

function extremum(runtime: Runtime, name: 'min' | 'max', args: Value, key: Value, defaultValue: Value): Value {
  const given = args instanceof PyTuple ? args.items : [];
  const [only] = given;
  if (only === undefined) return runtime.raise('TypeError', `${name} expected at least 1 argument, got 0`);
  const items = given.length > 1 ? given : itemsOf(runtime, only);
  if (items instanceof PyUnknown) return items;
  const unknown = items.find(isUnknown);
  if (unknown !== undefined) return unknown;
  if (key === null && items.some((item) => item instanceof PySymbolicInt))
    return symbolicExtremum(runtime, name, items);
  let best: { readonly item: Value; readonly rank: Value } | undefined;
  for (const item of items) {
    const rank = key === null ? item : runtime.call(key, [item]);
    if (best !== undefined) {
      const isBetter = runtime.truth(runtime.compare(name === 'min' ? '<' : '>', rank, best.rank));
      if (isBetter instanceof PyUnknown) return isBetter;
      if (!isBetter) continue;
    }
    best = { item, rank };
  }
  if (best !== undefined) return best.item;
  return defaultValue === ELLIPSIS ? runtime.raise('ValueError', `${name}() arg is an empty sequence`) : defaultValue;
}

function symbolicExtremum(runtime: Runtime, name: 'min' | 'max', items: readonly Value[]): Value {
  const dims = items.map(dimOfValue).filter((dim) => dim !== undefined);
  if (dims.length < items.length)
    return runtime.unknown(`${name}() of a symbolic dimension and another kind of number`);
  return valueOfDim(dims.reduce((a, b) => (name === 'min' ? minimumDim(a, b) : maximumDim(a, b))));
}
