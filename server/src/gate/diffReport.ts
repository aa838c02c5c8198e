/**
 * The report of a comparison: each model in two versions, as plain data. Every format is made from it alone.
 * { "net.py:Net": digest | absent | unreadable } on both sides -> compared, added, removed, or unreadable with reasons.
 */
import { compareText } from '../base/compareText.ts';
import { gapProblems } from './gaps.ts';
import { compareSnapshots, type EntryComparison } from './compareSnapshots.ts';
import type { ModelDigest, PlacedProblem } from './modelDigest.ts';
import type { ModelSnapshot } from './snapshot.ts';

/** What one version has of a model. */
export type EntryState =
  | { readonly kind: 'model'; readonly digest: ModelDigest }
  /** A baseline file keeps less. */
  | { readonly kind: 'snapshot'; readonly snapshot: ModelSnapshot }
  | { readonly kind: 'absent'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly problems: readonly PlacedProblem[] };

export interface EntryStates {
  readonly name: string;
  readonly before: EntryState;
  readonly after: EntryState;
}

/** One of the two versions. */
export interface DiffVersion {
  /** "main", "work tree", "baseline.json" */
  readonly label: string;
  /** Full name of the commit, where it is one. */
  readonly commitId: string | undefined;
}

/** A model that cannot be compared, as it cannot be read in one version or in neither. */
export interface UnreadableEntry {
  readonly kind: 'unreadable';
  readonly name: string;
  readonly before: ModelSnapshot | undefined;
  readonly after: ModelSnapshot | undefined;
  /** In the version where it cannot be read. */
  readonly problems: readonly PlacedProblem[];
  readonly version: 'before' | 'after' | 'both';
}

/** What makes the figures of either version doubtful: an error in it, or a part that was cut off. */
export interface Doubts {
  readonly before: readonly PlacedProblem[];
  readonly after: readonly PlacedProblem[];
}

/** "main (1a2b3c4)" */
export function versionText({ label, commitId }: DiffVersion): string {
  return commitId === undefined || commitId.startsWith(label) ? label : `${label} (${commitId.slice(0, 7)})`;
}

export type EntryDiff = (EntryComparison & { readonly doubts: Doubts }) | UnreadableEntry;

export interface DiffReport {
  readonly before: DiffVersion;
  readonly after: DiffVersion;
  readonly entries: readonly EntryDiff[];
  /** Of the comparison itself: a submodule that was not read, a mistake in the configuration. */
  readonly problems: readonly PlacedProblem[];
}

/** Entries in the order that they were asked for; what was removed comes last. */
export function diffEntries(states: readonly EntryStates[]): readonly EntryDiff[] {
  const unreadable = new Map(
    states.flatMap((state) => unreadableEntry(state) ?? []).map((entry) => [entry.name, entry]),
  );
  const readable = states.filter(({ name }) => !unreadable.has(name));
  const doubts = new Map(readable.flatMap(({ before, after }) => [...doubtsIn(before), ...doubtsIn(after)]));
  const compared = compareSnapshots(
    readable.flatMap(({ before }) => snapshotIn(before) ?? []),
    readable.flatMap(({ after }) => snapshotIn(after) ?? []),
  ).map((entry) => ({ ...entry, doubts: doubtsOf(entry, doubts) }));
  const order = new Map(states.map(({ name }, index) => [name, index]));
  return [...compared, ...unreadable.values()].sort((one, other) => rank(one, order) - rank(other, order));
}

export function entryName(entry: EntryDiff): string {
  switch (entry.kind) {
    case 'compared':
      return entry.comparison.after.name;
    case 'added':
      return entry.after.name;
    case 'removed':
      return entry.before.name;
    case 'unreadable':
      return entry.name;
  }
}

/** The newer version cannot be read, or has an error; the older one may have been broken. */
export function isFailure(entry: EntryDiff): boolean {
  if (entry.kind === 'unreadable') return entry.version !== 'before';
  return entry.doubts.after.some(({ severity }) => severity === 'error');
}

/** By a bug of ours, or for want of memory. */
export function isBroken(entry: EntryDiff): boolean {
  return entry.kind === 'unreadable' && entry.problems.some(({ code }) => code === 'internal-error');
}

export function isUnchanged(entry: EntryDiff): boolean {
  if (entry.kind !== 'compared') return false;
  return entry.comparison.isSame && entry.doubts.before.length === 0 && entry.doubts.after.length === 0;
}

/** What a version could not give, each once: files of submodules. */
export function notGiven(states: readonly EntryState[]): readonly PlacedProblem[] {
  return distinctProblems(states.flatMap(problemsIn).filter(({ code }) => code === 'submodule-not-read'));
}

export function problemsIn(state: EntryState): readonly PlacedProblem[] {
  if (state.kind === 'model') return state.digest.problems;
  return state.kind === 'unreadable' ? state.problems : [];
}

/** In the order of their messages, whatever order they came in. */
export function distinctProblems(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  const byMessage = new Map(problems.map((problem) => [problem.message, problem]));
  return [...byMessage.values()].sort((one, other) => compareText(one.message, other.message));
}

function unreadableEntry({ name, before, after }: EntryStates): UnreadableEntry | undefined {
  const head = { kind: 'unreadable', name, before: snapshotIn(before), after: snapshotIn(after) } as const;
  if (after.kind === 'unreadable') {
    return { ...head, problems: after.problems, version: before.kind === 'unreadable' ? 'both' : 'after' };
  }
  if (before.kind === 'unreadable') return { ...head, problems: before.problems, version: 'before' };
  if (before.kind !== 'absent' || after.kind !== 'absent') return undefined;
  const problem: PlacedProblem = { code: 'no-such-model', severity: 'error', message: after.message, place: undefined };
  return { ...head, problems: [problem], version: 'both' };
}

type DoubtsBySnapshot = ReadonlyMap<ModelSnapshot, readonly PlacedProblem[]>;

function doubtsIn(state: EntryState): readonly (readonly [ModelSnapshot, readonly PlacedProblem[]])[] {
  return state.kind === 'model' ? [[state.digest.snapshot, gapProblems(state.digest.problems)]] : [];
}

function doubtsOf(entry: EntryComparison, doubts: DoubtsBySnapshot): Doubts {
  const of = (snapshot: ModelSnapshot): readonly PlacedProblem[] => doubts.get(snapshot) ?? [];
  switch (entry.kind) {
    case 'compared':
      return { before: of(entry.comparison.before), after: of(entry.comparison.after) };
    case 'added':
      return { before: [], after: of(entry.after) };
    case 'removed':
      return { before: of(entry.before), after: [] };
  }
}

function snapshotIn(state: EntryState): ModelSnapshot | undefined {
  if (state.kind === 'model') return state.digest.snapshot;
  return state.kind === 'snapshot' ? state.snapshot : undefined;
}

function rank(entry: EntryDiff, order: ReadonlyMap<string, number>): number {
  const position = order.get(entryName(entry)) ?? order.size;
  return entry.kind === 'removed' ? order.size + position : position;
}
