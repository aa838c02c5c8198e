/**
 * The file system as the core's FileProvider: text of regular files up to a size, in UTF-8 or the encoding that a
 * Python file declares. What the system refuses counts as not there, as it does for Python's imports; `unreadable` and
 * `diskFaults` say in words why.
 */
import { accessSync, constants, lstatSync } from 'node:fs';
import { wholeProblem, type Problem } from '../base/problems.ts';
import type { FileProvider } from '../evaluation/moduleFinder.ts';
import { faultText } from './fileFaults.ts';
import { lookAt, readRegularFile, type FileAnswer, type FileFault } from './regularFile.ts';

/** Larger Python files are not read: nobody writes them by hand. */
export const MAX_TEXT_BYTES = 16 * 2 ** 20;

export const nodeFiles: FileProvider = {
  readText: readTextFile,
  isFile: (path) => isThere(path, 'file'),
  isDirectory: (path) => isThere(path, 'folder'),
};

/** Undefined where there is no such file or it cannot be read. */
export function readTextFile(path: string): string | undefined {
  const read = readText(path);
  remember(path, read);
  return read.kind === 'ok' ? read.value : undefined;
}

/** One sentence where a path cannot be read as a file, undefined where it can. */
export function unreadable(path: string): string | undefined {
  const seen = lookAt(path);
  if (seen.kind === 'fault') return seen.reason;
  if (seen.value.isFile() && /\.onnx$/i.test(path)) return unpermitted(path);
  const read = readText(path);
  return read.kind === 'ok' ? undefined : read.reason;
}

/** Why the file of a path cannot be read; undefined where it can be, and where there is no file: nothing, or a folder. */
export function hindrance(path: string): string | undefined {
  const seen = lookAt(path);
  if (seen.kind === 'ok' && seen.value.isDirectory()) return undefined;
  if (seen.kind === 'fault' && seen.isAbsent)
    return isLink(path) ? 'it is a link to a file that does not exist' : undefined;
  return unreadable(path);
}

/** Something has this name: a link that leads nowhere has, too. */
export function isNameTaken(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Where nobody may look, nobody knows.
    return lookAt(path).kind === 'ok';
  }
}

/**
 * What was refused of paths that were looked at or read. A fault that may pass is an error: what rests on it may be
 * otherwise at the next look.
 */
export function diskFaults(paths: Iterable<string>): readonly Problem[] {
  if (faults.size === 0) return [];
  return [...new Set(paths)].flatMap((path) => {
    const fault = faults.get(path);
    if (fault === undefined) return [];
    const message = `${path} cannot be read: ${fault.reason}`;
    return [wholeProblem('unreadable-file', fault.isPassing ? 'error' : 'warning', message, path)];
  });
}

/** Python source is UTF-8 unless a comment in its first two lines says otherwise; undefined where it is neither. */
export function decodeSource(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^(?:[^\n]*\n)?[ \t\f]*#[^\n]*coding[:=][ \t]*([-\w.]+)/.exec(head)?.[1]?.toLowerCase();
  try {
    return new TextDecoder(encodingLabel(declared ?? 'utf-8'), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** By path, until a look at it succeeds. */
const faults = new Map<string, FileFault>();
const MOST_FAULTS = 10_000;

function remember(path: string, answer: FileAnswer<unknown>): void {
  if (answer.kind === 'fault' && !answer.isAbsent) {
    if (faults.size < MOST_FAULTS) faults.set(path, answer);
  } else if (faults.size > 0) faults.delete(path);
}

function isThere(path: string, kind: 'file' | 'folder'): boolean {
  const seen = lookAt(path);
  remember(path, seen);
  if (seen.kind === 'fault') return false;
  return kind === 'file' ? seen.value.isFile() : seen.value.isDirectory();
}

function readText(path: string): FileAnswer<string> {
  const read = readRegularFile(path, MAX_TEXT_BYTES);
  if (read.kind === 'fault') return read;
  const text = decodeSource(read.value);
  if (text !== undefined) return { kind: 'ok', value: text };
  return { kind: 'fault', reason: 'the file is not UTF-8 text', isAbsent: false, isPassing: false };
}

function unpermitted(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return faultText(error);
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** Python's name of an encoding as TextDecoder knows it: "latin-1" -> "latin1", "utf_8" -> "utf-8". */
function encodingLabel(name: string): string {
  const dashed = name.replaceAll('_', '-');
  if (/^(iso-)?latin-1(-|$)/.test(dashed)) return 'latin1';
  return /^utf-?8(-|$)/.test(dashed) ? 'utf-8' : dashed;
}
