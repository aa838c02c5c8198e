/**
 * How figures read in the editor: "9.4K", "118 MMACs", "≥ 0.11 ms", and "?" for what is unknown.
 */
import { formatBytes, formatCount, formatLatencyMs, formatMacs } from '../base/format.ts';
import type { Figure, RooflineLatency } from '../analysis/report.ts';
import { printDim, unknownReason } from '../graph/dim.ts';
import { printShape, type Shape, type ValueType } from '../graph/tensorType.ts';

export function countText(count: Figure): string {
  return figureText(count, formatCount);
}

/** "118 MMACs", "4*N MACs", "? MACs". */
export function macsText(macs: Figure): string {
  return typeof macs === 'number' ? formatMacs(macs) : `${figureText(macs, String)} MACs`;
}

export function bytesText(bytes: Figure): string {
  return typeof bytes === 'number' ? formatBytes(bytes) : `${figureText(bytes, String)} B`;
}

/** A roofline is a lower bound, and says so: "≥ 0.11 ms". */
export function latencyText({ rooflineMs }: RooflineLatency): string {
  return rooflineMs === undefined ? '? ms' : `≥ ${formatLatencyMs(rooflineMs)}`;
}

/** "1×64×112×112": with the sign for times, as in print. */
export function shapeText(shape: Shape | undefined): string {
  return printShape(shape, '×');
}

export function typeText(type: ValueType): string {
  return type.kind === 'tensor' ? shapeText(type.shape) : '?';
}

/** Why a figure is unknown, for hovers. */
export function reasonText(figures: readonly Figure[]): string | undefined {
  return figures.map((value) => unknownReason(value)).find((reason) => reason !== undefined);
}

function figureText(value: Figure, format: (value: number) => string): string {
  if (typeof value === 'number') return format(value);
  return unknownReason(value) === undefined ? printDim(value) : '?';
}
