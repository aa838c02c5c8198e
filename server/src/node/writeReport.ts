/**
 * Writes a report to where a person said, whole or not at all, with a clear reason where that cannot be.
 */
import { accessSync, constants, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from './writeWhole.ts';

/** One sentence where it could not be written, undefined where it was. */
export function writeReport(file: string, text: string): string | undefined {
  const hindrance = cannotWrite(file);
  if (hindrance !== undefined) return hindrance;
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) {
    const reason = writeWhole(stats === undefined ? file : realpathSync(file), text);
    return reason === undefined ? undefined : `${file} cannot be written: ${reason}`;
  }
  try {
    // A pipe or a terminal has no place to take.
    writeFileSync(file, text);
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
  };
  return `${file} cannot be written: ${reasons[code] ?? (error instanceof Error ? error.message : String(error))}`;
}
