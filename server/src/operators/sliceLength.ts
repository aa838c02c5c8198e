/**
 * The length of a slice by Python's rules, with symbolic sizes and bounds.
 * sliceLength(10, null, -1, 2) is 5; sliceLength(N, 1, null, 1) is N - 1; sliceLength(N, null, 10, 1) is min(N, 10).
 */
import {
  addDims,
  dimBounds,
  floorDivideDims,
  maximumDim,
  minimumDim,
  printDim,
  subtractDims,
  unknownDim,
  unknownReason,
  type Dim,
} from '../graph/dim.ts';

/** A missing bound is null; the step is not 0. ONNX's "to the end" (INT32_MAX or more) is clamped like any bound. */
export function sliceLength(size: Dim, start: Dim | null, stop: Dim | null, step: Dim): Dim {
  if (typeof step !== 'number') return unknownDim(`the step ${printDim(step)} of the slice is not known`);
  if (step < 0) {
    const last = subtractDims(size, 1);
    const from = start === null ? last : minimumDim(placeOf(start, size, -1), last);
    return countSteps(from, stop === null ? -1 : placeOf(stop, size, -1), -step);
  }
  // The start is not clamped to the size: past it, nothing is left to count.
  const from = start === null ? 0 : placeOf(start, size, 0);
  return countSteps(stop === null ? size : minimumDim(placeOf(stop, size, 0), size), from, step);
}

function countSteps(high: Dim, low: Dim, step: number): Dim {
  return maximumDim(floorDivideDims(addDims(subtractDims(high, low), step - 1), step), 0);
}

/** A bound counted from the start, and not below `lowest`. */
function placeOf(bound: Dim, size: Dim, lowest: number): Dim {
  const { low, high } = dimBounds(bound);
  if (low >= 0) return isEndless(bound, size) ? size : bound;
  if (high < 0) return isEndless(bound, size) ? lowest : maximumDim(addDims(size, bound), lowest);
  if (unknownReason(bound) !== undefined) return bound;
  return unknownDim(`whether the bound ${printDim(bound)} counts from the end is not known`);
}

/** Bounds that mean "to the end" or "from the very start" in exported graphs. */
const ENDLESS = 2 ** 31 - 1;

function isEndless(bound: Dim, size: Dim): boolean {
  if (typeof bound !== 'number' || Math.abs(bound) < ENDLESS) return false;
  return typeof size !== 'number' || Math.abs(bound) >= size;
}
