/**
 * `layercost check --base` and `--baseline` of the installed package on a real history: what grew, what was renamed or
 * moved, what is new, and what is said where the base is missing or broken.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runGit, type GitSandbox } from '../node/git/gitSandbox.ts';
import { installPackedCommand, type CommandResult, type PackedCommand } from '../support/packedCommand.ts';
import { modelHistory } from './modelHistory.ts';

// Each starts many processes, which share a machine with others.
vi.setConfig({ testTimeout: 180_000 });

let command: PackedCommand;
let history: GitSandbox;
/** A clone beside the history, so that what is written here is none of it. */
let clone: string;

beforeAll(() => {
  command = installPackedCommand();
  history = modelHistory();
  clone = path.join(path.dirname(history.folder), 'my clone');
  runGit(path.dirname(history.folder), ['clone', '--quiet', history.folder, clone]);
}, 120_000);

afterAll(() => {
  history.remove();
  command.remove();
});

interface Entry {
  readonly name?: string;
  readonly model: string;
  readonly input?: string;
  readonly args?: object;
  readonly allowUnknown?: boolean;
  readonly budgets: object;
}

const student = (growth: object, changes: Partial<Entry> = {}): Entry => ({
  name: 'student',
  model: 'models/größe/net.py:Net',
  input: '1x3x32x32',
  args: { classes: 100 },
  budgets: { growth },
  ...changes,
});
const teacher = (growth: object): Entry => ({
  name: 'teacher',
  model: 'models/teacher.py:teacher',
  input: '1x3x32x32',
  budgets: { growth },
});

/** Checks the files of a tag with a configuration of its own. */
function check(tag: string, entries: readonly Entry[], ...args: readonly string[]): CommandResult {
  runGit(clone, ['checkout', '--quiet', '--force', tag]);
  writeFileSync(path.join(clone, 'layercost.json'), JSON.stringify({ devices: ['t4'], entries }, null, 1));
  return command.run(clone, ['check', ...args]);
}

interface Case {
  readonly title: string;
  readonly tag: string;
  readonly base: string;
  readonly entries: readonly Entry[];
  readonly exitCode: number;
  readonly says: readonly string[];
}

// 2,308 parameters at first; twice as wide 6,532 (16 x 27 + 16, 2 x (16 x 144 + 32), 16 x 100 + 100);
// longer by a convolution of 16 x 16 + 16, with which these are 7,092.
const CASES: readonly Case[] = [
  {
    title: 'a growth that is too much',
    tag: 'wider',
    base: 'start',
    entries: [student({ params: '+5 %', macs: '+1K' })],
    exitCode: 1,
    says: [
      'budget +5 % on 2.308K = 2.423K:',
      '[growth-params]',
      '[growth-macs]',
      'models/blocks.py:7',
      'growth since start (',
    ],
  },
  {
    title: 'a growth that is accepted, relative and absolute',
    tag: 'longer',
    base: 'wider',
    entries: [student({ params: '+272', weights: '+5 %', latency: { t4: '+20 %' } })],
    exitCode: 0,
    says: ['1 passed'],
  },
  {
    title: 'one parameter too many',
    tag: 'longer',
    base: 'wider',
    entries: [student({ params: '+271' })],
    exitCode: 1,
    says: ['1 ('],
  },
  {
    title: 'a growth that only warns',
    tag: 'wider',
    base: 'start',
    entries: [student({ params: ['warn', '+5 %'] })],
    exitCode: 0,
    says: ['1 with warnings'],
  },
  {
    title: 'renamed layers',
    tag: 'renamed-module',
    base: 'longer',
    entries: [student({ params: '+0', macs: '+0', peakMemory: '+0 B' })],
    exitCode: 0,
    says: ['1 passed'],
  },
  {
    title: 'a file that was moved',
    tag: 'moved',
    base: 'start',
    entries: [student({ params: '+5 %' }, { model: 'models/student net.py:Net' })],
    exitCode: 1,
    says: ['on 2.308K', 'before: it was models/größe/net.py:Net'],
  },
  {
    title: 'an entry that the base calls otherwise',
    tag: 'longer',
    base: 'wider',
    entries: [student({ params: '+1' }, { name: 'learner' })],
    exitCode: 1,
    says: ['budget +1 on 6.82K = 6.821K'],
  },
  {
    title: 'another input',
    tag: 'start',
    base: 'comment',
    entries: [student({ macs: '+5 %' }, { input: '1x3x64x64' })],
    exitCode: 1,
    says: ['before: other inputs: x 1x3x32x32 float32 -> x 1x3x64x64 float32'],
  },
  {
    title: 'a model that is new',
    tag: 'start',
    base: 'deleted',
    entries: [teacher({ params: '+0' })],
    exitCode: 0,
    says: ['not checked: it is new since deleted ('],
  },
  {
    title: 'a base whose model does not parse',
    tag: 'wrong-shape',
    base: 'broken',
    entries: [student({ params: '+5 %' }, { allowUnknown: true }), teacher({ params: '+0' })],
    exitCode: 0,
    says: ['unknown, as broken (', 'is not known in full: `(` was never closed [syntax-error]'],
  },
  {
    title: 'the same where that is not accepted',
    tag: 'other-block',
    base: 'broken',
    entries: [student({ params: '+5 %' })],
    exitCode: 1,
    says: ['[unknown-figure]'],
  },
  {
    title: 'a base with a shape error',
    tag: 'deleted',
    base: 'wrong-shape',
    entries: [student({ params: '+5 %' })],
    exitCode: 1,
    says: ['wrong-shape (', 'is not known in full:', '[shape-mismatch]'],
  },
  {
    title: 'a device that the base was never asked for',
    tag: 'wider',
    base: 'start',
    entries: [student({ latency: { a100: '+500 %' } })],
    exitCode: 0,
    says: ['latency on a100 (roofline) (growth)', '1 passed'],
  },
  {
    title: 'no growth at all',
    tag: 'wider',
    base: 'start',
    entries: [{ ...student({}), budgets: { params: '10K' } }],
    exitCode: 0,
    says: ['1 passed'],
  },
  {
    title: 'a base that is not there',
    tag: 'wider',
    base: 'nowhere',
    entries: [student({ params: '+5 %' })],
    exitCode: 2,
    says: ['revision "nowhere" is not in', '[unknown-revision]', 'unknown, as the base "nowhere" cannot be read'],
  },
  {
    title: 'a base that reads as an option',
    tag: 'wider',
    base: '--upload-pack=touch pwned',
    entries: [student({ params: '+5 %' })],
    exitCode: 2,
    says: ['cannot name a revision'],
  },
];

describe('check --base', () => {
  for (const { title, tag, base, entries, exitCode, says } of CASES) {
    it(`${title} -> ${exitCode}`, () => {
      const { status, stdout, stderr } = check(tag, entries, `--base=${base}`);
      for (const part of says) expect(stdout).toContain(part);
      expect(`${stdout}${stderr}`).not.toContain(`${clone}/models`);
      expect([status, stderr]).toEqual([exitCode, '']);
    });
  }

  it('compares with where HEAD parted from a branch', () => {
    runGit(clone, ['checkout', '--quiet', '--force', '-B', 'side', 'wider']);
    runGit(
      clone,
      ['commit', '--quiet', '--allow-empty', '-m', 'side'].flatMap((arg) => arg),
    );
    const parted = check('side', [student({ params: '+0' })], '--base', 'moved...');
    expect(parted.stdout).toContain('1 passed');
    expect(parted.stdout).toContain('growth since moved... (');
    expect(check('side', [student({ params: '-1' })], '--base', 'moved...').status).toBe(2);
    expect(check('side', [student({ params: '+0' })], '--base', 'nowhere...HEAD').stdout).toContain(
      '[unknown-revision]',
    );
  });

  it('writes every report where the base is missing, and calls the base one', () => {
    const { status } = check(
      'wider',
      [student({ params: '+5 %' })],
      ...['--base=nowhere', '--report=sarif=out.sarif'],
      '--report=junit=out.xml',
      '--report=json=out.json',
      '--report=markdown=out.md',
    );
    expect(status).toBe(2);
    const read = (file: string): string => readFileSync(path.join(clone, file), 'utf8');
    expect(read('out.sarif')).toContain('"ruleId": "unreadable-base"');
    expect(read('out.xml')).toContain('type="unreadable-base"');
    expect(JSON.parse(read('out.json'))).toMatchObject({
      verdict: 'invalid',
      base: { label: 'nowhere', commitId: null },
    });
    expect(read('out.md')).toContain('unknown-revision');
  });

  it('says how to get what a shallow clone lacks', () => {
    const shallow = path.join(path.dirname(history.folder), 'shallow');
    runGit(path.dirname(history.folder), ['clone', '--quiet', '--depth=1', `file://${history.folder}`, shallow]);
    writeFileSync(
      path.join(shallow, 'layercost.json'),
      JSON.stringify({ entries: [student({ params: '+0' }, { model: 'models/student net.py:Net' })] }),
    );
    const { status, stdout } = command.run(shallow, ['check', '--base', 'HEAD^']);
    expect(status).toBe(2);
    expect(stdout).toContain('fetch it with "git fetch --depth=1 origin REVISION"');
    expect(stdout).toContain('[shallow-clone]');
    runGit(shallow, ['fetch', '--quiet', '--depth=1', 'origin', 'tag', 'start']);
    expect(command.run(shallow, ['check', '--base', 'start']).stdout).toContain('on 2.308K');
  });

  it('says so outside of a repository', () => {
    const folder = path.join(path.dirname(history.folder), 'no repository');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'net.py'), 'from torch import nn\nnet = nn.Linear(2, 2)\n');
    writeFileSync(
      path.join(folder, 'layercost.json'),
      JSON.stringify({ entries: [{ model: 'net.py:net', budgets: { growth: { params: '+0' } } }] }),
    );
    const { status, stdout } = command.run(folder, ['check', '--base', 'main']);
    expect(stdout).toContain('[not-a-repository]');
    expect(status).toBe(2);
  });

  it('has the configuration of either version say how its models are read', () => {
    const { folder, write, commit } = history;
    runGit(folder, ['checkout', '--quiet', '-b', 'searching', 'start']);
    const net = 'from parts import part\nfrom torch import nn\nnet = nn.Sequential(part)\n';
    const configuration = (searchPaths: readonly string[]): string =>
      JSON.stringify({
        searchPaths,
        entries: [{ name: 'net', model: 'net.py:net', input: '1x4', budgets: { growth: { params: '+5 %' } } }],
      });
    write({
      'net.py': net,
      'old/parts.py': 'from torch import nn\npart = nn.Linear(4, 10)\n',
      'layercost.json': configuration(['old']),
    });
    const base = commit('one');
    write({
      'new/parts.py': 'from torch import nn\npart = nn.Linear(4, 20)\n',
      'layercost.json': configuration(['new']),
    });
    commit('two');
    const { stdout, status } = command.run(folder, ['check', '--base', base]);
    expect(stdout).toContain('parameters 100, budget +5 % on 50 = 52.5');
    expect(status).toBe(1);
    expect(command.run(folder, ['diff', base]).stdout).toMatch(/parameters +50 +100/);
    runGit(folder, ['checkout', '--quiet', 'main']);
  });

  it('finds a model that is called otherwise by its layers', () => {
    const { folder, write, commit } = history;
    runGit(folder, ['checkout', '--quiet', '-b', 'renaming', 'start']);
    const net = (name: string, width: number): string =>
      `from torch import nn\nclass ${name}(nn.Sequential):\n    def __init__(self):\n` +
      `        super().__init__(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, ${width}))\n`;
    const configuration = (model: string): string =>
      JSON.stringify({ entries: [{ model, input: '1x4', budgets: { growth: { params: '+5 %' } } }] });
    write({ 'net.py': net('Net', 2), 'layercost.json': configuration('net.py:Net') });
    const base = commit('one');
    write({ 'net.py': net('Network', 4), 'layercost.json': configuration('net.py:Network') });
    commit('two');
    const { stdout, status } = command.run(folder, ['check', '--base', base]);
    expect(stdout).toContain('budget +5 % on 130 = 136.5');
    expect(stdout).toContain('before: it was called net.py:Net');
    expect(status).toBe(1);
    runGit(folder, ['checkout', '--quiet', 'main']);
  });
});

describe('check --baseline', () => {
  const file = 'base line.json';

  it('measures growth against a file', () => {
    runGit(clone, ['checkout', '--quiet', '--force', 'start']);
    expect(command.run(clone, ['baseline', '-o', file]).status).toBe(0);
    const grown = check('wider', [student({ params: '+5 %' })], '--baseline', file);
    expect(grown.stdout).toContain('budget +5 % on 2.308K = 2.423K');
    expect(grown.stdout).toContain(`growth since ${file}`);
    expect(grown.status).toBe(1);
    const renamed = check('wider', [student({ params: '+5 %' }, { name: 'learner' })], '--baseline', file);
    expect(renamed.stdout).toContain('it is new since base line.json');
    const same = check('start', [student({ params: '+0' }, { name: 'learner' })], '--baseline', file);
    expect(same.stdout).toContain('it was called student');
    expect([renamed.status, same.status]).toEqual([0, 0]);
  });

  it.each([
    ['gone.json', 'gone.json cannot be read'],
    ['layercost.json', 'layercost.json is no baseline of "layercost baseline"'],
    ['models', 'models cannot be read'],
  ])('%s -> 2', (name, message) => {
    const { status, stdout } = check('wider', [student({ params: '+5 %' })], '--baseline', name);
    expect(stdout).toContain(message);
    expect(status).toBe(2);
  });

  it('is given instead of a revision', () => {
    const { status, stderr } = check('wider', [student({})], '--baseline', file, '--base', 'start');
    expect(stderr).toContain('--base or --baseline, not both');
    expect(status).toBe(2);
  });
});

const many = Array.from({ length: 16 }, (_, index) =>
  student(
    { params: '+5 %', latency: '+1 %' },
    { name: index === 3 ? 'student' : `net${index}`, args: { classes: 10 + index } },
  ),
);

describe('reports', () => {
  const FORMATS = ['text', 'json', 'markdown', 'summary', 'sarif', 'junit', 'github'];

  it('are the same for any number of threads, cold and warm', () => {
    const runs = [
      ['--jobs=1', '--no-cache'],
      ['--jobs=2', '--no-cache'],
      ['--jobs=4', '--cache-dir=c1'],
      ['--jobs=2', '--cache-dir=c1'],
    ];
    const outputs = runs.map((flags, index) => {
      const reports = FORMATS.map((format) => `--report=${format}=out${index}.${format}`);
      const { stdout, stderr, status } = check(
        'wider',
        [...many, teacher({ macs: '+0' })],
        '--base=start',
        ...flags,
        ...reports,
      );
      expect([stderr, status]).toEqual(['', 1]);
      return [stdout, ...FORMATS.map((format) => readFileSync(path.join(clone, `out${index}.${format}`), 'utf8'))];
    });
    for (const output of outputs.slice(1)) expect(output).toEqual(outputs[0]);
    expect(outputs[0]?.join('')).not.toContain(clone);
  });

  it.each([2, 5])('of %i parts make the whole', (count) => {
    const whole = check('wider', many, '--base=start', '--format=json');
    const parts = Array.from({ length: count }, (_, index) => {
      check('wider', many, '--base=start', `--shard=${index + 1}/${count}`, `--report=json=part${index}.json`);
      return `part${index}.json`;
    });
    expect(command.run(clone, ['merge', ...parts, '--format=json'])).toEqual(whole);
  });
});

it('comments on what changed, and on what it means for budgets', async () => {
  const tag = 'renamed-module';
  const entries = [
    student(
      {},
      {
        budgets: { params: '10K', growth: { params: '+5 %', macs: ['warn', '+10 %'], latency: '+50 %' } },
      },
    ),
    student(
      {},
      { name: 'student, small', args: { classes: 10, width: 4 }, budgets: { params: '1K', peakMemory: '1 MiB' } },
    ),
    student({}, { name: 'student at large', input: 'Nx3x64x64', budgets: { macs: '10M' } }),
    { ...teacher({ params: '+0' }), budgets: { weights: '1 MiB', growth: { params: '+0', activations: '+10 %' } } },
  ];
  check(tag, entries, '--base=start', '--report=markdown=check.md');
  const { status } = command.run(clone, ['diff', 'start', '--report=markdown=diff.md']);
  expect(status).toBe(0);
  for (const name of ['diff', 'check']) {
    await expect(readFileSync(path.join(clone, `${name}.md`), 'utf8')).toMatchFileSnapshot(`golden/growth/${name}.md`);
  }
});

it('ran nothing of the repository', () => {
  expect(existsSync(path.join(clone, 'pwned'))).toBe(false);
  expect(existsSync('pwned')).toBe(false);
});
