/**
 * Cuts Python text into logical lines, by tokens and indentation alone, so that a mistake stays in its line:
 * "x = foo(\ndef f(): pass" gives `x = foo(` (fault: '(' was never closed) and `def f(): pass`.
 * A keyword that no expression can hold ends an open bracket; a triple quote that is never closed ends with its line.
 * Linear in the text: lines that have to be read twice are bounded by a budget.
 */
import type { TextRange } from '../base/text.ts';
import { COMPOUND_WORDS, quote as quoteText } from './logicalLine.ts';
import type { Fault, LogicalLine } from './logicalLine.ts';

export interface ScannedLines {
  readonly lines: readonly LogicalLine[];
  /** Ranges of comments that begin with `# layercost:`. */
  readonly directives: readonly TextRange[];
  /** Where scanning ended: the text's end, or the start of the line at which it was told to stop. */
  readonly end: number;
  /** Whether a mistake made it guess by what stands far away, so that scanning a part would guess otherwise. */
  readonly isGuess: boolean;
}

/** Asked at the start of a line at column 0, with the line before it. */
export type StopCondition = (lineStart: number, lastLine: LogicalLine | undefined) => boolean;

/** CPython's own limit on open brackets (MAXLEVEL in Parser/lexer). */
const MAX_OPEN = 200;
const MAX_TRIPLE_REPAIRS = 8;

/** Keywords that cannot stand inside brackets: one at the start of a line means that a bracket was not closed. */
const STATEMENT_WORDS: ReadonlySet<string> = new Set(
  'def class return import raise while with try except finally pass break continue del global nonlocal assert elif'.split(
    ' ',
  ),
);
const FROM_IMPORT = /from[ \t]+[.\w]+[ \t]+import\b/y;
const ASYNC_DEF = /async[ \t]+def\b/y;
const DECORATED = /@[\w.]+(?:\([^\n]*\))?[ \t]*\r?\n[ \t]*(?:@|def\b|class\b|async\b)/y;
const CODE_IN_STRING =
  /^[ \t]*(?:(?:async +)?def +\w+ *\(|class +\w+ *[(:]|@[a-zA-Z_][\w.]*|import +\w|from +[\w.]+ +import\b|return\b)/m;
const NAMED_ESCAPE = /\\N\{[^}\n]*\}/y;
const STRING_PREFIXES: ReadonlySet<string> = new Set('r u b f br rb fr rf'.split(' '));
const BYTE_ORDER_MARK = 0xfeff;
const DIRECTIVE = /#[ \t]*layercost:/y;

const SPACE = 1;
const NEWLINE = 2;
const WORD = 3;
const QUOTE = 4;
const OPEN = 5;
const CLOSE = 6;
const HASH = 7;
const BACKSLASH = 8;
const SEMICOLON = 9;
const COLON = 10;
const INVALID = 11;

const CLASSES = new Uint8Array(128);
for (let unit = 0; unit < 32; unit++) CLASSES[unit] = INVALID;
for (const [characters, cls] of [
  [' \t\f', SPACE],
  ['\r\n', NEWLINE],
  ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_', WORD],
  ['"\'', QUOTE],
  ['([{', OPEN],
  [')]}', CLOSE],
  ['#', HASH],
  ['\\', BACKSLASH],
  [';', SEMICOLON],
  [':', COLON],
] as const) {
  for (const character of characters) CLASSES[character.charCodeAt(0)] = cls;
}

/** What stands open: a bracket by its character, an f-string's text, a field in it, or that field's format. */
type Open =
  | { readonly kind: 'bracket'; readonly character: string; readonly at: number }
  | { readonly kind: 'fString'; readonly quotes: string; readonly isRaw: boolean; readonly at: number }
  | { readonly kind: 'field' | 'format'; readonly at: number };

interface TripleString extends TextRange {
  /** Start and indentation of the logical line that it stands in. */
  readonly lineStart: number;
  readonly indent: number;
}

/**
 * Scans `text` from the start of a line at `from`. `shouldStop` is asked at each line that begins at column 0, with
 * its start; scanning a text from any such start gives the same lines as scanning through it.
 */
export function scanLines(text: string, from: number, shouldStop: StopCondition): ScannedLines {
  return new Scanner(text, from, shouldStop).run();
}

class Scanner {
  readonly #text: string;
  readonly #shouldStop: StopCondition;
  #position: number;
  readonly #lines: LogicalLine[] = [];
  readonly #directives: TextRange[] = [];
  readonly #tripleStrings: TripleString[] = [];
  readonly #unclosedTriples = new Set<number>();
  /** Characters that may still be read a second time. */
  #rereadBudget: number;
  /** Set where the next line goes on after a semicolon, or is read again: its indentation. */
  #knownIndent = -1;

  // The logical line being read.
  #start = 0;
  #indent = 0;
  #word = '';
  #end = 0;
  #loneStringEnd = -1;
  #open: Open[] = [];
  #fault: Fault | undefined = undefined;
  /** Start of a triple-quoted string that ran to the end of the text. */
  #openTriple = -1;

  constructor(text: string, from: number, shouldStop: StopCondition) {
    this.#text = text;
    this.#position = from;
    this.#shouldStop = shouldStop;
    this.#rereadBudget = 4 * text.length;
  }

  run(): ScannedLines {
    let end = this.#text.length;
    while (this.#findLine()) {
      if (this.#indent === 0 && this.#shouldStop(this.#start, this.#lines.at(-1))) {
        end = this.#start;
        break;
      }
      this.#readLine();
    }
    const isGuess = this.#unclosedTriples.size > 0 || this.#rereadBudget <= 0;
    return { lines: this.#lines, directives: this.#directives, end, isGuess };
  }

  /** Skips blank lines and comments; measures the indentation of the next line. */
  #findLine(): boolean {
    const text = this.#text;
    let i = this.#position;
    let column = 0;
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 32) column++;
      else if (unit === 9) column = (column | 7) + 1;
      else if (unit === 12) column = 0;
      else if (unit === 10 || unit === 13) {
        column = 0;
        this.#knownIndent = -1;
      } else if (unit === 35) i = this.#skipComment(i) - 1;
      else if (unit === 92 && newlineLength(text, i + 1) > 0) {
        // A line of nothing but a continuation: the next one goes on at its indentation.
        if (this.#knownIndent < 0) this.#knownIndent = column;
        i += newlineLength(text, i + 1);
      } else if (unit !== BYTE_ORDER_MARK || i > 0) {
        this.#start = i;
        this.#indent = this.#knownIndent >= 0 ? this.#knownIndent : column;
        this.#knownIndent = -1;
        return true;
      }
    }
    this.#position = i;
    return false;
  }

  #readLine(): void {
    const endsByIndent = this.#rereadBudget <= 0;
    this.#scan(endsByIndent);
    if (this.#open.length > 0 && this.#openTriple < 0 && !endsByIndent) {
      // Something stays open: read again, and let a line that is not indented deeper end it.
      this.#rereadBudget -= this.#position - this.#start;
      while ((this.#directives.at(-1)?.start ?? -1) > this.#start) this.#directives.pop();
      while ((this.#tripleStrings.at(-1)?.start ?? -1) >= this.#start) this.#tripleStrings.pop();
      this.#scan(true);
    }
    if (this.#openTriple >= 0) {
      this.#repairTripleString();
      return;
    }
    const unclosed = this.#open.at(-1);
    if (unclosed) this.#report(unclosed.at, unclosed.at + 1, unclosedMessage(unclosed));
    this.#emit();
  }

  #emit(): void {
    const start = this.#start;
    const end = this.#end;
    if (end <= start) return;
    this.#lines.push({
      start,
      end,
      indent: this.#indent,
      word: this.#word,
      opensSuite: this.#open.length === 0 && this.#text.charCodeAt(end - 1) === 58,
      isLoneString: this.#loneStringEnd === end,
      fault: this.#fault,
    });
  }

  /** A triple quote was never closed: ends the likeliest culprit with its line, and reads on from there. */
  #repairTripleString(): void {
    const strings = this.#tripleStrings;
    // After an unclosed quote, what counts as strings is the code between strings, and the reverse.
    let suspect = strings.length - 1;
    if (this.#unclosedTriples.size < MAX_TRIPLE_REPAIRS) {
      while (suspect > 0 && this.#holdsCode(strings[suspect - 1])) suspect--;
    }
    const culprit = strings[suspect];
    this.#openTriple = -1;
    if (!culprit) return;
    this.#unclosedTriples.add(culprit.start);
    while ((this.#lines.at(-1)?.end ?? -1) > culprit.lineStart) this.#lines.pop();
    while ((this.#directives.at(-1)?.start ?? -1) > culprit.lineStart) this.#directives.pop();
    while ((strings.at(-1)?.lineStart ?? -1) >= culprit.lineStart) strings.pop();
    this.#position = culprit.lineStart;
    this.#knownIndent = culprit.indent;
  }

  #holdsCode(string: TripleString | undefined): boolean {
    return string !== undefined && CODE_IN_STRING.test(this.#text.slice(string.start + 3, string.end));
  }

  /** Reads the logical line at `#start` and leaves `#position` where the next one is to be looked for. */
  #scan(endsByIndent: boolean): void {
    const text = this.#text;
    this.#open = [];
    this.#fault = undefined;
    this.#word = this.#firstWord();
    this.#end = this.#start;
    this.#loneStringEnd = -1;
    const splitsAtSemicolon = !isOneLiner(this.#word, this.#indent);
    let i = this.#start;
    while (i < text.length && this.#openTriple < 0) {
      const top = this.#open.at(-1);
      if (top && (top.kind === 'fString' || top.kind === 'format')) {
        i = this.#scanFStringText(i, top.kind === 'format');
        this.#end = i;
        continue;
      }
      const unit = text.charCodeAt(i);
      const cls = unit < 128 ? CLASSES[unit] : WORD;
      if (cls === SPACE) {
        i++;
        continue;
      }
      if (cls === NEWLINE) {
        i += newlineLength(text, i);
        if (!top || this.#startsStatement(i, endsByIndent)) break;
        continue;
      }
      if (cls === HASH) {
        i = this.#skipComment(i);
        continue;
      }
      if (cls === BACKSLASH) {
        const length = newlineLength(text, i + 1);
        if (length > 0 && i + 1 + length < text.length) {
          i += 1 + length;
          continue;
        }
        this.#report(i, i + 1, 'unexpected `\\`: a line continuation must end its line');
        i++;
      } else if (cls === WORD) i = this.#scanWord(i);
      else if (cls === QUOTE) i = this.#scanString(i, i, '');
      else if (cls === OPEN) i = this.#pushOpen({ kind: 'bracket', character: text.charAt(i), at: i }, i + 1);
      else if (cls === CLOSE) i = this.#close(i);
      else if (cls === COLON && top?.kind === 'field') i = this.#pushOpen({ kind: 'format', at: i }, i + 1);
      else if (cls === SEMICOLON && !top && splitsAtSemicolon) {
        this.#knownIndent = this.#indent;
        i++;
        if (this.#end === this.#start) {
          this.#report(i - 1, i, 'unexpected `;`: no statement stands before it');
          this.#end = i;
        }
        break;
      } else {
        if (cls === INVALID) this.#report(i, i + 1, `invalid character ${codePoint(unit)}`);
        i++;
      }
      this.#end = i;
    }
    this.#position = i;
  }

  #firstWord(): string {
    if (this.#text.charCodeAt(this.#start) === 64) return '@';
    return this.#text.slice(this.#start, this.#wordEnd(this.#start));
  }

  #wordEnd(from: number): number {
    const text = this.#text;
    let i = from;
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 128 && CLASSES[unit] !== WORD) break;
    }
    return i;
  }

  #scanWord(start: number): number {
    const end = this.#wordEnd(start);
    if (end - start > 2 || CLASSES[this.#text.charCodeAt(end)] !== QUOTE) return end;
    const prefix = this.#text.slice(start, end).toLowerCase();
    return STRING_PREFIXES.has(prefix) ? this.#scanString(start, end, prefix) : end;
  }

  /** Reads a string whose prefix starts at `start` and whose quote is at `quoteAt`. */
  #scanString(start: number, quoteAt: number, prefix: string): number {
    const text = this.#text;
    const quote = text.charAt(quoteAt);
    if (this.#unclosedTriples.has(quoteAt)) return this.#dropUnclosed(quoteAt);
    const quotes = text.startsWith(quote.repeat(3), quoteAt) ? quote.repeat(3) : quote;
    const isTriple = quotes.length === 3;
    if (isTriple) {
      const lineStart = this.#start;
      this.#tripleStrings.push({ start: quoteAt, end: text.length, lineStart, indent: this.#indent });
    }
    const content = quoteAt + quotes.length;
    if (prefix.includes('f')) {
      return this.#pushOpen({ kind: 'fString', quotes, isRaw: prefix.includes('r'), at: quoteAt }, content);
    }
    const end = isTriple ? this.#tripleEnd(content, quotes) : this.#singleEnd(content, quote, quoteAt);
    if (isTriple && end > 0) this.#closeTriple(quoteAt, end);
    if (end < 0) {
      this.#openTriple = quoteAt;
      return text.length;
    }
    if (start === this.#start) this.#loneStringEnd = end;
    return end;
  }

  /** A triple quote that closes nowhere: leaves out the rest of its physical line. */
  #dropUnclosed(quoteAt: number): number {
    const text = this.#text;
    let end = quoteAt;
    while (end < text.length && newlineLength(text, end) === 0) end++;
    this.#report(quoteAt, end, `triple-quoted string is not closed: ${quoteText(text.slice(quoteAt, end))}`);
    return end;
  }

  #closeTriple(quoteAt: number, end: number): void {
    const last = this.#tripleStrings.findLastIndex((string) => string.start === quoteAt);
    const string = this.#tripleStrings[last];
    if (string) this.#tripleStrings[last] = { ...string, end };
  }

  #tripleEnd(from: number, quotes: string): number {
    const text = this.#text;
    for (let at = text.indexOf(quotes, from); at >= 0; at = text.indexOf(quotes, at + 1)) {
      let backslashes = 0;
      while (at - backslashes > from && text.charCodeAt(at - backslashes - 1) === 92) backslashes++;
      if (backslashes % 2 === 0) return at + 3;
    }
    return -1;
  }

  #singleEnd(from: number, quote: string, quoteAt: number): number {
    const text = this.#text;
    const quoteUnit = quote.charCodeAt(0);
    let i = from;
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === quoteUnit) return i + 1;
      if (unit === 92) i += Math.max(1, newlineLength(text, i + 1));
      else if (unit === 10 || unit === 13) break;
    }
    i = Math.min(i, text.length);
    this.#report(quoteAt, i, `string is not closed: ${quoteText(text.slice(quoteAt, i))}`);
    return i;
  }

  /** Reads the text of an f-string, or of a field's format, to the next brace, the closing quote or the line's end. */
  #scanFStringText(from: number, isFormat: boolean): number {
    const text = this.#text;
    const string = this.#open.findLast((open) => open.kind === 'fString');
    if (!string) return text.length;
    const { quotes, isRaw, at } = string;
    for (let i = from; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 92) {
        const next = text.charCodeAt(i + 1);
        if (next === 123 || next === 125) continue;
        if (next === 78 && !isRaw && text.charCodeAt(i + 2) === 123) i = this.#namedEscapeEnd(i);
        else i += Math.max(1, newlineLength(text, i + 1));
      } else if (unit === 123) {
        if (!isFormat && text.charCodeAt(i + 1) === 123) i++;
        else return this.#pushOpen({ kind: 'field', at: i }, i + 1);
      } else if (unit === 125) {
        if (isFormat) {
          this.#open.splice(-2);
          return i + 1;
        }
        if (text.charCodeAt(i + 1) === 125) i++;
        else this.#report(i, i + 1, 'a single `}` is not allowed in an f-string');
      } else if (text.startsWith(quotes, i)) {
        const end = i + quotes.length;
        if (isFormat) this.#report(i, end, `the field ${quoteText(text.slice(at, i))} is not closed`);
        this.#dropFString();
        if (quotes.length === 3) this.#closeTriple(at, end);
        return end;
      } else if ((unit === 10 || unit === 13) && quotes.length === 1) {
        this.#report(at, i, `string is not closed: ${quoteText(text.slice(at, i))}`);
        this.#dropFString();
        return i;
      }
    }
    if (quotes.length === 3) this.#openTriple = at;
    else {
      this.#report(at, text.length, `string is not closed: ${quoteText(text.slice(at))}`);
      this.#dropFString();
    }
    return text.length;
  }

  #namedEscapeEnd(from: number): number {
    NAMED_ESCAPE.lastIndex = from;
    return NAMED_ESCAPE.test(this.#text) ? NAMED_ESCAPE.lastIndex - 1 : from + 1;
  }

  #dropFString(): void {
    this.#open.length = this.#open.findLastIndex((open) => open.kind === 'fString');
  }

  #pushOpen(open: Open, next: number): number {
    if (this.#open.length < MAX_OPEN) this.#open.push(open);
    else this.#reportDepth(open.at);
    return next;
  }

  #close(at: number): number {
    const character = this.#text.charAt(at);
    const top = this.#open.at(-1);
    if (character === '}' && top?.kind === 'field') this.#open.pop();
    else {
      const opener = OPENERS[character];
      if (top?.kind === 'bracket' && top.character === opener) this.#open.pop();
      else this.#closeUnmatched(at, character, opener);
    }
    return at + 1;
  }

  #closeUnmatched(at: number, character: string, opener: string | undefined): void {
    const top = this.#open.at(-1);
    this.#report(at, at + 1, top ? `\`${character}\` does not close ${openText(top)}` : `unmatched \`${character}\``);
    const outside = this.#open.findLastIndex((open) => open.kind !== 'bracket');
    const match = this.#open.findLastIndex((open) => open.kind === 'bracket' && open.character === opener);
    if (match > outside) this.#open.length = match;
  }

  /** Whether the physical line at `i`, inside brackets, can only be the start of another statement. */
  #startsStatement(i: number, endsByIndent: boolean): boolean {
    const text = this.#text;
    let at = i;
    let column = 0;
    for (let unit = text.charCodeAt(at); unit < 128 && CLASSES[unit] === SPACE; unit = text.charCodeAt(++at)) {
      column = unit === 9 ? (column | 7) + 1 : unit === 12 ? 0 : column + 1;
    }
    const unit = text.charCodeAt(at);
    const cls = unit < 128 ? CLASSES[unit] : WORD;
    if (Number.isNaN(unit) || cls === NEWLINE || cls === HASH) return false;
    if (endsByIndent && column <= this.#indent && cls !== CLOSE) return true;
    if (unit === 64) return matchesAt(DECORATED, text, at);
    if (cls !== WORD) return false;
    const word = text.slice(at, Math.min(this.#wordEnd(at), at + 9));
    if (word === 'from') return matchesAt(FROM_IMPORT, text, at);
    if (word === 'async') return matchesAt(ASYNC_DEF, text, at);
    return STATEMENT_WORDS.has(word);
  }

  #skipComment(at: number): number {
    const text = this.#text;
    let end = at;
    while (end < text.length && newlineLength(text, end) === 0) end++;
    if (matchesAt(DIRECTIVE, text, at)) this.#directives.push({ start: at, end });
    return end;
  }

  #report(start: number, end: number, message: string): void {
    this.#fault ??= { code: 'syntax-error', start, end, message };
  }

  #reportDepth(at: number): void {
    const message = `more than ${MAX_OPEN} brackets inside each other: this statement is left out`;
    this.#fault = { code: 'nesting-too-deep', start: at, end: at + 1, message };
  }
}

const OPENERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Whether a line may hold its suite after the colon, so that a semicolon does not end it. */
function isOneLiner(word: string, indent: number): boolean {
  return COMPOUND_WORDS.has(word) || (word === 'case' && indent > 0);
}

function newlineLength(text: string, at: number): 0 | 1 | 2 {
  const unit = text.charCodeAt(at);
  if (unit === 10) return 1;
  if (unit !== 13) return 0;
  return text.charCodeAt(at + 1) === 10 ? 2 : 1;
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function openText(open: Open): string {
  if (open.kind === 'bracket') return `\`${open.character}\``;
  return open.kind === 'fString' ? `\`f${open.quotes}\`` : '`{`';
}

function unclosedMessage(open: Open): string {
  return `${openText(open)} was never closed`;
}

function codePoint(unit: number): string {
  return `U+${unit.toString(16).toUpperCase().padStart(4, '0')}`;
}
