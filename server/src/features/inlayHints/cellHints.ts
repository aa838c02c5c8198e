/**
 * Behind a NAS cell what it costs and how good it is said to be: "802.4K · 113.9 MMACs · ≈ 93.1 %".
 */
import type { CellOutcome } from '../../analysis/cellReports.ts';
import { formatCount, formatMacs, significant } from '../../base/format.ts';
import type { TextRange } from '../../base/text.ts';
import type { InlayHint } from './inlayHint.ts';

/** Undefined for what is no cell: its diagnostic says why. `text` is the whole file's. */
export function cellHint(text: string, range: TextRange, outcome: CellOutcome): InlayHint | undefined {
  if (outcome.kind === 'problem') return undefined;
  const { paramCount, macs, accuracy, datasetId } = outcome;
  const predicted = accuracy.get(datasetId);
  const parts = [
    formatCount(paramCount),
    formatMacs(macs),
    ...(predicted === undefined ? [] : [`≈ ${significant(predicted.value, 3)} %`]),
  ];
  // Behind the quotation mark, not between it and the cell.
  const offset = /["'`]/.test(text[range.end] ?? '') ? range.end + 1 : range.end;
  return { offset, kind: 'cell', text: parts.join(' · '), range };
}
