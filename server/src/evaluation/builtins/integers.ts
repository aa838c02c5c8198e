/**
 * Exact integers: JavaScript numbers while safe, bigint beyond, always normalised back.
 * floorDivideIntegers(-7, 2) -> -4, moduloIntegers(-7, 2) -> 1, powerIntegers(2, 100) -> 1267650600228229401496703205376n.
 */

/** A Python int; a number is always a safe integer, a bigint always beyond that. */
export type Integer = number | bigint;

/** Results beyond this many bits are refused, as they only cost memory. */
export const MAX_INTEGER_BITS = 1 << 17;

const LIMIT = 1n << BigInt(MAX_INTEGER_BITS);

/** Whether an integer has more bits than are kept. */
export function isTooLong(value: bigint): boolean {
  return value >= LIMIT || value <= -LIMIT;
}

export function normalizeInteger(value: bigint): Integer {
  return value >= MIN_SAFE && value <= MAX_SAFE ? Number(value) : value;
}

/** The int of a finite float without fraction. */
export function integerOfFloat(value: number): Integer {
  return Number.isSafeInteger(value) ? value + 0 || 0 : normalizeInteger(BigInt(value));
}

export function addIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normalizeInteger(BigInt(left) + BigInt(right));
}

export function subtractIntegers(left: Integer, right: Integer): Integer {
  return addIntegers(left, negateInteger(right));
}

export function negateInteger(value: Integer): Integer {
  return typeof value === 'number' ? 0 - value : normalizeInteger(-value);
}

/** Undefined where the product is too large to be kept. */
export function multiplyIntegers(left: Integer, right: Integer): Integer | undefined {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    if (Number.isSafeInteger(product)) return product + 0 || 0;
  }
  if (bitLength(left) + bitLength(right) > MAX_INTEGER_BITS) return undefined;
  return normalizeInteger(BigInt(left) * BigInt(right));
}

/** Rounds towards minus infinity; the divisor is not 0. */
export function floorDivideIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    // The remainder of JavaScript has the sign of the dividend, so that the difference stays a safe integer.
    const remainder = left % right;
    const quotient = (left - remainder) / right;
    return (remainder !== 0 && remainder < 0 !== right < 0 ? quotient - 1 : quotient) + 0 || 0;
  }
  const [a, b] = [BigInt(left), BigInt(right)];
  const quotient = a / b;
  const isInexact = quotient * b !== a;
  return normalizeInteger(isInexact && a < 0n !== b < 0n ? quotient - 1n : quotient);
}

/** Has the sign of the divisor, which is not 0. */
export function moduloIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const remainder = left % right;
    return (remainder !== 0 && remainder < 0 !== right < 0 ? remainder + right : remainder) + 0 || 0;
  }
  const [a, b] = [BigInt(left), BigInt(right)];
  const remainder = a % b;
  return normalizeInteger(remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder);
}

/** The exponent is not negative. Undefined where the power is too large to be kept. */
export function powerIntegers(base: Integer, exponent: Integer): Integer | undefined {
  if (base === 1 || exponent === 0) return 1;
  if (base === 0) return 0;
  if (base === -1) return moduloIntegers(exponent, 2) === 0 ? 1 : -1;
  if (typeof exponent === 'bigint' || (bitLength(base) - 1) * exponent > MAX_INTEGER_BITS) return undefined;
  if (typeof base === 'number') {
    const power = base ** exponent;
    if (Number.isSafeInteger(power)) return power;
  }
  return normalizeInteger(BigInt(base) ** BigInt(exponent));
}

/** `pow(base, exponent, modulus)` for an exponent that is not negative. */
export function powerModulo(base: Integer, exponent: Integer, modulus: Integer): Integer {
  const m = BigInt(modulus);
  let result = 1n;
  let square = BigInt(moduloIntegers(base, modulus));
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % m;
    square = (square * square) % m;
  }
  return moduloIntegers(normalizeInteger(result), modulus);
}

/** The shift is not negative. Undefined where the result is too large to be kept. */
export function shiftLeft(value: Integer, shift: Integer): Integer | undefined {
  if (value === 0) return 0;
  if (typeof shift === 'bigint' || bitLength(value) + shift > MAX_INTEGER_BITS) return undefined;
  return normalizeInteger(BigInt(value) << BigInt(shift));
}

/** The shift is not negative; rounds towards minus infinity. */
export function shiftRight(value: Integer, shift: Integer): Integer {
  if (typeof shift === 'bigint' || shift > MAX_INTEGER_BITS) return value < 0 ? -1 : 0;
  return normalizeInteger(BigInt(value) >> BigInt(shift));
}

/** `&`, `|` and `^` of two's complement numbers of any length. */
export function bitwise(operator: '&' | '|' | '^', left: Integer, right: Integer): Integer {
  const [a, b] = [BigInt(left), BigInt(right)];
  if (operator === '&') return normalizeInteger(a & b);
  return normalizeInteger(operator === '|' ? a | b : a ^ b);
}

/** Number of bits of the absolute value: 0 -> 0, 255 -> 8, -256 -> 9. */
export function bitLength(value: Integer): number {
  if (typeof value === 'number') {
    const size = Math.abs(value);
    return size < 2 ** 31 ? 32 - Math.clz32(size) : 32 + bitLength(Math.floor(size / 2 ** 32));
  }
  const hex = (value < 0n ? -value : value).toString(16);
  return (hex.length - 1) * 4 + bitLength(parseInt(hex.charAt(0), 16));
}

/** Greatest common divisor, never negative. */
export function gcdIntegers(left: Integer, right: Integer): Integer {
  let [a, b]: [Integer, Integer] = [absoluteInteger(left), absoluteInteger(right)];
  while (b !== 0) [a, b] = [b, moduloIntegers(a, b)];
  return a;
}

export function absoluteInteger(value: Integer): Integer {
  return value < 0 ? negateInteger(value) : value;
}

/** Floor of the square root; the value is not negative. */
export function integerSquareRoot(value: Integer): Integer {
  const n = BigInt(value);
  if (n < 2n) return value;
  let x = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return normalizeInteger(x);
    x = next;
  }
}

/** The nearest double (ties to even), or infinite. */
export function floatOfInteger(value: Integer): number {
  return Number(value);
}

/** The nearest double to a quotient of integers; the divisor is not 0. */
export function trueDivideIntegers(left: Integer, right: Integer): number {
  if (typeof left === 'number' && typeof right === 'number') return left / right;
  const [a, b] = [BigInt(left), BigInt(right)];
  if (a === 0n) return b < 0n ? -0 : 0;
  const isNegative = a < 0n !== b < 0n;
  const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b];
  // Scale so that the integer quotient has 66 bits, keep a sticky bit, and let Number() round once.
  const shift = 66 - (bitLength(normalizeInteger(top)) - bitLength(normalizeInteger(bottom)));
  const scaled = shift >= 0 ? top << BigInt(shift) : top;
  const divisor = shift >= 0 ? bottom : bottom << BigInt(-shift);
  const quotient = scaled / divisor;
  const sticky = quotient * divisor === scaled ? 0n : 1n;
  const size = scaleByPowerOfTwo(Number((quotient << 1n) | sticky), -shift - 1);
  return isNegative ? -size : size;
}

function scaleByPowerOfTwo(value: number, exponent: number): number {
  if (exponent < -1000) return value * 2 ** -1000 * 2 ** (exponent + 1000);
  if (exponent > 1000) return value * 2 ** 1000 * 2 ** (exponent - 1000);
  return value * 2 ** exponent;
}

const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER);
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
