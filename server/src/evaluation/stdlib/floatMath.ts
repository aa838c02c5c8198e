/**
 * Pieces of `math` on doubles: exactTotal([0.1] * 10) -> 1.0, nextAfter(1, 2), remainderToEven(5, 3) -> -1.
 */
import { exactParts } from '../builtins/decimalDigits.ts';
import { normalizeInteger, trueDivideIntegers } from '../builtins/integers.ts';

/** `math.fsum`: the exact sum, rounded once. */
export function exactTotal(values: readonly number[]): number {
  const special = values.filter((value) => !Number.isFinite(value));
  if (special.length > 0) return special.reduce((sum, value) => sum + value, 0);
  let total = 0n;
  for (const value of values) {
    const { mantissa, exponent } = exactParts(Math.abs(value));
    const scaled = mantissa << BigInt(exponent + 1074);
    total += value < 0 ? -scaled : scaled;
  }
  return trueDivideIntegers(normalizeInteger(total), 1n << 1074n);
}

/** `math.nextafter`. */
export function nextAfter(from: number, to: number): number {
  if (Number.isNaN(from) || Number.isNaN(to)) return NaN;
  if (from === to) return to;
  if (from === 0) return to > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, from);
  const bits = view.getBigInt64(0);
  view.setBigInt64(0, to > from === from > 0 ? bits + 1n : bits - 1n);
  return view.getFloat64(0);
}

/** IEEE 754 remainder: x - n y with n the integer nearest to x / y, ties to even. */
export function remainderToEven(x: number, y: number): number {
  if (!Number.isFinite(y)) return x;
  const size = Math.abs(y);
  const rest = Math.abs(x) % size;
  const isOdd = Math.abs(x) % (2 * size) >= size;
  const twice = rest - (size - rest);
  const nearest = twice > 0 || (twice === 0 && isOdd) ? rest - size : rest;
  return x < 0 || Object.is(x, -0) ? -nearest : nearest;
}
