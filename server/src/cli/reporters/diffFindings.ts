/**
 * What a comparison found, one sentence each, in order: what GitHub's annotations, SARIF and JUnit show of it.
 * -> note model-changed "student: parameters 11.69M -> 11.72M (+0.3 %)" at the first layer that was added or changed
 */
import { figureRows, layerRows, type FigureRow } from '../../features/changeText.ts';
import { entryName, isFailure, isUnchanged, type DiffReport, type EntryDiff } from '../../gate/diffReport.ts';
import type { PlacedProblem } from '../../gate/modelDigest.ts';
import type { Place } from '../../gate/place.ts';
import { SHARED_RULES, type Rule } from '../../gate/rules.ts';
import { problemText } from '../../gate/modelDigest.ts';
import { comparisonNotes, doubtLines, unreadableText } from './diffText.ts';
import type { SarifFinding } from './sarifLog.ts';

export const DIFF_RULES: readonly Rule[] = [
  {
    id: 'model-changed',
    title: 'What the model costs changed',
    help: 'Its figures or its layers differ between the two versions. The finding names the layers that changed.',
    level: 'note',
  },
  { id: 'model-added', title: 'The model is new', help: 'The older version has no such model.', level: 'note' },
  { id: 'model-removed', title: 'The model is gone', help: 'The newer version has no such model.', level: 'note' },
  ...SHARED_RULES,
];

/** Models that did not change are no finding. */
export function diffFindings({ problems, entries }: DiffReport): readonly SarifFinding[] {
  return [...problems.map(problemFinding), ...entries.filter((entry) => !isUnchanged(entry)).map(entryFinding)];
}

function problemFinding(problem: PlacedProblem): SarifFinding {
  const { code, severity, message, place } = problem;
  return {
    rule: code === 'submodule-not-read' ? 'unreadable-base' : 'configuration',
    level: severity === 'information' ? 'note' : severity,
    message: problemText({ ...problem, place: undefined }),
    place,
    identity: `${code}/${message}`,
    related: [],
  };
}

export function entryFinding(entry: EntryDiff): SarifFinding {
  const name = entryName(entry);
  const rule = ruleOf(entry);
  return {
    rule,
    level: isFailure(entry) ? 'error' : entry.kind === 'unreadable' ? 'warning' : 'note',
    message: `${name}: ${entryText(entry)}`,
    place: placeOf(entry),
    identity: `${name}/${rule}`,
    related: relatedPlaces(entry),
  };
}

function ruleOf(entry: EntryDiff): string {
  if (entry.kind === 'unreadable') {
    return entry.problems.some(({ code }) => code === 'internal-error') ? 'internal-error' : 'unreadable-model';
  }
  if (isFailure(entry)) return 'unknown-model';
  return { compared: 'model-changed', added: 'model-added', removed: 'model-removed' }[entry.kind];
}

function entryText(entry: EntryDiff): string {
  switch (entry.kind) {
    case 'compared': {
      const changed = figureRows(entry.comparison).filter(({ before, after }) => before !== after);
      const what = [...doubtLines(entry), ...comparisonNotes(entry.comparison), ...changed.map(figureText)];
      return what.length === 0 ? 'its layers changed, its figures did not' : what.join(', ');
    }
    case 'added':
    case 'removed':
      return [entry.kind, ...doubtLines(entry)].join(', ');
    case 'unreadable':
      return unreadableText(entry).join(' ');
  }
}

/** "parameters 11.69M -> 11.72M (+0.3 %)", "weights 15.6 KiB, unchanged" */
export function figureText({ label, before, after, share }: FigureRow): string {
  if (before === after) return `${label} ${after}, unchanged`;
  return `${label} ${before} -> ${after}${share === '' ? '' : ` (${share})`}`;
}

/** The first layer that was added or changed is where the change was written. */
function placeOf(entry: EntryDiff): Place | undefined {
  if (entry.kind === 'unreadable') return entry.problems.find(({ place }) => place !== undefined)?.place;
  const doubted = entry.doubts.after.find(({ place }) => place !== undefined)?.place;
  if (doubted !== undefined) return doubted;
  if (entry.kind === 'added') return entry.after.layers.find(({ place }) => place !== undefined)?.place;
  if (entry.kind !== 'compared') return undefined;
  const places = entry.comparison.layers.flatMap((change) =>
    change.kind === 'removed' ? [] : (change.after.place ?? []),
  );
  return places.find(({ isOutside }) => isOutside !== true);
}

/** Places of removed layers are the older version's: nobody finds them in the newer one. */
function relatedPlaces(entry: EntryDiff): SarifFinding['related'] {
  if (entry.kind !== 'compared') return [];
  return layerRows(entry.comparison.layers).flatMap(({ sign, name, detail, place }) =>
    sign === '-' ? [] : [{ place, text: `${sign} ${name}: ${detail}` }],
  );
}
