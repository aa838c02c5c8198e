/**
 * A check as Markdown for comments and job summaries: a table of what is not met, details that fold, and what passed
 * folded away. It keeps to a length in UTF-8 bytes and says how much it left out.
 */
import { summarize, verdictOf, type BudgetCheck, type CheckReport, type EntryCheck } from '../../gate/checkReport.ts';
import { causeText, entryFindings, excessText, figurePair, inputText, reportFindings } from '../../gate/findings.ts';
import { formatFigure, metricLabel } from '../../gate/metric.ts';
import { baseLine, countsText, entriesText } from './checkText.ts';
import { cellText, createPage, escapeMarkdown } from './markdownPage.ts';

/** With words, for whoever sees no colours or has no such signs. */
const MARKS = {
  pass: '✅&nbsp;pass',
  warn: '⚠️&nbsp;warn',
  fail: '❌&nbsp;**fail**',
  unknown: '❓&nbsp;**unknown**',
  error: '💥&nbsp;**error**',
  notChecked: '➖&nbsp;not&nbsp;checked',
};
const ICONS = { pass: '✅', warn: '⚠️', fail: '❌', unknown: '❓', error: '💥' };
/** Worst first: what has to be acted on stands at the top of its entry. */
const RANKS = { fail: 0, unknown: 1, warn: 2, notChecked: 3, pass: 4 };
/** More layers stand in the other formats. */
const SHOWN_CAUSES = 5;

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
  const counted = countsText(report);
  const sum = `${counted}${counted === '' ? '' : ' of '}${entriesText(report)}`;
  return `### ${icon} Layer Cost: ${escapeMarkdown(sum)}\n${base.join('')}`;
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
      ? [row([MARKS[entry.status], head.name, isGap ? gapText(entry) : '', '', '', '', head.input])]
      : [];
  const worstFirst = [...entry.budgets].sort((one, other) => RANKS[one.status] - RANKS[other.status]);
  const budgets = worstFirst.map((budget, index) =>
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
  const [actual] = figurePair(budget);
  const label = `${metricLabel(budget.metric)}${budget.kind === 'growth' ? ' (growth)' : ''}`;
  return row([
    MARKS[budget.status],
    name,
    escapeMarkdown(label),
    cellText(actual),
    limitCell(budget),
    budget.status === 'notChecked' ? escapeMarkdown(budget.reason ?? '') : cellText(excessText(budget)),
    input,
  ]);
}

/** "5M"; of a growth what it comes to, and from what: "2.423K<br>2.308K +5 %". */
function limitCell(budget: BudgetCheck): string {
  const { kind, text, limit, baseline, metric } = budget;
  if (kind === 'limit' || limit === undefined || baseline === undefined) return cellText(text);
  return `${cellText(figurePair(budget)[1])}<br>${cellText(`${formatFigure(metric, baseline)} ${text}`).replaceAll(' ', '&nbsp;')}`;
}

function detailsOf(entry: EntryCheck): string {
  const findings = entryFindings(entry);
  const lines = findings.flatMap(({ headline, rule, causes }) => {
    const budget = entry.budgets.find((each) => each.causes === causes && causes.length > 0);
    const rows = budget === undefined ? [] : causes.slice(0, SHOWN_CAUSES).map((cause) => ({ cause, of: budget }));
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
