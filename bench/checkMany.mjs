// `layercost check` of 20 models (torchvision and ONNX), cold and warm, and of 2,000 (every classification builder of
// torchvision at many input sizes) with the peak memory of the process, beside a Python script that builds the same
// models and counts with FlopCounterMode. `npm run build && node bench/checkMany.mjs [--python-limit N]`; Python is
// $LAYERCOST_PYTHON or python3, and is left out where it has no torch and torchvision. Python counts the first N of the
// 2,000 models (40 where left out), and its time for all is that times 2,000 / N, which is said.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, mib, ms, printTable, root, temporaryFolder } from './support.mjs';
import { python, sourcesOfTorchvision } from './torchvisionSources.mjs';

const RUNS = 3;
const MANY = 2000;
const limitAt = process.argv.indexOf('--python-limit');
const pythonLimit = limitAt < 0 ? 40 : Number(process.argv[limitAt + 1]);

const cli = join(root, 'dist/cli.js');
const sources = sourcesOfTorchvision(undefined);
const folder = temporaryFolder();

/** Loaded before the program, and in each of its threads: tells the peak memory of the whole process at its end. */
const tellPeak = `data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS*1024+"\\n"))`;

const countInPython = `import json, sys, time, torch, torchvision
from torch.utils.flop_counter import FlopCounterMode
counts = []
start = time.perf_counter()
for name, size in json.load(open(sys.argv[1])):
    model = getattr(torchvision.models, name)().eval()
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        model(torch.randn(1, 3, size, size))
    counts.append([sum(p.numel() for p in model.parameters()), counter.get_total_flops() // 2])
print(json.dumps({"ms": 1000 * (time.perf_counter() - start), "counts": counts}))`;

if (!existsSync(cli)) {
  console.error('dist/cli.js is missing: run `npm run build`');
  process.exitCode = 2;
} else if (sources.kind === 'missing') {
  console.log(`Left out, since ${sources.reason}.`);
} else {
  await compare(sources.folder);
}

async function compare(packages) {
  const builders = builderNames(join(packages, 'torchvision/models'));
  const sizes = Array.from({ length: Math.ceil(MANY / builders.length) }, (_, index) => 224 + 32 * index);
  const models = sizes.flatMap((size) => builders.map((name) => [name, size])).slice(0, MANY);
  const step = Math.floor(builders.length / 15);
  const few = Array.from({ length: 15 }, (_, index) => [builders[index * step], 224]);

  const rows = [];
  const cold = [];
  const warm = [];
  for (let run = 0; run < RUNS; run++) {
    const cache = join(folder, `cache${run}`);
    cold.push(await check([...few.map(entryOf), ...onnxEntries()], packages, ['--cache-dir', cache]));
    warm.push(await check([...few.map(entryOf), ...onnxEntries()], packages, ['--cache-dir', cache]));
  }
  const medianMs = (runs) => median(runs.map((run) => run.timeMs));
  rows.push(['20 models, cold', ms(medianMs(cold)), mib(median(cold.map((run) => run.peak)))]);
  rows.push(['20 models, nothing changed', ms(medianMs(warm)), mib(median(warm.map((run) => run.peak)))]);
  const many = await check(models.map(entryOf), packages, ['--cache-dir', join(folder, 'many')]);
  rows.push([`${MANY} models, cold`, ms(many.timeMs), mib(many.peak)]);
  const again = await check(models.map(entryOf), packages, ['--cache-dir', join(folder, 'many')]);
  rows.push([`${MANY} models, nothing changed`, ms(again.timeMs), mib(again.peak)]);

  const theirs = countWithPython(models.slice(0, pythonLimit));
  const theirFew = theirs.failure === undefined ? countWithPython(few) : theirs;
  if (theirs.failure === undefined && theirFew.failure === undefined) {
    rows.push(['FlopCounterMode, the 15 of torchvision', ms(theirFew.timeMs), mib(theirFew.peak)]);
    rows.push([`FlopCounterMode, ${pythonLimit} of the ${MANY}`, ms(theirs.timeMs), mib(theirs.peak)]);
  }
  printTable(['', 'time', 'peak memory'], rows);
  console.log(`same bytes cold and warm: ${many.stdout === again.stdout ? 'yes' : 'NO'}`);
  if (theirs.failure !== undefined) {
    console.log(`Left out: ${python} with FlopCounterMode, since ${theirs.failure}.`);
    return;
  }
  const perModel = theirs.ms / theirs.counts.length;
  console.log(
    `${MANY} models would take Python ${ms(perModel * MANY)} at the rate of the first ${pythonLimit}: ` +
      `${((perModel * MANY) / many.timeMs).toFixed(1)} times as long; 20 cold ${(theirFew.timeMs / medianMs(cold)).toFixed(1)} ` +
      `times, 20 unchanged ${(theirFew.timeMs / medianMs(warm)).toFixed(1)} times (with 15 models on Python's side)`,
  );
  const ours = JSON.parse(many.stdout).entries.slice(0, pythonLimit);
  const wrong = ours.filter(({ totals }, index) => {
    const [params, macs] = theirs.counts[index];
    return totals?.paramCount !== params || totals.macs !== macs;
  });
  console.log(
    wrong.length === 0 ? 'parameters and MACs are equal' : `DIFFERENT: ${wrong.map(({ name }) => name).join(', ')}`,
  );
  if (wrong.length > 0 || many.stdout !== again.stdout) process.exitCode = 1;
}

/** Functions that torchvision registers as classification models, without running it. */
function builderNames(models) {
  const files = [
    'alexnet',
    'convnext',
    'densenet',
    'efficientnet',
    'googlenet',
    'inception',
    'maxvit',
    'mnasnet',
    'mobilenetv2',
    'mobilenetv3',
    'regnet',
    'resnet',
    'shufflenetv2',
    'squeezenet',
    'swin_transformer',
    'vgg',
    'vision_transformer',
  ];
  return files.flatMap((file) =>
    [...readFileSync(join(models, `${file}.py`), 'utf8').matchAll(/^@register_model\(\)\n(?:@.*\n)*def (\w+)\(/gm)].map(
      ([, name]) => name,
    ),
  );
}

function entryOf([name, size]) {
  // What takes one size only is told so by its arguments.
  const isFixed = name.startsWith('vit_') || name === 'maxvit_t';
  const input = isFixed ? 224 : size;
  return {
    name: `${name} at ${size}`,
    model: `torchvision.models:${name}`,
    input: `1x3x${input}x${input}`,
    budgets: { params: '1G' },
  };
}

function onnxEntries() {
  return Array.from({ length: 5 }, (_, index) => {
    writeFileSync(join(folder, `tiny${index}.onnx`), readFileSync(join(root, 'examples/tiny_cnn.onnx')));
    return { model: `tiny${index}.onnx`, budgets: { params: '1M' } };
  });
}

/** Wall time of the process, and the most memory that it had at one time with all its threads. */
function check(entries, packages, flags) {
  writeFileSync(join(folder, 'layercost.json'), JSON.stringify({ entries }));
  return new Promise((resolve) => {
    const start = performance.now();
    const args = ['--import', tellPeak, cli, 'check', '--path', packages, '--format', 'json', ...flags];
    const child = spawn(process.execPath, args, { cwd: folder });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', () => {
      resolve({ timeMs: performance.now() - start, stdout, peak: peakIn(stderr) });
    });
  });
}

function peakIn(stderr) {
  return Math.max(...[...stderr.matchAll(/peak (\d+)/g)].map(([, bytes]) => Number(bytes)));
}

function countWithPython(models) {
  const list = join(folder, 'models.json');
  // Those of one size get it from both sides.
  writeFileSync(list, JSON.stringify(models.map((model) => [model[0], Number(entryOf(model).input.split('x')[2])])));
  const start = performance.now();
  const script = `import resource\n${countInPython.replace('"counts"', '"peak": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "counts"')}`;
  const { status, stdout, stderr } = spawnSync(python, ['-c', script, list], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const timeMs = performance.now() - start;
  if (status !== 0) return { failure: (stderr ?? '').trim().split('\n').at(-1) || `it ended with ${status}` };
  return { timeMs, ...JSON.parse(stdout) };
}
