/**
 * What a budget can limit, in one table: where a snapshot keeps the figure, how it reads, and which rule it is.
 * { kind: 'latency', deviceId: 't4', estimate: 'roofline' } -> "latency on t4 (roofline)", rule "budget-latency"
 */
import { formatBytes, formatCount, formatLatencyMs } from '../base/format.ts';
import type { Budget, Metric } from '../configuration/configuration.ts';
import type { KnownFigure, MissingReasons, ModelSnapshot, SnapshotLatency, SnapshotTotals } from './snapshot.ts';

export type CountMetricKind = Exclude<Metric['kind'], 'latency' | 'accuracy'>;

interface CountMetric {
  readonly key: keyof SnapshotTotals;
  readonly label: string;
  readonly rule: string;
  readonly format: (value: number) => string;
}

export const COUNT_METRICS: Readonly<Record<CountMetricKind, CountMetric>> = {
  params: { key: 'paramCount', label: 'parameters', rule: 'params', format: formatCount },
  macs: { key: 'macs', label: 'MACs', rule: 'macs', format: formatCount },
  weights: { key: 'weightBytes', label: 'weights', rule: 'weights', format: formatBytes },
  activations: { key: 'activationBytes', label: 'activations', rule: 'activations', format: formatBytes },
  peakMemory: { key: 'peakMemoryBytes', label: 'peak memory', rule: 'peak-memory', format: formatBytes },
};

/** "parameters", "latency on t4 (roofline)", "accuracy on imagenet-top1". */
export function metricLabel(metric: Metric): string {
  if (metric.kind === 'latency') return `latency on ${metric.deviceId} (${metric.estimate})`;
  if (metric.kind === 'accuracy') return `accuracy on ${metric.dataset} (predicted)`;
  return COUNT_METRICS[metric.kind].label;
}

/** "budget-peak-memory" for a limit, "growth-peak-memory" for a growth. */
export function budgetRule({ kind, metric }: Pick<Budget, 'kind' | 'metric'>): string {
  const name = metric.kind === 'latency' || metric.kind === 'accuracy' ? metric.kind : COUNT_METRICS[metric.kind].rule;
  return `${kind === 'limit' ? 'budget' : 'growth'}-${name}`;
}

/** The figure in the metric's own unit: counts, MACs, bytes, ms, a share from 0 to 1. */
export function figureOf(snapshot: ModelSnapshot, metric: Metric): KnownFigure {
  if (metric.kind === 'accuracy') return snapshot.accuracy.find(({ dataset }) => dataset === metric.dataset)?.value;
  if (metric.kind === 'latency') return latencyFigure(snapshot.latency, metric);
  return snapshot.totals[COUNT_METRICS[metric.kind].key];
}

export function latencyFigure(
  latency: readonly SnapshotLatency[],
  { deviceId, estimate }: Extract<Metric, { readonly kind: 'latency' }>,
): KnownFigure {
  const found = latency.find((each) => each.deviceId === deviceId);
  if (estimate === 'roofline') return found?.rooflineMs;
  return estimate === 'predicted' ? found?.predictedMs : found?.upperMs;
}

/** Why a model has no such figure. */
export function missingReason(
  metric: Metric,
  { latency }: Pick<ModelSnapshot, 'latency'>,
  missing: MissingReasons,
): string {
  if (metric.kind === 'accuracy') return `there is no accuracy on ${metric.dataset} for this model`;
  if (metric.kind !== 'latency') return missing[COUNT_METRICS[metric.kind].key] ?? 'it could not be computed';
  if (!latency.some(({ deviceId }) => deviceId === metric.deviceId)) {
    return `there is no latency on "${metric.deviceId}"`;
  }
  if (metric.estimate !== 'roofline') return 'there is no prediction for this model';
  return missing.latency ?? 'it could not be computed';
}

/** "5.2M", "44.6 MiB", "2.9 ms", "69.8 %". */
export function formatFigure(metric: Metric, value: number): string {
  const sign = value < 0 ? '-' : '';
  return `${sign}${formatSize(metric, Math.abs(value))}`;
}

function formatSize(metric: Metric, value: number): string {
  if (metric.kind === 'latency') return formatLatencyMs(value);
  if (metric.kind === 'accuracy') return formatShare(value);
  return COUNT_METRICS[metric.kind].format(value);
}

/** Every digit, where two figures read alike when they are rounded: "5,000,001". */
export function formatExactly(metric: Metric, value: number): string {
  if (metric.kind === 'latency') return `${value} ms`;
  if (metric.kind === 'accuracy') return `${100 * value} %`;
  const unit = { params: '', macs: '', weights: ' B', activations: ' B', peakMemory: ' B' }[metric.kind];
  return `${value.toLocaleString('en-US')}${unit}`;
}

/** Two figures to compare, with as many digits as tell them apart. */
export function formatPair(metric: Metric, left: number, right: number): readonly [string, string] {
  const rounded = [formatFigure(metric, left), formatFigure(metric, right)] as const;
  if (left === right || rounded[0] !== rounded[1]) return rounded;
  return [formatExactly(metric, left), formatExactly(metric, right)];
}

/** 0.042 -> "4.2 %"; 12.5 -> "1250 %"; 2e-7 -> "< 0.001 %". */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent !== 0 && Math.abs(percent) < 0.001) return '< 0.001 %';
  const digits = Math.abs(percent) >= 100 || percent === 0 ? 0 : Math.abs(percent) >= 0.1 ? 1 : 3;
  return `${Number(percent.toFixed(digits))} %`;
}
