/**
 * itertools.product, permutations, combinations: in the order of positions, lazily.
 * combinations([1, 2, 3], 2) -> (1, 2), (1, 3), (2, 3).
 */
import type { Runtime } from '../runtime.ts';
import { PyIterator, PyTuple, PyUnknown, type Value } from '../values.ts';
import { indexArgument, itemsOf } from '../builtins/arguments.ts';
import { strictMembers } from '../builtins/define.ts';

type Items = Generator<Value, Value>;

export const combinatoricMembers = strictMembers('itertools', {
  'product(*iterables, repeat=1)': (runtime, iterables, repeat) => {
    const times = indexArgument(runtime, repeat);
    if (times instanceof PyUnknown) return times;
    const pools: Value[][] = [];
    for (const iterable of iterables instanceof PyTuple ? iterables.items : []) {
      const items = itemsOf(runtime, iterable);
      if (items instanceof PyUnknown) return items;
      pools.push(items);
    }
    runtime.step(pools.length * times);
    const all = Array.from({ length: Math.max(0, times) }, () => pools).flat();
    return new PyIterator(choices(all, () => true));
  },
  'permutations(iterable, r=None)': (runtime, iterable, r) =>
    select(runtime, iterable, r, (chosen, next) => !chosen.includes(next)),
  'combinations(iterable, r)': (runtime, iterable, r) =>
    select(runtime, iterable, r, (chosen, next) => next > (chosen.at(-1) ?? -1)),
  'combinations_with_replacement(iterable, r)': (runtime, iterable, r) =>
    select(runtime, iterable, r, (chosen, next) => next >= (chosen.at(-1) ?? 0)),
});

type Admits = (chosen: readonly number[], next: number) => boolean;

function select(runtime: Runtime, iterable: Value, r: Value, admits: Admits): Value {
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) return items;
  const length = r === null ? items.length : indexArgument(runtime, r);
  if (length instanceof PyUnknown) return length;
  if (length < 0) return runtime.raise('ValueError', 'r must be non-negative');
  runtime.step(length);
  return new PyIterator(
    choices(
      Array.from({ length }, () => items),
      admits,
    ),
  );
}

/** One item of each pool, by position, where the positions chosen so far admit it. */
function* choices(pools: readonly (readonly Value[])[], admits: Admits): Items {
  const chosen: number[] = [];
  let next = 0;
  for (;;) {
    const pool = pools[chosen.length];
    if (pool === undefined) {
      yield new PyTuple(chosen.map((position, at) => pools[at]?.[position] ?? null));
    } else {
      while (next < pool.length && !admits(chosen, next)) next += 1;
      if (next < pool.length) {
        chosen.push(next);
        next = 0;
        continue;
      }
    }
    const last = chosen.pop();
    if (last === undefined) return null;
    next = last + 1;
  }
}
