// Writes examples/tiny_cnn.onnx by hand, field by field: a small convolutional network for 32x32 images.
// `node examples/makeTinyOnnx.mjs [file]`. Field numbers: onnx.proto3 of ONNX 1.x (IR version 8, opset 17).
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FLOAT = 1;

/** Protobuf: a base-128 number of a non-negative integer. */
function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
const text = (field, value) => bytes(field, Buffer.from(value, 'utf8'));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

/** NodeProto: attributes are lists of integers or single integers. */
function node(opType, name, inputs, output, attributes = {}) {
  return message(
    1,
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, name),
    text(4, opType),
    ...Object.entries(attributes).map(([key, value]) =>
      Array.isArray(value)
        ? message(5, text(1, key), ...value.map((item) => number(8, item)), number(20, 7))
        : message(5, text(1, key), number(3, value), number(20, 2)),
    ),
  );
}

/** TensorProto with small weights that are the same at every run. */
function weight(name, dims) {
  const count = dims.reduce((product, dim) => product * dim, 1);
  const values = Float32Array.from({ length: count }, (_, index) => 0.1 * Math.sin(index + name.length));
  return message(
    5,
    ...dims.map((dim) => number(1, dim)),
    number(2, FLOAT),
    text(8, name),
    bytes(9, Buffer.from(values.buffer)),
  );
}

/** ValueInfoProto of a float tensor. */
function value(field, name, dims) {
  const shape = message(2, ...dims.map((dim) => message(1, number(1, dim))));
  return message(field, text(1, name), message(2, message(1, number(1, FLOAT), shape)));
}

const graph = [
  node('Conv', 'conv1', ['image', 'conv1.weight', 'conv1.bias'], 'c1', {
    kernel_shape: [3, 3],
    pads: [1, 1, 1, 1],
    strides: [1, 1],
  }),
  node('Relu', 'relu1', ['c1'], 'r1'),
  node('Conv', 'conv2', ['r1', 'conv2.weight', 'conv2.bias'], 'c2', {
    kernel_shape: [3, 3],
    pads: [1, 1, 1, 1],
    strides: [2, 2],
  }),
  node('Relu', 'relu2', ['c2'], 'r2'),
  node('GlobalAveragePool', 'pool', ['r2'], 'p'),
  node('Flatten', 'flatten', ['p'], 'f', { axis: 1 }),
  node('Gemm', 'head', ['f', 'head.weight', 'head.bias'], 'logits', { transB: 1 }),
  text(2, 'tiny_cnn'),
  weight('conv1.weight', [16, 3, 3, 3]),
  weight('conv1.bias', [16]),
  weight('conv2.weight', [32, 16, 3, 3]),
  weight('conv2.bias', [32]),
  weight('head.weight', [10, 32]),
  weight('head.bias', [10]),
  value(11, 'image', [1, 3, 32, 32]),
  value(12, 'logits', [1, 10]),
];

const file = process.argv[2] ?? fileURLToPath(new URL('tiny_cnn.onnx', import.meta.url));
writeFileSync(
  file,
  Buffer.concat([number(1, 8), text(2, 'layercost'), message(7, ...graph), message(8, text(1, ''), number(2, 17))]),
);
