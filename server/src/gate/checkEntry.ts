/**
 * One model against its budgets: checkEntry(digest, { budgets: params "5M" }) -> fail, 212,345 over, by layer4.1.conv2.
 * What is unknown or symbolic fails as unknown, and so does a model that was not understood in full, unless the entry
 * allows it.
 */
import type { Budget, EntryConfiguration, GrowthBudget, Metric } from '../configuration/configuration.ts';
import { causeKey, grownLayers, type Cause } from './causes.ts';
import type { BudgetCheck, BudgetStatus, EntryCheck, EntryStatus } from './checkReport.ts';
import { baseFigure, otherwise, type EntryBase } from './entryBase.ts';
import { gapsOf } from './gaps.ts';
import { budgetRule, figureOf, missingReason } from './metric.ts';
import type { ModelDigest, PlacedProblem } from './modelDigest.ts';
import type { Placer } from './place.ts';

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
  readonly base?: EntryBase | undefined;
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
    baseNotes: context.base?.kind === 'model' ? otherwise(context.base.snapshot, snapshot) : [],
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
    baseNotes: [],
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

function checkBudget(budget: Budget, digest: ModelDigest, { placer, base }: EntryContext): BudgetCheck {
  const { metric, kind, severity, text, range } = budget;
  const { snapshot, missing } = digest;
  const actual = figureOf(snapshot, metric);
  const from = kind === 'growth' ? baseFigure(metric, base) : undefined;
  const baseline = from?.kind === 'figure' ? from.value : undefined;
  const head = { rule: budgetRule(budget), metric, kind, severity, text, place: placer.placeOf(range) };
  const open = { ...head, actual, limit: undefined, baseline, excess: undefined, causes: [] };
  if (from?.kind === 'notChecked') return { ...open, status: 'notChecked', reason: from.reason };
  if (actual === undefined) return { ...open, status: 'unknown', reason: missingReason(metric, snapshot, missing) };
  if (from?.kind === 'unknown') return { ...open, status: 'unknown', reason: from.reason };
  const limit = kind === 'limit' ? budget.limit : grownLimit(budget, baseline ?? 0);
  const amount = metric.kind === 'accuracy' ? limit - actual : actual - limit;
  if (amount <= 0) return { ...open, limit, status: 'pass', reason: undefined };
  const causes =
    kind === 'growth' && base?.kind === 'model'
      ? grownLayers(metric, snapshot, base.snapshot)
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

function statusOf(budgets: readonly BudgetCheck[], gaps: readonly string[], isUnknownAllowed: boolean): EntryStatus {
  const has = (status: BudgetStatus, severity: BudgetCheck['severity']): boolean =>
    budgets.some((budget) => budget.status === status && budget.severity === severity);
  if (has('fail', 'error')) return 'fail';
  if (!isUnknownAllowed && (gaps.length > 0 || has('unknown', 'error'))) return 'unknown';
  if (has('warn', 'warn') || (!isUnknownAllowed && has('unknown', 'warn'))) return 'warn';
  return 'pass';
}
