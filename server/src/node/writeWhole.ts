/**
 * Writes a text file whole or not at all: into a file beside it, which then takes its name.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Why it could not be written; undefined where it was. */
export function writeWhole(file: string, text: string): string | undefined {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    renameSync(draft, file);
    return undefined;
  } catch (error) {
    rmSync(draft, { force: true });
    return error instanceof Error ? error.message : String(error);
  }
}
