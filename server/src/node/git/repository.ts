/**
 * A git repository and its revisions: openRepository('/work/net') -> its root, resolveRevision(it, 'main') -> a commit.
 * What hinders is a problem that says what to do: git missing, no repository, a shallow clone without the base.
 */
import path from 'node:path';
import type { Problem } from '../../base/problems.ts';
import { runGit, type GitResult } from './runGit.ts';

export interface GitRepository {
  /** The top of the work tree, absolute, links resolved. */
  readonly root: string;
  /** The same folder as it was reached, where links lead there. */
  readonly reachedAs: string;
  /** Where git keeps what all work trees share. */
  readonly commonFolder: string;
}

export interface GitCommit {
  /** As it was asked for: "main". */
  readonly revision: string;
  /** The full object name. */
  readonly id: string;
}

/** A commit of a repository, as data that crosses threads. */
export interface GitRevision {
  readonly repository: GitRepository;
  readonly commit: GitCommit;
}

export type GitAnswer<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'problem'; readonly problem: Problem };

export function openRepository(folder: string): GitAnswer<GitRepository> {
  // One a line; the two paths may themselves hold line breaks, so that each has a call of its own.
  const root = runGit(folder, ['rev-parse', '--show-toplevel']);
  if (root.kind !== 'ok') return answerOf(root, `${folder} cannot be read with git`, folder);
  const prefix = textOf(runGit(folder, ['rev-parse', '--show-prefix'])) ?? '';
  const common = textOf(runGit(folder, ['rev-parse', '--path-format=absolute', '--git-common-dir']));
  const top = lineOf(root.stdout);
  const reached = path.join(folder, ...prefix.split('/').map((part) => (part === '' ? '.' : '..')));
  return {
    kind: 'ok',
    value: {
      root: top,
      reachedAs: path.resolve(reached),
      commonFolder: common ?? path.join(top, '.git'),
    },
  };
}

/** Text that git itself would take for an option, or that a process cannot be given, names no revision. */
const UNUSABLE = /^-|\p{Cc}/u;
const MAX_REVISION_LENGTH = 1000;

export function resolveRevision(repository: GitRepository, revision: string): GitAnswer<GitCommit> {
  if (revision === '' || UNUSABLE.test(revision) || revision.length > MAX_REVISION_LENGTH) {
    return problem('unknown-revision', `${quoted(revision)} cannot name a revision`);
  }
  const id = commitId(repository, revision);
  if (id !== undefined) return { kind: 'ok', value: { revision, id } };
  if (isShallow(repository)) {
    return problem(
      'shallow-clone',
      `revision ${quoted(revision)} is not in this shallow clone; fetch it with ` +
        '"git fetch --depth=1 origin REVISION", or clone in full ("fetch-depth: 0" of actions/checkout, "GIT_DEPTH: 0" of GitLab CI)',
    );
  }
  const remote = `origin/${revision}`;
  const hint = commitId(repository, remote) === undefined ? '' : `; there is ${quoted(remote)}`;
  return problem('unknown-revision', `revision ${quoted(revision)} is not in ${repository.root}${hint}`);
}

/** Where two revisions parted: what `main...HEAD` is compared with. */
export function mergeBase(repository: GitRepository, one: GitCommit, other: GitCommit): GitAnswer<GitCommit> {
  const id = textOf(runGit(repository.root, ['merge-base', '--end-of-options', one.id, other.id]));
  if (id !== undefined && id !== '') return { kind: 'ok', value: { revision: `${one.revision}...`, id } };
  const both = `${quoted(one.revision)} and ${quoted(other.revision)}`;
  return isShallow(repository)
    ? problem(
        'shallow-clone',
        `where ${both} parted is not in this shallow clone; fetch the history with "git fetch --unshallow", or clone in ` +
          'full ("fetch-depth: 0" of actions/checkout, "GIT_DEPTH: 0" of GitLab CI)',
      )
    : problem('unknown-revision', `${both} have no common history`);
}

/** A problem of git's answer; `what` says what could not be done. */
export function answerOf(
  result: Exclude<GitResult, { readonly kind: 'ok' }>,
  what: string,
  folder: string,
): GitAnswer<never> {
  switch (result.kind) {
    case 'not-installed':
      return problem('git-not-installed', `${what}: git was not found on PATH; install it to compare revisions`);
    case 'too-large':
      return problem('git-failed', `${what}: git gave more output than we read`);
    case 'failed':
      if (/not a git repository/i.test(result.message)) {
        return problem(
          'not-a-repository',
          `${folder} is not in a git repository, so that there is nothing to compare with`,
        );
      }
      if (/dubious ownership|unsafe repository/i.test(result.message)) {
        return problem(
          'git-failed',
          `git does not trust ${folder}, which another user owns; allow it with "git config --global --add safe.directory ${folder}"`,
        );
      }
      return problem('git-failed', `${what}: git says ${quoted(result.message)}`);
  }
}

function commitId(repository: GitRepository, revision: string): string | undefined {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const id = textOf(runGit(repository.root, args));
  return id !== undefined && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}

function isShallow(repository: GitRepository): boolean {
  return textOf(runGit(repository.root, ['rev-parse', '--is-shallow-repository'])) === 'true';
}

function textOf(result: GitResult): string | undefined {
  return result.kind === 'ok' ? lineOf(result.stdout) : undefined;
}

/** Git ends its answer with one line break; those before it belong to the answer. */
function lineOf(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/\r?\n$/, '');
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

function problem(code: string, message: string): GitAnswer<never> {
  return { kind: 'problem', problem: { code, severity: 'error', message, location: { kind: 'whole' } } };
}
