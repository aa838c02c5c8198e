/**
 * Cells as graphs with operations on nodes, as predictors read them: node 0 is the input, the last one the output, nodes
 * in topological order. Nodes that give zeros (`none`) and nodes off every input-output path are left out.
 * "|skip_connect~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|" -> input, conv3x3, output; 0->1, 1->2.
 */
import { assertNever } from '../../base/assert.ts';
import { EDGES_201 } from './nasBench201.ts';
import type { CellOperation, DartsHalf, NasBench101Cell, NasBench201Cell, NasCell } from './nasCell.ts';

/** `inputBefore` is the output of the cell before the last one, `sum` a state of DARTS. */
export type CellNode = CellOperation | 'input' | 'inputBefore' | 'sum' | 'output';
export type CellEdge = readonly [from: number, to: number];

export interface CellGraph {
  readonly nodes: readonly CellNode[];
  /** Ascending by target, then by source; from < to. */
  readonly edges: readonly CellEdge[];
  /** By node: the place of its operation in the cell as it was read, for its work in the network (undefined: none). */
  readonly places: readonly (number | undefined)[];
}

/** The graphs of a cell: one, or for DARTS the normal and the reduction cell. */
export function cellGraphs(cell: NasCell): readonly CellGraph[] {
  return fullCellGraphs(cell).map(keepPaths);
}

/** As `cellGraphs`, with every node that the network runs: `none` and what leads nowhere, too. */
export function fullCellGraphs(cell: NasCell): readonly CellGraph[] {
  switch (cell.kind) {
    case 'nas-bench-201':
      return [full201(cell)];
    case 'nas-bench-101':
      return [full101(cell)];
    case 'darts':
      return [fullDarts(cell.normal, 0), fullDarts(cell.reduce, cell.normal.edges.length)];
    default:
      return assertNever(cell);
  }
}

/**
 * Whether the network certainly answers the same for every image: a cell of NAS-Bench-201 through which no path leads, since nothing
 * leads around it there. Nothing is claimed of the other spaces.
 */
export function isConstantCell(cell: NasCell): boolean {
  return cell.kind === 'nas-bench-201' && keepPaths(full201(cell)).edges.length === 0;
}

/** Nodes on a path from node 0 to the last one, ascending; empty where there is none. */
export function nodesOnPaths(count: number, edges: readonly CellEdge[]): readonly number[] {
  const last = count - 1;
  return onPaths(count, edges, [0], last);
}

function onPaths(count: number, edges: readonly CellEdge[], starts: readonly number[], end: number): readonly number[] {
  const forward = Array.from({ length: count }, (_, node) => starts.includes(node));
  const backward = Array.from({ length: count }, (_, node) => node === end);
  const sorted = [...edges].sort((a, b) => a[0] - b[0]);
  for (const [from, to] of sorted) if (forward[from] === true) forward[to] = true;
  for (const [from, to] of sorted.reverse()) if (backward[to] === true) backward[from] = true;
  const kept = forward.flatMap((isReached, node) => (isReached && backward[node] === true ? [node] : []));
  return kept.includes(end) && starts.some((start) => kept.includes(start)) ? kept : [];
}

/** The line graph of the four nodes: an operation feeds those that read the node it ends in. */
function full201({ operations }: NasBench201Cell): CellGraph {
  const last = operations.length + 1;
  const edges: CellEdge[] = [];
  EDGES_201.forEach(([from, to], index) => {
    if (from === 0) edges.push([0, index + 1]);
    EDGES_201.forEach(([otherFrom], other) => {
      if (otherFrom === to) edges.push([index + 1, other + 1]);
    });
    if (to === 3) edges.push([index + 1, last]);
  });
  return {
    nodes: ['input', ...operations, 'output'],
    edges: sortEdges(edges),
    places: [undefined, ...operations.map((_, index) => index), undefined],
  };
}

function full101({ matrix, operations }: NasBench101Cell): CellGraph {
  const edges = matrix.flatMap((row, from) => row.flatMap((isEdge, to) => (isEdge ? [[from, to] as const] : [])));
  return {
    nodes: ['input', ...operations, 'output'],
    edges: sortEdges(edges),
    places: [undefined, ...operations.map((_, index) => index), undefined],
  };
}

/** Node 0 is the last cell's output (state 1), node 1 the one before (state 0); then two edges and a sum a state. */
function fullDarts({ edges: given, concat }: DartsHalf, firstPlace: number): CellGraph {
  const nodes: CellNode[] = ['input', 'inputBefore'];
  const places: (number | undefined)[] = [undefined, undefined];
  const states = [1, 0];
  const edges: CellEdge[] = [];
  for (let i = 0; i < given.length; i += 2) {
    const sum = nodes.length + 2;
    for (const index of [i, i + 1]) {
      const { operation = 'none', from = 0 } = given[index] ?? {};
      edges.push([states[from] ?? 0, nodes.length], [nodes.length, sum]);
      nodes.push(operation);
      places.push(firstPlace + index);
    }
    states.push(sum);
    nodes.push('sum');
    places.push(undefined);
  }
  for (const state of new Set(concat)) edges.push([states[state] ?? 0, nodes.length]);
  return { nodes: [...nodes, 'output'], edges: sortEdges(edges), places: [...places, undefined] };
}

/** Input and output always stay, so that an empty cell is two nodes without an edge. */
function keepPaths(graph: CellGraph): CellGraph {
  const { nodes, edges, places } = graph;
  const last = nodes.length - 1;
  const isZero = (node: number): boolean => nodes[node] === 'none';
  const alive = edges.filter(([from, to]) => !isZero(from) && !isZero(to));
  const starts = nodes.flatMap((node, index) => (node === 'input' || node === 'inputBefore' ? [index] : []));
  const kept = [...new Set([...starts, ...onPaths(nodes.length, alive, starts, last), last])].sort((a, b) => a - b);
  const place = new Map(kept.map((node, index) => [node, index]));
  return {
    nodes: kept.map((node) => nodes[node] ?? 'none'),
    edges: alive.flatMap(([from, to]) => {
      const [newFrom, newTo] = [place.get(from), place.get(to)];
      return newFrom === undefined || newTo === undefined ? [] : [[newFrom, newTo] as const];
    }),
    places: kept.map((node) => places[node]),
  };
}

function sortEdges(edges: readonly CellEdge[]): readonly CellEdge[] {
  return [...edges].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}
