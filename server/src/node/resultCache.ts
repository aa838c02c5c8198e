/**
 * Answers on disk, each with the manifest of what it rests on: FOLDER/answers/KEY and FOLDER/manifests/HASH, where many
 * answers share one manifest. Damaged files count as absent (cacheFiles.ts).
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { AnswerKey } from './answerKeys.ts';
import { readCacheFile, removeOldCacheFiles, writeCacheFile } from './cacheFiles.ts';
import type { InputManifest } from './inputManifest.ts';

export interface ResultCache<T> {
  /** The answer, if all that it rests on is as it was. */
  get(key: AnswerKey): T | undefined;
  /** Keeps it if it can. */
  put(key: AnswerKey, manifest: InputManifest, value: T): void;
}

/** Another layout of the files counts as another cache. */
const LAYOUT = 'v2';

export type OpenedCache =
  { readonly kind: 'ok'; readonly folder: string } | { readonly kind: 'unusable'; readonly message: string };

/** Makes the folder and looks whether it can be written. */
export function openCacheFolder(folder: string): OpenedCache {
  const absolute = path.resolve(folder, LAYOUT);
  try {
    for (const name of ['answers', 'manifests']) {
      mkdirSync(path.join(absolute, name), { recursive: true });
      accessSync(path.join(absolute, name), constants.R_OK | constants.W_OK);
    }
    return { kind: 'ok', folder: absolute };
  } catch (error) {
    return { kind: 'unusable', message: error instanceof Error ? error.message : String(error) };
  }
}

export function createResultCache<T>(folder: string, isCurrent: (manifest: InputManifest) => boolean): ResultCache<T> {
  const current = new Map<string, boolean>();
  const isManifestCurrent = (hash: string): boolean => {
    let answer = current.get(hash);
    if (answer === undefined) {
      const manifest = readJson(path.join(folder, 'manifests', hash));
      // Only we write what has its checksum.
      answer = manifest !== undefined && isCurrent(manifest as InputManifest);
      current.set(hash, answer);
    }
    return answer;
  };
  return {
    get({ own, other }) {
      const read = (name: string): T | undefined => {
        const answer = readJson(path.join(folder, 'answers', name)) as Answer<T> | undefined;
        return answer !== undefined && isManifestCurrent(answer.manifest) ? answer.value : undefined;
      };
      return read(own) ?? read(other);
    },
    put({ own }, manifest, value) {
      const text = JSON.stringify(manifest);
      const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
      const file = path.join(folder, 'manifests', hash);
      if (readJson(file) === undefined) writeCacheFile(file, Buffer.from(text));
      const answer: Answer<T> = { manifest: hash, value };
      writeCacheFile(path.join(folder, 'answers', own), Buffer.from(JSON.stringify(answer)));
    },
  };
}

interface Answer<T> {
  readonly manifest: string;
  readonly value: T;
}

/** Removes what is old; for after a run that made answers. */
export function pruneCache(folder: string, nowMs: number): void {
  for (const name of ['answers', 'manifests']) removeOldCacheFiles(path.join(folder, name), nowMs);
}

function readJson(file: string): unknown {
  const content = readCacheFile(file);
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content.toString('utf8')) as unknown;
  } catch {
    // Somebody else wrote it.
    return undefined;
  }
}
