/** What is written to a cache in, what is read back from it out: whole, or nothing; never an exception. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCacheFile, removeOldCacheFiles, writeCacheFile } from '../../server/src/node/cacheFiles.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'layercost-cache-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const text = (bytes: Buffer | undefined): string | undefined => bytes?.toString('utf8');

it.each(['', 'x', '{"a": 1}\n', 'ä\0'.repeat(100_000)])('gives back what was written', (content) => {
  const file = path.join(folder, 'inner/deep/file');
  expect(writeCacheFile(file, Buffer.from(content))).toBe(true);
  expect(text(readCacheFile(file))).toBe(content);
  expect(writeCacheFile(file, Buffer.from('again'))).toBe(true);
  expect(text(readCacheFile(file))).toBe('again');
  expect(readdirSync(path.dirname(file))).toEqual(['file']);
});

const DAMAGES: readonly (readonly [title: string, damage: (bytes: Buffer) => Uint8Array])[] = [
  ['empty', () => Buffer.alloc(0)],
  ['shorter than a checksum', (bytes) => bytes.subarray(0, 10)],
  ['cut short', (bytes) => bytes.subarray(0, -1)],
  ['longer', (bytes) => Buffer.concat([bytes, Buffer.from('x')])],
  ['changed in one bit', (bytes) => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))],
];
it.each(DAMAGES)('counts as absent where it is %s', (_, damage) => {
  const file = path.join(folder, 'file');
  writeCacheFile(file, Buffer.from('content'));
  writeFileSync(file, damage(readFileSync(file)));
  expect(readCacheFile(file)).toBeUndefined();
});

it('counts as absent where it is missing, a folder, or refused', () => {
  expect(readCacheFile(path.join(folder, 'none'))).toBeUndefined();
  expect(readCacheFile(folder)).toBeUndefined();
  const file = path.join(folder, 'file');
  writeCacheFile(file, Buffer.from('content'));
  expect(readCacheFile(file, () => undefined)).toBeUndefined();
});

it('says that nothing was written, and leaves nothing, where a folder is in the way', () => {
  const file = path.join(folder, 'file');
  mkdirSync(path.join(file, 'inner'), { recursive: true });
  expect(writeCacheFile(file, Buffer.from('content'))).toBe(false);
  expect(readdirSync(folder)).toEqual(['file']);
  writeFileSync(path.join(folder, 'plain'), '');
  expect(writeCacheFile(path.join(folder, 'plain/file'), Buffer.from('content'))).toBe(false);
});

it('makes folder and file with the modes that are asked for, whatever lay there before', () => {
  const file = path.join(folder, 'own/file');
  for (const before of ['missing', 'open']) {
    if (before === 'open') chmodSync(file, 0o666);
    writeCacheFile(file, Buffer.from('content'), { folder: 0o700, file: 0o600 });
    const modes = [path.dirname(file), file].map((each) => (statSync(each).mode & 0o777).toString(8));
    expect(modes).toEqual(['700', '600']);
  }
});

it('removes what is old, but for one', () => {
  const names = ['cd-old', 'cd-kept', 'cd-recent', '.0123456789ab.tmp', 'thesis.txt'] as const;
  const [old, kept, recent, temporary, foreign] = names;
  const fileOf = (name: string): string => path.join(folder, name);
  for (const name of names) writeFileSync(fileOf(name), '');
  for (const name of [old, kept, temporary, foreign]) utimesSync(fileOf(name), 1, 1);
  removeOldCacheFiles(folder, Date.now(), /^cd-/, fileOf(kept));
  expect(readdirSync(folder).sort()).toEqual([kept, recent, foreign]);
  removeOldCacheFiles(fileOf('none'), Date.now(), /^cd-/);
});

it('removes nothing behind a link', () => {
  mkdirSync(path.join(folder, 'papers'));
  const file = path.join(folder, 'papers/cd-old');
  writeFileSync(file, '');
  utimesSync(file, 1, 1);
  symlinkSync('papers', path.join(folder, 'answers'));
  removeOldCacheFiles(path.join(folder, 'answers'), Date.now(), /^cd-/);
  expect(existsSync(file)).toBe(true);
});

it('takes the place of a link, and leaves what it leads to', () => {
  const target = path.join(folder, 'precious');
  writeFileSync(target, 'precious');
  symlinkSync('precious', path.join(folder, 'file'));
  expect(writeCacheFile(path.join(folder, 'file'), Buffer.from('content'))).toBe(true);
  expect(readFileSync(target, 'utf8')).toBe('precious');
  expect(text(readCacheFile(path.join(folder, 'file')))).toBe('content');
});
