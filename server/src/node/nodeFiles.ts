/**
 * The file system as the core's FileProvider: text of regular files up to a size, as UTF-8; what cannot be read is a
 * problem, never an exception.
 */
import { readFileSync, statSync } from 'node:fs';
import type { FileProvider, FileText } from '../evaluation/fileProvider.ts';

/** Larger Python files are not read: nobody writes them by hand. */
const MAX_TEXT_BYTES = 16 * 2 ** 20;

export const nodeFiles: FileProvider = {
  readText: readText,
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
};

function readText(path: string): FileText {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: 'missing' };
    if (!stats.isFile()) return { kind: 'problem', message: `${path} is not a regular file` };
    if (stats.size > MAX_TEXT_BYTES) {
      return {
        kind: 'problem',
        message: `${path} is ${stats.size} bytes; files over ${MAX_TEXT_BYTES} bytes are not read`,
      };
    }
    return decode(readFileSync(path), path);
  } catch (error) {
    return {
      kind: 'problem',
      message: `${path} could not be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Python source is UTF-8 unless a comment in its first two lines says latin-1. */
function decode(bytes: Uint8Array, path: string): FileText {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^(?:[^\n]*\n)?[ \t\f]*#[^\n]*coding[:=][ \t]*([-\w.]+)/.exec(head)?.[1]?.toLowerCase();
  const isLatin1 = declared !== undefined && /^(latin-?1|iso-?8859-?1|iso8859)/.test(declared);
  try {
    const text = new TextDecoder(isLatin1 ? 'latin1' : 'utf-8', { fatal: true }).decode(bytes);
    return { kind: 'text', text };
  } catch {
    return { kind: 'problem', message: `${path} is not UTF-8 text` };
  }
}

/** Text for line numbers in reports. */
export function readTextFile(path: string): string | undefined {
  const result = readText(path);
  return result.kind === 'text' ? result.text : undefined;
}
