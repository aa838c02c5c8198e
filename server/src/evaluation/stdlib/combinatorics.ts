/**
 * itertools.product, permutations, combinations: in the order of positions, lazily.
 * combinations([1, 2, 3], 2) -> (1, 2), (1, 3), (2, 3).
 */
import { BYTES } from '../allocations.ts';
import type { Runtime } from '../runtime.ts';
import { tooLarge } from '../tooLarge.ts';
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
    const size = Math.max(pools.length, 1) * Math.max(0, times);
    if (runtime.budget.isTooLarge(size)) return tooLarge(runtime, 'a product', size);
    runtime.budget.allocate(BYTES.item * size);
    const all = Array.from({ length: Math.max(0, times) }, () => pools).flat();
    return new PyIterator(choices(runtime, all, PRODUCT));
  },
  'permutations(iterable, r=None)': (runtime, iterable, r) => select(runtime, iterable, r, PERMUTATION),
  'combinations(iterable, r)': (runtime, iterable, r) =>
    select(runtime, iterable, r, { ...PRODUCT, first: (chosen) => (chosen.at(-1) ?? -1) + 1 }),
  'combinations_with_replacement(iterable, r)': (runtime, iterable, r) =>
    select(runtime, iterable, r, { ...PRODUCT, first: (chosen) => chosen.at(-1) ?? 0 }),
});

/** Which positions may follow those that are chosen. */
interface Order {
  /** The first that may. */
  readonly first: (chosen: readonly number[]) => number;
  /** Whether a later one may. */
  readonly admits: (chosen: readonly number[], next: number) => boolean;
  /** Whether `admits` takes a time that grows with what is chosen. */
  readonly isSearching: boolean;
}

const PRODUCT: Order = { first: () => 0, admits: () => true, isSearching: false };

const PERMUTATION: Order = { ...PRODUCT, admits: (chosen, next) => !chosen.includes(next), isSearching: true };

function select(runtime: Runtime, iterable: Value, r: Value, order: Order): Value {
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) return items;
  const length = r === null ? items.length : indexArgument(runtime, r);
  if (length instanceof PyUnknown) return length;
  if (length < 0) return runtime.raise('ValueError', 'r must be non-negative');
  if (runtime.budget.isTooLarge(length)) return tooLarge(runtime, 'a choice', length);
  runtime.budget.allocate(BYTES.item * length);
  const pools = Array.from({ length }, () => items);
  return new PyIterator(choices(runtime, pools, order));
}

/** One item of each pool, by position, where the positions chosen so far admit it. */
function* choices(runtime: Runtime, pools: readonly (readonly Value[])[], order: Order): Items {
  const { first, admits, isSearching } = order;
  const chosen: number[] = [];
  let next = first(chosen);
  for (;;) {
    runtime.step(1);
    const pool = pools[chosen.length];
    if (pool === undefined) {
      runtime.step(chosen.length >> 4);
      yield new PyTuple(chosen.map((position, at) => pools[at]?.[position] ?? null));
    } else {
      while (next < pool.length && !admits(chosen, next)) {
        if (isSearching) runtime.step(1 + (chosen.length >> 6));
        next += 1;
      }
      if (next < pool.length) {
        chosen.push(next);
        next = first(chosen);
        continue;
      }
    }
    const last = chosen.pop();
    if (last === undefined) return null;
    next = last + 1;
  }
}
