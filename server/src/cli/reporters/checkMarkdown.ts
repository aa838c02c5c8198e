/**
 * A check as Markdown for comments and job summaries: a table of what is not met, details that fold, and what passed
 * folded away. It keeps to a length in UTF-8 bytes and says how much it left out.
 */
import { summarize, verdictOf, type BudgetCheck, type CheckReport, type EntryCheck } from '../../gate/checkReport.ts';
import { causeText, entryFindings, excessText, figurePair, inputText, reportFindings } from '../../gate/findings.ts';
import { metricLabel } from '../../gate/metric.ts';
import { baseLine, summaryText } from './checkText.ts';
import { createPage, escapeMarkdown } from './markdownPage.ts';

const ICONS = { pass: '✅', warn: '⚠️', fail: '❌', unknown: '❓', error: '💥', notChecked: '➖' };

export function checkToMarkdown(report: CheckReport, maxBytes: number): string {
  const page = createPage(maxBytes);
  const failing = report.entries.filter(({ status }) => status !== 'pass');
  const passing = report.entries.filter(({ status }) => status === 'pass');
  page.add(heading(report));
  page.addAll(configurationLines(report), 'problems');
  if (failing.length > 0) {
    page.add(TABLE_HEAD);
    page.addAll(failing.map(entryRows), 'entries');
    page.addAll(failing.map(detailsOf), 'details');
  }
  if (passing.length > 0) {
    page.add(`\n<details><summary>${count(passing.length, 'entry', 'entries')} passed</summary>\n\n${TABLE_HEAD}`);
    page.addAll(passing.map(entryRows), 'passing entries');
    page.close('\n</details>\n');
  }
  return page.text();
}

function heading(report: CheckReport): string {
  const counts = summarize(report);
  const icon = verdictOf(report) === 'pass' ? (counts.warn > 0 ? ICONS.warn : ICONS.pass) : ICONS.fail;
  const base = baseLine(report).map((line) => `\n${escapeMarkdown(line)}\n`);
  return `### ${icon} Layer Cost: ${escapeMarkdown(summaryText(report))}\n${base.join('')}`;
}

function configurationLines(report: CheckReport): readonly string[] {
  return reportFindings(report).map(({ level, message, place }) => {
    const at = place === undefined ? '' : `${place.file}:${place.line}: `;
    return `\n- ${level}: ${escapeMarkdown(`${at}${message}`)}\n`;
  });
}

const TABLE_HEAD = '\n| | entry | budget | actual | limit | over | input |\n|---|---|---|---:|---:|---|---|\n';

function entryRows(entry: EntryCheck): string {
  const head = { name: escapeMarkdown(entry.name), input: escapeMarkdown(inputText(entry)) };
  const isGap = entry.gaps.length > 0 || entry.status === 'error';
  const own =
    isGap || entry.budgets.length === 0
      ? [row([ICONS[entry.status], head.name, isGap ? gapText(entry) : '', '', '', '', head.input])]
      : [];
  const budgets = entry.budgets.map((budget, index) =>
    budgetRow(budget, index === 0 && own.length === 0 ? head : { name: '', input: '' }),
  );
  return [...own, ...budgets].join('');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

function gapText(entry: EntryCheck): string {
  return entry.status === 'error' ? 'not analysed' : 'not known in full';
}

function budgetRow(budget: BudgetCheck, { name, input }: { readonly name: string; readonly input: string }): string {
  const [actual, limit] = figurePair(budget);
  const accepted = budget.kind === 'limit' || budget.limit === undefined ? budget.text : limit;
  const label = `${metricLabel(budget.metric)}${budget.kind === 'growth' ? ' (growth)' : ''}`;
  return row([
    ICONS[budget.status],
    name,
    escapeMarkdown(label),
    actual,
    escapeMarkdown(accepted),
    escapeMarkdown(excessText(budget)),
    input,
  ]);
}

function detailsOf(entry: EntryCheck): string {
  const findings = entryFindings(entry);
  const lines = findings.flatMap(({ headline, rule, causes }) => {
    const budget = entry.budgets.find((each) => each.causes === causes && causes.length > 0);
    const rows = budget === undefined ? [] : causes.map((cause) => ({ cause, of: budget }));
    return [
      `- ${escapeMarkdown(headline)} \`${rule}\``,
      ...rows.map(({ cause, of }) => {
        const place = cause.place === undefined ? '' : `, ${cause.place.file}:${cause.place.line}`;
        return `  - ${escapeMarkdown(`${causeText(of, cause)}${place}`)}`;
      }),
    ];
  });
  const before = entry.baseNotes.map((note) => `- before: ${escapeMarkdown(note)}`);
  const assumed = entry.assumptions.map(({ message }) => `- assumed: ${escapeMarkdown(message)}`);
  const place = entry.place === undefined ? '' : ` (${escapeMarkdown(`${entry.place.file}:${entry.place.line}`)})`;
  const body = [...lines, ...before, ...assumed].join('\n');
  return `\n<details><summary>${ICONS[entry.status]} ${escapeMarkdown(entry.name)}${place}</summary>\n\n${body}\n\n</details>\n`;
}

function count(value: number, one: string, many: string): string {
  return `${value} ${value === 1 ? one : many}`;
}
