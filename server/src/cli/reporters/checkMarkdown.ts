/**
 * A check as Markdown for comments and job summaries: a table of what is not met, details that fold, and what passed
 * folded away. It keeps to a length in UTF-8 bytes and says how much it left out.
 */
import {
  codeMarkdown,
  figureMarkdown,
  joinMarkdown,
  inMarkdown,
  unbrokenMarkdown,
  type Markdown,
} from '../../base/escaping/markdown.ts';
import type { Printed } from '../../base/escaping/printed.ts';
import { summarize, verdictOf, type BudgetCheck, type CheckReport, type EntryCheck } from '../../gate/checkReport.ts';
import { causeText, entryFindings, excessText, figurePair, inputText, reportFindings } from '../../gate/findings.ts';
import { formatFigure, metricLabel } from '../../gate/metric.ts';
import { baseLine, countsText, entriesText } from './checkText.ts';
import { createPage } from './markdownPage.ts';

/** With words, for whoever sees no colours or has no such signs. */
const MARKS = {
  pass: inMarkdown`✅&nbsp;pass`,
  warn: inMarkdown`⚠️&nbsp;warn`,
  fail: inMarkdown`❌&nbsp;**fail**`,
  unknown: inMarkdown`❓&nbsp;**unknown**`,
  error: inMarkdown`💥&nbsp;**error**`,
  notChecked: inMarkdown`➖&nbsp;not&nbsp;checked`,
};
const ICONS = { pass: '✅', warn: '⚠️', fail: '❌', unknown: '❓', error: '💥' };
/** Worst first: what has to be acted on stands at the top of its entry. */
const RANKS = { fail: 0, unknown: 1, warn: 2, notChecked: 3, pass: 4 };
/** More layers stand in the other formats. */
const SHOWN_CAUSES = 5;

export function checkToMarkdown(report: CheckReport, maxBytes: number): Printed {
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
    page.add(
      inMarkdown`\n<details><summary>${count(passing.length, 'entry', 'entries')} passed</summary>\n\n${TABLE_HEAD}`,
    );
    page.addAll(passing.map(entryRows), 'passing entries');
    page.close(inMarkdown`\n</details>\n`);
  }
  return page.text();
}

function heading(report: CheckReport): Markdown {
  const counts = summarize(report);
  const icon = verdictOf(report) === 'pass' ? (counts.warn > 0 ? ICONS.warn : ICONS.pass) : ICONS.fail;
  const base = baseLine(report).map((line) => inMarkdown`\n${line}\n`);
  const counted = countsText(report);
  const sum = `${counted}${counted === '' ? '' : ' of '}${entriesText(report)}`;
  return inMarkdown`### ${icon} Layer Cost: ${sum}\n${base}`;
}

function configurationLines(report: CheckReport): readonly Markdown[] {
  return reportFindings(report).map(({ level, message, place }) => {
    const at = place === undefined ? '' : `${place.file}:${place.line}: `;
    return inMarkdown`\n- ${level}: ${`${at}${message}`}\n`;
  });
}

const TABLE_HEAD = inMarkdown`\n| | entry | budget | actual | limit | over | input |\n|---|---|---|---:|---:|---|---|\n`;

function entryRows(entry: EntryCheck): Markdown {
  const head = { name: entry.name, input: inputText(entry) };
  const isGap = entry.gaps.length > 0 || entry.status === 'error';
  const own =
    isGap || entry.budgets.length === 0
      ? [row(MARKS[entry.status], [head.name, isGap ? gapText(entry) : '', '', '', '', head.input].map(textCell))]
      : [];
  const worstFirst = [...entry.budgets].sort((one, other) => RANKS[one.status] - RANKS[other.status]);
  const budgets = worstFirst.map((budget, index) =>
    budgetRow(budget, index === 0 && own.length === 0 ? head : { name: '', input: '' }),
  );
  return joinMarkdown([...own, ...budgets]);
}

function row(mark: Markdown, cells: readonly Markdown[]): Markdown {
  return inMarkdown`| ${joinMarkdown([mark, ...cells], ' | ')} |\n`;
}

function textCell(text: string): Markdown {
  return inMarkdown`${text}`;
}

function gapText(entry: EntryCheck): string {
  return entry.status === 'error' ? 'not analysed' : 'not known in full';
}

function budgetRow(budget: BudgetCheck, { name, input }: { readonly name: string; readonly input: string }): Markdown {
  const [actual] = figurePair(budget);
  const label = `${metricLabel(budget.metric)}${budget.kind === 'growth' ? ' (growth)' : ''}`;
  return row(MARKS[budget.status], [
    textCell(name),
    textCell(label),
    figureMarkdown(actual),
    limitCell(budget),
    budget.status === 'notChecked' ? textCell(budget.reason ?? '') : figureMarkdown(excessText(budget)),
    textCell(input),
  ]);
}

/** "5M"; of a growth what it comes to, and from what: "2.423K<br>2.308K +5 %". */
function limitCell(budget: BudgetCheck): Markdown {
  const { kind, text, limit, baseline, metric } = budget;
  if (kind === 'limit' || limit === undefined || baseline === undefined) return figureMarkdown(text);
  const growth = unbrokenMarkdown(`${formatFigure(metric, baseline)} ${text}`);
  return inMarkdown`${figureMarkdown(figurePair(budget)[1])}<br>${growth}`;
}

function detailsOf(entry: EntryCheck): Markdown {
  const findings = entryFindings(entry);
  const lines = findings.flatMap(({ headline, rule, causes }) => {
    const budget = entry.budgets.find((each) => each.causes === causes && causes.length > 0);
    const rows = budget === undefined ? [] : causes.slice(0, SHOWN_CAUSES).map((cause) => ({ cause, of: budget }));
    return [
      inMarkdown`- ${headline} ${codeMarkdown(rule)}`,
      ...rows.map(({ cause, of }) => {
        const place = cause.place === undefined ? '' : `, ${cause.place.file}:${cause.place.line}`;
        return inMarkdown`  - ${`${causeText(of, cause)}${place}`}`;
      }),
    ];
  });
  const before = entry.baseNotes.map((note) => inMarkdown`- before: ${note}`);
  const assumed = entry.assumptions.map(({ message }) => inMarkdown`- assumed: ${message}`);
  const place = entry.place === undefined ? '' : ` (${entry.place.file}:${entry.place.line})`;
  const body = joinMarkdown([...lines, ...before, ...assumed], '\n');
  return inMarkdown`\n<details><summary>${ICONS[entry.status]} ${entry.name}${place}</summary>\n\n${body}\n\n</details>\n`;
}

function count(value: number, one: string, many: string): string {
  return `${value} ${value === 1 ? one : many}`;
}
