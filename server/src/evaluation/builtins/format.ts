/**
 * `format(value, spec)`, as f-strings and str.format use it: formatValue(runtime, 3.14159, ".2f") -> "3.14".
 * The result is text, or unknown where the value is.
 */
import type { Runtime } from '../runtime.ts';
import { PyFloat, PyInstance, PyUnknown, type Value } from '../values.ts';
import { formatFloat, formatInteger, unknownCode } from './formatNumber.ts';
import { alignText, parseFormatSpec, type FormatSpec } from './formatSpec.ts';
import { Fault } from './fault.ts';
import { bitLength } from './integers.ts';
import { asInteger } from './numberValues.ts';
import { hasOwnMethod } from './ownMethods.ts';
import { unbox } from './unbox.ts';
import { unknownText } from './unknownText.ts';

/** Widths beyond this are refused, as they only cost memory. */
const MAX_WIDTH = 1 << 16;

export function formatValue(runtime: Runtime, value: Value, spec: string): string | PyUnknown {
  if (value instanceof PyInstance || hasOwnMethod(runtime, value, '__format__')) {
    const isByText = spec === '' && hasOwnMethod(runtime, value, '__str__') && formatsAsText(runtime, value);
    const text = isByText ? runtime.str(value) : runtime.callMethod(value, '__format__', [spec]);
    const plain = unbox(text);
    return typeof plain === 'string' || plain instanceof PyUnknown
      ? plain
      : runtime.raise('TypeError', `__format__ must return a str, not ${runtime.typeOf(text).name}`);
  }
  return formatPlain(runtime, value, spec);
}

/** Whether a subclass of str leaves `__format__` as it is, which asks for `str(value)` first. */
function formatsAsText(runtime: Runtime, value: Value): boolean {
  const method = runtime.builtinClass('str').attributes.get('__format__');
  return method !== undefined && runtime.lookupInClass(runtime.typeOf(value), '__format__') === method;
}

/** What the `__format__` of the value's builtin class gives. */
export function formatPlain(runtime: Runtime, value: Value, spec: string): string | PyUnknown {
  const unknown = unknownText(runtime, value);
  if (unknown !== undefined) return unknown;
  if (spec === '') return runtime.str(value);
  const plain = unbox(value);
  const isFormattable = typeof plain === 'string' || plain instanceof PyFloat || asInteger(plain) !== undefined;
  const typeName = runtime.typeOf(value).name;
  if (!isFormattable) {
    if (typeof plain === 'object' && plain?.kind === 'complex')
      return runtime.unknown('formatting of a complex number');
    return runtime.raise('TypeError', `unsupported format string passed to ${typeName}.__format__`);
  }
  const parsed = parseFormatSpec(spec);
  if (parsed === undefined) {
    return runtime.raise('ValueError', `Invalid format specifier '${spec}' for object of type '${typeName}'`);
  }
  if (parsed.width > MAX_WIDTH) return runtime.unknown('formatting to a width of more than 65536');
  if (typeof plain === 'bigint') runtime.step(bitLength(plain) >> 2);
  const text = formatKnown(plain, parsed, typeName);
  return text instanceof Fault ? runtime.raise(text.exception, text.message) : text;
}

function formatKnown(value: Value, spec: FormatSpec, typeName: string): string | Fault {
  if (typeof value === 'string') return formatText(value, spec, typeName);
  if (value instanceof PyFloat) return formatFloat(value.value, spec, typeName);
  if (typeof value === 'boolean' && spec.type === '' && spec.precision === undefined) {
    return formatInteger(Number(value), spec, typeName);
  }
  return formatInteger(asInteger(value) ?? 0, spec, typeName);
}

function formatText(text: string, spec: FormatSpec, typeName: string): string | Fault {
  if (spec.type !== '' && spec.type !== 's') return unknownCode(spec, typeName);
  if (spec.sign !== '') return notAllowed(spec.sign === ' ' ? 'Space' : 'Sign');
  if (spec.isAlternate) return notAllowed('Alternate form (#)');
  if (spec.grouping !== '') return new Fault('ValueError', `Cannot specify '${spec.grouping}' with 's'.`);
  const isZeroFilled = spec.align === '=' && spec.fill === '0';
  if (spec.align === '=' && !isZeroFilled) {
    return new Fault('ValueError', "'=' alignment not allowed in string format specifier");
  }
  const cut = spec.precision === undefined ? text : Array.from(text).slice(0, spec.precision).join('');
  return alignText(isZeroFilled ? { ...spec, align: '<' } : spec, '', cut, '<');
}

function notAllowed(what: string): Fault {
  return new Fault('ValueError', `${what} not allowed in string format specifier`);
}
