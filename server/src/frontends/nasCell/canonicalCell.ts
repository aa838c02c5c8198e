/**
 * Canonical forms of NAS-Bench-201 cells: `none` drops out with all that it feeds alone, skips are contracted, operations
 * sorted. "|skip_connect~0|+|none~0|nor_conv_3x3~1|+|none~0|none~1|skip_connect~2|" and
 * "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|" are both conv3x3(0), the operation on the input.
 */
import type { CellEdge, CellGraph, CellNode } from './cellGraph.ts';
import { EDGES_201 } from './nasBench201.ts';
import type { CellOperation, NasBench201Cell } from './nasCell.ts';

export interface CanonicalCell {
  /**
   * The output as a formula of the input, 0: "0+conv1x1(0)+conv3x3(0+conv1x1(0))"; empty where it is always zero.
   * One text for all cells that compute the same up to which operations share their weights.
   */
  readonly form: string;
  /** One node an operation, used by as many others as it feeds; a sum that has it twice reads it through a `skip`. */
  readonly graph: CellGraph;
  /** One node an operation for each use of its result: a tree but for the input, the same exactly for cells of one form. */
  readonly tree: CellGraph;
}

/** A summand of a node's value: the input, or an operation on another node's value. */
interface Term {
  /** Equal for terms that compute the same, shared or not. */
  readonly form: string;
  readonly depth: number;
  readonly operation: CellNode;
  readonly sources: readonly Term[];
  readonly place: number | undefined;
}

export function canonicalCell({ operations }: NasBench201Cell): CanonicalCell {
  const result = outputSum(operations);
  return { form: formOf(result), graph: sharedGraph(result), tree: treeGraph(result) };
}

function outputSum(operations: readonly CellOperation[]): readonly Term[] {
  const input: Term = { form: '0', depth: 0, operation: 'input', sources: [], place: undefined };
  /** By node of the cell: the summands of its value. */
  const values: (readonly Term[])[] = [[input]];
  for (let node = 1; node <= 3; node++) {
    const summands = EDGES_201.flatMap(([from, to], place) =>
      to === node ? summandsOf(operations[place] ?? 'none', values[from] ?? [], place) : [],
    );
    values.push(throughSkips(summands));
  }
  return values[3] ?? [];
}

function formOf(sum: readonly Term[]): string {
  return sum
    .map(({ form }) => form)
    .sort()
    .join('+');
}

/** Of the orders that equal operations may stand in, the one whose edges come first. */
function sharedGraph(result: readonly Term[]): CellGraph {
  const graphs = equalOrders(sortByForm(termsBelow(result))).map((inner) => numbered(inner, result));
  return graphs.reduce((best, other) => (String(other.edges) < String(best.edges) ? other : best));
}

/** Every use of an operation gets a node of its own, with all that it rests on. */
function treeGraph(result: readonly Term[]): CellGraph {
  const unshared = (term: Term): Term => {
    const [source] = term.sources;
    if (source === undefined) return term;
    if (term.operation === 'skip' && source.operation !== 'input') return unshared(source);
    return { ...term, sources: term.sources.map(unshared) };
  };
  return sharedGraph(result.map(unshared));
}

function summandsOf(operation: CellNode, sources: readonly Term[], place: number): readonly Term[] {
  if (operation === 'none' || sources.length === 0) return [];
  if (operation === 'skip') return sources;
  const depth = Math.max(...sources.map((source) => source.depth)) + 1;
  return [{ form: `${operation}(${formOf(sources)})`, depth, operation, sources, place }];
}

/** An edge cannot be there twice: what a sum has again goes through a skip of its own. */
function throughSkips(sum: readonly Term[]): readonly Term[] {
  const seen = new Set<Term>();
  return sum.map((term) => {
    if (!seen.has(term)) {
      seen.add(term);
      return term;
    }
    const source = (term.operation === 'skip' ? term.sources[0] : undefined) ?? term;
    return { form: source.form, depth: source.depth + 1, operation: 'skip', sources: [source], place: undefined };
  });
}

/** Operations that a sum rests on, each once. */
function termsBelow(sum: readonly Term[]): readonly Term[] {
  const reached = new Set<Term>();
  const reach = (term: Term): void => {
    if (term.operation === 'input' || reached.has(term)) return;
    reached.add(term);
    term.sources.forEach(reach);
  };
  sum.forEach(reach);
  return [...reached];
}

/** Sources first. */
function sortByForm(terms: readonly Term[]): readonly Term[] {
  return [...terms].sort(compareTerms);
}

function compareTerms(a: Term, b: Term): number {
  return a.depth - b.depth || compareTexts(a.operation, b.operation) || compareTexts(a.form, b.form);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Every order of sorted terms in which equal ones take each other's places: six operations have few. */
function equalOrders(terms: readonly Term[]): readonly (readonly Term[])[] {
  const [first] = terms;
  if (first === undefined) return [[]];
  const equals = terms.filter((term) => compareTerms(first, term) === 0);
  const rest = equalOrders(terms.slice(equals.length));
  return permutations(equals).flatMap((group) => rest.map((others) => [...group, ...others]));
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

function numbered(inner: readonly Term[], result: readonly Term[]): CellGraph {
  const numbers = new Map(inner.map((term, index) => [term, index + 1]));
  // What is no operation is the input.
  const edgesInto = (sum: readonly Term[], to: number): readonly CellEdge[] =>
    [...new Set(sum.map((term) => numbers.get(term) ?? 0))].sort((a, b) => a - b).map((from) => [from, to]);
  return {
    nodes: ['input', ...inner.map(({ operation }) => operation), 'output'],
    edges: [
      ...inner.flatMap(({ sources }, index) => edgesInto(sources, index + 1)),
      ...edgesInto(result, inner.length + 1),
    ],
    places: [undefined, ...inner.map(({ place }) => place), undefined],
  };
}
