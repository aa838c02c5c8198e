/**
 * Methods of list: [3, 1].sort(), append, extend, insert, pop, index, ... and the unbound forms `list.append(x, 1)`.
 */
import { allocations, BYTES } from '../allocations.ts';
import type { Runtime } from '../runtime.ts';
import { PyClass, PyClassMethod, PyList, PySlice, PyUnknown, type Value } from '../values.ts';
import { indexArgument, itemsOf, listArgument } from './arguments.ts';
import { initializeList } from './containerCreation.ts';
import { define, isUnknown, members, mergeMembers } from './define.ts';
import { genericAlias } from './genericAlias.ts';
import {
  comparisonMembers,
  containerOperators,
  containerProtocol,
  iteratorOver,
  textMembers,
} from './operatorMembers.ts';
import { positionOf, searchRange, sliceIndices, slicePositions } from './sequences.ts';
import { sortValues } from './sorting.ts';

export function listMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    containerOperators('list', ['+', '*']),
    comparisonMembers('list', true),
    containerProtocol('list'),
    textMembers('list', false),
    members('list', {
      '__init__(self, iterable=None, /)': (runtime, self, iterable) =>
        initializeList(runtime, listArgument(runtime, self), iterable),
      'append(self, object, /)': (runtime, self, object) =>
        change(runtime, self, (items) => {
          allocations.bytes += 2 * BYTES.item;
          items.push(object);
        }),
      'extend(self, iterable, /)': extend,
      'insert(self, index, object, /)': insert,
      'pop(self, index=-1, /)': pop,
      'remove(self, value, /)': remove,
      'clear(self, /)': (runtime, self) => change(runtime, self, (items) => void items.splice(0)),
      'copy(self, /)': (runtime, self) => new PyList([...listArgument(runtime, self).items]),
      'count(self, value, /)': (runtime, self, value) => countOf(runtime, listArgument(runtime, self).items, value),
      'index(self, value, start=0, stop=None, /)': (runtime, self, value, start, stop) =>
        indexOf(runtime, 'list', listArgument(runtime, self).items, value, start, stop),
      'reverse(self, /)': (runtime, self) =>
        change(runtime, self, (items) => {
          runtime.step(items.length >> 6);
          items.reverse();
        }),
      'sort(self, *, key=None, reverse=False)': sort,
      '__iadd__(self, value, /)': (runtime, self, value) => {
        extend(runtime, self, value);
        return self;
      },
      '__setitem__(self, key, value, /)': setItem,
      '__delitem__(self, key, /)': deleteItem,
      '__reversed__(self, /)': (runtime, self) =>
        iteratorOver(runtime, new PyList([...listArgument(runtime, self).items].reverse())),
    }),
    new Map([['__class_getitem__', classGetItem('list')]]),
  );
}

/** `list[int]`, `dict[str, int]`: an inert alias of the class. */
export function classGetItem(owner: string): PyClassMethod {
  return new PyClassMethod(
    define(
      '__class_getitem__(cls, item, /)',
      (runtime, cls, item) => (cls instanceof PyClass ? genericAlias(runtime, cls, item) : cls),
      owner,
    ),
  );
}

/** Number of items equal to the value; unknown where one may be. */
export function countOf(runtime: Runtime, items: readonly Value[], value: Value): Value {
  let count = 0;
  for (const item of items) {
    runtime.step(1);
    const isEqual = isSameOrEqual(runtime, item, value);
    if (isEqual instanceof PyUnknown) return isEqual;
    if (isEqual) count += 1;
  }
  return count;
}

/** Position of the first item equal to the value; raises ValueError where there is none. */
export function indexOf(
  runtime: Runtime,
  owner: string,
  items: readonly Value[],
  value: Value,
  start: Value,
  stop: Value,
): Value {
  const range = searchRange(runtime, start, stop, items.length);
  if (range instanceof PyUnknown) return range;
  for (let at = range.from; at < range.to; at++) {
    runtime.step(1);
    const isEqual = isSameOrEqual(runtime, items[at] ?? null, value);
    if (isEqual instanceof PyUnknown) return isEqual;
    if (isEqual) return at;
  }
  const message = owner === 'list' ? `${runtime.repr(value)} is not in list` : `${owner}.index(x): x not in ${owner}`;
  return runtime.raise('ValueError', message);
}

export function isSameOrEqual(runtime: Runtime, left: Value, right: Value): boolean | PyUnknown {
  return left === right && !isUnknown(left) ? true : runtime.equals(left, right);
}

function change(runtime: Runtime, self: Value, body: (items: Value[]) => void): null {
  const list = listArgument(runtime, self);
  runtime.mutating(list);
  body(list.items);
  return null;
}

function extend(runtime: Runtime, self: Value, iterable: Value): Value {
  const list = listArgument(runtime, self);
  const added = itemsOf(runtime, iterable);
  runtime.mutating(list);
  if (added instanceof PyUnknown) {
    runtime.omit(`A list was extended by an unknown number of items (${added.reason}); they are left out.`);
    return null;
  }
  runtime.budget.grow(list.items.length + added.length);
  for (const item of added) list.items.push(item);
  return null;
}

function insert(runtime: Runtime, self: Value, index: Value, object: Value): Value {
  const at = indexArgument(runtime, index);
  return change(runtime, self, (items) => {
    allocations.bytes += 2 * BYTES.item;
    runtime.step(items.length >> 8);
    if (at instanceof PyUnknown) {
      items.push(object);
      items.fill(at);
    } else items.splice(Math.max(0, positionOf(at, items.length)), 0, object);
  });
}

function pop(runtime: Runtime, self: Value, index: Value): Value {
  const list = listArgument(runtime, self);
  const at = indexArgument(runtime, index);
  if (list.items.length === 0) return runtime.raise('IndexError', 'pop from empty list');
  if (at instanceof PyUnknown) {
    runtime.mutating(list);
    list.items.pop();
    list.items.fill(at);
    return at;
  }
  const position = positionOf(at, list.items.length);
  const item = list.items[position];
  if (item === undefined) return runtime.raise('IndexError', 'pop index out of range');
  runtime.mutating(list);
  runtime.step((list.items.length - position) >> 8);
  list.items.splice(position, 1);
  return item;
}

function remove(runtime: Runtime, self: Value, value: Value): Value {
  const list = listArgument(runtime, self);
  for (const [at, item] of list.items.entries()) {
    runtime.step(1);
    const isEqual = isSameOrEqual(runtime, item, value);
    if (isEqual === false) continue;
    runtime.mutating(list);
    list.items.splice(at, 1);
    if (isEqual instanceof PyUnknown) list.items.fill(isEqual);
    return null;
  }
  return runtime.raise('ValueError', 'list.remove(x): x not in list');
}

function sort(runtime: Runtime, self: Value, key: Value, reverse: Value): Value {
  const list = listArgument(runtime, self);
  const isReversed = runtime.truth(reverse);
  const sorted =
    isReversed instanceof PyUnknown
      ? list.items.map(() => isReversed)
      : sortValues(runtime, list.items, key, isReversed);
  runtime.mutating(list);
  list.items = sorted;
  return null;
}

function setItem(runtime: Runtime, self: Value, key: Value, value: Value): Value {
  const list = listArgument(runtime, self);
  if (key instanceof PySlice) return setSlice(runtime, list, key, value);
  const at = indexArgument(runtime, key);
  runtime.mutating(list);
  if (at instanceof PyUnknown) {
    list.items.fill(at);
    return null;
  }
  const position = positionOf(at, list.items.length);
  if (position < 0 || position >= list.items.length) {
    return runtime.raise('IndexError', 'list assignment index out of range');
  }
  list.items[position] = value;
  return null;
}

function setSlice(runtime: Runtime, list: PyList, slice: PySlice, value: Value): Value {
  const indices = sliceIndices(runtime, slice, list.items.length);
  const items = itemsOf(runtime, value);
  if (!(items instanceof PyUnknown)) runtime.budget.grow(list.items.length + items.length);
  runtime.mutating(list);
  if (indices instanceof PyUnknown || items instanceof PyUnknown) {
    list.items.fill(indices instanceof PyUnknown ? indices : runtime.unknown('a slice was set to an unknown value'));
    return null;
  }
  if (indices.step === 1) {
    list.items.splice(indices.start, Math.max(0, indices.stop - indices.start), ...items);
    return null;
  }
  const positions = slicePositions(indices);
  if (positions.length !== items.length) {
    const sizes = `sequence of size ${items.length} to extended slice of size ${positions.length}`;
    return runtime.raise('ValueError', `attempt to assign ${sizes}`);
  }
  for (const [i, position] of positions.entries()) list.items[position] = items[i] ?? null;
  return null;
}

function deleteItem(runtime: Runtime, self: Value, key: Value): Value {
  const list = listArgument(runtime, self);
  if (key instanceof PySlice) {
    const indices = sliceIndices(runtime, key, list.items.length);
    runtime.mutating(list);
    if (indices instanceof PyUnknown) list.items.fill(indices);
    else {
      const gone = new Set(slicePositions(indices));
      list.items = list.items.filter((_, at) => !gone.has(at));
    }
    return null;
  }
  const at = indexArgument(runtime, key);
  if (!(at instanceof PyUnknown)) {
    const position = positionOf(at, list.items.length);
    if (position < 0 || position >= list.items.length) {
      return runtime.raise('IndexError', 'list assignment index out of range');
    }
    runtime.mutating(list);
    runtime.step((list.items.length - position) >> 8);
    list.items.splice(position, 1);
    return null;
  }
  runtime.mutating(list);
  list.items.pop();
  list.items.fill(at);
  return null;
}
