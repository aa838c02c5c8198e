/**
 * A comparison for a person at a terminal: for each model its figures before and after, then what became of its layers.
 */
import {
  coloredLine,
  joinPrinted,
  NOTHING,
  printedLines,
  printedText,
  type Printed,
} from '../../base/escaping/printed.ts';
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
import { printedTable } from './printedTable.ts';

export interface DiffTextOptions {
  readonly hasColors: boolean;
}

export function diffToText(report: DiffReport, options: DiffTextOptions): Printed {
  const unchanged = report.entries.filter(isUnchanged).map(entryName);
  const sections = [
    printedLines(report.problems.map(problemText)),
    ...report.entries.filter((entry) => !isUnchanged(entry)).map((entry) => entryText(entry, options)),
    unchanged.length === 0 ? NOTHING : printedLines([`unchanged: ${unchanged.join(', ')}`]),
    printedLines([diffSummary(report)]),
  ];
  return joinPrinted(
    sections.filter((section) => section !== ''),
    '\n',
  );
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

function entryText(entry: EntryDiff, options: DiffTextOptions): Printed {
  const doubts = doubtLines(entry).map((line) => `  ${line}`);
  switch (entry.kind) {
    case 'compared':
      return comparisonText(entry.comparison, doubts, options);
    case 'added':
      return printedLines([...headline(entry.after), '  added', ...doubts]);
    case 'removed':
      return printedLines([...headline(entry.before), '  removed', ...doubts]);
    case 'unreadable':
      return printedLines([entry.name, ...unreadableText(entry).map((line) => `  ${line}`)]);
  }
}

function headline({ name, target, inputs }: ModelSnapshot): readonly string[] {
  return [`${name}${name === target ? '' : `  (${target})`}`, `  input ${inputs.join(', ') || 'none'}`];
}

function comparisonText(comparison: ModelComparison, doubts: readonly string[], options: DiffTextOptions): Printed {
  const counts = layerCountsText(comparison);
  return joinPrinted([
    printedLines([...headline(comparison.after), ...comparisonNotes(comparison).map((note) => `  ${note}`), ...doubts]),
    figureTable(comparison),
    printedLines(counts === '' ? [] : [`layers: ${counts}`]),
    layerLines(layerRows(comparison.layers), options),
  ]);
}

function figureTable(comparison: ModelComparison): Printed {
  const table = printedTable(
    [
      { name: 'figure', alignment: 'left' },
      { name: 'before', alignment: 'right' },
      { name: 'after', alignment: 'right' },
      { name: 'change', alignment: 'right' },
      { name: 'share', alignment: 'right' },
    ],
    figureRows(comparison).map(({ label, before, after, delta, share }) => ({
      cells: { figure: label, before, after, change: delta, share },
    })),
  );
  // The table pads its last column.
  return printedText(`${table.replace(/ +$/gm, '')}\n`);
}

const COLORS = { '+': 32, '-': 31, '~': 33, '>': 36 } as const;

function layerLines(rows: readonly LayerRow[], { hasColors }: DiffTextOptions): Printed {
  const nameWidth = Math.min(MAX_NAME_WIDTH, Math.max(0, ...rows.map(({ name }) => name.length)));
  const opWidth = Math.max(0, ...rows.map(({ op }) => op.length));
  const lines = rows.map(({ sign, name, op, detail, place }) => {
    const at = place === undefined ? '' : `  ${place.file}:${place.line}`;
    const line = `  ${sign} ${name.padEnd(nameWidth)}  ${op.padEnd(opWidth)}  ${detail}${at}`.trimEnd();
    return joinPrinted([coloredLine(line, hasColors ? COLORS[sign] : undefined), printedText('\n')]);
  });
  return joinPrinted(lines);
}

const MAX_NAME_WIDTH = 60;
