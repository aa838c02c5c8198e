/**
 * No figure that cannot be leaves cost/: graphs with impossible figures in, what is known of them out.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildReport } from '../../server/src/analysis/buildReport.ts';
import { checkedGraph } from '../../server/src/cost/figureDomain.ts';
import { isSize, printDim, symbolDim, unknownReason, type Dim } from '../../server/src/graph/dim.ts';
import { GraphBuilder } from '../../server/src/graph/graphBuilder.ts';
import type { ModelGraph, NodeWork } from '../../server/src/graph/modelGraph.ts';
import { tensorType } from '../../server/src/graph/tensorType.ts';

/** x -> one node of some work -> y, with one weight. */
function graphOf(work: NodeWork, weight: readonly Dim[]): ModelGraph {
  const builder = new GraphBuilder('net');
  builder.declareScope({
    path: '',
    typeName: 'Net',
    parent: undefined,
    created: undefined,
    parameters: [],
    isLeaf: false,
  });
  const stored = builder.addParameter({
    name: 'fc.weight',
    kind: 'parameter',
    dtype: 'float32',
    shape: weight,
    created: undefined,
  });
  builder.declareScope({
    path: 'fc',
    typeName: 'Linear',
    parent: '',
    created: undefined,
    parameters: [stored],
    isLeaf: true,
  });
  const x = builder.addInput('x', tensorType('float32', [2, 3]));
  const [y] = builder.addNode({
    op: 'linear',
    originalOp: 'linear',
    attributes: {},
    inputs: [x, builder.parameterValue(stored)],
    outputTypes: [tensorType('float32', [2, 4])],
    work,
    isView: false,
    scope: 'fc',
    sources: [{ file: 'net.py', start: 10, end: 20 }],
  });
  if (y !== undefined) builder.addOutput('y', y);
  return builder.finish();
}

function reportOf(graph: ModelGraph) {
  const entry = { name: 'Net', kind: 'class', file: 'net.py', range: undefined } as const;
  return buildReport({ entry, graph, callSites: [], assumptions: [], problems: [], unknownReasons: new Map() }, []);
}

/** Every field of totals and of work is a figure. */
const figuresOf = (figures: object): readonly Dim[] => Object.values(figures) as readonly Dim[];

const work: NodeWork = { macs: 24, elementwiseOps: 8, bytesRead: 72, bytesWritten: 32 };

test('figures that can be are left as they are', () => {
  const graph = graphOf(work, [4, 3]);
  expect(checkedGraph(graph)).toEqual({ graph, faults: [] });
  expect(checkedGraph(graph).graph).toBe(graph);
});

test('negative work is unknown in every total and row, and its layer is named', () => {
  const { totals, layers, problems } = reportOf(graphOf({ ...work, macs: -24, elementwiseOps: NaN }, [4, 3]));
  expect(problems).toEqual([
    {
      code: 'impossible-figure',
      severity: 'error',
      message: '`fc`: the multiply-accumulates of linear cannot be -24. It is taken as unknown.',
      location: { kind: 'text', file: 'net.py', start: 10, end: 20 },
    },
    {
      code: 'impossible-figure',
      severity: 'error',
      message: '`fc`: the elementwise operations of linear cannot be NaN. It is taken as unknown.',
      location: { kind: 'text', file: 'net.py', start: 10, end: 20 },
    },
  ]);
  expect([totals.macs, totals.flops, totals.elementwiseOps].map(printDim)).toEqual(['?', '?', '?']);
  expect([totals.paramCount, totals.bytesMoved]).toEqual([12, 104]);
  expect(layers.map(({ work: each }) => printDim(each.macs))).toEqual(['?']);
});

test('a stored tensor of a negative size is of unknown size', () => {
  const { totals } = reportOf(graphOf(work, [-400, 3]));
  expect([totals.paramCount, totals.weightBytes, totals.peakMemoryBytes].map((each) => unknownReason(each))).toEqual([
    'a size cannot be -400',
    'a size cannot be -400',
    'a size cannot be -400',
  ]);
  const handmade: ModelGraph = {
    ...graphOf(work, [4, 3]),
    parameters: graphOf(work, [4, 3]).parameters.map((each) => ({ ...each, shape: [-400, -3] })),
  };
  expect(checkedGraph(handmade).faults.map(({ layer, message }) => `${layer}: ${message}`)).toEqual([
    'fc.weight: the stored tensor cannot be -400x-3',
  ]);
  expect(printDim(reportOf(handmade).totals.paramCount)).toBe('?');
});

test('no total of any graph is negative, a fraction, or rounded', () => {
  const figure = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom<Dim>(NaN, Infinity, -Infinity, 0.5, -0, 2 ** 53, -(2 ** 60), 2 ** 53 - 1, symbolDim('N')),
  );
  fc.assert(
    fc.property(fc.tuple(figure, figure, figure, figure), fc.array(figure, { maxLength: 4 }), (given, weight) => {
      const [macs, elementwiseOps, bytesRead, bytesWritten] = given;
      const report = reportOf(graphOf({ macs, elementwiseOps, bytesRead, bytesWritten }, weight));
      const figures = [
        ...figuresOf(report.totals),
        ...report.layers.flatMap((row) => [
          ...figuresOf(row.work),
          row.paramCount,
          row.activationBytes,
          row.peakMemoryBytes,
        ]),
        ...report.scopes.flatMap((row) => [...figuresOf(row.work), row.paramCount, row.bufferCount]),
      ];
      for (const each of figures) expect(isSize(each), printDim(each)).toBe(true);
    }),
  );
});
