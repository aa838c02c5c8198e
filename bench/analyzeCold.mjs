// A cold `layercost analyze torchvision.models:resnet50`, whole process, against a Python process that imports torch and
// torchvision and runs torch.utils.flop_counter on the same model: median time, peak memory, the ratios, and whether
// both count the same MACs. `npm run build && node bench/analyzeCold.mjs [FOLDER WITH torchvision/]`; Python is
// $LAYERCOST_PYTHON or python3, and is left out where it has no torch and torchvision.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { median, mib, ms, printTable, root } from './support.mjs';
import { python, sourcesOfTorchvision } from './torchvisionSources.mjs';

const RUNS = 5;
const TARGET = 'torchvision.models:resnet50';

/** Loaded before the program: tells the peak memory at its end, on stderr. */
const tellPeak = `data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS*1024))`;

const countInPython = `import json, resource, torch, torchvision
from torch.utils.flop_counter import FlopCounterMode
model = torchvision.models.resnet50().eval()
counter = FlopCounterMode(display=False)
with counter, torch.no_grad():
    model(torch.randn(1, 3, 224, 224))
params = sum(p.numel() for p in model.parameters())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"macs": counter.get_total_flops() // 2, "params": params, "peak": peak}))`;

const sources = sourcesOfTorchvision(process.argv[2]);
const cli = join(root, 'dist/cli.js');
if (!existsSync(cli)) {
  console.error('dist/cli.js is missing: run `npm run build`');
  process.exitCode = 2;
} else if (sources.kind === 'missing') {
  console.log(`Left out: ${TARGET}, since ${sources.reason}.`);
} else {
  compare(sources.folder);
}

function compare(folder) {
  const command = [cli, 'analyze', TARGET, '--path', folder];
  const runOurs = () => timed(process.execPath, command);
  const runTheirs = () => timed(python, ['-c', countInPython]);
  // One run each that is not counted brings the files into the system's cache.
  runOurs();
  const first = runTheirs();
  const ours = [];
  const theirs = [];
  for (let run = 0; run < RUNS; run++) {
    ours.push(runOurs());
    if (first.status === 0) theirs.push(runTheirs());
  }
  const failed = [...ours, ...theirs].find(({ status }) => status !== 0);
  if (failed !== undefined) throw new Error(`a run ended with ${failed.status}: ${failed.stderr}`);

  const { macs, params, peak } = countOurs([...command, '--format', 'json']);
  const oursMs = median(ours.map(({ timeMs }) => timeMs));
  const rows = [['layercost', ms(oursMs), mib(peak), String(params), String(macs)]];
  if (theirs.length === 0) {
    print(rows);
    console.log(`Left out: ${python} with FlopCounterMode, since it ended with: ${lastLine(first.stderr)}.`);
    return;
  }
  const theirsMs = median(theirs.map(({ timeMs }) => timeMs));
  const counts = theirs.map(({ stdout }) => JSON.parse(stdout));
  const theirPeak = median(counts.map((count) => count.peak));
  const [count] = counts;
  rows.push([`${python}, FlopCounterMode`, ms(theirsMs), mib(theirPeak), String(count.params), String(count.macs)]);
  print(rows);
  console.log(`time ${(theirsMs / oursMs).toFixed(1)} times less, memory ${(theirPeak / peak).toFixed(1)} times less`);
  const isEqual = count.macs === macs && count.params === params;
  console.log(isEqual ? 'parameters and MACs are equal' : 'PARAMETERS OR MACS DIFFER');
  if (!isEqual) process.exitCode = 1;
}

function print(rows) {
  console.log(`${TARGET}, whole process, median of ${RUNS}`);
  printTable(['', 'time', 'peak memory', 'parameters', 'MACs'], rows);
}

/** The figures, from a run of its own that is not timed. */
function countOurs(command) {
  const { stdout, stderr } = timed(process.execPath, ['--import', tellPeak, ...command]);
  const { totals } = JSON.parse(stdout);
  return { macs: totals.macs, params: totals.paramCount, peak: Number(/peak (\d+)/.exec(stderr)?.[1]) };
}

function timed(program, args) {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  const timeMs = performance.now() - start;
  return { timeMs, status, stdout: stdout ?? '', stderr: error?.message ?? stderr ?? '' };
}

function lastLine(text) {
  return text.trim().split('\n').at(-1);
}
