/**
 * Small models in, the graph as text out: symbolic sizes, functions, branches, loops, broken graphs.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { symbolDim } from '../../../server/src/graph/dim.ts';
import type { Shape } from '../../../server/src/graph/tensorType.ts';
import { analyzeOnnx, type OnnxOptions } from '../../../server/src/frontends/onnx/analyzeOnnx.ts';
import { memoryByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import { findMapping } from '../../../server/src/frontends/onnx/ops/operatorMap.ts';
import { graphText } from './graphText.ts';
import {
  bytesField,
  concat,
  floatTensor,
  int64Bytes,
  int64Tensor,
  intField,
  onnxModel,
  textField,
  type GraphSpec,
  type ModelSpec,
  type NodeSpec,
} from './onnxWriter.ts';

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

interface Case {
  readonly title: string;
  readonly model: ModelSpec;
  readonly options?: Omit<OnnxOptions, 'file'>;
  readonly expected: string;
}

const given = (shape: Shape, name?: string): Omit<OnnxOptions, 'file'> => ({ inputShapes: [{ name, shape }] });

const conv: ModelSpec = {
  inputs: [['x', FLOAT, ['N', 3, 'H', 'W']]],
  outputs: [['y', FLOAT]],
  nodes: [
    {
      op: 'Conv',
      name: '/stem/conv/Conv',
      inputs: ['x', 'w', 'b'],
      outputs: ['c'],
      attributes: { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } },
    },
    { op: 'Relu', name: '/stem/Relu', inputs: ['c'], outputs: ['y'] },
  ],
  initializers: [
    { name: 'w', dataType: FLOAT, dims: [8, 3, 3, 3] },
    { name: 'b', dataType: FLOAT, dims: [8] },
  ],
};

/** x.view(x.shape[0], -1), as PyTorch exports it. */
const flattenBySize: ModelSpec = {
  inputs: [['x', FLOAT, ['batch', 4, 2]]],
  outputs: [['y', FLOAT]],
  nodes: [
    { op: 'Shape', name: 'shape', inputs: ['x'], outputs: ['s'] },
    { op: 'Gather', name: 'gather', inputs: ['s', 'zero'], outputs: ['n'] },
    { op: 'Unsqueeze', name: 'unsqueeze', inputs: ['n', 'axes'], outputs: ['n1'] },
    { op: 'Concat', name: 'concat', inputs: ['n1', 'minus'], outputs: ['t'], attributes: { axis: { int: 0 } } },
    { op: 'Reshape', name: 'reshape', inputs: ['x', 't'], outputs: ['y'] },
  ],
  initializers: [int64Tensor('zero', [], [0]), int64Tensor('axes', [1], [0]), int64Tensor('minus', [1], [-1])],
};

const branch = (op: string, attributes: NodeSpec['attributes'] = {}): { readonly graph: GraphSpec } => ({
  graph: {
    nodes: [{ op, name: op.toLowerCase(), inputs: ['x'], outputs: ['r'], attributes }],
    outputs: [['r', FLOAT]],
  },
});

function branching(condition: Partial<ModelSpec>): ModelSpec {
  return {
    ...condition,
    outputs: [['y', FLOAT]],
    nodes: [
      {
        op: 'If',
        name: 'choice',
        inputs: ['cond'],
        outputs: ['y'],
        attributes: { then_branch: branch('Relu'), else_branch: branch('Flatten') },
      },
    ],
  };
}

function looping(tripCount: Partial<ModelSpec>): ModelSpec {
  const body: GraphSpec = {
    inputs: [
      ['i', INT64, []],
      ['go', BOOL, []],
      ['h', FLOAT],
    ],
    outputs: [
      ['go', BOOL],
      ['h2', FLOAT],
      ['h2', FLOAT],
    ],
    nodes: [{ op: 'MatMul', name: 'step', inputs: ['h', 'w'], outputs: ['h2'] }],
  };
  return {
    ...tripCount,
    outputs: [
      ['last', FLOAT],
      ['all', FLOAT],
    ],
    nodes: [
      {
        op: 'Loop',
        name: 'loop',
        inputs: ['trips', '', 'x'],
        outputs: ['last', 'all'],
        attributes: { body: { graph: body } },
      },
    ],
  };
}

const cases: readonly Case[] = [
  {
    title: 'named sizes stay symbolic',
    model: conv,
    expected: `
/stem/conv/Conv: convolution Nx3xHxW float32, 8x3x3x3 float32, 8 float32 -> Nx8x(floor((H + 1) / 2))x(floor((W + 1) / 2)) float32 | 216*N*floor((H + 1) / 2)*floor((W + 1) / 2) MACs
/stem/Relu: relu Nx8x(floor((H + 1) / 2))x(floor((W + 1) / 2)) float32 -> Nx8x(floor((H + 1) / 2))x(floor((W + 1) / 2)) float32
outputs y: Nx8x(floor((H + 1) / 2))x(floor((W + 1) / 2)) float32
224 params, 0 buffers, 216*N*floor((H + 1) / 2)*floor((W + 1) / 2) MACs`,
  },
  {
    title: 'a given shape binds them',
    model: conv,
    options: given([1, 3, 32, 32]),
    expected: `
/stem/conv/Conv: convolution 1x3x32x32 float32, 8x3x3x3 float32, 8 float32 -> 1x8x16x16 float32 | 55296 MACs
/stem/Relu: relu 1x8x16x16 float32 -> 1x8x16x16 float32
outputs y: 1x8x16x16 float32
224 params, 0 buffers, 55296 MACs`,
  },
  {
    title: 'a given shape of other channels is a mismatch at the node',
    model: conv,
    options: given([symbolDim('N'), 4, 32, 32], 'x'),
    expected: `
/stem/conv/Conv: convolution Nx4x32x32 float32, 8x3x3x3 float32, 8 float32 -> Nx8x16x16 float32 | ? MACs
/stem/Relu: relu Nx8x16x16 float32 -> Nx8x16x16 float32
outputs y: Nx8x16x16 float32
224 params, 0 buffers, ? MACs
warning wrong-input: Input "x" is declared Nx3xHxW, and Nx4x32x32 was given: that is used.
error shape-mismatch: Node "/stem/conv/Conv" (Conv): expected 3 input channels (weight 8x3x3x3), got Nx4x32x32.`,
  },
  {
    title: 'a shape for an input that is not there',
    model: {
      inputs: [['x', FLOAT, [2]]],
      outputs: [['y', FLOAT]],
      nodes: [{ op: 'Relu', name: 'r', inputs: ['x'], outputs: ['y'] }],
    },
    options: given([2], 'z'),
    expected: `
r: relu 2 float32 -> 2 float32
outputs y: 2 float32
0 params, 0 buffers, 0 MACs
warning wrong-input: The model has the input "x": the shape 2 for "z" is not used.`,
  },
  {
    title: 'shape arithmetic is folded',
    model: flattenBySize,
    expected: `
shape: shapeOf (batch)x4x2 float32 -> 3 int64
gather: take 3 int64, scalar int64 -> scalar int64
unsqueeze: unsqueeze scalar int64, 1 int64 -> 1 int64
concat: concat 1 int64, 1 int64 -> 2 int64
reshape: reshape (batch)x4x2 float32, 2 int64 -> (batch)x8 float32
outputs y: (batch)x8 float32
0 params, 3 buffers, 0 MACs`,
  },
  {
    title: 'a function is put in place, with its attributes and defaults',
    model: {
      inputs: [['x', FLOAT, [2, 8]]],
      outputs: [['y', FLOAT]],
      opsets: { '': 21, mine: 1 },
      initializers: [{ name: 'w', dataType: FLOAT, dims: [8, 4] }],
      nodes: [
        { op: 'Dense', domain: 'mine', name: 'dense', inputs: ['x', 'w'], outputs: ['d'] },
        {
          op: 'Dense',
          domain: 'mine',
          name: 'dense2',
          inputs: ['x', 'w'],
          outputs: ['y'],
          attributes: { axis: { int: 0 } },
        },
      ],
      functions: [
        {
          name: 'Dense',
          domain: 'mine',
          inputs: ['a', 'b', 'bias'],
          outputs: ['c'],
          defaults: { axis: { int: 1 } },
          nodes: [
            { op: 'MatMul', name: 'product', inputs: ['a', 'b'], outputs: ['m'] },
            {
              op: 'Softmax',
              name: 'softmax',
              inputs: ['m'],
              outputs: ['c'],
              attributes: { axis: { ref: 'axis', type: 2 } },
            },
          ],
        },
      ],
    },
    expected: `
dense/product: matmul 2x8 float32, 8x4 float32 -> 2x4 float32 | 64 MACs
dense/softmax: softmax 2x4 float32 -> 2x4 float32
dense2/product: matmul 2x8 float32, 8x4 float32 -> 2x4 float32 | 64 MACs
dense2/softmax: softmax 2x4 float32 -> 2x4 float32
outputs y: 2x4 float32
32 params, 0 buffers, 128 MACs`,
  },
  {
    title: 'functions that call each other end',
    model: {
      inputs: [['x', FLOAT, [2]]],
      outputs: [['y', FLOAT]],
      opsets: { '': 21, mine: 1 },
      nodes: [{ op: 'F', domain: 'mine', name: 'f', inputs: ['x'], outputs: ['y'] }],
      functions: [
        {
          name: 'F',
          domain: 'mine',
          inputs: ['a'],
          outputs: ['b'],
          nodes: [{ op: 'F', domain: 'mine', name: 'f', inputs: ['a'], outputs: ['b'] }],
        },
      ],
    },
    expected: expect.stringContaining('Node "f" (mine.F): functions call each other in a circle: F -> F.') as string,
  },
  {
    title: 'a known condition takes its branch',
    model: branching({
      inputs: [['x', FLOAT, [2, 3, 4]]],
      initializers: [{ name: 'cond', dataType: BOOL, dims: [], data: bytesField(9, Uint8Array.of(0)) }],
    }),
    expected: `
choice/flatten: flattenToMatrix 2x3x4 float32 -> 2x12 float32
outputs y: 2x12 float32
0 params, 1 buffers, 0 MACs`,
  },
  {
    title: 'an unknown condition counts the then-branch and merges types',
    model: branching({
      inputs: [
        ['x', FLOAT, [2, 3]],
        ['cond', BOOL, []],
      ],
    }),
    expected: `
choice/relu: relu 2x3 float32 -> 2x3 float32
choice: if scalar bool, 2x3 float32 -> 2x3 float32
outputs y: 2x3 float32
0 params, 0 buffers, 0 MACs
assumed (branch): Node "choice" (If): the condition depends on data, the then-branch is counted.`,
  },
  {
    title: 'a loop of a known number of runs',
    model: looping({
      inputs: [['x', FLOAT, [2, 4]]],
      initializers: [{ name: 'w', dataType: FLOAT, dims: [4, 4] }, int64Tensor('trips', [], [5])],
    }),
    expected: `
loop/step: matmul 2x4 float32, 4x4 float32 -> 2x4 float32 | 160 MACs
loop: loop scalar int64, -, 2x4 float32, 2x4 float32, 2x4 float32 -> 2x4 float32, 5x2x4 float32
outputs last: 2x4 float32, all: 5x2x4 float32
16 params, 1 buffers, 160 MACs`,
  },
  {
    title: 'a loop whose number of runs depends on data',
    model: looping({
      inputs: [
        ['x', FLOAT, [2, 4]],
        ['trips', INT64, []],
      ],
      initializers: [{ name: 'w', dataType: FLOAT, dims: [4, 4] }],
    }),
    expected: `
loop/step: matmul 2x4 float32, 4x4 float32 -> 2x4 float32 | 32 MACs
loop: loop scalar int64, -, 2x4 float32, 2x4 float32, 2x4 float32 -> 2x4 float32, ?x2x4 float32
outputs last: 2x4 float32, all: ?x2x4 float32
16 params, 0 buffers, 32 MACs
assumed (branch): Node "loop" (Loop): how often the body runs depends on data, it is counted once.`,
  },
  {
    title: 'a scan runs once for each slice',
    model: {
      inputs: [['xs', FLOAT, ['T', 2, 4]]],
      outputs: [['ys', FLOAT]],
      initializers: [{ name: 'w', dataType: FLOAT, dims: [4, 3] }],
      nodes: [
        {
          op: 'Scan',
          name: 'scan',
          inputs: ['xs'],
          outputs: ['ys'],
          attributes: {
            num_scan_inputs: { int: 1 },
            body: {
              graph: {
                inputs: [['x', FLOAT]],
                outputs: [['y', FLOAT]],
                nodes: [{ op: 'MatMul', name: 'step', inputs: ['x', 'w'], outputs: ['y'] }],
              },
            },
          },
        },
      ],
    },
    expected: `
scan/step: matmul Tx2x4 float32, 4x3 float32 -> 2x3 float32 | 24*T MACs
scan: scan Tx2x4 float32, 2x3 float32 -> Tx2x3 float32
outputs ys: Tx2x3 float32
12 params, 0 buffers, 24*T MACs`,
  },
  {
    title: 'weights in Constant nodes, shared weights, buffers and unused initializers',
    model: {
      inputs: [['x', FLOAT, [1, 2]]],
      outputs: [['z', FLOAT]],
      initializers: [
        { name: 'unused', dataType: FLOAT, dims: [7] },
        { name: 'quantised', dataType: 3, dims: [5] },
        int64Tensor('ids', [3], [1, 2, 3]),
      ],
      nodes: [
        {
          op: 'Constant',
          name: 'c',
          outputs: ['w'],
          attributes: { value: { tensor: floatTensor('', [2, 2], [1, 2, 3, 4]) } },
        },
        { op: 'Constant', name: 'c2', outputs: ['half'], attributes: { value_float: { float: 0.5 } } },
        { op: 'MatMul', name: 'a', inputs: ['x', 'w'], outputs: ['y'] },
        { op: 'MatMul', name: 'b', inputs: ['y', 'w'], outputs: ['y2'] },
        { op: 'Mul', name: 'm', inputs: ['y2', 'half'], outputs: ['z'] },
      ],
    },
    expected: `
a: matmul 1x2 float32, 2x2 float32 -> 1x2 float32 | 4 MACs
b: matmul 1x2 float32, 2x2 float32 -> 1x2 float32 | 4 MACs
m: mul 1x2 float32, scalar float32 -> 1x2 float32
outputs z: 1x2 float32
16 params, 3 buffers, 8 MACs`,
  },
  {
    title: 'external data that a shape needs',
    model: {
      inputs: [['x', FLOAT, [2, 6]]],
      outputs: [['y', FLOAT]],
      initializers: [
        {
          name: 'shape',
          dataType: INT64,
          dims: [2],
          data: concat(
            bytesField(13, concat(textField(1, 'location'), textField(2, 'data.bin'))),
            bytesField(13, concat(textField(1, 'offset'), textField(2, '8'))),
            intField(14, 1),
          ),
        },
      ],
      nodes: [{ op: 'Reshape', name: 'r', inputs: ['x', 'shape'], outputs: ['y'] }],
    },
    options: {
      external: (location) => (location === 'data.bin' ? memoryByteSource(int64Bytes([9, 3, 4])) : undefined),
    },
    expected: `
r: reshape 2x6 float32, 2 int64 -> 3x4 float32
outputs y: 3x4 float32
0 params, 2 buffers, 0 MACs`,
  },
  {
    title: 'a value that nothing gives',
    model: {
      inputs: [['x', FLOAT, [2, 4]]],
      outputs: [['y', FLOAT]],
      nodes: [
        { op: 'MatMul', name: 'a', inputs: ['x', 'w'], outputs: ['h'] },
        { op: 'Relu', name: 'b', inputs: ['x'], outputs: ['y'] },
      ],
    },
    expected: `
a: matmul 2x4 float32, ? unknown -> ? float32 | ? MACs
b: relu 2x4 float32 -> 2x4 float32
outputs y: 2x4 float32
0 params, 0 buffers, ? MACs
error onnx-missing-value: Node "a" (MatMul) reads "w", which is neither an input, nor an initializer, nor an output of another node.`,
  },
  {
    title: 'an output that nothing gives',
    model: { inputs: [['x', FLOAT, [2]]], outputs: [['y', FLOAT, [2]]], nodes: [] },
    expected: `
outputs y: 2 float32
0 params, 0 buffers, 0 MACs
error onnx-missing-value: Nothing gives the output "y".`,
  },
  {
    title: 'nodes out of order, and a cycle',
    model: {
      inputs: [['x', FLOAT, [2]]],
      outputs: [['z', FLOAT]],
      nodes: [
        { op: 'Relu', name: 'second', inputs: ['a'], outputs: ['z'] },
        { op: 'Neg', name: 'first', inputs: ['x'], outputs: ['a'] },
        { op: 'Add', name: 'p', inputs: ['x', 'q'], outputs: ['r'] },
        { op: 'Relu', name: 'q', inputs: ['r'], outputs: ['q'] },
      ],
    },
    expected: `
first: neg 2 float32 -> 2 float32
second: relu 2 float32 -> 2 float32
q: relu ? unknown -> ? unknown
p: add 2 float32, ? unknown -> ? float32
outputs z: 2 float32
0 params, 0 buffers, 0 MACs
error onnx-cycle: The graph has a cycle: "p" (Add), "q" (Relu) need each other's outputs. What they make is unknown.`,
  },
  {
    title: 'operators and operator sets that are not known',
    model: {
      opsets: { '': 99, 'my.domain': 3 },
      inputs: [['x', FLOAT, [2]]],
      outputs: [['z', FLOAT, [2, 5]]],
      nodes: [
        { op: 'Frobnicate', domain: 'my.domain', name: 'f', inputs: ['x'], outputs: ['y'] },
        { op: 'Frobnicate', domain: 'my.domain', name: 'g', inputs: ['y'], outputs: ['z'] },
        { op: 'Relu', name: 'r', inputs: ['z'], outputs: ['unused'] },
      ],
    },
    expected: `
f: unknown 2 float32 -> ? unknown | ? MACs
g: unknown ? unknown -> 2x5 float32 | ? MACs
r: relu 2x5 float32 -> 2x5 float32
outputs z: 2x5 float32
0 params, 0 buffers, ? MACs
warning onnx-unknown-opset: The model needs version 99 of the operator set ai.onnx; 28 is the newest that is known, and it is read as that.
warning unsupported-operator: Node "f" (my.domain.Frobnicate): my.domain.Frobnicate is an operator that is not known. Its cost is unknown, and the types that the file declares are used.`,
  },
  {
    title: 'names that are given twice',
    model: {
      inputs: [
        ['x', FLOAT, [2]],
        ['x', FLOAT, [3]],
      ],
      outputs: [['y', FLOAT]],
      initializers: [
        { name: 'w', dataType: FLOAT, dims: [2] },
        { name: 'w', dataType: FLOAT, dims: [5] },
      ],
      nodes: [
        { op: 'Add', name: 'n', inputs: ['x', 'w'], outputs: ['y'] },
        { op: 'Neg', name: 'n', inputs: ['x'], outputs: ['y'] },
      ],
    },
    expected: `
n: add 2 float32, 2 float32 -> 2 float32
n#2: neg 2 float32 -> 2 float32
outputs y: 2 float32
2 params, 0 buffers, 0 MACs
error onnx-duplicate-name: Two inputs have the name "x".
error onnx-duplicate-name: Two initializers have the name "w": the first one counts.
error onnx-duplicate-name: Node "n" (Neg) gives "y", which is defined already: the later one counts from here on.`,
  },
  {
    title: 'sizes of 0, -1 and 2^40',
    model: {
      inputs: [
        ['zero', FLOAT, [0, 3]],
        ['negative', FLOAT, [-1, 3]],
        ['huge', FLOAT, [2 ** 40, 2 ** 20]],
      ],
      outputs: [['y', FLOAT]],
      initializers: [{ name: 'w', dataType: FLOAT, dims: [3, -2] }],
      nodes: [
        { op: 'Relu', name: 'a', inputs: ['zero'], outputs: ['a'] },
        { op: 'MatMul', name: 'b', inputs: ['negative', 'w'], outputs: ['y'] },
        { op: 'Relu', name: 'c', inputs: ['huge'], outputs: ['c'] },
      ],
    },
    expected: `
a: relu 0x3 float32 -> 0x3 float32
b: matmul (negative.0)x3 float32, 3x? float32 -> (negative.0)x? float32 | ? MACs
c: relu 1099511627776x1048576 float32 -> 1099511627776x1048576 float32
outputs y: (negative.0)x? float32
? params, 0 buffers, ? MACs
information onnx-bad-dimension: Input "zero" is declared 0x3: with a size of 0 nothing is computed.
warning onnx-bad-dimension: Input "negative" is declared -1x3: a negative size is taken as one that is not known.
warning onnx-bad-dimension: Input "huge" is declared 1099511627776x1048576: no memory holds so many elements.
error onnx-bad-dimension: Initializer "w" has a negative dimension: 3x-2.`,
  },
  {
    title: 'an empty graph',
    model: {},
    expected: `outputs \n0 params, 0 buffers, 0 MACs`,
  },
];

test.each(cases)('$title', ({ model, options, expected }) => {
  const text = graphText(analyzeOnnx(memoryByteSource(onnxModel(model)), { file: 'model.onnx', ...options }));
  expect(text).toEqual(typeof expected === 'string' ? expected.trim() : expected);
});

test('groups of the hierarchy follow the slashes of names', () => {
  const { graph } = analyzeOnnx(memoryByteSource(onnxModel(conv)), { file: 'net.onnx' });
  const scopes = graph?.scopes.map(({ path, typeName, parent, isLeaf, parameters }) => {
    return `${path} ${typeName} in ${parent ?? '-'}${isLeaf ? ` leaf ${parameters.length}` : ''}`;
  });
  expect(graph?.name).toBe('net');
  expect(scopes).toEqual([
    ' net in -',
    '/stem group in ',
    '/stem/conv group in /stem',
    '/stem/conv/Conv Conv in /stem/conv leaf 2',
    '/stem/Relu Relu in /stem leaf 0',
  ]);
});

const CONTROL_FLOW = new Set(['If', 'Loop', 'Scan', 'SequenceMap']);

test('every operator of ONNX has a mapping', () => {
  const file = new URL('../../truth/data/onnx/operatorNames.json', import.meta.url);
  const { names } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly names: Readonly<Record<string, readonly string[]>>;
  };
  const missing = Object.entries(names).flatMap(([domain, list]) =>
    list.filter((name) => findMapping(domain, name) === undefined && !(domain === '' && CONTROL_FLOW.has(name))),
  );
  expect(missing).toEqual([]);
});
