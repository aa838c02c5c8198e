/**
 * Groups logical lines into top-level statements: decorators with what they decorate, headers with their suites,
 * `if` with its `elif` and `else`.
 *   "@d\ndef f():\n    pass\nx = 1" -> lines 0-2, line 3
 */
import { CLAUSE_WORDS, COMPOUND_WORDS, shiftLine } from './logicalLine.ts';
import type { LogicalLine } from './logicalLine.ts';
import type { ChunkSource } from './parsedChunk.ts';

/** A chunk's text, lines counted from its start, and where it stands. */
export interface PlacedSource extends ChunkSource {
  readonly start: number;
  readonly end: number;
}

export function splitChunks(text: string, lines: readonly LogicalLine[]): PlacedSource[] {
  const chunks: PlacedSource[] = [];
  let from = 0;
  let group: Group | undefined;
  for (const [index, line] of lines.entries()) {
    const next = group && join(group, line);
    if (!next && index > from) {
      chunks.push(chunkOf(text, lines.slice(from, index)));
      from = index;
    }
    group = next ?? { indent: line.indent, head: line.word, isDecorators: line.word === '@', opens: opens(line) };
  }
  if (lines.length > from) chunks.push(chunkOf(text, lines.slice(from)));
  return chunks;
}

/** What has been gathered of a chunk. */
interface Group {
  readonly indent: number;
  /** First word of the statement, decorators left out. */
  readonly head: string;
  /** Whether there are only decorators yet. */
  readonly isDecorators: boolean;
  /** Whether deeper lines belong to it. */
  readonly opens: boolean;
}

/** The group with the line in it, or undefined where the line begins another one. */
function join(group: Group, line: LogicalLine): Group | undefined {
  if (line.indent > group.indent) return group.opens ? { ...group, isDecorators: false } : undefined;
  if (line.indent < group.indent) return undefined;
  if (group.isDecorators) {
    if (line.word === '@') return group;
    const isDefinition = line.word === 'def' || line.word === 'class' || line.word === 'async';
    return isDefinition ? { ...group, head: line.word, isDecorators: false, opens: true } : undefined;
  }
  const continues = CLAUSE_WORDS.has(line.word) && CONTINUED.has(group.head);
  return continues ? { ...group, opens: true } : undefined;
}

const CONTINUED: ReadonlySet<string> = new Set(['if', 'for', 'while', 'try', 'async', ...CLAUSE_WORDS]);

/** A header that lacks its colon, or is broken, still has the suite that stands below it. */
function opens(line: LogicalLine): boolean {
  return line.opensSuite || line.fault !== undefined || COMPOUND_WORDS.has(line.word);
}

function chunkOf(text: string, lines: readonly LogicalLine[]): PlacedSource {
  const start = lines[0]?.start ?? 0;
  const end = lines.at(-1)?.end ?? start;
  return { start, end, text: text.slice(start, end), lines: lines.map((line) => shiftLine(line, -start)) };
}
