/**
 * What an edit did to offsets: "abXcd" -> "abYYcd" replaces 2 to 3, and moves what follows by 1.
 */

/** Text from `start` to `end` was replaced; offsets after it move by `delta`. */
export interface Shift {
  readonly start: number;
  readonly end: number;
  readonly delta: number;
}

/** What was replaced between two texts, from their common beginning and end. */
export function shiftBetween(before: string, after: string): Shift {
  const shorter = Math.min(before.length, after.length);
  const start = commonLength(shorter, (from, to) => before.slice(from, to) === after.slice(from, to));
  const tail = commonLength(
    shorter - start,
    (from, to) =>
      before.slice(before.length - to, before.length - from) === after.slice(after.length - to, after.length - from),
  );
  return { start, end: before.length - tail, delta: after.length - before.length };
}

/** Where an offset of the text before is in the text after; inside of what was replaced, not beyond its end. */
export function shifted(offset: number, { start, end, delta }: Shift): number {
  if (offset <= start) return offset;
  if (offset >= end) return offset + delta;
  return Math.min(offset, end + delta);
}

/** The largest length up to `limit` for which the parts are equal: by blocks first, which compare fast, then by halves. */
function commonLength(limit: number, areEqual: (from: number, to: number) => boolean): number {
  let equal = 0;
  while (equal + BLOCK <= limit && areEqual(equal, equal + BLOCK)) equal += BLOCK;
  let low = equal;
  let high = Math.min(equal + BLOCK, limit);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (areEqual(low, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const BLOCK = 4096;
