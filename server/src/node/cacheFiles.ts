/**
 * Files of a cache, which nobody misses: written whole with a checksum in front, absent where they cannot be read or are
 * damaged, and gone when nobody wrote them anew for a month. Nothing here throws: a cache that fails is no cache.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readRegularFile } from './regularFile.ts';
import { replaceFile } from './replaceFile.ts';

const MAX_AGE_DAYS = 30;
/** Against damage; who may write the files can write the checksum too (cacheSeal.ts). */
const CHECKSUM = { algorithm: 'sha1', byteLength: 20 };

/** What was written, undefined where that is not what lies there. `read` may refuse a file. */
export function readCacheFile(
  file: string,
  read: (file: string) => Buffer | undefined = readBounded,
): Buffer | undefined {
  return quietly(() => {
    const bytes = read(file);
    if (bytes === undefined) return undefined;
    const content = bytes.subarray(CHECKSUM.byteLength);
    return checksum(content).equals(bytes.subarray(0, CHECKSUM.byteLength)) ? content : undefined;
  });
}

/** False where it could not be written. Its folder is made where it is missing; `modes` are of what is made. */
export function writeCacheFile(
  file: string,
  content: Uint8Array,
  modes: { readonly folder?: number; readonly file?: number } = {},
): boolean {
  const isWritten = quietly(() => {
    mkdirSync(path.dirname(file), { recursive: true, mode: modes.folder });
    replaceFile(file, Buffer.concat([checksum(content), content]), modes.file);
    return true;
  });
  return isWritten ?? false;
}

/**
 * Files of earlier versions, and what a killed process left, but for `kept`. A folder that is a link, and files that have no
 * name of ours, are somebody else's.
 */
export function removeOldCacheFiles(folder: string, nowMs: number, ours: RegExp, kept?: string): void {
  const isLink = quietly(() => lstatSync(folder).isSymbolicLink()) ?? true;
  if (isLink) return;
  for (const name of quietly(() => readdirSync(folder)) ?? []) {
    if (!ours.test(name) && !TEMPORARY.test(name)) continue;
    const file = path.join(folder, name);
    quietly(() => {
      const ageDays = (nowMs - lstatSync(file).mtimeMs) / 86_400_000;
      if (file !== kept && ageDays > MAX_AGE_DAYS) rmSync(file, { force: true });
    });
  }
}

function checksum(content: Uint8Array): Buffer {
  return createHash(CHECKSUM.algorithm).update(content).digest();
}

/** As replaceFile.ts names them. */
const TEMPORARY = /^\.[0-9a-f]{12}\.tmp$/;

/** What we keep is far smaller. */
const MAX_BYTES = 64 * 2 ** 20;

function readBounded(file: string): Buffer | undefined {
  const read = readRegularFile(file, MAX_BYTES);
  return read.kind === 'ok' ? read.value : undefined;
}

function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
