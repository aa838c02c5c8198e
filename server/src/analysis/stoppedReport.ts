/**
 * What is shown of a model whose analysis was stopped: no figures, and a problem at its name that says why.
 * "The analysis of `Net` was stopped: it took longer than 5 s."
 */
import { textProblem, wholeProblem, type Problem } from '../base/problems.ts';
import type { SourceRange } from '../base/text.ts';
import { emptyReport } from './buildReport.ts';
import type { Entry, Report } from './report.ts';
import type { Finished } from './sharedTime.ts';

export function stoppedReport(state: Finished, entry: Entry): Report {
  return emptyReport(entry, [stoppedProblem(state, entry.name, entry.range, entry.file)], []);
}

export function stoppedProblem(
  state: Finished,
  name: string,
  range: SourceRange | undefined,
  file: string | undefined = range?.file,
): Problem {
  const why = state.kind === 'failed' ? state.message : 'it gave no answer';
  const message = `The analysis of \`${name}\` was stopped: ${why}.`;
  return range === undefined
    ? wholeProblem('execution-bound', 'warning', message, file)
    : textProblem('execution-bound', 'warning', message, range);
}
