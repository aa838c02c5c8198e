/**
 * Reads a NAS-Bench-201 string (also NATS-Bench's topology space): "|op~0|+|op~0|op~1|+|op~0|op~1|op~2|", where the k-th group
 * lists the operations into node k and "op~j" comes from node j (Dong and Yang, 2020, section 2).
 */
import { cellError, cellResult, type CellOperation, type CellProblem, type CellResult } from './nasCell.ts';

const OPERATIONS: ReadonlyMap<string, CellOperation> = new Map([
  ['none', 'none'],
  ['skip_connect', 'skip'],
  ['nor_conv_1x1', 'conv1x1'],
  ['nor_conv_3x3', 'conv3x3'],
  ['avg_pool_3x3', 'avgPool3x3'],
]);

/** Whether a word names one of its five operations. */
export function isOperation201(name: string): boolean {
  return OPERATIONS.has(name);
}

const NODES = 4;
/** Of the edge from -> to among the operations of a cell. */
export function edgeIndex201(from: number, to: number): number {
  return (to * (to - 1)) / 2 + from;
}

/** Both ends of each edge, in the order of a cell's operations. */
export const EDGES_201: readonly (readonly [from: number, to: number])[] = [
  [0, 1],
  [0, 2],
  [1, 2],
  [0, 3],
  [1, 3],
  [2, 3],
];

/** Reads a string; space around it is passed over. */
export function readNasBench201(text: string): CellResult {
  const problems: CellProblem[] = [];
  const operations: (CellOperation | undefined)[] = [];
  const trimmed = text.trim();
  let start = text.indexOf(trimmed);
  const groups = trimmed.split('+');
  if (groups.length !== NODES - 1) {
    const message = `a cell of NAS-Bench-201 has ${NODES - 1} nodes with operations, joined by "+"; here are ${groups.length}`;
    return problem(cellError('nas-cell-size', message, { start, end: start + trimmed.length }));
  }
  for (const [index, group] of groups.entries()) {
    readGroup(group, start, index + 1, operations, problems);
    start += group.length + 1;
  }
  return cellResult(
    { kind: 'nas-bench-201', operations: operations.map((operation) => operation ?? 'none') },
    problems,
  );
}

function readGroup(
  group: string,
  start: number,
  to: number,
  operations: (CellOperation | undefined)[],
  problems: CellProblem[],
): void {
  const range = { start, end: start + group.length };
  if (!group.startsWith('|') || !group.endsWith('|') || group.length < 2) {
    problems.push(cellError('nas-cell-syntax', `expected "|operation~node|...|", found ${quote(group)}`, range));
    return;
  }
  const parts = group.slice(1, -1).split('|');
  if (parts.length !== to) {
    const message = `node ${to} has an operation from each of the ${to} nodes before it; here are ${parts.length}`;
    problems.push(cellError('nas-cell-size', message, range));
    return;
  }
  const seen = new Set<number>();
  let partStart = start + 1;
  for (const part of parts) {
    readPart(part, partStart, to, seen, operations, problems);
    partStart += part.length + 1;
  }
}

function readPart(
  part: string,
  start: number,
  to: number,
  seen: Set<number>,
  operations: (CellOperation | undefined)[],
  problems: CellProblem[],
): void {
  const range = { start, end: start + part.length };
  const match = /^([^~]*)~(\d{1,3})$/.exec(part);
  if (match === null) {
    problems.push(cellError('nas-cell-syntax', `expected "operation~node", found ${quote(part)}`, range));
    return;
  }
  const [, name = '', digits = ''] = match;
  const from = Number(digits);
  const operation = OPERATIONS.get(name);
  if (operation === undefined) {
    const known = [...OPERATIONS.keys()].join(', ');
    const end = start + name.length;
    problems.push(
      cellError('nas-cell-operation', `${quote(name)} is no operation of NAS-Bench-201; they are ${known}`, {
        start,
        end,
      }),
    );
  }
  if (from >= to) {
    const message = `node ${to} reads nodes before it alone, not node ${from}`;
    problems.push(cellError('nas-cell-edge', message, { start: range.end - digits.length, end: range.end }));
  } else if (seen.has(from)) {
    problems.push(cellError('nas-cell-edge', `node ${to} reads node ${from} twice`, range));
  }
  seen.add(from);
  if (from < to) operations[edgeIndex201(from, to)] = operation;
}

function problem(only: CellProblem): CellResult {
  return { kind: 'problem', problems: [only] };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
