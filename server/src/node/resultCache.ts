/**
 * Answers on disk, each with the manifest of what it rests on: FOLDER/answers/KEY and FOLDER/manifests/HASH, where many
 * answers share one manifest. What lies there may be damaged, or another's work: an answer counts only with the seal of this
 * user (cacheSeal.ts) over its name and all it says, a manifest only under the hash of its text, and both only in the
 * shape that their readers know.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { AnswerKey } from './answerKeys.ts';
import { readCacheFile, removeOldCacheFiles, writeCacheFile } from './cacheFiles.ts';
import { userSeal, type CacheSeal } from './cacheSeal.ts';
import { faultText } from './fileFaults.ts';
import { readManifest, type InputManifest } from './inputManifest.ts';

export interface ResultCache<T> {
  /** The answer, if all that it rests on is as it was. */
  get(key: AnswerKey): T | undefined;
  /** Keeps it if it can. */
  put(key: AnswerKey, manifest: InputManifest, value: T): void;
}

export interface ResultCacheOptions<T> {
  readonly isCurrent: (manifest: InputManifest) => boolean;
  readonly seal: CacheSeal;
  /** Undefined where it is no such answer. */
  readonly readValue: (json: unknown) => T | undefined;
}

/** Another layout of the files counts as another cache. */
const LAYOUT = 'v2';
const FOLDERS = ['answers', 'manifests'];

export type OpenedCache =
  { readonly kind: 'ok'; readonly folder: string } | { readonly kind: 'unusable'; readonly message: string };

/** Makes the folder and looks whether it can be written, and whether this user has a seal. */
export function openCacheFolder(folder: string): OpenedCache {
  const absolute = path.resolve(folder, LAYOUT);
  try {
    for (const name of FOLDERS) {
      mkdirSync(path.join(absolute, name), { recursive: true });
      accessSync(path.join(absolute, name), constants.R_OK | constants.W_OK);
    }
  } catch (error) {
    return { kind: 'unusable', message: `${absolute} cannot be used: ${faultText(error)}` };
  }
  const seal = userSeal(process.env, process.platform);
  return seal.kind === 'none' ? { kind: 'unusable', message: seal.reason } : { kind: 'ok', folder: absolute };
}

export function createResultCache<T>(
  folder: string,
  { isCurrent, seal, readValue }: ResultCacheOptions<T>,
): ResultCache<T> | undefined {
  if (seal.kind === 'none') return undefined;
  const current = new Map<string, boolean>();
  const isManifestCurrent = (hash: string): boolean => {
    let answer = current.get(hash);
    if (answer === undefined) {
      const text = MANIFEST_HASH.test(hash) ? readText(path.join(folder, 'manifests', hash)) : undefined;
      const manifest = text === undefined || hashOf(text) !== hash ? undefined : readManifest(parsed(text));
      answer = manifest !== undefined && isCurrent(manifest);
      current.set(hash, answer);
    }
    return answer;
  };
  const read = (name: string): T | undefined => {
    const answer = readAnswer(parsed(readText(path.join(folder, 'answers', name)) ?? ''));
    const isSealed = answer !== undefined && answer.seal === seal.of(name, sealedText(answer.manifest, answer.value));
    return isSealed && isManifestCurrent(answer.manifest) ? readValue(answer.value) : undefined;
  };
  return {
    get: ({ own, other }) => read(own) ?? read(other),
    put({ own }, manifest, value) {
      const text = JSON.stringify(manifest);
      const hash = hashOf(text);
      const file = path.join(folder, 'manifests', hash);
      if (readText(file) !== text) writeCacheFile(file, Buffer.from(text));
      const answer: Answer = { manifest: hash, value, seal: seal.of(own, sealedText(hash, value)) };
      writeCacheFile(path.join(folder, 'answers', own), Buffer.from(JSON.stringify(answer)));
    },
  };
}

interface Answer {
  /** The manifest's hash, which is its name. */
  readonly manifest: string;
  readonly value: unknown;
  readonly seal: string;
}

const MANIFEST_HASH = /^[0-9a-f]{32}$/;
/** An answer's key, which may be a revision's, or a manifest's hash. */
const CACHE_FILE = /^[0-9a-f]{32,40}(?:-revision)?$/;

/** Removes what is old; for after a run that made answers. */
export function pruneCache(folder: string, nowMs: number): void {
  for (const name of FOLDERS) removeOldCacheFiles(path.join(folder, name), nowMs, CACHE_FILE);
}

function sealedText(manifest: string, value: unknown): string {
  return JSON.stringify([manifest, value ?? null]);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function readAnswer(json: unknown): Answer | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { manifest, value, seal }: { manifest?: unknown; value?: unknown; seal?: unknown } = json;
  return typeof manifest === 'string' && typeof seal === 'string' ? { manifest, value, seal } : undefined;
}

function readText(file: string): string | undefined {
  return readCacheFile(file)?.toString('utf8');
}

/** Undefined where it is not JSON, or is nested so deeply that it cannot be written again. */
function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}
