/**
 * Answers kept and read back; entries that others wrote, with every checksum right, count as missing: the seal is this
 * user's alone, and the shape is read as any other input is.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestFromJson } from '../../server/src/gate/digestJson.ts';
import type { ModelDigest } from '../../server/src/gate/modelDigest.ts';
import { readCacheFile, writeCacheFile } from '../../server/src/node/cacheFiles.ts';
import { openCacheSeal, type CacheSeal } from '../../server/src/node/cacheSeal.ts';
import { readManifest, type InputManifest } from '../../server/src/node/inputManifest.ts';
import { createResultCache, type ResultCache } from '../../server/src/node/resultCache.ts';
import { digest } from '../gate/samples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'layercost-results-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const KEY = { own: 'a'.repeat(40), other: `${'a'.repeat(40)}-revision` };
const OTHER_KEY = { own: 'b'.repeat(40), other: `${'b'.repeat(40)}-revision` };
const MANIFEST: InputManifest = {
  texts: [
    ['/work/net.py', 'hash'],
    ['/work/gone.py', null],
  ],
  presentFiles: ['/work/net.py'],
  absentFiles: [],
  presentFolders: [],
  absentFolders: ['/work/net'],
  bytes: [{ file: '/work/a.onnx', byteLength: 10, windows: [[0, 10]], hash: 'hash' }],
};

const sealOf = (user: string): CacheSeal => openCacheSeal(path.join(folder, user));

function cacheOf(user: string): ResultCache<ModelDigest> {
  const cache = createResultCache(path.join(folder, 'cache'), {
    isCurrent: () => true,
    seal: sealOf(user),
    readValue(json) {
      const read = digestFromJson(json);
      return read.kind === 'ok' ? read.value : undefined;
    },
  });
  if (cache === undefined) throw new Error('there is no seal');
  return cache;
}

const answerFile = (): string => path.join(folder, 'cache/answers', KEY.own);
const SUM_BYTES = 20;

/** Rewrites an entry with a right checksum. */
function forge(file: string, change: (text: string) => string): void {
  const content = Buffer.from(change(readCacheFile(file)?.toString('utf8') ?? ''));
  writeFileSync(file, Buffer.concat([createHash('sha1').update(content).digest(), content]));
}

it('gives back what was kept, undefined parts included', () => {
  const kept = digest();
  cacheOf('user').put(KEY, MANIFEST, kept);
  expect(cacheOf('user').get(KEY)).toEqual(kept);
  expect(cacheOf('user').get({ own: KEY.other, other: KEY.own })).toEqual(kept);
});

describe('counts as missing', () => {
  const forgeries: readonly (readonly [title: string, change: (text: string) => string])[] = [
    ['a better figure', (text) => text.replace('"paramCount":4000', '"paramCount":4')],
    ['a negative figure', (text) => text.replace('"paramCount":4000', '"paramCount":-4000')],
    ['no seal', (text) => text.replace(/"seal":"\w+"/, '"seal":""')],
    ['a seal of another type', (text) => text.replace(/"seal":"\w+"/, '"seal":null')],
    ['another manifest', (text) => text.replace(/"manifest":"\w+"/, '"manifest":"../../user/answers"')],
    ['no value', (text) => text.replace(/"value":.*,"seal"/, '"value":null,"seal"')],
    ['nothing', () => ''],
    ['null', () => 'null'],
    ['brackets', () => '['.repeat(100_000) + ']'.repeat(100_000)],
    [
      'brackets for a value',
      (text) => text.replace(/"value":.*,"seal"/, `"value":${'['.repeat(50_000)}${']'.repeat(50_000)},"seal"`),
    ],
  ];
  it.each(forgeries)('an answer with a right checksum and %s', (_, change) => {
    cacheOf('user').put(KEY, MANIFEST, digest());
    forge(answerFile(), change);
    expect(cacheOf('user').get(KEY)).toBeUndefined();
    cacheOf('user').put(KEY, MANIFEST, digest());
    expect(cacheOf('user').get(KEY)).toEqual(digest());
  });

  it('an answer under the name of another', () => {
    cacheOf('user').put(OTHER_KEY, MANIFEST, digest());
    renameSync(path.join(folder, 'cache/answers', OTHER_KEY.own), answerFile());
    expect(cacheOf('user').get(KEY)).toBeUndefined();
  });

  it('an answer that another user sealed, as one that came with a repository', () => {
    cacheOf('stranger').put(KEY, MANIFEST, digest());
    expect(cacheOf('user').get(KEY)).toBeUndefined();
    expect(cacheOf('stranger').get(KEY)).toEqual(digest());
  });

  it('an answer whose manifest was rewritten', () => {
    cacheOf('user').put(KEY, MANIFEST, digest());
    for (const name of readdirSync(path.join(folder, 'cache/manifests'))) {
      forge(path.join(folder, 'cache/manifests', name), (text) =>
        text.replace('"/work/net.py","hash"', '"/work/net.py","other"'),
      );
    }
    expect(cacheOf('user').get(KEY)).toBeUndefined();
  });

  it.each(['answers', 'manifests'])('what is not written whole, in %s', (kind) => {
    cacheOf('user').put(KEY, MANIFEST, digest());
    const [name = ''] = readdirSync(path.join(folder, 'cache', kind));
    const file = path.join(folder, 'cache', kind, name);
    const whole = readFileSync(file);
    for (const length of [0, 1, SUM_BYTES, SUM_BYTES + 1, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length));
      expect(cacheOf('user').get(KEY)).toBeUndefined();
    }
  });

  /** With a seal of our own: what a mistake of another version of ours might keep. */
  const shapes: readonly (readonly [title: string, value: unknown])[] = [
    ['a negative count', digest({ coverage: { understoodNodes: -1, totalNodes: 10, unknown: [] } })],
    ['more understood than there is', digest({ coverage: { understoodNodes: 11, totalNodes: 10, unknown: [] } })],
    ['half a parameter', changed('paramCount', 0.5)],
    ['negative work', changed('macs', -1)],
    ['a text for a figure', changed('macs', '5')],
    ['infinite memory', changed('peakMemoryBytes', '∞')],
    ['a share over 1', { ...digest(), snapshot: { ...digest().snapshot, coverageShare: 1.5 } }],
    ['an unknown severity', { ...digest(), problems: [{ code: 'a', severity: 'fatal', message: '', place: null }] }],
    ['an unknown assumption', { ...digest(), assumptions: [{ kind: 'guess', message: '', place: null }] }],
    ['line 0', { ...digest(), place: { file: 'net.py', line: 0 } }],
    ['a reason of no figure', { ...digest(), missing: { toString: 'a' } }],
    ['an unknown metric', { ...digest(), costliest: { joules: [] } }],
    [
      'an interval that is upside down',
      { ...digest(), snapshot: { ...digest().snapshot, latency: [{ deviceId: 't4', predictedMs: 5, upperMs: 4 }] } },
    ],
    ['layers that are none', { ...digest(), snapshot: { ...digest().snapshot, layers: [null] } }],
    ['a list', []],
    ['null', null],
  ];
  it.each(shapes)('an answer with a right seal and %s', (_, value) => {
    const seal = sealOf('user');
    if (seal.kind === 'none') throw new Error(seal.reason);
    cacheOf('user').put(KEY, MANIFEST, digest());
    const { manifest } = JSON.parse(readCacheFile(answerFile())?.toString('utf8') ?? '') as { manifest: string };
    const forged = { manifest, value, seal: seal.of(KEY.own, JSON.stringify([manifest, value])) };
    writeCacheFile(answerFile(), Buffer.from(JSON.stringify(forged)));
    expect(cacheOf('user').get(KEY)).toBeUndefined();
  });
});

function changed(key: string, value: unknown): unknown {
  const { snapshot } = digest();
  return { ...digest(), snapshot: { ...snapshot, totals: { ...snapshot.totals, [key]: value } } };
}

describe('a manifest', () => {
  it('is read as it was written', () => {
    expect(readManifest(JSON.parse(JSON.stringify(MANIFEST)))).toEqual(MANIFEST);
  });

  it.each([
    null,
    [],
    {},
    { ...MANIFEST, texts: [['a']] },
    { ...MANIFEST, texts: [['a', 5]] },
    { ...MANIFEST, texts: {} },
    { ...MANIFEST, absentFiles: [null] },
    { ...MANIFEST, bytes: [{ file: 'a', byteLength: -1, windows: [], hash: '' }] },
    { ...MANIFEST, bytes: [{ file: 'a', byteLength: 1, windows: [[0, -1]], hash: '' }] },
    { ...MANIFEST, bytes: [{ file: 'a', byteLength: 1, windows: [[0, 1, 2]], hash: '' }] },
  ])('is none: %j', (json) => {
    expect(readManifest(json)).toBeUndefined();
  });
});

describe('the key of the seal', () => {
  const keyFile = (): string => path.join(folder, 'user/answers.key');

  it('is made once, for this user alone', () => {
    const seal = sealOf('user');
    const again = sealOf('user');
    expect(seal.kind === 'seal' && again.kind === 'seal' && seal.of('a', 'b') === again.of('a', 'b')).toBe(true);
    if (process.platform !== 'win32') expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['others may read it', (): void => chmodSync(keyFile(), 0o644)],
    ['it has another length', (): void => writeFileSync(keyFile(), 'short')],
    ['it is missing', (): void => rmSync(keyFile())],
  ])('is made anew where %s', (_, change) => {
    const before = sealOf('user');
    change();
    const after = sealOf('user');
    expect(before.kind === 'seal' && after.kind === 'seal' && before.of('a', 'b') !== after.of('a', 'b')).toBe(true);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  });

  it('is none where its folder cannot be made, and nothing is kept', () => {
    writeFileSync(path.join(folder, 'file'), '');
    const seal = openCacheSeal(path.join(folder, 'file/user'));
    expect(seal).toMatchObject({ kind: 'none' });
    expect(createResultCache(folder, { isCurrent: () => true, seal, readValue: (json) => json })).toBeUndefined();
    mkdirSync(path.join(folder, 'user/answers.key'), { recursive: true });
    expect(sealOf('user')).toMatchObject({ kind: 'none' });
  });
});
