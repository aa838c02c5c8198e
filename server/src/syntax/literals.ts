/**
 * Values of literals: `0x_ff` -> 255, `1e3j` -> imaginary 1000, `r"\d"` -> "\\d", `"\N{GREEK SMALL LETTER ALPHA}"` -> "α".
 * Source: Python language reference, "String and Bytes literals" and "Numeric literals".
 */
import { characterByName } from './characterNames.ts';
import type { Constant } from './ast.ts';

export type NumberValue = Extract<Constant['value'], { readonly value: number | bigint }>;

/** Digits of a decimal integer that CPython still converts (sys.int_info.default_max_str_digits). */
const MAX_DECIMAL_DIGITS = 4300;

/** The value of a number's text, or why there is none. */
export function parseNumber(text: string): NumberValue | { readonly error: string } {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (text.endsWith('_') || text.includes('__')) return { error: 'underscores must stand between digits' };
  if (plain.endsWith('j')) return { type: 'imaginary', value: Number(plain.slice(0, -1)) };
  if (/^0[xob]/.test(plain)) return plain.endsWith('l') ? { error: 'Python 3 has no long integers' } : integer(plain);
  if (/[.e]/.test(plain)) return { type: 'float', value: Number(plain) };
  if (plain.endsWith('l')) return { error: 'Python 3 has no long integers' };
  if (/^0\d*[1-9]/.test(plain)) return { error: 'an octal number begins with `0o`' };
  if (plain.length > MAX_DECIMAL_DIGITS) return { error: `more than ${MAX_DECIMAL_DIGITS} digits` };
  return integer(plain);
}

function integer(text: string): NumberValue {
  const value = Number(text);
  return { type: 'int', value: Number.isSafeInteger(value) ? value : BigInt(text) };
}

/** What the prefix of a string says. */
export interface StringPrefix {
  readonly isRaw: boolean;
  readonly isBytes: boolean;
  readonly isFormatted: boolean;
  /** Units before the content: prefix and opening quote. */
  readonly length: number;
  readonly quoteLength: 1 | 3;
}

/** Reads prefix and opening quote: `rb"""..."""` is raw bytes, with 5 units before the content. */
export function stringPrefix(text: string): StringPrefix {
  const quoteAt = text.search(/["']/);
  const prefix = text.slice(0, quoteAt).toLowerCase();
  const quoteLength = text.startsWith(text.charAt(quoteAt).repeat(3), quoteAt) ? 3 : 1;
  return {
    isRaw: prefix.includes('r'),
    isBytes: prefix.includes('b'),
    isFormatted: prefix.includes('f'),
    length: quoteAt + quoteLength,
    quoteLength,
  };
}

export interface DecodedText {
  readonly value: string;
  /** The first escape that has no value. */
  readonly error: string | undefined;
  /** Whether it holds a `\\N{...}` whose name we do not know: then `value` is not what Python makes of it. */
  readonly isIncomplete: boolean;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const ESCAPE = /\\(?:\r\n|x[0-9a-fA-F]{0,2}|u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|N(?:\{[^}]*\})?|[0-7]{1,3}|[^])/g;

/** The characters that the content of a string literal stands for; ends of lines become \n. */
export function decodeText(content: string, prefix: Pick<StringPrefix, 'isRaw' | 'isBytes'>): DecodedText {
  let error: string | undefined;
  if (prefix.isBytes && /[^\0-\x7f]/.test(content)) error = 'bytes can only hold ASCII characters';
  const lines = content.includes('\r') ? content.replace(/\r\n?/g, '\n') : content;
  if (prefix.isRaw || !lines.includes('\\')) return { value: lines, error, isIncomplete: false };
  let isIncomplete = false;
  const value = lines.replace(ESCAPE, (escape) => {
    const decoded = decodeEscape(escape, prefix.isBytes);
    if (decoded !== undefined) return decoded;
    if (escape.startsWith('\\N{')) isIncomplete = true;
    else error ??= `cannot read the escape \`${escape}\``;
    return escape;
  });
  return { value, error, isIncomplete };
}

function decodeEscape(escape: string, isBytes: boolean): string | undefined {
  const kind = escape.charAt(1);
  if (kind === '\n') return '';
  const simple = SIMPLE_ESCAPES[kind];
  if (simple !== undefined) return simple;
  if (kind >= '0' && kind <= '7') {
    const code = Number.parseInt(escape.slice(1), 8);
    return String.fromCharCode(isBytes ? code & 255 : code);
  }
  if (kind === 'x') return escape.length === 4 ? codeUnit(escape) : undefined;
  if (isBytes) return escape;
  if (kind === 'u') return escape.length === 6 ? codeUnit(escape) : undefined;
  if (kind === 'U') {
    const code = Number.parseInt(escape.slice(2), 16);
    return escape.length === 10 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  }
  if (kind === 'N') return characterByName(escape.slice(3, -1));
  return escape;
}

function codeUnit(escape: string): string {
  return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
}
