/**
 * The methods that `collections.abc` gives to classes which define the abstract ones: a Mapping with `__getitem__`,
 * `__len__` and `__iter__` gets `get`, `keys`, `items`, `values`, `in` and `==`.
 */
import type { Runtime } from '../runtime.ts';
import {
  ELLIPSIS,
  NOT_IMPLEMENTED,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyTuple,
  PyUnknown,
  type Value,
} from '../values.ts';
import { itemsOf } from '../builtins/arguments.ts';
import { entriesOf, fillDict, makeSet } from '../builtins/containerCreation.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { makeDictView } from '../builtins/dictViews.ts';
import { countOf, indexOf } from '../builtins/listMembers.ts';
import { isRaisedException, raiseWith } from '../builtins/raising.ts';

export function mappingMixin(): ReadonlyMap<string, Value> {
  return members('collections.abc.Mapping', {
    'get(self, key, default=None)': (runtime, self, key, fallback) => {
      const value = find(runtime, self, key);
      return value === undefined ? fallback : value;
    },
    '__contains__(self, key)': (runtime, self, key) => find(runtime, self, key) !== undefined,
    'keys(self)': (runtime, self) => makeDictView(runtime, 'dict_keys', copyOf(runtime, self)),
    'items(self)': (runtime, self) => makeDictView(runtime, 'dict_items', copyOf(runtime, self)),
    'values(self)': (runtime, self) => makeDictView(runtime, 'dict_values', copyOf(runtime, self)),
    '__eq__(self, other)': (runtime, self, other) => {
      if (!(other instanceof PyDict) && !(other instanceof PyInstance)) return NOT_IMPLEMENTED;
      if (other instanceof PyInstance && runtime.lookupInClass(other.class_, 'keys') === undefined)
        return NOT_IMPLEMENTED;
      return runtime.compare('==', copyOf(runtime, self), copyOf(runtime, other));
    },
  });
}

export function mutableMappingMixin(): ReadonlyMap<string, Value> {
  return members('collections.abc.MutableMapping', {
    'pop(self, key, default=...)': (runtime, self, key, fallback) => {
      const value = find(runtime, self, key);
      if (value === undefined) return fallback === ELLIPSIS ? raiseWith(runtime, 'KeyError', key) : fallback;
      runtime.deleteItem(self, key);
      return value;
    },
    'popitem(self)': (runtime, self) => {
      const [key] = runtime.iterate(self);
      if (key === undefined) return raiseWith(runtime, 'KeyError');
      const value = runtime.getItem(self, key);
      runtime.deleteItem(self, key);
      return new PyTuple([key, value]);
    },
    'clear(self)': (runtime, self) => {
      for (const key of [...runtime.iterate(self)]) runtime.deleteItem(self, key);
      return null;
    },
    'update(self, other=None, /, **kwargs)': (runtime, self, other, kwargs) => {
      const entries = entriesOf(runtime, other);
      if (entries instanceof PyUnknown) {
        runtime.omit(`A mapping was updated from an unknown value (${entries.reason}), which is left out.`);
        return null;
      }
      for (const { key, value } of entries) runtime.setItem(self, key, value);
      for (const [key, value] of keywordsOf(kwargs)) runtime.setItem(self, key, value);
      return null;
    },
    'setdefault(self, key, default=None)': (runtime, self, key, fallback) => {
      const value = find(runtime, self, key);
      if (value !== undefined) return value;
      runtime.setItem(self, key, fallback);
      return fallback;
    },
  });
}

export function sequenceMixin(): ReadonlyMap<string, Value> {
  return members('collections.abc.Sequence', {
    '__iter__(self)': (runtime, self) => new PyIterator(walk(runtime, self)),
    '__contains__(self, value)': (runtime, self, value) => runtime.compare('in', value, listOf(runtime, self)),
    '__reversed__(self)': (runtime, self) =>
      runtime.callMethod(new PyList(listOf(runtime, self).items.reverse()), '__iter__'),
    'index(self, value, start=0, stop=None)': (runtime, self, value, start, stop) =>
      indexOf(runtime, 'list', listOf(runtime, self).items, value, start, stop),
    'count(self, value)': (runtime, self, value) => countOf(runtime, listOf(runtime, self).items, value),
  });
}

export function mutableSequenceMixin(): ReadonlyMap<string, Value> {
  return members('collections.abc.MutableSequence', {
    'append(self, value)': (runtime, self, value) => runtime.callMethod(self, 'insert', [runtime.length(self), value]),
    'extend(self, values)': (runtime, self, values) => {
      const items = itemsOf(runtime, values);
      if (!(items instanceof PyUnknown)) for (const item of items) runtime.callMethod(self, 'append', [item]);
      return null;
    },
    '__iadd__(self, values)': (runtime, self, values) => {
      runtime.callMethod(self, 'extend', [values]);
      return self;
    },
    'pop(self, index=-1)': (runtime, self, index) => {
      const value = runtime.getItem(self, index);
      runtime.deleteItem(self, index);
      return value;
    },
    'remove(self, value)': (runtime, self, value) => {
      runtime.deleteItem(self, runtime.callMethod(self, 'index', [value]));
      return null;
    },
    'clear(self)': (runtime, self) => {
      for (let left = Number(runtime.length(self)); left > 0; left--) runtime.deleteItem(self, -1);
      return null;
    },
    'reverse(self)': (runtime, self) => {
      const { items } = listOf(runtime, self);
      for (const [at, item] of items.reverse().entries()) runtime.setItem(self, at, item);
      return null;
    },
  });
}

export function setMixin(): ReadonlyMap<string, Value> {
  const algebra = (['&', '|', '-', '^'] as const).map((operator) => {
    const name = { '&': 'and', '|': 'or', '-': 'sub', '^': 'xor' }[operator];
    return members('collections.abc.Set', {
      [`__${name}__(self, other)`]: (runtime, self, other) =>
        runtime.binary(operator, setFrom(runtime, self), setFrom(runtime, other)),
    });
  });
  const order = (['<', '<=', '>', '>=', '=='] as const).map((operator) => {
    const name = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '==': 'eq' }[operator];
    return members('collections.abc.Set', {
      [`__${name}__(self, other)`]: (runtime, self, other) =>
        runtime.compare(operator, setFrom(runtime, self), setFrom(runtime, other)),
    });
  });
  return mergeMembers(...algebra, ...order);
}

/** The value of a key by `__getitem__`; undefined where that raises KeyError. */
function find(runtime: Runtime, self: Value, key: Value): Value | undefined {
  try {
    return runtime.getItem(self, key);
  } catch (error) {
    if (isRaisedException(runtime, error, 'KeyError')) return undefined;
    throw error;
  }
}

function copyOf(runtime: Runtime, mapping: Value): PyDict {
  const copy = new PyDict();
  if (mapping instanceof PyDict) fillDict(runtime, copy, mapping, new Map());
  else {
    for (const key of runtime.iterate(mapping)) {
      fillDict(runtime, copy, new PyList([new PyTuple([key, runtime.getItem(mapping, key)])]), new Map());
    }
  }
  return copy;
}

function listOf(runtime: Runtime, sequence: Value): PyList {
  return new PyList([...runtime.iterate(sequence)]);
}

function setFrom(runtime: Runtime, value: Value): Value {
  return makeSet(runtime, runtime.iterate(value), false);
}

function* walk(runtime: Runtime, sequence: Value): Generator<Value, Value> {
  for (let at = 0; ; at++) {
    runtime.step(1);
    let item: Value;
    try {
      item = runtime.getItem(sequence, at);
    } catch (error) {
      if (isRaisedException(runtime, error, 'IndexError')) return null;
      throw error;
    }
    yield item;
  }
}
