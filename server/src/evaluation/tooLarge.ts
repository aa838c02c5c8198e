/**
 * What stands for a value that is not made as it would take too much: "a" * 10**11 -> unknown, "a text of 100000000000
 * items, which is too large to be made".
 */
import type { Runtime } from './runtime.ts';
import type { PyUnknown } from './values.ts';

/** `what` with its article: "a list", "bytes". */
export function tooLarge(runtime: Runtime, what: string, size: number): PyUnknown {
  return runtime.unknown(`${what} of ${size} items, which is too large to be made`);
}
