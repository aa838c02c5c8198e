/**
 * Where the entries of a configuration are looked for in a revision: among the files of its commit, as on disk hidden
 * folders and environments left out. ("/work", "models/*.py") -> "models/net.py", ...
 */
import path from 'node:path';
import picomatch from 'picomatch/posix';
import { compareText } from '../../base/compareText.ts';
import { GLOB_OPTIONS } from '../../configuration/modelPattern.ts';
import type { EntryFiles } from '../expandEntries.ts';
import { SKIPPED_FOLDERS } from '../matchingFiles.ts';
import type { RevisionSource } from './revisionSource.ts';

/** `root` is the repository's folder. */
export function revisionEntries(root: string, revision: RevisionSource): EntryFiles {
  return {
    matchingFiles(folder, glob) {
      const prefix = path.relative(root, folder).split(path.sep).join('/');
      const start = prefix === '' ? '' : `${prefix}/`;
      const matches = picomatch(glob.replace(/^\.\//, ''), GLOB_OPTIONS);
      const files = revision.filePaths
        .filter((file) => file.startsWith(start))
        .map((file) => file.slice(start.length))
        .filter((file) => isWalked(file) && matches(file));
      return { files: files.sort(compareText), isCut: false, faults: [] };
    },
    unreadable: revision.unreadable,
  };
}

function isWalked(file: string): boolean {
  const parts = file.split('/');
  return !parts.some((part, index) => part.startsWith('.') || (index < parts.length - 1 && SKIPPED_FOLDERS.has(part)));
}
