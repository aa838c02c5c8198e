/**
 * Numbers by a format specification: formatInteger(255, "#06x") -> "0x00ff", formatFloat(1234.5, ",.2f") -> "1,234.50".
 * Results are text, or a fault with Python's message.
 */
import { fixedDigits, significantDigits } from './decimalDigits.ts';
import { exponentText, reprFloat } from './floatText.ts';
import { alignText, groupDigits, type FormatSpec } from './formatSpec.ts';
import { absoluteInteger, floatOfInteger, type Integer } from './integers.ts';
import { Fault } from './fault.ts';

const BASES: ReadonlyMap<string, number> = new Map([
  ['b', 2],
  ['o', 8],
  ['x', 16],
  ['X', 16],
  ['d', 10],
  ['n', 10],
  ['', 10],
]);

export function formatInteger(value: Integer, spec: FormatSpec, typeName = 'int'): string | Fault {
  if ('eEfFgG%'.includes(spec.type) && spec.type !== '') return formatFloat(floatOfInteger(value), spec, typeName);
  if (spec.coercesZero) {
    return new Fault(
      'ValueError',
      'Negative zero coercion (z) not allowed in format specifier with integer presentation type',
    );
  }
  if (spec.precision !== undefined) {
    return new Fault('ValueError', 'Precision not allowed in integer format specifier');
  }
  if (spec.type === 'c') return formatCharacter(value, spec);
  const base = BASES.get(spec.type);
  if (base === undefined) return unknownCode(spec, typeName);
  if (spec.grouping !== '' && (spec.type === 'n' || (spec.grouping === ',' && base !== 10))) return noGrouping(spec);
  const digits = absoluteInteger(value).toString(base);
  const prefix = spec.isAlternate && base !== 10 ? `0${spec.type}` : '';
  const sign = signText(value < 0, spec);
  return finishNumber(spec, sign + prefix, spec.type === 'X' ? digits.toUpperCase() : digits, '', base === 10 ? 3 : 4);
}

export function formatFloat(value: number, spec: FormatSpec, typeName = 'float'): string | Fault {
  if (!'eEfFgGn%'.includes(spec.type)) return unknownCode(spec, typeName);
  if (spec.grouping !== '' && spec.type === 'n') return noGrouping(spec);
  const precision = spec.precision ?? 6;
  if (precision > MAX_PRECISION) return new Fault('ValueError', 'precision too big');
  const percentSign = spec.type === '%' ? '%' : '';
  const scaled = spec.type === '%' ? value * 100 : value;
  const body = floatBody(Math.abs(scaled), spec, precision) + percentSign;
  const text = spec.type === 'E' || spec.type === 'G' || spec.type === 'F' ? body.toUpperCase() : body;
  const isNegative = (value < 0 || Object.is(value, -0)) && !(spec.coercesZero && /^[0.]+(e[+-]0+)?%?$/i.test(text));
  const point = /^\d+/.exec(text)?.[0].length ?? 0;
  return finishNumber(spec, signText(isNegative, spec), text.slice(0, point), text.slice(point), 3);
}

/** Precision beyond this is refused, as it only costs time. */
const MAX_PRECISION = 1100;

function floatBody(size: number, spec: FormatSpec, precision: number): string {
  if (!Number.isFinite(size)) return reprFloat(size);
  switch (spec.type.toLowerCase()) {
    case 'e':
      return exponentialBody(size, precision, spec.isAlternate);
    case 'f':
    case '%': {
      const digits = fixedDigits(size, precision);
      return precision === 0 && spec.isAlternate ? `${digits}.` : digits;
    }
    case '':
      if (spec.precision === undefined) return reprFloat(size);
      return generalBody(size, precision, spec.isAlternate, 1);
    default:
      return generalBody(size, precision, spec.isAlternate, 0);
  }
}

function exponentialBody(size: number, precision: number, keepsPoint: boolean): string {
  const { digits, exponent } = significantDigits(size, precision + 1);
  const fraction = precision > 0 ? `.${digits.slice(1)}` : keepsPoint ? '.' : '';
  return `${digits.charAt(0)}${fraction}e${exponentText(exponent)}`;
}

/** `g`, and the default type with a precision, which always shows a fraction (`minimumFraction` 1). */
function generalBody(size: number, precision: number, isAlternate: boolean, minimumFraction: 0 | 1): string {
  const count = Math.max(1, precision);
  const { digits, exponent } = significantDigits(size, count);
  const kept = isAlternate ? digits : digits.replace(/0+$/, '') || '0';
  if (exponent < -4 || exponent >= count - minimumFraction) {
    const fraction = kept.length > 1 ? `.${kept.slice(1)}` : isAlternate ? '.' : '';
    return `${kept.charAt(0)}${fraction}e${exponentText(exponent)}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${kept}`;
  const whole = kept.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = kept.slice(exponent + 1);
  if (fraction !== '') return `${whole}.${fraction}`;
  return minimumFraction === 1 ? `${whole}.0` : isAlternate ? `${whole}.` : whole;
}

function finishNumber(spec: FormatSpec, prefix: string, whole: string, rest: string, groupSize: number): string {
  const fillsWithZeros = spec.fill === '0' && spec.align === '=';
  const minimum = fillsWithZeros ? Math.min(spec.width, 4096) - prefix.length - rest.length : 0;
  const grouped = spec.grouping === '' || whole === '' ? whole : groupDigits(whole, spec.grouping, groupSize, minimum);
  return alignText(spec, prefix, grouped + rest, '>');
}

function formatCharacter(value: Integer, spec: FormatSpec): string | Fault {
  if (spec.sign !== '') return new Fault('ValueError', "Sign not allowed with integer format specifier 'c'");
  if (spec.isAlternate) {
    return new Fault('ValueError', "Alternate form (#) not allowed with integer format specifier 'c'");
  }
  if (value < 0 || value > 0x10ffff) return new Fault('OverflowError', '%c arg not in range(0x110000)');
  return alignText(spec, '', String.fromCodePoint(Number(value)), '>');
}

function signText(isNegative: boolean, spec: FormatSpec): string {
  if (isNegative) return '-';
  return spec.sign === '+' || spec.sign === ' ' ? spec.sign : '';
}

function noGrouping(spec: FormatSpec): Fault {
  return new Fault('ValueError', `Cannot specify '${spec.grouping}' with '${spec.type}'.`);
}

/** "Unknown format code 'q' for object of type 'int'" */
export function unknownCode(spec: FormatSpec, typeName: string): Fault {
  return new Fault('ValueError', `Unknown format code '${spec.type}' for object of type '${typeName}'`);
}
