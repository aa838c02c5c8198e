// 30,000 small nodes: our walker against @bufbuild/protobuf's decode of the same bytes, in one process, medians of runs
// that alternate. `node bench/onnxSmallNodes.mjs`
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, median, ms, printTable, root, temporaryFolder } from './support.mjs';

const NODES = 30_000;
const RUNS = 15;

const folder = temporaryFolder();
const program = await bundle(
  folder,
  'smallNodes',
  `
  export { memoryByteSource } from './server/src/frontends/onnx/byteSource.ts';
  export { readModel } from './server/src/frontends/onnx/readModel.ts';
  export { onnxModel } from './test/frontends/onnx/onnxWriter.ts';
  export { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
  export { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
  `,
);
const { createFileRegistry, FileDescriptorSetSchema, fromBinary, memoryByteSource, onnxModel, readModel } =
  await import(program);

const descriptor = readFileSync(join(root, 'test/truth/data/onnx/onnxDescriptor.binpb'));
const modelType = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptor)).getMessage('onnx.ModelProto');

const bytes = onnxModel({
  nodes: Array.from({ length: NODES }, (_, i) => ({
    op: ['Conv', 'Relu', 'Add', 'Transpose'][i % 4],
    name: `/model/layers.${i >> 5}/block/op_${i}`,
    inputs: [`/model/layers.${(i - 1) >> 5}/block/op_${i - 1}_output_0`, `weight_${i}`],
    outputs: [`/model/layers.${i >> 5}/block/op_${i}_output_0`],
    attributes: i % 4 === 0 ? { kernel_shape: { ints: [3, 3] }, group: { int: 1 }, pads: { ints: [1, 1, 1, 1] } } : {},
  })),
});

const times = { ours: [], bufbuild: [] };
for (let run = 0; run < RUNS; run++) {
  let start = performance.now();
  const result = readModel(memoryByteSource(bytes), 'small.onnx');
  times.ours.push(performance.now() - start);
  start = performance.now();
  const oracle = fromBinary(modelType, bytes);
  times.bufbuild.push(performance.now() - start);
  if (result.model.graph.nodes.length !== NODES || oracle.graph.node.length !== NODES)
    throw new Error('nodes are missing');
}

const ours = median(times.ours);
const theirs = median(times.bufbuild);
console.log(`${NODES} nodes, ${(bytes.length / 2 ** 20).toFixed(1)} MiB, medians of ${RUNS} runs`);
printTable(
  ['decoder', 'median', 'ratio'],
  [
    ['layercost walker', ms(ours), '1'],
    ['@bufbuild/protobuf', ms(theirs), (theirs / ours).toFixed(1)],
  ],
);
