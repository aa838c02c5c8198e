/**
 * The file system as the core's FileProvider: text of regular files up to a size, in UTF-8 or the encoding that a
 * Python file declares. `unreadable` says in words why a path cannot be read.
 */
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import type { FileProvider } from '../evaluation/moduleFinder.ts';

/** Larger Python files are not read: nobody writes them by hand. */
export const MAX_TEXT_BYTES = 16 * 2 ** 20;

export const nodeFiles: FileProvider = {
  readText: readTextFile,
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
};

/** Undefined where there is no such file or it cannot be read. */
export function readTextFile(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || stats.size > MAX_TEXT_BYTES) return undefined;
    return decodeSource(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** One sentence where a path cannot be read as a file, undefined where it can. */
export function unreadable(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'there is no such file';
  if (stats.isDirectory()) return 'this is a folder, not a file';
  if (!stats.isFile()) return 'this is no regular file';
  try {
    accessSync(path, constants.R_OK);
  } catch {
    return 'the file may not be read (no permission)';
  }
  if (/\.onnx$/i.test(path)) return undefined;
  if (stats.size > MAX_TEXT_BYTES) return `the file has ${stats.size} bytes; over ${MAX_TEXT_BYTES} are not read`;
  return readTextFile(path) === undefined ? 'the file is not UTF-8 text' : undefined;
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

/** Python's name of an encoding as TextDecoder knows it: "latin-1" -> "latin1", "utf_8" -> "utf-8". */
function encodingLabel(name: string): string {
  const dashed = name.replaceAll('_', '-');
  if (/^(iso-)?latin-1(-|$)/.test(dashed)) return 'latin1';
  return /^utf-?8(-|$)/.test(dashed) ? 'utf-8' : dashed;
}
