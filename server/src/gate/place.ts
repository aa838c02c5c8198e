/**
 * Places as reports name them: relative to the repository, lines from 1, the same on every machine.
 * { file: '/work/repo/models/net.py', start: 120 } -> { file: 'models/net.py', line: 7 }
 * What lies elsewhere is named by its folder of imports ("torchvision/models/resnet.py") and marked.
 */
import { LineIndex, type SourceRange } from '../base/text.ts';

export interface Place {
  /** With "/"; relative to the repository, or to the folder of imports that it lies in. */
  readonly file: string;
  /** From 1; 1 for a whole file, and where the file's text cannot be read. */
  readonly line: number;
  /** The file lies outside of the repository: nobody can comment on a line of it. */
  readonly isOutside?: true;
}

export interface PlacerOptions {
  /** The repository's folder, absolute. */
  readonly root: string;
  /** Folders of installed packages, absolute; they may lie in the repository's folder. */
  readonly packageFolders: readonly string[];
  /** Text of a file, for its lines; undefined where it cannot be read. */
  readonly readText: (file: string) => string | undefined;
}

export interface Placer {
  placeOf(range: SourceRange | undefined): Place | undefined;
  /** A whole file. */
  fileOf(file: string): Place;
  /** A message without the folders of this machine: "/work/repo/net.py has no model" -> "net.py has no model". */
  relativeText(message: string): string;
}

export function createPlacer({ root, packageFolders, readText }: PlacerOptions): Placer {
  const repository = folderPrefix(root);
  // The innermost folder names a file.
  const prefixes = [repository, ...packageFolders.map(folderPrefix)].sort((a, b) => b.length - a.length);
  const indices = new Map<string, LineIndex | undefined>();
  const indexOf = (file: string): LineIndex | undefined => {
    if (!indices.has(file)) {
      const text = readText(file);
      indices.set(file, text === undefined ? undefined : new LineIndex(text));
    }
    return indices.get(file);
  };
  const fileOf = (file: string): Place => {
    const path = withSlashes(file);
    const prefix = prefixes.find((each) => path.startsWith(each));
    // A folder that nobody named is this machine's own business.
    const relative = prefix === undefined ? path.slice(path.lastIndexOf('/') + 1) : path.slice(prefix.length);
    return prefix === repository ? { file: relative, line: 1 } : { file: relative, line: 1, isOutside: true };
  };
  return {
    placeOf(range) {
      if (range === undefined) return undefined;
      const line = indexOf(range.file)?.position(range.start).line ?? 0;
      return { ...fileOf(range.file), line: line + 1 };
    },
    fileOf,
    relativeText: (message) =>
      prefixes.reduce(
        (text, prefix) => text.replaceAll(prefix, '').replaceAll(prefix.replaceAll('/', '\\'), ''),
        message,
      ),
  };
}

function folderPrefix(folder: string): string {
  const path = withSlashes(folder);
  return path.endsWith('/') ? path : `${path}/`;
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}
