/**
 * A file source that remembers what was read through it, so that an answer can be kept until that changes: of texts a
 * hash, of ONNX files the windows of bytes that were read and one hash over them. Weights are not among them, as the
 * walker seeks past them.
 */
import { createHash } from 'node:crypto';
import type { FileSource } from './fileSource.ts';

export interface BytesRead {
  readonly file: string;
  readonly byteLength: number;
  /** [offset, length], in the order of reading. */
  readonly windows: readonly (readonly [number, number])[];
  /** Over the windows' bytes one after the other. */
  readonly hash: string;
}

export interface InputRecorder {
  /** Reads as the given source does. */
  readonly source: FileSource;
  /** Of the text as it was read last; null where it could not be read, undefined where nobody asked. */
  textHash(file: string): string | null | undefined;
  /** What was read of binary files since the last time this was asked. */
  takeBytes(): readonly BytesRead[];
}

export function recordInputs(source: FileSource): InputRecorder {
  const texts = new Map<string, string | null>();
  const opened: (() => BytesRead)[] = [];
  return {
    source: {
      ...source,
      files: {
        ...source.files,
        readText(file) {
          const text = source.files.readText(file);
          texts.set(file, text === undefined ? null : hashText(text));
          return text;
        },
      },
      openBytes(file) {
        const bytes = source.openBytes(file);
        const hash = createHash('sha256');
        const windows: [number, number][] = [];
        opened.push(() => ({ file, byteLength: bytes.byteLength, windows, hash: hash.copy().digest('base64') }));
        return {
          byteLength: bytes.byteLength,
          read(offset, length) {
            const window = bytes.read(offset, length);
            windows.push([offset, length]);
            hash.update(window);
            return window;
          },
          close: () => bytes.close?.(),
        };
      },
    },
    textHash: (file) => texts.get(file),
    takeBytes: () => opened.splice(0).map((read) => read()),
  };
}

/** Reads the same windows again. */
export function hashWindows(source: FileSource, { file, byteLength, windows }: BytesRead): string | undefined {
  let bytes: ReturnType<FileSource['openBytes']> | undefined;
  try {
    bytes = source.openBytes(file);
    if (bytes.byteLength !== byteLength) return undefined;
    const hash = createHash('sha256');
    for (const [offset, length] of windows) hash.update(bytes.read(offset, length));
    return hash.digest('base64');
  } catch {
    return undefined;
  } finally {
    bytes?.close?.();
  }
}

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
