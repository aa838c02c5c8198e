/**
 * Methods of bytes that models use: b"ab".decode() -> 'ab', hex, split, join, startswith. Others are unknown.
 */
import type { Runtime } from '../runtime.ts';
import { tooLarge } from '../tooLarge.ts';
import { PyBytes, PyClassMethod, PyList, PyTuple, PyUnknown, type Value } from '../values.ts';
import { bytesArgument, indexArgument, itemsOf } from './arguments.ts';
import { define, mergeMembers, strictMembers, type Body } from './define.ts';
import { comparisonMembers, containerOperators, containerProtocol, textMembers } from './operatorMembers.ts';
import { decodeText } from './textEncoding.ts';
import { splitText, stripText } from './textParts.ts';
import { unbox } from './unbox.ts';

export function bytesMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    containerOperators('bytes', ['+', '*']),
    comparisonMembers('bytes', true),
    containerProtocol('bytes'),
    textMembers('bytes', true),
    strictMembers('bytes', {
      "decode(self, encoding='utf-8', errors='strict')": (runtime, self, encoding) =>
        withBytes(runtime, self, (bytes) => decodeText(runtime, bytes, encoding)),
      'hex(self, /)': (runtime, self) =>
        withBytes(runtime, self, ({ value }) =>
          Array.from(value, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join(''),
        ),
      'startswith(self, prefix, /)': affix((whole, part) => whole.startsWith(part)),
      'endswith(self, suffix, /)': affix((whole, part) => whole.endsWith(part)),
      'find(self, sub, /)': (runtime, self, sub) =>
        withBytes(runtime, self, ({ value }) => withBytes(runtime, sub, (part) => value.indexOf(part.value))),
      'count(self, sub, /)': (runtime, self, sub) =>
        withBytes(runtime, self, ({ value }) => withBytes(runtime, sub, (part) => value.split(part.value).length - 1)),
      'split(self, sep=None, maxsplit=-1)': split,
      'strip(self, chars=None, /)': (runtime, self, characters) =>
        withBytes(runtime, self, ({ value }) => {
          const set = unbox(characters);
          return new PyBytes(stripText(value, set instanceof PyBytes ? set.value : undefined, 'both'));
        }),
      'lower(self, /)': (runtime, self) => withBytes(runtime, self, ({ value }) => new PyBytes(value.toLowerCase())),
      'upper(self, /)': (runtime, self) => withBytes(runtime, self, ({ value }) => new PyBytes(value.toUpperCase())),
      'join(self, iterable, /)': join,
      'replace(self, old, new, /)': (runtime, self, from, to) =>
        withBytes(runtime, self, ({ value }) =>
          withBytes(runtime, from, (old) =>
            withBytes(runtime, to, (replacement) => replace(runtime, value, old.value, replacement.value)),
          ),
        ),
    }),
    new Map([['fromhex', new PyClassMethod(define('fromhex(cls, string, /)', bytesOfHex, 'bytes'))]]),
  );
}

function withBytes(runtime: Runtime, value: Value | undefined, body: (bytes: PyBytes) => Value): Value {
  const bytes = bytesArgument(runtime, value ?? null);
  return bytes instanceof PyUnknown ? bytes : body(bytes);
}

function affix(isAffix: (whole: string, part: string) => boolean): Body {
  return (runtime, self, part) =>
    withBytes(runtime, self, ({ value }) => {
      const candidates = part instanceof PyTuple ? part.items : [part];
      return candidates.some((candidate) => {
        const bytes = bytesArgument(runtime, candidate);
        return bytes instanceof PyBytes && isAffix(value, bytes.value);
      });
    });
}

function split(runtime: Runtime, self: Value, separator: Value, maxSplit: Value): Value {
  const limit = indexArgument(runtime, maxSplit);
  if (limit instanceof PyUnknown) return limit;
  const at = unbox(separator);
  return withBytes(runtime, self, ({ value }) => {
    const parts = splitText(value, at instanceof PyBytes ? at.value : undefined, limit);
    return new PyList(parts.map((part) => new PyBytes(part)));
  });
}

function join(runtime: Runtime, self: Value, iterable: Value): Value {
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) return items;
  const parts: string[] = [];
  for (const item of items) {
    const bytes = bytesArgument(runtime, item);
    if (bytes instanceof PyUnknown) return bytes;
    parts.push(bytes.value);
  }
  return withBytes(runtime, self, ({ value }) => {
    const size = parts.reduce((sum, part) => sum + part.length + value.length, 0);
    return runtime.budget.isTooLarge(size) ? tooLarge(runtime, 'bytes', size) : new PyBytes(parts.join(value));
  });
}

function replace(runtime: Runtime, value: string, from: string, to: string): Value {
  const pieces = from === '' ? ['', ...Array.from(value), ''] : value.split(from);
  const size = value.length + pieces.length * to.length;
  return runtime.budget.isTooLarge(size) ? tooLarge(runtime, 'bytes', size) : new PyBytes(pieces.join(to));
}

function bytesOfHex(runtime: Runtime, _: Value, text: Value): Value {
  const digits = typeof text === 'string' ? text.replace(/\s/g, '') : '';
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) {
    return runtime.raise('ValueError', 'non-hexadecimal number found in fromhex() arg');
  }
  const bytes = (digits.match(/../g) ?? []).map((pair) => String.fromCharCode(parseInt(pair, 16)));
  return new PyBytes(bytes.join(''));
}
