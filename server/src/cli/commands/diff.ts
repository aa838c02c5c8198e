/**
 * `layercost diff [BASE] [HEAD] [TARGETS...]`: what models cost in one version and in another, without checking either
 * out; or against a baseline file. `layercost baseline` writes one.
 */
import type { Problem } from '../../base/problems.ts';
import { writeBaseline } from '../../gate/writeBaseline.ts';
import {
  diffEntries,
  notGiven,
  type DiffReport,
  type DiffVersion,
  type EntryState,
  type EntryStates,
} from '../../gate/diffReport.ts';
import type { ModelSnapshot } from '../../gate/snapshot.ts';
import type { AskedModel } from '../../node/askedModel.ts';
import { readModels, revisionFiles, workTreeFiles, type VersionFiles } from '../../node/version.ts';
import { comparedCommits } from '../../node/git/comparedCommits.ts';
import {
  openRepository,
  resolveRevision,
  type GitAnswer,
  type GitCommit,
  type GitRepository,
} from '../../node/git/repository.ts';
import { readBaseline } from '../baselineFile.ts';
import { modelsOf, statesOf, type Asked, type AskedModels, type ModelQuestion } from '../askedModels.ts';
import type { DiffArguments } from '../diffArguments.ts';
import type { RunHost } from '../runSettings.ts';

export async function compareRevisions(
  asked: DiffArguments,
  question: ModelQuestion,
  host: RunHost,
): Promise<Asked<DiffReport>> {
  const { cwd } = question;
  const opened = openRepository(cwd);
  if (opened.kind === 'problem') return refused(opened.problem);
  const commits = comparedCommits(opened.value, asked);
  if (commits.kind === 'problem') return refused(commits.problem);
  const before = filesOf(opened.value, commits.value.base);
  if (before.kind === 'problem') return refused(before.problem);
  const after = filesOf(opened.value, commits.value.head);
  if (after.kind === 'problem') return refused(after.problem);
  const models = await modelsOf(after.value, question, host);
  if (models.kind === 'invalid') return models;
  const states = await statesOf(before.value, models.value, question, host);
  return { kind: 'ok', value: reportOf(labelOf(before.value), models.value, states) };
}

/** The work tree, or the revision `head`, against the snapshots of a file. */
export async function compareBaseline(
  file: string,
  head: string | undefined,
  question: ModelQuestion,
  host: RunHost,
): Promise<Asked<DiffReport>> {
  const snapshots = readBaseline(file);
  if (snapshots.kind === 'invalid') return snapshots;
  const asked = await headModels(head, question, host);
  if (asked.kind === 'invalid') return asked;
  const { version, models } = asked.value;
  const states = baselineStates(snapshots.value, models, await readModels(version, models));
  const gone = question.targets.length > 0 ? [] : goneStates(snapshots.value, models);
  return { kind: 'ok', value: reportOf({ label: file, commitId: undefined }, asked.value, [...states, ...gone]) };
}

function reportOf(before: DiffVersion, { version, problems }: AskedModels, states: readonly EntryStates[]): DiffReport {
  return {
    before,
    after: labelOf(version),
    entries: diffEntries(states),
    problems: [...problems, ...notGiven(states.flatMap(({ before: old, after }) => [old, after]))],
  };
}

/** The text of a baseline file; refused where a model cannot be read, as it would be missing. */
export async function writtenBaseline(
  head: string | undefined,
  question: ModelQuestion,
  host: RunHost,
): Promise<Asked<string>> {
  const asked = await headModels(head, question, host);
  if (asked.kind === 'invalid') return asked;
  const { version, models, problems } = asked.value;
  const written = writeBaseline(models, await readModels(version, models), problems);
  return written.kind === 'ok' ? written : { kind: 'invalid', message: `no baseline was written: ${written.message}` };
}

function baselineStates(
  snapshots: readonly ModelSnapshot[],
  models: readonly AskedModel[],
  states: readonly EntryState[],
): readonly EntryStates[] {
  const kept = new Map(snapshots.map((snapshot) => [snapshot.name, snapshot]));
  return models.flatMap(({ name }, index): readonly EntryStates[] => {
    const snapshot = kept.get(name);
    const before: EntryState =
      snapshot === undefined
        ? { kind: 'absent', message: 'it is not in the baseline' }
        : { kind: 'snapshot', snapshot };
    const after = states[index];
    return after === undefined ? [] : [{ name, before, after }];
  });
}

/** What the file has and the configuration has not. */
function goneStates(snapshots: readonly ModelSnapshot[], models: readonly AskedModel[]): readonly EntryStates[] {
  const names = new Set(models.map(({ name }) => name));
  return snapshots
    .filter(({ name }) => !names.has(name))
    .map((snapshot) => ({
      name: snapshot.name,
      before: { kind: 'snapshot', snapshot },
      after: { kind: 'absent', message: 'it is not in the configuration' },
    }));
}

/** Models of the work tree or of a revision; without git the folder is all there is. */
async function headModels(
  head: string | undefined,
  question: ModelQuestion,
  host: RunHost,
): Promise<Asked<AskedModels>> {
  const opened = openRepository(question.cwd);
  if (opened.kind === 'problem') {
    return head === undefined ? modelsOf(workTreeFiles(question.cwd), question, host) : refused(opened.problem);
  }
  const commit = head === undefined ? undefined : resolveRevision(opened.value, head);
  if (commit?.kind === 'problem') return refused(commit.problem);
  const files = filesOf(opened.value, commit?.value);
  return files.kind === 'problem' ? refused(files.problem) : modelsOf(files.value, question, host);
}

function filesOf(repository: GitRepository, commit: GitCommit | undefined): GitAnswer<VersionFiles> {
  if (commit === undefined) return { kind: 'ok', value: workTreeFiles(repository.reachedAs) };
  return revisionFiles({ repository, commit });
}

function labelOf({ label, revision }: VersionFiles): DiffVersion {
  return { label, commitId: revision?.commit.id };
}

function refused({ code, message }: Problem): { readonly kind: 'invalid'; readonly message: string } {
  return { kind: 'invalid', message: `${message} [${code}]` };
}
