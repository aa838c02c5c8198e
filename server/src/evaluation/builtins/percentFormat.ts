/**
 * `format % values`: percentFormat(runtime, "%s: %5.1f%%", ("acc", 71.25)) -> "acc:  71.2%".
 * Source: Python 3.12, "printf-style String Formatting".
 */
import type { Runtime } from '../runtime.ts';
import { tooLarge } from '../tooLarge.ts';
import { PyDict, PyFloat, PyTuple, PyUnknown, type Value } from '../values.ts';
import { intOfFloat } from './conversions.ts';
import { formatFloat } from './formatNumber.ts';
import type { FormatSpec } from './formatSpec.ts';
import { absoluteInteger, bitLength } from './integers.ts';
import { Fault } from './fault.ts';
import { asFloat, asInteger } from './numberValues.ts';
import { unbox } from './unbox.ts';
import { unknownText } from './unknownText.ts';

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

const FIELD = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?(.)?/gsu;

const MAX_WIDTH = 1 << 16;

/** `format` is a str; bytes formatting is not modelled, and unknown. */
export function percentFormat(runtime: Runtime, format: Value, values: Value): string | PyUnknown {
  const plain = unbox(format);
  return typeof plain === 'string' ? fillFields(runtime, plain, values) : runtime.unknown('formatting of bytes');
}

function fillFields(runtime: Runtime, format: string, values: Value): string | PyUnknown {
  if (values instanceof PyUnknown) return values;
  const items = values instanceof PyTuple ? values.items : [values];
  let next = 0;
  let isMapped = false;
  const take = (): Value =>
    next < items.length
      ? (items[next++] ?? null)
      : runtime.raise('TypeError', 'not enough arguments for format string');
  const takeNumber = (text: string | undefined): number | PyUnknown | undefined => {
    if (text !== '*') return text === undefined ? undefined : Number(text);
    const value = take();
    if (value instanceof PyUnknown) return value;
    return typeof value === 'number' ? value : runtime.raise('TypeError', '* wants int');
  };
  let result = '';
  let end = 0;
  for (const match of format.matchAll(FIELD)) {
    result += format.slice(end, match.index);
    end = match.index + match[0].length;
    const [text, name, flags = '', widthText, precisionText, type] = match;
    if (type === undefined) return runtime.raise('ValueError', 'incomplete format');
    const width = takeNumber(widthText) ?? 0;
    const precision = takeNumber(precisionText) ?? (text.includes('.') ? 0 : undefined);
    if (width instanceof PyUnknown) return width;
    if (precision instanceof PyUnknown) return precision;
    if (Math.abs(width) > MAX_WIDTH || (precision ?? 0) > MAX_WIDTH) return runtime.unknown('a width beyond 65536');
    if (type === '%') {
      result += '%';
      continue;
    }
    isMapped ||= name !== undefined;
    const value = name === undefined ? take() : mappedValue(runtime, values, name);
    const conversion = {
      flags: width < 0 ? `${flags}-` : flags,
      width: Math.abs(width),
      precision,
      type,
    };
    const converted = convert(runtime, conversion, value);
    if (converted instanceof PyUnknown) return converted;
    result += converted;
    if (runtime.budget.isTooLarge(result.length)) return tooLarge(runtime, 'a text', result.length);
  }
  const isConsumed = next >= items.length || isMapped || (!(values instanceof PyTuple) && isMapping(runtime, values));
  if (!isConsumed) return runtime.raise('TypeError', 'not all arguments converted during string formatting');
  return result + format.slice(end);
}

function isMapping(runtime: Runtime, value: Value): boolean {
  if (value instanceof PyDict) return true;
  if (typeof unbox(value) === 'string') return false;
  return typeof value === 'object' && runtime.lookupAttribute(value, '__getitem__') !== undefined;
}

function mappedValue(runtime: Runtime, values: Value, name: string): Value {
  if (values instanceof PyTuple) return runtime.raise('TypeError', 'format requires a mapping');
  return runtime.getItem(values, name);
}

function convert(runtime: Runtime, conversion: Conversion, value: Value): string | PyUnknown {
  const unknown = unknownText(runtime, value);
  if (unknown !== undefined) return unknown;
  switch (conversion.type) {
    case 's':
      return pad(conversion, '', cut(conversion, runtime.str(value)));
    case 'r':
    case 'a':
      return pad(conversion, '', cut(conversion, runtime.repr(value)));
    case 'c':
      return pad(conversion, '', characterOf(runtime, value));
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return convertInteger(runtime, conversion, value);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return convertFloat(runtime, conversion, value);
    default:
      return runtime.raise('ValueError', `unsupported format character '${conversion.type}'`);
  }
}

function convertInteger(runtime: Runtime, conversion: Conversion, value: Value): string | PyUnknown {
  const plain = unbox(value);
  const isDecimal = 'diu'.includes(conversion.type);
  const whole = plain instanceof PyFloat && isDecimal ? intOfFloat(runtime, plain.value) : plain;
  const integer = asInteger(whole);
  if (integer === undefined) {
    const wanted = isDecimal ? 'a real number is' : 'an integer is';
    return runtime.raise(
      'TypeError',
      `%${conversion.type} format: ${wanted} required, not ${runtime.typeOf(value).name}`,
    );
  }
  if (typeof integer === 'bigint') runtime.step(bitLength(integer) >> 2);
  const base = isDecimal ? 10 : conversion.type === 'o' ? 8 : 16;
  const digits = absoluteInteger(integer)
    .toString(base)
    .padStart(conversion.precision ?? 0, '0');
  const prefix = conversion.flags.includes('#') && base !== 10 ? `0${conversion.type}` : '';
  return pad(
    conversion,
    sign(conversion, integer < 0) + prefix,
    conversion.type === 'X' ? digits.toUpperCase() : digits,
  );
}

function convertFloat(runtime: Runtime, conversion: Conversion, value: Value): string | PyUnknown {
  const number = asFloat(unbox(value));
  if (number === undefined) {
    return runtime.raise('TypeError', `must be real number, not ${runtime.typeOf(value).name}`);
  }
  const spec: FormatSpec = {
    fill: ' ',
    align: '',
    sign: '',
    coercesZero: false,
    isAlternate: conversion.flags.includes('#'),
    width: 0,
    grouping: '',
    precision: conversion.precision,
    type: conversion.type,
  };
  const isNegative = number < 0 || Object.is(number, -0);
  const text = formatFloat(Math.abs(number), spec);
  if (text instanceof Fault) return runtime.raise(text.exception, text.message);
  return pad(conversion, sign(conversion, isNegative), text);
}

function sign({ flags }: Conversion, isNegative: boolean): string {
  if (isNegative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function cut({ precision }: Conversion, text: string): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
}

function pad({ flags, width, type }: Conversion, prefix: string, body: string): string {
  const missing = Math.max(0, width - prefix.length - Array.from(body).length);
  if (flags.includes('-')) return prefix + body + ' '.repeat(missing);
  if (flags.includes('0') && !'sracSRA'.includes(type)) return prefix + '0'.repeat(missing) + body;
  return ' '.repeat(missing) + prefix + body;
}

function characterOf(runtime: Runtime, value: Value): string {
  const plain = unbox(value);
  if (typeof plain === 'string' && Array.from(plain).length === 1) return plain;
  const code = asInteger(plain);
  if (code !== undefined && (code < 0 || code > 0x10ffff)) {
    return runtime.raise('OverflowError', '%c arg not in range(0x110000)');
  }
  if (code !== undefined) return String.fromCodePoint(Number(code));
  return runtime.raise('TypeError', '%c requires int or char');
}
