/**
 * The code cache of the built programs: it is made, used, grows with what runs, and what is wrong with it never shows.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'layercost-code-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], cacheFolder = folder, more: Readonly<Record<string, string>> = {}): string {
  const environment = { ...process.env, XDG_CACHE_HOME: cacheFolder, ...more };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    env: environment,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** The one file that lies there. */
function cacheFile(): string {
  const names = readdirSync(path.join(folder, 'layercost/code'));
  expect(names).toHaveLength(1);
  return path.join(folder, 'layercost/code', names[0] ?? '');
}

describe('the code cache', () => {
  it('is made by the first run, and kept as it is by the second', () => {
    const first = run(['devices']);
    const { ino } = statSync(cacheFile());
    expect(run(['devices'])).toBe(first);
    expect(statSync(cacheFile()).ino).toBe(ino);
  });

  it('grows with what runs', () => {
    run(['--version']);
    const before = statSync(cacheFile()).size;
    run(['analyze', '--cell', '|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|']);
    expect(statSync(cacheFile()).size).toBeGreaterThan(before);
  });

  const DAMAGES: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['cut to its head', (bytes) => bytes.subarray(0, 28)],
    ['of random bytes', (bytes) => bytes.map((_, at) => (at * 7919) % 251) as Buffer],
    ['changed in one bit', (bytes) => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 4 : byte)) as Buffer],
  ];
  it.each(DAMAGES)('counts as absent where it is %s', (_, damage) => {
    const expected = run(['devices']);
    const whole = readFileSync(cacheFile());
    const damaged = damage(whole);
    writeFileSync(cacheFile(), damaged);
    expect(run(['devices'])).toBe(expected);
    expect(readFileSync(cacheFile()).equals(damaged)).toBe(false);
  });

  it('is not taken where others may write it', () => {
    const expected = run(['devices']);
    const { ino } = statSync(cacheFile());
    chmodSync(cacheFile(), 0o666);
    expect(run(['devices'])).toBe(expected);
    expect(statSync(cacheFile()).ino).not.toBe(ino);
  });

  it('lies in no folder of answers', () => {
    const answers = path.join(folder, 'answers');
    run(['--version'], folder, { LAYERCOST_CACHE_DIR: answers });
    expect(existsSync(answers)).toBe(false);
    cacheFile();
  });

  it('goes with its version, after a while', () => {
    mkdirSync(path.join(folder, 'layercost/code'), { recursive: true });
    const old = path.join(folder, 'layercost/code/cli-0000-v1-x64');
    const recent = path.join(folder, 'layercost/code/cli-1111-v1-x64');
    for (const file of [old, recent]) writeFileSync(file, '');
    utimesSync(old, 1, 1);
    run(['--version']);
    expect(existsSync(old)).toBe(false);
    expect(existsSync(recent)).toBe(true);
  });

  it('is done without where its folder cannot be made', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    expect(run(['--version'], path.join(file, 'cache'))).toMatch(/^\d/);
  });

  it('is done without where a folder is in its place', () => {
    run(['--version']);
    const file = cacheFile();
    rmSync(file);
    mkdirSync(file);
    expect(run(['--version'])).toMatch(/^\d/);
    expect(readdirSync(path.dirname(file))).toEqual([path.basename(file)]);
  });
});
