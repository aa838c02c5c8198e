// The predictor's network in our kernels, in our scalar TypeScript, in onnxruntime-web and in onnxruntime-node: the same
// weights (bench/onnxruntime/make_network.py: 6 layers of width 192, 3.55 M) at 8 to 2,048 nodes, one thread each, each in a
// process of its own; then a cell and all 15,625 cells of NAS-Bench-201 with the weights that ship, or with random ones
// of 0.45 M. Before: `npm install --ignore-scripts --no-package-lock` in bench/onnxruntime; Python with onnx is $LAYERCOST_PYTHON or python3.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { compileKernels } from '../server/kernels/compileKernels.mjs';
import { bundle, median, mib, ms, printTable, root, runJson, temporaryFolder } from './support.mjs';

const NODES = [8, 64, 256, 512, 2048];
/** Processes of each engine, one after the other; the best median counts, for ours and theirs alike. */
const ROUNDS = 3;
const PYTHON = process.env.LAYERCOST_PYTHON ?? 'python3';
const folder = temporaryFolder();

function makeNetwork(name, width, layers) {
  const out = join(folder, name);
  const script = join(root, 'bench/onnxruntime/make_network.py');
  const { status, stderr } = spawnSync(PYTHON, [script, out, String(width), String(layers)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr ?? `${PYTHON} could not be run`);
  return out;
}

const large = makeNetwork('large', 192, 6);
const small = makeNetwork('small', 96, 3);
const kernelFile = join(folder, 'kernels.wasm');
writeFileSync(kernelFile, await compileKernels());

/** A chain with a shortcut over every fourth node and a branch at every seventh; what all engines read. */
const GRAPH = `
  import { existsSync, readFileSync } from 'node:fs';

  export function graphOf(count) {
    const edges = [];
    for (let to = 1; to < count; to++) {
      if (to % 7 === 3 && to > 2) edges.push([to - 2, to]);
      else {
        if (to % 4 === 0) edges.push([to - 4, to]);
        edges.push([to - 1, to]);
      }
    }
    const operations = Array.from({ length: count }, (_, node) => (node * 5 + 1) % 16);
    const none = { macs: 0, elementwiseOps: 0, bytesMoved: 0, paramCount: 0 };
    return { operations, edges, nodeWork: operations.map(() => none) };
  }

  export async function measure(run, nodeCounts, start) {
    await run(8);
    const coldMs = performance.now() - start;
    const { user, system } = process.cpuUsage();
    const coldCpuMs = (user + system) / 1000;
    const byNodes = {};
    for (const nodes of nodeCounts) {
      let y;
      for (const end = performance.now() + 300, least = 3; ;) {
        y = await run(nodes);
        if (performance.now() > end) break;
      }
      const times = [];
      for (const end = performance.now() + 1500; times.length < 5 || (times.length < 1000 && performance.now() < end); ) {
        const before = process.cpuUsage();
        await run(nodes);
        const { user, system } = process.cpuUsage(before);
        times.push((user + system) / 1000);
      }
      byNodes[nodes] = { times, y };
    }
    console.log(JSON.stringify({ coldMs, coldCpuMs, byNodes, peak: peakBytes() }));
  }

  // Linux counts the parent's memory into maxRSS of a child, but not into this.
  export function peakBytes() {
    if (!existsSync('/proc/self/status')) return process.resourceUsage().maxRSS * 1024;
    return 1024 * Number(/^VmHWM:\\s*(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  }
`;
writeFileSync(join(folder, 'graph.mjs'), GRAPH);

// Our part as a host would load it: one bundle and one wasm.
const library = await bundle(
  folder,
  'library',
  `
  export { parseModelDescription } from './server/src/predictor/modelDescription.ts';
  export { readSafetensors } from './server/src/predictor/safetensors.ts';
  export { placeWeights } from './server/src/predictor/networkWeights.ts';
  export { createNetwork } from './server/src/predictor/network.ts';
  export { createKernels } from './server/src/predictor/createKernels.ts';
  export { createCellPredictor } from './server/src/predictor/cellPredictor.ts';
  export { readCell } from './server/src/frontends/nasCell/readCell.ts';
  `,
);

const program = (name, text) => {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
};

const ours = program(
  'ours',
  `
  const start = performance.now();
  import { readFileSync } from 'node:fs';
  import { graphOf, measure } from './graph.mjs';
  const [model, wasm, counts] = process.argv.slice(2);
  const library = await import('./library.mjs');
  const parsed = library.parseModelDescription(readFileSync(model + '/model.json', 'utf8'));
  const read = library.readSafetensors(readFileSync(model + '/network.safetensors'));
  const kernels = library.createKernels(wasm === 'none' ? undefined : readFileSync(wasm));
  const [description] = parsed.description.networks;
  const network = library.createNetwork(description, library.placeWeights(read.tensors, description, kernels).weights, kernels);
  const graphs = new Map();
  const graph = (count) => graphs.get(count) ?? graphs.set(count, [graphOf(count)]).get(count);
  await measure((count) => network.run(graph(count))[0][0], JSON.parse(counts), start);
  `,
);

const onnxruntime = program(
  'onnxruntime',
  `
  const start = performance.now();
  import { graphOf, measure } from './graph.mjs';
  const [model, entry, counts] = process.argv.slice(2);
  const imported = await import(entry);
  const ort = imported.default ?? imported;
  if (ort.env?.wasm) ort.env.wasm.numThreads = 1;
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all' };
  const session = await ort.InferenceSession.create(model + '/network.onnx', options);
  // Masks are ready made here: what we build from the edges in every call costs them nothing.
  const feeds = new Map();
  const feed = (n) => {
    if (feeds.has(n)) return feeds.get(n);
    const { operations, edges } = graphOf(n);
    const A = new Float32Array(n * n);
    for (const [from, to] of edges) A[from * n + to] = 1;
    const bias = new Float32Array(4 * n * n).fill(-1e9);
    const see = (head, row, column) => (bias[head * n * n + row * n + column] = 0);
    for (let head = 0; head < 4; head++) for (let i = 0; i < n; i++) see(head, i, i);
    for (const [from, to] of edges) {
      see(0, from, to);
      see(1, to, from);
      for (const [other, end] of edges) {
        if (other === from) see(2, to, end);
        if (end === to) see(3, from, other);
      }
    }
    const made = {
      operations: new ort.Tensor('int64', BigInt64Array.from(operations, BigInt), [n]),
      A: new ort.Tensor('float32', A, [n, n]),
      bias: new ort.Tensor('float32', bias, [4, n, n]),
    };
    feeds.set(n, made);
    return made;
  };
  await measure(async (n) => (await session.run(feed(n))).y.data[0], JSON.parse(counts), start);
  `,
);

const packages = join(root, 'bench/onnxruntime/node_modules');
const has = existsSync(packages);
if (!has)
  console.log('onnxruntime is not there: run `npm install --ignore-scripts --no-package-lock` in bench/onnxruntime\n');
const resolve = createRequire(join(packages, 'x.js')).resolve;

const ENGINES = [
  { name: 'ours', script: ours, args: [kernelFile], shipped: [kernelFile, library] },
  { name: 'ours, scalar', script: ours, args: ['none'], shipped: [library] },
  ...(has
    ? [
        {
          name: 'onnxruntime-web',
          script: onnxruntime,
          args: [join(packages, 'onnxruntime-web/dist/ort.node.min.mjs')],
          shipped: ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'].map((file) =>
            join(packages, 'onnxruntime-web/dist', file),
          ),
        },
        {
          name: 'onnxruntime-node',
          script: onnxruntime,
          args: [resolve('onnxruntime-node')],
          shipped: nativeFiles(),
        },
      ]
    : []),
];

function nativeFiles() {
  const base = join(packages, 'onnxruntime-node/bin/napi-v6', process.platform, process.arch);
  const names = ['onnxruntime_binding.node', 'libonnxruntime.so.1', 'libonnxruntime.dylib', 'onnxruntime.dll'];
  return names.map((name) => join(base, name)).filter((file) => existsSync(file));
}

const results = ENGINES.map(({ name, script, args, shipped }) => {
  // Scalar TypeScript at 2,048 nodes takes seconds a run.
  const counts = name === 'ours, scalar' ? NODES.slice(0, 3) : NODES;
  const rounds = Array.from({ length: ROUNDS }, () =>
    runJson('node', [script, large, ...args, JSON.stringify(counts)]),
  );
  const [result] = rounds;
  if (result.failure !== undefined) return { name, bytes: 0, ...result };
  for (const { byNodes } of rounds) {
    for (const count of counts) {
      const best = result.byNodes[count];
      if (byNodes !== undefined && median(byNodes[count].times) < median(best.times))
        result.byNodes[count] = byNodes[count];
    }
  }
  const colds = [result, ...[1, 2, 3, 4].map(() => runJson('node', [script, large, ...args, '[]']))];
  result.coldMs = median(colds.map(({ coldMs }) => coldMs));
  result.coldCpuMs = median(colds.map(({ coldCpuMs }) => coldCpuMs));
  const bytes = shipped.reduce((sum, file) => sum + statSync(file).size, 0);
  return { name, bytes, ...result };
});

const idle = runJson('node', [
  program('idle', `import { peakBytes } from './graph.mjs'; console.log(JSON.stringify({ peak: peakBytes() }));`),
]);
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)];
const timeText = (timing) =>
  timing === undefined ? '-' : `${median(timing.times).toFixed(2)} (${percentile(timing.times, 0.95).toFixed(2)})`;

console.log(
  'ms of processor time a graph, best of three medians (95th percentile), one thread.\n' +
    'Cold start is import, weights and a first graph of 8 nodes: time (processor time of the whole process, with node).\n',
);
printTable(
  ['', ...NODES.map((count) => `${count} nodes`), 'cold start', 'memory', 'shipped'],
  results.map(({ name, bytes, failure, byNodes, coldMs, coldCpuMs, peak }) =>
    failure !== undefined
      ? [name, failure.slice(0, 60), '', '', '', '', '', '', '']
      : [
          name,
          ...NODES.map((count) => timeText(byNodes[count])),
          `${ms(coldMs)} (${ms(coldCpuMs)})`,
          mib(peak - idle.peak),
          mib(bytes),
        ],
  ),
);

const [first] = results;
for (const { name, byNodes } of results.slice(1)) {
  if (byNodes === undefined) continue;
  const ratios = NODES.flatMap((count) =>
    byNodes[count] === undefined
      ? []
      : [`${(median(byNodes[count].times) / median(first.byNodes[count].times)).toFixed(1)}x`],
  );
  const off = Object.entries(byNodes).map(([count, { y }]) => Math.abs(y - first.byNodes[count].y));
  console.log(
    `\n${name} takes ${ratios.join(', ')} of our time; outputs differ by ${Math.max(...off).toExponential(1)}`,
  );
}

// Cells, with what ships where it is there.
const shippedModel = join(root, 'models/nas-bench-201');
const cellModel = existsSync(join(shippedModel, 'model.json')) ? shippedModel : small;
const cells = program(
  'cells',
  `
  import { existsSync, readFileSync } from 'node:fs';
  import { createCellPredictor, createKernels, readCell } from './library.mjs';
  const [model, wasm] = process.argv.slice(2);
  const read = (name) => (existsSync(model + '/' + name) ? readFileSync(model + '/' + name) : undefined);
  const load = () => createCellPredictor(read, (bytes) => new TextDecoder().decode(bytes), createKernels(readFileSync(wasm)));
  const loaded = load();
  if (loaded.kind === 'problem') throw new Error('Error: ' + loaded.message);
  const names = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'];
  const texts = Array.from({ length: 15625 }, (_, n) => {
    const at = (i) => names[Math.floor(n / 5 ** i) % 5];
    return '|' + at(0) + '~0|+|' + at(1) + '~0|' + at(2) + '~1|+|' + at(3) + '~0|' + at(4) + '~1|' + at(5) + '~2|';
  });
  // A cell after a cell, each for the first time, once the engine has warmed up on a predictor of its own.
  const warm = load().predictor;
  for (let n = 0; n < 15625; n += 16) warm.predict([readCell(texts[n]).cell]);
  const fresh = load().predictor;
  const times = [];
  for (let n = 0; n < 15625; n += 31) {
    const before = process.cpuUsage();
    fresh.predict([readCell(texts[n]).cell]);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  const before = performance.now();
  const cpu = process.cpuUsage();
  loaded.predictor.predict(texts.map((text) => readCell(text).cell));
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ times, allMs: performance.now() - before, cpuMs: (user + system) / 1000 }));
  `,
);
const cellResult = runJson('node', [cells, cellModel, kernelFile]);
const label = cellModel === small ? 'random weights, 0.45 M' : 'the shipped model';
if (cellResult.failure !== undefined) console.log(`\ncells: ${cellResult.failure}`);
else {
  const { times, allMs, cpuMs } = cellResult;
  console.log(
    `\nNAS-Bench-201 (${label}): a cell ${median(times).toFixed(3)} ms (${percentile(times, 0.95).toFixed(3)}), ` +
      `all 15,625 cells ${ms(allMs)} (${ms(cpuMs)} of processor time), text to figures`,
  );
}
console.log(`kernels: ${readFileSync(kernelFile).length} bytes`);
