/**
 * collections.Counter: Counter("abca").most_common(1) -> [("a", 2)]; counts add and subtract; missing keys count 0.
 */
import type { Runtime } from '../runtime.ts';
import {
  ELLIPSIS,
  PyDict,
  PyIterator,
  PyList,
  PyTuple,
  PyUnknown,
  type DictEntry,
  type PyClass,
  type Value,
} from '../values.ts';
import { dictArgument, indexArgument, itemsOf } from '../builtins/arguments.ts';
import { allocateDict, entriesOf, hashKey, putEntry } from '../builtins/containerCreation.ts';
import { members } from '../builtins/define.ts';
import { copyDict } from '../builtins/dictMembers.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { sortValues } from '../builtins/sorting.ts';

export function counterClass(runtime: Runtime): PyClass {
  const keepPositive = (self: Value, other: Value, combine: (a: Value, b: Value) => Value): Value => {
    const result = copyDict(dictArgument(runtime, self));
    for (const { key, value } of dictArgument(runtime, other).entries.values()) {
      putEntry(runtime, result, key, combine(countIn(runtime, self, key), value));
    }
    for (const [mapKey, { key, value }] of [...result.entries]) {
      const actual = countIn(runtime, other, key) === 0 ? combine(value, 0) : value;
      if (runtime.truth(runtime.compare('>', actual, 0)) === false) result.entries.delete(mapKey);
      else result.entries.set(mapKey, { key, value: actual });
    }
    return result;
  };
  return nativeClass(runtime, 'collections.Counter', {
    bases: [runtime.builtinClass('dict')],
    allocate: (_, cls, args) =>
      allocateDict(runtime, cls, { positional: args.positional.slice(0, 0), keywords: new Map() }),
    members: members('collections.Counter', {
      '__init__(self, iterable=None, /, **kwargs)': (_, self, iterable, kwargs) =>
        change(runtime, self, iterable, kwargs, '+'),
      '__missing__(self, key)': () => 0,
      'update(self, iterable=None, /, **kwargs)': (_, self, iterable, kwargs) =>
        change(runtime, self, iterable, kwargs, '+'),
      'subtract(self, iterable=None, /, **kwargs)': (_, self, iterable, kwargs) =>
        change(runtime, self, iterable, kwargs, '-'),
      'most_common(self, n=None)': (_, self, n) => mostCommon(runtime, self, n),
      'elements(self)': (_, self) => new PyIterator(elements(runtime, dictArgument(runtime, self))),
      'total(self)': (_, self) =>
        [...dictArgument(runtime, self).entries.values()].reduce<Value>(
          (sum, { value }) => runtime.binary('+', sum, value),
          0,
        ),
      'copy(self)': (_, self) => copyDict(dictArgument(runtime, self)),
      '__add__(self, other)': (_, self, other) => keepPositive(self, other, (a, b) => runtime.binary('+', a, b)),
      '__sub__(self, other)': (_, self, other) => keepPositive(self, other, (a, b) => runtime.binary('-', a, b)),
      '__or__(self, other)': (_, self, other) =>
        keepPositive(self, other, (a, b) => (runtime.truth(runtime.compare('>', a, b)) === true ? a : b)),
      '__and__(self, other)': (_, self, other) =>
        keepPositive(self, other, (a, b) => (runtime.truth(runtime.compare('<', a, b)) === true ? a : b)),
      '__repr__(self)': (_, self) => {
        const ordered = mostCommon(runtime, self, null);
        const pairs = ordered instanceof PyList ? ordered.items : [];
        if (pairs.length === 0) return 'Counter()';
        const shown = pairs.map((pair) => {
          const [key = null, count = null] = pair instanceof PyTuple ? pair.items : [];
          return `${runtime.repr(key)}: ${runtime.repr(count)}`;
        });
        return `Counter({${shown.join(', ')}})`;
      },
    }),
  });
}

function countIn(runtime: Runtime, counter: Value, key: Value): Value {
  const mapKey = hashKey(runtime, key);
  return counter instanceof PyDict ? (counter.entries.get(mapKey)?.value ?? 0) : 0;
}

/** Adds or subtracts counts of a mapping, or one for each item of an iterable. */
function change(runtime: Runtime, self: Value, source: Value, kwargs: Value, operator: '+' | '-'): Value {
  const counter = dictArgument(runtime, self);
  runtime.mutating(counter);
  const entries = source instanceof PyDict ? entriesOf(runtime, source) : counted(runtime, source);
  if (entries instanceof PyUnknown) {
    runtime.omit(`A Counter took an unknown value for empty (${entries.reason}).`);
    return null;
  }
  const extra = [...keywordsOf(kwargs)].map(([key, value]): DictEntry => ({ key, value }));
  for (const { key, value } of [...entries, ...extra]) {
    putEntry(runtime, counter, key, runtime.binary(operator, countIn(runtime, counter, key), value));
  }
  return null;
}

function counted(runtime: Runtime, iterable: Value): readonly DictEntry[] | PyUnknown {
  if (iterable === null || iterable === ELLIPSIS) return [];
  const items = itemsOf(runtime, iterable);
  return items instanceof PyUnknown ? items : items.map((key) => ({ key, value: 1 }));
}

function mostCommon(runtime: Runtime, self: Value, n: Value): Value {
  const pairs = Array.from(dictArgument(runtime, self).entries.values(), ({ key, value }) => new PyTuple([key, value]));
  const counts = new Map<Value, Value>(pairs.map((pair) => [pair, pair.items[1] ?? 0]));
  const order = sortValues(runtime, [...new Set(counts.values())], null, true);
  const sorted = order.flatMap((count) => pairs.filter((pair) => counts.get(pair) === count));
  const limit = n === null ? sorted.length : indexArgument(runtime, n);
  return limit instanceof PyUnknown ? limit : new PyList(sorted.slice(0, Math.max(0, limit)));
}

function* elements(runtime: Runtime, counter: PyDict): Generator<Value, Value> {
  for (const { key, value } of counter.entries.values()) {
    const count = indexArgument(runtime, value);
    for (let i = 0; i < Number(count); i++) {
      runtime.step(1);
      yield key;
    }
  }
  return null;
}
