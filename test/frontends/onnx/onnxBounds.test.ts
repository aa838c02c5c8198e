/**
 * Models made to cost more to read than they should: what is said, where, and that no total is partial then. Files of a
 * few hundred bytes stand for millions of nodes, elements or characters.
 */
import { describe, expect, test } from 'vitest';
import { analyzeOnnx, type OnnxOptions, type OnnxResult } from '../../../server/src/frontends/onnx/analyzeOnnx.ts';
import { memoryByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import type { OnnxBounds } from '../../../server/src/frontends/onnx/onnxBudget.ts';
import { memoryUse } from '../../../server/src/cost/liveness.ts';
import { countStored } from '../../../server/src/cost/totals.ts';
import { unknownReason, type Dim } from '../../../server/src/graph/dim.ts';
import { sumWork } from '../../../server/src/graph/nodeWork.ts';
import { graphText } from './graphText.ts';
import {
  bytesField,
  concat,
  floatBytes,
  floatTensor,
  int64Tensor,
  intField,
  onnxModel,
  textField,
  type FunctionSpec,
  type GraphSpec,
  type ModelSpec,
  type NodeSpec,
  type ValueSpec,
} from './onnxWriter.ts';

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

function analyze(model: ModelSpec | Uint8Array, options: Partial<OnnxOptions> = {}): OnnxResult {
  const bytes = model instanceof Uint8Array ? model : onnxModel(model);
  return analyzeOnnx(memoryByteSource(bytes), { file: 'model.onnx', ...options });
}

/** Every total of a model: parameters, buffers, weights, work, and memory. */
function totals({ graph }: OnnxResult): Readonly<Record<string, Dim>> {
  if (graph === undefined) throw new Error('no graph');
  const { activationBytes, peakMemoryBytes } = memoryUse(graph);
  return {
    ...countStored(graph.parameters),
    ...sumWork(graph.nodes.map(({ work }) => work)),
    activationBytes,
    peakMemoryBytes,
  };
}

function problemsOf({ problems }: OnnxResult): readonly string[] {
  return problems.map(({ code, message }) => `${code}: ${message}`);
}

/** Each function calls the one before it as often as `calls` says. */
function functionChain(length: number, calls: number, innermost: NodeSpec): readonly FunctionSpec[] {
  return Array.from({ length }, (_, i) => ({
    name: `F${i}`,
    domain: 'mine',
    inputs: ['v0'],
    outputs: [i === 0 ? 'v1' : `v${calls}`],
    opsets: { '': 21, mine: 1 },
    nodes:
      i === 0
        ? [innermost]
        : Array.from({ length: calls }, (__, at) => ({
            op: `F${i - 1}`,
            domain: 'mine',
            inputs: [`v${at}`],
            outputs: [`v${at + 1}`],
          })),
  }));
}

const calling = (name: string, functions: readonly FunctionSpec[]): ModelSpec => ({
  opsets: { '': 21, mine: 1 },
  functions,
  inputs: [['x', FLOAT, [2, 3]]],
  outputs: [['y', FLOAT]],
  nodes: [{ op: name, domain: 'mine', name: 'call', inputs: ['x'], outputs: ['y'] }],
});

const relu: NodeSpec = { op: 'Relu', inputs: ['v0'], outputs: ['v1'] };

const LOOP_INPUTS: readonly ValueSpec[] = [
  ['i', INT64, []],
  ['go', BOOL, []],
  ['h', FLOAT],
];

/** A loop whose body holds a loop, down to a Relu. */
function nestedLoops(depth: number): GraphSpec {
  const node: NodeSpec =
    depth === 0
      ? { op: 'Relu', inputs: ['x'], outputs: ['r'] }
      : {
          op: 'Loop',
          inputs: ['trips', '', 'x'],
          outputs: ['r'],
          attributes: { body: { graph: nestedLoops(depth - 1) } },
        };
  return {
    nodes: [node],
    inputs: LOOP_INPUTS,
    outputs: [
      ['go', BOOL],
      ['r', FLOAT],
    ],
  };
}

/** A list of symbolic sums that each node doubles in length. */
function doubling(op: string, count: number): ModelSpec {
  return {
    inputs: [['x', FLOAT, ['A', 'B', 'C', 'D']]],
    outputs: [['y', INT64]],
    nodes: [
      { op: 'Shape', inputs: ['x'], outputs: ['v0'] },
      ...Array.from({ length: count }, (_, i) => ({
        op,
        inputs: [`v${i}`, `v${i}`],
        outputs: [i === count - 1 ? 'y' : `v${i + 1}`],
        attributes: op === 'Concat' ? { axis: { int: 0 } } : {},
      })),
    ],
  };
}

/** Lower than the real ones, so that they are reached soon. */
const BOUNDS: OnnxBounds = { nodes: 5_000, elements: 100_000, characters: 2_000_000 };

interface Abuse {
  readonly title: string;
  readonly model: ModelSpec | Uint8Array;
  readonly problem: string;
}

const abuses: readonly Abuse[] = [
  {
    title: 'functions that call each other twice, forty deep',
    model: calling('F39', functionChain(40, 2, relu)),
    problem:
      'onnx-too-large: Node "call" (mine.F39): the function makes 1649267441662 nodes once the functions it calls are in place, more than 5000.',
  },
  {
    title: 'many calls that are each below the bound',
    model: {
      ...calling('F9', functionChain(10, 2, relu)),
      nodes: Array.from({ length: 40 }, (_, i) => ({
        op: 'F9',
        domain: 'mine',
        inputs: [i === 0 ? 'x' : `y${i}`],
        outputs: [i === 39 ? 'y' : `y${i + 1}`],
      })),
    },
    problem:
      'onnx-too-large: Stopped here: the graph has more than 5000 nodes once functions and bodies are in place. The rest of the graph is left out, and the totals are unknown.',
  },
  {
    title: 'functions that call each other in a circle',
    model: calling('A', [
      {
        name: 'A',
        domain: 'mine',
        inputs: ['a'],
        outputs: ['b'],
        nodes: [{ op: 'B', domain: 'mine', inputs: ['a'], outputs: ['b'] }],
      },
      {
        name: 'B',
        domain: 'mine',
        inputs: ['a'],
        outputs: ['b'],
        nodes: [{ op: 'A', domain: 'mine', inputs: ['a'], outputs: ['b'] }],
      },
    ]),
    problem: 'onnx-too-deep: Node "call" (mine.A): functions call each other in a circle: A -> B -> A.',
  },
  {
    title: 'a chain of calls that is deeper than the bound',
    model: calling('F99', functionChain(100, 1, relu)),
    problem: 'onnx-too-deep: Node mine.F35 at byte 2212: functions call each other more than 64 deep.',
  },
  {
    title: 'loops within loops, each tried before it is counted',
    model: {
      nodes: nestedLoops(20).nodes ?? [],
      inputs: [['x', FLOAT, [2]]],
      outputs: [['r', FLOAT]],
      initializers: [int64Tensor('trips', [], [3])],
    },
    problem:
      'onnx-too-large: Stopped here: the graph has more than 5000 nodes once functions and bodies are in place. The rest of the graph is left out, and the totals are unknown.',
  },
  {
    title: 'bodies with long names, nested: names of names',
    model: {
      ...calling('F10', []),
      functions: functionChain(11, 2, relu).map((definition) => ({
        ...definition,
        nodes: definition.nodes.map((node) => ({ ...node, name: `${node.op}${'n'.repeat(900)}` })),
      })),
      nodes: [{ op: 'F10', domain: 'mine', inputs: ['x'], outputs: ['y'] }],
    },
    problem:
      'onnx-too-large: Stopped here: the names of values and scopes take more than 2000000 characters. The rest of the graph is left out, and the totals are unknown.',
  },
  {
    title: 'constants that are computed over and over',
    model: {
      inputs: [['x', FLOAT, [2]]],
      outputs: [['y', INT64]],
      initializers: [int64Tensor('shape', [1], [4096]), int64Tensor('one', [1], [1])],
      nodes: [
        { op: 'Expand', inputs: ['one', 'shape'], outputs: ['v0'] },
        ...Array.from({ length: 1000 }, (_, i) => ({
          op: 'Add',
          inputs: [`v${i}`, 'one'],
          outputs: [i === 999 ? 'y' : `v${i + 1}`],
        })),
      ],
    },
    problem:
      'onnx-too-large: Stopped here: constants of more than 100000 elements are computed. The rest of the graph is left out, and the totals are unknown.',
  },
];

describe('what is too large is told at its place, and no total is partial', () => {
  test.each(abuses)('$title', ({ model, problem }) => {
    const result = analyze(model, { bounds: BOUNDS });
    expect(problemsOf(result)).toEqual([problem]);
    expect(result.graph?.nodes.length).toBeLessThanOrEqual(BOUNDS.nodes + 1);
    for (const [name, figure] of Object.entries(totals(result))) expect(unknownReason(figure), name).toBeDefined();
  });
});

test('the host ends the reading of a graph: at its place, with unknown totals', () => {
  let questions = 0;
  const model = { ...calling('F10', functionChain(11, 2, relu)) };
  const result = analyze(model, { shouldStop: () => ++questions > 3 });
  expect(problemsOf(result)).toEqual([
    'execution-bound: Stopped here: there was no more time for it. The rest of the graph is left out, and the totals are unknown.',
  ]);
  expect(result.graph?.nodes.length).toBeLessThan(200);
  for (const figure of Object.values(totals(result))) expect(unknownReason(figure)).toBeDefined();
  expect(unknownReason(totals(result)['macs'] ?? 0)).toBe('there was no more time for it');
});

test('the host ends the walk over the bytes', () => {
  const nodes = Array.from({ length: 20_000 }, (_, i) => ({ op: 'Relu', inputs: [`v${i}`], outputs: [`v${i + 1}`] }));
  const result = analyze(
    { inputs: [['v0', FLOAT, [2]]], outputs: [['v20000', FLOAT]], nodes },
    { shouldStop: () => true },
  );
  expect(problemsOf(result)[0]).toBe(
    'execution-bound: There was no more time to read the file. What could be read is shown.',
  );
  for (const figure of Object.values(totals(result))) expect(unknownReason(figure)).toBeDefined();
});

test('a file that is cut off has no totals', () => {
  const whole = onnxModel({
    inputs: [['x', FLOAT, [2]]],
    outputs: [['y', FLOAT]],
    nodes: [
      { op: 'Relu', inputs: ['x'], outputs: ['h'] },
      { op: 'Relu', inputs: ['h'], outputs: ['y'] },
    ],
  });
  const result = analyze(whole.subarray(0, whole.length - 40));
  expect(problemsOf(result).some((text) => text.startsWith('onnx-truncated'))).toBe(true);
  for (const figure of Object.values(totals(result))) expect(unknownReason(figure)).toBeDefined();
  expect(unknownReason(totals(result)['paramCount'] ?? 0)).toBe('the file could not be read in full');
});

test.each(['Concat', 'Add', 'Mul'])('%s of a list with itself, again and again, stays small', (op) => {
  const result = analyze(doubling(op, 60));
  expect(result.problems).toEqual([]);
});

test('a cycle of many nodes is found in one pass', () => {
  const count = 5_000;
  const nodes = Array.from({ length: count }, (_, i) => ({
    op: 'Sum',
    inputs: [`v${(i + 1) % count}`, `v${(i * 7 + 1) % count}`, 'x'],
    outputs: [`v${i}`],
  }));
  const result = analyze({ inputs: [['x', FLOAT, [2]]], outputs: [['v0', FLOAT]], nodes });
  expect(problemsOf(result)[0]).toMatch(/^onnx-cycle: The graph has a cycle: /);
});

/** A loop over x, whose trip count and start are given. */
function loop(trips: readonly number[], go?: number): ModelSpec {
  const body: GraphSpec = {
    inputs: LOOP_INPUTS,
    outputs: [
      ['go', BOOL],
      ['r', FLOAT],
      ['r', FLOAT],
    ],
    nodes: [{ op: 'Relu', name: 'relu', inputs: ['h'], outputs: ['r'] }],
  };
  return {
    inputs: [['x', FLOAT, [2]]],
    outputs: [
      ['last', FLOAT],
      ['all', FLOAT],
    ],
    initializers: [
      int64Tensor('trips', [], trips),
      ...(go === undefined
        ? []
        : [{ name: 'start', dataType: BOOL, dims: [], data: bytesField(9, Uint8Array.of(go)) }]),
    ],
    nodes: [
      {
        op: 'Loop',
        name: 'loop',
        inputs: ['trips', go === undefined ? '' : 'start', 'x'],
        outputs: ['last', 'all'],
        attributes: { body: { graph: body } },
      },
    ],
  };
}

const scan = (count: number, axes: readonly number[], lengths: readonly [number, number]): ModelSpec => ({
  inputs: [
    ['s', FLOAT, [3]],
    ['a', FLOAT, [lengths[0], 3]],
    ['b', FLOAT, [lengths[1], 3]],
  ],
  outputs: [
    ['last', FLOAT],
    ['all', FLOAT],
  ],
  nodes: [
    {
      op: 'Scan',
      name: 'scan',
      inputs: ['s', 'a', 'b'],
      outputs: ['last', 'all'],
      attributes: {
        num_scan_inputs: { int: count },
        scan_input_axes: { ints: axes },
        body: {
          graph: {
            inputs: [
              ['h', FLOAT],
              ['u', FLOAT],
              ['w', FLOAT],
            ],
            outputs: [
              ['r', FLOAT],
              ['r', FLOAT],
            ],
            nodes: [{ op: 'Sum', name: 'sum', inputs: ['h', 'u', 'w'], outputs: ['r'] }],
          },
        },
      },
    },
  ],
});

/** Arithmetic on two stored integers, whose result is the size of the output. */
const sized = (op: string, left: number | bigint, right: number | bigint, dataType = INT64): ModelSpec => {
  const scalar = (name: string, value: number | bigint) => ({
    name,
    dataType,
    dims: [1],
    data: intField(dataType === INT64 ? 7 : 5, value),
  });
  return {
    inputs: [['x', FLOAT, [1]]],
    outputs: [['y', FLOAT]],
    initializers: [scalar('l', left), scalar('r', right)],
    nodes: [
      { op, name: 'op', inputs: ['l', 'r'], outputs: ['n'] },
      { op: 'Expand', name: 'expand', inputs: ['x', 'n'], outputs: ['y'] },
    ],
  };
};

const outputOf = (model: ModelSpec): string =>
  graphText(analyze(model))
    .split('\n')
    .find((line) => line.startsWith('outputs')) ?? '';

describe('loops run as often as ONNX says', () => {
  test.each([
    ['3 times', loop([3]), 6, 'outputs last: 2 float32, all: 3x2 float32'],
    ['no times for 0', loop([0]), 0, 'outputs last: 2 float32, all: 0x2 float32'],
    ['no times for -3', loop([-3]), 0, 'outputs last: 2 float32, all: 0x2 float32'],
    ['no times for a condition that is false at once', loop([3], 0), 0, 'outputs last: 2 float32, all: 0x2 float32'],
    ['without end for INT64_MAX', loop([2 ** 63 - 1024]), undefined, 'outputs last: 2 float32, all: ?x2 float32'],
  ] as const)('%s', (_, model, ops, outputs) => {
    const result = analyze(model);
    const { elementwiseOps } = totals(result);
    expect(unknownReason(elementwiseOps ?? 0) === undefined ? elementwiseOps : undefined).toBe(ops);
    expect(outputOf(model)).toBe(outputs);
  });

  test.each([
    ['as many inputs as there are', scan(2, [0, 0], [4, 4]), []],
    [
      'no inputs',
      scan(0, [], [4, 4]),
      ['onnx-bad-node: Node "scan" (Scan): num_scan_inputs is 0, but 3 inputs are given.'],
    ],
    [
      '-1 inputs',
      scan(-1, [], [4, 4]),
      ['onnx-bad-node: Node "scan" (Scan): num_scan_inputs is -1, but 3 inputs are given.'],
    ],
    [
      'an axis that is not there',
      scan(2, [0, 2], [4, 4]),
      ['onnx-bad-node: Node "scan" (Scan): 4x3 float32 has no axis 2 to scan along.'],
    ],
    [
      'other lengths',
      scan(2, [0, 0], [4, 5]),
      ['onnx-bad-node: Node "scan" (Scan): sequences of 4 and 5 elements are scanned together.'],
    ],
  ] as const)('Scan over %s', (_, model, problems) => {
    const result = analyze(model);
    expect(problemsOf(result)).toEqual(problems);
    const { elementwiseOps = 0 } = totals(result);
    expect(unknownReason(elementwiseOps) !== undefined).toBe(problems.length > 0);
  });
});

describe('integers are exact or unknown', () => {
  test.each([
    ['Add', 2n ** 53n, 1n, '?'],
    ['Sub', 2n ** 62n, 2n ** 62n - 1n, '?'],
    ['Div', 2n ** 62n - 1n, 2n ** 62n, '?'],
    ['Div', -7, 2, '?'],
    ['Div', 7, 2, '3'],
    ['Mod', 2n ** 60n + 3n, 4, '?'],
    ['Pow', 2, 3, '8'],
    ['Pow', 2, -1, '?'],
    ['Mul', 2n ** 40n, 2n ** 40n, '?'],
    ['Min', 2n ** 62n, 5, '5'],
    ['Max', -3, 2, '2'],
  ] as const)('%s of %s and %s', (op, left, right, size) => {
    expect(outputOf(sized(op, left, right))).toBe(`outputs y: ${size} float32`);
  });

  test('int32 does not wrap around silently', () => {
    expect(outputOf(sized('Mul', 70_000, 70_000, 6))).toBe('outputs y: ? float32');
    expect(outputOf(sized('Mul', 700, 70, 6))).toBe('outputs y: 49000 float32');
  });

  test('dims beyond 2^53 are unknown, of inputs and of stored tensors', () => {
    const result = analyze({
      inputs: [['x', FLOAT, [2 ** 62, 3]]],
      outputs: [['y', FLOAT]],
      initializers: [{ name: 'w', dataType: FLOAT, dims: [3, 2 ** 62] }],
      nodes: [{ op: 'MatMul', name: 'm', inputs: ['x', 'w'], outputs: ['y'] }],
    });
    expect(graphText(result)).toBe(
      `
m: matmul ?x3 float32, 3x? float32 -> ?x? float32 | ? MACs
outputs y: ?x? float32
? params, 0 buffers, ? MACs
warning onnx-bad-dimension: Input "x" is declared 4611686018427388000x3: no memory holds so many elements.
error onnx-bad-dimension: Initializer "w" has a dimension beyond 2^53: 3x4611686018427388000.`.trim(),
    );
  });
});

describe('stored tensors whose bytes are other than their dims say', () => {
  const model = (data: Uint8Array, dims: readonly number[] = [2, 3]): ModelSpec => ({
    inputs: [['x', FLOAT, [1, 2]]],
    outputs: [['y', FLOAT]],
    initializers: [{ name: 'w', dataType: FLOAT, dims, data }],
    nodes: [{ op: 'MatMul', name: 'm', inputs: ['x', 'w'], outputs: ['y'] }],
  });
  test.each([
    ['raw data that is short', model(bytesField(9, floatBytes([1, 2, 3]))), 'has 12 bytes, but its dims 2x3 need 24'],
    ['raw data that is long', model(bytesField(9, new Uint8Array(28))), 'has 28 bytes, but its dims 2x3 need 24'],
    ['packed floats', model(bytesField(4, floatBytes([1, 2]))), 'has 2 elements, but its dims 2x3 need 6'],
    [
      'external data',
      model(
        concat(
          bytesField(13, concat(textField(1, 'location'), textField(2, 'w.bin'))),
          bytesField(13, concat(textField(1, 'length'), textField(2, '8'))),
          intField(14, 1),
        ),
      ),
      'has 8 bytes of external data, but its dims 2x3 need 24',
    ],
  ])('%s', (_, spec, what) => {
    const result = analyze(spec);
    expect(problemsOf(result)).toEqual([`onnx-bad-tensor: Tensor "w" ${what}.`]);
    const { paramCount = 0, macs = 0 } = totals(result);
    expect([unknownReason(paramCount), unknownReason(macs)]).toEqual([`tensor "w" ${what}`, `tensor "w" ${what}`]);
  });

  test('as many as they say, or none at all', () => {
    expect(analyze(model(bytesField(9, new Uint8Array(24)))).problems).toEqual([]);
    expect(analyze(model(new Uint8Array(0))).problems).toEqual([]);
    expect(analyze({ ...model(new Uint8Array(0)), initializers: [floatTensor('w', [2, 1], [1, 2])] }).problems).toEqual(
      [],
    );
  });
});

test('names of a megabyte are cut where they are quoted', () => {
  const name = 'n'.repeat(1_000_000);
  const result = analyze({
    inputs: [['x', FLOAT, [2, name]]],
    outputs: [['y', FLOAT]],
    nodes: [{ op: name, name, inputs: ['x', name], outputs: ['y'] }],
  });
  for (const { message } of result.problems) expect(message.length).toBeLessThanOrEqual(2_000);
  for (const { path } of result.graph?.scopes ?? []) expect(path.length).toBeLessThanOrEqual(1_024);
});
