/**
 * Python text -> {@link SyntaxModule}, whole or from the version before: then only the statements around the edit are
 * cut and read anew, and all others stay the same objects. Statements are read when first asked for.
 *   parse("m.py", "import torch\nx = torch.zeros(3") -> 2 chunks, problem: `(` was never closed
 */
import { textProblem } from '../base/problems.ts';
import type { Problem } from '../base/problems.ts';
import type { TextRange } from '../base/text.ts';
import type { Directive, PlacedChunk, SyntaxModule } from './ast.ts';
import { CLAUSE_WORDS } from './logicalLine.ts';
import { indentOf, ParsedChunk } from './parsedChunk.ts';
import type { ReadingContext } from './parsedChunk.ts';
import { scanLines } from './scanLines.ts';
import { shiftBetween } from './shift.ts';
import { splitChunks } from './splitChunks.ts';
import type { PlacedSource } from './splitChunks.ts';
import { createTreeSitter } from './treeSitter.ts';
import type { TreeSitter, WasmFiles } from './treeSitter.ts';

export interface PythonParser {
  /**
   * Parses one version of a file; `previous` is any earlier version of it. Never throws on what the text holds.
   * Problems: `syntax-error`, `nesting-too-deep`, `file-too-large`.
   */
  parse(file: string, text: string, previous?: SyntaxModule): SyntaxModule;
}

/** Longest text that is read, in UTF-16 units; the longest hand-written modules have below half a million. */
export const MAX_TEXT_LENGTH = 2 ** 21;
const MAX_LINES = 100_000;
const MAX_PROBLEMS = 200;
/** Lines and rounds that may be tested in search of mistakes, a version. */
const REPAIR_BUDGET = 3000;

/** Loads the grammar; the parser is synchronous then. The host passes the bytes of the two wasm files. */
export async function createPythonParser(files: WasmFiles): Promise<PythonParser> {
  const treeSitter = await createTreeSitter(files);
  return {
    parse: (file, text, previous) => {
      if (text.length > MAX_TEXT_LENGTH) return tooLarge(file, text, `${text.length} characters`);
      return parse(treeSitter, file, text, previous instanceof ParsedModule ? previous : undefined);
    },
  };
}

interface PlacedParsedChunk extends PlacedChunk {
  readonly chunk: ParsedChunk;
}

class ParsedModule implements SyntaxModule {
  readonly file: string;
  readonly text: string;
  readonly chunks: readonly PlacedParsedChunk[];
  readonly directives: readonly Directive[];
  /** Whether the cutting depends on what stands far away. */
  readonly isGuess: boolean;
  #problems: readonly Problem[] | undefined;

  constructor(file: string, text: string, cut: CutText, isGuess: boolean) {
    this.file = file;
    this.text = text;
    this.chunks = cut.chunks;
    this.directives = cut.directives;
    this.isGuess = isGuess;
  }

  get problems(): readonly Problem[] {
    return (this.#problems ??= this.#findProblems());
  }

  #findProblems(): readonly Problem[] {
    const problems: Problem[] = [];
    for (const { start, chunk } of this.chunks) {
      problems.push(...problemsOf(this.file, start, chunk));
      if (problems.length >= MAX_PROBLEMS) return problems.slice(0, MAX_PROBLEMS);
    }
    return problems;
  }
}

interface CutText {
  readonly chunks: readonly PlacedParsedChunk[];
  readonly directives: readonly Directive[];
}

function parse(treeSitter: TreeSitter, file: string, text: string, previous: ParsedModule | undefined): SyntaxModule {
  const context: ReadingContext = { treeSitter, budget: { linesLeft: REPAIR_BUDGET } };
  if (!previous) return parseWhole(context, file, text);
  if (previous.text === text && previous.file === file) return previous;
  return parseEdited(context, file, text, previous);
}

function parseWhole(context: ReadingContext, file: string, text: string): SyntaxModule {
  const { lines, directives, isGuess } = scanLines(text, 0, () => false);
  if (lines.length > MAX_LINES) return tooLarge(file, text, `${lines.length} statements`);
  const chunks = splitChunks(text, lines).map((source) => placed(source, ParsedChunk.of(context, source)));
  return new ParsedModule(
    file,
    text,
    { chunks, directives: directives.map((range) => directive(text, range)) },
    isGuess,
  );
}

function parseEdited(context: ReadingContext, file: string, text: string, previous: ParsedModule): SyntaxModule {
  const edit = shiftBetween(previous.text, text);
  const { chunks } = previous;
  // Statements before the edit stay, but for the last: the edit may belong to it (an `else:`, say).
  const touched = firstIndex(chunks, ({ end }) => end >= edit.start);
  const faulty = chunks.findIndex(({ chunk }) => chunk.hasScannerFault);
  const nearest = previous.isGuess ? 0 : Math.max(0, Math.min(touched - 1, faulty < 0 ? touched : faulty - 1));
  const first = firstOfLine(previous.text, chunks, nearest);
  const from = first === 0 ? 0 : lineStart(text, chunks[first]?.start ?? 0);

  const later = firstIndex(chunks, ({ start }) => start >= edit.end);
  let resumed = chunks.length;
  const scanned = scanLines(text, from, (start, lastLine) => {
    if (previous.isGuess || start < edit.end + edit.delta) return false;
    const index = indexAt(chunks, start - edit.delta, later);
    // What is decorated or continued now may not have been before.
    if (index < 0 || lastLine?.word === '@' || startsWithClause(chunks[index])) return false;
    // The scanner asks at column 0: what followed a semicolon on an indented line no longer does.
    if (chunks[index]?.chunk.indent !== 0) return false;
    resumed = index;
    return true;
  });
  if (scanned.isGuess || scanned.lines.length > MAX_LINES) return parseAnew(context, file, text, previous);

  const kept = chunks.slice(0, first);
  const sources = splitChunks(text, scanned.lines);
  const replaced = chunks.slice(first, resumed);
  const fresh = reuse(context, sources, replaced);
  const shifted = chunks.slice(resumed).map((chunk) => moved(chunk, edit.delta));
  const directives = [
    ...previous.directives.filter(({ start }) => start < from),
    ...scanned.directives.map((range) => directive(text, range)),
    ...previous.directives
      .filter(({ start }) => start + edit.delta >= scanned.end && resumed < chunks.length)
      .map((range) => ({ ...range, start: range.start + edit.delta, end: range.end + edit.delta })),
  ];
  return new ParsedModule(file, text, { chunks: [...kept, ...fresh, ...shifted], directives }, false);
}

/** Cuts the whole text, and takes over what is the same as in the version before. */
function parseAnew(context: ReadingContext, file: string, text: string, previous: ParsedModule): SyntaxModule {
  const { lines, directives, isGuess } = scanLines(text, 0, () => false);
  if (lines.length > MAX_LINES) return tooLarge(file, text, `${lines.length} statements`);
  const chunks = reuse(context, splitChunks(text, lines), previous.chunks);
  return new ParsedModule(
    file,
    text,
    { chunks, directives: directives.map((range) => directive(text, range)) },
    isGuess,
  );
}

/** Chunks for `sources`, which take the place of `before`: the same objects where the text is the same. */
function reuse(
  context: ReadingContext,
  sources: readonly PlacedSource[],
  before: readonly PlacedParsedChunk[],
): PlacedParsedChunk[] {
  const byText = new Map<string, PlacedParsedChunk[]>();
  for (const old of before.toReversed()) pushTo(byText, sameness(old.chunk.text, old.chunk.indent), old);
  const same = sources.map((source) => byText.get(sameness(source.text, indentOf(source)))?.pop());
  const taken = new Set(same);
  const rest = before.filter((old) => !taken.has(old));
  const changed = sources.filter((_, index) => !same[index]);
  const predecessors = matchPredecessors(changed, rest);
  return sources.map((source, index) => {
    const old = same[index];
    if (old) return old.start === source.start ? old : placed(source, old.chunk);
    const detached = { ...source, text: detach(source.text) };
    return placed(source, ParsedChunk.after(context, detached, predecessors.get(source)));
  });
}

/** Chunks of equal text at the same column read the same. */
function sameness(text: string, indent: number): string {
  return `${indent}:${text}`;
}

/** The chunk that each changed one was before: the definition of the same name, or the one in the same place. */
function matchPredecessors(
  changed: readonly PlacedSource[],
  before: readonly PlacedParsedChunk[],
): ReadonlyMap<PlacedSource, ParsedChunk> {
  const matches = new Map<PlacedSource, ParsedChunk>();
  const free = new Set(before);
  for (const source of changed) {
    const name = definedName(source.text);
    const match = name === undefined ? undefined : before.find((old) => free.has(old) && nameOf(old) === name);
    if (!match) continue;
    free.delete(match);
    matches.set(source, match.chunk);
  }
  const unmatched = changed.filter((source) => !matches.has(source));
  const left = before.filter((old) => free.has(old));
  if (unmatched.length !== left.length) return matches;
  for (const [index, source] of unmatched.entries()) {
    const old = left[index];
    if (old) matches.set(source, old.chunk);
  }
  return matches;
}

/** The name that a text seems to define: `@d\nclass A(B` -> "A". */
function definedName(text: string): string | undefined {
  return /^(?:@[^\n]*\s+)*(?:async\s+)?(?:def|class)\s+([\p{L}\p{N}_]+)/u.exec(text)?.[1];
}

function nameOf({ chunk }: PlacedParsedChunk): string | undefined {
  return definedName(chunk.source.text);
}

function startsWithClause(placedChunk: PlacedParsedChunk | undefined): boolean {
  // By the text of now: the source of a stale chunk is the last good one.
  return CLAUSE_WORDS.has(/^\w+/.exec(placedChunk?.chunk.text ?? '')?.[0] ?? '');
}

function problemsOf(file: string, base: number, chunk: ParsedChunk): Problem[] {
  const { faults } = chunk;
  return faults.map(({ code, message, start, end }) => {
    const instead = chunk.isStale ? '; its last good version is used' : '';
    return textProblem(code, 'error', message + instead, { file, start: base + start, end: base + end });
  });
}

function tooLarge(file: string, text: string, size: string): SyntaxModule {
  const message = `the file is too large to be read: it has ${size}, and at most ${MAX_TEXT_LENGTH} characters and ${MAX_LINES} statements are read`;
  const problem = textProblem('file-too-large', 'error', message, { file, start: 0, end: 0 });
  return { file, text, chunks: [], directives: [], problems: [problem] };
}

function directive(text: string, range: TextRange): Directive {
  const comment = text.slice(range.start, range.end);
  return { ...range, text: comment.slice(comment.indexOf(':') + 1).trim() };
}

function placed(source: PlacedSource, chunk: ParsedChunk): PlacedParsedChunk {
  return { start: source.start, end: source.end, chunk };
}

function moved(placedChunk: PlacedParsedChunk, delta: number): PlacedParsedChunk {
  if (delta === 0) return placedChunk;
  return { start: placedChunk.start + delta, end: placedChunk.end + delta, chunk: placedChunk.chunk };
}

/** A chunk after a semicolon is cut with its whole line, whose indentation it has: the index of the line's first. */
function firstOfLine(text: string, chunks: readonly PlacedParsedChunk[], index: number): number {
  let first = index;
  while (first > 0) {
    const start = lineStart(text, chunks[first]?.start ?? 0);
    if (start === 0 || /[\n\r]/.test(text.charAt(start - 1))) return first;
    first--;
  }
  return 0;
}

/** Start of the physical line's text before `offset`, as far as it is only blank. */
function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[ \t\f]/.test(text.charAt(start - 1))) start--;
  return start;
}

function firstIndex(chunks: readonly PlacedParsedChunk[], condition: (chunk: PlacedParsedChunk) => boolean): number {
  const index = chunks.findIndex(condition);
  return index < 0 ? chunks.length : index;
}

/** Index of the chunk that starts at `start`, looked for from `from` on; -1 if there is none. */
function indexAt(chunks: readonly PlacedParsedChunk[], start: number, from: number): number {
  let low = from;
  let high = chunks.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = chunks[middle]?.start ?? 0;
    if (at === start) return middle;
    if (at < start) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function pushTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

/** A copy that does not keep the whole file's text in memory, as a slice does in V8. */
function detach(text: string): string {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; start += COPIED_AT_ONCE) {
    const units: number[] = [];
    const end = Math.min(start + COPIED_AT_ONCE, text.length);
    for (let i = start; i < end; i++) units.push(text.charCodeAt(i));
    pieces.push(String.fromCharCode(...units));
  }
  return pieces.join('');
}

const COPIED_AT_ONCE = 4096;
