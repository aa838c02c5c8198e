/**
 * Integers as Python reads and prints them: parseIntegerText("0x_ff", 0) -> 255, parseIntegerText("zz", 36) -> 1295,
 * integerInBase(-255, 16) -> "-ff".
 */
import { normalizeInteger, type Integer } from './integers.ts';

const PREFIXES: ReadonlyMap<string, number> = new Map([
  ['0x', 16],
  ['0o', 8],
  ['0b', 2],
]);

/** What `int(text, base)` reads, base 0 by the text's own prefix; undefined where it raises ValueError. */
export function parseIntegerText(text: string, base: number): Integer | undefined {
  const match = /^([+-]?)(.*)$/s.exec(text.trim().toLowerCase());
  let digits = match?.[2] ?? '';
  let actualBase = base;
  const prefixBase = PREFIXES.get(digits.slice(0, 2));
  if (prefixBase !== undefined && (base === prefixBase || base === 0)) {
    actualBase = prefixBase;
    digits = digits.slice(2).replace(/^_/, '');
  } else if (base === 0) {
    actualBase = 10;
    if (/^0[0_]*[1-9]/.test(digits)) return undefined;
  }
  if (!/^[0-9a-z]+(_[0-9a-z]+)*$/.test(digits)) return undefined;
  digits = digits.replaceAll('_', '');
  if (digits.length > MAX_DIGITS) return undefined;
  const value = parseDigits(digits, actualBase);
  if (value === undefined) return undefined;
  return normalizeInteger(match?.[1] === '-' ? -value : value);
}

/** Python's own limit for decimal text; other bases are bound likewise. */
const MAX_DIGITS = 4300;

function parseDigits(digits: string, base: number): bigint | undefined {
  let value = 0n;
  for (const digit of digits) {
    const weight = parseInt(digit, 36);
    if (weight >= base) return undefined;
    value = value * BigInt(base) + BigInt(weight);
  }
  return value;
}

/** Digits in a base from 2 to 36, lower case, with a minus sign where negative. */
export function integerInBase(value: Integer, base: number): string {
  return value.toString(base);
}
