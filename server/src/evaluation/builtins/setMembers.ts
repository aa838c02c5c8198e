/**
 * Methods of set and frozenset: {1, 2}.union([3]) -> {1, 2, 3}. What is added unknown makes the change unknown, which is
 * noted; a result made of unknown parts is unknown.
 */
import { allocations, BYTES } from '../allocations.ts';
import type { Runtime } from '../runtime.ts';
import { PySet, PyTuple, PyUnknown, type Value } from '../values.ts';
import { itemsOf, setArgument } from './arguments.ts';
import { fillSet, hashKey, initializeSet, makeSet } from './containerCreation.ts';
import { members, mergeMembers } from './define.ts';
import { classGetItem } from './listMembers.ts';
import { comparisonMembers, containerOperators, containerProtocol, textMembers } from './operatorMembers.ts';
import { raiseWith } from './raising.ts';

type SetOperator = '|' | '&' | '-' | '^';

export function setMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    frozenSetMembers('set'),
    textMembers('set', false),
    members('set', {
      '__init__(self, iterable=None, /)': (runtime, self, iterable) =>
        initializeSet(runtime, setArgument(runtime, self), iterable),
      'add(self, item, /)': add,
      'discard(self, item, /)': (runtime, self, item) => {
        removeItem(runtime, self, item);
        return null;
      },
      'remove(self, item, /)': (runtime, self, item) =>
        removeItem(runtime, self, item) ? null : raiseWith(runtime, 'KeyError', item),
      'pop(self, /)': (runtime, self) => {
        const set = setArgument(runtime, self);
        // Python does not say which item comes first.
        if (set.entries.size > 1) return runtime.unknown('which item set.pop() takes');
        const [entry] = set.entries;
        if (entry === undefined) return raiseWith(runtime, 'KeyError', 'pop from an empty set');
        runtime.mutating(set);
        set.entries.delete(entry[0]);
        return entry[1];
      },
      'clear(self, /)': (runtime, self) => replaceBy(runtime, self, new PySet(false)),
      'update(self, *others)': (runtime, self, others) => inPlace(runtime, '|', self, others),
      'intersection_update(self, *others)': (runtime, self, others) => inPlace(runtime, '&', self, others),
      'difference_update(self, *others)': (runtime, self, others) => inPlace(runtime, '-', self, others),
      'symmetric_difference_update(self, other, /)': (runtime, self, other) =>
        inPlace(runtime, '^', self, new PyTuple([other])),
    }),
    new Map([['__class_getitem__', classGetItem('set')]]),
  );
}

export function frozenSetMembers(owner: 'set' | 'frozenset' = 'frozenset'): ReadonlyMap<string, Value> {
  return mergeMembers(
    containerOperators(owner, ['|', '&', '-', '^']),
    comparisonMembers(owner, true),
    containerProtocol(owner),
    textMembers(owner, true),
    members(owner, {
      'copy(self, /)': (runtime, self) => copySet(setArgument(runtime, self)),
      'union(self, *others)': (runtime, self, others) => combineAll(runtime, '|', self, others),
      'intersection(self, *others)': (runtime, self, others) => combineAll(runtime, '&', self, others),
      'difference(self, *others)': (runtime, self, others) => combineAll(runtime, '-', self, others),
      'symmetric_difference(self, other, /)': (runtime, self, other) =>
        combineAll(runtime, '^', self, new PyTuple([other])),
      'issubset(self, other, /)': (runtime, self, other) => compareWith(runtime, '<=', self, other),
      'issuperset(self, other, /)': (runtime, self, other) => compareWith(runtime, '>=', self, other),
      'isdisjoint(self, other, /)': (runtime, self, other) => {
        const common = combineAll(runtime, '&', self, new PyTuple([other]));
        return common instanceof PySet ? common.entries.size === 0 : common;
      },
    }),
    new Map([['__class_getitem__', classGetItem(owner)]]),
  );
}

export function copySet(set: PySet): PySet {
  allocations.bytes += BYTES.entry * set.entries.size;
  const copy = new PySet(set.isFrozen);
  copy.class = set.class;
  copy.entries = new Map(set.entries);
  copy.attributes = set.attributes && new Map(set.attributes);
  return copy;
}

function plainCopy(set: PySet): PySet {
  allocations.bytes += BYTES.entry * set.entries.size;
  const copy = new PySet(set.isFrozen);
  copy.entries = new Map(set.entries);
  return copy;
}

function combineAll(runtime: Runtime, operator: SetOperator, self: Value, others: Value): Value {
  let result: Value = plainCopy(setArgument(runtime, self));
  for (const other of others instanceof PyTuple ? others.items : []) {
    const items = itemsOf(runtime, other);
    if (items instanceof PyUnknown) return items;
    const set = makeSet(runtime, items, false);
    if (set instanceof PyUnknown) return set;
    result = runtime.binary(operator, result, set);
  }
  return result;
}

function compareWith(runtime: Runtime, operator: '<=' | '>=', self: Value, other: Value): Value {
  const set = fillSet(runtime, new PySet(false), other);
  return set instanceof PyUnknown ? set : runtime.compare(operator, plainCopy(setArgument(runtime, self)), set);
}

function add(runtime: Runtime, self: Value, item: Value): Value {
  const set = setArgument(runtime, self);
  const key = hashKey(runtime, item);
  if (key instanceof PyUnknown) {
    runtime.omit(`An unknown item was left out of a set (${key.reason}).`);
    return null;
  }
  if (set.entries.has(key)) return null;
  runtime.mutating(set);
  allocations.bytes += BYTES.entry;
  set.entries.set(key, item);
  return null;
}

function removeItem(runtime: Runtime, self: Value, item: Value): boolean {
  const set = setArgument(runtime, self);
  const key = hashKey(runtime, item);
  if (key instanceof PyUnknown) {
    runtime.omit(`An unknown item was not removed from a set (${key.reason}).`);
    return true;
  }
  if (!set.entries.has(key)) return false;
  runtime.mutating(set);
  return set.entries.delete(key);
}

function inPlace(runtime: Runtime, operator: SetOperator, self: Value, others: Value): Value {
  const result = combineAll(runtime, operator, self, others);
  if (result instanceof PySet) return replaceBy(runtime, self, result);
  if (result instanceof PyUnknown)
    runtime.omit(`A change of a set by an unknown value was left out (${result.reason}).`);
  return null;
}

function replaceBy(runtime: Runtime, self: Value, content: PySet): null {
  const set = setArgument(runtime, self);
  runtime.mutating(set);
  set.entries = content.entries;
  return null;
}
