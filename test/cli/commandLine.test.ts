/**
 * The packed command line on bad and good input: exit code, and what stands on stdout and stderr.
 * Exit codes: 0 read, 2 wrong usage or unreadable input (README.md).
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawnDescription, drawnModel, jsonBytes } from '../predictor/drawnModel.ts';

const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'layercost-'));

beforeAll(() => {
  writeFileSync(path.join(folder, 'latin.py'), Buffer.from([0x78, 0x3d, 0xff, 0xfe]));
  writeFileSync(path.join(folder, 'empty.py'), '');
  writeFileSync(path.join(folder, 'cells.txt'), CELLS);
  writeFileSync(path.join(folder, 'batch.jsonl'), BATCH);
  writeFileSync(path.join(folder, 'found.json'), FOUND);
  writeFileSync(path.join(folder, 'cells.py'), `best = "${CONVOLUTIONS}"\n`);
  writeFileSync(path.join(folder, 'none.txt'), 'a | b\n');
  writeModel('model', drawnModel());
  writeModel('corrupt', drawnModel({ 'network-0.safetensors': new Uint8Array(100) }));
  writeModel('other-features', drawnModel({ 'model.json': jsonBytes({ ...drawnDescription(), featureVersion: 9 }) }));
  writeFileSync(path.join(folder, 'random.onnx'), Buffer.from([0xff, 0x00, 0x13, 0x37]));
  writeFileSync(path.join(folder, 'endless.py'), ENDLESS);
  writeFileSync(path.join(folder, 'huge.py'), ENDLESS.replace('while True:', 'for _ in range(10**10):'));
  writeFileSync(path.join(folder, 'deep.py'), RECURSION);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function writeModel(name: string, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(path.join(folder, name));
  for (const [file, bytes] of files) writeFileSync(path.join(folder, name, file), bytes);
}

const CONVOLUTIONS = '|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|';

const FOUND = `[
 "${CONVOLUTIONS}",
 {"matrix": [[0, 1], [0, 0]], "operations": ["input", "output"]},
 "|max_pool~0|+|none~0|none~1|+|none~0|none~1|none~2|"
]
`;

const CELLS = `|none~0|

{"cell": {"matrix": [[0, 1], [0, 0]], "operations": ["input", "output"]}}
`;

const BATCH = `{"cell": "|skip_connect~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|", "dataset": "cifar10", "id": 7}
{"cell": "|conv~0|+|none~0|none~1|+|none~0|none~1|none~2|"}
{"cell": "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|", "dataset": "mnist"}
{"matrix": [[0, 1], [0, 0]], "operations": ["input", "output"]}
`;

const ENDLESS = `from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        while True:
            self.a = nn.Linear(4, 4)
    def forward(self, x):
        return self.a(x)
`;

const RECURSION = `from torch import nn
def f(n):
    return f(n + 1)
class Net(nn.Module):
    def forward(self, x):
        return f(0)
`;

interface Case {
  readonly args: readonly string[];
  readonly exitCode: number;
  /** Parts of what is said, on either stream. */
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  { args: ['export', '--cell', '|none~0|'], exitCode: 2, says: ['--features'] },
  { args: ['export', '--features'], exitCode: 2, says: ['--cells FILE'] },
  { args: ['export', '--features', '--cells', 'missing.txt'], exitCode: 2, says: ['missing.txt', 'no such file'] },
  { args: ['export', '--features', '--cells', 'cells.txt', '--out', 'no/such'], exitCode: 2, says: ['no/such'] },
  { args: ['export', '--features', '--cell', '|none~0|', '--dataset', 'mnist'], exitCode: 2, says: ['cifar100'] },
  {
    args: ['export', '--features', '--cells', 'cells.txt'],
    exitCode: 0,
    says: [
      '"format":"layercost-features"',
      '"id":"|none~0|"',
      'nas-cell-size',
      '"space":"nas-bench-101","operations":[0,1]',
    ],
  },
  { args: ['predict'], exitCode: 2, says: ['--batch'] },
  { args: ['predict', '--batch', 'missing.jsonl'], exitCode: 2, says: ['missing.jsonl', 'no such file'] },
  {
    args: ['predict', '--batch', 'batch.jsonl', '--model', 'nowhere'],
    exitCode: 0,
    says: ['no weights: there is no trained model', '"id":7', 'nas-cell-operation', '"unknown-dataset"'],
  },
  {
    args: ['predict', '--batch', 'batch.jsonl', '--model', 'model'],
    exitCode: 0,
    says: [
      '"id":7,"accuracy":{"value":',
      '"latencyMs":{"pixel3":{"value":',
      'nas-cell-operation',
      'no weights for cells of nas-bench-101',
    ],
  },
  {
    // Whatever is wrong with weights, lines come back, and what is wrong with a cell is said of it.
    args: ['predict', '--batch', 'batch.jsonl', '--model', 'corrupt'],
    exitCode: 0,
    says: [
      'warning: network-0.safetensors has checksum',
      '[weights-corrupt]',
      '"id":7,"problem"',
      'nas-cell-operation',
    ],
  },
  {
    args: ['predict', '--batch', 'batch.jsonl', '--model', 'other-features'],
    exitCode: 0,
    says: ['trained on features of version 9, not 1', '[weights-version]', '"id":7,"problem"'],
  },
  {
    args: ['analyze', '--cell', '{"matrix": [[0, 1], [1, 0]], "operations": ["input", "output"]}'],
    exitCode: 2,
    says: ['--cell:1:22: error: an edge leads from vertex 1 back to vertex 0', '[nas-cell-edge]'],
  },
  {
    args: ['analyze', '--cell', '{"matrix": [[0, 0], [0, 0]], "operations": ["input", "output"]}'],
    exitCode: 2,
    says: ['no path leads from the input', '[nas-cell-disconnected]'],
  },
  {
    args: ['analyze', '--cell', "Genotype(normal=[('conv', 0), ('none', 5)], normal_concat=[2], reduce=3)"],
    exitCode: 2,
    says: ['"conv" is no operation of DARTS', 'state 2 reads the states 0 to 1, not 5', '"reduce" is a list of pairs'],
  },
  {
    args: ['analyze', '--cell', '{"matrix": [[0, 1], [0, 0]], "operations": ["input", "output"]}', '--depth', '0'],
    exitCode: 0,
    says: ['NAS-Bench-101 cell', 'no weights for cells of nas-bench-101'],
  },
  { args: ['analyze'], exitCode: 2, says: ['name a target, or a cell by --cell'] },
  { args: ['analyze', 'empty.py', '--cell', '|none~0|'], exitCode: 2, says: ['name a target, or a cell by --cell'] },
  {
    args: ['analyze', '--cell', '|conv~0|+|none~0|none~1|+|none~0|none~1|none~2|'],
    exitCode: 2,
    says: ['--cell:1:2: error: "conv" is no operation', '[nas-cell-operation]'],
  },
  {
    // The cell of test/truth/data/nasCell/networks.json whose three convolutions PyTorch counts so.
    args: ['analyze', '--cell', CONVOLUTIONS, '--dataset', 'cifar100', '--depth', '0'],
    exitCode: 0,
    says: ['NAS-Bench-201 cell', '808,276', '1x3x32x32, 100 classes'],
  },
  {
    args: ['analyze', 'found.json'],
    exitCode: 0,
    says: [
      'found.json:2:3: NAS-Bench-201 cell · 802.4K params · 114 MMACs · cifar10 ≈ ',
      'found.json:3:2: NAS-Bench-101 cell',
      'found.json:4:4: warning: "max_pool" is no operation',
    ],
  },
  {
    args: ['analyze', 'found.json', '--format', 'json', '--dataset', 'cifar100', '--device', 't4'],
    exitCode: 0,
    says: ['"paramCount": 808276', '"space": "nas-bench-101"', '"interval": [', '"code": "nas-cell-operation"', '"t4"'],
  },
  { args: ['analyze', 'cells.py'], exitCode: 0, says: ['cells.py:1:9: NAS-Bench-201 cell · 802.4K params'] },
  { args: ['analyze', 'none.txt'], exitCode: 2, says: ['no NAS cell was found in none.txt', '[no-model]'] },
  { args: ['analyze', 'missing.json'], exitCode: 2, says: ['missing.json', 'no such file'] },
  { args: ['analyze', 'missing.py'], exitCode: 2, says: ['missing.py', 'no such file'] },
  { args: ['analyze', 'missing.onnx'], exitCode: 2, says: ['missing.onnx', 'no such file'] },
  { args: ['analyze', '.'], exitCode: 2, says: ['file.py:Name'] },
  { args: ['analyze', 'nowhere.module:net'], exitCode: 2, says: ['nowhere.module'] },
  { args: ['analyze', 'latin.py'], exitCode: 2, says: ['not UTF-8'] },
  { args: ['analyze', 'empty.py'], exitCode: 2, says: ['no model was found'] },
  { args: ['analyze', 'random.onnx'], exitCode: 2, says: ['random.onnx at byte'] },
  { args: ['analyze', 'endless.py'], exitCode: 2, says: ['execution-bound', 'endless.py:'] },
  { args: ['analyze', 'huge.py'], exitCode: 2, says: ['execution-bound', 'huge.py:'] },
  { args: ['analyze', 'deep.py'], exitCode: 2, says: ['deep.py:3'] },
  { args: ['analyze', 'empty.py', '--input', '1xx3'], exitCode: 2, says: ['1xx3'] },
  { args: ['analyze', 'empty.py', '--input', '1x3:float99'], exitCode: 2, says: ['float99'] },
  { args: ['analyze', 'empty.py', '--device', 'abacus'], exitCode: 2, says: ['abacus', 'rtx-4090'] },
  { args: ['analyze', 'empty.py', '--depth', 'two'], exitCode: 2, says: ['two'] },
  { args: ['analyze'], exitCode: 2, says: ['target'] },
  { args: ['sing'], exitCode: 2, says: ['sing'] },
  { args: ['--version'], exitCode: 0, says: ['0.1.0'] },
  { args: ['devices'], exitCode: 0, says: ['rtx-4090', 'GB/s', 'source:'] },
  { args: ['analyze', path.join(root, 'examples/small_cnn.py')], exitCode: 0, says: ['29,197,568', '141,034'] },
];

for (const { args, exitCode, says } of CASES) {
  it(`layercost ${args.map((arg) => path.basename(arg)).join(' ')}`, () => {
    const { status, stdout, stderr } = run(args);
    expect(`${stdout}${stderr}`).not.toContain('internal error');
    for (const part of says) expect(`${stdout}${stderr}`).toContain(part);
    expect(status).toBe(exitCode);
  });
}

it('prints JSON alone on stdout, problems in their field', () => {
  const { status, stdout } = run(['analyze', 'empty.py', '--format', 'json']);
  const { problems } = JSON.parse(stdout) as { readonly problems: readonly { readonly code: string }[] };
  expect(problems.map(({ code }) => code)).toEqual(['no-model']);
  expect(status).toBe(2);
});

it('refuses a file that may not be read', () => {
  const file = path.join(folder, 'secret.py');
  writeFileSync(file, '');
  chmodSync(file, 0);
  // Root may read everything: then the file is empty.
  const expected = process.getuid?.() === 0 ? 'no model was found' : 'no permission';
  expect(run(['analyze', 'secret.py']).stderr).toContain(expected);
});

function run(args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync('node', [path.join(root, 'dist/cli.js'), ...args], { cwd: folder, encoding: 'utf8' });
}
