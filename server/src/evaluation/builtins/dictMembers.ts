/**
 * Methods of dict: {'a': 1}.get('b', 2) -> 2, pop, setdefault, update, items, dict.fromkeys(...).
 */
import { allocations, BYTES } from '../allocations.ts';
import type { Runtime } from '../runtime.ts';
import {
  ELLIPSIS,
  PyClass,
  PyClassMethod,
  PyDict,
  PyList,
  PyTuple,
  PyUnknown,
  type DictEntry,
  type Value,
} from '../values.ts';
import { dictArgument, itemsOf } from './arguments.ts';
import { fillDict, hashKey, initializeDict, putEntry } from './containerCreation.ts';
import { define, isUnknown, members, mergeMembers } from './define.ts';
import { makeDictView } from './dictViews.ts';
import { keywordsOf } from './genericAlias.ts';
import { classGetItem } from './listMembers.ts';
import {
  comparisonMembers,
  containerOperators,
  containerProtocol,
  iteratorOver,
  textMembers,
} from './operatorMembers.ts';
import { raiseWith } from './raising.ts';

export function dictMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    containerOperators('dict', ['|']),
    comparisonMembers('dict', false),
    containerProtocol('dict'),
    textMembers('dict', false),
    members('dict', {
      '__init__(self, source=None, /, **kwargs)': (runtime, self, source, kwargs) =>
        initializeDict(runtime, dictArgument(runtime, self), source, keywordsOf(kwargs)),
      '__getitem__(self, key, /)': getItem,
      '__setitem__(self, key, value, /)': setItem,
      '__delitem__(self, key, /)': (runtime, self, key) => {
        pop(runtime, self, key, ELLIPSIS);
        return null;
      },
      'get(self, key, default=None, /)': get,
      'pop(self, key, default=..., /)': pop,
      'popitem(self, /)': popLast,
      'setdefault(self, key, default=None, /)': setDefault,
      'update(self, source=None, /, **kwargs)': update,
      'clear(self, /)': (runtime, self) => {
        const dict = changing(runtime, self);
        dict.entries.clear();
        return null;
      },
      'copy(self, /)': (runtime, self) => copyDict(dictArgument(runtime, self)),
      'keys(self, /)': (runtime, self) => makeDictView(runtime, 'dict_keys', dictArgument(runtime, self)),
      'values(self, /)': (runtime, self) => makeDictView(runtime, 'dict_values', dictArgument(runtime, self)),
      'items(self, /)': (runtime, self) => makeDictView(runtime, 'dict_items', dictArgument(runtime, self)),
      '__reversed__(self, /)': (runtime, self) => {
        const keys = Array.from(dictArgument(runtime, self).entries.values(), ({ key }) => key);
        return iteratorOver(runtime, new PyList(keys.reverse()));
      },
    }),
    new Map([
      ['fromkeys', new PyClassMethod(define('fromkeys(cls, iterable, value=None, /)', fromKeys, 'dict'))],
      ['__class_getitem__', classGetItem('dict')],
    ]),
  );
}

/** The entry of a key; unknown where the key is, or where an unknown key was set before. */
export function findEntry(runtime: Runtime, dict: PyDict, key: Value): DictEntry | PyUnknown | undefined {
  const mapKey = hashKey(runtime, key);
  return mapKey instanceof PyUnknown ? mapKey : dict.entries.get(mapKey);
}

/** A new dict of the same class and content. */
export function copyDict(dict: PyDict): PyDict {
  allocations.bytes += BYTES.entry * dict.entries.size;
  const copy = new PyDict();
  copy.class = dict.class;
  copy.entries = new Map(dict.entries);
  copy.attributes = dict.attributes && new Map(dict.attributes);
  copy.defaultFactory = dict.defaultFactory;
  return copy;
}

function changing(runtime: Runtime, self: Value): PyDict {
  const dict = dictArgument(runtime, self);
  runtime.mutating(dict);
  return dict;
}

function getItem(runtime: Runtime, self: Value, key: Value): Value {
  const dict = dictArgument(runtime, self);
  const entry = findEntry(runtime, dict, key);
  if (entry instanceof PyUnknown) return entry;
  if (entry !== undefined) return entry.value;
  const missing = dict.class && runtime.lookupInClass(dict.class, '__missing__');
  if (missing !== undefined) return runtime.callMethod(dict, '__missing__', [key]);
  return dict.unknownKeys === undefined ? raiseWith(runtime, 'KeyError', key) : runtime.unknown(dict.unknownKeys);
}

function setItem(runtime: Runtime, self: Value, key: Value, value: Value): Value {
  const dict = changing(runtime, self);
  const problem = putEntry(runtime, dict, key, value);
  if (problem !== undefined) runtime.omit(`An entry with an unknown key was left out of a dict (${problem.reason}).`);
  return null;
}

function get(runtime: Runtime, self: Value, key: Value, defaultValue: Value): Value {
  const dict = dictArgument(runtime, self);
  const entry = findEntry(runtime, dict, key);
  if (entry instanceof PyUnknown) return entry;
  if (entry !== undefined) return entry.value;
  return dict.unknownKeys === undefined ? defaultValue : runtime.unknown(dict.unknownKeys);
}

function pop(runtime: Runtime, self: Value, key: Value, defaultValue: Value): Value {
  const dict = dictArgument(runtime, self);
  const mapKey = hashKey(runtime, key);
  if (mapKey instanceof PyUnknown) return mapKey;
  const entry = dict.entries.get(mapKey);
  if (entry === undefined && dict.unknownKeys !== undefined) return runtime.unknown(dict.unknownKeys);
  if (entry === undefined) return defaultValue === ELLIPSIS ? raiseWith(runtime, 'KeyError', key) : defaultValue;
  runtime.mutating(dict);
  dict.entries.delete(mapKey);
  return entry.value;
}

function popLast(runtime: Runtime, self: Value): Value {
  const dict = dictArgument(runtime, self);
  runtime.step(dict.entries.size >> 3);
  const last = [...dict.entries].at(-1);
  if (last === undefined) return raiseWith(runtime, 'KeyError', 'popitem(): dictionary is empty');
  runtime.mutating(dict);
  dict.entries.delete(last[0]);
  return new PyTuple([last[1].key, last[1].value]);
}

function setDefault(runtime: Runtime, self: Value, key: Value, defaultValue: Value): Value {
  const dict = dictArgument(runtime, self);
  const entry = findEntry(runtime, dict, key);
  if (entry instanceof PyUnknown) return entry;
  if (entry !== undefined) return entry.value;
  runtime.mutating(dict);
  putEntry(runtime, dict, key, defaultValue);
  return defaultValue;
}

function update(runtime: Runtime, self: Value, source: Value, kwargs: Value): Value {
  const result = fillDict(runtime, changing(runtime, self), source, keywordsOf(kwargs));
  if (isUnknown(result))
    runtime.omit(`A dict was updated from an unknown value (${result.reason}), which is left out.`);
  return null;
}

function fromKeys(runtime: Runtime, cls: Value, iterable: Value, value: Value): Value {
  const keys = itemsOf(runtime, iterable);
  if (keys instanceof PyUnknown) return keys;
  const isBuiltin = cls === runtime.builtinClass('dict');
  const dict = isBuiltin || !(cls instanceof PyClass) ? new PyDict() : runtime.call(cls);
  for (const key of keys) {
    if (isBuiltin && dict instanceof PyDict) {
      const problem = putEntry(runtime, dict, key, value);
      if (problem !== undefined) return problem;
    } else runtime.setItem(dict, key, value);
  }
  return dict;
}
