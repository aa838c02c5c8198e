/**
 * Puts a file in place whole or not at all: into a temporary file beside it, which then takes its name. Who reads it has
 * the old one or the new one. Threads and processes may do it at once: each has a temporary file of its own.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** `mode` is of a file that is made; Node's own where it is undefined. Throws, and leaves nothing behind. */
export function replaceFile(file: string, content: string | Uint8Array, mode?: number): void {
  const replacement = openReplacement(file, mode);
  try {
    writeFileSync(replacement.descriptor, content);
    replacement.commit();
  } catch (error) {
    replacement.discard();
    throw error;
  }
}

/** A file that is about to take another's place. */
export interface Replacement {
  readonly descriptor: number;
  /** Puts it in place, and closes it. Throws where the system refuses. */
  commit(): void;
  /** Closes and removes it; nothing after `commit`. Never throws. */
  discard(): void;
}

/** A link is replaced itself, wherever it leads. Throws where no file can be made beside it. */
export function openReplacement(file: string, mode?: number): Replacement {
  // Short, so that it fits wherever the file's own name does.
  const temporary = path.join(path.dirname(file), `.${randomBytes(6).toString('hex')}.tmp`);
  // Never into what somebody else put there.
  const descriptor = openSync(temporary, 'wx', mode);
  let isDone = false;
  const discard = (): void => {
    if (isDone) return;
    isDone = true;
    quietly(() => closeSync(descriptor));
    quietly(() => rmSync(temporary, { force: true }));
  };
  return {
    descriptor,
    commit() {
      try {
        // What the system could not keep, it says here at the latest.
        closeSync(descriptor);
        renameSync(temporary, file);
        isDone = true;
      } catch (error) {
        discard();
        throw error;
      }
    },
    discard,
  };
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    return;
  }
}
