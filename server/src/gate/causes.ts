/**
 * Which layers a figure comes from: the costliest of each metric with their share, and for a growth those that grew.
 * resnet18, parameters -> layer4.0.conv2 2,359,296 (20.2 %), layer4.1.conv1 2,359,296 (20.2 %), ...
 */
import type { Figure, LayerReport, Report } from '../analysis/report.ts';
import type { Metric } from '../configuration/configuration.ts';
import { COUNT_METRICS, latencyFigure } from './metric.ts';
import { matchLayers } from './matchLayers.ts';
import type { Place, Placer } from './place.ts';
import type { KnownFigure, ModelSnapshot, SnapshotLayer } from './snapshot.ts';

export interface Cause {
  /** "layer4.0.conv2" */
  readonly layer: string;
  readonly op: string;
  /** In the metric's own unit; of a growth, by how much it grew. */
  readonly value: number;
  /** Of the model's figure, or of its growth, from 0 to 1. */
  readonly share: number;
  readonly place: Place | undefined;
}

/** SARIF viewers show ten related places, and nobody reads more. */
const MOST_CAUSES = 10;

type Costliest = Readonly<Record<string, readonly Cause[]>>;

/** Key of a metric in ModelDigest.costliest; undefined where layers do not add up to it. */
export function causeKey(metric: Metric): string | undefined {
  if (metric.kind === 'accuracy') return undefined;
  return metric.kind === 'latency' ? `latency ${metric.deviceId}` : COUNT_METRICS[metric.kind].key;
}

export function costliestLayers(report: Report, placer: Placer): Costliest {
  const { totals, layers } = report;
  const of = (total: Figure | undefined, figureOf: (layer: LayerReport) => Figure | undefined): readonly Cause[] =>
    typeof total === 'number' ? costliest(layers, total, figureOf, placer) : [];
  return {
    paramCount: of(totals.paramCount, ({ paramCount }) => paramCount),
    macs: of(totals.macs, ({ work }) => work.macs),
    weightBytes: of(totals.weightBytes, ({ weightBytes }) => weightBytes),
    activationBytes: of(totals.activationBytes, ({ activationBytes }) => activationBytes),
    peakMemoryBytes: of(totals.peakMemoryBytes, ({ peakMemoryBytes }) => peakMemoryBytes),
    ...Object.fromEntries(
      report.latency.map(({ deviceId, rooflineMs }) => [
        `latency ${deviceId}`,
        of(rooflineMs, ({ latency }) => latency.find((each) => each.deviceId === deviceId)?.rooflineMs),
      ]),
    ),
  };
}

function costliest(
  layers: readonly LayerReport[],
  total: number,
  figureOf: (layer: LayerReport) => Figure | undefined,
  placer: Placer,
): readonly Cause[] {
  return layers
    .flatMap((layer) => {
      const value = figureOf(layer);
      return typeof value === 'number' && value > 0 ? [{ layer, value }] : [];
    })
    .sort((a, b) => b.value - a.value)
    .slice(0, MOST_CAUSES)
    .map(({ layer, value }) => ({
      layer: layer.name,
      op: layer.op,
      value,
      share: value / total,
      place: placer.placeOf(layer.range),
    }));
}

/** Layers that cost more than in the baseline; what is new there grew by all it costs. */
export function grownLayers(metric: Metric, snapshot: ModelSnapshot, baseline: ModelSnapshot): readonly Cause[] {
  const grown = matchLayers(baseline.layers, snapshot.layers).flatMap(({ before, after }) => {
    const layer = after === undefined ? undefined : snapshot.layers[after];
    if (layer === undefined) return [];
    const old = before === undefined ? undefined : baseline.layers[before];
    const value = layerFigure(metric, layer);
    const oldValue = old === undefined ? 0 : layerFigure(metric, old);
    if (value === undefined || oldValue === undefined || value <= oldValue) return [];
    return [{ layer, value: value - oldValue }];
  });
  const total = grown.reduce((sum, { value }) => sum + value, 0);
  return grown
    .sort((a, b) => b.value - a.value)
    .slice(0, MOST_CAUSES)
    .map(({ layer: { name, op, place }, value }) => ({ layer: name, op, value, share: value / total, place }));
}

/** Undefined for the metrics that a snapshot does not keep by layer. */
function layerFigure(metric: Metric, layer: SnapshotLayer): KnownFigure {
  if (metric.kind === 'params') return layer.paramCount;
  if (metric.kind === 'macs') return layer.macs;
  return metric.kind === 'latency' ? latencyFigure(layer.latency, metric) : undefined;
}
