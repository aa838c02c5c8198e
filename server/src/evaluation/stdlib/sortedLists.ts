/**
 * The modules `bisect` and `heapq`: positions in sorted lists, heaps, nlargest and merge.
 * bisect_left([1, 3, 3], 3) -> 1, heappop([1, 5, 2]) -> 1. An unknown order gives an unknown result.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyIterator, PyList, PyTuple, PyUnknown, type Value } from '../values.ts';
import { indexArgument, itemsOf, listArgument } from '../builtins/arguments.ts';
import { members } from '../builtins/define.ts';
import { sortValues } from '../builtins/sorting.ts';

export const bisectModule: NativeModuleDefinition = {
  name: 'bisect',
  members: () => {
    const find =
      (side: 'left' | 'right') => (runtime: Runtime, list: Value, x: Value, low: Value, high: Value, key: Value) =>
        position(runtime, list, x, low, high, key, side);
    const insert =
      (side: 'left' | 'right') => (runtime: Runtime, list: Value, x: Value, low: Value, high: Value, key: Value) => {
        const wanted = key === null ? x : runtime.call(key, [x]);
        return runtime.callMethod(list, 'insert', [position(runtime, list, wanted, low, high, key, side), x]);
      };
    const parameters = '(a, x, lo=0, hi=None, *, key=None)';
    return members('bisect', {
      [`bisect${parameters}`]: find('right'),
      [`bisect_left${parameters}`]: find('left'),
      [`bisect_right${parameters}`]: find('right'),
      [`insort${parameters}`]: insert('right'),
      [`insort_left${parameters}`]: insert('left'),
      [`insort_right${parameters}`]: insert('right'),
    });
  },
};

function position(
  runtime: Runtime,
  list: Value,
  x: Value,
  low: Value,
  high: Value,
  key: Value,
  side: 'left' | 'right',
): Value {
  const size = runtime.length(list);
  const [from, to] = [indexArgument(runtime, low), indexArgument(runtime, high === null ? size : high)];
  if (from instanceof PyUnknown) return from;
  if (to instanceof PyUnknown) return to;
  let [start, end] = [from, to];
  while (start < end) {
    const middle = (start + end) >> 1;
    const item = runtime.getItem(list, middle);
    const own = key === null ? item : runtime.call(key, [item]);
    const isLess = runtime.truth(side === 'left' ? runtime.compare('<', own, x) : runtime.compare('<', x, own));
    if (isLess instanceof PyUnknown) return isLess;
    if (isLess === (side === 'left')) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** Heaps are kept sorted, which is a heap too; what is popped is the same. */
export const heapqModule: NativeModuleDefinition = {
  name: 'heapq',
  members: () =>
    members('heapq', {
      'heapify(x, /)': (runtime, heap) => replaceItems(runtime, heap, (items) => items),
      'heappush(heap, item, /)': (runtime, heap, item) => replaceItems(runtime, heap, (items) => [...items, item]),
      'heappop(heap, /)': (runtime, heap) => {
        const list = listArgument(runtime, heap);
        replaceItems(runtime, heap, (items) => items);
        const [first] = list.items;
        if (first === undefined) return runtime.raise('IndexError', 'index out of range');
        list.items.shift();
        return first;
      },
      'heappushpop(heap, item, /)': (runtime, heap, item) => {
        replaceItems(runtime, heap, (items) => [...items, item]);
        return listArgument(runtime, heap).items.shift() ?? null;
      },
      'heapreplace(heap, item, /)': (runtime, heap, item) => {
        const list = listArgument(runtime, heap);
        replaceItems(runtime, heap, (items) => items);
        const first = list.items.shift();
        if (first === undefined) return runtime.raise('IndexError', 'index out of range');
        replaceItems(runtime, heap, (items) => [...items, item]);
        return first;
      },
      'nlargest(n, iterable, key=None)': (runtime, n, iterable, key) => first(runtime, n, iterable, key, true),
      'nsmallest(n, iterable, key=None)': (runtime, n, iterable, key) => first(runtime, n, iterable, key, false),
      'merge(*iterables, key=None, reverse=False)': (runtime, iterables, key, reverse) => {
        const all: Value[] = [];
        for (const iterable of iterables instanceof PyTuple ? iterables.items : []) {
          const items = itemsOf(runtime, iterable);
          if (items instanceof PyUnknown) return items;
          all.push(...items);
        }
        return new PyIterator(walk(sortValues(runtime, all, key, reverse === true)));
      },
    }),
};

function replaceItems(runtime: Runtime, heap: Value, change: (items: readonly Value[]) => readonly Value[]): null {
  const list = listArgument(runtime, heap);
  runtime.mutating(list);
  list.items = sortValues(runtime, change(list.items), null, false);
  return null;
}

function first(runtime: Runtime, n: Value, iterable: Value, key: Value, isLargest: boolean): Value {
  const [count, items] = [indexArgument(runtime, n), itemsOf(runtime, iterable)];
  if (count instanceof PyUnknown) return count;
  if (items instanceof PyUnknown) return items;
  return new PyList(sortValues(runtime, items, key, isLargest).slice(0, Math.max(0, count)));
}

function* walk(items: readonly Value[]): Generator<Value, Value> {
  yield* items;
  return null;
}
