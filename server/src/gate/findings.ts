/**
 * What a check found wrong, one sentence each, in order: what SARIF, GitHub, JUnit and the terminal show of an entry.
 * -> error budget-params "student: parameters 5.21M, budget 5M: 212.3K (4.2 %) over. Most: layer4.1.conv2 2.36M (45.3 %)"
 */
import { assertNever } from '../base/assert.ts';
import type { Cause } from './causes.ts';
import type { BudgetCheck, CheckReport, EntryCheck } from './checkReport.ts';
import { formatFigure, formatPair, formatShare, metricLabel } from './metric.ts';
import type { PlacedProblem } from './modelDigest.ts';
import type { Place } from './place.ts';

export interface Finding {
  /** An id of rules.ts. */
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  /** Undefined for a mistake of the configuration, and for a base that cannot be read. */
  readonly entry: EntryCheck | undefined;
  /** Everything in a sentence or two, the entry's name first. */
  readonly message: string;
  /** The same without name and causes, for where these stand beside it. */
  readonly headline: string;
  /** The model's definition where it lies in the repository, else the entry in the configuration. */
  readonly place: Place | undefined;
  /** The layers that cause it, costliest first. */
  readonly causes: readonly Cause[];
  /** Where the budget stands. */
  readonly budgetPlace: Place | undefined;
  /** The same for the same finding in a later run, whatever its figures: entry, rule, metric. */
  readonly identity: string;
}

export function findingsOf(report: CheckReport): readonly Finding[] {
  return [...reportFindings(report), ...report.entries.flatMap(entryFindings)];
}

/** Those that are of no entry. */
export function reportFindings({ problems, base }: CheckReport): readonly Finding[] {
  return [
    ...problems.map((problem) => problemFinding('configuration', problem)),
    ...(base?.problems ?? []).map((problem) => problemFinding('unreadable-base', problem)),
  ];
}

export function entryFindings(entry: EntryCheck): readonly Finding[] {
  if (entry.status === 'error') return [unreadable(entry)];
  return [...entry.budgets.flatMap((budget) => budgetFinding(entry, budget)), ...gapFindings(entry)];
}

function problemFinding(
  rule: 'configuration' | 'unreadable-base',
  { code, severity, message, place }: PlacedProblem,
): Finding {
  const headline = `${message} [${code}]`;
  return {
    rule,
    level: severity === 'information' ? 'note' : severity,
    entry: undefined,
    message: headline,
    headline,
    place,
    causes: [],
    budgetPlace: undefined,
    identity: `${rule}/${code}/${message}`,
  };
}

function unreadable(entry: EntryCheck): Finding {
  const errors = entry.problems.filter(({ severity }) => severity === 'error');
  const told = errors.length > 0 ? errors : entry.problems;
  const messages = told.map(({ code, message }) => `${message} [${code}]`);
  const rule = entry.fault === 'internal' ? 'internal-error' : 'unreadable-model';
  const headline = messages.join('; ') || 'the model cannot be analysed';
  return {
    ...headOf(entry, rule, ''),
    level: 'error',
    message: `${entry.name}: ${headline}`,
    headline,
    place: told.map(({ place }) => place).find(isInRepository) ?? placeOf(entry),
  };
}

/** None for a budget that is met. */
export function budgetFinding(entry: EntryCheck, budget: BudgetCheck): readonly Finding[] {
  if (budget.status === 'pass') return [];
  const isUnknown = budget.status === 'unknown';
  const { causes, place } = budget;
  const isAccepted = budget.status === 'notChecked' || (isUnknown && entry.isUnknownAllowed);
  const headline = budgetText(budget);
  const level = isAccepted ? 'note' : budget.severity === 'error' ? 'error' : 'warning';
  return [
    {
      ...headOf(entry, isUnknown ? 'unknown-figure' : budget.rule, `${budget.kind} ${metricLabel(budget.metric)}`),
      level,
      message: `${entry.name}: ${headline}${mostText(budget)}`,
      headline,
      causes,
      budgetPlace: place,
    },
  ];
}

function gapFindings(entry: EntryCheck): readonly Finding[] {
  if (entry.gaps.length === 0) return [];
  const headline = `not known in full: ${entry.gaps.join('; ')}`;
  return [
    {
      ...headOf(entry, 'unknown-model', ''),
      level: entry.isUnknownAllowed ? 'note' : 'error',
      message: `${entry.name}: ${headline}`,
      headline,
    },
  ];
}

/** "parameters 5.21M, budget 5M: 212.3K (4.2 %) over" */
export function budgetText(budget: BudgetCheck): string {
  const { metric, status, text, reason = '' } = budget;
  const label = metricLabel(metric);
  switch (status) {
    case 'pass': {
      const [actual, limit] = figurePair(budget);
      return `${label} ${actual}, ${limitText(budget, limit)}`;
    }
    case 'notChecked':
      return `${label} with budget ${text}: not checked: ${reason}`;
    case 'unknown':
      return `${label} with budget ${text}: unknown, as ${reason}`;
    case 'warn':
    case 'fail': {
      const [actual, limit] = figurePair(budget);
      const side = metric.kind === 'accuracy' ? 'below' : 'over';
      return `${label} ${actual}, ${limitText(budget, limit)}: ${excessText(budget)} ${side}`;
    }
    default:
      return assertNever(status);
  }
}

/** ". Most: layer4.1.conv2 2.36M (45.3 %)"; nothing where no layer causes it. */
function mostText(budget: BudgetCheck): string {
  if (budget.causes.length === 0) return '';
  const most = budget.causes.slice(0, SHOWN_CAUSES).map((cause) => causeText(budget, cause));
  return `. ${budget.kind === 'growth' ? 'Grown' : 'Most'}: ${most.join(', ')}`;
}

const SHOWN_CAUSES = 3;

export function causeText({ metric }: BudgetCheck, { layer, value, share }: Cause): string {
  return `${layer} ${formatFigure(metric, value)} (${formatShare(share)})`;
}

/** "x 1x3x224x224 float32 (assumed)": what the model was given, and whether somebody said so. */
export function inputText({ inputs, assumptions }: EntryCheck): string {
  const isAssumed = assumptions.some(({ kind }) => kind === 'input');
  return inputs.length === 0 ? '' : `${inputs.join(', ')}${isAssumed ? ' (assumed)' : ''}`;
}

/** "212.3K (4.2 %)" */
export function excessText({ metric, excess }: BudgetCheck): string {
  if (excess === undefined) return '';
  const share = excess.share === undefined ? '' : ` (${formatShare(excess.share)})`;
  return `${formatFigure(metric, excess.amount)}${share}`;
}

/** The actual figure and what is accepted, with as many digits as tell them apart; "?" for what is unknown. */
export function figurePair({ metric, actual, limit }: BudgetCheck): readonly [string, string] {
  if (actual !== undefined && limit !== undefined) return formatPair(metric, actual, limit);
  const text = (value: number | undefined): string => (value === undefined ? '?' : formatFigure(metric, value));
  return [text(actual), text(limit)];
}

function limitText({ kind, text, metric, baseline }: BudgetCheck, limit: string): string {
  if (kind === 'limit' || baseline === undefined) return `budget ${text}`;
  return `budget ${text} on ${formatFigure(metric, baseline)} = ${limit}`;
}

type FindingHead = Omit<Finding, 'level' | 'message' | 'headline'>;

function headOf(entry: EntryCheck, rule: string, detail: string): FindingHead {
  return {
    rule,
    entry,
    place: placeOf(entry),
    causes: [],
    budgetPlace: undefined,
    identity: [entry.name, entry.target, entry.args ?? '', rule, detail].join('/'),
  };
}

function placeOf({ place, configurationPlace }: EntryCheck): Place | undefined {
  return isInRepository(place) ? place : (configurationPlace ?? place);
}

function isInRepository(place: Place | undefined): place is Place {
  return place !== undefined && place.isOutside !== true;
}
