/**
 * Reads a NAS-Bench-101 cell (Ying et al., 2019): an upper triangular 0/1 matrix and an operation a vertex, as JSON
 * {"matrix": [[0, 1], [0, 0]], "operations": ["input", "output"]} or as Python's ModelSpec(matrix=[...], ops=[...]).
 * Vertices off every path from input to output are pruned, as the benchmark prunes them.
 */
import type { TextRange } from '../../base/text.ts';
import type { Literal } from './literal.ts';
import { cellError, cellResult, type CellOperation, type CellProblem, type CellResult } from './nasCell.ts';
import { nodesOnPaths } from './cellGraph.ts';

const OPERATIONS: ReadonlyMap<string, CellOperation> = new Map([
  ['conv1x1-bn-relu', 'conv1x1'],
  ['conv3x3-bn-relu', 'conv3x3'],
  ['maxpool3x3', 'maxPool3x3'],
  // The names of the benchmark's own examples.
  ['CONV1X1', 'conv1x1'],
  ['CONV3X3', 'conv3x3'],
  ['MAXPOOL3X3', 'maxPool3x3'],
]);
const INPUT = new Set(['input', 'INPUT']);
const OUTPUT = new Set(['output', 'OUTPUT']);

const MATRIX_KEYS = ['matrix', 'module_adjacency', 'adjacency'];
const OPERATION_KEYS = ['operations', 'ops', 'module_operations'];

/** The benchmark's own bounds; beyond them a cell can be built, but was never measured. */
const MAX_VERTICES = 7;
const MAX_EDGES = 9;
/** What we read at the most. */
const VERTEX_LIMIT = 64;

interface Vertex {
  readonly name: string;
  readonly range: TextRange;
}

export function readNasBench101(record: Extract<Literal, { kind: 'record' }>): CellResult {
  const problems: CellProblem[] = [];
  const at = (keys: readonly string[], position: number): Literal | undefined =>
    unwrapped(record.fields.find(({ key }) => keys.includes(key))?.value ?? record.positional[position]);
  const matrixLiteral = at(MATRIX_KEYS, 0);
  const operationsLiteral = at(OPERATION_KEYS, 1);
  if (matrixLiteral === undefined || operationsLiteral === undefined) {
    const missing = matrixLiteral === undefined ? 'matrix' : 'operations';
    return cellResultOf(problems, cellError('nas-cell-syntax', `the cell has no "${missing}"`, record.range));
  }
  const vertices = readVertices(operationsLiteral, problems);
  const matrix = readMatrix(matrixLiteral, problems);
  if (vertices === undefined || matrix === undefined || problems.length > 0) return { kind: 'problem', problems };
  if (vertices.length !== matrix.length) {
    const message = `the matrix has ${matrix.length} rows, but there are ${vertices.length} operations`;
    return cellResultOf(problems, cellError('nas-cell-size', message, operationsLiteral.range));
  }
  const operations = readOperations(vertices, problems);
  const kept = nodesOnPaths(matrix.length, edgesOf(matrix));
  if (kept.length === 0) {
    const message = 'no path leads from the input, vertex 0, to the output, the last vertex';
    return cellResultOf(problems, cellError('nas-cell-disconnected', message, matrixLiteral.range));
  }
  noteSize(matrix, matrixLiteral.range, problems);
  notePruned(kept, vertices, problems);
  const pruned = kept.map((i) => kept.map((j) => matrix[i]?.[j] ?? false));
  const inner = kept.slice(1, -1).map((i) => operations[i - 1] ?? 'none');
  return cellResult({ kind: 'nas-bench-101', matrix: pruned, operations: inner }, problems);
}

/** What `np.array([[0, 1], [0, 0]])` is made of. */
function unwrapped(literal: Literal | undefined): Literal | undefined {
  if (literal?.kind !== 'record' || !['array', 'asarray', 'list', 'tuple'].includes(literal.name ?? '')) return literal;
  return literal.positional[0] ?? literal;
}

export function edgesOf(matrix: readonly (readonly boolean[])[]): readonly (readonly [number, number])[] {
  return matrix.flatMap((row, from) => row.flatMap((isEdge, to) => (isEdge ? [[from, to] as const] : [])));
}

function readVertices(literal: Literal, problems: CellProblem[]): readonly Vertex[] | undefined {
  if (literal.kind !== 'list') {
    problems.push(cellError('nas-cell-syntax', 'the operations are a list of names', literal.range));
    return undefined;
  }
  return literal.items.flatMap((item) => {
    if (item.kind === 'text' || item.kind === 'name') return [{ name: item.value, range: item.range }];
    problems.push(cellError('nas-cell-syntax', 'an operation is a name', item.range));
    return [];
  });
}

function readMatrix(literal: Literal, problems: CellProblem[]): readonly (readonly boolean[])[] | undefined {
  if (literal.kind !== 'list') {
    problems.push(cellError('nas-cell-syntax', 'the matrix is a list of rows', literal.range));
    return undefined;
  }
  const size = literal.items.length;
  if (size < 2 || size > VERTEX_LIMIT) {
    const message = `a cell has 2 to ${VERTEX_LIMIT} vertices (input and output among them), not ${size}`;
    problems.push(cellError('nas-cell-size', message, literal.range));
    return undefined;
  }
  return literal.items.map((row, from) => {
    if (row.kind !== 'list') {
      problems.push(cellError('nas-cell-syntax', `row ${from} of the matrix is no list`, row.range));
      return [];
    }
    if (row.items.length !== size) {
      const message = `row ${from} has ${row.items.length} entries in a matrix of ${size} rows`;
      problems.push(cellError('nas-cell-size', message, row.range));
      return [];
    }
    return row.items.map((entry, to) => readEntry(entry, from, to, problems));
  });
}

function readEntry(entry: Literal, from: number, to: number, problems: CellProblem[]): boolean {
  const value = entry.kind === 'name' ? { true: 1, True: 1, false: 0, False: 0 }[entry.value] : undefined;
  const number = entry.kind === 'number' ? entry.value : value;
  if (number !== 0 && number !== 1) {
    problems.push(cellError('nas-cell-edge', `entry [${from}][${to}] of the matrix must be 0 or 1`, entry.range));
    return false;
  }
  if (number === 1 && from >= to) {
    const message =
      from === to
        ? `vertex ${from} reads itself: the matrix must be upper triangular`
        : `an edge leads from vertex ${from} back to vertex ${to}: the matrix must be upper triangular`;
    problems.push(cellError('nas-cell-edge', message, entry.range));
  }
  return number === 1;
}

function readOperations(vertices: readonly Vertex[], problems: CellProblem[]): readonly CellOperation[] {
  const [first] = vertices;
  const last = vertices.at(-1);
  if (first !== undefined && !INPUT.has(first.name)) {
    problems.push(cellError('nas-cell-operation', `the first operation is "input", not ${quote(first)}`, first.range));
  }
  if (last !== undefined && !OUTPUT.has(last.name)) {
    problems.push(cellError('nas-cell-operation', `the last operation is "output", not ${quote(last)}`, last.range));
  }
  return vertices.slice(1, -1).map((vertex) => {
    const operation = OPERATIONS.get(vertex.name);
    if (operation === undefined) {
      const known = [...OPERATIONS.keys()].slice(0, 3).join(', ');
      const message = `${quote(vertex)} is no operation of NAS-Bench-101; they are ${known}`;
      problems.push(cellError('nas-cell-operation', message, vertex.range));
    }
    return operation ?? 'none';
  });
}

function noteSize(matrix: readonly (readonly boolean[])[], range: TextRange, problems: CellProblem[]): void {
  const edges = edgesOf(matrix).length;
  if (matrix.length <= MAX_VERTICES && edges <= MAX_EDGES) return;
  const message =
    `NAS-Bench-101 has cells of at most ${MAX_VERTICES} vertices and ${MAX_EDGES} edges; ` +
    `this one has ${matrix.length} and ${edges}, and is read all the same`;
  problems.push({ code: 'nas-cell-size', severity: 'information', message, range });
}

function notePruned(kept: readonly number[], vertices: readonly Vertex[], problems: CellProblem[]): void {
  for (const [index, vertex] of vertices.entries()) {
    if (kept.includes(index)) continue;
    const message = `vertex ${index}, ${quote(vertex)}, lies on no path from input to output and is left out`;
    problems.push({ code: 'nas-cell-disconnected', severity: 'information', message, range: vertex.range });
  }
}

function cellResultOf(problems: readonly CellProblem[], last: CellProblem): CellResult {
  return { kind: 'problem', problems: [...problems, last] };
}

function quote({ name }: Vertex): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}...` : name);
}
