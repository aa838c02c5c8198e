/**
 * Canonical forms of NAS-Bench-201 cells; equal forms are equal functions, which the operations' own arithmetic tells.
 */
import { expect, it } from 'vitest';
import { canonicalCell, type CanonicalCell } from '../../../server/src/frontends/nasCell/canonicalCell.ts';
import type { CellGraph } from '../../../server/src/frontends/nasCell/cellGraph.ts';
import { EDGES_201 } from '../../../server/src/frontends/nasCell/nasBench201.ts';
import type { CellOperation } from '../../../server/src/frontends/nasCell/nasCell.ts';

const NAMES: Readonly<Record<string, CellOperation>> = {
  n: 'none',
  s: 'skip',
  '1': 'conv1x1',
  '3': 'conv3x3',
  a: 'avgPool3x3',
};

/** "nns1n3": the operations of the edges 0->1, 0->2, 1->2, 0->3, 1->3, 2->3. */
function cell(text: string): CanonicalCell {
  return canonicalCell({ kind: 'nas-bench-201', operations: Array.from(text, (name) => NAMES[name] ?? 'none') });
}

function graphText({ nodes, edges }: CellGraph): string {
  return `${nodes.join(' ')}: ${edges.map(([from, to]) => `${from}-${to}`).join(' ')}`;
}

it.each([
  ['nnnnnn', '', 'input output: '],
  ['nnnsnn', '0', 'input output: 0-1'],
  ['sn3nns', 'conv3x3(0)', 'input conv3x3 output: 0-1 1-2'],
  ['nnn3nn', 'conv3x3(0)', 'input conv3x3 output: 0-1 1-2'],
  // The input twice: once by itself, once through a skip.
  ['ssnnss', '0+0', 'input skip output: 0-1 0-2 1-2'],
  ['3n1s1n', '0+conv1x1(conv3x3(0))', 'input conv3x3 conv1x1 output: 0-1 1-2 0-3 2-3'],
  [
    '13nnaa',
    'avgPool3x3(conv1x1(0))+avgPool3x3(conv3x3(0))',
    'input conv1x1 conv3x3 avgPool3x3 avgPool3x3 output: 0-1 0-2 1-3 2-4 3-5 4-5',
  ],
])('%s is %s', (text, form, graph) => {
  expect(cell(text).form).toBe(form);
  expect(graphText(cell(text).graph)).toBe(graph);
});

it('tells shared operations from equal ones in the graph, not in the tree', () => {
  // A convolution read twice, against two convolutions.
  const [shared, separate] = [cell('3n1n1s'), cell('33nn11')];
  expect(shared.form).toBe('conv1x1(conv3x3(0))+conv1x1(conv3x3(0))');
  expect(separate.form).toBe(shared.form);
  expect(graphText(shared.graph)).toBe('input conv3x3 conv1x1 conv1x1 output: 0-1 1-2 1-3 2-4 3-4');
  const apart = 'input conv3x3 conv3x3 conv1x1 conv1x1 output: 0-1 0-2 1-3 2-4 3-5 4-5';
  expect(graphText(separate.graph)).toBe(apart);
  expect(graphText(shared.tree)).toBe(apart);
});

/** All 15,625 cells. */
function* allCells(): Generator<readonly CellOperation[]> {
  const operations = Object.values(NAMES);
  for (let number = 0; number < operations.length ** EDGES_201.length; number++) {
    yield EDGES_201.map(
      (_, edge) => operations[Math.floor(number / operations.length ** edge) % operations.length] ?? 'none',
    );
  }
}

/** A cell's value where each operation is a fixed function of a number, equal ones alike. */
function valueOf(operations: readonly CellOperation[]): string {
  const prime = 1_000_003n;
  const apply: Readonly<Record<string, (x: bigint) => bigint>> = {
    skip: (x) => x,
    conv1x1: (x) => (x * x + 7n * x) % prime,
    conv3x3: (x) => (x * x * x + 11n * x) % prime,
    avgPool3x3: (x) => (x ** 5n + 5n * x) % prime,
    none: () => 0n,
  };
  const at = (input: bigint): bigint => {
    const nodes = [input, 0n, 0n, 0n];
    EDGES_201.forEach(([from, to], place) => {
      nodes[to] = ((nodes[to] ?? 0n) + (apply[operations[place] ?? 'none']?.(nodes[from] ?? 0n) ?? 0n)) % prime;
    });
    return nodes[3] ?? 0n;
  };
  return [2n, 3n, 12_345n, 999_983n].map(at).join(' ');
}

it('has one form, one tree for each function of the input, over all cells', { timeout: 60_000 }, () => {
  const functions = new Map<string, string>();
  const trees = new Map<string, string>();
  const graphs = new Map<string, string>();
  for (const operations of allCells()) {
    const { form, graph, tree } = canonicalCell({ kind: 'nas-bench-201', operations });
    const value = valueOf(operations);
    expect(functions.get(form) ?? value).toBe(value);
    functions.set(form, value);
    expect(trees.get(form) ?? graphText(tree)).toBe(graphText(tree));
    trees.set(form, graphText(tree));
    expect(graphs.get(graphText(graph)) ?? form).toBe(form);
    graphs.set(graphText(graph), form);
  }
  expect(new Set(functions.values()).size).toBe(functions.size);
  expect([functions.size, new Set(trees.values()).size, graphs.size]).toEqual([4930, 4930, 5425]);
});
