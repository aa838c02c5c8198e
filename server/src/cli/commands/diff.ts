/**
 * `layercost diff [BASE] [HEAD] [TARGETS...]`: what models cost in one version and in another, without checking either
 * out; or against a baseline file. `layercost baseline` writes one.
 */
import { readFileSync } from 'node:fs';
import type { Problem } from '../../base/problems.ts';
import { baselineFromJson, baselineToJson } from '../../gate/baseline.ts';
import { diffEntries, type DiffReport, type DiffVersion, type EntryStates } from '../../gate/diffReport.ts';
import { placedProblem, type PlacedProblem } from '../../gate/modelDigest.ts';
import type { ModelSnapshot } from '../../gate/snapshot.ts';
import { createModelVersion, readModel, type AskedModel, type ModelVersion } from '../../node/modelVersion.ts';
import {
  mergeBase,
  openRepository,
  resolveRevision,
  type GitAnswer,
  type GitCommit,
  type GitRepository,
} from '../../node/git/repository.ts';
import { revisionSource } from '../../node/git/revisionSource.ts';
import { modelsOf, statesOf, type Asked, type ModelQuestion } from '../askedModels.ts';
import type { DiffArguments } from '../diffArguments.ts';
import { problemText } from '../reporters/diffText.ts';

export interface VersionHost {
  /** The folder of the running program. */
  readonly folder: string;
  readonly timeLimitMs: number;
  readonly searchPaths: readonly string[];
}

const WORK_TREE = 'work tree';

export async function compareRevisions(
  asked: DiffArguments,
  question: ModelQuestion,
  host: VersionHost,
): Promise<Asked<DiffReport>> {
  const { cwd } = question;
  const opened = openRepository(cwd);
  if (opened.kind === 'problem') return refused(opened.problem);
  const commits = commitsOf(opened.value, asked);
  if (commits.kind === 'problem') return refused(commits.problem);
  const before = await versionOf(opened.value, commits.value.base, cwd, host);
  if (before.kind === 'problem') return refused(before.problem);
  const after = await versionOf(opened.value, commits.value.head, cwd, host);
  if (after.kind === 'problem') return refused(after.problem);
  const models = modelsOf(after.value, question);
  if (models.kind === 'invalid') return models;
  const states = statesOf(before.value, after.value, models.value, question);
  return {
    kind: 'ok',
    value: {
      before: labelOf(before.value),
      after: labelOf(after.value),
      entries: diffEntries(states),
      problems: [...models.value.problems, ...[before.value, after.value].flatMap(versionProblems)],
    },
  };
}

/** The work tree, or the revision `head`, against the snapshots of a file. */
export async function compareBaseline(
  file: string,
  head: string | undefined,
  question: ModelQuestion,
  host: VersionHost,
): Promise<Asked<DiffReport>> {
  const snapshots = readBaseline(file);
  if (snapshots.kind === 'invalid') return snapshots;
  const version = await headVersion(head, question.cwd, host);
  if (version.kind === 'problem') return refused(version.problem);
  const models = modelsOf(version.value, question);
  if (models.kind === 'invalid') return models;
  const states = baselineStates(snapshots.value, version.value, models.value.models, question.targets.length > 0);
  return {
    kind: 'ok',
    value: {
      before: { label: file, commitId: undefined },
      after: labelOf(version.value),
      entries: diffEntries(states),
      problems: [...models.value.problems, ...versionProblems(version.value)],
    },
  };
}

/** The text of a baseline file; refused where a model cannot be read, as it would be missing. */
export async function writtenBaseline(
  head: string | undefined,
  question: ModelQuestion,
  host: VersionHost,
): Promise<Asked<string>> {
  const version = await headVersion(head, question.cwd, host);
  if (version.kind === 'problem') return refused(version.problem);
  const asked = modelsOf(version.value, question);
  if (asked.kind === 'invalid') return asked;
  const { models, problems } = asked.value;
  const errors = problems.filter(({ severity }) => severity === 'error').map(problemText);
  const snapshots: ModelSnapshot[] = [];
  for (const model of models) {
    const state = readModel(version.value, model);
    if (state.kind === 'model') {
      snapshots.push(state.digest.snapshot);
      const found = state.digest.problems.filter(({ severity }) => severity === 'error');
      errors.push(...found.map((each) => `${model.name}: ${problemText(each)}`));
    }
    if (state.kind === 'absent') errors.push(`${model.name}: ${state.message}`);
    if (state.kind === 'unreadable')
      errors.push(...state.problems.map((each) => `${model.name}: ${problemText(each)}`));
  }
  if (errors.length === 0) return { kind: 'ok', value: baselineToJson(snapshots) };
  return { kind: 'invalid', message: `no baseline was written: ${errors.join('\n')}` };
}

const MAX_BASELINE_BYTES = 256 * 2 ** 20;

export function readBaseline(file: string): Asked<readonly ModelSnapshot[]> {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_BASELINE_BYTES) return { kind: 'invalid', message: `${file} is too large for a baseline` };
    const decoded = baselineFromJson(bytes.toString('utf8'));
    return decoded.kind === 'ok'
      ? decoded
      : { kind: 'invalid', message: `${file} is no baseline of "layercost baseline": ${decoded.message}` };
  } catch (error) {
    return {
      kind: 'invalid',
      message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** With targets only those; without, also what the file has and the configuration has not. */
function baselineStates(
  snapshots: readonly ModelSnapshot[],
  version: ModelVersion,
  models: readonly AskedModel[],
  areNamed: boolean,
): readonly EntryStates[] {
  const kept = new Map(snapshots.map((snapshot) => [snapshot.name, snapshot]));
  const states = models.map((model): EntryStates => {
    const snapshot = kept.get(model.name);
    kept.delete(model.name);
    return {
      name: model.name,
      before:
        snapshot === undefined
          ? { kind: 'absent', message: 'it is not in the baseline' }
          : { kind: 'snapshot', snapshot },
      after: readModel(version, model),
    };
  });
  if (areNamed) return states;
  const gone = [...kept.values()].map((snapshot): EntryStates => ({
    name: snapshot.name,
    before: { kind: 'snapshot', snapshot },
    after: { kind: 'absent', message: 'it is not in the configuration' },
  }));
  return [...states, ...gone];
}

async function headVersion(head: string | undefined, cwd: string, host: VersionHost): Promise<GitAnswer<ModelVersion>> {
  const opened = openRepository(cwd);
  if (opened.kind === 'problem') return head === undefined ? folderVersion(cwd, host) : opened;
  const commit = head === undefined ? undefined : resolveRevision(opened.value, head);
  if (commit?.kind === 'problem') return commit;
  return versionOf(opened.value, commit?.value, cwd, host);
}

/** Without git the folder is all there is. */
async function folderVersion(cwd: string, host: VersionHost): Promise<GitAnswer<ModelVersion>> {
  const options = { ...host, label: WORK_TREE, revision: undefined, root: cwd, workspaceFolders: [cwd] };
  return { kind: 'ok', value: await createModelVersion(options) };
}

async function versionOf(
  repository: GitRepository,
  commit: GitCommit | undefined,
  cwd: string,
  host: VersionHost,
): Promise<GitAnswer<ModelVersion>> {
  const source = commit === undefined ? undefined : revisionSource(repository, commit);
  if (source?.kind === 'problem') return source;
  const label = commit?.revision ?? WORK_TREE;
  const { reachedAs: root } = repository;
  const options = { ...host, label, revision: source?.value, root, workspaceFolders: [...new Set([cwd, root])] };
  return { kind: 'ok', value: await createModelVersion(options) };
}

interface Commits {
  readonly base: GitCommit;
  /** The work tree where it is undefined. */
  readonly head: GitCommit | undefined;
}

function commitsOf(repository: GitRepository, { base, head, isFromMergeBase }: DiffArguments): GitAnswer<Commits> {
  const baseCommit = resolveRevision(repository, base);
  if (baseCommit.kind === 'problem') return baseCommit;
  const headCommit = head === undefined ? undefined : resolveRevision(repository, head);
  if (headCommit?.kind === 'problem') return headCommit;
  if (!isFromMergeBase || headCommit === undefined) {
    return { kind: 'ok', value: { base: baseCommit.value, head: headCommit?.value } };
  }
  const parted = mergeBase(repository, baseCommit.value, headCommit.value);
  return parted.kind === 'problem' ? parted : { kind: 'ok', value: { base: parted.value, head: headCommit.value } };
}

function labelOf({ label, revision }: ModelVersion): DiffVersion {
  return { label, commitId: revision?.commit.id };
}

function versionProblems({ revision, placer }: ModelVersion): readonly PlacedProblem[] {
  return (revision?.problems() ?? []).map((each) => placedProblem(each, placer));
}

function refused({ code, message }: Problem): { readonly kind: 'invalid'; readonly message: string } {
  return { kind: 'invalid', message: `${message} [${code}]` };
}
