/**
 * Writes a file for a person, whole or not at all, or says in a sentence why it cannot be written.
 */
import { accessSync, constants, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { replaceFile } from './replaceFile.ts';

/** One sentence where it could not be written, undefined where it was. */
export function writeWhole(file: string, text: string): string | undefined {
  const hindrance = cannotWrite(file);
  if (hindrance !== undefined) return hindrance;
  const stats = statSync(file, { throwIfNoEntry: false });
  try {
    // A pipe or a terminal has no place to take.
    if (stats !== undefined && !stats.isFile()) writeFileSync(file, text);
    else replaceFile(stats === undefined ? file : realpathSync(file), text);
    return undefined;
  } catch (error) {
    return failure(file, error);
  }
}

/** What can be told before there is anything to write. */
export function cannotWrite(file: string): string | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) return `${file} cannot be written: it is a folder`;
    if (stats !== undefined) accessSync(file, constants.W_OK);
    if (stats === undefined || stats.isFile()) accessSync(path.dirname(path.resolve(file)), constants.W_OK);
    return undefined;
  } catch (error) {
    return failure(file, error);
  }
}

function failure(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'its folder does not exist',
    ENOTDIR: 'its folder is a file',
    EACCES: 'there is no permission',
    EPERM: 'there is no permission',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
  };
  return `${file} cannot be written: ${reasons[code] ?? (error instanceof Error ? error.message : String(error))}`;
}
