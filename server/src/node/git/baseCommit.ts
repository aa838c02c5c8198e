/**
 * The commit that a base names: "main" is that revision, "main..." and "main...HEAD" are where HEAD parted from it.
 */
import { mergeBase, resolveRevision, type GitAnswer, type GitCommit, type GitRepository } from './repository.ts';

export function baseCommit(repository: GitRepository, base: string): GitAnswer<GitCommit> {
  const parted = /^(.*[^.])\.\.\.(.*)$/.exec(base);
  if (parted === null) return resolveRevision(repository, base);
  const one = resolveRevision(repository, parted[1] ?? '');
  const other = resolveRevision(repository, parted[2] === '' ? 'HEAD' : (parted[2] ?? ''));
  if (one.kind === 'problem') return one;
  return other.kind === 'problem' ? other : mergeBase(repository, one.value, other.value);
}
