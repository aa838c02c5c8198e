/**
 * `str.encode` and `bytes.decode` for the encodings that code names: encodeText("é", "utf-8") -> b"\xc3\xa9".
 * Other encodings are unknown.
 */
import type { Runtime } from '../runtime.ts';
import { PyBytes, PyUnknown, type Value } from '../values.ts';

export function encodeText(runtime: Runtime, text: string, encoding: Value): Value {
  const limit = codeLimit(runtime, encoding);
  if (limit instanceof PyUnknown) return limit;
  if (limit === undefined) return new PyBytes(utf8Bytes(text));
  for (const character of text) {
    if ((character.codePointAt(0) ?? 0) >= limit) {
      return runtime.raise(
        'UnicodeEncodeError',
        `'${limit === 128 ? 'ascii' : 'latin-1'}' codec can't encode character`,
      );
    }
  }
  return new PyBytes(text);
}

export function decodeText(runtime: Runtime, bytes: PyBytes, encoding: Value): Value {
  const limit = codeLimit(runtime, encoding);
  if (limit instanceof PyUnknown) return limit;
  if (limit === undefined) {
    const text = utf8Text(bytes.value);
    return text ?? runtime.raise('UnicodeDecodeError', "'utf-8' codec can't decode byte: invalid start byte");
  }
  if (limit === 128 && /[^\0-\x7f]/.test(bytes.value)) {
    return runtime.raise('UnicodeDecodeError', "'ascii' codec can't decode byte: ordinal not in range(128)");
  }
  return bytes.value;
}

/** First code that the encoding cannot hold; undefined for UTF-8. */
function codeLimit(runtime: Runtime, encoding: Value): number | undefined | PyUnknown {
  if (encoding instanceof PyUnknown) return encoding;
  const name = typeof encoding === 'string' ? encoding.toLowerCase().replaceAll('_', '-') : 'utf-8';
  if (name === 'utf-8' || name === 'utf8') return undefined;
  if (name === 'ascii' || name === 'us-ascii') return 128;
  if (name === 'latin-1' || name === 'latin1' || name === 'iso-8859-1') return 256;
  return runtime.unknown(`text encoding ${name} is not modelled`);
}

/** One char code a byte. */
export function utf8Bytes(text: string): string {
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += character;
    else if (code < 0x800) bytes += String.fromCharCode(0xc0 | (code >> 6), continuation(code));
    else if (code < 0x10000)
      bytes += String.fromCharCode(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
    else {
      const tail = [continuation(code >> 12), continuation(code >> 6), continuation(code)];
      bytes += String.fromCharCode(0xf0 | (code >> 18), ...tail);
    }
  }
  return bytes;
}

/** Undefined where the bytes are not UTF-8. */
export function utf8Text(bytes: string): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes.charCodeAt(at);
    const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || at + length > bytes.length) return undefined;
    let code = length === 1 ? lead : lead & (0x7f >> length);
    for (let i = 1; i < length; i++) {
      const byte = bytes.charCodeAt(at + i);
      if ((byte & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (byte & 0x3f);
    }
    if (code > 0x10ffff || code < (MINIMUM_CODES[length] ?? 0)) return undefined;
    text += String.fromCodePoint(code);
    at += length;
  }
  return text;
}

/** Smallest code by number of bytes; shorter forms are not UTF-8. */
const MINIMUM_CODES: readonly number[] = [0, 0, 0x80, 0x800, 0x10000];

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
