/**
 * Writes logical lines into a text that the grammar can read, and knows where each piece came from.
 * Indentation becomes one space a level, comments go, function bodies and docstrings shrink to `0` (they are read when
 * asked for, and the grammar's lexer is the slowest part), and a line that cannot be read becomes `0` too, so that the
 * lines around it keep their places:
 *   "class A:  # net\n    def f(self):\n        return 1\n    x = = 2" -> "class A:\n def f(self):\n  0\n 0\n"
 */
import { invariant } from '../base/assert.ts';
import type { TextRange } from '../base/text.ts';
import { CLAUSE_WORDS, quote } from './logicalLine.ts';
import type { Fault, LogicalLine } from './logicalLine.ts';

/** Lines that are read together: a top-level statement, or the body of a function. */
export interface Unit {
  /** The text in which the lines' offsets count. */
  readonly source: string;
  readonly lines: readonly LogicalLine[];
  /** Levels of indentation around the lines. */
  readonly level: number;
}

/** What is known about a line beyond what the scanner saw. */
export type Verdict =
  | { readonly kind: 'unreadable'; readonly fault: Fault }
  /** Readable with this text instead, which has the same offsets. */
  | { readonly kind: 'rewritten'; readonly text: string; readonly fault: Fault | undefined };

/** What stands in the source where the composed text has a placeholder. */
export type Placeholder =
  | (TextRange & { readonly kind: 'error' })
  | (TextRange & { readonly kind: 'string' })
  | (TextRange & { readonly kind: 'suite'; readonly lines: readonly LogicalLine[]; readonly level: number });

export interface ComposedUnit {
  readonly text: string;
  /** By the offset in `text` at which it stands. */
  readonly placeholders: ReadonlyMap<number, Placeholder>;
  readonly segments: readonly Segment[];
  /** Whether some line is spelled differently from its source. */
  readonly isRewritten: boolean;
  /** Everything wrong with the lines, in order. */
  readonly faults: readonly Fault[];
}

/** A piece of the composed text and where it came from. */
export interface Segment {
  readonly start: number;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  /** Whether it is the source's own text; otherwise it stands for the whole of the source range. */
  readonly isCopy: boolean;
  /** Index of the first line that it came from. */
  readonly line: number;
}

/** CPython's own limit on indentation (MAXINDENT in Parser/lexer). */
const MAX_LEVELS = 100;
/** An `elif` stands inside the one before it in the tree, so that their number bounds its depth. */
const MAX_CLAUSES = 300;

/** Composes a unit; `verdicts` by the index of a line. */
export function composeUnit(unit: Unit, verdicts: ReadonlyMap<number, Verdict>): ComposedUnit {
  return new Composer(unit, verdicts).run();
}

/** Index of the line that `offset` of the composed text came from. */
export function lineAt({ segments }: ComposedUnit, offset: number): number {
  return segments[segmentAt(segments, offset)]?.line ?? 0;
}

/** Index of the last segment that starts at or before `offset`, or of the first one. */
export function segmentAt(segments: readonly Segment[], offset: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A level of indentation that is open. */
interface Level {
  readonly indent: number;
  readonly depth: number;
  /** What a clause could continue here: the last compound statement's word, and what it has had of its clauses. */
  chain: Chain;
  /** Clauses of the last compound statement so far. */
  clauses: number;
}

type Chain = 'if' | 'loop' | 'try' | 'except' | 'tryElse' | 'none';

class Composer {
  readonly #source: string;
  readonly #lines: readonly LogicalLine[];
  readonly #baseLevel: number;
  readonly #verdicts: ReadonlyMap<number, Verdict>;
  #text = '';
  readonly #placeholders = new Map<number, Placeholder>();
  readonly #segments: Segment[] = [];
  /** The last row of decorators that was looked at: the line behind it, and whether that is a definition. */
  #decorated: { readonly indent: number; readonly end: number; readonly isDefinition: boolean } | undefined;
  readonly #faults: Fault[] = [];
  readonly #levels: Level[] = [];
  /** The header whose suite must come next. */
  #header: LogicalLine | undefined = undefined;
  #isRewritten = false;

  constructor(unit: Unit, verdicts: ReadonlyMap<number, Verdict>) {
    this.#source = unit.source;
    this.#lines = unit.lines;
    this.#baseLevel = unit.level;
    this.#verdicts = verdicts;
  }

  run(): ComposedUnit {
    for (let index = 0; index < this.#lines.length;) index = this.#compose(index);
    if (this.#header) this.#addMissingSuite(this.#header);
    while (this.#levels.length > 0) this.#closeLevel();
    return {
      text: this.#text,
      placeholders: this.#placeholders,
      segments: this.#segments,
      isRewritten: this.#isRewritten || [...this.#verdicts.values()].some(({ kind }) => kind === 'rewritten'),
      faults: this.#faults,
    };
  }

  /** Adds the line at `index` and what is skipped with it; returns the index of the next line. */
  #compose(index: number): number {
    const line = this.#line(index);
    const level = this.#enterLevel(line);
    if (level.depth + this.#baseLevel > MAX_LEVELS) {
      const message = `more than ${MAX_LEVELS} levels of indentation: ${quote(this.#slice(line))} is left out`;
      return this.#addError(index, { code: 'nesting-too-deep', start: line.start, end: line.end, message });
    }
    if (line.word === '@' && !this.#decorates(index)) {
      return this.#addError(
        index,
        syntaxFault(line, `no class or function follows the decorator ${this.#quote(line)}`),
      );
    }
    level.clauses = CLAUSE_WORDS.has(line.word) ? level.clauses + 1 : 0;
    if (level.clauses > MAX_CLAUSES) {
      const message = `more than ${MAX_CLAUSES} clauses: ${this.#quote(line)} is left out`;
      return this.#addError(index, { code: 'nesting-too-deep', start: line.start, end: line.end, message });
    }
    const chain = nextChain(level.chain, line.word, this.#slice(line));
    if (chain === undefined) {
      return this.#addError(index, syntaxFault(line, `${quote(line.word)} has no statement above that it continues`));
    }
    if (level.chain === 'try' && !CLAUSE_WORDS.has(line.word)) this.#addMissingHandler(level);
    level.chain = chain;

    const verdict = this.#verdicts.get(index);
    const rewritten = verdict?.kind === 'rewritten' ? verdict.text : undefined;
    const fault = verdict?.fault ?? line.fault;
    if (fault && rewritten === undefined) return this.#addUnreadable(index, fault);
    if (fault) this.#faults.push(fault);
    if (line.isLoneString) {
      this.#addPlaceholder(level.depth, { kind: 'string', start: line.start, end: line.end }, index);
      return index + 1;
    }
    this.#addText(level.depth, rewritten ?? this.#readable(line), line, index);
    const suiteEnd = this.#suiteEnd(index);
    if (!line.opensSuite && rewritten?.endsWith(':') !== true) return index + 1;
    this.#header = line;
    if (suiteEnd === index + 1 || !this.#isFunction(line)) return index + 1;
    this.#header = undefined;
    const lines = this.#lines.slice(index + 1, suiteEnd);
    const range = { start: this.#line(index + 1).start, end: this.#line(suiteEnd - 1).end };
    this.#addPlaceholder(
      level.depth + 1,
      { kind: 'suite', ...range, lines, level: this.#baseLevel + level.depth + 1 },
      index + 1,
    );
    return suiteEnd;
  }

  /** Opens and closes levels until the line stands in one. */
  #enterLevel(line: LogicalLine): Level {
    const top = this.#levels.at(-1);
    const header = this.#header;
    this.#header = undefined;
    if (header && top) {
      if (line.indent > top.indent) return this.#openLevel(line.indent, top.depth + 1);
      this.#addMissingSuite(header);
    }
    if (!top) {
      if (this.#baseLevel === 0 && line.indent > 0) this.#faults.push(unexpectedIndent(line, this.#quote(line)));
      return this.#openLevel(line.indent, 0);
    }
    if (line.indent > top.indent) {
      this.#faults.push(unexpectedIndent(line, this.#quote(line)));
      return this.#openLevel(line.indent, top.depth);
    }
    let closed: Level | undefined;
    for (let level = this.#levels.at(-1); level && line.indent < level.indent; level = this.#levels.at(-1)) {
      closed = this.#closeLevel();
    }
    const level = this.#levels.at(-1);
    if (level?.indent === line.indent) return level;
    this.#faults.push(syntaxFault(line, `${this.#quote(line)} is indented like no line above it`));
    return this.#openLevel(line.indent, closed?.depth ?? 0);
  }

  #openLevel(indent: number, depth: number): Level {
    const level: Level = { indent, depth, chain: 'none', clauses: 0 };
    this.#levels.push(level);
    return level;
  }

  #closeLevel(): Level | undefined {
    const level = this.#levels.pop();
    if (level?.chain === 'try') this.#addMissingHandler(level);
    return level;
  }

  /** A line that cannot be read: keeps the suite of a header where that makes sense, else leaves out the statement. */
  #addUnreadable(index: number, fault: Fault): number {
    const line = this.#line(index);
    const suiteEnd = this.#suiteEnd(index);
    const template = headerTemplate(line.word, this.#slice(line));
    if (template === undefined || suiteEnd === index + 1) return this.#addError(index, fault);
    const depth = this.#levels.at(-1)?.depth ?? 0;
    this.#faults.push(fault);
    const start = this.#text.length + depth;
    for (let at = template.indexOf(HOLE); at >= 0; at = template.indexOf(HOLE, at + 1)) {
      this.#placeholders.set(start + at, { kind: 'error', start: line.start, end: line.end });
    }
    this.#addReplaced(depth, template, line, index);
    this.#header = line;
    return index + 1;
  }

  /** Leaves out a line with its suite, and says why. */
  #addError(index: number, fault: Fault): number {
    const line = this.#line(index);
    const end = this.#suiteEnd(index);
    const level = this.#levels.at(-1);
    if (level) level.chain = 'none';
    this.#faults.push(fault);
    const range = { start: line.start, end: this.#line(end - 1).end };
    this.#addPlaceholder(level?.depth ?? 0, { kind: 'error', ...range }, index);
    return end;
  }

  #addMissingSuite(header: LogicalLine): void {
    const depth = (this.#levels.at(-1)?.depth ?? 0) + 1;
    const message = `expected an indented block after ${this.#quote(header)}`;
    this.#faults.push(syntaxFault({ start: header.end, end: header.end }, message));
    this.#addPlaceholder(depth, { kind: 'error', start: header.end, end: header.end }, this.#lines.indexOf(header));
  }

  #addMissingHandler(level: Level): void {
    level.chain = 'none';
    const at = this.#segments.at(-1)?.sourceEnd ?? 0;
    const index = this.#segments.at(-1)?.line ?? 0;
    this.#faults.push(syntaxFault({ start: at, end: at }, 'expected `except` or `finally` after the `try` block'));
    this.#addReplaced(level.depth, 'finally:', { start: at, end: at }, index);
    this.#addPlaceholder(level.depth + 1, { kind: 'error', start: at, end: at }, index);
  }

  #addPlaceholder(depth: number, placeholder: Placeholder, index: number): void {
    this.#placeholders.set(this.#text.length + depth, placeholder);
    this.#addReplaced(depth, '0', placeholder, index);
  }

  #addReplaced(depth: number, text: string, source: TextRange, line: number): void {
    const { start, end } = source;
    this.#segments.push({
      start: this.#text.length + depth,
      sourceStart: start,
      sourceEnd: end,
      isCopy: false,
      line,
    });
    this.#text += `${' '.repeat(depth)}${text}\n`;
  }

  #addText(depth: number, text: string, source: TextRange, line: number): void {
    const { start, end } = source;
    this.#segments.push({ start: this.#text.length + depth, sourceStart: start, sourceEnd: end, isCopy: true, line });
    this.#text += `${' '.repeat(depth)}${text}\n`;
  }

  /** Index after the last line that is indented deeper than the one at `index`. */
  #suiteEnd(index: number): number {
    const { indent } = this.#line(index);
    let end = index + 1;
    while ((this.#lines[end]?.indent ?? -1) > indent) end++;
    return end;
  }

  /** Decorators in a row share what follows them, which is looked for once. */
  #decorates(index: number): boolean {
    const { indent } = this.#line(index);
    const known = this.#decorated;
    if (known !== undefined && index < known.end && known.indent === indent) return known.isDefinition;
    let end = index + 1;
    while (this.#lines[end]?.word === '@' && this.#lines[end]?.indent === indent) end++;
    const next = this.#lines[end];
    const isDefinition = next?.indent === indent && (next.word === 'class' || this.#isFunction(next));
    this.#decorated = { indent, end, isDefinition };
    return isDefinition;
  }

  #isFunction(line: LogicalLine): boolean {
    return line.word === 'def' || (line.word === 'async' && /^async\s+def\b/.test(this.#slice(line)));
  }

  #line(index: number): LogicalLine {
    const line = this.#lines[index];
    invariant(line !== undefined, 'indices of lines are in bounds');
    return line;
  }

  #slice(line: TextRange): string {
    const text = this.#source.slice(line.start, line.end);
    // The grammar knows \n and \r\n as line ends, Python \r alone as well.
    return text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
  }

  /** The line's text; the grammar takes `type(x).y = z` for an alias, so there `type` gets another name. */
  #readable(line: LogicalLine): string {
    const text = this.#slice(line);
    if (line.word !== 'type' || /^type[\s\\]+[\p{L}_]/u.test(text)) return text;
    this.#isRewritten = true;
    return NOT_TYPE + text.slice(NOT_TYPE.length);
  }

  #quote(line: TextRange): string {
    return quote(this.#slice(line));
  }
}

/** Stands in a template for what could not be read; long enough to be no keyword. */
const HOLE = '___';

/** As long as `type`, and no keyword. */
const NOT_TYPE = 'tyPE';

/** A readable header of the same kind, for a line whose suite is to be kept. */
function headerTemplate(word: string, text: string): string | undefined {
  if (word === 'class') {
    const name = /^class\s+([\p{L}_][\p{L}\p{N}_]*)/u.exec(text)?.[1];
    return name === undefined ? undefined : `class ${name}(${HOLE}):`;
  }
  if (word === 'if' || word === 'elif' || word === 'while' || word === 'with' || word === 'except') {
    return `${word} ${HOLE}:`;
  }
  if (word === 'case') return `case ${HOLE}.${HOLE}:`;
  if (word === 'for') return `for ${HOLE} in ${HOLE}:`;
  if (word === 'try' || word === 'else' || word === 'finally') return `${word}:`;
  return undefined;
}

/** The chain after a line, or undefined where the line is a clause that nothing above it allows. */
function nextChain(chain: Chain, word: string, text: string): Chain | undefined {
  switch (word) {
    case 'elif':
      return chain === 'if' ? 'if' : undefined;
    case 'else':
      if (chain === 'if' || chain === 'loop') return 'none';
      return chain === 'except' ? 'tryElse' : undefined;
    case 'except':
      return chain === 'try' || chain === 'except' ? 'except' : undefined;
    case 'finally':
      return chain === 'try' || chain === 'except' || chain === 'tryElse' ? 'none' : undefined;
    case 'if':
    case 'try':
      return word;
    case 'for':
    case 'while':
      return 'loop';
    case 'async':
      return /^async\s+for\b/.test(text) ? 'loop' : 'none';
    default:
      return 'none';
  }
}

function unexpectedIndent(line: TextRange, quoted: string): Fault {
  return syntaxFault(line, `unexpected indent before ${quoted}`);
}

function syntaxFault(range: TextRange, message: string): Fault {
  return { code: 'syntax-error', start: range.start, end: range.end, message };
}
