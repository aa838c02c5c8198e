/**
 * Opens and reads regular files alone: a pipe, device or socket in the place of a file is refused and never waited for, even
 * where it takes the place between a look and the opening. readRegularFile("net.py", 2 ** 24) -> its bytes, or why not.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { faultText, isAbsence, isFileSystemError, isPassingFault } from './fileFaults.ts';

export interface FileFault {
  readonly kind: 'fault';
  /** "its links lead in a circle" */
  readonly reason: string;
  /** Nothing is there: an answer, not a fault. */
  readonly isAbsent: boolean;
  /** Another try may end otherwise. */
  readonly isPassing: boolean;
}

export type FileAnswer<T> = { readonly kind: 'ok'; readonly value: T } | FileFault;

export interface OpenedFile {
  /** For whoever opened it to close. */
  readonly descriptor: number;
  readonly byteLength: number;
  /** When it was written last. */
  readonly mtimeMs: number;
}

export const FOLDER_REASON = 'this is a folder, not a file';
const OTHER_REASON = 'this is a pipe, a device or a socket, not a file';

const NOTHING_THERE: FileFault = {
  kind: 'fault',
  reason: 'there is no such file',
  isAbsent: true,
  isPassing: false,
};

/** Windows has neither pipes among files nor this flag. */
export const NEVER_WAIT = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;
const MOST_TRIES = 3;

/** What is at a path, links followed. */
export function lookAt(file: string): FileAnswer<Stats> {
  const seen = answer(() => statSync(file, { throwIfNoEntry: false }));
  if (seen.kind === 'fault') return seen;
  return seen.value === undefined ? NOTHING_THERE : { kind: 'ok', value: seen.value };
}

export function openRegularFile(file: string): FileAnswer<OpenedFile> {
  // Opening alone may set a device in motion.
  const seen = lookAt(file);
  if (seen.kind === 'fault') return seen;
  if (!seen.value.isFile()) return notRegular(seen.value);
  const opened = answer(() => openSync(file, constants.O_RDONLY | NEVER_WAIT));
  if (opened.kind === 'fault') return opened;
  const descriptor = opened.value;
  const status = answer(() => fstatSync(descriptor));
  if (status.kind === 'ok' && status.value.isFile()) {
    const { size: byteLength, mtimeMs } = status.value;
    return { kind: 'ok', value: { descriptor, byteLength, mtimeMs } };
  }
  closeQuietly(descriptor);
  return status.kind === 'fault' ? status : notRegular(status.value);
}

/** The whole of a file as it was at one moment; refused where it has more bytes or does not come to rest. */
export function readRegularFile(file: string, maxBytes: number): FileAnswer<Buffer> {
  const opened = openRegularFile(file);
  if (opened.kind === 'fault') return opened;
  const { descriptor } = opened.value;
  try {
    const read = answer(() => readAtRest(descriptor, maxBytes));
    return read.kind === 'fault' ? read : read.value;
  } finally {
    closeQuietly(descriptor);
  }
}

export function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It was read: what closing reports changes nothing.
  }
}

function readAtRest(descriptor: number, maxBytes: number): FileAnswer<Buffer> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = fstatSync(descriptor);
    if (before.size > maxBytes) return fault(tooLarge(before.size, maxBytes));
    const bytes = readToEnd(descriptor, before.size, maxBytes);
    if (bytes.length > maxBytes) return fault(tooLarge(bytes.length, maxBytes));
    const after = fstatSync(descriptor);
    if (before.size === after.size && before.mtimeMs === after.mtimeMs) return { kind: 'ok', value: bytes };
  }
  return { ...fault('it changes while it is read'), isPassing: true };
}

/** Up to one byte more than is allowed for: a file may grow, and some tell no size. */
function readToEnd(descriptor: number, size: number, maxBytes: number): Buffer {
  let buffer = Buffer.allocUnsafe(size + 1);
  let filled = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, filled);
    filled += count;
    if (count === 0 || filled > maxBytes) return buffer.subarray(0, filled);
    if (filled < buffer.length) continue;
    const larger = Buffer.allocUnsafe(Math.min(buffer.length * 2, maxBytes + 1));
    buffer.copy(larger);
    buffer = larger;
  }
}

function answer<T>(ask: () => T): FileAnswer<T> {
  try {
    return { kind: 'ok', value: ask() };
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return { ...fault(faultText(error)), isAbsent: isAbsence(error), isPassing: isPassingFault(error) };
  }
}

function notRegular(status: Stats): FileFault {
  return fault(status.isDirectory() ? FOLDER_REASON : OTHER_REASON);
}

function fault(reason: string): FileFault {
  return { kind: 'fault', reason, isAbsent: false, isPassing: false };
}

function tooLarge(byteLength: number, maxBytes: number): string {
  return `the file has ${byteLength} bytes; over ${maxBytes} are not read`;
}
