/**
 * Stable sorting by Python's `<`, as `sorted`, `list.sort` and `heapq` use it. Where an order is unknown, every position
 * is: sortValues(runtime, [3, ?, 1]) -> three unknown items, so that the number of items stays known.
 */
import type { Runtime } from '../runtime.ts';
import { PyUnknown, type Value } from '../values.ts';

/** Thrown to leave a sort whose order is not known. */
class UnknownOrder extends Error {
  constructor(readonly unknown: PyUnknown) {
    super();
  }
}

/** `key` is null where not given. */
export function sortValues(runtime: Runtime, values: readonly Value[], key: Value, isReversed: boolean): Value[] {
  const keyed = values.map((value) => ({ value, key: key === null ? value : runtime.call(key, [value]) }));
  // Reversing before and after keeps equal items in their order.
  if (isReversed) keyed.reverse();
  try {
    keyed.sort((a, b) => {
      runtime.step(1);
      if (isLess(runtime, a.key, b.key)) return -1;
      return isLess(runtime, b.key, a.key) ? 1 : 0;
    });
  } catch (error) {
    if (error instanceof UnknownOrder) return values.map(() => error.unknown);
    throw error;
  }
  if (isReversed) keyed.reverse();
  return keyed.map(({ value }) => value);
}

function isLess(runtime: Runtime, left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  const result = runtime.truth(runtime.compare('<', left, right));
  if (result instanceof PyUnknown) throw new UnknownOrder(result);
  return result;
}
