/**
 * The files below a folder that a glob matches: matchingFiles("/work", "models/**\/*.py") -> "models/net.py", ...
 * Hidden folders, node_modules, virtual environments and what .gitignore leaves out are not walked; links are not followed.
 */
import { existsSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { compareText } from '../base/compareText.ts';
import { createGitIgnore } from './gitIgnore.ts';

export interface MatchingFiles {
  /** Relative to the folder with "/", by code points. */
  readonly files: readonly string[];
  /** True where the walk was cut: there were more files than we look at. */
  readonly isCut: boolean;
}

/** Files and folders that one walk looks at. */
const MAX_LOOKED_AT = 200_000;
export const SKIPPED_FOLDERS = new Set(['node_modules', '__pycache__', 'venv', 'site-packages']);

export function matchingFiles(folder: string, glob: string): MatchingFiles {
  const isIgnored = createGitIgnore();
  let lookedAt = 0;
  const list = (directory: string): Dirent[] => {
    if (lookedAt > MAX_LOOKED_AT) return [];
    // Not sorted by the system: a walk that is cut leaves the same out every time.
    const found = readdirSync(directory, { withFileTypes: true }).sort((a, b) => compareText(a.name, b.name));
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
  };
}

function isWalked(directory: string, item: Dirent): boolean {
  if (item.name.startsWith('.')) return false;
  if (!item.isDirectory()) return true;
  return !SKIPPED_FOLDERS.has(item.name) && !existsSync(path.join(directory, item.name, 'pyvenv.cfg'));
}
