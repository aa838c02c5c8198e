/**
 * The files of one commit, as `git ls-tree -r -t -z` lists them: path -> blob, folder, or link, followed within the tree.
 * "100644 blob 8ab686e...\tmodels/net.py\0" -> lookup("models/net.py") is { kind: 'file', id: "8ab686e..." }.
 */

export type TreeEntry =
  | { readonly kind: 'file'; readonly id: string }
  | { readonly kind: 'folder' }
  /** Another repository's files: only its commit is known here. */
  | { readonly kind: 'submodule'; readonly path: string }
  /** What a link leads to: absolute, or from the root and over it ("../data/net.py"). */
  | { readonly kind: 'outside'; readonly path: string };

export interface GitTree {
  /** Paths are relative to the root of the repository, with "/"; "" is the root. */
  lookup(path: string): TreeEntry | undefined;
  /** Paths of all files, sorted as git sorts them. */
  readonly filePaths: readonly string[];
}

interface RawEntry {
  readonly mode: string;
  readonly id: string;
}

/** Links that lead to links: more are taken for a circle, as Linux does. */
const MAX_LINKS = 40;

/** `readLink` gives the text of a link's blob. */
export function parseGitTree(listing: Buffer, readLink: (id: string) => string | undefined): GitTree {
  const entries = new Map<string, RawEntry>();
  const filePaths: string[] = [];
  let hasLinks = false;
  let hasSubmodules = false;
  for (const line of listing.toString('utf8').split('\0')) {
    const match = /^(\d+) (\w+) ([0-9a-f]+)\t([^]*)$/.exec(line);
    const [, mode = '', type, id = '', path = ''] = match ?? [];
    if (match === null) continue;
    entries.set(path, { mode, id });
    if (mode === LINK) hasLinks = true;
    if (mode === SUBMODULE) hasSubmodules = true;
    if (type === 'blob') filePaths.push(path);
  }

  function lookup(path: string, linkCount = 0): TreeEntry | undefined {
    if (path === '') return { kind: 'folder' };
    const entry = entries.get(path);
    if (entry !== undefined && entry.mode !== LINK) return plainEntry(path, entry);
    // What is not listed may stand behind a link or in a submodule.
    return hasLinks || hasSubmodules ? lookupByParts(path, linkCount) : undefined;
  }

  function lookupByParts(path: string, linkCount: number): TreeEntry | undefined {
    const parts = path.split('/');
    for (let count = 1; count <= parts.length; count++) {
      const prefix = parts.slice(0, count).join('/');
      const entry = entries.get(prefix);
      if (entry === undefined) return undefined;
      if (entry.mode === SUBMODULE) return { kind: 'submodule', path: prefix };
      if (entry.mode !== LINK) continue;
      if (linkCount >= MAX_LINKS) return undefined;
      const target = readLink(entry.id);
      if (target === undefined) return undefined;
      const rest = parts.slice(count);
      if (target.startsWith('/')) return { kind: 'outside', path: [target, ...rest].join('/') };
      const folder = parts.slice(0, count - 1);
      const followed = followLink(folder, [...target.split('/'), ...rest]);
      return followed === undefined
        ? { kind: 'outside', path: [...folder, target, ...rest].join('/') }
        : lookup(followed, linkCount + 1);
    }
    return undefined;
  }

  return { lookup: (path) => lookup(path), filePaths };
}

const LINK = '120000';
const SUBMODULE = '160000';
const FOLDER = '040000';

function plainEntry(path: string, { mode, id }: RawEntry): TreeEntry {
  if (mode === SUBMODULE) return { kind: 'submodule', path };
  return mode === FOLDER ? { kind: 'folder' } : { kind: 'file', id };
}

/** A path from a folder of the tree; undefined where it climbs over the root. */
function followLink(from: readonly string[], steps: readonly string[]): string | undefined {
  const path = [...from];
  for (const step of steps) {
    if (step === '' || step === '.') continue;
    if (step !== '..') path.push(step);
    else if (path.pop() === undefined) return undefined;
  }
  return path.join('/');
}
