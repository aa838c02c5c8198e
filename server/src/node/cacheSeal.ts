/**
 * The seal of answers that this user's runs kept: an HMAC with a random key that lies in the user's own cache folder and in
 * no other. A folder of answers that came with a repository, or that somebody else wrote, has no seal of this key, and
 * counts as empty. Without a key (no home, a full disk) nothing is kept.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { fstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { userCacheFolder } from './cacheFolder.ts';
import { faultText, isFileSystemError } from './fileFaults.ts';
import { closeQuietly, openRegularFile } from './regularFile.ts';

export type CacheSeal =
  | {
      readonly kind: 'seal';
      /** Of an answer's name and text, in hexadecimal digits. */
      readonly of: (name: string, text: string) => string;
    }
  | { readonly kind: 'none'; readonly reason: string };

const KEY_FILE = 'answers.key';
const KEY_BYTES = 32;
const OPEN_TO_OTHERS = 0o077;

/** Reads the key of `folder`, and makes one where there is none that is this user's alone. */
export function openCacheSeal(folder: string): CacheSeal {
  try {
    const file = path.join(folder, KEY_FILE);
    const key = readKey(file) ?? makeKey(file);
    return { kind: 'seal', of: (name, text) => createHmac('sha256', key).update(`${name}\n${text}`).digest('hex') };
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return { kind: 'none', reason: `${folder} cannot hold a key: ${faultText(error)}` };
  }
}

let known: { readonly folder: string; readonly seal: CacheSeal } | undefined;

/** The seal of this process's user; read once a thread. */
export function userSeal(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): CacheSeal {
  let folder: string;
  try {
    folder = userCacheFolder(environment, platform);
  } catch (error) {
    return { kind: 'none', reason: `this user has no folder for caches: ${faultText(error)}` };
  }
  if (known?.folder !== folder) known = { folder, seal: openCacheSeal(folder) };
  return known.seal;
}

/** Undefined where it is missing, damaged, or may have been read or written by others. */
function readKey(file: string): Buffer | undefined {
  const opened = openRegularFile(file);
  if (opened.kind === 'fault') return undefined;
  const { descriptor, byteLength } = opened.value;
  try {
    const { uid, mode } = fstatSync(descriptor);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & OPEN_TO_OTHERS) === 0);
    return isOwn && byteLength === KEY_BYTES ? readFileSync(descriptor) : undefined;
  } finally {
    closeQuietly(descriptor);
  }
}

/** Processes that make one at once keep the last one's; what the others sealed is made anew. */
function makeKey(file: string): Buffer {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const key = randomBytes(KEY_BYTES);
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(temporary, key, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return readKey(file) ?? key;
}
