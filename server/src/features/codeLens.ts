/**
 * One lens over each model with its totals:
 * "11.69M params · 1.814 GMACs · 44.6 MiB weights · ≥ 1.4 ms rtx-4090 · input 1×3×224×224 (assumed)".
 */
import type { TextRange } from '../base/text.ts';
import type { Report } from '../analysis/report.ts';
import { configurationName } from './givenText.ts';
import { bytesText, countText, latencyText, macsText, typeText } from './figureText.ts';
import type { EntryReport } from './entryReport.ts';

export interface Lens {
  readonly range: TextRange;
  readonly entryName: string;
  /** Undefined until the model is analysed, when its lens comes into view: the line is reserved, so that nothing jumps. */
  readonly title: string | undefined;
}

/** Of a model that takes longer than an answer may. */
export const PENDING_TITLE = 'calculating …';

/** One lens a line at the most: the first model there has it. */
export function codeLenses(entries: readonly EntryReport[], file: string, deviceId: string): readonly Lens[] {
  const taken = new Set<number>();
  return entries.flatMap(({ entry, report, isPending }) => {
    const { range } = entry;
    if (range?.file !== file || taken.has(range.start)) return [];
    taken.add(range.start);
    const pending = isPending === true ? PENDING_TITLE : undefined;
    return [{ range, entryName: entry.name, title: report === undefined ? pending : lensTitle(report, deviceId) }];
  });
}

export function lensTitle(report: Report, deviceId: string): string {
  const { totals, coverage, inputs } = report;
  if (coverage.totalNodes === 0 && report.problems.length > 0) {
    return `? · ${report.problems[0]?.message ?? 'not understood'}`;
  }
  const latency = report.latency.find((item) => item.deviceId === deviceId);
  return [
    `${countText(totals.paramCount)} params`,
    macsText(totals.macs),
    `${bytesText(totals.weightBytes)} weights`,
    ...(latency === undefined ? [] : [`${latencyText(latency)} ${deviceId}`]),
    `input ${inputs.map(({ type }) => typeText(type)).join(', ')}${inputSource(report)}`,
    ...(coverage.share < 1 ? [`${(100 * coverage.share).toFixed(0)} % understood`] : []),
  ].join(' · ');
}

/** Where the input is from, where it is not the file that says it. */
function inputSource({ entry: { configured }, assumptions }: Report): string {
  if (configured?.hasInput === true) return ` (${configurationName(configured)})`;
  return assumptions.some(({ kind }) => kind === 'input') ? ' (assumed)' : '';
}
