/**
 * The installed package in repositories that lack something: a submodule's files, what Git LFS did not fetch, a folder
 * that may be written, a file of the program itself. Each is told, with its exit code, by `check` and by `diff`.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { gitSandbox, type GitSandbox } from '../node/git/gitSandbox.ts';
import { installPackedCommand, type PackedCommand } from '../support/packedCommand.ts';

// Each starts many processes, which share a machine with others.
vi.setConfig({ testTimeout: 180_000 });

const root = path.join(import.meta.dirname, '../..');
const ONNX = readFileSync(path.join(root, 'examples/tiny_cnn.onnx'));

let command: PackedCommand;
const sandboxes: GitSandbox[] = [];

beforeAll(() => {
  command = installPackedCommand();
}, 120_000);

afterEach(() => {
  for (const each of sandboxes.splice(0)) each.remove();
});

afterAll(() => {
  command.remove();
});

function sandbox(name: string): GitSandbox {
  const made = gitSandbox(name);
  sandboxes.push(made);
  return made;
}

const configuration = (entries: readonly object[]): string => JSON.stringify({ entries });
const GROWTH = { growth: { params: '+5 %' } };
const NET = 'from torch import nn\nfrom parts import part\nnet = nn.Sequential(part(4))\n';
const PART = 'from torch import nn\ndef part(width):\n    return nn.Linear(4, width)\n';

describe('a submodule', () => {
  it('is read as it lies on disk now, and never in the base: growth is unknown, with the reason', () => {
    const library = sandbox('library');
    library.write({ 'parts.py': PART });
    library.commit('one');
    const { folder, git, write, commit } = sandbox('größe mit Leerzeichen');
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.folder, 'third party');
    const entries = [{ model: 'net.py:net', input: '1x4', budgets: { params: 20, ...GROWTH } }];
    write({
      'net.py': NET,
      'layercost.json': JSON.stringify({ searchPaths: ['third party'], entries }),
    });
    commit('one');
    const checked = command.run(folder, ['check', '--base', 'HEAD']);
    expect(checked.stdout).toContain('parameters with budget +5 %: unknown, as ');
    expect(checked.stdout).toContain('"third party" is a submodule');
    expect(checked.stdout).toContain('[submodule-not-read]');
    expect(checked.status).toBe(1);
    expect(command.run(folder, ['check']).status).toBe(0);
    const compared = command.run(folder, ['diff', 'HEAD']);
    expect(compared.stdout).toContain('"third party" is a submodule');
    expect(compared.stdout).not.toContain('unchanged');
    expect(compared.status).toBe(0);
    // Once more, from what is remembered.
    expect(command.run(folder, ['check', '--base', 'HEAD'])).toEqual(checked);
    expect(command.run(folder, ['diff', 'HEAD'])).toEqual(compared);
  });
});

describe('a pointer of Git LFS', () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:' + 'a'.repeat(64) + '\nsize 123456\n';
  const files = { 'layercost.json': configuration([{ model: 'exports/net.onnx', budgets: GROWTH }]) };

  it('now is a model that cannot be read -> 2', () => {
    const { folder, write, commit } = sandbox('pointer now');
    write({ ...files, 'exports/net.onnx': ONNX });
    commit('one');
    write({ 'exports/net.onnx': pointer });
    for (const args of [['check', '--base', 'HEAD'], ['check'], ['diff']]) {
      const { status, stdout } = command.run(folder, args);
      expect(stdout).toContain('Git LFS pointer to a file of 123456 bytes that was not fetched; run "git lfs pull"');
      expect(status).toBe(2);
    }
  });

  it('in the base leaves growth unknown -> 1, and is told by diff -> 0', () => {
    const { folder, write, commit } = sandbox('pointer then');
    write({ ...files, 'exports/net.onnx': pointer });
    commit('one');
    write({ 'exports/net.onnx': ONNX });
    const { status, stdout } = command.run(folder, ['check', '--base', 'HEAD']);
    expect(stdout).toContain('unknown, as it cannot be read in HEAD (');
    expect(stdout).toContain('Git LFS pointer');
    expect(status).toBe(1);
    const compared = command.run(folder, ['diff']);
    expect(compared.stdout).toContain('it could not be read before:');
    expect(compared.status).toBe(0);
  });
});

describe('a folder that may not be written', () => {
  it('is told before anything is analysed, and nothing is left there -> 2', () => {
    const { folder, write, commit } = sandbox('sealed');
    write({ 'net.py': PART, 'layercost.json': configuration([{ model: 'net.py:part', args: '4', input: '1x4' }]) });
    commit('one');
    const reports = path.join(folder, 'reports');
    mkdirSync(reports);
    writeFileSync(path.join(reports, 'old.json'), 'old');
    chmodSync(reports, 0o555);
    // The superuser may write anywhere: nobody may not.
    const isSuper = process.getuid?.() === 0;
    openFor(path.dirname(folder), command.file);
    const run = (args: readonly string[]): { status: number | null; stderr: string } =>
      spawnSync('node', [command.file, ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: folder, LAYERCOST_CACHE_DIR: path.join(folder, 'cache') },
        ...(isSuper ? { uid: 65534, gid: 65534 } : {}),
      });
    for (const args of [['check'], ['diff', 'HEAD']]) {
      const { status, stderr } = run([...args, '--report', 'json=reports/new.json']);
      expect(stderr).toContain('error: reports/new.json cannot be written: there is no permission');
      expect(status).toBe(2);
    }
    const noCache = run(['check']);
    if (isSuper) expect(noCache.stderr).toMatch(/^note: answers are not kept: /);
    expect(noCache.status).toBe(0);
    chmodSync(reports, 0o755);
    expect(readdirSync(reports)).toEqual(['old.json']);
  });
});

/** Temporary folders are their maker's alone. */
function openFor(...files: readonly string[]): void {
  for (const file of files) {
    for (let each = file; path.basename(path.dirname(each)) !== ''; each = path.dirname(each)) {
      if (path.basename(each).startsWith('layercost-')) chmodSync(each, 0o755);
    }
  }
}

describe('a program that lacks a file of its own', () => {
  const entries = Array.from({ length: 6 }, (_, index) => ({
    name: `net${index}`,
    model: 'net.py:part',
    args: { width: 4 + index },
    input: '1x4',
    budgets: GROWTH,
  }));

  it.each([
    ['one model, in the same thread', 1],
    ['many models, on worker threads', 6],
  ])('ends with 101: %s', (_, count) => {
    const { folder, write, commit } = sandbox('broken');
    write({ 'net.py': PART, 'layercost.json': configuration(entries.slice(0, count)) });
    commit('one');
    const dist = path.dirname(command.file);
    const wasm = path.join(dist, 'tree-sitter-python.wasm');
    renameSync(wasm, `${wasm}.away`);
    try {
      for (const args of [['check'], ['check', '--base', 'HEAD'], ['diff', 'HEAD']]) {
        const { status, stdout, stderr } = command.run(folder, [...args, '--no-cache']);
        expect(`${stdout}${stderr}`).toMatch(/internal.error/);
        expect(status).toBe(101);
      }
    } finally {
      renameSync(`${wasm}.away`, wasm);
    }
  });
});

it('exchanges what it remembers between a revision and the work tree, never a wrong answer', () => {
  const { folder, write, commit } = sandbox('remembered');
  const entry = { model: 'net.py:part', args: '4', input: '1x4', budgets: { growth: { params: '+0' } } };
  write({ 'net.py': PART, 'layercost.json': configuration([entry]) });
  const base = commit('one');
  const check = (): string => command.run(folder, ['check', '--base', base, '--format', 'json']).stdout;
  const fresh = (): string => command.run(folder, ['check', '--base', base, '--format', 'json', '--no-cache']).stdout;
  const same = check();
  expect(same).toBe(fresh());
  for (const width of ['width + 1', 'width', 'width + 2', 'width + 1', 'width']) {
    write({ 'net.py': PART.replace('(4, width)', `(4, ${width})`) });
    expect(check()).toBe(fresh());
  }
  expect(check()).toBe(same);
  rmSync(path.join(folder, 'net.py'));
  expect(check()).toBe(fresh());
  cpSync(path.join(root, 'examples/small_cnn.py'), path.join(folder, 'net.py'));
  expect(check()).toBe(fresh());
});
