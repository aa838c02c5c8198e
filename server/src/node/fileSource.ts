/**
 * Where an analysis reads from: the disk, or a revision of a repository (git/revisionSource.ts). Both look the same to
 * the analyzer, which is told absolute paths of the work tree either way.
 */
import type { Problem } from '../base/problems.ts';
import type { FileProvider } from '../evaluation/moduleFinder.ts';
import type { ByteSource } from '../frontends/onnx/byteSource.ts';
import { openFileByteSource } from './fileByteSource.ts';
import { MAX_POINTER_BYTES, parseLfsPointer, pointerText } from './lfsPointer.ts';
import { diskFaults, nodeFiles, unreadable } from './nodeFiles.ts';
import { readRegularFile } from './regularFile.ts';

export interface FileSource {
  readonly files: FileProvider;
  /** Throws where the file cannot be opened; whoever opens it closes it. */
  readonly openBytes: (file: string) => ByteSource & { close?(): void };
  /** One sentence where a path cannot be read as a file, undefined where it can. */
  readonly unreadable: (file: string) => string | undefined;
  /** What could not be given of paths that were looked for: files of submodules, what the disk refused. */
  readonly problemsOf: (paths: Iterable<string>) => readonly Problem[];
}

export const diskSource: FileSource = {
  files: nodeFiles,
  openBytes: openFileByteSource,
  unreadable: (file) => unreadable(file) ?? unfetched(file),
  problemsOf: diskFaults,
};

/** A pointer of Git LFS would be read as a corrupt model. */
function unfetched(file: string): string | undefined {
  if (!/\.onnx$/i.test(file)) return undefined;
  const read = readRegularFile(file, MAX_POINTER_BYTES);
  const pointer = read.kind === 'ok' ? parseLfsPointer(read.value) : undefined;
  return pointer === undefined ? undefined : pointerText(pointer);
}
