/**
 * Cells of neural architecture search as they are written: what the three readers give, and their problems.
 * "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_1x1~2|" is a cell of NAS-Bench-201.
 */
import type { Severity } from '../../base/problems.ts';
import type { TextRange } from '../../base/text.ts';

/** Operations of the three search spaces under one name each; `none` gives zeros. */
export type CellOperation =
  | 'none'
  | 'skip'
  | 'conv1x1'
  | 'conv3x3'
  | 'avgPool3x3'
  | 'maxPool3x3'
  | 'sepConv3x3'
  | 'sepConv5x5'
  | 'sepConv7x7'
  | 'dilConv3x3'
  | 'dilConv5x5'
  | 'conv7x1And1x7';

/** NAS-Bench-201: four nodes, an operation on each edge j -> i, j < i; a node is the sum of what comes in. */
export interface NasBench201Cell {
  readonly kind: 'nas-bench-201';
  /** Of the edges 0->1, 0->2, 1->2, 0->3, 1->3, 2->3. */
  readonly operations: readonly CellOperation[];
}

/** NAS-Bench-101: operations on vertices; vertex 0 is the input, the last one the output. Pruned to input-output paths. */
export interface NasBench101Cell {
  readonly kind: 'nas-bench-101';
  /** matrix[i][j] is true for an edge i -> j; upper triangular. */
  readonly matrix: readonly (readonly boolean[])[];
  /** Of the inner vertices: one fewer at each end than the matrix has rows. */
  readonly operations: readonly CellOperation[];
}

/** One of DARTS' two cells: states 0 and 1 are the outputs of the two cells before; two edges make each further state. */
export interface DartsHalf {
  readonly edges: readonly { readonly operation: CellOperation; readonly from: number }[];
  /** States that are concatenated to the cell's output. */
  readonly concat: readonly number[];
}

export interface DartsCell {
  readonly kind: 'darts';
  readonly normal: DartsHalf;
  readonly reduce: DartsHalf;
}

export type NasCell = NasBench201Cell | NasBench101Cell | DartsCell;

/** A place within the cell's own text, which the caller moves to where that text stands. */
export interface CellProblem {
  readonly code: 'nas-cell-syntax' | 'nas-cell-operation' | 'nas-cell-size' | 'nas-cell-edge' | 'nas-cell-disconnected';
  readonly severity: Severity;
  readonly message: string;
  readonly range: TextRange;
}

export type CellResult =
  /** What is remarkable but no mistake (vertices that were pruned) stands in `problems`. */
  | { readonly kind: 'cell'; readonly cell: NasCell; readonly problems: readonly CellProblem[] }
  | { readonly kind: 'problem'; readonly problems: readonly CellProblem[] };

export function cellError(code: CellProblem['code'], message: string, range: TextRange): CellProblem {
  return { code, severity: 'error', message, range };
}

/** A cell where nothing is wrong beyond notes, else the problems alone. */
export function cellResult(cell: NasCell, problems: readonly CellProblem[]): CellResult {
  return problems.some(({ severity }) => severity === 'error')
    ? { kind: 'problem', problems }
    : { kind: 'cell', cell, problems };
}
