/**
 * `int(...)`, `float(...)`, `complex(...)`, `bool(...)`, `str(...)` and `bytes(...)`:
 * toInt("0x1f", 16) -> 31, toInt(2.9) -> 2, toFloat("1e3") -> 1000.0. Raises ValueError and TypeError in Python's words.
 */
import type { Runtime } from '../runtime.ts';
import { PyBytes, PyComplex, PyFloat, PyInstance, PySymbolicInt, PyUnknown, type Value } from '../values.ts';
import { integerArgument, itemsOf } from './arguments.ts';
import { parseFloatText } from './floatText.ts';
import { parseIntegerText } from './integerText.ts';
import { integerOfFloat } from './integers.ts';
import { asComplex } from './complexNumbers.ts';
import { asFloat, asInteger } from './numberValues.ts';
import { decodeText, encodeText } from './textEncoding.ts';
import { hasOwnMethod } from './ownMethods.ts';
import { unbox } from './unbox.ts';

/** `base` is null where it was not given. */
export function toInt(runtime: Runtime, value: Value, base: Value): Value {
  const own = base === null ? ownConversion(runtime, value, '__int__') : undefined;
  if (own !== undefined) return own;
  const plain = unbox(value);
  if (plain instanceof PyUnknown || base instanceof PyUnknown) return plain instanceof PyUnknown ? plain : base;
  if (typeof plain === 'string' || plain instanceof PyBytes) {
    return intOfText(runtime, typeof plain === 'string' ? plain : plain.value, base);
  }
  if (base !== null) return runtime.raise('TypeError', "int() can't convert non-string with explicit base");
  const integer = asInteger(plain);
  if (integer !== undefined) return integer;
  if (plain instanceof PySymbolicInt) return plain;
  if (plain instanceof PyFloat) return intOfFloat(runtime, plain.value);
  return callConversion(runtime, value, ['__int__', '__index__', '__trunc__']) ?? cannotConvert(runtime, 'int', value);
}

/** Cuts the fraction off. */
export function intOfFloat(runtime: Runtime, value: number): Value {
  if (Number.isNaN(value)) return runtime.raise('ValueError', 'cannot convert float NaN to integer');
  if (!Number.isFinite(value)) return runtime.raise('OverflowError', 'cannot convert float infinity to integer');
  return integerOfFloat(Math.trunc(value));
}

function intOfText(runtime: Runtime, text: string, base: Value): Value {
  const radix = base === null ? 10 : integerArgument(runtime, base);
  if (radix instanceof PyUnknown) return radix;
  if (typeof radix === 'bigint' || radix === 1 || radix < 0 || radix > 36) {
    return runtime.raise('ValueError', 'int() base must be >= 2 and <= 36, or 0');
  }
  const parsed = parseIntegerText(text, radix);
  if (parsed !== undefined) return parsed;
  return runtime.raise('ValueError', `invalid literal for int() with base ${radix}: ${runtime.repr(text)}`);
}

export function toFloat(runtime: Runtime, value: Value): Value {
  const own = ownConversion(runtime, value, '__float__');
  if (own !== undefined) return own;
  const plain = unbox(value);
  if (plain instanceof PyUnknown) return plain;
  if (plain instanceof PyFloat) return plain;
  if (plain instanceof PySymbolicInt) return runtime.unknown('a symbolic dimension as a float');
  if (typeof plain === 'string' || plain instanceof PyBytes) {
    const parsed = parseFloatText(typeof plain === 'string' ? plain : plain.value);
    if (parsed !== undefined) return new PyFloat(parsed);
    return runtime.raise('ValueError', `could not convert string to float: ${runtime.repr(plain)}`);
  }
  const float = asFloat(plain);
  if (float !== undefined) {
    if (Number.isFinite(float)) return new PyFloat(float);
    return runtime.raise('OverflowError', 'int too large to convert to float');
  }
  const converted = callConversion(runtime, value, ['__float__', '__index__']);
  if (converted === undefined) {
    return runtime.raise(
      'TypeError',
      `float() argument must be a string or a real number, not '${runtime.typeOf(value).name}'`,
    );
  }
  return toFloat(runtime, converted);
}

/** `imaginary` is null where it was not given. */
export function toComplex(runtime: Runtime, real: Value, imaginary: Value): Value {
  const plain = unbox(real);
  if (plain instanceof PyUnknown) return plain;
  if (imaginary instanceof PyUnknown) return imaginary;
  if (typeof plain === 'string') return complexOfText(runtime, plain);
  const a = asComplex(plain);
  const b = imaginary === null ? new PyComplex(0, 0) : asComplex(unbox(imaginary));
  if (a !== undefined && b !== undefined) return new PyComplex(a.real - b.imaginary, a.imaginary + b.real);
  const converted = callConversion(runtime, real, ['__complex__']);
  if (converted !== undefined) return converted;
  return runtime.raise(
    'TypeError',
    `complex() first argument must be a string or a number, not '${runtime.typeOf(real).name}'`,
  );
}

function complexOfText(runtime: Runtime, text: string): Value {
  if (text.length > MAX_NUMBER_TEXT) return runtime.unknown('a complex number of a long text');
  const match = /^\(?([+-]?[\d.]+(?:e[+-]?\d+)?(?![\d.]*j))?(?:([+-]?[\d.]*(?:e[+-]?\d+)?)j)?\)?$/i.exec(text.trim());
  const [, real, imaginary] = match ?? [];
  if (match === null || (real === undefined && imaginary === undefined)) {
    return runtime.raise('ValueError', 'complex() arg is a malformed string');
  }
  const coefficient = imaginary === undefined ? '0' : /^[+-]?$/.test(imaginary) ? `${imaginary}1` : imaginary;
  return new PyComplex(Number(real ?? 0), Number(coefficient));
}

export function toBool(runtime: Runtime, value: Value): Value {
  return runtime.truth(value);
}

/** `encoding` is null where it was not given. */
export function toStr(runtime: Runtime, value: Value, encoding: Value): Value {
  if (value instanceof PyUnknown) return value;
  if (value instanceof PyBytes && encoding !== null) return decodeText(runtime, value, encoding);
  return runtime.str(value);
}

export function toBytes(runtime: Runtime, source: Value, encoding: Value): Value {
  const plain = unbox(source);
  if (plain instanceof PyUnknown || plain instanceof PyBytes) return plain;
  if (typeof plain === 'string') {
    if (encoding === null) return runtime.raise('TypeError', 'string argument without an encoding');
    return encodeText(runtime, plain, encoding);
  }
  if (typeof plain === 'number') {
    runtime.step(plain >> 6);
    if (plain > MAX_BYTES) return runtime.unknown('bytes of more than a megabyte');
    return new PyBytes('\0'.repeat(plain));
  }
  const items = itemsOf(runtime, source);
  if (items instanceof PyUnknown) return items;
  const codes: number[] = [];
  for (const item of items) {
    const code = integerArgument(runtime, item);
    if (code instanceof PyUnknown) return code;
    if (code < 0 || code > 255) return runtime.raise('ValueError', 'bytes must be in range(0, 256)');
    codes.push(Number(code));
  }
  return new PyBytes(codes.map((code) => String.fromCharCode(code)).join(''));
}

const MAX_BYTES = 1 << 20;

/** No number that anybody writes is longer. */
const MAX_NUMBER_TEXT = 1000;

/** What a Python class's `__int__` or `__float__` gives; undefined where it has none. */
function ownConversion(runtime: Runtime, value: Value, name: '__int__' | '__float__'): Value | undefined {
  if (!hasOwnMethod(runtime, value, name)) return undefined;
  const result = runtime.callMethod(value, name);
  const plain = unbox(result);
  const what = name === '__int__' ? 'int' : 'float';
  const fits = name === '__int__' ? asInteger(plain) !== undefined : plain instanceof PyFloat;
  if (fits || plain instanceof PyUnknown || plain instanceof PySymbolicInt) return plain;
  return runtime.raise('TypeError', `${name} returned non-${what} (type ${runtime.typeOf(result).name})`);
}

/** Calls the first of the methods that the object's class has; undefined where there is none. */
function callConversion(runtime: Runtime, value: Value, methods: readonly string[]): Value | undefined {
  if (!(value instanceof PyInstance)) return undefined;
  const method = methods.find((name) => runtime.lookupInClass(value.class_, name) !== undefined);
  if (method === undefined) return undefined;
  const result = runtime.callMethod(value, method);
  const isInt = asInteger(unbox(result)) !== undefined || unbox(result) instanceof PySymbolicInt;
  if (method !== '__index__' || isInt || result instanceof PyUnknown) return result;
  return runtime.raise('TypeError', `__index__ returned non-int (type ${runtime.typeOf(result).name})`);
}

function cannotConvert(runtime: Runtime, target: string, value: Value): never {
  return runtime.raise(
    'TypeError',
    `${target}() argument must be a string, a bytes-like object or a real number, not '${runtime.typeOf(value).name}'`,
  );
}
