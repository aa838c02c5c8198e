/**
 * Puts a file in place whole or not at all: into a temporary file beside it, which then takes its name. Who reads it has
 * the old one or the new one. Threads and processes may do it at once: each has a temporary file of its own.
 */
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** `mode` is of a file that is made; Node's own where it is undefined. Throws, and leaves nothing behind. */
export function replaceFile(file: string, content: string | Uint8Array, mode?: number): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    // Never into what somebody else put there.
    writeFileSync(temporary, content, { flag: 'wx', mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
