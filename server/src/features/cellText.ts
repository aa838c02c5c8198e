/**
 * How predictions of cells read: "93.12 %", "92.5 to 93.7 %", "≈ 7.9 ms pixel3 (7.4 to 8.4 ms)", and which latency is shown.
 */
import type { CellReports, CellSummary } from '../analysis/cellReports.ts';
import { formatLatencyMs, significant } from '../base/format.ts';
import type { Dataset } from '../frontends/nasCell/network/datasets.ts';
import type { NearestCell } from '../predictor/referenceCells.ts';
import type { Prediction } from '../predictor/prediction.ts';
import { latencyText } from './figureText.ts';

export interface CellOptions {
  /** That the network is built for; undefined where nobody named one. */
  readonly dataset: Dataset | undefined;
  /** The target device, whose roofline is known. */
  readonly deviceId: string;
  /** A device that cells were measured on, such as "pixel3"; undefined: the target device, if it is one of them. */
  readonly measuredId: string | undefined;
}

export const SPACE_NAMES: Readonly<Record<CellSummary['space'], string>> = {
  'nas-bench-201': 'NAS-Bench-201 cell',
  'nas-bench-101': 'NAS-Bench-101 cell',
  darts: 'DARTS cell',
};

export function percentText(value: number): string {
  return `${significant(value, 4)} %`;
}

/** "92.5 to 93.7 %" */
export function percentInterval({ low, high }: Prediction): string {
  return `${significant(low, 4)} to ${percentText(high)}`;
}

export function latencyInterval({ low, high }: Prediction): string {
  return `${formatLatencyMs(low)} to ${formatLatencyMs(high)}`;
}

/** How often intervals covered the true value of cells that were held out: "96 %". */
export function coverageText({ coverage }: Prediction): string {
  return `${(100 * coverage).toFixed(0)} %`;
}

/** "distance 0.04 (0: the same function, 1: as two cells at random)", from the nearest cell of the training. */
export function distanceText({ distance }: NearestCell): string {
  return `distance ${distance.toFixed(2)} (0: the same function, 1: as two cells at random)`;
}

/** The latency of lenses: predicted where cells were measured on the device, else the roofline; either says which. */
export function cellLatencyText(
  summary: CellSummary,
  reports: Pick<CellReports, 'roofline'>,
  text: string,
  { dataset, deviceId, measuredId = deviceId }: CellOptions,
): string | undefined {
  const predicted = summary.latencyMs.get(measuredId);
  if (predicted !== undefined) {
    return `≈ ${formatLatencyMs(predicted.value)} ${measuredId} (predicted, ${latencyInterval(predicted)})`;
  }
  const roofline = reports.roofline(text, dataset, deviceId);
  return roofline === undefined ? undefined : `${latencyText(roofline)} ${deviceId} (roofline)`;
}
