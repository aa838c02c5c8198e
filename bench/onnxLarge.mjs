// Large ONNX files, 1.9 GB and 2.5 GB, made here and deleted afterwards: time and peak memory of our walker, of
// @bufbuild/protobuf's decode and of Python's onnx.load, each in a fresh process, memory over an idle process of its kind.
// `node bench/onnxLarge.mjs`; Python is $LAYERCOST_PYTHON or python3, and is left out where it has no onnx.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, median, mib, ms, printTable, root, runJson, temporaryFolder } from './support.mjs';

/** A float32 matrix [1024, 3072]. */
const MATRIX = { dims: [1024, 3072], byteLength: 1024 * 3072 * 4 };
const RUNS = 5;

const folder = temporaryFolder();
const writer = await import(await bundle(folder, 'writer', `export * from './test/frontends/onnx/onnxWriter.ts';`));
const ours = await bundle(
  folder,
  'ours',
  `
  import { readModel } from './server/src/frontends/onnx/readModel.ts';
  import { openFileByteSource } from './server/src/node/fileByteSource.ts';
  const path = process.argv[2];
  const start = performance.now();
  const source = openFileByteSource(path);
  const result = readModel(source, path);
  const timeMs = performance.now() - start;
  source.close();
  if (result.kind === 'problem') throw new Error(result.problem.message);
  const { nodes, initializers } = result.model.graph;
  console.log(JSON.stringify({ timeMs, peak: process.resourceUsage().maxRSS * 1024, nodes: nodes.length, weights: initializers.length }));
  `,
);
const bufbuild = await bundle(
  folder,
  'bufbuild',
  `
  import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
  import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
  import { readFileSync } from 'node:fs';
  const descriptor = readFileSync(process.argv[3]);
  const type = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptor)).getMessage('onnx.ModelProto');
  const start = performance.now();
  const { graph } = fromBinary(type, readFileSync(process.argv[2]));
  const timeMs = performance.now() - start;
  console.log(JSON.stringify({ timeMs, peak: process.resourceUsage().maxRSS * 1024, nodes: graph.node.length, weights: graph.initializer.length }));
  `,
);
const idle = await bundle(
  folder,
  'idle',
  `console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024 }));`,
);

const python = process.env.LAYERCOST_PYTHON ?? 'python3';
const pythonPeak = 'resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024';
const pythonIdle = `import json, resource, onnx
print(json.dumps({"peak": ${pythonPeak}}))`;
const pythonLoad = `import json, resource, sys, time, onnx
start = time.perf_counter()
graph = onnx.load(sys.argv[1]).graph
time_ms = (time.perf_counter() - start) * 1000
print(json.dumps({"timeMs": time_ms, "peak": ${pythonPeak}, "nodes": len(graph.node), "weights": len(graph.initializer)}))`;

/** Writes a chain of products, its weights as holes in the file, which read as zeros. */
function writeModel(path, weightBytes) {
  const { bytesField, concat, intField, nodeBytes, tensorBytes, textField, varint } = writer;
  const count = Math.round(weightBytes / MATRIX.byteLength);
  const nodes = Array.from({ length: count }, (_, i) => {
    const name = `/layers.${i}/MatMul`;
    return bytesField(
      1,
      nodeBytes({ op: 'MatMul', name, inputs: [`x${i}`, `layers.${i}.weight`], outputs: [`x${i + 1}`] }),
    );
  });
  const heads = Array.from({ length: count }, (_, i) => {
    const tensor = tensorBytes({ name: `layers.${i}.weight`, dataType: 1, dims: MATRIX.dims });
    const raw = concat(varint(9 * 8 + 2), varint(MATRIX.byteLength));
    const length = tensor.length + raw.length + MATRIX.byteLength;
    return concat(varint(5 * 8 + 2), varint(length), tensor, raw);
  });
  const graphLength = [...nodes, ...heads].reduce((sum, part) => sum + part.length, 0) + count * MATRIX.byteLength;
  const descriptor = openSync(path, 'w');
  let at = 0;
  const put = (bytes) => {
    writeSync(descriptor, bytes, 0, bytes.length, at);
    at += bytes.length;
  };
  put(concat(intField(1, 10), textField(2, 'layercost'), bytesField(8, intField(2, 21))));
  put(concat(varint(7 * 8 + 2), varint(graphLength)));
  nodes.forEach(put);
  for (const head of heads) {
    put(head);
    at += MATRIX.byteLength;
  }
  ftruncateSync(descriptor, at);
  closeSync(descriptor);
  return at;
}

function best(command, args, runs) {
  const results = Array.from({ length: runs }, () => runJson(command, args));
  const failed = results.find(({ failure }) => failure !== undefined);
  if (failed !== undefined) return failed;
  return {
    timeMs: median(results.map(({ timeMs }) => timeMs)),
    peak: Math.max(...results.map(({ peak }) => peak)),
    nodes: results[0].nodes,
    weights: results[0].weights,
  };
}

const idleNode = median(Array.from({ length: RUNS }, () => runJson('node', [idle]).peak));
const idlePython = runJson(python, ['-c', pythonIdle]).peak;
console.log(
  `idle node ${mib(idleNode)}${idlePython === undefined ? '' : `, idle Python with onnx ${mib(idlePython)}`}`,
);

for (const [label, weightBytes] of [
  ['1.9 GB', 1.9e9],
  ['2.5 GB', 2.5e9],
]) {
  const path = join(folder, `${label.replace(' ', '')}.onnx`);
  const length = writeModel(path, weightBytes);
  const reader = best('node', [ours, path], RUNS);
  const rows = [
    ['layercost walker', reader, idleNode],
    [
      '@bufbuild/protobuf',
      best('node', [bufbuild, path, join(root, 'test/truth/data/onnx/onnxDescriptor.binpb')], 1),
      idleNode,
    ],
    ['Python onnx.load', best(python, ['-c', pythonLoad, path], 1), idlePython],
  ];
  console.log(`\n${label} (${length} bytes, ${reader.nodes} nodes, ${reader.weights} weights)`);
  printTable(
    ['decoder', 'time', 'ratio', 'peak over idle'],
    rows.map(([name, result, base]) =>
      result.failure === undefined
        ? [name, ms(result.timeMs), `${(result.timeMs / reader.timeMs).toFixed(0)}`, mib(result.peak - base)]
        : [name, 'failed', '', result.failure],
    ),
  );
}
