/**
 * What growth budgets are measured against: `check --base REV` reads each model that has such a budget in that revision
 * too, `check --baseline FILE` takes what `layercost baseline` wrote. What hinders is told, and leaves growths unknown.
 */
import path from 'node:path';
import type { CheckBase } from '../gate/checkReport.ts';
import { mostSimilar } from '../gate/compareSnapshots.ts';
import { notGiven, versionText, type DiffVersion, type EntryState } from '../gate/diffReport.ts';
import { baseOfState, type EntryBase } from '../gate/entryBase.ts';
import { placedProblem, type PlacedProblem } from '../gate/modelDigest.ts';
import type { ModelSnapshot } from '../gate/snapshot.ts';
import type { FoundConfiguration } from '../node/findConfiguration.ts';
import { baseCommit } from '../node/git/comparedCommits.ts';
import { openRepository, type GitAnswer } from '../node/git/repository.ts';
import type { AskedModel } from '../node/askedModel.ts';
import { readModels, revisionFiles, type Version, type VersionFiles } from '../node/version.ts';
import { readOlderModels } from '../node/olderModels.ts';
import { olderModels } from './askedModels.ts';
import { readBaseline } from './baselineFile.ts';
import type { RunHost } from './runSettings.ts';

export interface GrowthBases {
  readonly report: CheckBase;
  /** Of a model as it is now. */
  readonly baseOf: (name: string, snapshot: ModelSnapshot) => EntryBase;
}

export interface GrowthQuestion {
  readonly base: string | undefined;
  readonly baseline: string | undefined;
  readonly configuration: FoundConfiguration;
  /** All models of the configuration, to tell which of the older ones are gone. */
  readonly all: readonly AskedModel[];
  /** Those that growths are asked of. */
  readonly growing: readonly AskedModel[];
  /** Devices besides those of the configuration. */
  readonly deviceIds: readonly string[];
}

/** Undefined where nothing was given to compare with. */
export async function growthBases(
  after: Version,
  question: GrowthQuestion,
  host: RunHost,
): Promise<GrowthBases | undefined> {
  const { base, baseline, all } = question;
  if (baseline !== undefined) return fromFile(baseline, all);
  return base === undefined ? undefined : fromRevision(base, after, question, host);
}

function fromFile(file: string, all: readonly AskedModel[]): GrowthBases {
  const version = { label: file, commitId: undefined };
  const read = readBaseline(file);
  if (read.kind === 'invalid') {
    return unreadable(version, {
      code: 'unreadable-file',
      severity: 'error',
      message: read.message,
      place: undefined,
    });
  }
  const names = new Set(all.map(({ name }) => name));
  const bases = read.value.map((snapshot) => baseOfState({ kind: 'snapshot', snapshot }, file));
  return {
    report: { ...version, problems: [] },
    baseOf: baseFinder(
      new Map(read.value.map(({ name }, index) => [name, bases[index]])),
      bases.filter((_, index) => !names.has(read.value[index]?.name ?? '')),
      version,
    ),
  };
}

/** Models that are gone are looked at for one that was renamed; more than these are not. */
const MOST_GONE = 200;

async function fromRevision(
  revision: string,
  after: Version,
  { configuration, all, growing, deviceIds }: GrowthQuestion,
  host: RunHost,
): Promise<GrowthBases> {
  const opened = openBase(revision, path.dirname(configuration.file));
  if (opened.kind === 'problem') {
    return unreadable({ label: revision, commitId: undefined }, placedProblem(opened.problem, after.placer));
  }
  const files = opened.value;
  const version: DiffVersion = { label: revision, commitId: files.revision?.commit.id };
  const baseOf = (state: EntryState): EntryBase => baseOfState(state, versionText(version));
  const { version: before, models: old } = await olderModels(
    files,
    configuration,
    { deviceIds, cwd: files.root },
    host,
  );
  const older = await readOlderModels(growing, { before, after, old });
  const found = older.flatMap(({ state }, index) =>
    state.kind === 'absent' ? [] : [[growing[index]?.name ?? '', baseOf(state)] as const],
  );
  const names = new Set(all.map(({ name }) => name));
  const gone = found.length === growing.length ? [] : old.filter(({ name }) => !names.has(name)).slice(0, MOST_GONE);
  const goneStates = await readModels(before, gone);
  return {
    report: { ...version, problems: notGiven([...older.map(({ state }) => state), ...goneStates]) },
    baseOf: baseFinder(new Map(found), goneStates.map(baseOf), version),
  };
}

function openBase(revision: string, folder: string): GitAnswer<VersionFiles> {
  const opened = openRepository(folder);
  if (opened.kind === 'problem') return opened;
  const commit = baseCommit(opened.value, revision);
  return commit.kind === 'problem' ? commit : revisionFiles({ repository: opened.value, commit: commit.value });
}

/** By name, else the one that is most like it of those that are gone: a model that was renamed. */
function baseFinder(
  byName: ReadonlyMap<string, EntryBase | undefined>,
  gone: readonly EntryBase[],
  version: DiffVersion,
): GrowthBases['baseOf'] {
  const candidates = new Map(gone.flatMap((base) => (base.kind === 'model' ? [[base.snapshot, base] as const] : [])));
  return (name, snapshot) => {
    const named = byName.get(name);
    if (named !== undefined) return named;
    const similar = mostSimilar(snapshot, [...candidates.keys()]);
    const base = similar === undefined ? undefined : candidates.get(similar);
    return base ?? { kind: 'new', version: versionText(version) };
  };
}

function unreadable(version: DiffVersion, problem: PlacedProblem): GrowthBases {
  const reason = `the base "${version.label}" cannot be read: ${problem.message} [${problem.code}]`;
  return {
    report: { ...version, problems: [problem] },
    baseOf: () => ({ kind: 'unreadable', reason }),
  };
}
