/**
 * A comparison for a person at a terminal: for each model its figures before and after, then what became of its layers.
 */
import { Table } from 'console-table-printer';
import { figureRows, layerCountsText, layerRows, type LayerRow } from '../../features/changeText.ts';
import type { ModelComparison } from '../../gate/compareModels.ts';
import {
  entryName,
  isUnchanged,
  versionText,
  type DiffReport,
  type EntryDiff,
  type UnreadableEntry,
} from '../../gate/diffReport.ts';
import { otherwise } from '../../gate/entryBase.ts';
import { problemText } from '../../gate/modelDigest.ts';
import type { ModelSnapshot } from '../../gate/snapshot.ts';
import { PLAIN_TABLE } from './tableStyle.ts';

export interface DiffTextOptions {
  readonly hasColors: boolean;
}

export function diffToText(report: DiffReport, options: DiffTextOptions): string {
  const unchanged = report.entries.filter(isUnchanged).map(entryName);
  const sections = [
    report.problems.map(problemText).join('\n'),
    ...report.entries.filter((entry) => !isUnchanged(entry)).map((entry) => entryText(entry, options)),
    unchanged.length === 0 ? '' : `unchanged: ${unchanged.join(', ')}`,
    diffSummary(report),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** "3 models from main (1a2b3c4) to work tree: 1 changed, 1 added, 1 unchanged" */
export function diffSummary({ before, after, entries }: DiffReport): string {
  const words = ['changed', 'added', 'removed', 'unchanged', 'not read'] as const;
  const parts = words.flatMap((word) => {
    const count = entries.filter((entry) => stateWord(entry) === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const models = `${entries.length} ${entries.length === 1 ? 'model' : 'models'}`;
  const versions = `from ${versionText(before)} to ${versionText(after)}`;
  return `${models} ${versions}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

export function stateWord(entry: EntryDiff): 'changed' | 'added' | 'removed' | 'unchanged' | 'not read' {
  if (entry.kind === 'unreadable') return 'not read';
  if (entry.kind === 'compared') return entry.comparison.isSame ? 'unchanged' : 'changed';
  return entry.kind;
}

/** What a reader has to know before the figures: other inputs, a part that was not understood, another name. */
export function comparisonNotes({ before, after }: ModelComparison): readonly string[] {
  return [
    ...otherwise(before, after),
    ...(before.coverageShare < 1
      ? [`${understoodText(before)} before, so that the figures are not those of the whole`]
      : []),
    ...(after.coverageShare < 1
      ? [`${understoodText(after)} now, so that the figures are not those of the whole`]
      : []),
  ];
}

/** Why the figures may be wrong. */
export function doubtLines(entry: EntryDiff): readonly string[] {
  if (entry.kind === 'unreadable') return [];
  const { before, after } = entry.doubts;
  return [
    ...after.map((problem) => `the figures may be wrong, as there is now: ${problemText(problem)}`),
    ...before.map((problem) => `the figures may be wrong, as there was: ${problemText(problem)}`),
  ];
}

/** In which version a model could not be read, and why. */
export function unreadableText({ version, problems }: UnreadableEntry): readonly string[] {
  const where = {
    before: 'it could not be read before:',
    after: 'it cannot be read now:',
    both: 'it cannot be read, now as before:',
  };
  return [where[version], ...problems.map(problemText)];
}

function understoodText({ coverageShare }: ModelSnapshot): string {
  // Never "100 %" of what is not whole.
  return `${Math.min(99.9, Math.floor(1000 * coverageShare) / 10)} % understood`;
}

function entryText(entry: EntryDiff, options: DiffTextOptions): string {
  const doubts = doubtLines(entry).map((line) => `  ${line}`);
  switch (entry.kind) {
    case 'compared':
      return comparisonText(entry.comparison, doubts, options);
    case 'added':
      return [headline(entry.after), '  added', ...doubts].join('\n');
    case 'removed':
      return [headline(entry.before), '  removed', ...doubts].join('\n');
    case 'unreadable':
      return [entry.name, ...unreadableText(entry).map((line) => `  ${line}`)].join('\n');
  }
}

function headline({ name, target, inputs }: ModelSnapshot): string {
  return `${name}${name === target ? '' : `  (${target})`}\n  input ${inputs.join(', ') || 'none'}`;
}

function comparisonText(comparison: ModelComparison, doubts: readonly string[], options: DiffTextOptions): string {
  const counts = layerCountsText(comparison);
  return [
    headline(comparison.after),
    ...comparisonNotes(comparison).map((note) => `  ${note}`),
    ...doubts,
    figureTable(comparison),
    ...(counts === '' ? [] : [`layers: ${counts}`]),
    ...layerLines(layerRows(comparison.layers), options),
  ].join('\n');
}

function figureTable(comparison: ModelComparison): string {
  const table = new Table({
    columns: [
      { name: 'figure', alignment: 'left' },
      { name: 'before', alignment: 'right' },
      { name: 'after', alignment: 'right' },
      { name: 'change', alignment: 'right' },
      { name: 'share', alignment: 'right' },
    ],
    style: PLAIN_TABLE,
    shouldDisableColors: true,
  });
  for (const { label, before, after, delta, share } of figureRows(comparison)) {
    table.addRow({ figure: label, before, after, change: delta, share });
  }
  // The table pads its last column.
  return table.render().replace(/ +$/gm, '');
}

const COLORS = { '+': 32, '-': 31, '~': 33, '>': 36 } as const;

function layerLines(rows: readonly LayerRow[], { hasColors }: DiffTextOptions): readonly string[] {
  const nameWidth = Math.min(MAX_NAME_WIDTH, Math.max(0, ...rows.map(({ name }) => name.length)));
  const opWidth = Math.max(0, ...rows.map(({ op }) => op.length));
  return rows.map(({ sign, name, op, detail, place }) => {
    const at = place === undefined ? '' : `  ${place.file}:${place.line}`;
    const line = `  ${sign} ${name.padEnd(nameWidth)}  ${op.padEnd(opWidth)}  ${detail}${at}`.trimEnd();
    return hasColors ? `\u001b[${COLORS[sign]}m${line}\u001b[0m` : line;
  });
}

const MAX_NAME_WIDTH = 60;
