/**
 * Adds to an object or a list of JSON or TOML where it stands in a text, in the style of what is there: comments, line
 * ends, indentation and trailing commas stay. `{ "a": 1 }` + `"b": 2` -> `{ "a": 1, "b": 2 }`; what has its members on
 * lines of their own gets one line more.
 */
import type { TextRange } from '../base/text.ts';

/** What takes the place of a range. */
export interface TextChange extends TextRange {
  readonly newText: string;
}

/** `{...}` or `[...]` in a text. */
export interface Container {
  /** With its brackets. */
  readonly range: TextRange;
  /** From the start of a key, or of an item, to the end of its value, in order. */
  readonly members: readonly TextRange[];
  readonly comments: CommentStyle;
}

/** A comment up to the end of its line, and one that ends before. */
export type CommentStyle = 'json' | 'toml';

/** `written` gives each new member's text, for a line's indentation. */
export function insertMembers(
  text: string,
  container: Container,
  written: (indent: string) => readonly string[],
): readonly TextChange[] {
  const { members, range } = container;
  const last = members.at(-1);
  if (last === undefined) return insertFirst(text, container, written);
  const before = members.at(-2)?.end ?? range.start + 1;
  const hasOwnLine = text.slice(before, last.start).includes('\n');
  const comma = commaAfter(text, last.end, range.end, container.comments);
  if (!hasOwnLine) {
    const added = written('').join(', ');
    if (comma === undefined) return [insertion(last.end, `, ${added}`)];
    return [insertion(comma + 1, ` ${added},`)];
  }
  const indent = indentOf(text, last.start);
  const end = lineEnd(text, comma === undefined ? last.end : comma + 1, container);
  const lines = written(indent).map((line) => `${eolOf(text)}${indent}${line}`);
  if (comma !== undefined) return [insertion(end, lines.map((line) => `${line},`).join(''))];
  return joined(insertion(last.end, ','), insertion(end, lines.join(',')));
}

/** A new line below the one that holds an offset. */
export function insertLineBelow(text: string, offset: number, lines: readonly string[]): TextChange {
  const end = endOfLine(text, offset);
  return insertion(end, lines.map((line) => `${eolOf(text)}${line}`).join(''));
}

/** The whitespace that the line of an offset begins with. */
export function indentOf(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** One step of the text's indentation: what its first indented line begins with. */
export function indentUnit(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
}

export function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Changes that do not overlap; what is inserted at one place stands in the order of the list, as in LSP. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  return [...changes]
    .reverse()
    .sort((a, b) => b.start - a.start)
    .reduce((changed, { start, end, newText }) => changed.slice(0, start) + newText + changed.slice(end), text);
}

function insertFirst(
  text: string,
  { range }: Container,
  written: (indent: string) => readonly string[],
): readonly TextChange[] {
  const inner = { start: range.start + 1, end: range.end - 1 };
  const content = text.slice(inner.start, inner.end);
  if (!content.includes('\n')) {
    // Only whitespace and comments stand there.
    return [{ ...inner, newText: `${content.trimEnd()} ${written('').join(', ')} ` }];
  }
  const outer = indentOf(text, range.end - 1);
  const indent = outer + indentUnit(text);
  const lines = written(indent).map((line) => `${eolOf(text)}${indent}${line}`);
  const kept = content.trimEnd();
  return [{ start: inner.start + kept.length, end: inner.end, newText: `${lines.join(',')}${eolOf(text)}${outer}` }];
}

const TRIVIA: Readonly<Record<CommentStyle, RegExp>> = {
  json: /^(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/,
  toml: /^(?:\s|#[^\n]*)*/,
};

/** Where a comma stands behind a member. */
function commaAfter(text: string, from: number, to: number, comments: CommentStyle): number | undefined {
  const at = from + (TRIVIA[comments].exec(text.slice(from, to))?.[0].length ?? 0);
  return text[at] === ',' && at < to ? at : undefined;
}

const LINE_REST: Readonly<Record<CommentStyle, RegExp>> = {
  json: /^[ \t]*(?:\/\*(?:[^*\n]|\*(?!\/))*\*\/[ \t]*)*(?:\/\/[^\n]*)?$/,
  toml: /^[ \t]*(?:#[^\n]*)?$/,
};

/** Behind the comment of a line where nothing else follows on it; else the offset itself. */
function lineEnd(text: string, offset: number, { comments }: Container): number {
  const end = endOfLine(text, offset);
  return LINE_REST[comments].test(text.slice(offset, end)) ? end : offset;
}

function endOfLine(text: string, offset: number): number {
  const next = /\r?\n/.exec(text.slice(offset));
  return next === null ? text.length : offset + next.index;
}

function insertion(offset: number, newText: string): TextChange {
  return { start: offset, end: offset, newText };
}

/** Two insertions, one where both are at the same place. */
function joined(first: TextChange, second: TextChange): readonly TextChange[] {
  return first.start === second.start ? [{ ...first, newText: first.newText + second.newText }] : [first, second];
}
