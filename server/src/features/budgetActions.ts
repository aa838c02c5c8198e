/**
 * What the editor offers to do about budgets, as changes of the configuration's text: raise one that is missed to what
 * the model costs now and a tenth more, as `layercost init` rounds it, or set those that a model has not.
 */
import type { Report } from '../analysis/report.ts';
import { allowedBudget, allowedGrowth } from '../configuration/budgetText.ts';
import type { Budget, Configuration, EntryConfiguration, Metric } from '../configuration/configuration.ts';
import {
  newConfiguration,
  withAmount,
  withBudgets,
  withEntry,
  type ConfigurationText,
  type NewBudget,
} from '../configuration/editConfiguration.ts';
import type { TextChange } from '../configuration/insertText.ts';
import { isGlob } from '../configuration/modelPattern.ts';
import { folderOf, relativePath } from '../configuration/relativePath.ts';
import type { BudgetCheck } from '../gate/checkReport.ts';
import { COUNT_METRICS, formatFigure, metricLabel } from '../gate/metric.ts';
import type { CheckedModel } from './budgetDiagnostics.ts';
import { heldModels } from './heldModels.ts';
import { propose } from './proposedEntries.ts';
import type { EntryReport } from './entryReport.ts';

export interface BudgetAction {
  readonly title: string;
  /** The finding that it mends; undefined where nothing is wrong. */
  readonly rule: string | undefined;
  readonly file: string;
  readonly changes: readonly TextChange[];
  /** The file is to be made. */
  readonly isNewFile: boolean;
}

/** `isTold` says for which findings actions are asked, by rule and the model's name in reports. */
export function raiseActions(
  models: readonly CheckedModel[],
  { configuration, source }: ReadConfiguration,
  isTold: (rule: string, name: string) => boolean,
): readonly BudgetAction[] {
  return models.flatMap(({ check, entry }) =>
    check.budgets.flatMap((missed, index): readonly BudgetAction[] => {
      const { status, rule, metric } = missed;
      const budget = sameBudget(configuration, entry, entry.budgets[index]);
      const isMissed = status === 'fail' || status === 'warn';
      const raised = isMissed && budget !== undefined ? raisedTo(missed, budget) : undefined;
      if (raised === undefined || budget === undefined || !isTold(rule, check.name)) return [];
      const changes = withAmount(source, budget, raised.amount);
      if (changes === undefined) return [];
      const what = budget.kind === 'growth' ? 'growth' : 'budget';
      const title = `Raise the ${what} of ${check.name}: ${metricLabel(metric)} ${raised.amount} (now ${raised.now}, and 10 %)`;
      return [{ title, rule, file: source.file, changes, isNewFile: false }];
    }),
  );
}

/** What a budget would be, and what it would be raised from. */
function raisedTo(
  { metric, actual, baseline }: BudgetCheck,
  budget: Budget,
): { readonly amount: string; readonly now: string } | undefined {
  if (actual === undefined) return undefined;
  if (budget.kind === 'limit') {
    const amount = allowedBudget(metric, actual);
    return amount === undefined ? undefined : { amount, now: formatFigure(metric, actual) };
  }
  if (baseline === undefined) return undefined;
  const amount = allowedGrowth(metric, budget.growth.kind, { actual, baseline });
  return amount === undefined ? undefined : { amount, now: `+${formatFigure(metric, actual - baseline)}` };
}

/** The budget as it stands in the configuration by now; undefined where it is another one. */
function sameBudget(
  { entries }: Configuration,
  entry: EntryConfiguration,
  budget: Budget | undefined,
): Budget | undefined {
  const now = entries.find(
    ({ model, name, args }) => model === entry.model && name === entry.name && args === entry.args,
  );
  return now?.budgets.find(
    (each) => each.kind === budget?.kind && each.text === budget.text && isOf(each, budget.metric),
  );
}

export interface SetQuestion {
  readonly file: string;
  /** The model where the cursor stands. */
  readonly model: EntryReport & { readonly report: Report };
  readonly firstName: string | undefined;
  readonly deviceId: string;
  /** The configuration that holds for the file; without one, where a first one would stand. */
  readonly configured: ReadConfiguration | { readonly newFile: string | undefined };
}

/** A configuration with its text at this moment. */
export interface ReadConfiguration {
  readonly configuration: Configuration;
  readonly source: ConfigurationText;
}

/** All budgets that the model has not, together and one by one. */
export function setActions(question: SetQuestion): readonly BudgetAction[] {
  const { model, deviceId, configured } = question;
  const place = 'source' in configured ? configured.source.file : configured.newFile;
  const relative = place === undefined ? undefined : relativePath(folderOf(place), question.file);
  if (place === undefined || relative === undefined || isGlob(relative)) return [];
  const name = model.entry.name;
  const proposal = propose(`${relative}:${name}`, model.report, deviceId);
  if (proposal.kind === 'leftOut') return [];
  const held = heldEntry(question);
  const had = held?.entry.budgets ?? [];
  const missing = proposedBudgets(model.report, deviceId).filter(
    (each) => !had.some((budget) => isLimit(budget, each.metric)),
  );
  const { model: target, input } = proposal.entry;
  const change = (budgets: readonly NewBudget[]): readonly TextChange[] | undefined => {
    const entry = { model: target, budgets, ...(input === undefined ? {} : { input }) };
    if (!('source' in configured)) return [{ start: 0, end: 0, newText: newConfiguration(entry, deviceId) }];
    return held === undefined
      ? withEntry(configured.source, entry)
      : withBudgets(configured.source, held.entry, budgets);
  };
  const whom = held === undefined || held.isExact ? name : `all models of ${held.entry.model}`;
  const sets = [...(missing.length > 1 ? [missing] : []), ...missing.map((budget) => [budget])];
  return sets.flatMap((budgets): readonly BudgetAction[] => {
    const changes = change(budgets);
    if (changes === undefined) return [];
    const texts = budgets.map(({ metric, text }) => `${metricLabel(metric)} ${text}`);
    const title = `Set ${budgets.length === 1 ? 'a budget' : 'budgets'} for ${whom}: ${texts.join(', ')} (as now, and 10 %)`;
    return [{ title, rule: undefined, file: place, changes, isNewFile: !('source' in configured) }];
  });
}

/** What `layercost init` would write. */
function proposedBudgets({ totals, latency }: Report, deviceId: string): readonly NewBudget[] {
  const counts = (['params', 'macs', 'peakMemory'] as const).map((kind) => {
    const figure = totals[COUNT_METRICS[kind].key];
    return newBudget({ kind }, typeof figure === 'number' ? figure : undefined);
  });
  const rooflineMs = latency.find((each) => each.deviceId === deviceId)?.rooflineMs;
  return [...counts, newBudget({ kind: 'latency', deviceId, estimate: 'roofline' }, rooflineMs)].flat();
}

function newBudget(metric: Metric, figure: number | undefined): readonly NewBudget[] {
  const text = figure === undefined ? undefined : allowedBudget(metric, figure);
  return text === undefined ? [] : [{ metric, text }];
}

function isLimit(budget: Budget, metric: Metric): boolean {
  return budget.kind === 'limit' && isOf(budget, metric);
}

function isOf(budget: Budget, metric: Metric): boolean {
  return JSON.stringify(budget.metric) === JSON.stringify(metric);
}

/** The entry that says how the model is shown. */
function heldEntry({
  configured,
  file,
  model,
  firstName,
}: SetQuestion): ReturnType<typeof heldModels>[number]['held'] | undefined {
  if (!('source' in configured)) return undefined;
  return heldModels(configured.configuration, file, [model], firstName).find(({ isShown }) => isShown)?.held;
}
