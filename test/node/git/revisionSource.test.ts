/**
 * Revisions of a real repository as file sources: names that are hard to quote, links, renames, submodules, pointers of
 * Git LFS, shallow and partial clones, and a configuration that tries to start programs.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import {
  mergeBase,
  openRepository,
  resolveRevision,
  type GitAnswer,
  type GitRepository,
} from '../../../server/src/node/git/repository.ts';
import { revisionSource, type RevisionSource } from '../../../server/src/node/git/revisionSource.ts';
import { diskSource } from '../../../server/src/node/fileSource.ts';
import { gitSandbox, runGit, type GitSandbox } from './gitSandbox.ts';

const sandboxes: GitSandbox[] = [];

afterAll(() => {
  for (const sandbox of sandboxes) sandbox.remove();
});

function sandbox(name = 'größe und $(touch pwned)', initArgs: readonly string[] = []): GitSandbox {
  const made = gitSandbox(name, initArgs);
  sandboxes.push(made);
  return made;
}

function value<T>(answer: GitAnswer<T>): T {
  if (answer.kind === 'problem') throw new Error(answer.problem.message);
  return answer.value;
}

function sourceOf(folder: string, revision: string): RevisionSource {
  const repository = value(openRepository(folder));
  return value(revisionSource({ repository, commit: value(resolveRevision(repository, revision)) }));
}

function refused(repository: GitRepository, revision: string): string {
  const answer = resolveRevision(repository, revision);
  return answer.kind === 'ok' ? `resolved to ${answer.value.id}` : `${answer.problem.code}: ${answer.problem.message}`;
}

it('reads files as they were, and leaves the repository as it is', () => {
  const { folder, write, commit, git } = sandbox();
  write({ 'net.py': 'old = 1\n', 'päckage/mit Leer\tzeichen.py': 'x = "ä"\n', 'same.py': 'same = 1\n', 'gone.py': '' });
  write({ 'latin.py': Buffer.from('# coding: latin-1\ns = "\xe4"\n', 'latin1') });
  commit('one');
  git('rm', '--quiet', 'gone.py');
  write({ 'net.py': 'new = 2\n', 'added.py': '' });
  commit('two');
  write({ 'net.py': 'edited = 3\n' });
  const before = listingOf(path.join(folder, '.git'));

  const source = sourceOf(folder, 'HEAD^');
  const at = (file: string): string => path.join(folder, file);
  expect(source.files.readText(at('net.py'))).toBe('old = 1\n');
  expect(source.files.readText(at('päckage/mit Leer\tzeichen.py'))).toBe('x = "ä"\n');
  expect(source.files.readText(at('same.py'))).toBe('same = 1\n');
  expect(source.files.readText(at('latin.py'))).toContain('"ä"');
  expect(source.files.isFile(at('gone.py'))).toBe(true);
  expect(source.files.isFile(at('added.py'))).toBe(false);
  expect(source.files.isDirectory(at('päckage'))).toBe(true);
  expect(source.files.isDirectory(folder)).toBe(true);
  expect(source.unreadable(at('net.py'))).toBeUndefined();
  expect(source.unreadable(at('added.py'))).toBe('there is no such file in "HEAD^"');
  expect(source.unreadable(at('päckage'))).toBe('this is a folder, not a file');
  expect(sourceOf(path.join(folder, 'päckage'), 'HEAD').files.readText(at('net.py'))).toBe('new = 2\n');
  expect(source.problemsOf([at('net.py'), at('gone.py'), at('nowhere.py')])).toEqual([]);
  expect(listingOf(path.join(folder, '.git'))).toEqual(before);
});

it('takes what is outside and what the environment brings from disk', () => {
  const { folder, write, commit } = sandbox('inside');
  const outside = path.join(path.dirname(folder), 'outside.py');
  writeFileSync(outside, 'outside = 1\n');
  symlinkSync('../outside.py', path.join(folder, 'link.py'));
  symlinkSync(path.join(folder, 'net.py'), path.join(folder, 'absolute.py'));
  write({ '.gitignore': '.venv\n', 'net.py': 'old = 1\n' });
  commit('one');
  write({ '.venv/lib/python3.12/site-packages/lib.py': 'lib = 1\n', 'untracked.py': '', 'net.py': 'new = 1\n' });
  const source = sourceOf(folder, 'HEAD');
  const read = (file: string): string | undefined => source.files.readText(path.join(folder, file));
  expect(source.files.readText(outside)).toBe('outside = 1\n');
  expect(read('link.py')).toBe('outside = 1\n');
  expect(read('absolute.py')).toBe('old = 1\n');
  expect(read('.venv/lib/python3.12/site-packages/lib.py')).toBe('lib = 1\n');
  expect(read('untracked.py')).toBeUndefined();
});

it('is reached through a link to the repository', () => {
  const { folder, write, commit } = sandbox('real');
  write({ 'models/net.py': 'old = 1\n' });
  commit('one');
  const link = path.join(path.dirname(folder), 'link');
  symlinkSync(folder, link);
  write({ 'models/net.py': 'new = 1\n' });
  const source = sourceOf(path.join(link, 'models'), 'HEAD');
  expect(source.files.readText(path.join(link, 'models/net.py'))).toBe('old = 1\n');
  expect(source.files.readText(path.join(folder, 'models/net.py'))).toBe('old = 1\n');
});

it('says what hinders', () => {
  const { folder, write, commit, git } = sandbox();
  write({ 'net.py': '' });
  commit('one');
  git('branch', 'side');
  git('update-ref', 'refs/remotes/origin/develop', 'HEAD');
  const repository = value(openRepository(folder));
  expect(refused(repository, 'nowhere')).toMatch(/^unknown-revision: revision "nowhere" is not in .*\S$/);
  expect(refused(repository, 'develop')).toContain('there is "origin/develop"');
  expect(refused(repository, '')).toBe('unknown-revision: "" cannot name a revision');
  expect(refused(repository, '--output=pwned')).toBe('unknown-revision: "--output=pwned" cannot name a revision');
  expect(refused(repository, 'HEAD\0x')).toBe('unknown-revision: "HEAD\\u0000x" cannot name a revision');
  expect(refused(repository, 'x'.repeat(5000))).toContain('cannot name a revision');
  expect(refused(repository, '$(touch pwned)')).toContain('unknown-revision');
  expect(refused(repository, 'HEAD:net.py')).toContain('unknown-revision');
  expect(existsSync(path.join(folder, 'pwned'))).toBe(false);
  const elsewhere = openRepository(path.dirname(folder));
  expect(elsewhere.kind === 'problem' && elsewhere.problem.code).toBe('not-a-repository');
  const missing = openRepository(path.join(folder, 'no folder'));
  expect(missing.kind === 'problem' && missing.problem.code).toBe('git-failed');
});

it('says that git is not installed', () => {
  const before = process.env['PATH'];
  process.env['PATH'] = '.:/nowhere';
  try {
    const answer = openRepository(process.cwd());
    expect(answer.kind === 'problem' && answer.problem.code).toBe('git-not-installed');
  } finally {
    process.env['PATH'] = before;
  }
});

it('finds where two branches parted', () => {
  const { folder, write, commit, git } = sandbox();
  write({ 'net.py': 'common = 1\n' });
  const common = commit('one');
  git('checkout', '--quiet', '-b', 'feature');
  write({ 'net.py': 'feature = 1\n' });
  commit('two');
  git('checkout', '--quiet', '--orphan', 'other');
  commit('three');
  const repository = value(openRepository(folder));
  const [main, feature, other] = ['main', 'feature', 'other'].map((name) => value(resolveRevision(repository, name)));
  if (main === undefined || feature === undefined || other === undefined) throw new Error('three revisions');
  expect(value(mergeBase(repository, main, feature)).id).toBe(common);
  const none = mergeBase(repository, feature, other);
  expect(none.kind === 'problem' && none.problem.message).toBe('"feature" and "other" have no common history');
});

it('says how to fetch what a shallow clone lacks', () => {
  const origin = sandbox('origin');
  origin.write({ 'net.py': 'old = 1\n' });
  const old = origin.commit('one');
  origin.write({ 'net.py': 'new = 1\n' });
  origin.commit('two');
  const clone = path.join(path.dirname(origin.folder), 'shallow');
  runGit(path.dirname(origin.folder), ['clone', '--quiet', '--depth=1', `file://${origin.folder}`, clone]);
  const repository = value(openRepository(clone));
  expect(refused(repository, old)).toMatch(/^shallow-clone: .*fetch-depth: 0/);
  expect(refused(repository, 'HEAD^')).toMatch(/^shallow-clone: /);
  expect(sourceOf(clone, 'HEAD').files.readText(path.join(clone, 'net.py'))).toBe('new = 1\n');
});

it('fetches nothing into a partial clone', () => {
  const origin = sandbox('origin');
  origin.git('config', 'uploadpack.allowFilter', 'true');
  origin.write({ 'net.py': 'old = 1\n', 'net.onnx': 'old' });
  origin.commit('one');
  origin.write({ 'net.py': 'new = 1\n', 'net.onnx': 'new' });
  origin.commit('two');
  const clone = path.join(path.dirname(origin.folder), 'partial');
  runGit(path.dirname(origin.folder), ['clone', '--quiet', '--filter=blob:none', `file://${origin.folder}`, clone]);
  const before = listingOf(path.join(clone, '.git'));
  const source = sourceOf(clone, 'HEAD^');
  const file = path.join(clone, 'net.py');
  expect(source.files.isFile(file)).toBe(true);
  expect(source.files.readText(file)).toBeUndefined();
  expect(source.unreadable(file)).toBe('its content is not in this repository (a partial clone)');
  expect(source.unreadable(path.join(clone, 'net.onnx'))).toBe(
    'its content is not in this repository (a partial clone)',
  );
  expect(listingOf(path.join(clone, '.git'))).toEqual(before);
});

it('says that a submodule is not read', () => {
  const library = sandbox('library');
  library.write({ 'layers.py': '' });
  library.commit('one');
  const { folder, git, commit } = sandbox('main');
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.folder, 'third party');
  commit('two');
  const source = sourceOf(folder, 'HEAD');
  const file = path.join(folder, 'third party/layers.py');
  expect(source.files.readText(file)).toBeUndefined();
  expect(source.unreadable(file)).toContain('"third party" is a submodule');
  const problems = source.problemsOf([file, file, path.join(folder, 'third party')]);
  expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['submodule-not-read', 'warning']]);
  expect(problems[0]?.message).toContain('"third party" is a submodule');
});

it('reads what Git LFS has fetched, and says what it has not', () => {
  const { folder, write, commit, git } = sandbox();
  const content = Buffer.from('the model');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${content.length}\n`;
  write({ 'net.onnx': pointer });
  commit('one');
  const file = path.join(folder, 'net.onnx');
  expect(sourceOf(folder, 'HEAD').unreadable(file)).toContain('Git LFS pointer to a file of 9 bytes');
  expect(() => sourceOf(folder, 'HEAD').openBytes(file)).toThrow('git lfs pull');
  expect(diskSource.unreadable(file)).toContain('Git LFS pointer');
  const objects = path.join(
    git('rev-parse', '--absolute-git-dir').trim(),
    'lfs/objects',
    sha256.slice(0, 2),
    sha256.slice(2, 4),
  );
  mkdirSync(objects, { recursive: true });
  writeFileSync(path.join(objects, sha256), content);
  const source = sourceOf(folder, 'HEAD');
  expect(source.unreadable(file)).toBeUndefined();
  const bytes = source.openBytes(file);
  expect(Buffer.from(bytes.read(0, bytes.byteLength)).toString()).toBe('the model');
  bytes.close?.();
});

it('reads large blobs in windows, through a file that it removes', () => {
  const { folder, write, commit } = sandbox();
  const large = Buffer.alloc(17 * 2 ** 20, 7);
  write({ 'net.onnx': large });
  commit('one');
  write({ 'net.onnx': 'small' });
  const bytes = sourceOf(folder, 'HEAD').openBytes(path.join(folder, 'net.onnx'));
  expect(bytes.byteLength).toBe(large.length);
  expect([...bytes.read(large.length - 2, 10)]).toEqual([7, 7]);
  bytes.close?.();
  write({ 'net.onnx': large });
  const same = sourceOf(folder, 'HEAD').openBytes(path.join(folder, 'net.onnx'));
  expect([...same.read(0, 2)]).toEqual([7, 7]);
  same.close?.();
});

it('reads line ends as the repository keeps them', () => {
  const { folder, write, commit, git } = sandbox();
  git('config', 'core.autocrlf', 'true');
  write({ 'net.py': 'a = 1\r\nb = 2\r\n' });
  commit('one');
  expect(sourceOf(folder, 'HEAD').files.readText(path.join(folder, 'net.py'))).toBe('a = 1\nb = 2\n');
});

it('starts nothing that a hostile repository names', () => {
  const { folder, write, commit, git } = sandbox('hostile');
  const marker = path.join(path.dirname(folder), 'pwned');
  const program = path.join(path.dirname(folder), 'program');
  writeFileSync(program, `#!/bin/sh\necho "$0 $@" >> "${marker}"\ncat\n`, { mode: 0o755 });
  write({ 'net.py': 'old = 1\n', '.gitattributes': '* filter=evil diff=evil\n', 'net.onnx': 'x' });
  commit('one');
  write({ 'net.py': 'new = 1\n' });
  for (const [name, setting] of [
    ['core.fsmonitor', program],
    ['core.pager', program],
    ['core.sshCommand', program],
    ['core.editor', program],
    ['core.askPass', program],
    ['core.gitProxy', program],
    ['core.alternateRefsCommand', program],
    ['diff.external', program],
    ['diff.evil.textconv', program],
    ['diff.evil.command', program],
    ['filter.evil.smudge', program],
    ['filter.evil.clean', program],
    ['filter.evil.process', program],
    ['filter.evil.required', 'true'],
    ['alias.rev-parse', `!${program}`],
    ['alias.cat-file', `!${program}`],
    ['uploadpack.packObjectsHook', program],
    ['credential.helper', program],
    ['core.hooksPath', path.dirname(program)],
  ] as const) {
    git('config', name, setting);
  }
  const source = sourceOf(folder, 'HEAD');
  expect(source.files.readText(path.join(folder, 'net.py'))).toBe('old = 1\n');
  source.openBytes(path.join(folder, 'net.onnx')).close?.();
  expect(refused(value(openRepository(folder)), 'nowhere')).toContain('unknown-revision');
  expect(existsSync(marker)).toBe(false);
});

it('does not read a repository that was committed into a repository', () => {
  const { folder, write, commit } = sandbox();
  const bare = sandbox('bare.git', ['--bare']);
  write({ 'net.py': '' });
  commit('one');
  const inner = path.join(folder, 'inner');
  cpSync(bare.folder, inner, { recursive: true });
  const answer = openRepository(inner);
  expect(answer.kind === 'problem' && answer.problem.code).toBe('git-failed');
});

it('reads a repository that names its objects by SHA-256', () => {
  const { folder, write, commit } = sandbox('sha256', ['--object-format=sha256']);
  write({ 'net.py': 'old = 1\n', 'same.py': 'same = 1\n' });
  expect(commit('one')).toHaveLength(64);
  write({ 'net.py': 'new = 1\n' });
  const source = sourceOf(folder, 'HEAD');
  expect(source.files.readText(path.join(folder, 'net.py'))).toBe('old = 1\n');
  expect(source.files.readText(path.join(folder, 'same.py'))).toBe('same = 1\n');
});

/** Every file below a folder, with its content: two of them differ where something was written. */
function listingOf(folder: string): readonly (readonly [file: string, content: string])[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .sort()
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]);
}
