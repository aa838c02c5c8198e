/**
 * A logical line of Python: one simple statement, or the header of a compound one, however many physical lines it
 * takes. `if a: b; c` is one; `b; c` are two; `@dec` is one. It is the unit that can be broken without breaking others.
 */
import type { TextRange } from '../base/text.ts';

export interface LogicalLine extends TextRange {
  /** Column of its first character as Python counts it: tabs go to multiples of 8, a form feed starts anew. */
  readonly indent: number;
  /** First word, "@" for a decorator, "" for anything else. */
  readonly word: string;
  /** Ends with the colon after which an indented suite must follow. */
  readonly opensSuite: boolean;
  /** Is nothing but one string literal, not an f-string: a docstring, mostly. */
  readonly isLoneString: boolean;
  /** What makes the line unreadable on its own, where the scanner saw it. */
  readonly fault: Fault | undefined;
}

/** What is wrong with a piece of text, in offsets like those around it. */
export interface Fault extends TextRange {
  readonly code: 'syntax-error' | 'nesting-too-deep';
  readonly message: string;
}

/** Clauses that continue the compound statement above them. */
export const CLAUSE_WORDS: ReadonlySet<string> = new Set(['elif', 'else', 'except', 'finally']);

/** First words of statements that may carry their suite on the same line. */
export const COMPOUND_WORDS: ReadonlySet<string> = new Set([
  'if',
  'for',
  'while',
  'with',
  'try',
  'def',
  'class',
  'async',
  ...CLAUSE_WORDS,
]);

/** Moves a line, as when offsets are to count from another place. */
export function shiftLine(line: LogicalLine, delta: number): LogicalLine {
  const { start, end, indent, word, opensSuite, isLoneString, fault } = line;
  return {
    start: start + delta,
    end: end + delta,
    indent,
    word,
    opensSuite,
    isLoneString,
    fault: fault && { ...fault, start: fault.start + delta, end: fault.end + delta },
  };
}

/** Text for a message: one line, not too long. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `\`${line.length > 40 ? `${line.slice(0, 39)}…` : line}\``;
}
