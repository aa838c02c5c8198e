/**
 * Writes all bytes to an open file, terminal or pipe, and says what came of it. A system may take a part at a time, and a
 * full disk a part and no more, so that one call of fs.writeSync that returns is no proof.
 */
import { writeSync } from 'node:fs';
import { faultText, isFileSystemError } from './fileFaults.ts';

export type WriteResult =
  | { readonly kind: 'ok' }
  /** Whoever reads it went away (`| head`): no error. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'fault'; readonly reason: string };

export const WRITTEN: WriteResult = { kind: 'ok' };

export function writeAll(descriptor: number, bytes: Uint8Array): WriteResult {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if (!isFileSystemError(error)) throw error;
      // Windows calls a closed pipe EOF.
      if (error.code === 'EPIPE' || error.code === 'EOF') return { kind: 'closed' };
      if (error.code !== 'EAGAIN') return { kind: 'fault', reason: faultText(error) };
      pauseForReader();
    }
  }
  return WRITTEN;
}

/** A terminal or pipe that is not ready is asked again in a millisecond. */
export function pauseForReader(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}
