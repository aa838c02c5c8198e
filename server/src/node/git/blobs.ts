/**
 * Contents of a repository's blobs, by object name, each read once: Blobs(repository).read("8ab686e...", 2 ** 20).
 * Where the file that lies on disk is the same one (its hash tells), no process is started: 2 to 3 ms saved a file, and
 * most files of a change are not changed.
 */
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memoryByteSource, type ByteSource } from '../../frontends/onnx/byteSource.ts';
import { faultText } from '../fileFaults.ts';
import { openFileByteSource } from '../fileByteSource.ts';
import { closeQuietly, lookAt, openRegularFile, readRegularFile } from '../regularFile.ts';
import type { GitRepository } from './repository.ts';
import { runGit, type GitResult } from './runGit.ts';

/** Larger blobs go through a temporary file, which is read in windows. */
const MAX_MEMORY_BYTES = 16 * 2 ** 20;

export class Blobs {
  readonly #repository: GitRepository;

  constructor(repository: GitRepository) {
    this.#repository = repository;
  }

  /** The bytes of a blob; undefined where there are more than `maxBytes`, or git cannot give them. */
  read(id: string, maxBytes: number, onDisk?: string): Uint8Array | undefined {
    const same = onDisk === undefined ? undefined : readIfSame(onDisk, id, maxBytes);
    if (same !== undefined) return same;
    const result = runGit(this.#repository.root, ['cat-file', 'blob', id], { maxBytes });
    return result.kind === 'ok' && result.stdout.length <= maxBytes ? result.stdout : undefined;
  }

  /** Size in bytes; undefined where the object is not here (a partial clone). */
  byteLength(id: string): number | undefined {
    const result = runGit(this.#repository.root, ['cat-file', '-s', id]);
    const size = result.kind === 'ok' ? Number(result.stdout.toString('latin1').trim()) : undefined;
    return Number.isSafeInteger(size) ? size : undefined;
  }

  /** Random access to a blob of any size. Throws where git cannot give it. */
  open(id: string, onDisk: string): ByteSource & { close?(): void } {
    const byteLength = this.byteLength(id);
    if (byteLength === undefined) throw new Error('its content is not in this repository (a partial clone)');
    if (byteLength <= MAX_MEMORY_BYTES) {
      const bytes = this.read(id, MAX_MEMORY_BYTES, onDisk);
      if (bytes === undefined) throw new Error('git could not read its content');
      return memoryByteSource(bytes);
    }
    const isSame = sizeOf(onDisk) === byteLength && hashOfFile(onDisk, byteLength, id) === id;
    return isSame ? openFileByteSource(onDisk) : this.#openCopy(id);
  }

  #openCopy(id: string): ByteSource & { close(): void } {
    const folder = temporaryFolder();
    const remove = (): void => removeQuietly(folder);
    try {
      const file = path.join(folder, 'blob');
      const result = this.#writeTo(file, id);
      if (result.kind !== 'ok') throw new Error('git could not read its content');
      const source = openFileByteSource(file);
      return {
        byteLength: source.byteLength,
        read: (offset, length) => source.read(offset, length),
        close() {
          source.close();
          remove();
        },
      };
    } catch (error) {
      remove();
      throw error;
    }
  }

  #writeTo(file: string, id: string): GitResult {
    const descriptor = openSync(file, 'wx', 0o600);
    try {
      return runGit(this.#repository.root, ['cat-file', 'blob', id], { stdoutFile: descriptor });
    } finally {
      closeSync(descriptor);
    }
  }
}

/** Throws with a sentence where the system has no place for one. */
function temporaryFolder(): string {
  try {
    return mkdtempSync(path.join(tmpdir(), 'layercost-'));
  } catch (error) {
    throw new Error(`there is no place for a copy of it in ${tmpdir()}: ${faultText(error)}`, { cause: error });
  }
}

/** What stays behind is the system's to clear away. */
function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    return;
  }
}

function readIfSame(file: string, id: string, maxBytes: number): Uint8Array | undefined {
  const read = readRegularFile(file, maxBytes);
  if (read.kind === 'fault') return undefined;
  const bytes = read.value;
  return hashStart(bytes.length, id).update(bytes).digest('hex') === id ? bytes : undefined;
}

/** The object name that git would give a file as it lies on disk; undefined where it cannot be opened. */
function hashOfFile(file: string, byteLength: number, like: string): string | undefined {
  const opened = openRegularFile(file);
  if (opened.kind === 'fault') return undefined;
  const { descriptor } = opened.value;
  const hash = hashStart(byteLength, like);
  const buffer = new Uint8Array(2 ** 20);
  try {
    for (;;) {
      const count = readSync(descriptor, buffer, 0, buffer.length, null);
      if (count === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, count));
    }
  } finally {
    closeQuietly(descriptor);
  }
}

/** Git hashes "blob LENGTH\0" and the content, with SHA-1 or, in repositories that say so, SHA-256. */
function hashStart(byteLength: number, like: string): ReturnType<typeof createHash> {
  return createHash(like.length === 64 ? 'sha256' : 'sha1').update(`blob ${byteLength}\0`);
}

function sizeOf(file: string): number | undefined {
  const seen = lookAt(file);
  return seen.kind === 'ok' && seen.value.isFile() ? seen.value.size : undefined;
}
