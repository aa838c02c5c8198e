/**
 * One lens over each line with NAS cells, for the first of them:
 * "NAS-Bench-201 cell · 802.4K params · 113.9 MMACs · cifar10 ≈ 93.12 % (92.4 to 93.9 %) · ≥ 0.05 ms t4 (roofline)".
 */
import type { CellReports } from '../analysis/cellReports.ts';
import { formatCount, formatMacs } from '../base/format.ts';
import type { LineIndex, TextRange } from '../base/text.ts';
import { cellLatencyText, percentInterval, percentText, SPACE_NAMES, type CellOptions } from './cellText.ts';

/** Lines that get a lens: an editor lays out all lenses of a file, in view or not. */
export const CELL_LENS_LIMIT = 1000;

export interface CellLens {
  readonly range: TextRange;
  /** Cells behind the last lens, which have hints and hovers alone. */
  readonly withoutLens: number;
}

/** Without titles: those are made when a lens comes into view. */
export function cellLenses(cells: readonly TextRange[], lines: LineIndex): readonly CellLens[] {
  const lenses: CellLens[] = [];
  let lastLine = -1;
  for (const [index, range] of cells.entries()) {
    const { line } = lines.position(range.start);
    if (line === lastLine) continue;
    lastLine = line;
    const isLast = lenses.length === CELL_LENS_LIMIT - 1;
    lenses.push({ range, withoutLens: isLast ? cells.length - index - 1 : 0 });
    if (isLast) break;
  }
  return lenses;
}

export function cellLensTitle(
  text: string,
  reports: CellReports,
  options: CellOptions,
  { withoutLens }: Pick<CellLens, 'withoutLens'>,
): string {
  const summary = reports.summary(text, options.dataset);
  const rest = withoutLens === 0 ? [] : [`lenses end here: ${withoutLens} more cells have hints and hovers`];
  if (summary.kind === 'problem') {
    const [first] = summary.problems;
    return [`? · ${first?.message ?? 'no cell'}`, ...rest].join(' · ');
  }
  const id = summary.datasetId;
  const accuracy = summary.accuracy.get(id);
  const latency = cellLatencyText(summary, reports, text, options);
  return [
    SPACE_NAMES[summary.space],
    `${formatCount(summary.paramCount)} params`,
    formatMacs(summary.macs),
    accuracy === undefined
      ? `accuracy not predicted (network for ${id})`
      : `${id} ≈ ${percentText(accuracy.value)} (${percentInterval(accuracy)})`,
    ...(latency === undefined ? [] : [latency]),
    ...rest,
  ].join(' · ');
}
