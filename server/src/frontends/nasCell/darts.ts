/**
 * Reads a genotype of DARTS (Liu et al., 2019) as Python writes it:
 * Genotype(normal=[('sep_conv_3x3', 0), ...], normal_concat=range(2, 6), reduce=[...], reduce_concat=[2, 3, 4, 5]).
 */
import type { Literal } from './literal.ts';
import {
  cellError,
  cellResult,
  type CellOperation,
  type CellProblem,
  type CellResult,
  type DartsHalf,
} from './nasCell.ts';

const OPERATIONS: ReadonlyMap<string, CellOperation> = new Map([
  ['none', 'none'],
  ['skip_connect', 'skip'],
  ['max_pool_3x3', 'maxPool3x3'],
  ['avg_pool_3x3', 'avgPool3x3'],
  ['sep_conv_3x3', 'sepConv3x3'],
  ['sep_conv_5x5', 'sepConv5x5'],
  ['sep_conv_7x7', 'sepConv7x7'],
  ['dil_conv_3x3', 'dilConv3x3'],
  ['dil_conv_5x5', 'dilConv5x5'],
  ['conv_7x1_1x7', 'conv7x1And1x7'],
]);

const FIELDS = ['normal', 'normal_concat', 'reduce', 'reduce_concat'] as const;
/** States 0 and 1 are the two cells before. */
export const DARTS_INPUTS = 2;
/** Edges of one cell; DARTS itself has 8. */
const EDGE_LIMIT = 64;

export function readDarts(record: Extract<Literal, { kind: 'record' }>): CellResult {
  const problems: CellProblem[] = [];
  const given = new Map(record.fields.map((field) => [field.key, field.value]));
  record.positional.forEach((literal, index) => {
    const field = FIELDS[index];
    if (field !== undefined && !given.has(field)) given.set(field, literal);
    else problems.push(cellError('nas-cell-syntax', 'a genotype has four arguments', literal.range));
  });
  for (const { key, keyRange } of record.fields) {
    if ((FIELDS as readonly string[]).includes(key)) continue;
    problems.push(cellError('nas-cell-syntax', `a genotype has no "${key}"; it has ${FIELDS.join(', ')}`, keyRange));
  }
  const half = (edgesKey: string, concatKey: string): DartsHalf => {
    const edges = readEdges(given.get(edgesKey), edgesKey, record, problems);
    const stateCount = DARTS_INPUTS + Math.floor(edges.length / 2);
    return { edges, concat: readConcat(given.get(concatKey), concatKey, stateCount, record, problems) };
  };
  const normal = half('normal', 'normal_concat');
  const reduce = half('reduce', 'reduce_concat');
  return cellResult({ kind: 'darts', normal, reduce }, problems);
}

function readEdges(
  literal: Literal | undefined,
  key: string,
  record: Literal,
  problems: CellProblem[],
): DartsHalf['edges'] {
  if (literal?.kind !== 'list') {
    const [message, { range }] =
      literal === undefined ? [`the genotype has no "${key}"`, record] : [`"${key}" is a list of pairs`, literal];
    problems.push(cellError('nas-cell-syntax', message, range));
    return [];
  }
  const count = literal.items.length;
  if (count === 0 || count % 2 !== 0 || count > EDGE_LIMIT) {
    const message = `"${key}" has two edges a state, 2 to ${EDGE_LIMIT} in all; here are ${count}`;
    problems.push(cellError('nas-cell-size', message, literal.range));
    return [];
  }
  return literal.items.map((item, index) => readEdge(item, DARTS_INPUTS + Math.floor(index / 2), problems));
}

function readEdge(item: Literal, state: number, problems: CellProblem[]): DartsHalf['edges'][number] {
  const [name, from] = item.kind === 'list' && item.items.length === 2 ? item.items : [];
  if (name?.kind !== 'text' || from?.kind !== 'number') {
    problems.push(cellError('nas-cell-syntax', "an edge is a pair, such as ('skip_connect', 0)", item.range));
    return { operation: 'none', from: 0 };
  }
  const operation = OPERATIONS.get(name.value);
  if (operation === undefined) {
    const message = `${JSON.stringify(name.value.slice(0, 40))} is no operation of DARTS; they are ${[...OPERATIONS.keys()].join(', ')}`;
    problems.push(cellError('nas-cell-operation', message, name.range));
  }
  if (!Number.isInteger(from.value) || from.value < 0 || from.value >= state) {
    const message = `state ${state} reads the states 0 to ${state - 1}, not ${from.value}`;
    problems.push(cellError('nas-cell-edge', message, from.range));
  }
  return { operation: operation ?? 'none', from: from.value };
}

function readConcat(
  literal: Literal | undefined,
  key: string,
  stateCount: number,
  record: Literal,
  problems: CellProblem[],
): readonly number[] {
  const states = literal === undefined ? undefined : statesOf(literal);
  if (literal === undefined || states === undefined || states.length === 0) {
    const message =
      literal === undefined ? `the genotype has no "${key}"` : `"${key}" is a list of states or range(first, end)`;
    problems.push(cellError('nas-cell-syntax', message, (literal ?? record).range));
    return [];
  }
  const wrong = states.find((state) => !Number.isInteger(state) || state < 0 || state >= stateCount);
  if (wrong !== undefined) {
    const message = `"${key}" joins the states 0 to ${stateCount - 1}, not ${wrong}`;
    problems.push(cellError('nas-cell-edge', message, literal.range));
  }
  return states;
}

/** Of a list, or of range(end), range(start, end), list(...) or tuple(...) of either. */
function statesOf(literal: Literal): readonly number[] | undefined {
  if (literal.kind === 'list') {
    const numbers = literal.items.flatMap((item) => (item.kind === 'number' ? [item.value] : []));
    return numbers.length === literal.items.length ? numbers : undefined;
  }
  if (literal.kind !== 'record' || literal.fields.length > 0) return undefined;
  const [first, second] = literal.positional;
  if ((literal.name === 'list' || literal.name === 'tuple') && first !== undefined && second === undefined) {
    return statesOf(first);
  }
  if (literal.name !== 'range' || first?.kind !== 'number' || literal.positional.length > 2) return undefined;
  if (second !== undefined && second.kind !== 'number') return undefined;
  const [start, end] = second === undefined ? [0, first.value] : [first.value, second.value];
  if (!Number.isInteger(start) || !Number.isInteger(end) || end - start > EDGE_LIMIT) return undefined;
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
}
