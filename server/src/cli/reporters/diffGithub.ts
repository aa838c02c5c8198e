/**
 * A comparison as workflow commands of GitHub Actions: a notice at each model that changed, an error at each that cannot
 * be read. "::notice file=models/net.py,line=12,title=Layer Cost::student: parameters 11.69M -> 11.72M (+0.3 %)"
 */
import { figureRows } from '../../features/changeText.ts';
import { isFailure, isUnchanged, type DiffReport, type EntryDiff } from '../../gate/diffReport.ts';
import type { Place } from '../../gate/place.ts';
import { comparisonNotes, doubtLines, diffSummary, problemText, unreadableText } from './diffText.ts';
import { workflowCommand, messageText } from './workflowCommand.ts';

export function diffToGithub(report: DiffReport): string {
  const problems = report.problems.map((problem) =>
    workflowCommand(
      problem.severity === 'error' ? 'error' : 'warning',
      'Layer Cost',
      problemText(problem),
      problem.place,
    ),
  );
  const entries = report.entries.filter((entry) => !isUnchanged(entry)).map(entryCommand);
  return [...problems, ...entries, messageText(diffSummary(report)), ''].join('\n');
}

function entryCommand(entry: EntryDiff): string {
  const command = isFailure(entry) ? 'error' : 'notice';
  switch (entry.kind) {
    case 'compared': {
      const { comparison } = entry;
      const figures = figureRows(comparison)
        .filter(({ before, after }) => before !== after)
        .map(({ label, before, after, share }) => `${label} ${before} -> ${after}${share === '' ? '' : ` (${share})`}`);
      const what = [...doubtLines(entry), ...comparisonNotes(comparison), ...figures];
      const text = what.length === 0 ? 'its layers changed, its figures did not' : what.join(', ');
      return workflowCommand(command, 'Layer Cost', `${comparison.after.name}: ${text}`, placeOf(entry));
    }
    case 'added':
      return workflowCommand(
        command,
        'Layer Cost',
        [`${entry.after.name}: added`, ...doubtLines(entry)].join(', '),
        placeOf(entry),
      );
    case 'removed':
      return workflowCommand('notice', 'Layer Cost', `${entry.before.name}: removed`, undefined);
    case 'unreadable': {
      const text = `${entry.name}: ${unreadableText(entry).join(' ')}`;
      return workflowCommand(isFailure(entry) ? 'error' : 'warning', 'Layer Cost', text, placeOf(entry));
    }
  }
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
