/**
 * A comparison as Markdown for a comment on a pull request or a job summary: one row a model with what it costs now and
 * how that changed, then for each model all figures and its layers, folded.
 */
import { figureRows, layerCountsText, layerRows, type FigureRow, type LayerRow } from '../../features/changeText.ts';
import { compareModels, type ModelComparison } from '../../gate/compareModels.ts';
import { entryName, isUnchanged, versionText, type DiffReport, type EntryDiff } from '../../gate/diffReport.ts';
import type { ModelSnapshot } from '../../gate/snapshot.ts';
import { problemText } from '../../gate/modelDigest.ts';
import { comparisonNotes, doubtLines, stateWord, unreadableText } from './diffText.ts';
import { cellText, createPage, escapeMarkdown } from './markdownPage.ts';

/** More layers of one model are counted only: nobody reads them in a comment. */
const MAX_LAYERS = 50;

export function diffToMarkdown(report: DiffReport, maxBytes: number): string {
  const page = createPage(maxBytes);
  const unchanged = report.entries.filter(isUnchanged);
  const changed = report.entries.filter((entry) => !isUnchanged(entry));
  page.add(heading(report));
  page.addAll(
    report.problems.map((problem) => `\n- ${escapeMarkdown(problemText(problem))}\n`),
    'problems',
  );
  if (changed.length > 0) {
    const columns = columnsOf(changed);
    page.add(tableHead(columns));
    page.addAll(
      changed.map((entry) => modelRow(entry, columns)),
      'models',
    );
    page.addAll(changed.map(detailsOf), 'details');
  }
  if (unchanged.length > 0) {
    const names = unchanged.map((entry) => `- ${escapeMarkdown(entryName(entry))}\n`);
    page.add(`\n<details><summary>${unchanged.length} unchanged</summary>\n\n`);
    page.addAll(names, 'unchanged models');
    page.close('\n</details>\n');
  }
  return page.text();
}

function heading({ before, after, entries }: DiffReport): string {
  const words = ['changed', 'added', 'removed', 'not read'] as const;
  const parts = words.flatMap((word) => {
    const count = entries.filter((entry) => stateWord(entry) === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const models = entries.length === 1 ? '1 model' : `${entries.length} models`;
  const what = parts.length === 0 ? 'nothing changed' : parts.join(', ');
  const versions = `${escapeMarkdown(versionText(before))} → ${escapeMarkdown(versionText(after))}`;
  return `### Layer Cost: ${what}\n\n${models}, ${versions}\n`;
}

/** Labels of the figures that the overview shows: all but those that no model has. */
function columnsOf(entries: readonly EntryDiff[]): readonly string[] {
  const labels = entries.flatMap((entry) => rowsOf(entry).map(({ label }) => label));
  return [...new Set(labels)];
}

/** Of a model that is new or gone, the figures on its one side. */
function rowsOf(entry: EntryDiff): readonly FigureRow[] {
  switch (entry.kind) {
    case 'compared':
      return figureRows(entry.comparison);
    case 'added':
      return figureRows(compareModels(entry.after, entry.after));
    case 'removed':
      return figureRows(compareModels(entry.before, entry.before));
    case 'unreadable':
      return [];
  }
}

function tableHead(columns: readonly string[]): string {
  const cells = columns.map(escapeMarkdown);
  return `\n| model | | ${cells.join(' | ')} |\n|---|---|${columns.map(() => '---:|').join('')}\n`.replace(
    /\| {2}\|$/m,
    '|',
  );
}

function modelRow(entry: EntryDiff, columns: readonly string[]): string {
  const rows = new Map(rowsOf(entry).map((row) => [row.label, row]));
  const cells = columns.map((column) => {
    const row = rows.get(column);
    return row === undefined ? '' : entry.kind === 'compared' ? changeCell(row) : cellText(row.after);
  });
  return `| **${escapeMarkdown(entryName(entry))}** | ${[stateWord(entry), ...cells].join(' | ')} |\n`;
}

/** "11.72M<br>▲ 0.3 %" */
function changeCell({ after, delta, share, change }: FigureRow): string {
  if (change.delta === undefined || delta === '') {
    return change.before === change.after ? cellText(after) : `${cellText(after)}<br>was unknown`;
  }
  const size = (share === '' ? delta : share).replace(/^[+-]/, '');
  return `${cellText(after)}<br>${change.delta > 0 ? '▲' : '▼'}&nbsp;${cellText(size)}`;
}

function detailsOf(entry: EntryDiff): string {
  const name = escapeMarkdown(entryName(entry));
  switch (entry.kind) {
    case 'compared':
      return comparisonDetails(name, entry.comparison) + warning(entry);
    case 'added':
      return folded(`${name}: added`, snapshotLine(entry.after)) + warning(entry);
    case 'removed':
      return folded(`${name}: removed`, snapshotLine(entry.before)) + warning(entry);
    case 'unreadable':
      return `\n**${name}**: ${unreadableText(entry).map(escapeMarkdown).join('\n- ')}\n`;
  }
}

/** Not folded: figures that may be wrong are not to be taken for right. */
function warning(entry: EntryDiff): string {
  return doubtLines(entry)
    .map((line) => `\n⚠️ **${escapeMarkdown(entryName(entry))}**: ${escapeMarkdown(line)}\n`)
    .join('');
}

function snapshotLine({ target, inputs, layers }: ModelSnapshot): string {
  return `- ${escapeMarkdown(target)}, input: ${escapeMarkdown(inputs.join(', '))}, ${layers.length} layers`;
}

function comparisonDetails(name: string, comparison: ModelComparison): string {
  const counts = layerCountsText(comparison);
  const notes = comparisonNotes(comparison).map((note) => `- ${escapeMarkdown(note)}`);
  const inputs = `- input: ${escapeMarkdown(comparison.after.inputs.join(', '))}`;
  const figures = figureRows(comparison).map(figureLine).join('');
  const body = [
    [inputs, ...notes].join('\n'),
    `| | before | after | change | |\n|---|---:|---:|---:|---:|\n${figures}`,
    layerTable(layerRows(comparison.layers)),
  ];
  const layers = counts === '' ? '' : ` (layers: ${counts})`;
  return folded(`${name}${layers}`, body.filter((part) => part !== '').join('\n\n'));
}

function figureLine({ label, before, after, delta, share }: FigureRow): string {
  return `| ${[label, before, after, delta, share].map(cellText).join(' | ')} |\n`;
}

function layerTable(rows: readonly LayerRow[]): string {
  if (rows.length === 0) return '';
  const lines = rows.slice(0, MAX_LAYERS).map(layerLine).join('');
  const rest = rows.length > MAX_LAYERS ? `\nand ${rows.length - MAX_LAYERS} more\n` : '';
  return `| | layer | op | |\n|---|---|---|---|\n${lines}${rest}`;
}

function layerLine({ sign, name, op, detail }: LayerRow): string {
  const signs = { '+': '+', '-': '−', '~': '&#126;', '>': '→' };
  const cells = [name, op, detail].map((text) => escapeMarkdown(text.replaceAll(' -> ', ' → ')));
  return `| ${[signs[sign], ...cells].join(' | ')} |\n`;
}

function folded(summary: string, body: string): string {
  return `\n<details><summary>${summary}</summary>\n\n${body}\n\n</details>\n`;
}
