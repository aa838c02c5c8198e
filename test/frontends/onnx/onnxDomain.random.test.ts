/**
 * Every ONNX operator that we know, with random attributes and inputs, at their edges and far beyond, and random graphs of
 * functions, branches and loops: nothing throws, no figure is negative, a fraction or rounded, and all stays in bounds.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyzeOnnx, type OnnxResult } from '../../../server/src/frontends/onnx/analyzeOnnx.ts';
import { memoryByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import { ONNX_BOUNDS } from '../../../server/src/frontends/onnx/onnxBudget.ts';
import { mappedNames } from '../../../server/src/frontends/onnx/ops/operatorMap.ts';
import { memoryUse } from '../../../server/src/cost/liveness.ts';
import { checkedGraph } from '../../../server/src/cost/figureDomain.ts';
import { countStored } from '../../../server/src/cost/totals.ts';
import { isSize, printDim, type Dim } from '../../../server/src/graph/dim.ts';
import { sumWork } from '../../../server/src/graph/nodeWork.ts';
import {
  floatTensor,
  int64Tensor,
  onnxModel,
  type AttributeSpec,
  type DimSpec,
  type FunctionSpec,
  type GraphSpec,
  type ModelSpec,
  type NodeSpec,
} from './onnxWriter.ts';

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

function analyze(model: ModelSpec): OnnxResult {
  return analyzeOnnx(memoryByteSource(onnxModel(model)), { file: 'random.onnx' });
}

/** Checks every figure of a result, and that its graph is within bounds. */
function expectDomain({ graph }: OnnxResult): void {
  if (graph === undefined) throw new Error('no graph');
  expect(graph.nodes.length).toBeLessThanOrEqual(ONNX_BOUNDS.nodes + 1);
  expect(checkedGraph(graph).faults).toEqual([]);
  const { activationBytes, peakMemoryBytes } = memoryUse(graph);
  const totals: Readonly<Record<string, Dim>> = {
    ...countStored(graph.parameters),
    ...sumWork(graph.nodes.map(({ work }) => work)),
    activationBytes,
    peakMemoryBytes,
  };
  for (const [name, figure] of Object.entries(totals))
    expect(isSize(figure), `${name}: ${printDim(figure)}`).toBe(true);
}

const edge = fc.constantFrom(0, 1, -1, 2, 3, 4, -3, 8, -400, 2 ** 31, 2 ** 40, 2 ** 53, -(2 ** 62));
const small = fc.integer({ min: -2, max: 6 });
const int = fc.oneof({ weight: 3, arbitrary: small }, edge);
const ints = fc.array(int, { maxLength: 5 });

/** Attributes of all operators, by the kind of their values. */
const INTS = [
  'kernel_shape',
  'strides',
  'pads',
  'dilations',
  'output_padding',
  'output_shape',
  'axes',
  'perm',
  'split',
  'shape',
  'qkv_hidden_sizes',
  'ends',
  'starts',
  'pooled_shape',
  'repeats',
];
const INT = [
  'group',
  'axis',
  'num_heads',
  'kv_num_heads',
  'q_num_heads',
  'num_groups',
  'hidden_size',
  'blocksize',
  'size',
  'K',
  'N',
  'bits',
  'block_size',
  'num_outputs',
  'batch_dims',
  'output_height',
  'output_width',
  'sampling_ratio',
  'sample_size',
  'k',
  'p',
  'keepdims',
  'ceil_mode',
  'noop_with_empty_axes',
  'start',
  'end',
  'to',
  'dtype',
  'layout',
  'onesided',
  'inverse',
  'num_scan_inputs',
  'new_axis',
  'largest',
  'allowzero',
  'transA',
  'transB',
  'time_axis',
];
const FLOATS = ['scales', 'classlabels_ints', 'coefficients'];
const TEXTS = ['mode', 'auto_pad', 'direction', 'equation', 'reduction', 'keep_aspect_ratio_policy', 'activation'];
const texts = fc.constantFrom(
  'SAME_UPPER',
  'VALID',
  'NOTSET',
  'reflect',
  'edge',
  'linear',
  'cubic',
  'bidirectional',
  'ij,jk->ik',
  '...,...',
  'add',
  'not_larger',
);

const attributes: fc.Arbitrary<Readonly<Record<string, AttributeSpec>>> = fc
  .tuple(
    fc.dictionary(
      fc.constantFrom(...INTS),
      ints.map((value): AttributeSpec => ({ ints: value })),
      { maxKeys: 6 },
    ),
    fc.dictionary(
      fc.constantFrom(...INT),
      int.map((value): AttributeSpec => ({ int: value })),
      { maxKeys: 12 },
    ),
    fc.dictionary(
      fc.constantFrom(...FLOATS),
      fc
        .array(fc.constantFrom(-1, 0, 0.5, 2, 1e30), { maxLength: 4 })
        .map((value): AttributeSpec => ({ floats: value })),
      { maxKeys: 1 },
    ),
    fc.dictionary(
      fc.constantFrom(...TEXTS),
      texts.map((value): AttributeSpec => ({ string: value })),
      { maxKeys: 2 },
    ),
  )
  .map((parts) => Object.assign({}, ...parts) as Readonly<Record<string, AttributeSpec>>);

const dim: fc.Arbitrary<DimSpec> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 8 }) },
  fc.constantFrom<DimSpec>('N', 'M', null, -1, 2 ** 40, 2 ** 62),
);

/** What a node reads: an input of some shape, a list of known integers, or a stored tensor. */
const operand = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('input' as const), dims: fc.array(dim, { maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('list' as const), values: fc.array(int, { maxLength: 5 }) }) },
  fc.record({ kind: fc.constant('scalar' as const), value: int }),
  fc.record({
    kind: fc.constant('floats' as const),
    values: fc.array(fc.constantFrom(-1, 0, 0.5, 2), { maxLength: 4 }),
  }),
  fc.constant({ kind: 'none' as const }),
);

const operands = fc.array(operand, { minLength: 1, maxLength: 6 });

function modelOf(
  op: string,
  domain: string,
  given: Readonly<Record<string, AttributeSpec>>,
  reads: readonly (typeof operand extends fc.Arbitrary<infer T> ? T : never)[],
): ModelSpec {
  const names = reads.map(({ kind }, i) => (kind === 'none' ? '' : `v${i}`));
  return {
    opsets: { '': 21, 'com.microsoft': 1, 'ai.onnx.ml': 5 },
    nodes: [{ op, domain, name: 'node', inputs: names, outputs: ['y', 'z', 'w'], attributes: given }],
    inputs: reads.flatMap((each, i) => (each.kind === 'input' ? [[`v${i}`, FLOAT, each.dims] as const] : [])),
    outputs: [['y', FLOAT]],
    initializers: reads.flatMap((each, i) => {
      if (each.kind === 'list') return [int64Tensor(`v${i}`, [each.values.length], each.values)];
      if (each.kind === 'scalar') return [int64Tensor(`v${i}`, [], [each.value])];
      return each.kind === 'floats' ? [floatTensor(`v${i}`, [each.values.length], each.values)] : [];
    }),
  };
}

const DOMAINS = ['', 'com.microsoft', 'ai.onnx.ml'];

describe('random attributes and inputs', () => {
  test.each(DOMAINS)(
    'operators of the domain "%s"',
    (domain) => {
      const names = mappedNames(domain);
      fc.assert(
        fc.property(fc.constantFrom(...names), attributes, operands, (op, given, reads) => {
          expectDomain(analyze(modelOf(op, domain, given, reads)));
        }),
        { numRuns: domain === '' ? 6_000 : 1_500 },
      );
    },
    120_000,
  );
});

/** A body of nodes that may hold bodies, over the values x and the constant `trips`. */
const { body } = fc.letrec<{ body: readonly NodeSpec[]; node: NodeSpec }>((tie) => ({
  body: fc.array(tie('node'), { minLength: 1, maxLength: 4, depthIdentifier: 'bodies' }).map(chained),
  node: fc.oneof(
    { depthIdentifier: 'bodies', maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<NodeSpec>(
      { op: 'Relu' },
      { op: 'Neg' },
      { op: 'F0', domain: 'mine' },
      { op: 'F1', domain: 'mine' },
      { op: 'F2', domain: 'mine' },
    ),
    fc
      .tuple(tie('body'), fc.constantFrom('trips', 'many', 'negative', ''))
      .map(([nodes, trips]) => loopNode(nodes, trips)),
    fc.tuple(tie('body'), tie('body')).map(([then, other]) => ifNode(then, other)),
  ),
}));

/** Nodes that read each other's outputs in order: x -> ... -> r. */
function chained(nodes: readonly NodeSpec[]): readonly NodeSpec[] {
  return nodes.map((node, i) => {
    const from = i === 0 ? 'x' : `t${i}`;
    const to = i === nodes.length - 1 ? 'r' : `t${i + 1}`;
    const inputs = node.op === 'Loop' ? [...(node.inputs ?? []), from] : node.op === 'If' ? ['cond'] : [from];
    return { ...node, inputs, outputs: [to] };
  });
}

function loopNode(nodes: readonly NodeSpec[], trips: string): NodeSpec {
  const graph: GraphSpec = {
    nodes,
    inputs: [
      ['i', INT64, []],
      ['go', BOOL, []],
      ['x', FLOAT],
    ],
    outputs: [
      ['go', BOOL],
      ['r', FLOAT],
    ],
  };
  return { op: 'Loop', inputs: [trips, ''], attributes: { body: { graph } } };
}

function ifNode(then: readonly NodeSpec[], other: readonly NodeSpec[]): NodeSpec {
  const graph = (nodes: readonly NodeSpec[]): GraphSpec => ({ nodes, outputs: [['r', FLOAT]] });
  return { op: 'If', attributes: { then_branch: { graph: graph(then) }, else_branch: { graph: graph(other) } } };
}

const defined = (name: string, nodes: readonly NodeSpec[]): FunctionSpec => ({
  name,
  domain: 'mine',
  inputs: ['x'],
  outputs: ['r'],
  opsets: { '': 21, mine: 1 },
  nodes,
});

test('random graphs of functions, branches and loops', () => {
  fc.assert(
    fc.property(body, body, body, body, (main, ...functions) => {
      const result = analyze({
        opsets: { '': 21, mine: 1 },
        functions: functions.map((nodes, i) => defined(`F${i}`, nodes)),
        nodes: main,
        inputs: [
          ['x', FLOAT, [2, 3]],
          ['cond', BOOL, []],
        ],
        outputs: [['r', FLOAT]],
        initializers: [
          int64Tensor('trips', [], [3]),
          int64Tensor('many', [], [2 ** 62]),
          int64Tensor('negative', [], [-5]),
        ],
      });
      expectDomain(result);
    }),
    { numRuns: 300 },
  );
}, 120_000);
