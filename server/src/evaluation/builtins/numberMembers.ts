/**
 * Methods of int, float, complex and bool: (255).bit_length() -> 8, (2.0).is_integer() -> True, int.from_bytes(...).
 */
import type { Runtime } from '../runtime.ts';
import { PyBytes, PyClassMethod, PyComplex, PyFloat, PyProperty, PyTuple, PyUnknown, type Value } from '../values.ts';
import { bytesArgument, integerArgument } from './arguments.ts';
import { intOfFloat, toBool } from './conversions.ts';
import { exactParts } from './decimalDigits.ts';
import { define, mergeMembers, strictMembers, type Body } from './define.ts';
import { floatHex } from './floatText.ts';
import {
  absoluteInteger,
  bitLength,
  floorDivideIntegers,
  gcdIntegers,
  normalizeInteger,
  type Integer,
} from './integers.ts';
import { asFloat, asInteger } from './numberValues.ts';
import { comparisonMembers, numberOperators, textMembers } from './operatorMembers.ts';
import { absolute, divmod, power, round } from './numberFunctions.ts';
import { unbox } from './unbox.ts';

export function intMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    numberOperators('int', ['+', '-', '*', '/', '//', '%', '**', '<<', '>>', '&', '|', '^']),
    comparisonMembers('int', true),
    textMembers('int', true),
    sharedMembers('int'),
    strictMembers('int', {
      'bit_length(self, /)': (runtime, self) => ofInteger(runtime, self, bitLength),
      'bit_count(self, /)': (runtime, self) => ofInteger(runtime, self, bitCount),
      'conjugate(self, /)': (_, self) => unbox(self),
      'is_integer(self, /)': () => true,
      'as_integer_ratio(self, /)': (_, self) => new PyTuple([unbox(self), 1]),
      "to_bytes(self, length=1, byteorder='big', *, signed=False)": toBytesOfInt,
      '__index__(self, /)': (_, self) => unbox(self),
      '__int__(self, /)': (_, self) => unbox(self),
      '__float__(self, /)': (_, self) => new PyFloat(asFloat(unbox(self)) ?? NaN),
      '__floor__(self, /)': (_, self) => unbox(self),
      '__ceil__(self, /)': (_, self) => unbox(self),
      '__trunc__(self, /)': (_, self) => unbox(self),
    }),
    new Map<string, Value>([
      [
        'from_bytes',
        new PyClassMethod(define("from_bytes(cls, bytes, byteorder='big', *, signed=False)", intOfBytes, 'int')),
      ],
      ['real', property('real', (_, self) => unbox(self))],
      ['numerator', property('numerator', (_, self) => unbox(self))],
      ['denominator', property('denominator', () => 1)],
      ['imag', property('imag', () => 0)],
    ]),
  );
}

export function floatMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    numberOperators('float', ['+', '-', '*', '/', '//', '%', '**']),
    comparisonMembers('float', true),
    textMembers('float', true),
    sharedMembers('float'),
    strictMembers('float', {
      'is_integer(self, /)': (_, self) => Number.isInteger(asFloat(unbox(self))),
      'conjugate(self, /)': (_, self) => unbox(self),
      'hex(self, /)': (_, self) => floatHex(asFloat(unbox(self)) ?? NaN),
      'as_integer_ratio(self, /)': (runtime, self) => integerRatio(runtime, asFloat(unbox(self)) ?? NaN),
      '__float__(self, /)': (_, self) => unbox(self),
      '__int__(self, /)': (runtime, self) => intOfFloat(runtime, asFloat(unbox(self)) ?? NaN),
      '__trunc__(self, /)': (runtime, self) => intOfFloat(runtime, asFloat(unbox(self)) ?? NaN),
      '__floor__(self, /)': (runtime, self) => intOfFloat(runtime, Math.floor(asFloat(unbox(self)) ?? NaN)),
      '__ceil__(self, /)': (runtime, self) => intOfFloat(runtime, Math.ceil(asFloat(unbox(self)) ?? NaN)),
    }),
    new Map<string, Value>([
      ['real', property('real', (_, self) => unbox(self))],
      ['imag', property('imag', () => new PyFloat(0))],
    ]),
  );
}

export function complexMembers(): ReadonlyMap<string, Value> {
  const part = (name: string, read: (value: PyComplex) => Value): PyProperty =>
    property(name, (_, self) => {
      const plain = unbox(self);
      return plain instanceof PyComplex ? read(plain) : plain;
    });
  return mergeMembers(
    numberOperators('complex', ['+', '-', '*', '/', '**']),
    comparisonMembers('complex', false),
    textMembers('complex', true),
    sharedMembers('complex'),
    strictMembers('complex', {
      'conjugate(self, /)': (_, self) => {
        const plain = unbox(self);
        return plain instanceof PyComplex ? new PyComplex(plain.real, -plain.imaginary) : plain;
      },
    }),
    new Map<string, Value>([
      ['real', part('real', ({ real }) => new PyFloat(real))],
      ['imag', part('imag', ({ imaginary }) => new PyFloat(imaginary))],
    ]),
  );
}

function sharedMembers(owner: string): Map<string, Value> {
  return strictMembers(owner, {
    '__abs__(self, /)': (runtime, self) => absolute(runtime, unbox(self)),
    '__bool__(self, /)': (runtime, self) => toBool(runtime, unbox(self)),
    '__round__(self, ndigits=None, /)': (runtime, self, digits) => round(runtime, unbox(self), digits),
    '__divmod__(self, other, /)': (runtime, self, other) => divmod(runtime, unbox(self), unbox(other)),
    '__pow__(self, other, mod=None, /)': (runtime, self, other, mod) =>
      power(runtime, unbox(self), unbox(other), mod ?? null),
  });
}

function property(name: string, body: Body): PyProperty {
  return new PyProperty(define(`${name}(self)`, body));
}

function ofInteger(runtime: Runtime, self: Value, compute: (value: Integer) => number): Value {
  const integer = asInteger(unbox(self));
  return integer === undefined ? runtime.unknown('bits of a symbolic dimension') : compute(integer);
}

function bitCount(value: Integer): number {
  return absoluteInteger(value).toString(2).replaceAll('0', '').length;
}

/** Exact numerator and denominator, reduced. */
function integerRatio(runtime: Runtime, value: number): Value {
  if (!Number.isFinite(value)) {
    const what = Number.isNaN(value) ? 'NaN' : 'Infinity';
    return runtime.raise(what === 'NaN' ? 'ValueError' : 'OverflowError', `cannot convert ${what} to integer ratio`);
  }
  const { mantissa, exponent } = exactParts(Math.abs(value));
  const numerator = normalizeInteger((exponent > 0 ? mantissa << BigInt(exponent) : mantissa) * (value < 0 ? -1n : 1n));
  const denominator = normalizeInteger(exponent < 0 ? 1n << BigInt(-exponent) : 1n);
  const divisor = gcdIntegers(numerator, denominator);
  return new PyTuple([floorDivideIntegers(numerator, divisor), floorDivideIntegers(denominator, divisor)]);
}

function toBytesOfInt(runtime: Runtime, self: Value, length: Value, byteOrder: Value, signed: Value): Value {
  const value = integerArgument(runtime, self);
  const size = integerArgument(runtime, length);
  if (value instanceof PyUnknown || size instanceof PyUnknown) return value instanceof PyUnknown ? value : size;
  if (typeof size === 'bigint' || size < 0 || size > 4096) return runtime.unknown('an integer of more than 4096 bytes');
  const limit = 1n << BigInt(8 * size);
  const big = BigInt(value);
  if (big < 0n && signed !== true) return runtime.raise('OverflowError', "can't convert negative int to unsigned");
  const isInside = signed === true ? big >= -(limit / 2n) && big < limit / 2n : big < limit;
  if (!isInside) return runtime.raise('OverflowError', 'int too big to convert');
  const hex =
    size === 0
      ? ''
      : BigInt.asUintN(8 * size, big)
          .toString(16)
          .padStart(2 * size, '0');
  const bytes = (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(parseInt(pair, 16)));
  return new PyBytes((byteOrder === 'little' ? bytes.reverse() : bytes).join(''));
}

function intOfBytes(runtime: Runtime, _: Value, bytes: Value, byteOrder: Value, signed: Value): Value {
  const source = bytesArgument(runtime, bytes);
  if (source instanceof PyUnknown) return source;
  const codes = Array.from(source.value, (byte) => byte.charCodeAt(0));
  if (byteOrder === 'little') codes.reverse();
  const hex = codes.map((code) => code.toString(16).padStart(2, '0')).join('');
  const unsigned = BigInt(`0x${hex || '0'}`);
  return normalizeInteger(signed === true ? BigInt.asIntN(8 * codes.length, unsigned) : unsigned);
}
