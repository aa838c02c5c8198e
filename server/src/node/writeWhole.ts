/**
 * Writes a file for a person, whole or not at all, or says in a sentence why it cannot be written.
 */
import { accessSync, closeSync, constants, openSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { faultText, isFileSystemError } from './fileFaults.ts';
import { lookAt, NEVER_WAIT } from './regularFile.ts';
import { replaceFile } from './replaceFile.ts';
import { writeAll } from './writeAll.ts';

/** One sentence where it could not be written, undefined where it was. */
export function writeWhole(file: string, text: string): string | undefined {
  const hindrance = writeHindrance(file) ?? hindranceOf(() => write(file, text));
  return hindrance === undefined ? undefined : `${file} cannot be written: ${hindrance}`;
}

/** What can be told before there is anything to write. */
export function cannotWrite(file: string): string | undefined {
  const hindrance = writeHindrance(file);
  return hindrance === undefined ? undefined : `${file} cannot be written: ${hindrance}`;
}

/** The same as part of a sentence: "it is a folder". */
export function writeHindrance(file: string): string | undefined {
  const seen = lookAt(file);
  if (seen.kind === 'fault' && !seen.isAbsent) return seen.reason;
  if (seen.kind === 'ok' && seen.value.isDirectory()) return 'it is a folder';
  const parent = lookAt(path.dirname(path.resolve(file)));
  if (parent.kind === 'fault') return parent.isAbsent ? absentFolder(file) : parent.reason;
  if (!parent.value.isDirectory()) return 'its folder is a file';
  return hindranceOf(() => {
    if (seen.kind === 'ok') accessSync(file, constants.W_OK);
    if (seen.kind === 'fault' || seen.value.isFile()) {
      accessSync(path.dirname(path.resolve(file)), constants.W_OK | constants.X_OK);
    }
    return undefined;
  });
}

function write(file: string, text: string): string | undefined {
  const seen = lookAt(file);
  if (seen.kind === 'fault' || seen.value.isFile()) {
    replaceFile(placeOf(file), text);
    return undefined;
  }
  // A pipe or a terminal has no place to take; a pipe that is read by no one is refused, not waited for.
  const descriptor = openSync(file, constants.O_WRONLY | NEVER_WAIT);
  try {
    const result = writeAll(descriptor, Buffer.from(text));
    return result.kind === 'fault' ? result.reason : undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** Where a file is a link, what it leads to is written. Throws as fs.realpathSync does. */
export function placeOf(file: string): string {
  return lookAt(file).kind === 'ok' ? realpathSync(file) : file;
}

/** The part of the path that is there tells which it is. */
function absentFolder(file: string): string {
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    const seen = lookAt(folder);
    if (seen.kind === 'ok') return seen.value.isDirectory() ? 'its folder does not exist' : 'its folder is a file';
    if (folder === path.dirname(folder)) return 'its folder does not exist';
  }
}

function hindranceOf(act: () => string | undefined): string | undefined {
  try {
    return act();
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return faultText(error);
  }
}
