// Packs the command line as npm does, installs the package in an empty folder, and sees each exit code of
// `layercost check` from there: 0 met, 1 not met or unknown, 2 usage, configuration or unreadable input, 101 a bug.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryFolder } from './packageExtension.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'layercost-packed-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const options = { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
const packed = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--pack-destination', folder, repositoryFolder], options),
);
const [{ filename, files, size }] = packed;
const names = files.map((file) => file.path);
execFileSync(
  'npm',
  ['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, path.join(folder, filename)],
  options,
);
const installed = path.join(folder, 'node_modules/layercost');
const program = path.join(folder, 'node_modules/.bin/layercost');

writeFileSync(
  path.join(folder, 'net.py'),
  `from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
    def forward(self, x):
        return self.conv(x)
`,
);

/** A configuration of one entry, and how the check of it ends. */
const CASES = [
  { title: 'a budget that is met', budgets: { params: 224 }, exitCode: 0 },
  { title: 'a budget that is not met', budgets: { params: 223 }, exitCode: 1, says: 'budget-params' },
  { title: 'the same with --exit-zero', budgets: { params: 223 }, args: ['--exit-zero'], exitCode: 0 },
  {
    title: 'an unknown figure',
    budgets: { accuracy: { 'imagenet-top1': '70 %' } },
    exitCode: 1,
    says: 'unknown-figure',
  },
  { title: 'a warning', budgets: { params: ['warn', 1] }, exitCode: 0, says: 'warn' },
  { title: 'a mistake in the configuration', budgets: { shoes: 1 }, exitCode: 2, says: 'shoes' },
  { title: 'a model that is not there', model: 'gone.py', budgets: {}, exitCode: 2, says: 'gone.py' },
  { title: 'an unknown flag', budgets: {}, args: ['--what'], exitCode: 2, says: '--what' },
  {
    title: 'a report that cannot be written',
    budgets: {},
    args: ['--report', 'json=no/folder.json'],
    exitCode: 2,
    says: 'no/folder.json',
  },
];

let failed = 0;
function expectRun(title, args, exitCode, says = '') {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  const isRight = status === exitCode && `${stdout}${stderr}`.includes(says);
  console.log(`${isRight ? 'passed' : 'FAILED'}: ${title} ends with ${status}`);
  if (isRight) return;
  failed++;
  console.log(`${stdout}${stderr}`);
}

console.log(`${filename}: ${files.length} files, ${size} bytes`);
// npm takes the extension along, as it is `main` of the manifest that both share.
const strays = names.filter(
  (name) => !/^(package\.json|README\.md|LICENSE|dist\/.*\.(c?js|wasm|json|safetensors))$/.test(name),
);
for (const name of strays) console.log(`FAILED: ${name} must not ship`);
failed += strays.length;

for (const { title, model = 'net.py:Net', budgets, args = [], exitCode, says } of CASES) {
  writeFileSync(
    path.join(folder, 'layercost.json'),
    JSON.stringify({ entries: [{ model, input: '1x3x8x8', budgets }] }),
  );
  expectRun(title, ['check', '--no-cache', ...args], exitCode, says);
}
// Without its parser every analysis of Python breaks: a bug of ours, for all that anybody can tell.
rmSync(path.join(installed, 'dist/tree-sitter-python.wasm'));
writeFileSync(path.join(folder, 'layercost.json'), JSON.stringify({ entries: [{ model: 'net.py:Net' }] }));
expectRun('a broken installation', ['check', '--no-cache'], 101, 'internal error');
const version = JSON.parse(readFileSync(path.join(repositoryFolder, 'package.json'), 'utf8')).version;
expectRun('--version', ['--version'], 0, version);
process.exitCode = failed === 0 ? 0 : 1;
