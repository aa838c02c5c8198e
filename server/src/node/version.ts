/**
 * One version of a repository's models: the work tree or a revision, read as jobs (analyzeModels.ts).
 * readModels(version of main, [models/net.py:Net]) -> its digest, or that it is not there, or why it cannot be read.
 */
import type { EntryState } from '../gate/diffReport.ts';
import type { Placer } from '../gate/place.ts';
import { analyzeModels } from './analyzeModels.ts';
import type { AskedModel } from './askedModel.ts';
import { DISK_ENTRIES, type EntryFiles } from './expandEntries.ts';
import { diskSource, type FileSource } from './fileSource.ts';
import type { GitAnswer, GitRevision } from './git/repository.ts';
import { revisionEntries } from './git/revisionEntries.ts';
import { revisionSource } from './git/revisionSource.ts';
import { jobPlacer, type JobPlace } from './jobAnalyzer.ts';
import { missingFile, stateOf } from './modelVersion.ts';

/** Where a version's files are, before it is known how they are read. */
export interface VersionFiles {
  /** "main", "work tree" */
  readonly label: string;
  /** Undefined for the work tree. */
  readonly revision: GitRevision | undefined;
  readonly source: FileSource;
  readonly entryFiles: EntryFiles;
  /** Of a revision, as paths from the root with "/"; empty for the work tree. */
  readonly filePaths: readonly string[];
  /** The repository's folder. */
  readonly root: string;
}

export interface Version extends VersionFiles, JobPlace {
  readonly placer: Placer;
  /** Threads to read with; undefined: as many as pay. */
  readonly workerCount: number | undefined;
}

export const WORK_TREE = 'work tree';

export function workTreeFiles(root: string): VersionFiles {
  const common = { label: WORK_TREE, revision: undefined, filePaths: [], root };
  return { ...common, source: diskSource, entryFiles: DISK_ENTRIES };
}

export function revisionFiles(revision: GitRevision): GitAnswer<VersionFiles> {
  const source = revisionSource(revision);
  if (source.kind === 'problem') return source;
  const { filePaths } = source.value;
  const root = revision.repository.reachedAs;
  const entryFiles = revisionEntries(root, source.value);
  const label = revision.commit.revision;
  return { kind: 'ok', value: { label, revision, source: source.value, entryFiles, filePaths, root } };
}

export function versionOf(
  files: VersionFiles,
  settings: Omit<JobPlace['settings'], 'revision' | 'root'>,
  workerCount: number | undefined,
): Version {
  const place = { settings: { ...settings, revision: files.revision, root: files.root }, source: files.source };
  return { ...files, ...place, placer: jobPlacer(place), workerCount };
}

/** One state a model, in order. */
export async function readModels(version: Version, models: readonly AskedModel[]): Promise<readonly EntryState[]> {
  const states = models.map((model) => missingFile(version, model));
  const jobs = models.flatMap((model, index) => (states[index] === undefined ? [{ ...model, index }] : []));
  await analyzeModels(jobs, {
    place: version,
    workerCount: version.workerCount,
    onOutcome: ({ index }, outcome) => {
      states[index] = stateOf(outcome);
    },
  });
  return states.map((state) => state ?? stateOf({ kind: 'crash', message: 'there was no answer' }));
}
