/**
 * abs, round, divmod, pow, bin, hex, oct: round(2.5) -> 2, round(2.675, 2) -> 2.67, divmod(-7, 2) -> (-4, 1).
 * Symbolic dimensions stay symbolic where the result is exact.
 */
import type { Runtime } from '../runtime.ts';
import {
  NOT_IMPLEMENTED,
  PyComplex,
  PyFloat,
  PyInstance,
  PySymbolicInt,
  PyTuple,
  PyUnknown,
  type Value,
} from '../values.ts';
import { integerArgument } from './arguments.ts';
import { intOfFloat } from './conversions.ts';
import { roundToDecimals } from './decimalDigits.ts';
import { strictMembers } from './define.ts';
import { integerInBase } from './integerText.ts';
import {
  absoluteInteger,
  addIntegers,
  bitLength,
  gcdIntegers,
  moduloIntegers,
  multiplyIntegers,
  normalizeInteger,
  powerIntegers,
  powerModulo,
  subtractIntegers,
  type Integer,
} from './integers.ts';
import { asInteger } from './numberValues.ts';
import { hasOwnMethod } from './ownMethods.ts';
import { unbox } from './unbox.ts';

export const numberFunctions: ReadonlyMap<string, Value> = strictMembers(undefined, {
  'abs(x, /)': (runtime, x) => absolute(runtime, x),
  'round(number, ndigits=None)': (runtime, number, digits) => round(runtime, number, digits),
  'divmod(x, y, /)': (runtime, x, y) => divmod(runtime, x, y),
  'pow(base, exp, mod=None)': (runtime, base, exponent, modulus) => power(runtime, base, exponent, modulus),
  'bin(number, /)': (runtime, number) => withPrefix(runtime, number, 2, '0b'),
  'oct(number, /)': (runtime, number) => withPrefix(runtime, number, 8, '0o'),
  'hex(number, /)': (runtime, number) => withPrefix(runtime, number, 16, '0x'),
});

export function absolute(runtime: Runtime, value: Value): Value {
  if (hasOwnMethod(runtime, value, '__abs__')) return runtime.callMethod(value, '__abs__');
  const plain = unbox(value);
  const integer = asInteger(plain);
  if (integer !== undefined) return absoluteInteger(integer);
  if (plain instanceof PyFloat) return new PyFloat(Math.abs(plain.value));
  if (plain instanceof PyComplex) return new PyFloat(Math.hypot(plain.real, plain.imaginary));
  if (plain instanceof PySymbolicInt) return runtime.unknown('the absolute value of a symbolic dimension');
  if (hasMethod(runtime, value, '__abs__')) return runtime.callMethod(value, '__abs__');
  return runtime.raise('TypeError', `bad operand type for abs(): '${runtime.typeOf(value).name}'`);
}

/** Ties go to the even neighbour; `digits` is null where not given. */
export function round(runtime: Runtime, value: Value, digits: Value): Value {
  if (hasOwnMethod(runtime, value, '__round__')) {
    return runtime.callMethod(value, '__round__', digits === null ? [] : [digits]);
  }
  const plain = unbox(value);
  if (value instanceof PyInstance && plain === value) {
    if (!hasMethod(runtime, value, '__round__')) {
      return runtime.raise('TypeError', `type ${value.class_.name} doesn't define __round__ method`);
    }
    return runtime.callMethod(value, '__round__', digits === null ? [] : [digits]);
  }
  const places = digits === null ? undefined : integerArgument(runtime, digits);
  if (places instanceof PyUnknown) return places;
  if (plain instanceof PySymbolicInt) {
    return places === undefined || places >= 0 ? plain : runtime.unknown('rounding of a symbolic dimension');
  }
  const integer = asInteger(plain);
  if (integer !== undefined) return places === undefined ? integer : roundInteger(integer, places);
  if (plain instanceof PyFloat) {
    return places === undefined
      ? intOfFloat(runtime, Number.isFinite(plain.value) ? roundToDecimals(plain.value, 0) : plain.value)
      : new PyFloat(roundToDecimals(plain.value, Number(places)));
  }
  return runtime.raise('TypeError', `type ${runtime.typeOf(value).name} doesn't define __round__ method`);
}

function roundInteger(value: Integer, places: Integer): Integer {
  if (places >= 0) return value;
  const unit = powerIntegers(10, Math.min(400, -Number(places)));
  if (unit === undefined) return 0;
  const rest = moduloIntegers(value, unit);
  const floor = subtractIntegers(value, rest);
  const twice = multiplyIntegers(rest, 2) ?? 0;
  const isOdd = moduloIntegers(floor, multiplyIntegers(unit, 2) ?? 1) !== 0;
  return twice > unit || (twice === unit && isOdd) ? addIntegers(floor, unit) : floor;
}

export function divmod(runtime: Runtime, left: Value, right: Value): Value {
  if (hasMethod(runtime, left, '__divmod__') && unbox(left) === left) {
    const result = runtime.callMethod(left, '__divmod__', [right]);
    if (result !== NOT_IMPLEMENTED) return result;
  }
  if (hasMethod(runtime, right, '__rdivmod__') && unbox(right) === right) {
    const result = runtime.callMethod(right, '__rdivmod__', [left]);
    if (result !== NOT_IMPLEMENTED) return result;
  }
  return new PyTuple([runtime.binary('//', left, right), runtime.binary('%', left, right)]);
}

/** `modulus` is null where not given. */
export function power(runtime: Runtime, base: Value, exponent: Value, modulus: Value): Value {
  if (modulus === null) return runtime.binary('**', base, exponent);
  if (hasMethod(runtime, base, '__pow__') && unbox(base) === base && base instanceof PyInstance) {
    return runtime.callMethod(base, '__pow__', [exponent, modulus]);
  }
  const [b, e, m] = [base, exponent, modulus].map((value) => integerArgument(runtime, value));
  for (const part of [b, e, m]) if (part instanceof PyUnknown) return part;
  if (m === 0) return runtime.raise('ValueError', 'pow() 3rd argument cannot be 0');
  // The loop above leaves integers only.
  const [value, times, divisor] = [b, e, m] as [Integer, Integer, Integer];
  if (bitLength(times) * bitLength(divisor) > MAX_MODULAR_WORK)
    return runtime.unknown('a modular power of huge numbers');
  runtime.step((bitLength(times) * bitLength(divisor)) >> 4);
  runtime.step(bitLength(times) ** 2 / 4096);
  if (times >= 0) return powerModulo(value, times, divisor);
  runtime.step((bitLength(value) * bitLength(divisor)) / 64);
  const inverse = inverseModulo(value, divisor);
  if (inverse === undefined) return runtime.raise('ValueError', 'base is not invertible for the given modulus');
  return powerModulo(inverse, absoluteInteger(times), divisor);
}

/** Bits of the exponent times bits of the modulus. */
const MAX_MODULAR_WORK = 1 << 22;

function inverseModulo(value: Integer, modulus: Integer): Integer | undefined {
  if (gcdIntegers(value, modulus) !== 1) return undefined;
  let [a, m, x, y] = [
    BigInt(moduloIntegers(value, absoluteInteger(modulus))),
    BigInt(absoluteInteger(modulus)),
    1n,
    0n,
  ];
  while (m !== 0n) [a, m, x, y] = [m, a % m, y, x - (a / m) * y];
  const size = BigInt(absoluteInteger(modulus));
  return normalizeInteger(((x % size) + size) % size);
}

function withPrefix(runtime: Runtime, value: Value, base: number, prefix: string): Value {
  const integer = integerArgument(runtime, value);
  if (integer instanceof PyUnknown) return integer;
  return `${integer < 0 ? '-' : ''}${prefix}${integerInBase(absoluteInteger(integer), base)}`;
}

export function hasMethod(runtime: Runtime, value: Value, name: string): boolean {
  return value instanceof PyInstance && runtime.lookupInClass(value.class_, name) !== undefined;
}
