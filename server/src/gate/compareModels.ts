/**
 * One model in two versions: totals before and after, and what became of each layer.
 * compareModels(resnet18 at main, resnet18 at HEAD) -> params 11.69M -> 11.72M, + layer1.0.se, ~ conv1: params 9408 -> 4704.
 */
import { matchLayers } from './matchLayers.ts';
import type { KnownFigure, ModelSnapshot, SnapshotLatency, SnapshotLayer, SnapshotTotals } from './snapshot.ts';

/** A figure in two versions. */
export interface FigureChange {
  readonly before: KnownFigure;
  readonly after: KnownFigure;
  /** after - before; undefined where either is unknown. */
  readonly delta: KnownFigure;
  /** delta / before; undefined where that is unknown or `before` is 0. */
  readonly share: KnownFigure;
}

export interface LatencyChange {
  readonly deviceId: string;
  readonly rooflineMs: FigureChange;
  readonly predictedMs: FigureChange;
  readonly upperMs: FigureChange;
}

/** What is compared of a layer that stands in both versions. */
export type LayerAspect = 'op' | 'shape' | 'params' | 'macs' | 'calls';

export type LayerChange =
  | { readonly kind: 'added'; readonly after: SnapshotLayer }
  | { readonly kind: 'removed'; readonly before: SnapshotLayer }
  /** `aspects` is empty where only the name is another. */
  | {
      readonly kind: 'changed' | 'renamed';
      readonly before: SnapshotLayer;
      readonly after: SnapshotLayer;
      readonly aspects: readonly LayerAspect[];
    };

export interface ModelComparison {
  readonly before: ModelSnapshot;
  readonly after: ModelSnapshot;
  readonly totals: Readonly<Record<keyof SnapshotTotals, FigureChange>>;
  readonly latency: readonly LatencyChange[];
  readonly accuracy: readonly { readonly dataset: string; readonly change: FigureChange }[];
  /** In the order of execution; layers that are the same in both versions are only counted. */
  readonly layers: readonly LayerChange[];
  readonly sameLayerCount: number;
  /** Whether the two were given inputs of other shapes, so that more changed than the code. */
  readonly hasOtherInputs: boolean;
  /** Whether nothing that is compared differs. */
  readonly isSame: boolean;
}

export function compareModels(before: ModelSnapshot, after: ModelSnapshot): ModelComparison {
  const pairs = matchLayers(before.layers, after.layers);
  const changes = pairs.map((pair) => layerChange(at(before.layers, pair.before), at(after.layers, pair.after)));
  const layers = changes.flatMap((change) => change ?? []);
  const totals = totalChanges(before.totals, after.totals);
  const latency = latencyChanges(before.latency, after.latency);
  const accuracy = accuracyChanges(before, after);
  const hasOtherInputs = before.inputs.join('\n') !== after.inputs.join('\n');
  const figures = [
    ...Object.values(totals),
    ...latency.flatMap(({ rooflineMs, predictedMs, upperMs }) => [rooflineMs, predictedMs, upperMs]),
    ...accuracy.map(({ change }) => change),
  ];
  return {
    before,
    after,
    totals,
    latency,
    accuracy,
    layers,
    sameLayerCount: changes.length - layers.length,
    hasOtherInputs,
    isSame:
      layers.length === 0 &&
      !hasOtherInputs &&
      before.coverageShare === after.coverageShare &&
      figures.every((change) => change.before === change.after),
  };
}

export function figureChange(before: KnownFigure, after: KnownFigure): FigureChange {
  const delta = before === undefined || after === undefined ? undefined : after - before;
  const share = delta === undefined || before === undefined || before === 0 ? undefined : delta / before;
  return { before, after, delta, share };
}

function totalChanges(before: SnapshotTotals, after: SnapshotTotals): ModelComparison['totals'] {
  return {
    paramCount: figureChange(before.paramCount, after.paramCount),
    macs: figureChange(before.macs, after.macs),
    weightBytes: figureChange(before.weightBytes, after.weightBytes),
    activationBytes: figureChange(before.activationBytes, after.activationBytes),
    peakMemoryBytes: figureChange(before.peakMemoryBytes, after.peakMemoryBytes),
  };
}

/** By the devices of `after`: those that only `before` was asked for say nothing of a change. */
function latencyChanges(
  before: readonly SnapshotLatency[],
  after: readonly SnapshotLatency[],
): readonly LatencyChange[] {
  const known = new Map(before.map((latency) => [latency.deviceId, latency]));
  return after.map(({ deviceId, rooflineMs, predictedMs, upperMs }) => {
    const old = known.get(deviceId);
    return {
      deviceId,
      rooflineMs: figureChange(old?.rooflineMs, rooflineMs),
      predictedMs: figureChange(old?.predictedMs, predictedMs),
      upperMs: figureChange(old?.upperMs, upperMs),
    };
  });
}

function accuracyChanges(before: ModelSnapshot, after: ModelSnapshot): ModelComparison['accuracy'] {
  const known = new Map(before.accuracy.map(({ dataset, value }) => [dataset, value]));
  return after.accuracy.map(({ dataset, value }) => ({ dataset, change: figureChange(known.get(dataset), value) }));
}

/** Undefined where nothing that is compared differs. */
function layerChange(before: SnapshotLayer | undefined, after: SnapshotLayer | undefined): LayerChange | undefined {
  if (before === undefined) return after === undefined ? undefined : { kind: 'added', after };
  if (after === undefined) return { kind: 'removed', before };
  const aspects = ASPECTS.filter((aspect) => valueOf(before, aspect) !== valueOf(after, aspect));
  if (aspects.length > 0) return { kind: 'changed', before, after, aspects };
  return before.name === after.name ? undefined : { kind: 'renamed', before, after, aspects };
}

const ASPECTS: readonly LayerAspect[] = ['op', 'shape', 'params', 'macs', 'calls'];

function valueOf(layer: SnapshotLayer, aspect: LayerAspect): string | KnownFigure {
  switch (aspect) {
    case 'op':
      return layer.op;
    case 'shape':
      return layer.outputShapes.join(', ');
    case 'params':
      return layer.paramCount;
    case 'macs':
      return layer.macs;
    case 'calls':
      return layer.callCount;
  }
}

function at(layers: readonly SnapshotLayer[], index: number | undefined): SnapshotLayer | undefined {
  return index === undefined ? undefined : layers[index];
}
