/**
 * Positions and slices of sequences, with Python's rules for negative and missing bounds:
 * sliceIndices({ lower: -3, upper: None, step: None }, 5) -> start 2, stop 5, step 1.
 */
import type { Runtime } from '../runtime.ts';
import { PyUnknown, type PySlice, type Value } from '../values.ts';
import { indexArgument } from './arguments.ts';

export interface SliceIndices {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/** The position counted from the start; outside of 0..length-1 where there is no such item. */
export function positionOf(index: number, length: number): number {
  return index < 0 ? index + length : index;
}

/** What `slice.indices(length)` gives; unknown where a bound is. */
export function sliceIndices(runtime: Runtime, slice: PySlice, length: number): SliceIndices | PyUnknown {
  const [lower, upper, stride] = [slice.lower, slice.upper, slice.step].map((bound) =>
    bound === null ? undefined : indexArgument(runtime, bound),
  );
  for (const bound of [lower, upper, stride]) if (bound instanceof PyUnknown) return bound;
  const step = Number(stride ?? 1);
  if (step === 0) return runtime.raise('ValueError', 'slice step cannot be zero');
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (bound: number): number => Math.min(Math.max(positionOf(bound, length), lowest), highest);
  return {
    start: lower === undefined ? (step > 0 ? lowest : highest) : clamp(Number(lower)),
    stop: upper === undefined ? (step > 0 ? highest : lowest) : clamp(Number(upper)),
    step,
  };
}

/** Positions of a slice, in order. */
export function slicePositions({ start, stop, step }: SliceIndices): readonly number[] {
  const positions: number[] = [];
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) positions.push(at);
  return positions;
}

/** Bounds `start, end` of methods such as `list.index` and `str.find`, null where not given. */
export function searchRange(
  runtime: Runtime,
  start: Value,
  end: Value,
  length: number,
): { readonly from: number; readonly to: number } | PyUnknown {
  const from = start === null ? 0 : indexArgument(runtime, start);
  const to = end === null ? length : indexArgument(runtime, end);
  if (from instanceof PyUnknown) return from;
  if (to instanceof PyUnknown) return to;
  const clamp = (bound: number): number => Math.min(Math.max(positionOf(bound, length), 0), length);
  // A start past the end finds nothing, not even the empty text.
  return { from: from > length ? length + 1 : clamp(from), to: clamp(to) };
}
