/**
 * Offsets of a text -> lines and characters: { start: 7, end: 10 } behind a first line of 5 characters -> 1:1 to 1:4.
 */
import type { Range } from 'vscode-languageserver';
import type { LineIndex, TextRange } from '../base/text.ts';

export function toRange(range: TextRange, lines: LineIndex): Range {
  return { start: lines.position(range.start), end: lines.position(range.end) };
}
