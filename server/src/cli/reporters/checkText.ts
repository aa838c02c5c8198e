/**
 * A check for a person at a terminal: a table of entries and budgets, then what is wrong with each and where it comes
 * from, then the sum. Colours only where the terminal shows them.
 */
import { joinPrinted, NOTHING, printedLines, type Printed } from '../../base/escaping/printed.ts';
import {
  summarize,
  type BudgetCheck,
  type CheckBase,
  type CheckReport,
  type EntryCheck,
  type EntryStatus,
} from '../../gate/checkReport.ts';
import { versionText } from '../../gate/diffReport.ts';
import { causeText, entryFindings, excessText, figurePair, inputText } from '../../gate/findings.ts';
import { metricLabel } from '../../gate/metric.ts';
import type { PlacedProblem } from '../../gate/modelDigest.ts';
import type { Place } from '../../gate/place.ts';
import { printedTable, type Column, type Row } from './printedTable.ts';

export interface CheckTextOptions {
  readonly hasColors: boolean;
}

export function checkToText(report: CheckReport, options: CheckTextOptions): Printed {
  const shown = report.entries.filter(isWorthDetails);
  const sections = [
    printedLines([...report.problems, ...(report.base?.problems ?? [])].map(problemLine)),
    report.entries.length === 0 ? NOTHING : joinPrinted([tableOf(report.entries, options), printedLines([''])]),
    ...shown.map((entry) => printedLines(detailsOf(entry))),
    printedLines([summaryText(report), ...baseLine(report)]),
  ];
  return joinPrinted(
    sections.filter((section) => section !== ''),
    '\n',
  );
}

/** "growth since main (1a2b3c4)": what growths were measured against. */
export function baseLine({ base }: CheckReport): readonly string[] {
  return base === undefined || hasError(base) ? [] : [`growth since ${versionText(base)}`];
}

function hasError({ problems }: CheckBase): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** "3 entries: 1 passed, 2 failed" */
export function summaryText(report: CheckReport): string {
  const parts = countsText(report);
  return `${entriesText(report)}${parts === '' ? '' : `: ${parts}`}`;
}

/** "1 passed, 2 failed" */
export function countsText(report: CheckReport): string {
  const counts = summarize(report);
  const words = { pass: 'passed', warn: 'with warnings', fail: 'failed', unknown: 'unknown', error: 'not analysed' };
  return Object.entries(words)
    .flatMap(([status, word]) => {
      // `words` has the statuses as keys.
      const count = counts[status as EntryStatus];
      return count === 0 ? [] : [`${count} ${word}`];
    })
    .join(', ');
}

/** "3 entries", "3 entries (part 1/8 of 24)" */
export function entriesText({ shard, entries, entryCount }: CheckReport): string {
  const part = shard === undefined ? '' : ` (part ${shard.index}/${shard.count} of ${entryCount})`;
  return `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}${part}`;
}

/** Of ECMA-48: green, yellow, red, magenta, white. */
const COLORS = { pass: 32, warn: 33, fail: 31, unknown: 35, error: 31, notChecked: 37 };

function tableOf(entries: readonly EntryCheck[], { hasColors }: CheckTextOptions): Printed {
  const rows = entries.flatMap((entry) => {
    const budgets = entry.budgets.length === 0 ? [undefined] : entry.budgets;
    return budgets.map((budget, index): Row => {
      const name = index === 0 ? entry.name : '';
      const input = index === 0 ? inputText(entry) : '';
      const isOfEntry = index === 0 && entry.gaps.length > 0 && entry.status !== 'pass';
      const status = budget === undefined || isOfEntry ? entry.status : budget.status;
      return {
        cells: { entry: name, status: STATUS_WORDS[status], ...budgetCells(budget), input },
        color: hasColors ? COLORS[status] : undefined,
      };
    });
  });
  return printedTable(COLUMNS, rows);
}

const COLUMNS: readonly Column[] = [
  { name: 'entry', alignment: 'left' },
  { name: 'status', alignment: 'left' },
  { name: 'budget', alignment: 'left' },
  { name: 'actual', alignment: 'right' },
  { name: 'limit', alignment: 'right' },
  { name: 'over', alignment: 'left' },
  { name: 'input', alignment: 'left' },
];

const STATUS_WORDS = {
  pass: 'pass',
  warn: 'warn',
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  error: 'ERROR',
  notChecked: 'not checked',
};

function budgetCells(budget: BudgetCheck | undefined): Readonly<Record<string, string>> {
  if (budget === undefined) return { budget: '', actual: '', limit: '', over: '' };
  const [actual, limit] = figurePair(budget);
  return {
    budget: `${metricLabel(budget.metric)}${budget.kind === 'growth' ? ' (growth)' : ''}`,
    actual,
    limit: budget.limit === undefined || budget.kind === 'limit' ? budget.text : limit,
    over: excessText(budget),
  };
}

function isWorthDetails(entry: EntryCheck): boolean {
  return (
    entry.status !== 'pass' ||
    entry.gaps.length > 0 ||
    entry.baseNotes.length > 0 ||
    entry.budgets.some(({ status }) => status !== 'pass')
  );
}

function detailsOf(entry: EntryCheck): readonly string[] {
  const lines = entryFindings(entry).flatMap(({ headline, rule, level, causes }) => {
    const budget = entry.budgets.find((each) => each.causes === causes && causes.length > 0);
    const rows = budget === undefined ? [] : causes.slice(0, SHOWN_CAUSES).map((cause) => ({ cause, budget }));
    return [
      `  ${level}: ${headline} [${rule}]`,
      ...rows.map(({ cause, budget: of }) => `    ${causeText(of, cause)}${atPlace(cause.place)}`),
    ];
  });
  const assumed = entry.assumptions.map(({ message }) => `  assumed: ${message}`);
  const before = entry.baseNotes.map((note) => `  before: ${note}`);
  const problems = entry.status === 'error' ? [] : entry.problems.map((problem) => `  ${problemLine(problem)}`);
  return [`${entry.name}${placeText(entry.place)}`, ...lines, ...before, ...assumed, ...problems];
}

const SHOWN_CAUSES = 5;

function problemLine({ code, severity, message, place }: PlacedProblem): string {
  return `${place === undefined ? '' : `${place.file}:${place.line}: `}${severity}: ${message} [${code}]`;
}

function placeText(place: Place | undefined): string {
  return place === undefined ? '' : `  (${place.file}:${place.line})`;
}

function atPlace(place: Place | undefined): string {
  return place === undefined ? '' : `  ${place.file}:${place.line}`;
}
