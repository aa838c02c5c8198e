/**
 * A check as Markdown for comments and job summaries: a table of what is not met, details that fold, and what passed
 * folded away. It keeps to a length in UTF-8 bytes and says how much it left out.
 * Source of the limits: GitHub refuses comments of more than 65,536 characters, and job summaries of more than 1 MiB.
 */
import { summarize, verdictOf, type BudgetCheck, type CheckReport, type EntryCheck } from '../../gate/checkReport.ts';
import { causeText, entryFindings, excessText, figurePair, findingsOf, inputText } from '../../gate/findings.ts';
import { metricLabel } from '../../gate/metric.ts';
import { summaryText } from './checkText.ts';

export const COMMENT_BYTES = 65_536;
export const SUMMARY_BYTES = 2 ** 20;
/** Kept free for what closes open parts and says what was left out. */
const RESERVED_BYTES = 1_000;

const ICONS = { pass: '✅', warn: '⚠️', fail: '❌', unknown: '❓', error: '💥', notChecked: '➖' };

export function checkToMarkdown(report: CheckReport, maxBytes: number): string {
  const page = createPage(maxBytes - RESERVED_BYTES);
  const failing = report.entries.filter(({ status }) => status !== 'pass');
  const passing = report.entries.filter(({ status }) => status === 'pass');
  page.add(heading(report));
  page.addAll(configurationLines(report), 'problems of the configuration');
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

interface Page {
  add(part: string): void;
  /** Adds parts while there is room, and counts those that find none. */
  addAll(parts: readonly string[], name: string): void;
  /** Adds what has to stand there in any case, from the reserve. */
  close(part: string): void;
  text(): string;
}

function createPage(maxBytes: number): Page {
  const encoder = new TextEncoder();
  const parts: string[] = [];
  const omitted: string[] = [];
  let bytesLeft = maxBytes;
  const fits = (part: string): boolean => {
    const byteLength = encoder.encode(part).length;
    if (byteLength > bytesLeft) return false;
    bytesLeft -= byteLength;
    parts.push(part);
    return true;
  };
  return {
    add: (part) => void fits(part),
    addAll(all, name) {
      const position = all.findIndex((part) => !fits(part));
      if (position >= 0) omitted.push(`${all.length - position} of ${all.length} ${name}`);
    },
    close: (part) => void parts.push(part),
    text: () =>
      parts.join('') + (omitted.length === 0 ? '' : `\nLeft out, as there is no room: ${omitted.join(', ')}.\n`),
  };
}

function heading(report: CheckReport): string {
  const counts = summarize(report);
  const icon = verdictOf(report) === 'pass' ? (counts.warn > 0 ? ICONS.warn : ICONS.pass) : ICONS.fail;
  return `### ${icon} Layer Cost: ${escape(summaryText(report))}\n`;
}

function configurationLines(report: CheckReport): readonly string[] {
  return findingsOf({ ...report, entries: [] }).map(({ level, message, place }) => {
    const at = place === undefined ? '' : `${place.file}:${place.line}: `;
    return `\n- ${level}: ${escape(`${at}${message}`)}\n`;
  });
}

const TABLE_HEAD = '\n| | entry | budget | actual | limit | over | input |\n|---|---|---|---:|---:|---|---|\n';

function entryRows(entry: EntryCheck): string {
  const head = { name: escape(entry.name), input: escape(inputText(entry)) };
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
  return row([ICONS[budget.status], name, escape(label), actual, escape(accepted), escape(excessText(budget)), input]);
}

function detailsOf(entry: EntryCheck): string {
  const findings = entryFindings(entry);
  const lines = findings.flatMap(({ headline, rule, causes }) => {
    const budget = entry.budgets.find((each) => each.causes === causes && causes.length > 0);
    const rows = budget === undefined ? [] : causes.map((cause) => ({ cause, of: budget }));
    return [
      `- ${escape(headline)} \`${rule}\``,
      ...rows.map(({ cause, of }) => {
        const place = cause.place === undefined ? '' : `, ${cause.place.file}:${cause.place.line}`;
        return `  - ${escape(`${causeText(of, cause)}${place}`)}`;
      }),
    ];
  });
  const assumed = entry.assumptions.map(({ message }) => `- assumed: ${escape(message)}`);
  const place = entry.place === undefined ? '' : ` (${escape(`${entry.place.file}:${entry.place.line}`)})`;
  const body = [...lines, ...assumed].join('\n');
  return `\n<details><summary>${ICONS[entry.status]} ${escape(entry.name)}${place}</summary>\n\n${body}\n\n</details>\n`;
}

function count(value: number, one: string, many: string): string {
  return `${value} ${value === 1 ? one : many}`;
}

/** Text as text: no markup, no mention, no end of a table's cell. */
function escape(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replace(/[\\`*_[\]~#|]/g, (character) => `&#${character.charCodeAt(0)};`);
}
