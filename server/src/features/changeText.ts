/**
 * How changes read, the same in terminal, Markdown and editor: "11.69M -> 11.72M", "+30.1K", "+0.3 %", "?" for unknown.
 */
import type { Metric } from '../configuration/configuration.ts';
import type { FigureChange, LayerAspect, LayerChange, ModelComparison } from '../gate/compareModels.ts';
import { COUNT_METRICS, formatFigure, formatPair, formatShare, type CountMetricKind } from '../gate/metric.ts';
import { renameRuns, type RenameRun } from '../gate/renameRuns.ts';
import type { SnapshotLayer } from '../gate/snapshot.ts';

/** One figure of a model in two versions, in words. */
export interface FigureRow {
  readonly metric: Metric;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** "+30.1K"; empty where it did not change. */
  readonly delta: string;
  /** "+0.3 %"; empty where it did not change or has no share. */
  readonly share: string;
  readonly change: FigureChange;
}

/** Rows of all figures that are known in either version. */
export function figureRows(comparison: ModelComparison): readonly FigureRow[] {
  const counts = COUNT_KINDS.map((kind) => figureRow({ kind }, comparison.totals[COUNT_METRICS[kind].key]));
  const latency = comparison.latency.flatMap(({ deviceId, rooflineMs, predictedMs, upperMs }) => [
    figureRow({ kind: 'latency', deviceId, estimate: 'roofline' }, rooflineMs),
    ...[
      figureRow({ kind: 'latency', deviceId, estimate: 'predicted' }, predictedMs),
      figureRow({ kind: 'latency', deviceId, estimate: 'upper' }, upperMs),
    ].filter(({ change }) => change.before !== undefined || change.after !== undefined),
  ]);
  const accuracy = comparison.accuracy.map(({ dataset, change }) => figureRow({ kind: 'accuracy', dataset }, change));
  return [...counts, ...latency, ...accuracy];
}

const COUNT_KINDS: readonly CountMetricKind[] = ['params', 'macs', 'weights', 'activations', 'peakMemory'];

export function figureRow(metric: Metric, change: FigureChange): FigureRow {
  const [before, after] = pairText(metric, change);
  return { metric, label: rowLabel(metric), before, after, ...differenceText(metric, change), change };
}

/** "rtx-4090, at least": a roofline is a lower bound, and says so. */
function rowLabel(metric: Metric): string {
  if (metric.kind === 'latency') {
    const estimates = { roofline: 'at least', predicted: 'predicted', upper: 'at most' };
    return `${metric.deviceId}, ${estimates[metric.estimate]}`;
  }
  return metric.kind === 'accuracy' ? `accuracy, ${metric.dataset}` : COUNT_METRICS[metric.kind].label;
}

function pairText(metric: Metric, { before, after }: FigureChange): readonly [string, string] {
  if (before !== undefined && after !== undefined) return formatPair(metric, before, after);
  const text = (value: number | undefined): string => (value === undefined ? '?' : formatFigure(metric, value));
  return [text(before), text(after)];
}

function differenceText(
  metric: Metric,
  { delta, share }: FigureChange,
): { readonly delta: string; readonly share: string } {
  if (delta === undefined || delta === 0) return { delta: '', share: '' };
  const sign = delta > 0 ? '+' : '-';
  const size = share === undefined ? '' : formatShare(Math.abs(share));
  return {
    delta: `${sign}${formatFigure(metric, Math.abs(delta))}`,
    share: size === '' ? '' : size.startsWith('<') ? size : `${sign}${size}`,
  };
}

/** One line about a layer. */
export interface LayerRow {
  readonly sign: '+' | '-' | '~' | '>';
  /** "layer1.0.conv1", or "layer1.0.conv1 -> stage1.0.conv1" */
  readonly name: string;
  readonly op: string;
  /** What it costs, or what changed: "params 9.4K -> 4.7K". */
  readonly detail: string;
  readonly place: SnapshotLayer['place'];
}

/** Layers in order, renames last, together where they are one. */
export function layerRows(layers: readonly LayerChange[]): readonly LayerRow[] {
  const renames = layers.flatMap((change) =>
    change.kind === 'renamed' ? [{ before: change.before.name, after: change.after.name }] : [],
  );
  return [...layers.flatMap((change) => layerRow(change) ?? []), ...renameRuns(renames).map(runRow)];
}

function layerRow(change: LayerChange): LayerRow | undefined {
  switch (change.kind) {
    case 'added':
      return plainRow('+', change.after);
    case 'removed':
      return plainRow('-', change.before);
    case 'renamed':
      return undefined;
    case 'changed': {
      const { before, after, aspects } = change;
      return {
        sign: '~',
        name: before.name === after.name ? after.name : `${before.name} -> ${after.name}`,
        op: aspects.includes('op') ? `${before.op} -> ${after.op}` : after.op,
        detail: changeDetail(before, after, aspects),
        place: after.place,
      };
    }
  }
}

function plainRow(sign: '+' | '-', layer: SnapshotLayer): LayerRow {
  const { name, op, outputShapes, paramCount, macs, callCount, place } = layer;
  const figures = [
    ...(callCount === 0 ? ['never called'] : outputShapes.length === 0 ? [] : [outputShapes.join(', ')]),
    ...(paramCount === 0 ? [] : [`${figureText({ kind: 'params' }, paramCount)} params`]),
    ...(macs === 0 ? [] : [`${figureText({ kind: 'macs' }, macs)} MACs`]),
  ];
  return { sign, name, op, detail: figures.join(', '), place };
}

function changeDetail(before: SnapshotLayer, after: SnapshotLayer, aspects: readonly LayerAspect[]): string {
  const texts = aspects.flatMap((aspect) => aspectText(aspect, before, after) ?? []);
  // What does not run has neither shape nor MACs.
  if (after.callCount === 0) return before.callCount === 0 ? texts.join(', ') : 'never called now';
  return before.callCount === 0 ? 'called now, and was not' : texts.join(', ');
}

/** The op stands in its own column. */
function aspectText(aspect: LayerAspect, before: SnapshotLayer, after: SnapshotLayer): string | undefined {
  switch (aspect) {
    case 'op':
      return undefined;
    case 'shape':
      return `${before.outputShapes.join(', ')} -> ${after.outputShapes.join(', ')}`;
    case 'params':
      return `params ${layerPair({ kind: 'params' }, before.paramCount, after.paramCount)}`;
    case 'macs':
      return `MACs ${layerPair({ kind: 'macs' }, before.macs, after.macs)}`;
    case 'calls':
      return `calls ${before.callCount} -> ${after.callCount}`;
  }
}

function layerPair(metric: Metric, before: number | undefined, after: number | undefined): string {
  return pairText(metric, { before, after, delta: undefined, share: undefined }).join(' -> ');
}

function figureText(metric: Metric, value: number | undefined): string {
  return value === undefined ? '?' : formatFigure(metric, value);
}

function runRow({ from, to, layerCount }: RenameRun): LayerRow {
  const part = ([first, last]: RenameRun['from']): string => (first === last ? first : `${first} … ${last}`);
  const detail = layerCount === 1 ? 'renamed' : `${layerCount} layers renamed`;
  return { sign: '>', name: `${part(from)} -> ${part(to)}`, op: '', detail, place: undefined };
}

/** "12 added, 1 changed, 24 renamed, 40 the same" */
export function layerCountsText({ layers, sameLayerCount }: ModelComparison): string {
  const words = ['added', 'removed', 'changed', 'renamed'] as const;
  const counts = words.map((kind) => [layers.filter((change) => change.kind === kind).length, kind] as const);
  return [...counts, [sameLayerCount, 'the same'] as const]
    .flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]))
    .join(', ');
}
