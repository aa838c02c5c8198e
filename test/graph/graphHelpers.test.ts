/** Printing, exporting, relations, hierarchy and validation of graphs, on one small model. */
import { describe, expect, it } from 'vitest';
import { symbolDim, unknownDim } from '../../server/src/graph/dim.ts';
import { GRAPH_JSON_VERSION, dimToJson, graphToJson } from '../../server/src/graph/graphJson.ts';
import { equalScopes, nodesByScope, scopeTree, type ScopeTree } from '../../server/src/graph/hierarchy.ts';
import type { GraphNode, ModelGraph, NodeId, ValueId } from '../../server/src/graph/modelGraph.ts';
import { printAttribute, printGraph, printNode } from '../../server/src/graph/printGraph.ts';
import { findSiblings, nodeChildren, nodeParents } from '../../server/src/graph/siblings.ts';
import { validateGraph } from '../../server/src/graph/validateGraph.ts';
import { sampleGraph } from './sampleGraph.ts';

const graph = sampleGraph();

describe('printGraph', () => {
  it('prints one line a node', () => {
    expect(printGraph(graph)).toBe(`graph sample
  input x: Nx8 float32
  %0 stem: linear(x Nx8, stem.weight, stem.bias) -> Nx8 float32; 72 params, 64 MACs
  %1 block0.linear: linear(%0 Nx8, block0.linear.weight, -) -> Nx8 float32; 64 params, 64 MACs
  %2 block0: relu(%1 Nx8) -> Nx8 float32; 8 ops
  %3 block0: add(%2 Nx8, %0 Nx8) {scalars=[], alpha=1} -> Nx8 float32; 8 ops
  %4 block1.linear: linear(%3 Nx8, block1.linear.weight, -) -> Nx8 float32; 64 params, 64 MACs
  %5 block1: relu(%4 Nx8) -> Nx8 float32; 8 ops
  %6 block1: add(%5 Nx8, %3 Nx8) {scalars=[], alpha=1} -> Nx8 float32; 8 ops
  %7 wide.linear: linear(%6 Nx8, wide.linear.weight, -) -> Nx16 float32; 128 params, 128 MACs
  %8 wide: relu(%7 Nx16) -> Nx16 float32; 16 ops
  %9 wide: add(%8 Nx16, %7 Nx16) {scalars=[], alpha=1} -> Nx16 float32; 16 ops
  %10 softmax(%9 Nx16) {dim=-1} -> Nx16 float32; 16 ops
  output output: Nx16 float32
`);
  });

  it('keeps a node on one line of bounded length, whatever its attributes', () => {
    const attributes = { text: 'two\nlines', list: Array.from({ length: 100_000 }, (_, i) => i) };
    const line = printNode(graph, { ...(graph.nodes[0] as GraphNode), attributes });
    expect(line).not.toContain('\n');
    expect(line.length).toBeLessThan(500);
  });

  it.each([
    [[1, symbolDim('N'), null, true], '[1, N, null, true]'],
    [{ kind: 'slice', start: unknownDim('lost') }, '{kind: slice, start: ?}'],
    ['reflect', 'reflect'],
    ['', '""'],
    ['a, b', '"a, b"'],
  ] as const)('prints the attribute %j as %s', (value, text) => {
    expect(printAttribute(value)).toBe(text);
  });
});

describe('graphToJson', () => {
  const json = graphToJson(graph);

  it('is plain JSON that survives a round trip', () => {
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it('writes version, references as indices, and sizes as numbers or expressions', () => {
    expect(json).toMatchObject({
      version: GRAPH_JSON_VERSION,
      name: 'sample',
      inputs: [{ name: 'x', value: 0 }],
      parameters: [{ name: 'stem.bias', kind: 'parameter', dtype: 'float32', shape: [8] }, {}, {}, {}, {}],
    });
    expect(Object.keys(json as object)).toEqual([
      'version',
      'name',
      'inputs',
      'outputs',
      'parameters',
      'scopes',
      'values',
      'nodes',
    ]);
    expect(json).toHaveProperty(['nodes', 10], {
      op: 'softmax',
      originalOp: 'torch.softmax',
      scope: '',
      inputs: [graph.nodes[9]?.outputs[0]],
      outputs: graph.nodes[10]?.outputs,
      attributes: { dim: -1 },
      isView: false,
      work: { macs: 0, elementwiseOps: 16, bytesRead: 64, bytesWritten: 32 },
      sources: [{ file: '/models/sample.py', start: 10, end: 20 }],
    });
    expect(json).toHaveProperty(['values', 0, 'type'], { kind: 'tensor', dtype: 'float32', shape: ['N', 8] });
    expect(dimToJson(unknownDim('lost'))).toEqual({ unknown: 'lost' });
  });
});

describe('siblings', () => {
  it('finds parents and children', () => {
    expect(nodeChildren(graph).slice(0, 4)).toEqual([[1, 3], [2], [3], [4, 6]]);
    expect(nodeParents(graph).slice(0, 4)).toEqual([[], [0], [1], [0, 2]]);
  });

  it('pairs nodes that share a parent or a child', () => {
    const { bySharedParent, bySharedChild, isPartial } = findSiblings(graph);
    // Node 3 adds what 0 and 2 make; 1 and 3 read what 0 makes.
    expect(bySharedParent[1]).toEqual([3]);
    expect(bySharedParent[3]).toEqual([1]);
    expect(bySharedChild[0]).toEqual([2]);
    expect(bySharedChild[2]).toEqual([0]);
    expect(bySharedParent[10]).toEqual([]);
    expect(isPartial).toBe(false);
  });

  it('agrees with the products of the adjacency matrix', () => {
    const count = graph.nodes.length;
    const children = nodeChildren(graph);
    const cells = (row: readonly number[] | undefined): readonly number[] =>
      Array.from({ length: count }, (_, j) => Number(row?.includes(j) ?? false));
    const a = children.map(cells);
    const at = (i: number, j: number): number => a[i]?.[j] ?? 0;
    const product = (left: (i: number, k: number) => number, right: (k: number, j: number) => number) =>
      children.map((_, i) =>
        children.flatMap((_row, j) => (i !== j && children.some((_r, k) => left(i, k) * right(k, j) > 0) ? [j] : [])),
      );
    const { bySharedParent, bySharedChild } = findSiblings(graph);
    expect(bySharedParent).toEqual(product((i, k) => at(k, i), at));
    expect(bySharedChild).toEqual(product(at, (k, j) => at(j, k)));
  });

  it('leaves the largest groups out where the pairs would be too many, and says so', () => {
    expect(findSiblings(graph, 1)).toMatchObject({ isPartial: true });
  });
});

describe('hierarchy', () => {
  const outline = ({ scope, children, ownNodes }: ScopeTree): readonly unknown[] => [
    scope.path,
    ownNodes,
    ...children.map(outline),
  ];

  it('builds the tree of modules with the nodes of each', () => {
    const tree = scopeTree(graph);
    expect(tree && outline(tree)).toEqual([
      '',
      [10],
      ['stem', [0]],
      ['block0', [2, 3], ['block0.linear', [1]]],
      ['block1', [5, 6], ['block1.linear', [4]]],
      ['wide', [8, 9], ['wide.linear', [7]]],
      ['unused', []],
    ]);
  });

  it('rolls nodes up', () => {
    const nodes = nodesByScope(graph);
    expect(nodes.get('')).toHaveLength(11);
    expect(nodes.get('block1')).toEqual([4, 5, 6]);
    expect(nodes.get('unused')).toEqual([]);
  });

  it('recognises modules that are built alike', () => {
    expect(equalScopes(graph)).toEqual([
      ['block0', 'block1'],
      ['block0.linear', 'block1.linear'],
    ]);
  });
});

describe('validateGraph', () => {
  it('finds nothing wrong with a sound graph', () => {
    expect(validateGraph(graph)).toEqual([]);
  });

  const first = graph.nodes[0] as GraphNode;
  const second = graph.nodes[1] as GraphNode;
  const withNode = (index: number, node: GraphNode): ModelGraph => ({
    ...graph,
    nodes: graph.nodes.map((old, i) => (i === index ? node : old)),
  });
  const broken: readonly (readonly [string, ModelGraph, string])[] = [
    [
      'a dangling input',
      withNode(1, { ...second, inputs: [99 as ValueId] }),
      'node %1 (linear) reads value 99, which does not exist',
    ],
    [
      'a cycle',
      withNode(0, { ...first, inputs: second.outputs }),
      `node %0 (linear) reads value ${second.outputs[0]}, which node %1 makes later`,
    ],
    ['a wrong id', withNode(0, { ...first, id: 7 as NodeId }), 'node 0 has the id 7'],
    [
      'outputs of another node',
      withNode(0, { ...first, outputs: second.outputs }),
      `node %0 (linear) makes value ${second.outputs[0]} as output 0, but its origin is another`,
    ],
    [
      'an undeclared module',
      withNode(0, { ...first, scope: 'nowhere' }),
      'node %0 (linear) ran in module nowhere, which is not declared',
    ],
    [
      'a dangling output',
      { ...graph, outputs: [{ name: 'y', value: 99 as ValueId }] },
      'output y is value 99, which does not exist',
    ],
    [
      'a module before its parent',
      { ...graph, scopes: [...graph.scopes].reverse() },
      'module wide.linear stands before its parent wide',
    ],
    ['missing parameters', { ...graph, parameters: [] }, 'module stem holds parameter 1, which does not exist'],
  ];
  it.each(broken)('reports %s', (_, model, message) => {
    expect(validateGraph(model).map((fault) => fault.message)).toContain(message);
  });
});
