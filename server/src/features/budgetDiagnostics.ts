/**
 * Budgets that models of an open file miss, by the gate's own judgement: at the model's name by the budget's severity,
 * and as information at the lines whose layers cost most.
 * class Net: error budget-params "student: parameters 4K, budget 2000: 2K (100 %) over. Most: head 3K (75 %), ..."
 */
import type { Report } from '../analysis/report.ts';
import type { SourceRange } from '../base/text.ts';
import type { EntryConfiguration } from '../configuration/configuration.ts';
import type { Cause } from '../gate/causes.ts';
import type { BudgetCheck, EntryCheck } from '../gate/checkReport.ts';
import { budgetFinding, entryFindings, type Finding } from '../gate/findings.ts';
import { gapProblems } from '../gate/gaps.ts';
import { formatFigure, formatShare, metricLabel } from '../gate/metric.ts';
import type { Diagnostic, RelatedPlace } from './diagnostics.ts';

/** A model of the file as one entry of the configuration builds it. */
export interface CheckedModel {
  readonly report: Report;
  readonly entry: EntryConfiguration;
  /** Of this report and this entry. */
  readonly check: EntryCheck;
  /** Where the model's name stands. */
  readonly range: SourceRange;
}

/** Lines of layers that are marked for one budget: the costliest, and those that have this share as well. */
const MOST_LINES = 3;
const LEAST_SHARE = 0.05;

export function budgetDiagnostics(file: string, models: readonly CheckedModel[]): readonly Diagnostic[] {
  const marked = new Set<string>();
  return models.flatMap((model) => {
    const layers = layerPlaces(model.report);
    const budgets = model.check.budgets.flatMap((budget, index) => {
      const [finding] = budgetFinding(model.check, budget);
      if (finding === undefined || finding.level === 'note' || isTold(finding, model, file)) return [];
      const lines = causeLines(budget, layers);
      const related = budgetPlace(model.entry.budgets[index]);
      const places = lines.map((line) => ({ range: line.range, message: lineText(budget, line) }));
      const shown = lines.filter(({ range }) => range.file === file && isNew(marked, range, budget));
      return [
        diagnosticOf(finding, model, [...related, ...places]),
        ...shown.map((line) => lineDiagnostic(line, { finding, budget, name: model.check.name, related })),
      ];
    });
    const others = entryFindings({ ...model.check, budgets: [] })
      .filter((finding) => finding.level !== 'note' && !isTold(finding, model, file))
      .map((finding) =>
        diagnosticOf(finding, model, [{ range: model.entry.modelRange, message: 'its entry in the configuration' }]),
      );
    return [...budgets, ...others];
  });
}

/** What follows from problems that the file shows anyway is not told again. */
function isTold({ rule }: Finding, { check, report }: CheckedModel, file: string): boolean {
  if (!['unknown-figure', 'unknown-model', 'unreadable-model', 'internal-error'].includes(rule)) return false;
  const codes = new Set(gapProblems(check.problems).map(({ code }) => code));
  return report.problems.some(
    ({ code, location }) => codes.has(code) && location.kind === 'text' && location.file === file,
  );
}

function diagnosticOf(finding: Finding, { range }: CheckedModel, related: readonly RelatedPlace[]): Diagnostic {
  const { rule, level, message } = finding;
  return {
    range: { kind: 'text', ...range },
    code: rule,
    severity: level === 'note' ? 'information' : level,
    message,
    related,
  };
}

function budgetPlace(budget: EntryConfiguration['budgets'][number] | undefined): readonly RelatedPlace[] {
  return budget === undefined ? [] : [{ range: budget.range, message: `the budget: ${budget.text}` }];
}

/** What several layers cost that are created by one expression. */
interface CauseLine {
  readonly range: SourceRange;
  readonly layers: readonly string[];
  readonly value: number;
  readonly share: number;
}

type LayerPlaces = ReadonlyMap<string, SourceRange>;

function layerPlaces({ layers }: Report): LayerPlaces {
  return new Map(layers.flatMap(({ name, range }) => (range === undefined ? [] : [[name, range]])));
}

/** The costliest lines of the layers that the check names, in any file. */
function causeLines({ causes }: BudgetCheck, places: LayerPlaces): readonly CauseLine[] {
  const lines = new Map<string, { readonly range: SourceRange; readonly causes: Cause[] }>();
  for (const cause of causes) {
    const range = places.get(cause.layer);
    if (range === undefined) continue;
    const key = `${range.file}:${range.start}`;
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { range, causes: [cause] });
    else line.causes.push(cause);
  }
  return [...lines.values()]
    .map(({ range, causes: own }) => ({
      range,
      layers: own.map(({ layer }) => layer),
      value: own.reduce((sum, { value }) => sum + value, 0),
      share: own.reduce((sum, { share }) => sum + share, 0),
    }))
    .sort((a, b) => b.value - a.value)
    .filter(({ share }, index) => index === 0 || share >= LEAST_SHARE)
    .slice(0, MOST_LINES);
}

/** A line that several models create is marked once for each kind of budget, by the first. */
function isNew(marked: Set<string>, { start }: SourceRange, { rule, metric }: BudgetCheck): boolean {
  const key = `${start}/${rule}/${metricLabel(metric)}`;
  if (marked.has(key)) return false;
  marked.add(key);
  return true;
}

function lineDiagnostic(
  line: CauseLine,
  {
    finding,
    budget,
    name,
    related,
  }: {
    readonly finding: Finding;
    readonly budget: BudgetCheck;
    readonly name: string;
    readonly related: readonly RelatedPlace[];
  },
): Diagnostic {
  return {
    range: { kind: 'text', ...line.range },
    code: finding.rule,
    severity: 'information',
    message: `${lineText(budget, line)} of ${name}: ${finding.headline}`,
    related,
  };
}

/** "layer4.1.conv2 and 3 more 9.44M (80.7 %)"; of a growth "head +1M (100 % of the growth)". */
function lineText({ metric, kind }: BudgetCheck, { layers, value, share }: CauseLine): string {
  const [first = ''] = layers;
  const names = layers.length === 1 ? first : `${first} and ${layers.length - 1} more`;
  const figure = formatFigure(metric, value);
  return kind === 'growth'
    ? `${names} +${figure} (${formatShare(share)} of the growth)`
    : `${names} ${figure} (${formatShare(share)})`;
}
