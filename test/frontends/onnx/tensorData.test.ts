/**
 * Elements of tensors in every type and encoding equal what onnx.numpy_helper reads (truth/data/onnx/tensorData.json),
 * and broken ones are told in words.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memoryByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import type { OnnxTensor } from '../../../server/src/frontends/onnx/onnxModel.ts';
import { readModel } from '../../../server/src/frontends/onnx/readModel.ts';
import { readTensorData } from '../../../server/src/frontends/onnx/tensorData.ts';
import { bytesField, concat, graphBytes, intField, tensorBytes, textField, type TensorSpec } from './onnxWriter.ts';

interface Truth {
  readonly tensors: readonly { name: string; tensor: string; values: readonly (number | string)[] }[];
}

const truth = JSON.parse(
  readFileSync(new URL('../../truth/data/onnx/tensorData.json', import.meta.url), 'utf8'),
) as Truth; // written by make_tensor_data.py

/** The first initialiser of a model that holds nothing else. */
function tensorIn(tensor: Uint8Array): { readonly bytes: Uint8Array; readonly tensor: OnnxTensor } {
  const bytes = concat(intField(1, 10), bytesField(7, concat(graphBytes({}), bytesField(5, tensor))));
  const result = readModel(memoryByteSource(bytes), 'tensor.onnx');
  if (result.kind === 'problem') throw new Error(result.problem.message);
  const [first] = result.model.graph?.initializers ?? [];
  if (first === undefined) throw new Error('no initialiser was read');
  return { bytes, tensor: first };
}

function plain(value: number | string): number | string {
  if (typeof value === 'string' || Number.isFinite(value)) return value === 0 ? 0 : value;
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

test.each(truth.tensors)('$name', ({ tensor: encoded, values }) => {
  const { bytes, tensor } = tensorIn(Buffer.from(encoded, 'base64'));
  const result = readTensorData({ model: memoryByteSource(bytes) }, tensor);
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result));
  expect(result.data.values.map(plain)).toEqual(values);
});

const external = (location: string, offset: number, length: number): Uint8Array =>
  concat(
    bytesField(13, concat(textField(1, 'location'), textField(2, location))),
    bytesField(13, concat(textField(1, 'offset'), textField(2, String(offset)))),
    bytesField(13, concat(textField(1, 'length'), textField(2, String(length)))),
    intField(14, 1),
  );

const INT64 = 7;
const STRING = 8;
const cases: readonly { readonly title: string; readonly tensor: TensorSpec; readonly expected: unknown }[] = [
  {
    title: 'strings',
    tensor: { dataType: STRING, dims: [2], data: concat(textField(6, 'größe'), textField(6, '')) },
    expected: ['größe', ''],
  },
  {
    title: 'unpacked int64_data, one tag an element',
    tensor: { dataType: INT64, dims: [3], data: concat(intField(7, 5), intField(7, -1), intField(7, 300)) },
    expected: [5, -1, 300],
  },
  {
    title: 'packed and unpacked int64_data mixed',
    tensor: { dataType: INT64, dims: [3], data: concat(bytesField(7, Uint8Array.of(1, 2)), intField(7, 3)) },
    expected: [1, 2, 3],
  },
  { title: 'no elements for dims of 0', tensor: { dataType: INT64, dims: [0, 4] }, expected: [] },
  {
    title: 'external data',
    tensor: { dataType: 2, dims: [3], data: external('weights.bin', 2, 3) },
    expected: [30, 40, 50],
  },
  {
    title: 'external data that ends too early',
    tensor: { name: 'w', dataType: 2, dims: [9], data: external('weights.bin', 2, 9) },
    expected: 'Tensor "w" is not inside "weights.bin": offset 2, length 9.',
  },
  {
    title: 'external data in a file that is not there',
    tensor: { name: 'w', dataType: 2, dims: [3], data: external('other.bin', 0, 3) },
    expected: 'Tensor "w" is stored in "other.bin", which is not there.',
  },
  {
    title: 'too few raw bytes',
    tensor: { name: 'w', dataType: 1, dims: [2], data: bytesField(9, new Uint8Array(7)) },
    expected: 'Tensor "w" has 7 bytes, but its dims say 8.',
  },
  {
    title: 'too few elements',
    tensor: { name: 'w', dataType: INT64, dims: [2], data: intField(7, 5) },
    expected: 'Tensor "w" has 1 elements, but its dims say 2.',
  },
  {
    title: 'no elements at all',
    tensor: { name: 'w', dataType: 1, dims: [2] },
    expected: 'Tensor "w" has no elements, but its dims say 2.',
  },
  {
    title: 'a negative dimension',
    tensor: { name: 'w', dataType: 1, dims: [2, -1] },
    expected: 'Tensor "w" has a negative dimension: 2x-1.',
  },
  {
    title: 'raw bytes of an unknown type',
    tensor: { name: 'w', dataType: 99, dims: [1], data: bytesField(9, new Uint8Array(1)) },
    expected: 'Tensor "w" has raw bytes, but elements of type unknown.',
  },
  { title: 'a weight', tensor: { dataType: 1, dims: [2 ** 20, 2 ** 20] }, expected: 'tooLarge' },
];

test.each(cases)('$title', ({ tensor: spec, expected }) => {
  const { bytes, tensor } = tensorIn(tensorBytes(spec));
  const files = new Map([['weights.bin', memoryByteSource(Uint8Array.of(10, 20, 30, 40, 50))]]);
  const sources = { model: memoryByteSource(bytes), external: (location: string) => files.get(location) };
  const result = readTensorData(sources, tensor);
  const shown = result.kind === 'ok' ? result.data.values : result.kind === 'problem' ? result.message : result.kind;
  expect(shown).toEqual(expected);
});
