/**
 * Under which name a file lay in an older revision: its content tells, as git's own renames do.
 * findOldPath('models/student.py', ...) -> 'net.py', where that file is gone now and most of its lines are the same.
 */

export interface RenameSearch {
  /** Path from the root in the newer version, with "/". */
  readonly path: string;
  /** Files of the older revision, as paths from the root. */
  readonly oldPaths: readonly string[];
  readonly isInNew: (path: string) => boolean;
  /** Text of a file in the newer, and in the older version; undefined where it cannot be read. */
  readonly newText: (path: string) => string | undefined;
  readonly oldText: (path: string) => string | undefined;
}

/** As git's default: at least half of the lines are the same. */
const MIN_SIMILARITY = 0.5;
/** More files that are gone are not read. */
const MAX_CANDIDATES = 200;

/** Of several that are alike, the most similar one, then one of the same file name, then the first. */
export function findOldPath(search: RenameSearch): string | undefined {
  const { path, oldPaths, isInNew } = search;
  const extension = extensionOf(path);
  const gone = oldPaths.filter((old) => extensionOf(old) === extension && !isInNew(old));
  const sameName = gone.filter((old) => fileName(old) === fileName(path));
  const text = /\.pyi?$/i.test(path) ? search.newText(path) : undefined;
  // A model of bytes is known by its name alone.
  if (text === undefined) return sameName.length === 1 ? sameName[0] : undefined;
  const others = gone.filter((old) => fileName(old) !== fileName(path));
  const lines = lineCounts(text);
  let best: { readonly path: string; readonly similarity: number } | undefined;
  for (const old of [...sameName, ...others].slice(0, MAX_CANDIDATES)) {
    const oldText = search.oldText(old);
    const similarity = oldText === undefined ? 0 : similarityOf(lines, lineCounts(oldText));
    if (similarity >= MIN_SIMILARITY && similarity > (best?.similarity ?? 0)) best = { path: old, similarity };
  }
  return best?.path;
}

/** How often each line that says something stands in a text. */
function lineCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split(/\r\n|\r|\n/)) {
    const key = line.trim();
    if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Lines that both have, of the longer one's. */
function similarityOf(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let shared = 0;
  for (const [line, count] of one) shared += Math.min(count, other.get(line) ?? 0);
  const most = Math.max(total(one), total(other));
  return most === 0 ? 0 : shared / most;
}

function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function extensionOf(path: string): string {
  return /\.[^./]+$/.exec(path)?.[0].toLowerCase() ?? '';
}
