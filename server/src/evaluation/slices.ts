/**
 * Slices as Python resolves them: positionsOf(slice(None, None, -2), 5) -> [4, 2, 0].
 */
import { sliceIndices, slicePositions } from './builtins/sequences.ts';
import type { Executor } from './executor.ts';
import { PyUnknown, type PySlice, type Value } from './values.ts';

/** The items that a slice picks out. */
export function sliceItems(executor: Executor, items: readonly Value[], slice: PySlice): Value[] | PyUnknown {
  const indices = sliceIndices(executor, slice, items.length);
  if (indices instanceof PyUnknown) return indices;
  if (indices.step === 1) return items.slice(indices.start, Math.max(indices.start, indices.stop));
  return slicePositions(indices).map((position) => items[position] as Value); // positions lie inside
}

/** Positions from 0 that a slice picks out of so many items, in its order; unknown where a bound is. */
export function positionsOf(executor: Executor, slice: PySlice, length: number): readonly number[] | PyUnknown {
  const indices = sliceIndices(executor, slice, length);
  if (indices instanceof PyUnknown) return indices;
  executor.budget.allocate(8 * Math.max(0, Math.ceil((indices.stop - indices.start) / indices.step)));
  return slicePositions(indices);
}
