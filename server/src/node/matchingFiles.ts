/**
 * The files below a folder that a glob matches: matchingFiles("/work", "models/**\/*.py") -> "models/net.py", ...
 * Hidden folders, node_modules, virtual environments and what .gitignore leaves out are not walked; links are not followed.
 */
import { existsSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { compareText } from '../base/compareText.ts';
import { faultText, isAbsence, isFileSystemError } from './fileFaults.ts';
import { createGitIgnore } from './gitIgnore.ts';

export interface MatchingFiles {
  /** Relative to the folder with "/", by code points. */
  readonly files: readonly string[];
  /** True where the walk was cut: there were more files than we look at. */
  readonly isCut: boolean;
  /** What could not be looked at: files may be missing for it. */
  readonly faults: readonly WalkFault[];
}

export interface WalkFault {
  /** A folder that cannot be listed, or rules of what to leave out that cannot be read. */
  readonly kind: 'folder' | 'rules';
  /** As the files. */
  readonly path: string;
  /** "there is no permission" */
  readonly reason: string;
}

/** Files and folders that one walk looks at. */
const MAX_LOOKED_AT = 200_000;
export const SKIPPED_FOLDERS = new Set(['node_modules', '__pycache__', 'venv', 'site-packages']);

export function matchingFiles(folder: string, glob: string): MatchingFiles {
  const faults = new Map<string, WalkFault>();
  const addFault = (kind: WalkFault['kind'], place: string, reason: string): void => {
    const relative = path.relative(folder, place).split(path.sep).join('/');
    faults.set(place, { kind, path: relative === '' ? '.' : relative, reason });
  };
  const isIgnored = createGitIgnore((file, reason) => addFault('rules', file, reason));
  let lookedAt = 0;
  const list = (directory: string): Dirent[] => {
    if (lookedAt > MAX_LOOKED_AT) return [];
    const found = listFolder(directory, (reason) => addFault('folder', directory, reason));
    lookedAt += found.length;
    return found.filter(
      (item) => isWalked(directory, item) && !isIgnored(path.join(directory, item.name), item.isDirectory()),
    );
  };
  const files = globSync(glob, {
    cwd: folder,
    dot: false,
    extglob: false,
    expandDirectories: false,
    followSymbolicLinks: false,
    // tinyglobby asks for Dirents alone: the other forms of readdirSync are not called.
    fs: { readdirSync: list as unknown as typeof readdirSync },
  });
  return {
    files: files.map((file) => file.split(path.sep).join('/')).sort(compareText),
    isCut: lookedAt > MAX_LOOKED_AT,
    faults: [...faults.values()],
  };
}

/** Not sorted by the system: a walk that is cut leaves the same out every time. A folder that went away has nothing. */
function listFolder(directory: string, onFault: (reason: string) => void): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => compareText(a.name, b.name));
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    if (!isAbsence(error)) onFault(faultText(error));
    return [];
  }
}

function isWalked(directory: string, item: Dirent): boolean {
  if (item.name.startsWith('.')) return false;
  if (!item.isDirectory()) return true;
  return !SKIPPED_FOLDERS.has(item.name) && !existsSync(path.join(directory, item.name, 'pyvenv.cfg'));
}
