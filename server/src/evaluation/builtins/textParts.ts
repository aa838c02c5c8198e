/**
 * Splitting and stripping of text as Python does: splitText(" a  b ", undefined, -1) -> ["a", "b"],
 * splitLines("a\r\nb\n", false) -> ["a", "b"], stripText("xxaxx", "x", "both") -> "a". Works on bytes (one char code a
 * byte) too.
 */
import { WHITESPACE } from './characters.ts';

const LEADING_SPACE = new RegExp(`^${WHITESPACE.source}+`, 'u');
const SPACES = new RegExp(`${WHITESPACE.source}+`, 'u');
const NOT_SPACE = new RegExp(`(?:(?!${WHITESPACE.source}).)+`, 'gsu');

/** A separator of undefined means white space; a negative limit means none. */
export function splitText(text: string, separator: string | undefined, limit: number): string[] {
  if (separator !== undefined) return splitAt(text, separator, limit);
  if (limit < 0) return text.match(NOT_SPACE) ?? [];
  const parts: string[] = [];
  let rest = text.replace(LEADING_SPACE, '');
  while (rest !== '' && parts.length < limit) {
    const match = SPACES.exec(rest);
    if (match === null) break;
    parts.push(rest.slice(0, match.index));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest !== '') parts.push(parts.length >= limit ? rest : stripText(rest, undefined, 'right'));
  return parts;
}

/** As `splitText`, but counts splits from the end. */
export function splitTextFromRight(text: string, separator: string | undefined, limit: number): string[] {
  if (limit < 0) return splitText(text, separator, limit);
  const reversed = splitText(reverse(text), separator === undefined ? undefined : reverse(separator), limit);
  return reversed.map(reverse).reverse();
}

function splitAt(text: string, separator: string, limit: number): string[] {
  const parts = text.split(separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

function reverse(text: string): string {
  return Array.from(text).reverse().join('');
}

const LINE_END = /\r\n|[\n\r\v\f\x85\u2028\u2029]/g;

export function splitLines(text: string, keepsEnds: boolean): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(LINE_END)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(start, keepsEnds ? end : match.index));
    start = end;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** Characters of undefined mean white space. */
export function stripText(text: string, characters: string | undefined, side: 'left' | 'right' | 'both'): string {
  const set = characters === undefined ? undefined : new Set(characters);
  const isTaken = (character: string): boolean => set?.has(character) ?? WHITESPACE.test(character);
  const all = Array.from(text);
  let start = 0;
  let end = all.length;
  if (side !== 'right') while (start < end && isTaken(all[start] ?? '')) start += 1;
  if (side !== 'left') while (end > start && isTaken(all[end - 1] ?? '')) end -= 1;
  return all.slice(start, end).join('');
}

/** Replaces tabs by blanks up to the next column that is a multiple. */
export function expandTabs(text: string, tabSize: number): string {
  let column = 0;
  return Array.from(text, (character) => {
    if (character === '\t') {
      const width = tabSize > 0 ? tabSize - (column % tabSize) : 0;
      column += width;
      return ' '.repeat(width);
    }
    column = character === '\n' || character === '\r' ? 0 : column + 1;
    return character;
  }).join('');
}
