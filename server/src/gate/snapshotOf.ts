/**
 * What is kept of a report: snapshotOf(report of resnet18, ...) -> its totals and its rows of layers as plain numbers.
 * A figure that depends on a symbol or is unknown is left undefined: two of them cannot be compared.
 */
import type { Figure, LayerReport, Report, RooflineLatency } from '../analysis/report.ts';
import type { SourceRange } from '../base/text.ts';
import { printShape, printType } from '../graph/tensorType.ts';
import type { KnownFigure, ModelSnapshot, SnapshotLatency, SnapshotLayer } from './snapshot.ts';

/** A file as reports show it, and a line from 1; undefined where the text cannot be read. */
export type PlaceOf = (range: SourceRange) => SnapshotLayer['place'];

export function snapshotOf(
  report: Report,
  naming: Pick<ModelSnapshot, 'name' | 'target'> & { readonly datasetId?: string },
  placeOf: PlaceOf,
): ModelSnapshot {
  const { totals } = report;
  return {
    name: naming.name,
    target: naming.target,
    inputs: report.inputs.map(({ name, type }) => `${name} ${printType(type)}`),
    totals: {
      paramCount: known(totals.paramCount),
      macs: known(totals.macs),
      weightBytes: known(totals.weightBytes),
      activationBytes: known(totals.activationBytes),
      peakMemoryBytes: known(totals.peakMemoryBytes),
    },
    latency: [...report.latency.map(latencyOf), ...predictedLatency(report)],
    accuracy: predictedAccuracy(report, naming.datasetId),
    layers: report.layers.map((layer) => layerOf(layer, placeOf)),
    coverageShare: report.coverage.share,
  };
}

function layerOf(layer: LayerReport, placeOf: PlaceOf): SnapshotLayer {
  return {
    name: layer.name,
    op: layer.op,
    outputShapes: layer.outputShapes.map((shape) => printShape(shape)),
    paramCount: known(layer.paramCount),
    macs: known(layer.work.macs),
    callCount: layer.callCount,
    latency: layer.latency.map(latencyOf),
    place: layer.range === undefined ? undefined : placeOf(layer.range),
  };
}

function latencyOf({ deviceId, rooflineMs }: RooflineLatency): SnapshotLatency {
  return { deviceId, rooflineMs, predictedMs: undefined, upperMs: undefined };
}

/** Of a NAS cell, on the devices that its weights know. */
function predictedLatency({ cell }: Report): readonly SnapshotLatency[] {
  return [...(cell?.latencyMs ?? [])].map(([deviceId, { value, high }]) => ({
    deviceId,
    rooflineMs: undefined,
    predictedMs: value,
    upperMs: high,
  }));
}

/** As a share; the weights give per cent. */
function predictedAccuracy({ cell }: Report, dataset: string | undefined): ModelSnapshot['accuracy'] {
  if (cell?.accuracy === undefined || dataset === undefined) return [];
  return [{ dataset, value: cell.accuracy.value / 100 }];
}

function known(figure: Figure): KnownFigure {
  return typeof figure === 'number' ? figure : undefined;
}
