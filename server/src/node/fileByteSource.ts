/**
 * A file as a ByteSource: reads windows with fs.readSync into one buffer that is used again and again.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../frontends/onnx/byteSource.ts';

export interface FileByteSource extends ByteSource {
  close(): void;
}

/** Opens a file; throws as fs.openSync does, and for what is no regular file. Whoever opens it closes it. */
export function openFileByteSource(path: string): FileByteSource {
  const descriptor = openSync(path, 'r');
  const status = fstatSync(descriptor);
  if (!status.isFile()) {
    closeSync(descriptor);
    throw new Error(status.isDirectory() ? `${path} is a directory` : `${path} is no regular file`);
  }
  let buffer = new Uint8Array(65_536);
  return {
    byteLength: status.size,
    read(offset, length) {
      if (buffer.length < length) buffer = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const count = readSync(descriptor, buffer, filled, length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return buffer.subarray(0, filled);
    },
    close: () => closeSync(descriptor),
  };
}
