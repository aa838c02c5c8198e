/**
 * `str.format`: formatFields(runtime, "{} {x.y[0]!r:>{w}}", ...) fills positional, named and nested fields.
 */
import type { Runtime } from '../runtime.ts';
import { tooLarge } from '../tooLarge.ts';
import { PyUnknown, type Value } from '../values.ts';
import { formatValue } from './format.ts';

/** Where fields come from: by number, and by name (undefined where there is none). */
export interface FieldSource {
  readonly positional: readonly Value[];
  readonly named: (name: string) => Value | undefined;
}

/** Numbering of `{}` fields goes on into nested specifications. */
interface Progress {
  next: number;
}

export function formatFields(runtime: Runtime, format: string, source: FieldSource): string | PyUnknown {
  return fill(runtime, format, source, { next: 0 }, 0);
}

function fill(
  runtime: Runtime,
  format: string,
  source: FieldSource,
  progress: Progress,
  depth: number,
): string | PyUnknown {
  if (depth > 2) return runtime.raise('ValueError', 'Max string recursion exceeded');
  let result = '';
  let at = 0;
  while (at < format.length) {
    if (runtime.budget.isTooLarge(result.length)) return tooLarge(runtime, 'a text', result.length);
    const character = format.charAt(at);
    if (character !== '{' && character !== '}') {
      result += character;
      at += 1;
    } else if (format.charAt(at + 1) === character && depth === 0) {
      result += character;
      at += 2;
    } else if (character === '}') {
      return runtime.raise('ValueError', "Single '}' encountered in format string");
    } else {
      const end = fieldEnd(format, at + 1);
      if (end < 0) return runtime.raise('ValueError', "expected '}' before end of string");
      const text = fillField(runtime, format.slice(at + 1, end), source, progress, depth);
      if (text instanceof PyUnknown) return text;
      result += text;
      at = end + 1;
    }
  }
  return result;
}

/** Position of the brace that closes a field. */
function fieldEnd(format: string, start: number): number {
  let depth = 1;
  const colon = format.indexOf(':', start);
  for (let at = start; at < format.length; at++) {
    const character = format.charAt(at);
    if (character === '[' && depth === 1 && !(colon >= 0 && colon < at)) {
      const close = format.indexOf(']', at);
      if (close > 0) at = close;
    } else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return at;
  }
  return -1;
}

function fillField(
  runtime: Runtime,
  field: string,
  source: FieldSource,
  progress: Progress,
  depth: number,
): string | PyUnknown {
  const match = /^((?:\[[^\]]*\]|[^!:{[])*)(?:!(.))?(?::(.*))?$/s.exec(field);
  if (match === null) return runtime.raise('ValueError', "expected ':' after conversion specifier");
  const [, path = '', conversion, rawSpec = ''] = match;
  const value = fieldValue(runtime, path, source, progress);
  if (value instanceof PyUnknown) return value;
  const spec = rawSpec.includes('{') ? fill(runtime, rawSpec, source, progress, depth + 1) : rawSpec;
  if (spec instanceof PyUnknown) return spec;
  if (conversion === undefined) return formatValue(runtime, value, spec);
  if (conversion === 's') return formatValue(runtime, runtime.str(value), spec);
  if (conversion === 'r' || conversion === 'a') return formatValue(runtime, runtime.repr(value), spec);
  return runtime.raise('ValueError', `Unknown conversion specifier '${conversion}'`);
}

/** "0.weight[1]" -> that attribute and item of the first argument. */
function fieldValue(runtime: Runtime, path: string, source: FieldSource, progress: Progress): Value {
  const head = /^[^.[]*/.exec(path)?.[0] ?? '';
  let value = /^\d*$/.test(head)
    ? numberedField(runtime, head === '' ? progress.next++ : Number(head), source)
    : (source.named(head) ?? raiseMissing(runtime, head));
  const steps = path.slice(head.length).matchAll(/\.([^.[]+)|\[([^\]]+)\]/g);
  for (const [, attribute, item] of steps) {
    if (value instanceof PyUnknown) return value;
    if (attribute !== undefined) value = runtime.getAttribute(value, attribute);
    else if (item !== undefined) value = runtime.getItem(value, /^\d+$/.test(item) ? Number(item) : item);
  }
  return value;
}

function numberedField(runtime: Runtime, index: number, source: FieldSource): Value {
  const value = source.positional[index];
  if (value !== undefined) return value;
  return runtime.raise('IndexError', `Replacement index ${index} out of range for positional args tuple`);
}

function raiseMissing(runtime: Runtime, name: string): never {
  return runtime.raise('KeyError', name);
}
