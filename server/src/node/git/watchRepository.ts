/**
 * Tells when a repository's commits may have moved (a commit, a checkout, a fetch): git writes into its folder then.
 * Only names of files are watched; what changed is for git to say.
 */
import { watch } from 'node:fs';
import path from 'node:path';
import { lookAt, readRegularFile } from '../regularFile.ts';

/** Returns what ends the watch. Where nothing can be watched, nothing is told. */
export function watchRepository(root: string, onChange: () => void): () => void {
  const folder = gitFolder(root);
  if (folder === undefined) return () => undefined;
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name !== null && MOVES.test(name)) onChange();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}

/** A commit writes its message, a checkout HEAD, a reset ORIG_HEAD, a fetch FETCH_HEAD; `index` changes all the time. */
const MOVES = /^(HEAD|ORIG_HEAD|FETCH_HEAD|COMMIT_EDITMSG|packed-refs)$/;

/** A file in linked work trees and submodules: "gitdir: /work/main/.git/worktrees/net". */
function gitFolder(root: string): string | undefined {
  const place = path.join(root, '.git');
  const seen = lookAt(place);
  if (seen.kind === 'ok' && seen.value.isDirectory()) return place;
  const read = readRegularFile(place, MAX_LINK_BYTES);
  const target = read.kind === 'ok' ? /^gitdir: (.+)$/m.exec(read.value.toString('utf8'))?.[1] : undefined;
  return target === undefined ? undefined : path.resolve(root, target.trim());
}

const MAX_LINK_BYTES = 8192;
