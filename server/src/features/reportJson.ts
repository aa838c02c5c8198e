/**
 * The report as stable JSON (documented in docs/json.md). Figures are integers, texts where they depend on symbols
 * ("4*N"), and null where they are unknown. Ranges count lines and columns from 1.
 */
import { LineIndex, type SourceRange } from '../base/text.ts';
import type { Problem } from '../base/problems.ts';
import type { Entry, LayerReport, Port, Report, RooflineLatency } from '../analysis/report.ts';
import type { CellFigures } from '../predictor/cellPredictor.ts';
import type { Prediction } from '../predictor/prediction.ts';
import { addDims, multiplyDims, printDim, unknownReason, type Dim } from '../graph/dim.ts';
import { printType, type Shape } from '../graph/tensorType.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Text of a file, for its line numbers; undefined where it cannot be read. */
export type ReadText = (file: string) => string | undefined;

export function reportToJson(report: Report, readText: ReadText): Json {
  const rangeOf = rangePrinter(readText);
  const { totals, coverage } = report;
  return {
    formatVersion: 1,
    entry: {
      name: report.entry.name,
      kind: report.entry.kind,
      file: report.entry.file,
      range: rangeOf(report.entry.range),
      configuration: configurationToJson(report.entry),
    },
    inputs: report.inputs.map(portToJson),
    outputs: report.outputs.map(portToJson),
    assumptions: report.assumptions.map(({ kind, message, range }) => ({ kind, message, range: rangeOf(range) })),
    totals: Object.fromEntries(
      (
        [
          'paramCount',
          'bufferCount',
          'macs',
          'flops',
          'elementwiseOps',
          'bytesMoved',
          'weightBytes',
          'activationBytes',
          'peakMemoryBytes',
        ] as const
      ).map((key) => [key, figure(totals[key])]),
    ),
    latency: latencyToJson(report.latency),
    ...(report.cell && { predictions: cellToJson(report.cell) }),
    layers: report.layers.map((layer) => layerToJson(layer, rangeOf)),
    problems: report.problems.map((problem) => problemToJson(problem, rangeOf)),
    coverage: {
      share: coverage.share,
      understoodNodes: coverage.understoodNodes,
      totalNodes: coverage.totalNodes,
      unknown: coverage.unknown.map(({ name, count, reason }) => ({ name, count, reason })),
    },
  };
}

/** The field `problems` alone, where there is no report. */
export function problemsToJson(problems: readonly Problem[], readText: ReadText): Json {
  const rangeOf = rangePrinter(readText);
  return problems.map((problem) => problemToJson(problem, rangeOf));
}

function layerToJson(layer: LayerReport, rangeOf: (range: SourceRange | undefined) => Json): Json {
  const { work } = layer;
  return {
    name: layer.name,
    op: layer.op,
    inputShapes: layer.inputShapes.map(shapeToJson),
    outputShapes: layer.outputShapes.map(shapeToJson),
    paramCount: figure(layer.paramCount),
    bufferCount: figure(layer.bufferCount),
    macs: figure(work.macs),
    flops: figure(multiplyDims(work.macs, 2)),
    elementwiseOps: figure(work.elementwiseOps),
    bytesMoved: figure(addDims(work.bytesRead, work.bytesWritten)),
    latency: latencyToJson(layer.latency),
    range: rangeOf(layer.range),
    calls: layer.callCount,
  };
}

function configurationToJson({ configured }: Entry): Json {
  if (configured === undefined) return null;
  return { file: configured.file, input: configured.hasInput, args: configured.hasArguments };
}

function latencyToJson(latency: readonly RooflineLatency[]): Json {
  return Object.fromEntries(
    latency.map(({ deviceId, rooflineMs, bound }) => [deviceId, { rooflineMs: rooflineMs ?? null, bound }]),
  );
}

/** Predictions of a cell, as `predictions` of the report has them. */
export function cellToJson({ accuracy, latencyMs, nearest }: CellFigures): Json {
  return {
    accuracy: accuracy === undefined ? null : predictionToJson(accuracy),
    latencyMs: Object.fromEntries([...latencyMs].map(([device, figure]) => [device, predictionToJson(figure)])),
    ...(nearest && { nearest: { ...nearest } }),
  };
}

function predictionToJson({ value, low, high, coverage }: Prediction): Json {
  return { value, interval: [low, high], coverage };
}

function portToJson({ name, type }: Port): Json {
  if (type.kind === 'tensor') return { name, shape: shapeToJson(type.shape), dtype: type.dtype };
  return { name, shape: null, dtype: printType(type) };
}

function problemToJson(problem: Problem, rangeOf: (range: SourceRange | undefined) => Json): Json {
  const { code, severity, message, location } = problem;
  const place = location.kind === 'text' ? rangeOf(location) : null;
  const byteOffset = location.kind === 'bytes' ? { byteOffset: location.byteOffset } : {};
  return { code, severity, message, range: place, file: location.file ?? null, ...byteOffset };
}

function shapeToJson(shape: Shape | undefined): Json {
  return shape === undefined ? null : shape.map(figure);
}

function figure(dim: Dim): Json {
  if (typeof dim === 'number') return dim;
  return unknownReason(dim) === undefined ? printDim(dim) : null;
}

function rangePrinter(readText: ReadText): (range: SourceRange | undefined) => Json {
  const indices = new Map<string, LineIndex | undefined>();
  return (range) => {
    if (range === undefined) return null;
    if (!indices.has(range.file)) {
      const text = readText(range.file);
      indices.set(range.file, text === undefined ? undefined : new LineIndex(text));
    }
    const index = indices.get(range.file);
    if (index === undefined) return { file: range.file };
    const start = index.position(range.start);
    const end = index.position(range.end);
    return {
      file: range.file,
      startLine: start.line + 1,
      startColumn: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    };
  };
}
