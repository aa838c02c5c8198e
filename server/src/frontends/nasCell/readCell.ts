/**
 * Reads a cell of any of the three search spaces, told apart by how it begins: "|..." is NAS-Bench-201, {...} or
 * ModelSpec(...) NAS-Bench-101, Genotype(...) DARTS. Never throws on a text.
 */
import type { TextRange } from '../../base/text.ts';
import { isConstantCell } from './cellGraph.ts';
import { readDarts } from './darts.ts';
import { readLiteral } from './literal.ts';
import { readNasBench101 } from './nasBench101.ts';
import { readNasBench201 } from './nasBench201.ts';
import { cellError, type CellProblem, type CellResult } from './nasCell.ts';

/** Longer texts are no cells. */
export const MAX_CELL_LENGTH = 20_000;

export function readCell(text: string): CellResult {
  const start = /^\s*/.exec(text)?.[0].length ?? 0;
  const range = { start: Math.min(start, text.length), end: text.trimEnd().length };
  if (range.end <= range.start) {
    return refused(cellError('nas-cell-syntax', 'there is no cell: the text is empty', { start: 0, end: text.length }));
  }
  if (text.length > MAX_CELL_LENGTH) {
    const message = `a cell has at most ${MAX_CELL_LENGTH} characters; here are ${text.length}`;
    return refused(cellError('nas-cell-size', message, range));
  }
  if (text[range.start] === '|') return withNote(readNasBench201(text), range);
  const result = readLiteral(text);
  if (result.kind === 'problem') return refused(cellError('nas-cell-syntax', result.message, result.range));
  const { literal } = result;
  if (literal.kind === 'record') {
    const keys = new Set(literal.fields.map(({ key }) => key));
    if (literal.name === 'Genotype' || keys.has('normal') || keys.has('reduce')) return readDarts(literal);
    if (literal.name === undefined || literal.name === 'ModelSpec') return readNasBench101(literal);
  }
  const message =
    'this is no cell: neither "|op~0|+|op~0|op~1|+|op~0|op~1|op~2|" (NAS-Bench-201), ' +
    '{"matrix": ..., "operations": ...} (NAS-Bench-101) nor Genotype(...) (DARTS)';
  return refused(cellError('nas-cell-syntax', message, range));
}

/** That a cell is read all the same where no path leads through it. */
function withNote(result: CellResult, range: TextRange): CellResult {
  if (result.kind === 'problem' || !isConstantCell(result.cell)) return result;
  const message =
    'no path leads from the input to the output: the network answers the same for every image, so its accuracy is that of chance';
  const note: CellProblem = { code: 'nas-cell-disconnected', severity: 'information', message, range };
  return { ...result, problems: [...result.problems, note] };
}

function refused(problem: CellProblem): CellResult {
  return { kind: 'problem', problems: [problem] };
}
