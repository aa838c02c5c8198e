/**
 * `layercost init` in temporary folders: what it writes, what it leaves out, and what it never writes over; and
 * `layercost analyze` with the configuration that holds there.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../server/src/configuration/parseConfiguration.ts';
import { devices } from '../support/makeAnalyzer.ts';

const root = path.join(import.meta.dirname, '../..');
let folder = '';

beforeAll(() => {
  execFileSync('node', ['esbuild.mjs'], { cwd: root });
});

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'layercost init ü-'));
});

afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

const HEAD = 'import torch\nfrom torch import nn\n';

/** A model of one linear layer; by its name it is made of another, or needs an argument. */
function model(name: string, layer: string, parameters = ''): string {
  return `
class ${name}(nn.Module):
    def __init__(self${parameters}):
        super().__init__()
        self.part = ${layer}
    def forward(self, x):
        return self.part(x)
`;
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

interface Output {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Output {
  return spawnSync('node', [path.join(root, 'dist/cli.js'), ...args], { cwd: folder, encoding: 'utf8' });
}

/** The entries as written, and the whole read by our own parser without a problem. */
function written(): unknown {
  const text = readFileSync(path.join(folder, 'layercost.json'), 'utf8');
  const knownDeviceIds = devices().map(({ id }) => id);
  expect(parseConfiguration(text, 'layercost.json', { kind: 'json', knownDeviceIds }).problems).toEqual([]);
  return (JSON.parse(text.replace(/^\/\/.*$/m, '')) as { readonly entries: unknown }).entries;
}

describe('layercost init', () => {
  it('writes an entry for each model, and says what it leaves out and why', () => {
    write({
      'ü b/net.py':
        HEAD +
        model('Block', 'nn.Linear(8, 4)') +
        model('Net', 'Block()') +
        model('Open', 'nn.Linear(width, 4)', ', width') +
        model('Odd', 'torch.unheard_of(3)') +
        model('Broken', 'nn.Linear(8, 4)').replace('return', 'x = torch.randn(3, 9)\n        return') +
        '\ndef tiny():\n    return Open(2)\n\nshared = Net()\n',
      'tests/test_net.py': HEAD + model('Fake', 'nn.Linear(1, 1)'),
      'empty.py': '',
      'no model.onnx': 'x',
    });
    const { status, stdout, stderr } = run('init', '--device', 't4');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const entries = written() as readonly {
      readonly model: string;
      readonly input?: string;
      readonly budgets: object;
    }[];
    expect(entries.map((entry) => entry.model)).toEqual(['ü b/net.py:Net', 'ü b/net.py:tiny']);
    // 8·4 + 4 = 36 parameters, 32 MACs; 2·4 + 4 = 12 parameters, 8 MACs; each and a tenth, rounded up
    expect(entries[0]).toMatchObject({ input: '1x8', budgets: { params: '40', macs: '36' } });
    expect(entries[1]).toMatchObject({ input: '1x2', budgets: { params: '14', macs: '9' } });
    expect(Object.keys(entries[0]?.budgets ?? {})).toEqual(['params', 'macs', 'peakMemory', 'latency']);
    for (const part of [
      'net.py:Block: a part of Net',
      'net.py:Open: tiny builds it',
      'net.py:shared: an instance of Net',
      'net.py:Odd: ',
      'net.py:Broken: ',
      'tests/test_net.py: a test',
      'no model.onnx: ',
    ]) {
      expect(stdout).toContain(part);
    }
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('keeps what the file says of a model, and writes no input for it', () => {
    write({
      'net.py': `${HEAD}# layercost: input=2x6 args=(width=6)${model('Net', 'nn.Linear(width, 4)', ', width')}`,
      'used.py': `${HEAD}${model('Net', 'nn.Linear(3, width)', ', width=1')}\nNet(5)(torch.randn(7, 3))\n`,
    });
    expect(run('init').status).toBe(0);
    expect(written()).toMatchObject([
      { model: 'net.py:Net', budgets: { params: '31', macs: '53' } },
      { model: 'used.py:Net', budgets: { params: '22', macs: '116' } },
    ]);
    expect(JSON.stringify(written())).not.toContain('"input"');
  });

  it('never writes over a configuration, unless forced', () => {
    write({ 'net.py': HEAD + model('Net', 'nn.Linear(8, 4)'), 'layercost.json': '{ "mine": 1 }' });
    const refused = run('init');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('--force');
    expect(readFileSync(path.join(folder, 'layercost.json'), 'utf8')).toBe('{ "mine": 1 }');
    expect(run('init', '--force').status).toBe(0);
    expect(written()).toMatchObject([{ model: 'net.py:Net' }]);
  });

  it.each([
    [
      'beside a table in pyproject.toml',
      { 'pyproject.toml': '[tool.layercost]\n', 'net.py': HEAD + model('Net', 'nn.Linear(8, 4)') },
      [],
      'one configuration',
    ],
    ['without a model', { 'a.py': 'x = 1\n' }, [], 'no model below'],
    ['for an unknown device', {}, ['--device', 'abacus'], 'abacus'],
  ] as const)('writes nothing %s', (_title, files, flags, says) => {
    write(files);
    const { status, stderr } = run('init', ...flags);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
    expect(existsSync(path.join(folder, 'layercost.json'))).toBe(false);
  });

  it('says that a folder may not be written, and leaves nothing behind', () => {
    write({ 'net.py': HEAD + model('Net', 'nn.Linear(8, 4)') });
    // Root may write into every folder: a folder in the way of the file is refused to all.
    if (process.getuid?.() === 0) mkdirSync(path.join(folder, 'layercost.json/x'), { recursive: true });
    else chmodSync(folder, 0o555);
    const { status, stderr } = run('init', '--force');
    expect(status).toBe(2);
    expect(stderr).toContain('cannot be written: ');
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});

describe('layercost analyze', () => {
  beforeEach(() => {
    write({
      'net.py': HEAD + model('Net', 'nn.Linear(width, 4)', ', width'),
      'lib/parts.py': `from torch import nn\ndef part():\n    return nn.Linear(3, 1)\n`,
      'ours.py': `from torch import nn\nfrom parts import part\n${model('Ours', 'part()')}`,
      'layercost.json': JSON.stringify({
        searchPaths: ['lib'],
        entries: [
          { model: 'net.py:Net', args: { width: 6 }, input: '5x6' },
          { model: 'o*.py:Ou*', input: '7x3' },
        ],
      }),
    });
  });

  it.each([
    ['the configuration', ['net.py:Net'], 'x 5x6 float32', 'input and arguments from layercost.json'],
    ['the configuration, for the first model', ['net.py'], 'x 5x6 float32', 'input and arguments from layercost.json'],
    ['flags first', ['net.py:Net', '--input', '2x6'], 'x 2x6 float32', 'arguments from layercost.json'],
    ['a glob, with its search paths', ['ours.py:Ours'], 'x 7x3 float32', 'input from layercost.json'],
  ])('takes %s', (_title, args, input, given) => {
    const { status, stdout, stderr } = run('analyze', ...args, '--device', 't4');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`  input   ${input}\n`);
    expect(stdout).toContain(`  given   ${given}\n`);
  });

  it('says nothing of it where flags give all', () => {
    const { stdout } = run('analyze', 'net.py:Net', '--args', 'width=2', '--input', '1x2');
    expect(stdout).toContain('x 1x2');
    expect(stdout).not.toContain('layercost.json');
  });

  it('has it in its JSON, and tells what is wrong with the configuration', () => {
    write({ 'layercost.json': '{ "entires": [], "entries": [{ "model": "net.py:Net", "args": "6" }] }' });
    const { status, stdout, stderr } = run('analyze', 'net.py:Net', '--format', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      entry: { configuration: { file: path.join(folder, 'layercost.json'), input: false, args: true } },
    });
    expect(stderr).toContain('layercost.json:1:3: error: "entires" is not known here');
  });
});
