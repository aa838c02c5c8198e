/**
 * `layercost check` and `layercost merge` through the built program: what they print, write and end with.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'layercost-check-'));
const repository = path.join(folder, 'repo');
const product = path.join(folder, 'dist');

const NET = `from torch import nn
from blocks import block

class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.conv = block(width)
        self.head = nn.Conv2d(width, 4, 1)
    def forward(self, x):
        return self.head(self.conv(x))

class Broken(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.b = nn.Linear(5, 5)
    def forward(self, x):
        return self.b(self.a(x))
`;
const BLOCKS = 'from torch import nn\ndef block(width):\n    return nn.Conv2d(3, width, 3)\n';

beforeAll(() => {
  cpSync(path.join(root, 'dist'), product, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  mkdirSync(path.join(repository, '.git'), { recursive: true });
  mkdirSync(path.join(repository, 'models'));
  cpSync(path.join(root, 'examples/tiny_cnn.onnx'), path.join(repository, 'tiny.onnx'));
  writeFileSync(path.join(repository, 'models/net.py'), NET);
  writeFileSync(path.join(repository, 'models/blocks.py'), BLOCKS);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], cwd = repository): Run {
  const environment = { ...process.env, LAYERCOST_CACHE_DIR: path.join(folder, 'cache'), NO_COLOR: '1' };
  const command = [path.join(product, 'cli.js'), ...args];
  const { status, stdout, stderr } = spawnSync('node', command, { cwd, encoding: 'utf8', env: environment });
  return { status, stdout, stderr };
}

function configure(entries: readonly object[]): void {
  writeFileSync(path.join(repository, 'layercost.json'), JSON.stringify({ devices: ['t4'], entries }, null, 1));
}

const student = { name: 'student', model: 'models/net.py:Net', input: '1x3x16x16' };
const many = Array.from({ length: 20 }, (_, index) => ({
  ...student,
  name: `net${index}`,
  model: index % 4 === 3 ? 'tiny.onnx' : 'models/net.py:Net',
  ...(index % 4 === 3 ? { input: undefined } : { args: { width: 8 + index } }),
  budgets: { params: 300 + 10 * index, latency: { t4: '1 ms' } },
}));

describe('exit codes', () => {
  const CASES: readonly {
    readonly title: string;
    readonly entries: readonly object[];
    readonly args?: readonly string[];
    readonly exitCode: number;
    readonly says: readonly string[];
  }[] = [
    { title: 'all budgets met', entries: [{ ...student, budgets: { params: 260 } }], exitCode: 0, says: ['1 passed'] },
    {
      title: 'a budget not met',
      entries: [{ ...student, budgets: { params: 200 } }],
      exitCode: 1,
      says: ['60 (30 %) over [budget-params]', 'conv 224 (86.2 %)  models/blocks.py:3', '1 failed'],
    },
    {
      title: 'only warned',
      entries: [{ ...student, budgets: { params: ['warn', 200] } }],
      exitCode: 0,
      says: ['warn'],
    },
    {
      title: 'a shape error',
      entries: [{ model: 'models/net.py:Broken' }],
      exitCode: 1,
      says: ['shape-mismatch', 'unknown-model'],
    },
    {
      title: 'a shape error that is allowed',
      entries: [{ model: 'models/net.py:Broken', allowUnknown: true }],
      exitCode: 0,
      says: ['note: not known in full'],
    },
    {
      title: 'no prediction',
      entries: [{ ...student, budgets: { latency: { t4: { predicted: '1 ms' } } } }],
      exitCode: 1,
      says: ['there is no prediction for this model'],
    },
    { title: 'no such name', entries: [{ model: 'models/net.py:Gone' }], exitCode: 2, says: ['no-such-name', 'ERROR'] },
    { title: 'no such module', entries: [{ model: 'nowhere.at:all' }], exitCode: 2, says: ['module-not-found'] },
    {
      title: 'a mistake in the configuration',
      entries: [{ ...student, budgets: { params: 'many' } }],
      exitCode: 2,
      says: ['many'],
    },
    {
      title: 'an unknown target',
      entries: [student],
      args: ['studnet'],
      exitCode: 2,
      says: ['did you mean "student"?'],
    },
    { title: 'a target by its file', entries: [student], args: ['models/net.py'], exitCode: 0, says: ['1 passed'] },
    {
      title: 'an unknown device',
      entries: [student],
      args: ['--device', 'abacus'],
      exitCode: 2,
      says: ['abacus', 'rtx-4090'],
    },
    { title: 'a bad part', entries: [student], args: ['--shard', '3/2'], exitCode: 2, says: ['1/8'] },
    { title: 'a bad number of threads', entries: [student], args: ['--jobs', '0'], exitCode: 2, says: ['1 to 64'] },
    { title: 'an unknown format', entries: [student], args: ['--format', 'xml'], exitCode: 2, says: ['junit'] },
    {
      title: 'a report without a file',
      entries: [student],
      args: ['--report', 'sarif'],
      exitCode: 2,
      says: ['FORMAT=FILE'],
    },
    {
      title: 'two reports to one file',
      entries: [student],
      args: ['--report', 'sarif=a', '--report', 'json=./a'],
      exitCode: 2,
      says: ['two reports'],
    },
    {
      title: 'no such configuration',
      entries: [student],
      args: ['--config', 'gone.json'],
      exitCode: 2,
      says: ['gone.json'],
    },
  ];
  for (const { title, entries, args = [], exitCode, says } of CASES) {
    it(`${title} -> ${exitCode}`, () => {
      configure(entries);
      const { status, stdout, stderr } = run(['check', ...args]);
      for (const part of says) expect(`${stdout}${stderr}`).toContain(part);
      expect(`${stdout}${stderr}`).not.toContain(folder);
      expect(status).toBe(exitCode);
    });
  }

  it('no configuration at all -> 2', () => {
    const { status, stderr } = run(['check'], folder);
    expect(stderr).toContain('neither a layercost.json nor a pyproject.toml');
    expect(status).toBe(2);
  });
});

describe('reports', () => {
  it('are written whole, several at once, and are the same for any number of threads', () => {
    configure(many);
    const outputs = ['1', '2', '4'].map((jobs) => {
      const formats = ['text', 'json', 'markdown', 'summary', 'sarif', 'junit', 'github'];
      const reports = formats.flatMap((format) => ['--report', `${format}=out.${jobs}.${format}`]);
      const { status, stdout } = run(['check', '--no-cache', '--jobs', jobs, ...reports]);
      expect(status).toBe(1);
      return [stdout, ...formats.map((format) => readFileSync(path.join(repository, `out.${jobs}.${format}`), 'utf8'))];
    });
    expect(outputs[1]).toEqual(outputs[0]);
    expect(outputs[2]).toEqual(outputs[0]);
    expect(outputs[0]?.join('')).not.toContain(folder);
    expect(readdirSync(repository).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('name entries in the order of the configuration, whatever the order of targets', () => {
    configure(many);
    const names = run(['check', 'net5', 'net3', 'net4', '--format', 'json']).stdout.match(/"name": "net\d+"/g);
    expect(names).toEqual(['"name": "net3"', '"name": "net4"', '"name": "net5"']);
  });

  it('say clearly where they cannot be written, and leave what was there', () => {
    configure([student]);
    const sealed = path.join(repository, 'sealed');
    mkdirSync(sealed);
    writeFileSync(path.join(sealed, 'old.json'), 'old');
    chmodSync(path.join(sealed, 'old.json'), 0o444);
    chmodSync(sealed, 0o555);
    const targets = [
      'sealed',
      'nowhere/a.json',
      ...(process.getuid?.() === 0 ? [] : ['sealed/old.json', 'sealed/new.json']),
    ];
    for (const target of targets) {
      const { status, stderr } = run(['check', '--report', `json=${target}`]);
      expect(stderr).toContain(`error: ${target} cannot be written:`);
      expect(status).toBe(2);
    }
    chmodSync(sealed, 0o755);
    expect(readFileSync(path.join(sealed, 'old.json'), 'utf8')).toBe('old');
  });
});

describe('parts', () => {
  it.each([2, 3, 7])('of %i make the whole', (count) => {
    configure(many);
    const whole = run(['check', '--format', 'json']);
    const parts = Array.from({ length: count }, (_, index) => {
      const file = `part${index}of${count}.json`;
      run(['check', '--shard', `${index + 1}/${count}`, '--report', `json=${file}`]);
      return file;
    });
    const merged = run(['merge', ...parts.reverse(), '--format', 'json']);
    expect(merged.stdout).toBe(whole.stdout);
    expect(merged.status).toBe(whole.status);
    const missing = run(['merge', ...parts.slice(1)]);
    expect(missing.stderr).toContain('parts are missing');
    expect(missing.status).toBe(2);
  });

  it.each([
    ['models/net.py', 'is no JSON report of "layercost check": it is no JSON'],
    ['gone.json', 'gone.json cannot be read: there is no such file'],
    ['layercost.json', 'formatVersion is missing'],
  ])('that are none: %s', (file, message) => {
    configure([student]);
    const { status, stderr } = run(['merge', file]);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

describe('the cache', () => {
  /** Without its parser the program can only answer what it remembers. */
  function withoutParser<T>(act: () => T): T {
    const wasm = path.join(product, 'tree-sitter-python.wasm');
    const bytes = readFileSync(wasm);
    rmSync(wasm);
    try {
      return act();
    } finally {
      writeFileSync(wasm, bytes);
    }
  }

  const entries = [
    { ...student, budgets: { params: 300 } },
    { model: 'tiny.onnx' },
    { name: 'zoo', model: 'models/*.py:N*', budgets: { macs: '1M' } },
  ];

  it('answers without reading Python where nothing changed, budgets aside', () => {
    configure(entries);
    const cold = run(['check', '--format', 'json']);
    expect(cold.status).toBe(0);
    const warm = withoutParser(() => run(['check', '--format', 'json']));
    expect(warm).toEqual(cold);
    configure([{ ...student, budgets: { params: 200 } }, ...entries.slice(1)]);
    expect(withoutParser(() => run(['check'])).stdout).toContain('60 (30 %) over');
  });

  const CHANGES: readonly (readonly [string, () => void, () => void])[] = [
    [
      'the file itself',
      () => writeFileSync(path.join(repository, 'models/net.py'), NET.replace('width=8', 'width=9')),
      () => writeFileSync(path.join(repository, 'models/net.py'), NET),
    ],
    [
      'a file that it imports',
      () => writeFileSync(path.join(repository, 'models/blocks.py'), BLOCKS.replace('3, width, 3', '3, width, 1')),
      () => writeFileSync(path.join(repository, 'models/blocks.py'), BLOCKS),
    ],
    [
      'a file that was not there and now hides another',
      () => {
        mkdirSync(path.join(repository, 'models/blocks'));
        writeFileSync(path.join(repository, 'models/blocks/__init__.py'), BLOCKS.replace('3, width, 3', '3, width, 5'));
      },
      () => rmSync(path.join(repository, 'models/blocks'), { recursive: true }),
    ],
  ];
  for (const [title, change, undo] of CHANGES) {
    it(`forgets an answer with ${title}`, () => {
      configure([student]);
      const before = run(['check', '--format', 'json']);
      change();
      try {
        expect(withoutParser(() => run(['check'])).status).toBe(101);
        const after = run(['check', '--format', 'json']);
        expect(after.stdout).not.toBe(before.stdout);
        expect(after.stdout).toBe(run(['check', '--format', 'json', '--no-cache']).stdout);
      } finally {
        undo();
      }
      expect(run(['check', '--format', 'json']).stdout).toBe(before.stdout);
    });
  }

  it('forgets an ONNX file whose graph changed', () => {
    configure([{ model: 'tiny.onnx' }]);
    const file = path.join(repository, 'tiny.onnx');
    const bytes = readFileSync(file);
    const before = run(['check', '--format', 'json']).stdout;
    writeFileSync(file, bytes.subarray(0, bytes.length - 20));
    expect(run(['check', '--format', 'json']).stdout).not.toBe(before);
    writeFileSync(file, bytes);
    expect(run(['check', '--format', 'json']).stdout).toBe(before);
  });

  it('takes what is corrupt for missing', () => {
    configure(entries);
    const cold = run(['check', '--format', 'json']);
    for (const name of ['answers', 'manifests']) {
      const inner = path.join(folder, 'cache/v2', name);
      for (const file of readdirSync(inner)) writeFileSync(path.join(inner, file), 'garbage\n{"manifest":"x"}');
    }
    expect(run(['check', '--format', 'json'])).toEqual(cold);
  });

  it('is done without where it cannot be written, with one message', () => {
    configure(entries);
    writeFileSync(path.join(folder, 'no-folder'), '');
    const { status, stderr } = run(['check', '--cache-dir', path.join(folder, 'no-folder')]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^note: answers are not kept: [^\n]*\n$/);
  });
});

it('reports an analysis that breaks, and checks the rest', () => {
  configure([{ model: 'tiny.onnx' }, ...many.filter(({ model }) => model !== 'tiny.onnx')]);
  const worker = path.join(product, 'checkWorker.js');
  const program = readFileSync(worker);
  writeFileSync(
    worker,
    `const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ kind, jobs }) => {
  if (kind === 'end') return parentPort.close();
  for (const { index, name } of jobs) {
    if (name === 'net5') throw new Error('the dog ate it');
    parentPort.postMessage({ index, outcome: { kind: 'problem', problems: [] } });
  }
});`,
  );
  try {
    const { status, stdout } = run(['check', '--no-cache', '--jobs', '2']);
    expect(stdout).toContain('Error: the dog ate it [internal-error]');
    expect(stdout.match(/the dog ate it/g)?.length).toBe(1);
    expect(stdout).toContain('16 entries: 16 not analysed');
    expect(status).toBe(101);
  } finally {
    writeFileSync(worker, program);
  }
});
