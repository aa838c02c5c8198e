/**
 * A comparison as Markdown for a comment on a pull request or a job summary: one row a model with what it costs now and
 * how that changed, then for each model all figures and its layers, folded.
 */
import { figureMarkdown, joinMarkdown, inMarkdown, type Markdown } from '../../base/escaping/markdown.ts';
import type { Printed } from '../../base/escaping/printed.ts';
import { figureRows, layerCountsText, layerRows, type FigureRow, type LayerRow } from '../../features/changeText.ts';
import { compareModels, type ModelComparison } from '../../gate/compareModels.ts';
import { entryName, isUnchanged, versionText, type DiffReport, type EntryDiff } from '../../gate/diffReport.ts';
import type { ModelSnapshot } from '../../gate/snapshot.ts';
import { problemText } from '../../gate/modelDigest.ts';
import { comparisonNotes, doubtLines, stateWord, unreadableText } from './diffText.ts';
import { createPage } from './markdownPage.ts';

/** More layers of one model are counted only: nobody reads them in a comment. */
const MAX_LAYERS = 50;

export function diffToMarkdown(report: DiffReport, maxBytes: number): Printed {
  const page = createPage(maxBytes);
  const unchanged = report.entries.filter(isUnchanged);
  const changed = report.entries.filter((entry) => !isUnchanged(entry));
  page.add(heading(report));
  page.addAll(
    report.problems.map((problem) => inMarkdown`\n- ${problemText(problem)}\n`),
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
    const names = unchanged.map((entry) => inMarkdown`- ${entryName(entry)}\n`);
    page.add(inMarkdown`\n<details><summary>${unchanged.length} unchanged</summary>\n\n`);
    page.addAll(names, 'unchanged models');
    page.close(inMarkdown`\n</details>\n`);
  }
  return page.text();
}

function heading({ before, after, entries }: DiffReport): Markdown {
  const words = ['changed', 'added', 'removed', 'not read'] as const;
  const parts = words.flatMap((word) => {
    const count = entries.filter((entry) => stateWord(entry) === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const models = entries.length === 1 ? '1 model' : `${entries.length} models`;
  const what = parts.length === 0 ? 'nothing changed' : parts.join(', ');
  return inMarkdown`### Layer Cost: ${what}\n\n${models}, ${versionText(before)} → ${versionText(after)}\n`;
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

function tableHead(columns: readonly string[]): Markdown {
  const cells = columns.map((column) => inMarkdown` ${column} |`);
  return inMarkdown`\n| model | |${cells}\n|---|---|${columns.map(() => inMarkdown`---:|`)}\n`;
}

function modelRow(entry: EntryDiff, columns: readonly string[]): Markdown {
  const rows = new Map(rowsOf(entry).map((row) => [row.label, row]));
  const cells = columns.map((column) => {
    const row = rows.get(column);
    return row === undefined ? inMarkdown`` : entry.kind === 'compared' ? changeCell(row) : figureMarkdown(row.after);
  });
  return inMarkdown`| **${entryName(entry)}** | ${joinMarkdown([inMarkdown`${stateWord(entry)}`, ...cells], ' | ')} |\n`;
}

/** "11.72M<br>▲ 0.3 %" */
function changeCell({ after, delta, share, change }: FigureRow): Markdown {
  if (change.delta === undefined || delta === '') {
    return change.before === change.after ? figureMarkdown(after) : inMarkdown`${figureMarkdown(after)}<br>was unknown`;
  }
  const size = (share === '' ? delta : share).replace(/^[+-]/, '');
  return inMarkdown`${figureMarkdown(after)}<br>${change.delta > 0 ? '▲' : '▼'}&nbsp;${figureMarkdown(size)}`;
}

function detailsOf(entry: EntryDiff): Markdown {
  const name = entryName(entry);
  switch (entry.kind) {
    case 'compared':
      return inMarkdown`${comparisonDetails(name, entry.comparison)}${warning(entry)}`;
    case 'added':
      return inMarkdown`${folded(`${name}: added`, snapshotLine(entry.after))}${warning(entry)}`;
    case 'removed':
      return inMarkdown`${folded(`${name}: removed`, snapshotLine(entry.before))}${warning(entry)}`;
    case 'unreadable':
      return inMarkdown`\n**${name}**: ${joinMarkdown(
        unreadableText(entry).map((line) => inMarkdown`${line}`),
        '\n- ',
      )}\n`;
  }
}

/** Not folded: figures that may be wrong are not to be taken for right. */
function warning(entry: EntryDiff): readonly Markdown[] {
  return doubtLines(entry).map((line) => inMarkdown`\n⚠️ **${entryName(entry)}**: ${line}\n`);
}

function snapshotLine({ target, inputs, layers }: ModelSnapshot): Markdown {
  return inMarkdown`- ${target}, input: ${inputs.join(', ')}, ${layers.length} layers`;
}

function comparisonDetails(name: string, comparison: ModelComparison): Markdown {
  const counts = layerCountsText(comparison);
  const notes = comparisonNotes(comparison).map((note) => inMarkdown`- ${note}`);
  const inputs = inMarkdown`- input: ${comparison.after.inputs.join(', ')}`;
  const figures = figureRows(comparison).map(figureLine);
  const body = [
    joinMarkdown([inputs, ...notes], '\n'),
    inMarkdown`| | before | after | change | |\n|---|---:|---:|---:|---:|\n${figures}`,
    ...layerTable(layerRows(comparison.layers)),
  ];
  const layers = counts === '' ? '' : ` (layers: ${counts})`;
  return folded(`${name}${layers}`, joinMarkdown(body, '\n\n'));
}

function figureLine({ label, before, after, delta, share }: FigureRow): Markdown {
  return inMarkdown`| ${joinMarkdown([label, before, after, delta, share].map(figureMarkdown), ' | ')} |\n`;
}

function layerTable(rows: readonly LayerRow[]): readonly Markdown[] {
  if (rows.length === 0) return [];
  const lines = rows.slice(0, MAX_LAYERS).map(layerLine);
  const rest = rows.length > MAX_LAYERS ? `${rows.length - MAX_LAYERS}` : '';
  const more = rest === '' ? inMarkdown`` : inMarkdown`\nand ${rest} more\n`;
  return [inMarkdown`| | layer | op | |\n|---|---|---|---|\n${lines}${more}`];
}

function layerLine({ sign, name, op, detail }: LayerRow): Markdown {
  const signs = {
    '+': inMarkdown`+`,
    '-': inMarkdown`−`,
    '~': inMarkdown`&#126;`,
    '>': inMarkdown`→`,
  };
  const cells = [name, op, detail].map((text) => inMarkdown`${text.replaceAll(' -> ', ' → ')}`);
  return inMarkdown`| ${joinMarkdown([signs[sign], ...cells], ' | ')} |\n`;
}

function folded(summary: string, body: Markdown): Markdown {
  return inMarkdown`\n<details><summary>${summary}</summary>\n\n${body}\n\n</details>\n`;
}
