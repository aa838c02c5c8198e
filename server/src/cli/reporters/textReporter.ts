/**
 * The report for a person at a terminal: totals, a table by layer (or by module down to a depth), what was assumed,
 * and the problems with their places.
 */
import { joinPrinted, NOTHING, printedLines, type Printed } from '../../base/escaping/printed.ts';
import { formatBytes, formatCount, formatLatencyMs, formatMacs, significant } from '../../base/format.ts';
import { LineIndex } from '../../base/text.ts';
import type { Problem } from '../../base/problems.ts';
import type { Figure, LayerReport, Port, Report, RooflineLatency, ScopeReport } from '../../analysis/report.ts';
import { addDims, printDim, unknownReason } from '../../graph/dim.ts';
import { printShape, printType, type Shape } from '../../graph/tensorType.ts';
import { distanceText } from '../../features/cellText.ts';
import { givenText } from '../../features/givenText.ts';
import type { ReadText } from '../../features/reportJson.ts';
import type { CellFigures } from '../../predictor/cellPredictor.ts';
import { printedTable, type Row } from './printedTable.ts';

export interface TextOptions {
  /** Fold the table to modules of this depth; undefined shows every layer. */
  readonly depth: number | undefined;
  readonly readText: ReadText;
}

export function reportToText(report: Report, options: TextOptions): Printed {
  const sections = [
    printedLines(headline(report)),
    report.layers.length === 0 ? NOTHING : joinPrinted([tableOf(report, options.depth), printedLines([''])]),
    printedLines(totalsText(report)),
    printedLines(assumptionsText(report)),
    printedLines(unknownText(report)),
    problemsText(report.problems, options.readText),
  ];
  return joinPrinted(
    sections.filter((section) => section !== ''),
    '\n',
  );
}

function headline(report: Report): readonly string[] {
  const ports = (list: readonly Port[]): string =>
    list.map(({ name, type }) => `${name} ${printType(type)}`).join(', ') || 'none';
  const given = givenText(report.entry);
  return [
    `${report.entry.name}  (${report.entry.file})`,
    `  input   ${ports(report.inputs)}`,
    `  output  ${ports(report.outputs)}`,
    ...(given === undefined ? [] : [`  given   ${given}`]),
  ];
}

function tableOf(report: Report, depth: number | undefined): Printed {
  const rows = depth === undefined ? report.layers.map(layerRow) : scopesAtDepth(report, depth).map(scopeRow);
  const numbers = ['params', 'MACs', 'moved', ...report.latency.map(({ deviceId }) => deviceId)];
  return printedTable(
    [
      { name: 'layer', alignment: 'left' },
      { name: 'op', alignment: 'left' },
      { name: 'output', alignment: 'left' },
      ...numbers.map((name) => ({ name, alignment: 'right' as const })),
      { name: 'calls', alignment: 'right' },
    ],
    rows.map((cells) => ({ cells })),
  );
}

type Cells = Row['cells'];

function layerRow(layer: LayerReport): Cells {
  return {
    layer: layer.name,
    op: layer.op,
    output: layer.callCount === 0 ? 'never called' : shapes(layer.outputShapes),
    ...figures(layer.paramCount, layer.work.macs, bytesMoved(layer), layer.latency),
    calls: layer.callCount,
  };
}

function scopeRow(scope: ScopeReport): Cells {
  return {
    layer: scope.path === '' ? '(model)' : scope.path,
    op: scope.typeName,
    // A ModuleList is not called itself: what stands in it is.
    output: scope.callCount === 0 && bytesMoved(scope) === 0 ? 'never called' : shapes(scope.outputShapes),
    ...figures(scope.paramCount, scope.work.macs, bytesMoved(scope), scope.latency),
    calls: scope.callCount,
  };
}

function figures(params: Figure, macs: Figure, moved: Figure, latency: readonly RooflineLatency[]): Cells {
  return {
    params: figureText(params, formatCount),
    MACs: figureText(macs, formatCount),
    moved: figureText(moved, formatBytes),
    ...Object.fromEntries(latency.map(({ deviceId, rooflineMs }) => [deviceId, latencyText(rooflineMs)])),
  };
}

function bytesMoved({ work }: { readonly work: LayerReport['work'] }): Figure {
  return addDims(work.bytesRead, work.bytesWritten);
}

/** Modules down to a depth: the root is depth 0. */
function scopesAtDepth(report: Report, depth: number): readonly ScopeReport[] {
  const depths = new Map<string, number>();
  return report.scopes.filter((scope) => {
    const own = scope.parent === undefined ? 0 : (depths.get(scope.parent) ?? 0) + 1;
    depths.set(scope.path, own);
    return own <= depth;
  });
}

function totalsText({ totals, latency, cell }: Report): readonly string[] {
  const lines = [
    [
      'parameters',
      `${figureText(totals.paramCount, exactCount)}  (${figureText(totals.weightBytes, formatBytes)} with buffers)`,
    ],
    ['buffers', figureText(totals.bufferCount, exactCount)],
    ['MACs', `${figureText(totals.macs, exactCount)}  (${figureText(totals.macs, formatMacs)}; FLOPs = 2 x MACs)`],
    ['elementwise', `${figureText(totals.elementwiseOps, formatCount)} operations`],
    ['bytes moved', figureText(totals.bytesMoved, formatBytes)],
    ['activations', figureText(totals.activationBytes, formatBytes)],
    ['peak memory', `${figureText(totals.peakMemoryBytes, formatBytes)}  (weights, inputs and live activations)`],
    ...latency.map(({ deviceId, rooflineMs, bound }) => [
      deviceId,
      `>= ${latencyText(rooflineMs)}  (roofline: a lower bound${bound === 'none' ? '' : `, mostly ${bound}-bound`})`,
    ]),
    ...(cell === undefined ? [] : predictionLines(cell)),
  ];
  const width = Math.max(...lines.map(([name = '']) => name.length));
  return lines.map(([name = '', text = '']) => `${name.padEnd(width)}  ${text}`);
}

function predictionLines({ accuracy, latencyMs, nearest }: CellFigures): readonly (readonly string[])[] {
  const share = (coverage: number): string => `true of ${significant(100 * coverage, 3)} % of cells`;
  const latencies = [...latencyMs].map(([device, { value, low, high, coverage }]) => [
    device,
    `${formatLatencyMs(value)}  (predicted; ${formatLatencyMs(low)} to ${formatLatencyMs(high)}, ${share(coverage)})`,
  ]);
  const near = nearest === undefined ? [] : [['nearest', `${nearest.cell} of the training, ${distanceText(nearest)}`]];
  if (accuracy === undefined) return [...latencies, ...near];
  const { value, low, high, coverage } = accuracy;
  const percent = (figure: number): string => `${significant(figure, 4)} %`;
  const text = `${percent(value)}  (predicted; ${percent(low)} to ${percent(high)}, ${share(coverage)})`;
  return [['accuracy', text], ...latencies, ...near];
}

function assumptionsText({ assumptions }: Report): readonly string[] {
  if (assumptions.length === 0) return [];
  return ['Assumed:', ...assumptions.map(({ message }) => `  ${message}`)];
}

function unknownText({ coverage }: Report): readonly string[] {
  if (coverage.unknown.length === 0) return [];
  const percent = (100 * coverage.share).toFixed(1);
  return [
    `Understood ${coverage.understoodNodes} of ${coverage.totalNodes} operations (${percent} %). Not understood:`,
    ...coverage.unknown.map(({ name, count, reason }) => `  ${name} (${count} x): ${reason}`),
  ];
}

export function problemsText(problems: readonly Problem[], readText: ReadText): Printed {
  return printedLines(problems.map((problem) => problemText(problem, readText)));
}

function problemText({ code, severity, message, location }: Problem, readText: ReadText): string {
  return `${placeText(location, readText)}${severity}: ${message} [${code}]`;
}

function placeText(location: Problem['location'], readText: ReadText): string {
  if (location.kind === 'bytes') return `${location.file} at byte ${location.byteOffset}: `;
  if (location.kind === 'whole') return location.file === undefined ? '' : `${location.file}: `;
  const text = readText(location.file);
  if (text === undefined) return `${location.file}: `;
  const { line, character } = new LineIndex(text).position(location.start);
  return `${location.file}:${line + 1}:${character + 1}: `;
}

function shapes(list: readonly (Shape | undefined)[]): string {
  return list.map((shape) => printShape(shape)).join(', ');
}

function figureText(value: Figure, format: (value: number) => string): string {
  if (typeof value === 'number') return format(value);
  return unknownReason(value) === undefined ? printDim(value) : '?';
}

function exactCount(count: number): string {
  return count.toLocaleString('en-US');
}

function latencyText(rooflineMs: number | undefined): string {
  return rooflineMs === undefined ? '?' : formatLatencyMs(rooflineMs);
}
