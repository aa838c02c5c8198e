/**
 * A check as JUnit's XML, which GitLab and Jenkins show as tests: a suite for each entry, a test for each of its budgets
 * and one for whether the model is known in full. Valid by the Jenkins schema (junit-4.xsd of its dtkit).
 */
import type { BudgetCheck, CheckReport, EntryCheck } from '../../gate/checkReport.ts';
import { budgetText, entryFindings, type Finding } from '../../gate/findings.ts';
import { metricLabel } from '../../gate/metric.ts';
import type { PlacedProblem } from '../../gate/modelDigest.ts';

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly outcome:
    | { readonly kind: 'passed'; readonly output: string }
    | { readonly kind: 'skipped'; readonly message: string }
    | { readonly kind: 'failure' | 'error'; readonly type: string; readonly message: string; readonly details: string };
}

export function checkToJunit(report: CheckReport): string {
  const suites = [
    problemCases(report.configuration ?? 'configuration', 'configuration', report.problems),
    problemCases('base', 'unreadable-base', report.base?.problems ?? []),
    ...report.entries.map(entryCases),
  ]
    .filter((cases) => cases.length > 0)
    .map((cases) => ({ name: cases[0]?.suite ?? '', cases }));
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="layercost" ${counts(all)}>`,
    ...suites.map(({ name, cases }) =>
      [
        `  <testsuite name="${escape(name)}" ${counts(cases)} skipped="${count(cases, 'skipped')}">`,
        ...cases.map(caseText),
        '  </testsuite>',
      ].join('\n'),
    ),
    '</testsuites>',
    '',
  ].join('\n');
}

function problemCases(suite: string, type: string, problems: readonly PlacedProblem[]): readonly TestCase[] {
  return problems.map((problem) => ({
    suite,
    name: `${problem.code} ${placeOf(problem)}`.trim(),
    outcome:
      problem.severity === 'error'
        ? { kind: 'error', type, message: problem.message, details: placeOf(problem) }
        : { kind: 'passed', output: problem.message },
  }));
}

function placeOf({ place }: PlacedProblem): string {
  return place === undefined ? '' : `${place.file}:${place.line}`;
}

function entryCases(entry: EntryCheck): readonly TestCase[] {
  const suite = entry.name;
  const findings = entryFindings(entry);
  const model = findings.find(({ rule }) => ['unknown-model', 'unreadable-model', 'internal-error'].includes(rule));
  const kind = entry.status === 'error' ? 'error' : 'failure';
  return [
    { suite, name: 'the model is known', outcome: model === undefined ? MET : outcomeOf(model, kind) },
    ...entry.budgets.map((budget) => ({
      suite,
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
  return { kind, type: rule, message, details: details.join('\n') };
}

function caseText({ suite, name, outcome }: TestCase): string {
  const head = `    <testcase classname="${escape(suite)}" name="${escape(name)}"`;
  const close = '    </testcase>';
  switch (outcome.kind) {
    case 'passed':
      if (outcome.output === '') return `${head}/>`;
      return [`${head}>`, `      <system-out>${escape(outcome.output)}</system-out>`, close].join('\n');
    case 'skipped':
      return [`${head}>`, `      <skipped>${escape(outcome.message)}</skipped>`, close].join('\n');
    case 'failure':
    case 'error': {
      const { kind, type, message, details } = outcome;
      const element = `<${kind} type="${escape(type)}" message="${escape(message)}">${escape(details)}</${kind}>`;
      return [`${head}>`, `      ${element}`, close].join('\n');
    }
  }
}

function counts(cases: readonly TestCase[]): string {
  return `tests="${cases.length}" failures="${count(cases, 'failure')}" errors="${count(cases, 'error')}"`;
}

function count(cases: readonly TestCase[], kind: TestCase['outcome']['kind']): number {
  return cases.filter(({ outcome }) => outcome.kind === kind).length;
}

/** Characters that XML 1.0 cannot hold become U+FFFD. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
