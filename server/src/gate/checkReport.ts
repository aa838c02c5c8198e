/**
 * The report of a check: every entry with its budgets, as plain data in the order of the configuration. Each format is
 * made from it alone (cli/reporters/), and parts of it from several machines make one (mergeReports.ts).
 * It holds no times and no absolute paths, so that one input gives one report.
 */
import type { Metric } from '../configuration/configuration.ts';
import type { Cause } from './causes.ts';
import type { DiffVersion } from './diffReport.ts';
import type { DigestAssumption, PlacedProblem } from './modelDigest.ts';
import type { Place } from './place.ts';
import type { SnapshotLatency, SnapshotTotals } from './snapshot.ts';

/** `notChecked`: a growth where nothing was given to compare with, or of a model that is new since then. */
export type BudgetStatus = 'pass' | 'warn' | 'fail' | 'unknown' | 'notChecked';

export interface BudgetCheck {
  /** "budget-params", "growth-latency"; see rules.ts. */
  readonly rule: string;
  readonly metric: Metric;
  readonly kind: 'limit' | 'growth';
  readonly severity: 'error' | 'warn';
  /** As it was written: "5M". */
  readonly text: string;
  readonly status: BudgetStatus;
  /** In the metric's own unit; undefined where it is unknown. */
  readonly actual: number | undefined;
  /** What is accepted: at most, of accuracy at least; of a growth, the baseline and what may come on top. */
  readonly limit: number | undefined;
  readonly baseline: number | undefined;
  /** By how much the limit is missed: in the metric's unit, and as a share of the limit where that is not 0. */
  readonly excess: { readonly amount: number; readonly share: number | undefined } | undefined;
  /** Of unknown and notChecked. */
  readonly reason: string | undefined;
  /** Costliest first, of what is not met: where the figure comes from. */
  readonly causes: readonly Cause[];
  /** In the configuration. */
  readonly place: Place | undefined;
}

export type EntryStatus = 'pass' | 'warn' | 'fail' | 'unknown' | 'error';

export interface EntryCheck {
  /** Where it stands among the configuration's entries, from 0. */
  readonly index: number;
  readonly name: string;
  readonly target: string;
  readonly args: string | undefined;
  readonly status: EntryStatus;
  /** Of an error: whether the input is at fault, or Layer Cost itself. */
  readonly fault: 'input' | 'internal' | undefined;
  /** Why the model is not known in full; empty where it is. */
  readonly gaps: readonly string[];
  readonly isUnknownAllowed: boolean;
  readonly budgets: readonly BudgetCheck[];
  readonly inputs: readonly string[];
  /** Undefined where there is no model. */
  readonly totals: SnapshotTotals | undefined;
  readonly latency: readonly SnapshotLatency[];
  /** Share of the model's operations that were understood. */
  readonly coverageShare: number;
  /** How it differed in the base in more than its code: another name, file or input. */
  readonly baseNotes: readonly string[];
  readonly assumptions: readonly DigestAssumption[];
  readonly problems: readonly PlacedProblem[];
  /** Where the model is defined. */
  readonly place: Place | undefined;
  /** Where the entry stands in the configuration. */
  readonly configurationPlace: Place | undefined;
}

/** What growths were measured against. */
export interface CheckBase extends DiffVersion {
  /** Why it cannot be read, where it cannot. */
  readonly problems: readonly PlacedProblem[];
}

export interface CheckReport {
  /** The configuration's file, relative to the repository. */
  readonly configuration: string | undefined;
  /** Entries that were asked for, those of all shards together. */
  readonly entryCount: number;
  /** Which part this is, where only a part was checked; counted from 1. */
  readonly shard: { readonly index: number; readonly count: number } | undefined;
  /** Undefined where nothing was given to compare with. */
  readonly base: CheckBase | undefined;
  readonly entries: readonly EntryCheck[];
  /** Of the configuration itself. */
  readonly problems: readonly PlacedProblem[];
}

export type CheckSummary = Readonly<Record<EntryStatus, number>>;

export function summarize({ entries }: Pick<CheckReport, 'entries'>): CheckSummary {
  const counts: Record<EntryStatus, number> = { pass: 0, warn: 0, fail: 0, unknown: 0, error: 0 };
  for (const { status } of entries) counts[status]++;
  return counts;
}

/** How a check ends: by the worst that was seen. */
export function verdictOf(report: CheckReport): 'pass' | 'fail' | 'invalid' | 'internal' {
  const { entries, base } = report;
  const problems = [...report.problems, ...(base?.problems ?? [])];
  if (entries.some(({ fault }) => fault === 'internal')) return 'internal';
  if (problems.some(({ severity }) => severity === 'error')) return 'invalid';
  if (entries.some(({ status }) => status === 'error')) return 'invalid';
  return entries.some(({ status }) => status === 'fail' || status === 'unknown') ? 'fail' : 'pass';
}
