/**
 * `layercost diff` of the installed package on a real history: text and Markdown as golden files, JSON by its fields,
 * exit codes, and what is said where a base is missing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runGit, type GitSandbox } from '../node/git/gitSandbox.ts';
import { installPackedCommand, type CommandResult, type PackedCommand } from '../support/packedCommand.ts';
import { modelHistory } from './modelHistory.ts';

let command: PackedCommand;
let history: GitSandbox;

beforeAll(() => {
  command = installPackedCommand();
  history = modelHistory();
}, 120_000);

afterAll(() => {
  history.remove();
  command.remove();
});

function diff(...args: readonly string[]): CommandResult {
  return command.run(history.folder, ['diff', ...args]);
}

/** Each with what it compares and how it ends. */
const GOLDEN: readonly (readonly [args: string, exitCode: number])[] = [
  ['start comment', 0],
  ['start wider', 0],
  ['wider longer', 0],
  ['longer renamed-module', 0],
  ['renamed-module other-block', 0],
  ['other-block broken', 2],
  ['broken other-block', 0],
  ['other-block wrong-shape', 2],
  ['other-block deleted', 0],
  ['deleted moved', 0],
  ['start moved', 0],
  ['start...longer', 0],
  ['start longer models/größe/net.py:Net --input 1x3x64x64 --device a100', 0],
  ['start longer models.teacher:teacher -- models/größe/net.py', 0],
];

it.each(GOLDEN)('diff %s', async (args, exitCode) => {
  const { stdout, stderr, status } = diff(...args.split(' '));
  const name = args.replace(/[^\w.-]+/g, '_').slice(0, 40);
  expect(stderr).toBe('');
  await expect(stdout).toMatchFileSnapshot(`golden/diff/${name}.txt`);
  expect(status).toBe(exitCode);
});

it('prints Markdown and annotations', async () => {
  await expect(diff('start', 'deleted', '--format', 'markdown').stdout).toMatchFileSnapshot('golden/diff/comment.md');
  await expect(diff('other-block', 'broken', '--format', 'github').stdout).toMatchFileSnapshot(
    'golden/diff/github.txt',
  );
});

it('writes reports to files beside what it prints', () => {
  const file = path.join(history.folder, '..', 'diff.json');
  const { stdout, status } = diff('start', 'longer', '--format', 'github', '--report', `json=${file}`);
  expect(status).toBe(0);
  expect(stdout).toContain('::notice file=models/größe/net.py,line=');
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly formatVersion: number;
    readonly after: { readonly label: string; readonly commit: string };
    readonly entries: readonly {
      readonly name: string;
      readonly kind: string;
      readonly totals: { readonly paramCount: unknown };
      readonly latency: { readonly t4: { readonly rooflineMs: { readonly share: number } } };
    }[];
  };
  const [student, teacher] = report.entries;
  expect([report.formatVersion, report.after.label, report.after.commit]).toEqual([
    1,
    'longer',
    history.git('rev-parse', 'longer').trim(),
  ]);
  expect([student?.kind, teacher?.kind]).toEqual(['changed', 'unchanged']);
  // 3*8*9+8 + 2*(8*8*9+16) + 8*100+100, and twice as wide with a 1x1 convolution of 16*16+16 more.
  expect(student?.totals.paramCount).toEqual({ before: 2308, after: 7092, delta: 4784, share: 4784 / 2308 });
  expect(student?.latency.t4.rooflineMs.share).toBeGreaterThan(0);
});

it('compares the work tree where one revision is named, and HEAD with it where none is', () => {
  const file = path.join(history.folder, 'models/blocks.py');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('bias=False', 'bias=True'));
  try {
    expect(diff().stdout).toMatch(/from HEAD \([0-9a-f]{7}\) to work tree: 1 changed/);
    expect(diff('moved').stdout).toContain('~ stages.0.conv  Conv2d  params 2.304K -> 2.32K');
    expect(diff('HEAD', 'HEAD').stdout).toContain('1 unchanged');
  } finally {
    writeFileSync(file, text);
  }
  expect(diff().stdout).toContain('1 unchanged');
});

it('compares with a baseline file, without any history', () => {
  const file = path.join(history.folder, '..', 'baseline.json');
  const written = command.run(history.folder, ['baseline', '--revision', 'start', '-o', file]);
  expect([written.status, written.stderr]).toEqual([0, '']);
  const against = diff('--baseline', file);
  expect(against.stdout).toMatch(/parameters +2\.308K +7\.092K/);
  expect(against.stdout).toContain('teacher  (models/teacher.py:teacher)');
  expect(against.status).toBe(0);
  const again = path.join(history.folder, '..', 'again.json');
  command.run(history.folder, ['baseline', '--revision', 'start', '-o', again]);
  expect(readFileSync(again, 'utf8')).toBe(readFileSync(file, 'utf8'));
});

it('writes no baseline that lacks a model', () => {
  const file = path.join(history.folder, '..', 'broken.json');
  const { status, stderr } = command.run(history.folder, ['baseline', '--revision', 'broken', '-o', file]);
  expect(status).toBe(2);
  expect(stderr).toContain('no baseline was written');
  expect(existsSync(file)).toBe(false);
});

const MISTAKES: readonly (readonly [args: readonly string[], says: string])[] = [
  [['nowhere'], 'revision "nowhere" is not in'],
  [['--', '-x.py'], 'cannot be read'],
  [['a', 'b', 'c'], 'three revisions were given'],
  [['start', '--device', 'abacus'], 'unknown device "abacus"'],
  [['start', '--', 'net'], '"net" is none of file.py'],
  [['start', '--config', 'missing.json'], 'there is no configuration missing.json'],
  [['--baseline', 'layercost.json'], 'is no baseline'],
  [['--baseline', 'missing.json'], 'missing.json cannot be read'],
  [['start', '--report', 'pdf=x'], 'FORMAT=FILE is wanted'],
  [['start', '--report', 'json=/no/such/folder/x.json'], 'cannot be written'],
  [['start', 'models/missing.py:Net'], 'there is no file models/missing.py'],
];

it.each(MISTAKES)('says what is wrong with %j', (args, says) => {
  const { status, stdout, stderr } = diff(...args);
  expect(`${stdout}${stderr}`).toContain(says);
  expect(status).toBe(2);
});

it('says how to get what a shallow clone lacks', () => {
  const clone = path.join(history.folder, '..', 'shallow');
  runGit(path.dirname(history.folder), ['clone', '--quiet', '--depth=1', `file://${history.folder}`, clone]);
  const { status, stderr } = command.run(clone, ['diff', 'HEAD^']);
  expect(status).toBe(2);
  expect(stderr).toMatch(/shallow clone; fetch it with "git fetch --depth=1 origin REVISION".*\[shallow-clone\]/);
});

it('says so outside of a repository', () => {
  const { status, stderr } = command.run(path.dirname(history.folder), ['diff', 'main', 'net.py']);
  expect(status).toBe(2);
  expect(stderr).toContain('[not-a-repository]');
});

it('reads line ends as they are on either side', () => {
  const clone = path.join(history.folder, '..', 'crlf');
  runGit(path.dirname(history.folder), [
    ...['-c', 'core.autocrlf=true', 'clone', '--quiet', '--config', 'core.autocrlf=true'],
    ...[history.folder, clone],
  ]);
  expect(readFileSync(path.join(clone, 'models/blocks.py'), 'utf8')).toContain('\r\n');
  expect(command.run(clone, ['diff']).stdout).toContain('1 unchanged');
  expect(command.run(clone, ['diff', 'start']).stdout).toContain('from start');
});

it('changed nothing in the repository, and ran nothing', () => {
  expect(history.git('status', '--porcelain')).toBe('');
  expect(existsSync(path.join(history.folder, 'pwned'))).toBe(false);
});
