/**
 * UTF-8 bytes to strings, fast for the short ASCII names that fill a graph: a small cache gives the same string for
 * the same bytes, so that a value's name is made once for its producer and all of its consumers.
 * Bytes that are no UTF-8 become U+FFFD, as everywhere.
 */

const CACHE_SLOTS = 8192;
const LONGEST_CACHED = 96;
const CHUNK = 4096;

export class TextDecoding {
  readonly #cache: (string | undefined)[] = new Array<string | undefined>(CACHE_SLOTS);

  readonly #codes: number[][] = [];

  decode(bytes: Uint8Array, from: number, to: number): string {
    const length = to - from;
    if (length === 0) return '';
    if (length > LONGEST_CACHED) return decodeUtf8(bytes.subarray(from, to));
    let hash = length;
    let union = 0;
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number; // in range: the cursor has checked
      union |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (union >= 0x80) return decodeUtf8(bytes.subarray(from, to));
    const slot = (hash ^ (hash >>> 13)) & (CACHE_SLOTS - 1);
    const cached = this.#cache[slot];
    if (cached !== undefined && isSameAscii(cached, bytes, from, length)) return cached;
    const text = this.#asciiText(bytes, from, length);
    this.#cache[slot] = text;
    return text;
  }

  /** One array of codes for each length, since spreading a plain array is the fastest way to a string. */
  #asciiText(bytes: Uint8Array, from: number, length: number): string {
    const codes = (this.#codes[length] ??= new Array<number>(length).fill(0));
    for (let i = 0; i < length; i++) codes[i] = bytes[from + i] ?? 0;
    return String.fromCharCode.apply(null, codes);
  }
}

function isSameAscii(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  // Names differ most often at their end.
  for (let i = length - 1; i >= 0; i--) {
    if (text.charCodeAt(i) !== bytes[from + i]) return false;
  }
  return true;
}

/** Decodes any length; malformed sequences become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  const units: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [codePoint, length] = codePointAt(bytes, at);
    at += length;
    if (codePoint >= 0x10000) units.push(0xd7c0 + (codePoint >> 10), 0xdc00 + (codePoint & 0x3ff));
    else units.push(codePoint);
    if (units.length >= CHUNK) {
      text += String.fromCharCode.apply(null, units);
      units.length = 0;
    }
  }
  return text + String.fromCharCode.apply(null, units);
}

const REPLACEMENT = 0xfffd;
/** Lead byte's bits, smallest code point by sequence length (2 to 4). */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

/** The code point that starts at a byte, and how many bytes it takes (1 for a malformed one). */
function codePointAt(bytes: Uint8Array, at: number): readonly [codePoint: number, length: number] {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return [lead, 1];
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > bytes.length) return [REPLACEMENT, 1];
  let codePoint = lead & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    if ((byte & 0xc0) !== 0x80) return [REPLACEMENT, 1];
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  if (isSurrogate || codePoint > 0x10ffff || codePoint < (SMALLEST[length] ?? 0)) return [REPLACEMENT, 1];
  return [codePoint, length];
}
