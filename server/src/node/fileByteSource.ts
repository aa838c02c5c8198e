/**
 * A file as a ByteSource: reads windows with fs.readSync into one buffer that is used again and again.
 */
import { fstatSync, readSync } from 'node:fs';
import type { ByteSource } from '../frontends/onnx/byteSource.ts';
import { closeQuietly, openRegularFile } from './regularFile.ts';

export interface FileByteSource extends ByteSource {
  close(): void;
}

/**
 * Opens a regular file; throws an error whose message says why it cannot be read. Reading throws where the file is written
 * to meanwhile: windows of two versions make no model. Whoever opens it closes it.
 */
export function openFileByteSource(path: string): FileByteSource {
  const opened = openRegularFile(path);
  if (opened.kind === 'fault') throw new Error(opened.reason);
  const { descriptor, byteLength, mtimeMs } = opened.value;
  let buffer = new Uint8Array(65_536);
  return {
    byteLength,
    read(offset, length) {
      const wanted = Math.max(0, Math.min(length, byteLength - offset));
      if (buffer.length < wanted) buffer = new Uint8Array(wanted);
      let filled = 0;
      while (filled < wanted) {
        const count = readSync(descriptor, buffer, filled, wanted - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      const now = fstatSync(descriptor);
      if (now.mtimeMs !== mtimeMs || now.size !== byteLength) throw new Error('it changes while it is read');
      return buffer.subarray(0, filled);
    },
    close: () => closeQuietly(descriptor),
  };
}
