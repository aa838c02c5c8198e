/**
 * The module `itertools`, all of it, lazily: islice(count(), 3) -> 0, 1, 2; product([1, 2], repeat=2) -> 4 pairs.
 * An unknown iterable makes the iterator unknown.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyClassMethod, PyIterator, PyTuple, PyUnknown, type PyClass, type Value } from '../values.ts';
import { indexArgument, itemsOf } from '../builtins/arguments.ts';
import { define, isUnknown, mergeMembers, strictMembers } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { zip } from '../builtins/lazyIteration.ts';
import { combinatoricMembers } from './combinatorics.ts';

type Items = Generator<Value, Value>;

export const itertoolsModule: NativeModuleDefinition = {
  name: 'itertools',
  members: (runtime) => mergeMembers(functions, combinatoricMembers, new Map([['chain', chainClass(runtime)]])),
};

const functions = strictMembers('itertools', {
  'count(start=0, step=1)': (runtime, start, step) => new PyIterator(count(runtime, start, step)),
  'cycle(iterable, /)': (runtime, iterable) => new PyIterator(cycle(runtime, iterable)),
  'repeat(object, times=None)': (runtime, object, times) => {
    const limit = times === null ? Infinity : indexArgument(runtime, times);
    return limit instanceof PyUnknown ? limit : new PyIterator(repeat(runtime, object, limit));
  },
  'accumulate(iterable, func=None, *, initial=None)': (runtime, iterable, fn, initial) =>
    new PyIterator(accumulate(runtime, iterable, fn, initial)),
  'compress(data, selectors)': (runtime, data, selectors) => new PyIterator(compress(runtime, data, selectors)),
  'dropwhile(predicate, iterable, /)': (runtime, predicate, iterable) =>
    new PyIterator(dropWhile(runtime, predicate, iterable)),
  'takewhile(predicate, iterable, /)': (runtime, predicate, iterable) =>
    new PyIterator(takeWhile(runtime, predicate, iterable)),
  'filterfalse(predicate, iterable, /)': (runtime, predicate, iterable) =>
    new PyIterator(filterFalse(runtime, predicate, iterable)),
  'groupby(iterable, key=None)': (runtime, iterable, key) => new PyIterator(groupBy(runtime, iterable, key)),
  'islice(iterable, *bounds)': islice,
  'pairwise(iterable, /)': (runtime, iterable) => new PyIterator(pairwise(runtime, iterable)),
  'batched(iterable, n)': (runtime, iterable, n) => {
    const size = indexArgument(runtime, n);
    if (size instanceof PyUnknown) return size;
    return size < 1
      ? runtime.raise('ValueError', 'n must be at least one')
      : new PyIterator(batched(runtime, iterable, size));
  },
  'starmap(function, iterable, /)': (runtime, fn, iterable) => new PyIterator(starMap(runtime, fn, iterable)),
  'tee(iterable, n=2, /)': tee,
  'zip_longest(*iterables, fillvalue=None)': (runtime, iterables, fillValue) => {
    const inputs = iterables instanceof PyTuple ? iterables.items : [];
    return inputs.find(isUnknown) ?? new PyIterator(zipLongest(runtime, inputs, fillValue));
  },
});

function chainClass(runtime: Runtime): PyClass {
  const fromIterable = define('from_iterable(cls, iterable, /)', (_, __, iterable) =>
    isUnknown(iterable) ? iterable : new PyIterator(chain(runtime, runtime.iterate(iterable))),
  );
  return nativeClass(runtime, 'itertools.chain', {
    allocate: (_, __, { positional }) => positional.find(isUnknown) ?? new PyIterator(chain(runtime, positional)),
    members: new Map([['from_iterable', new PyClassMethod(fromIterable)]]),
  });
}

function* chain(runtime: Runtime, iterables: Iterable<Value>): Items {
  for (const iterable of iterables) yield* runtime.iterate(iterable);
  return null;
}

function* count(runtime: Runtime, start: Value, step: Value): Items {
  for (let value = start; ; value = runtime.binary('+', value, step)) yield value;
}

function* cycle(runtime: Runtime, iterable: Value): Items {
  const saved: Value[] = [];
  for (const item of runtime.iterate(iterable)) {
    saved.push(item);
    yield item;
  }
  while (saved.length > 0) yield* saved;
  return null;
}

function* repeat(runtime: Runtime, object: Value, times: number): Items {
  for (let i = 0; i < times; i++) {
    runtime.step(1);
    yield object;
  }
  return null;
}

function* accumulate(runtime: Runtime, iterable: Value, fn: Value, initial: Value): Items {
  let total: Value | undefined = initial === null ? undefined : initial;
  if (total !== undefined) yield total;
  for (const item of runtime.iterate(iterable)) {
    if (total === undefined) total = item;
    else total = fn === null ? runtime.binary('+', total, item) : runtime.call(fn, [total, item]);
    yield total;
  }
  return null;
}

function* compress(runtime: Runtime, data: Value, selectors: Value): Items {
  for (const pair of zip(runtime, [data, selectors], false)) {
    const [item, selector] = (pair as PyTuple).items; // zip yields tuples
    if (isTrue(runtime, selector ?? null, 'compress')) yield item ?? null;
  }
  return null;
}

function* dropWhile(runtime: Runtime, predicate: Value, iterable: Value): Items {
  let isDropping = true;
  for (const item of runtime.iterate(iterable)) {
    isDropping &&= isTrue(runtime, runtime.call(predicate, [item]), 'dropwhile');
    if (!isDropping) yield item;
  }
  return null;
}

function* takeWhile(runtime: Runtime, predicate: Value, iterable: Value): Items {
  for (const item of runtime.iterate(iterable)) {
    if (!isTrue(runtime, runtime.call(predicate, [item]), 'takewhile')) return null;
    yield item;
  }
  return null;
}

function* filterFalse(runtime: Runtime, predicate: Value, iterable: Value): Items {
  for (const item of runtime.iterate(iterable)) {
    const test = predicate === null ? item : runtime.call(predicate, [item]);
    if (!isTrue(runtime, test, 'filterfalse')) yield item;
  }
  return null;
}

/** Groups are lists here: they can be read after the next group has begun. */
function* groupBy(runtime: Runtime, iterable: Value, key: Value): Items {
  let group: Value[] = [];
  let groupKey: Value | undefined;
  for (const item of runtime.iterate(iterable)) {
    const itemKey = key === null ? item : runtime.call(key, [item]);
    if (groupKey !== undefined && runtime.equals(groupKey, itemKey) !== true) {
      yield new PyTuple([groupKey, new PyIterator(valuesOf(group))]);
      group = [];
      groupKey = itemKey;
    }
    groupKey ??= itemKey;
    group.push(item);
  }
  if (groupKey !== undefined) yield new PyTuple([groupKey, new PyIterator(valuesOf(group))]);
  return null;
}

function* valuesOf(items: readonly Value[]): Items {
  yield* items;
  return null;
}

function islice(runtime: Runtime, iterable: Value, bounds: Value): Value {
  const given = bounds instanceof PyTuple ? bounds.items : [];
  const [start, stop, step] = given.length === 1 ? [0, given[0], 1] : [given[0], given[1], given[2] ?? 1];
  const limits = [start ?? 0, stop ?? Number.MAX_SAFE_INTEGER, step].map((bound) => indexArgument(runtime, bound));
  for (const limit of limits) if (limit instanceof PyUnknown) return limit;
  const [from = 0, to = 0, stride = 1] = limits.map(Number);
  if (from < 0 || to < 0 || stride < 1) {
    return runtime.raise('ValueError', 'Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.');
  }
  return new PyIterator(slice(runtime, iterable, from, to, stride));
}

function* slice(runtime: Runtime, iterable: Value, from: number, to: number, stride: number): Items {
  if (to <= 0) return null;
  let at = 0;
  let next = from;
  const iterator = runtime.iterate(iterable)[Symbol.iterator]();
  while (at < to) {
    const item = iterator.next();
    if (item.done === true) return null;
    if (at === next) {
      next += stride;
      yield item.value;
    }
    at += 1;
  }
  return null;
}

function* pairwise(runtime: Runtime, iterable: Value): Items {
  let previous: Value | undefined;
  for (const item of runtime.iterate(iterable)) {
    if (previous !== undefined) yield new PyTuple([previous, item]);
    previous = item;
  }
  return null;
}

function* batched(runtime: Runtime, iterable: Value, size: number): Items {
  let batch: Value[] = [];
  for (const item of runtime.iterate(iterable)) {
    batch.push(item);
    if (batch.length === size) {
      yield new PyTuple(batch);
      batch = [];
    }
  }
  if (batch.length > 0) yield new PyTuple(batch);
  return null;
}

function* starMap(runtime: Runtime, fn: Value, iterable: Value): Items {
  for (const item of runtime.iterate(iterable)) {
    const args = itemsOf(runtime, item);
    yield args instanceof PyUnknown ? args : runtime.call(fn, args);
  }
  return null;
}

function tee(runtime: Runtime, iterable: Value, n: Value): Value {
  const count = indexArgument(runtime, n);
  if (count instanceof PyUnknown) return count;
  const source = runtime.iterate(iterable)[Symbol.iterator]();
  const seen: Value[] = [];
  const copies = Array.from({ length: Math.min(count, 1000) }, () => new PyIterator(branch(source, seen)));
  return new PyTuple(copies);
}

function* branch(source: Iterator<Value>, seen: Value[]): Items {
  for (let at = 0; ; at++) {
    if (at === seen.length) {
      const step = source.next();
      if (step.done === true) return null;
      seen.push(step.value);
    }
    yield seen[at] ?? null;
  }
}

function* zipLongest(runtime: Runtime, inputs: readonly Value[], fillValue: Value): Items {
  const iterators = inputs.map((input) => runtime.iterate(input)[Symbol.iterator]());
  for (;;) {
    const steps = iterators.map((iterator) => iterator.next());
    if (steps.every((step) => step.done === true)) return null;
    yield new PyTuple(steps.map((step) => (step.done === true ? fillValue : step.value)));
  }
}

/** An unknown test counts as true, and that is noted. */
function isTrue(runtime: Runtime, value: Value, caller: string): boolean {
  const truth = runtime.truth(value);
  if (!(truth instanceof PyUnknown)) return truth;
  runtime.omit(`${caller}() took an unknown test for true (${truth.reason}).`);
  return true;
}
