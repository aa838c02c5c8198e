/**
 * What the network reads of one graph, and who sees whom in it: neighbour lists of the relations, for several graphs that
 * stand one after the other in one batch. Lists are written into the kernels' memory, without objects in between.
 */
import type { CellEdge } from '../frontends/nasCell/cellGraph.ts';
import type { OperationWork } from './cellWork.ts';
import type { Kernels, Offset } from './kernels.ts';

export interface GraphInput {
  /** By node: its kind, an index of VOCABULARY. */
  readonly operations: readonly number[];
  /** From a lower to a higher node, each once. */
  readonly edges: readonly CellEdge[];
  readonly nodeWork: readonly OperationWork[];
}

/** Row i sees itself and: its children, its parents, who shares a parent, who shares a child, every node of its graph. */
export const RELATIONS = ['A', 'AT', 'ATA', 'AAT', 'all'] as const;
export type Relation = (typeof RELATIONS)[number];

/** Lists by row: those of row i are columns[starts[i]] to columns[starts[i + 1] - 1]. Offsets of int32 in the memory. */
export interface Lists {
  starts: Offset;
  columns: Offset;
  rowCapacity: number;
  columnCapacity: number;
}

export function emptyLists(): Lists {
  return { starts: 0, columns: 0, rowCapacity: -1, columnCapacity: -1 };
}

/** Buffers for adjacency in both directions, kept from call to call. */
export class Adjacency {
  #rowCount = 0;
  #childStarts = new Int32Array(64);
  #parentStarts = new Int32Array(64);
  #children = new Int32Array(64);
  #parents = new Int32Array(64);
  #cursors = new Int32Array(64);
  /** By row: the last row whose list it was put into. */
  #seenBy = new Int32Array(64);
  /** By row: the first row of its graph, and the first one after it. */
  #graphStart = new Int32Array(64);
  #graphEnd = new Int32Array(64);
  #hasToken = false;

  get rowCount(): number {
    return this.#rowCount;
  }

  /** Reads the edges of a batch; with a token, each graph has a row of its own before its nodes. */
  read(graphs: readonly GraphInput[], hasToken: boolean): void {
    const extra = hasToken ? 1 : 0;
    let rows = 0;
    let edgeCount = 0;
    for (const { operations, edges } of graphs) {
      rows += operations.length + extra;
      edgeCount += edges.length;
    }
    this.#rowCount = rows;
    this.#hasToken = hasToken;
    this.#grow(rows + 1, edgeCount);
    this.#childStarts.fill(0, 0, rows + 1);
    this.#parentStarts.fill(0, 0, rows + 1);
    let first = 0;
    for (const { operations, edges } of graphs) {
      const end = first + operations.length + extra;
      this.#graphStart.fill(first, first, end);
      this.#graphEnd.fill(end, first, end);
      for (const [from, to] of edges) {
        increment(this.#childStarts, first + extra + from + 1);
        increment(this.#parentStarts, first + extra + to + 1);
      }
      first = end;
    }
    for (let row = 0; row < rows; row++) {
      this.#childStarts[row + 1] = at(this.#childStarts, row) + at(this.#childStarts, row + 1);
      this.#parentStarts[row + 1] = at(this.#parentStarts, row) + at(this.#parentStarts, row + 1);
    }
    this.#fill(graphs, extra, 'children');
    this.#fill(graphs, extra, 'parents');
  }

  /** Writes children or parents alone, for the feed-forward part. */
  writeNeighbours(kernels: Kernels, lists: Lists, relation: 'A' | 'AT'): void {
    const [starts, columns] = this.#direction(relation);
    const count = at(starts, this.#rowCount);
    reserve(kernels, lists, this.#rowCount + 1, count);
    const { integers } = kernels.memory();
    for (let row = 0; row <= this.#rowCount; row++) integers[lists.starts / 4 + row] = at(starts, row);
    for (let i = 0; i < count; i++) integers[lists.columns / 4 + i] = at(columns, i);
  }

  /** Writes whom each row sees, itself first, and gives the longest list. */
  writeMask(kernels: Kernels, lists: Lists, relation: Relation): number {
    reserve(kernels, lists, this.#rowCount + 1, this.#visit(relation, undefined, 0));
    const { integers } = kernels.memory();
    const starts = lists.starts / 4;
    this.#visit(relation, integers, lists.columns / 4, starts);
    let longest = 0;
    for (let row = 0; row < this.#rowCount; row++) {
      longest = Math.max(longest, at(integers, starts + row + 1) - at(integers, starts + row));
    }
    return longest;
  }

  /** Counts the entries of all lists, and writes them where there is somewhere to write. */
  #visit(relation: Relation, target: Int32Array | undefined, columnsAt: number, startsAt = 0): number {
    this.#seenBy.fill(-1, 0, this.#rowCount);
    let count = 0;
    const see = (row: number, other: number): void => {
      if (at(this.#seenBy, other) === row) return;
      this.#seenBy[other] = row;
      if (target !== undefined) target[columnsAt + count] = other;
      count++;
    };
    for (let row = 0; row < this.#rowCount; row++) {
      if (target !== undefined) target[startsAt + row] = count;
      see(row, row);
      const first = at(this.#graphStart, row);
      if (relation === 'all' || (this.#hasToken && row === first)) {
        for (let other = first; other < at(this.#graphEnd, row); other++) see(row, other);
        continue;
      }
      if (this.#hasToken) see(row, first);
      if (relation === 'A' || relation === 'AT') this.#seeNeighbours(relation, row, row, see);
      else this.#seeSiblings(relation, row, see);
    }
    if (target !== undefined) target[startsAt + this.#rowCount] = count;
    return count;
  }

  #seeNeighbours(relation: 'A' | 'AT', of: number, row: number, see: (row: number, other: number) => void): void {
    const [starts, columns] = this.#direction(relation);
    for (let i = at(starts, of); i < at(starts, of + 1); i++) see(row, at(columns, i));
  }

  #seeSiblings(relation: 'ATA' | 'AAT', row: number, see: (row: number, other: number) => void): void {
    const [there, back] = relation === 'ATA' ? (['AT', 'A'] as const) : (['A', 'AT'] as const);
    const [starts, columns] = this.#direction(there);
    for (let i = at(starts, row); i < at(starts, row + 1); i++) this.#seeNeighbours(back, at(columns, i), row, see);
  }

  #direction(relation: 'A' | 'AT'): readonly [starts: Int32Array, columns: Int32Array] {
    return relation === 'A' ? [this.#childStarts, this.#children] : [this.#parentStarts, this.#parents];
  }

  #fill(graphs: readonly GraphInput[], extra: number, side: 'children' | 'parents'): void {
    const [starts, columns] = this.#direction(side === 'children' ? 'A' : 'AT');
    this.#cursors.set(starts.subarray(0, this.#rowCount));
    let first = 0;
    for (const { operations, edges } of graphs) {
      for (const [from, to] of edges) {
        const [row, other] = side === 'children' ? [from, to] : [to, from];
        columns[at(this.#cursors, first + extra + row)] = first + extra + other;
        increment(this.#cursors, first + extra + row);
      }
      first += operations.length + extra;
    }
  }

  #grow(rows: number, edges: number): void {
    if (rows > this.#childStarts.length) {
      const capacity = 2 * rows;
      this.#childStarts = new Int32Array(capacity);
      this.#parentStarts = new Int32Array(capacity);
      this.#cursors = new Int32Array(capacity);
      this.#seenBy = new Int32Array(capacity);
      this.#graphStart = new Int32Array(capacity);
      this.#graphEnd = new Int32Array(capacity);
    }
    if (edges > this.#children.length) {
      this.#children = new Int32Array(2 * edges);
      this.#parents = new Int32Array(2 * edges);
    }
  }
}

function reserve(kernels: Kernels, lists: Lists, rows: number, columns: number): void {
  if (rows > lists.rowCapacity) {
    lists.rowCapacity = 2 * rows;
    lists.starts = kernels.allocate(4 * lists.rowCapacity);
  }
  if (columns > lists.columnCapacity) {
    lists.columnCapacity = 2 * columns;
    lists.columns = kernels.allocate(4 * lists.columnCapacity);
  }
}

/** Rows and edges were counted before. */
function at(numbers: Int32Array, index: number): number {
  return numbers[index] as number;
}

function increment(numbers: Int32Array, index: number): void {
  numbers[index] = at(numbers, index) + 1;
}
