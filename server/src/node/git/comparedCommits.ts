/**
 * The commits that a comparison is about. Of a base alone: "main" is that revision, "main..." and "main...HEAD" are where
 * HEAD parted from it. Of a base and a head: both, the base moved back to where they parted where that is asked for.
 */
import { mergeBase, resolveRevision, type GitAnswer, type GitCommit, type GitRepository } from './repository.ts';

/** Revisions as a person names them. */
export interface AskedRevisions {
  readonly base: string;
  /** The work tree where it is undefined. */
  readonly head: string | undefined;
  /** Whether the base is where the two parted ("main...HEAD"). */
  readonly isFromMergeBase: boolean;
}

export interface ComparedCommits {
  readonly base: GitCommit;
  /** The work tree where it is undefined. */
  readonly head: GitCommit | undefined;
}

export function baseCommit(repository: GitRepository, base: string): GitAnswer<GitCommit> {
  const parted = /^(.*[^.])\.\.\.(.*)$/.exec(base);
  if (parted === null) return resolveRevision(repository, base);
  const [, from = '', head = ''] = parted;
  const asked = { base: from, head: head === '' ? 'HEAD' : head, isFromMergeBase: true };
  const commits = comparedCommits(repository, asked);
  return commits.kind === 'problem' ? commits : { kind: 'ok', value: commits.value.base };
}

export function comparedCommits(
  repository: GitRepository,
  { base, head, isFromMergeBase }: AskedRevisions,
): GitAnswer<ComparedCommits> {
  const before = resolveRevision(repository, base);
  if (before.kind === 'problem') return before;
  const after = head === undefined ? undefined : resolveRevision(repository, head);
  if (after?.kind === 'problem') return after;
  if (!isFromMergeBase || after === undefined) {
    return { kind: 'ok', value: { base: before.value, head: after?.value } };
  }
  const parted = mergeBase(repository, before.value, after.value);
  return parted.kind === 'problem' ? parted : { kind: 'ok', value: { base: parted.value, head: after.value } };
}
