/** A base as a person writes it in, the commit that it means out; two branches, and one without common history. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { baseCommit, comparedCommits } from '../../../server/src/node/git/comparedCommits.ts';
import { openRepository, type GitRepository } from '../../../server/src/node/git/repository.ts';
import { gitSandbox, type GitSandbox } from './gitSandbox.ts';

let sandbox: GitSandbox;
let repository: GitRepository;
/** By commit: its message, which tells it. */
const messages = new Map<string, string>();

beforeAll(() => {
  sandbox = gitSandbox('compared');
  const commit = (message: string): void => void messages.set(sandbox.commit(message), message);
  commit('shared');
  sandbox.git('switch', '--quiet', '--create', 'work');
  commit('of work');
  sandbox.git('switch', '--quiet', 'main');
  commit('of main');
  sandbox.git('switch', '--quiet', '--orphan', 'alone');
  commit('of alone');
  sandbox.git('switch', '--quiet', 'work');
  const opened = openRepository(sandbox.folder);
  if (opened.kind === 'problem') throw new Error(opened.problem.message);
  repository = opened.value;
});

afterAll(() => sandbox.remove());

it.each([
  ['main', 'of main'],
  ['HEAD', 'of work'],
  ['HEAD~1', 'shared'],
  ['main...', 'shared'],
  ['main...HEAD', 'shared'],
  ['main...work', 'shared'],
  ['main...main', 'of main'],
  ['main..HEAD', 'revision "main..HEAD" is not in FOLDER'],
  ['...HEAD', 'revision "...HEAD" is not in FOLDER'],
  ['', '"" cannot name a revision'],
  ['nowhere', 'revision "nowhere" is not in FOLDER'],
  ['nowhere...gone', 'revision "nowhere" is not in FOLDER'],
  ['main...gone', 'revision "gone" is not in FOLDER'],
  ['alone...', '"alone" and "HEAD" have no common history'],
  ['--all...HEAD', '"--all" cannot name a revision'],
])('base %j is %s', (base, expected) => {
  const commit = baseCommit(repository, base);
  const told = commit.kind === 'ok' ? messages.get(commit.value.id) : commit.problem.message;
  expect(told?.replace(repository.root, 'FOLDER')).toBe(expected);
});

it.each([
  ['main', undefined, false, ['of main', undefined]],
  ['main', 'work', false, ['of main', 'of work']],
  ['main', 'work', true, ['shared', 'of work']],
] as const)('%s and %s, from where they parted: %s', (base, head, isFromMergeBase, expected) => {
  const commits = comparedCommits(repository, { base, head, isFromMergeBase });
  const ids = commits.kind === 'ok' ? [commits.value.base.id, commits.value.head?.id] : [];
  expect(ids.map((id) => id && messages.get(id))).toEqual(expected);
});
