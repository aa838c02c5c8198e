/**
 * Bytes in, what the walker says out: broken, foreign and extreme files.
 */
import { expect, test } from 'vitest';
import { memoryByteSource, type ByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import { readModel, type ReadModelResult } from '../../../server/src/frontends/onnx/readModel.ts';
import { bytesField, concat, graphBytes, intField, nodeBytes, onnxModel, textField, varint } from './onnxWriter.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const relu = nodeBytes({ op: 'Relu', name: 'relu', inputs: ['x'], outputs: ['y'] });
const model = (...graphFields: readonly Uint8Array[]): Uint8Array =>
  concat(intField(1, 10), bytesField(7, concat(...graphFields)));

/** "2 nodes", and each problem as "code @offset: message". */
function summary(result: ReadModelResult): readonly string[] {
  const problems = result.kind === 'problem' ? [result.problem] : result.problems;
  const lines = problems.map(({ code, message, location }) => {
    return `${code} @${location.kind === 'bytes' ? location.byteOffset : '?'}: ${message}`;
  });
  return result.kind === 'problem' ? lines : [`${result.model.graph?.nodes.length ?? 0} nodes`, ...lines];
}

function nested(depth: number): Uint8Array {
  let node = relu;
  for (let i = 0; i < depth; i++) {
    const attribute = concat(textField(1, 'then_branch'), bytesField(6, bytesField(1, node)), intField(20, 5));
    node = concat(textField(4, 'If'), bytesField(5, attribute));
  }
  return node;
}

const cases: readonly { readonly title: string; readonly bytes: Uint8Array; readonly expected: readonly string[] }[] = [
  { title: 'an empty file', bytes: new Uint8Array(0), expected: ['onnx-empty @0: The file is empty.'] },
  {
    title: 'a zip archive',
    bytes: ascii('PK\x03\x04rest'),
    expected: ['onnx-not-a-model @0: This is no ONNX model but a zip archive (torch.save and Keras write such files).'],
  },
  {
    title: 'a Git LFS pointer',
    bytes: ascii('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
    expected: [
      'onnx-not-a-model @0: This is no ONNX model but a Git LFS pointer: run `git lfs pull` to fetch the model itself.',
    ],
  },
  {
    title: 'text',
    bytes: ascii('import torch\nprint(torch.__version__)\n'),
    expected: ['onnx-not-a-model @0: This is no ONNX model but plain text.'],
  },
  {
    title: 'a protobuf message of another kind',
    bytes: concat(textField(40, 'hello'), intField(41, 3)),
    expected: ['onnx-not-a-model @0: This is no ONNX model: it has neither a graph nor an IR version.'],
  },
  { title: 'a model', bytes: model(bytesField(1, relu), bytesField(1, relu)), expected: ['2 nodes'] },
  {
    title: 'two graph fields are one graph, as protobuf merges them',
    bytes: concat(model(bytesField(1, relu)), bytesField(7, bytesField(1, relu))),
    expected: ['2 nodes'],
  },
  {
    title: 'unknown fields of every wire type are stepped over',
    bytes: model(
      concat(intField(99, 5), varint(99 * 8 + 1), new Uint8Array(8), bytesField(99, relu)),
      concat(varint(99 * 8 + 5), new Uint8Array(4), varint(99 * 8 + 3), intField(1, 1), varint(99 * 8 + 4)),
      bytesField(1, relu),
    ),
    expected: ['1 nodes'],
  },
  {
    title: 'a broken node is left out and its neighbours are kept',
    bytes: model(bytesField(1, relu), bytesField(1, concat(varint(0x0a), varint(99))), bytesField(1, relu)),
    expected: [
      '2 nodes',
      'onnx-truncated @27: A field of 99 bytes reaches past the end: 0 are left. What could be read is shown.',
    ],
  },
  {
    title: 'a file that was cut off',
    bytes: model(bytesField(1, relu), bytesField(1, relu)).subarray(0, 30),
    expected: [
      '1 nodes',
      'onnx-truncated @30: The file is cut off: 14 bytes of the graph are missing. What could be read is shown.',
    ],
  },
  {
    title: 'field number 0',
    bytes: concat(intField(1, 10), Uint8Array.of(0, 0)),
    expected: ['onnx-corrupt @3: A field has number 0.'],
  },
  {
    title: 'a number of more than 10 bytes',
    bytes: concat(varint(8), new Uint8Array(11).fill(0xff)),
    expected: ['onnx-corrupt @1: A number takes more than 10 bytes.'],
  },
  {
    title: 'a group without an end',
    bytes: concat(intField(1, 10), varint(99 * 8 + 3), intField(1, 1)),
    expected: ['onnx-truncated @6: A group has no end.'],
  },
  {
    title: 'wire type 7',
    bytes: concat(intField(1, 10), varint(99 * 8 + 7)),
    expected: ['onnx-corrupt @4: A field has wire type 7.'],
  },
  { title: 'graphs nested 30 deep', bytes: model(bytesField(1, nested(30))), expected: ['1 nodes'] },
  {
    title: 'graphs nested 3000 deep',
    bytes: model(bytesField(1, nested(3000)), bytesField(1, relu)),
    expected: ['2 nodes', 'onnx-too-deep @972: Messages are nested more than 100 deep. What could be read is shown.'],
  },
];

test.each(cases)('$title', ({ bytes, expected }) => {
  expect(summary(readModel(memoryByteSource(bytes), 'model.onnx'))).toEqual(expected);
});

test('a long list and a long string of attributes are places, not values', () => {
  const bytes = onnxModel({
    nodes: [
      {
        op: 'Custom',
        attributes: {
          leaves: { floats: Array.from({ length: 10_000 }, (_, i) => i) },
          engine: { string: 'x'.repeat(70_000) },
          short: { ints: [1, 2] },
        },
      },
    ],
  });
  const result = readModel(memoryByteSource(bytes), 'model.onnx');
  if (result.kind === 'problem') throw new Error(result.problem.message);
  const kinds = result.model.graph?.nodes[0]?.attributes.map(({ name, value }) => `${name}: ${value.kind}`);
  expect(kinds).toEqual(['leaves: long', 'engine: long', 'short: ints']);
});

test('weights beyond 4 GiB are stepped over, and hardly anything is read', () => {
  const weightLength = 6 * 2 ** 30;
  const head = concat(intField(1, 1), intField(2, 1), textField(8, 'w'), varint(9 * 8 + 2), varint(weightLength));
  const before = concat(varint(5 * 8 + 2), varint(head.length + weightLength), head);
  const after = graphBytes({ nodes: [{ op: 'Relu', inputs: ['w'], outputs: ['y'] }] });
  const graphLength = before.length + weightLength + after.length;
  const start = concat(intField(1, 10), varint(7 * 8 + 2), varint(graphLength), before);
  let bytesRead = 0;
  const source: ByteSource = {
    byteLength: start.length + weightLength + after.length,
    read(offset, length) {
      bytesRead += length;
      const bytes = new Uint8Array(length);
      bytes.set(start.subarray(offset, offset + length));
      const tail = start.length + weightLength;
      if (offset + length > tail) bytes.set(after.subarray(Math.max(0, offset - tail)), Math.max(0, tail - offset));
      return bytes;
    },
  };
  const result = readModel(source, 'large.onnx');
  expect(summary(result)).toEqual(['1 nodes']);
  expect(bytesRead).toBeLessThan(100_000);
});

test('a source that fails is a problem', () => {
  const failing: ByteSource = {
    byteLength: 100,
    read() {
      throw new Error('EIO: i/o error, read');
    },
  };
  expect(summary(readModel(failing, 'model.onnx'))).toEqual([
    'unreadable-file @0: Reading failed: EIO: i/o error, read.',
  ]);
});
