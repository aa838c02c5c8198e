/**
 * Number of items of a range: range(1, 10, 4) -> 3.
 */
import type { PyRange } from './values.ts';

export function rangeLength({ start, stop, step }: PyRange): number {
  return Math.max(0, Math.ceil((stop - start) / step));
}
