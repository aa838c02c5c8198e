/**
 * Methods of str: "a,b".split(",") -> ['a', 'b'], "{}".format(1) -> '1'. Positions count code points, as Python's do.
 * Any unknown argument makes the result unknown.
 */
import { BYTES } from '../allocations.ts';
import type { Runtime } from '../runtime.ts';
import { ELLIPSIS, PyDict, PyList, PyStaticMethod, PyTuple, PyUnknown, type Value } from '../values.ts';
import { indexArgument, itemsOf, stringArgument } from './arguments.ts';
import {
  ALPHABETIC,
  ALPHANUMERIC,
  ASCII,
  DECIMAL,
  DIGIT,
  NUMERIC,
  PRINTABLE,
  WHITESPACE,
  capitalizeText,
  isLowerText,
  isTextOf,
  isTitleText,
  isUpperText,
  swapCase,
  titleText,
} from './characters.ts';
import { putEntry } from './containerCreation.ts';
import { define, members, mergeMembers, strictMembers, type Body } from './define.ts';
import { findEntry } from './dictMembers.ts';
import { formatFields } from './formatString.ts';
import { codePointCount } from './formatSpec.ts';
import { comparisonMembers, containerOperators, containerProtocol, textMembers } from './operatorMembers.ts';
import { searchRange } from './sequences.ts';
import { encodeText } from './textEncoding.ts';
import { expandTabs, splitLines, splitText, splitTextFromRight, stripText } from './textParts.ts';
import { unbox } from './unbox.ts';

/** Longer results are refused, as they only cost memory. */
const MAX_LENGTH = 2_000_000;

export function strMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    containerOperators('str', ['+', '*', '%']),
    comparisonMembers('str', true),
    containerProtocol('str'),
    textMembers('str', true),
    strictMembers('str', { ...CASES, ...TESTS, ...SEARCHES, ...PARTS, ...PADDING, ...OTHERS }),
    members('str', FORMATS),
    new Map([['maketrans', new PyStaticMethod(define('maketrans(x, y=..., z=..., /)', makeTranslation, 'str'))]]),
  );
}

const CASES: Readonly<Record<string, Body>> = {
  'capitalize(self, /)': text(capitalizeText),
  'casefold(self, /)': text((self) => self.toUpperCase().toLowerCase()),
  'lower(self, /)': text((self) => self.toLowerCase()),
  'upper(self, /)': text((self) => self.toUpperCase()),
  'swapcase(self, /)': text(swapCase),
  'title(self, /)': text(titleText),
};

const TESTS: Readonly<Record<string, Body>> = {
  'isalnum(self, /)': text((self) => isTextOf(ALPHANUMERIC, self)),
  'isalpha(self, /)': text((self) => isTextOf(ALPHABETIC, self)),
  'isascii(self, /)': text((self) => self === '' || isTextOf(ASCII, self)),
  'isdecimal(self, /)': text((self) => isTextOf(DECIMAL, self)),
  'isdigit(self, /)': text((self) => isTextOf(DIGIT, self)),
  'isnumeric(self, /)': text((self) => isTextOf(NUMERIC, self)),
  'isidentifier(self, /)': text((self) => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(self)),
  'islower(self, /)': text(isLowerText),
  'isupper(self, /)': text(isUpperText),
  'istitle(self, /)': text(isTitleText),
  'isprintable(self, /)': text((self) => self === '' || isTextOf(PRINTABLE, self)),
  'isspace(self, /)': text((self) => isTextOf(WHITESPACE, self)),
};

const SEARCHES: Readonly<Record<string, Body>> = {
  'find(self, sub, start=None, end=None, /)': search('first', undefined),
  'rfind(self, sub, start=None, end=None, /)': search('last', undefined),
  'index(self, sub, start=None, end=None, /)': search('first', 'substring not found'),
  'rindex(self, sub, start=None, end=None, /)': search('last', 'substring not found'),
  'count(self, sub, start=None, end=None, /)': (runtime, self, sub, start, end) => {
    const part = stringArgument(runtime, sub);
    const within = sliceOf(runtime, self, start, end);
    if (part instanceof PyUnknown) return part;
    if (within instanceof PyUnknown) return within;
    if (within === undefined) return 0;
    return part === '' ? codePointCount(within.text) + 1 : within.text.split(part).length - 1;
  },
  'startswith(self, prefix, start=None, end=None, /)': affixTest((whole, part) => whole.startsWith(part)),
  'endswith(self, suffix, start=None, end=None, /)': affixTest((whole, part) => whole.endsWith(part)),
};

const PARTS: Readonly<Record<string, Body>> = {
  'split(self, sep=None, maxsplit=-1)': split(splitText),
  'rsplit(self, sep=None, maxsplit=-1)': split(splitTextFromRight),
  'splitlines(self, keepends=False)': (runtime, self, keepsEnds) => {
    const isKept = runtime.truth(keepsEnds);
    return isKept instanceof PyUnknown ? isKept : new PyList(splitLines(selfText(self), isKept));
  },
  'partition(self, sep, /)': partition((whole, separator) => whole.indexOf(separator)),
  'rpartition(self, sep, /)': partition((whole, separator) => whole.lastIndexOf(separator), 'right'),
  'strip(self, chars=None, /)': strip('both'),
  'lstrip(self, chars=None, /)': strip('left'),
  'rstrip(self, chars=None, /)': strip('right'),
  'removeprefix(self, prefix, /)': withText((self, prefix) =>
    self.startsWith(prefix) ? self.slice(prefix.length) : self,
  ),
  'removesuffix(self, suffix, /)': withText((self, suffix) =>
    suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self,
  ),
};

const PADDING: Readonly<Record<string, Body>> = {
  "center(self, width, fillchar=' ', /)": pad((self, missing, fill, width) => {
    // As CPython: the odd blank goes left where the width is odd.
    const left = (missing >> 1) + (missing & width & 1);
    return fill.repeat(left) + self + fill.repeat(missing - left);
  }),
  "ljust(self, width, fillchar=' ', /)": pad((self, missing, fill) => self + fill.repeat(missing)),
  "rjust(self, width, fillchar=' ', /)": pad((self, missing, fill) => fill.repeat(missing) + self),
  'zfill(self, width, /)': (runtime, self, width) => zeroFill(runtime, self, width, '0'),
  'expandtabs(self, tabsize=8)': (runtime, self, size) => {
    const tabSize = indexArgument(runtime, size);
    if (tabSize instanceof PyUnknown) return tabSize;
    return tabSize > 1024 ? runtime.unknown('tabs of more than 1024 columns') : expandTabs(selfText(self), tabSize);
  },
};

const OTHERS: Readonly<Record<string, Body>> = {
  'join(self, iterable, /)': join,
  'replace(self, old, new, count=-1, /)': replace,
  "encode(self, encoding='utf-8', errors='strict')": (runtime, self, encoding) =>
    encodeText(runtime, selfText(self), encoding),
  'translate(self, table, /)': translate,
};

const FORMATS: Readonly<Record<string, Body>> = {
  'format(self, *args, **kwargs)': (runtime, self, args, kwargs) =>
    formatFields(runtime, selfText(self), {
      positional: args instanceof PyTuple ? args.items : [],
      named: (name) => (kwargs instanceof PyDict ? kwargs.entries.get(`s${name}`)?.value : undefined),
    }),
  'format_map(self, mapping, /)': (runtime, self, mapping) =>
    formatFields(runtime, selfText(self), { positional: [], named: (name) => runtime.getItem(mapping, name) }),
};

/** The text of `self`, which attribute lookup has found to be a str. */
function selfText(self: Value | undefined): string {
  const plain = unbox(self ?? null);
  return typeof plain === 'string' ? plain : '';
}

function text(compute: (self: string) => Value): Body {
  return (runtime, self) => {
    const whole = stringArgument(runtime, self, 'descriptor argument');
    return whole instanceof PyUnknown ? whole : compute(whole);
  };
}

function withText(compute: (self: string, other: string) => Value): Body {
  return (runtime, self, other) => {
    const part = stringArgument(runtime, other);
    return part instanceof PyUnknown ? part : compute(selfText(self), part);
  };
}

interface TextSlice {
  readonly text: string;
  /** Code points before it. */
  readonly offset: number;
}

/** `self[start:end]`; undefined where the start is past the end of the text. */
function sliceOf(runtime: Runtime, self: Value, start: Value, end: Value): TextSlice | PyUnknown | undefined {
  const whole = selfText(self);
  if (start === null && end === null) return { text: whole, offset: 0 };
  const characters = Array.from(whole);
  const range = searchRange(runtime, start, end, characters.length);
  if (range instanceof PyUnknown) return range;
  if (range.from > range.to) return undefined;
  return { text: characters.slice(range.from, range.to).join(''), offset: range.from };
}

function search(which: 'first' | 'last', failure: string | undefined): Body {
  return (runtime, self, sub, start, end) => {
    const part = stringArgument(runtime, sub);
    const within = sliceOf(runtime, self, start, end);
    if (part instanceof PyUnknown) return part;
    if (within instanceof PyUnknown) return within;
    const at =
      within === undefined ? -1 : which === 'first' ? within.text.indexOf(part) : within.text.lastIndexOf(part);
    if (within !== undefined && at >= 0) return within.offset + codePointCount(within.text.slice(0, at));
    return failure === undefined ? -1 : runtime.raise('ValueError', failure);
  };
}

function affixTest(isAffix: (whole: string, part: string) => boolean): Body {
  return (runtime, self, affix, start, end) => {
    const within = sliceOf(runtime, self, start, end);
    if (within instanceof PyUnknown) return within;
    const candidates = affix instanceof PyTuple ? affix.items : [affix];
    for (const candidate of candidates) {
      const part = stringArgument(runtime, candidate, 'first argument');
      if (part instanceof PyUnknown) return part;
      if (within !== undefined && isAffix(within.text, part)) return true;
    }
    return false;
  };
}

function split(splitter: (text: string, separator: string | undefined, limit: number) => string[]): Body {
  return (runtime, self, separator, maxSplit) => {
    const limit = indexArgument(runtime, maxSplit);
    const at = separator === null ? undefined : stringArgument(runtime, separator, 'separator');
    if (limit instanceof PyUnknown) return limit;
    if (at instanceof PyUnknown) return at;
    if (at === '') return runtime.raise('ValueError', 'empty separator');
    const parts = splitter(selfText(self), at, limit);
    runtime.budget.allocate(BYTES.float * parts.length);
    return new PyList(parts);
  };
}

function partition(find: (whole: string, separator: string) => number, side: 'left' | 'right' = 'left'): Body {
  return (runtime, self, sep) => {
    const separator = stringArgument(runtime, sep);
    if (separator instanceof PyUnknown) return separator;
    if (separator === '') return runtime.raise('ValueError', 'empty separator');
    const whole = selfText(self);
    const at = find(whole, separator);
    if (at < 0) return new PyTuple(side === 'left' ? [whole, '', ''] : ['', '', whole]);
    return new PyTuple([whole.slice(0, at), separator, whole.slice(at + separator.length)]);
  };
}

function strip(side: 'left' | 'right' | 'both'): Body {
  return (runtime, self, chars) => {
    const characters = chars === null ? undefined : stringArgument(runtime, chars);
    return characters instanceof PyUnknown ? characters : stripText(selfText(self), characters, side);
  };
}

function pad(fillUp: (self: string, missing: number, fill: string, width: number) => string): Body {
  return (runtime, self, width, fillChar) => {
    const wanted = indexArgument(runtime, width);
    const fill = stringArgument(runtime, fillChar);
    if (wanted instanceof PyUnknown) return wanted;
    if (fill instanceof PyUnknown) return fill;
    if (codePointCount(fill) !== 1) {
      return runtime.raise('TypeError', 'The fill character must be exactly one character long');
    }
    if (wanted > MAX_LENGTH) return runtime.unknown('a text of more than two million characters');
    const whole = selfText(self);
    const missing = wanted - codePointCount(whole);
    return missing <= 0 ? whole : fillUp(whole, missing, fill, wanted);
  };
}

const zeroFill = pad((self, missing) => {
  const sign = /^[+-]/.exec(self)?.[0] ?? '';
  return sign + '0'.repeat(missing) + self.slice(sign.length);
});

function join(runtime: Runtime, self: Value, iterable: Value): Value {
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) return items;
  const parts: string[] = [];
  let length = 0;
  for (const [at, item] of items.entries()) {
    const plain = unbox(item);
    if (plain instanceof PyUnknown) return plain;
    if (typeof plain !== 'string') {
      const { name } = runtime.typeOf(item);
      return runtime.raise('TypeError', `sequence item ${at}: expected str instance, ${name} found`);
    }
    length += plain.length;
    parts.push(plain);
  }
  const separator = selfText(self);
  if (length + separator.length * parts.length > MAX_LENGTH) return tooLong(runtime);
  return parts.join(separator);
}

function replace(runtime: Runtime, self: Value, oldText: Value, newText: Value, count: Value): Value {
  const [from, to] = [stringArgument(runtime, oldText), stringArgument(runtime, newText)];
  const limit = indexArgument(runtime, count);
  if (from instanceof PyUnknown) return from;
  if (to instanceof PyUnknown) return to;
  if (limit instanceof PyUnknown) return limit;
  const whole = selfText(self);
  const pieces = from === '' ? ['', ...Array.from(whole), ''] : whole.split(from);
  runtime.budget.allocate(BYTES.item * pieces.length);
  if (pieces.length * to.length + whole.length > MAX_LENGTH) return tooLong(runtime);
  if (limit < 0 || pieces.length <= limit + 1) return pieces.join(to);
  return [...pieces.slice(0, limit), pieces.slice(limit).join(from)].join(to);
}

function translate(runtime: Runtime, self: Value, table: Value): Value {
  let result = '';
  for (const character of selfText(self)) {
    const entry = table instanceof PyDict ? findEntry(runtime, table, character.codePointAt(0) ?? 0) : undefined;
    if (!(table instanceof PyDict)) return runtime.unknown('str.translate by something else than a dict');
    if (entry instanceof PyUnknown) return entry;
    if (entry === undefined) result += character;
    else if (entry.value !== null) {
      const { value } = entry;
      if (runtime.budget.isTooLarge(result.length)) return tooLong(runtime);
      result += typeof value === 'number' ? String.fromCodePoint(value) : selfText(value);
    }
  }
  return result;
}

function makeTranslation(runtime: Runtime, x: Value, y: Value, z: Value): Value {
  const table = new PyDict();
  if (y === ELLIPSIS) {
    if (!(x instanceof PyDict)) return runtime.raise('TypeError', 'if you give only one argument it must be a dict');
    for (const { key, value } of x.entries.values()) {
      putEntry(runtime, table, typeof key === 'string' ? (key.codePointAt(0) ?? 0) : key, value);
    }
    return table;
  }
  const [from, to, gone] = [x, y, z === ELLIPSIS ? '' : z].map((part) => Array.from(selfText(part)));
  if (from?.length !== to?.length) {
    return runtime.raise('ValueError', 'the first two maketrans arguments must have equal length');
  }
  for (const [at, character] of (from ?? []).entries()) {
    putEntry(runtime, table, character.codePointAt(0) ?? 0, to?.[at]?.codePointAt(0) ?? 0);
  }
  for (const character of gone ?? []) putEntry(runtime, table, character.codePointAt(0) ?? 0, null);
  return table;
}

function tooLong(runtime: Runtime): Value {
  return runtime.unknown('a text of more than two million characters');
}
