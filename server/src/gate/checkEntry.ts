/**
 * One model against its budgets: checkEntry(digest, { budgets: params "5M" }) -> fail, 212,345 over, by layer4.1.conv2.
 * What is unknown or symbolic fails as unknown, and so does a model that was not understood in full, unless the entry
 * allows it.
 */
import type { Budget, EntryConfiguration, GrowthBudget, Metric } from '../configuration/configuration.ts';
import { causeKey, grownLayers, type Cause } from './causes.ts';
import type { BudgetCheck, BudgetStatus, EntryCheck, EntryStatus } from './checkReport.ts';
import { budgetRule, COUNT_METRICS, figureOf } from './metric.ts';
import type { ModelDigest, PlacedProblem } from './modelDigest.ts';
import type { Placer } from './place.ts';
import type { ModelSnapshot } from './snapshot.ts';

/** One model of the configuration; several stand for an entry that is a glob. */
export interface EntryContext {
  /** Among all models of the configuration, from 0. */
  readonly index: number;
  /** What reports call it. */
  readonly name: string;
  /** "models/net.py:Net" */
  readonly target: string;
  readonly entry: EntryConfiguration;
  readonly placer: Placer;
  /** What growths are measured against; undefined where nothing was given. */
  readonly baseline?: ModelSnapshot | undefined;
}

export function checkEntry(digest: ModelDigest, context: EntryContext): EntryCheck {
  const { snapshot, coverage } = digest;
  const { entry } = context;
  const gaps = gapsOf(digest);
  const isModel = coverage.totalNodes > 0 || snapshot.coverageShare > 0;
  const budgets = entry.budgets.map((budget) => checkBudget(budget, digest, context));
  return {
    ...headOf(context),
    status: isModel ? statusOf(budgets, gaps, entry.allowUnknown) : 'error',
    fault: isModel ? undefined : faultOf(digest.problems),
    gaps: isModel ? gaps : [],
    budgets: isModel ? budgets : [],
    inputs: snapshot.inputs,
    totals: isModel ? snapshot.totals : undefined,
    latency: snapshot.latency,
    coverageShare: snapshot.coverageShare,
    assumptions: digest.assumptions,
    problems: digest.problems,
    place: digest.place,
  };
}

/** An entry without a model: the target names none, its file cannot be read, or the analysis broke. */
export function failedEntry(
  context: EntryContext,
  fault: 'input' | 'internal',
  problems: readonly PlacedProblem[],
): EntryCheck {
  return {
    ...headOf(context),
    status: 'error',
    fault,
    gaps: [],
    budgets: [],
    inputs: [],
    totals: undefined,
    latency: [],
    coverageShare: 0,
    assumptions: [],
    problems,
    place: problems.find(({ place }) => place !== undefined)?.place,
  };
}

type Head = Pick<EntryCheck, 'index' | 'name' | 'target' | 'args' | 'isUnknownAllowed' | 'configurationPlace'>;

function headOf({ index, name, target, entry, placer }: EntryContext): Head {
  return {
    index,
    name,
    target,
    args: entry.args,
    isUnknownAllowed: entry.allowUnknown,
    configurationPlace: placer.placeOf(entry.modelRange),
  };
}

function faultOf(problems: readonly PlacedProblem[]): 'input' | 'internal' {
  return problems.some(({ code }) => code === 'internal-error') ? 'internal' : 'input';
}

function checkBudget(budget: Budget, digest: ModelDigest, { placer, baseline }: EntryContext): BudgetCheck {
  const { metric, kind, severity, text, range } = budget;
  const head = { rule: budgetRule(budget), metric, kind, severity, text, place: placer.placeOf(range) };
  const actual = figureOf(digest.snapshot, metric);
  const base = kind === 'growth' && baseline !== undefined ? figureOf(baseline, metric) : undefined;
  const open = { ...head, actual, limit: undefined, baseline: base, excess: undefined, causes: [] };
  if (kind === 'growth' && baseline === undefined) {
    return { ...open, status: 'notChecked', reason: 'no version to compare with was given' };
  }
  if (actual === undefined) return { ...open, status: 'unknown', reason: missingReason(metric, digest) };
  if (kind === 'growth' && base === undefined) {
    return { ...open, status: 'unknown', reason: 'the figure of the version to compare with is unknown' };
  }
  const limit = kind === 'limit' ? budget.limit : grownLimit(budget, base ?? 0);
  const amount = metric.kind === 'accuracy' ? limit - actual : actual - limit;
  if (amount <= 0) return { ...open, limit, status: 'pass', reason: undefined };
  const causes =
    kind === 'growth' && baseline !== undefined
      ? grownLayers(metric, digest.snapshot, baseline)
      : costliest(metric, digest);
  const share = limit === 0 ? undefined : amount / Math.abs(limit);
  const status: BudgetStatus = severity === 'error' ? 'fail' : 'warn';
  return { ...open, limit, status, excess: { amount, share }, reason: undefined, causes };
}

/** The most that a growth accepts; of accuracy the least. */
function grownLimit({ metric, growth }: GrowthBudget, base: number): number {
  const amount = growth.kind === 'relative' ? base * growth.share : growth.amount;
  return metric.kind === 'accuracy' ? base - amount : base + amount;
}

function costliest(metric: Metric, digest: ModelDigest): readonly Cause[] {
  const key = causeKey(metric);
  return key === undefined ? [] : (digest.costliest[key] ?? []);
}

function missingReason(metric: Metric, { missing, snapshot }: ModelDigest): string {
  if (metric.kind === 'accuracy') return `there is no accuracy on ${metric.dataset} for this model`;
  if (metric.kind !== 'latency') return missing[COUNT_METRICS[metric.kind].key] ?? 'it could not be computed';
  if (!snapshot.latency.some(({ deviceId }) => deviceId === metric.deviceId)) {
    return `there is no device "${metric.deviceId}"`;
  }
  if (metric.estimate !== 'roofline') return 'there is no prediction for this model';
  return missing.latency ?? 'it could not be computed';
}

/** Problems of a warning's severity that mean that something of the model was left out. */
const INCOMPLETE = new Set(['execution-bound', 'graph-too-large', 'unknown-output', 'unknown-argument']);

/** Problems that mean that figures may not be those of the whole model. */
export function gapProblems(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  return problems.filter(({ code, severity }) => severity === 'error' || INCOMPLETE.has(code));
}

/** Why the figures may not be those of the whole model. */
function gapsOf({ coverage, problems }: ModelDigest): readonly string[] {
  const { understoodNodes, totalNodes, unknown } = coverage;
  const names = unknown.map(({ name, count, reason }) => `${name} (${count} x): ${reason}`);
  return [
    ...(understoodNodes < totalNodes
      ? [`${understoodNodes} of ${totalNodes} operations were understood; not: ${names.join('; ')}`]
      : []),
    ...gapProblems(problems).map(({ code, message }) => `${message} [${code}]`),
  ];
}

function statusOf(budgets: readonly BudgetCheck[], gaps: readonly string[], isUnknownAllowed: boolean): EntryStatus {
  const has = (status: BudgetStatus, severity: BudgetCheck['severity']): boolean =>
    budgets.some((budget) => budget.status === status && budget.severity === severity);
  if (has('fail', 'error')) return 'fail';
  if (!isUnknownAllowed && (gaps.length > 0 || has('unknown', 'error'))) return 'unknown';
  if (has('warn', 'warn') || (!isUnknownAllowed && has('unknown', 'warn'))) return 'warn';
  return 'pass';
}
