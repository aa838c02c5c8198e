/**
 * Answers on disk, each with the manifest of what it rests on: FOLDER/answers/KEY and FOLDER/manifests/HASH, where many
 * answers share one manifest. What cannot be read, or does not have its checksum, is as if it were not there.
 */
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { AnswerKey } from './answerKeys.ts';
import type { InputManifest } from './inputManifest.ts';

export interface ResultCache<T> {
  /** The answer, if all that it rests on is as it was. */
  get(key: AnswerKey): T | undefined;
  /** Keeps it if it can. */
  put(key: AnswerKey, manifest: InputManifest, value: T): void;
}

/** Another layout of the files counts as another cache. */
const LAYOUT = 'v1';
/** Answers that nobody made anew for so long go. */
const MAX_AGE_DAYS = 30;

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
      const manifest = readChecked(path.join(folder, 'manifests', hash));
      // Only we write what has its checksum.
      answer = manifest !== undefined && isCurrent(manifest as InputManifest);
      current.set(hash, answer);
    }
    return answer;
  };
  return {
    get({ own, other }) {
      const read = (name: string): T | undefined => {
        const answer = readChecked(path.join(folder, 'answers', name)) as Answer<T> | undefined;
        return answer !== undefined && isManifestCurrent(answer.manifest) ? answer.value : undefined;
      };
      return read(own) ?? read(other);
    },
    put({ own }, manifest, value) {
      const text = JSON.stringify(manifest);
      const hash = checksum(text).slice(0, 32);
      const file = path.join(folder, 'manifests', hash);
      if (readChecked(file) === undefined) writeChecked(file, text);
      const answer: Answer<T> = { manifest: hash, value };
      writeChecked(path.join(folder, 'answers', own), JSON.stringify(answer));
    },
  };
}

interface Answer<T> {
  readonly manifest: string;
  readonly value: T;
}

/** Removes what is old; for after a run that made answers. */
export function pruneCache(folder: string, nowMs: number): void {
  for (const name of ['answers', 'manifests']) {
    for (const entry of quietly(() => readdirSync(path.join(folder, name))) ?? []) {
      const file = path.join(folder, name, entry);
      quietly(() => {
        if (nowMs - statSync(file).mtimeMs > MAX_AGE_DAYS * 86_400_000) rmSync(file);
      });
    }
  }
}

/** The checksum stands in the first line. */
function readChecked(file: string): unknown {
  return quietly(() => {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    return checksum(body) === text.slice(0, end) ? (JSON.parse(body) as unknown) : undefined;
  });
}

/** Whole or not at all: readers see the old file or the new one. */
function writeChecked(file: string, body: string): void {
  const temporary = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  const isWritten = quietly(() => {
    writeFileSync(temporary, `${checksum(body)}\n${body}`);
    renameSync(temporary, file);
    return true;
  });
  if (isWritten !== true) quietly(() => rmSync(temporary, { force: true }));
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A cache that fails is no cache. */
function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
