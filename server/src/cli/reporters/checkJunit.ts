/**
 * A check as JUnit's XML, which GitLab and Jenkins show as tests: a suite for each entry, a test for each of its budgets
 * and one for whether the model is known in full.
 */
import type { Printed } from '../../base/escaping/printed.ts';
import type { BudgetCheck, CheckReport, EntryCheck } from '../../gate/checkReport.ts';
import { budgetText, entryFindings, type Finding } from '../../gate/findings.ts';
import { metricLabel } from '../../gate/metric.ts';
import { junitXml, problemCases, type TestCase } from './junitXml.ts';

export function checkToJunit({ configuration, problems, base, entries }: CheckReport): Printed {
  return junitXml([
    { name: configuration ?? 'configuration', cases: problemCases('configuration', problems) },
    { name: 'base', cases: problemCases('unreadable-base', base?.problems ?? []) },
    ...entries.map((entry) => ({ name: entry.name, cases: entryCases(entry) })),
  ]);
}

function entryCases(entry: EntryCheck): readonly TestCase[] {
  const findings = entryFindings(entry);
  const model = findings.find(({ rule }) => ['unknown-model', 'unreadable-model', 'internal-error'].includes(rule));
  const kind = entry.status === 'error' ? 'error' : 'failure';
  return [
    { name: 'the model is known', outcome: model === undefined ? MET : outcomeOf(model, kind) },
    ...entry.budgets.map((budget) => ({
      name: `${metricLabel(budget.metric)} ${budget.kind === 'growth' ? 'growth' : 'budget'} ${budget.text}`,
      outcome: budgetOutcome(budget, findings),
    })),
  ];
}

const MET = { kind: 'passed', output: '' } as const;

function budgetOutcome(budget: BudgetCheck, findings: readonly Finding[]): TestCase['outcome'] {
  if (budget.status === 'notChecked') return { kind: 'skipped', message: budgetText(budget) };
  if (budget.status === 'pass') return { kind: 'passed', output: budgetText(budget) };
  const headline = budgetText(budget);
  const finding = findings.find((each) => each.headline === headline);
  return finding === undefined ? { kind: 'passed', output: headline } : outcomeOf(finding, 'failure');
}

/** A warning fails nothing: it stands in the output. */
function outcomeOf(finding: Finding, kind: 'failure' | 'error'): TestCase['outcome'] {
  const { rule, level, message, place, causes } = finding;
  if (level !== 'error') return { kind: 'passed', output: `${level}: ${message}` };
  const places = [place, ...causes.map((cause) => cause.place)];
  const names = ['', ...causes.map(({ layer }) => `${layer} `)];
  const details = places.flatMap((each, index) =>
    each === undefined ? [] : `${names[index] ?? ''}${each.file}:${each.line}`,
  );
  return { kind, type: rule, message, details };
}
