/**
 * Problems of the cells of one file at their places: "max_pool_3x3" under the squiggle, "is no operation of NAS-Bench-201; ...".
 * A text may well hold a wrong cell on purpose, so they are warnings.
 */
import type { CellReports } from '../analysis/cellReports.ts';
import type { FoundCells } from '../frontends/nasCell/findCells.ts';
import type { Diagnostic } from './diagnostics.ts';

/** Problems that are listed; an editor shows no more of them either. */
const DIAGNOSTIC_LIMIT = 500;

export function cellDiagnostics(
  text: string,
  { cells, searchedTo }: FoundCells,
  file: string,
  reports: Pick<CellReports, 'problems'>,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const cell of cells) {
    for (const { code, severity, message, range } of reports.problems(text.slice(cell.start, cell.end))) {
      if (found.length >= DIAGNOSTIC_LIMIT) return [...found, listEnd(file, cell.start)];
      found.push({
        range: { kind: 'text', file, start: cell.start + range.start, end: cell.start + range.end },
        code,
        severity: severity === 'error' ? 'warning' : severity,
        message,
      });
    }
  }
  const last = cells.at(-1);
  if (searchedTo >= text.length || last === undefined) return found;
  const message = `NAS cells are shown up to here: the file has ${text.length} characters, and the first ${searchedTo} are searched`;
  return [...found, note(file, last.start, message)];
}

function listEnd(file: string, start: number): Diagnostic {
  return note(file, start, `${DIAGNOSTIC_LIMIT} problems of NAS cells are listed; there are more from here on`);
}

function note(file: string, start: number, message: string): Diagnostic {
  const range = { kind: 'text', file, start, end: start + 1 } as const;
  return { range, code: 'nas-cell-limit', severity: 'information', message };
}
