/**
 * `layercost analyze found.json`: every NAS cell of a text file, a line each:
 * "found.json:4:6: NAS-Bench-201 cell · 802.4K params · 114 MMACs · cifar10 ≈ 93.57 % (92.82 to 94.33 %) · ...".
 */
import { NOTHING, printedLines, type Printed } from '../../base/escaping/printed.ts';
import { printedJson } from '../../base/escaping/printedJson.ts';
import { createCellReports, type CellReports } from '../../analysis/cellReports.ts';
import { wholeProblem, type Problem } from '../../base/problems.ts';
import { LineIndex, type TextRange } from '../../base/text.ts';
import type { Device } from '../../cost/device.ts';
import { cellDiagnostics } from '../../features/cellDiagnostics.ts';
import { cellLensTitle } from '../../features/cellLens.ts';
import type { CellOptions } from '../../features/cellText.ts';
import { cellToJson, problemsToJson } from '../../features/reportJson.ts';
import { findCells } from '../../frontends/nasCell/findCells.ts';
import type { Dataset } from '../../frontends/nasCell/network/datasets.ts';
import type { PredictorResult } from '../../predictor/cellPredictor.ts';
import { EXIT_OK, EXIT_USAGE, type CommandOutput } from '../commandOutput.ts';
import { problemsText } from '../reporters/textReporter.ts';

export interface CellFileRequest {
  readonly file: string;
  readonly text: string;
  /** Undefined where nobody named one. */
  readonly dataset: Dataset | undefined;
  readonly devices: readonly Device[];
  /** Whose roofline stands in the text. */
  readonly deviceId: string;
  readonly predictor: PredictorResult;
}

/** Files that hold cells and no models. */
export function isCellFile(target: string): boolean {
  return /\.(?:json|jsonc|jsonl|ndjson|txt|log)$/i.test(target);
}

export function analyzeCellFile(request: CellFileRequest, format: 'text' | 'json'): CommandOutput {
  const { file, text, dataset, devices, deviceId, predictor } = request;
  const reports = createCellReports({ devices, predictor: () => predictor });
  const found = findCells(text);
  const readText = (): string => text;
  const problems = [
    ...(found.cells.length === 0 ? [noCells(file)] : []),
    ...cellDiagnostics(text, found, file, reports).map(({ code, severity, message, range }): Problem => ({
      code,
      severity,
      message,
      location: range,
    })),
    ...(predictor.kind === 'problem' ? [unpredicted(predictor)] : []),
  ];
  const good = found.cells.filter(({ start, end }) => reports.summary(text.slice(start, end), dataset).kind === 'cell');
  const options: CellOptions = { dataset, deviceId, measuredId: undefined };
  const stdout =
    format === 'json'
      ? printedJson(
          { formatVersion: 1, cells: cellsJson(good, request, reports), problems: problemsToJson(problems, readText) },
          2,
        )
      : cellsText(good, request, reports, options);
  const stderr = format === 'text' ? problemsText(problems, readText) : NOTHING;
  return { exitCode: good.length > 0 ? EXIT_OK : EXIT_USAGE, stdout, stderr };
}

function cellsText(
  cells: readonly TextRange[],
  { file, text }: CellFileRequest,
  reports: CellReports,
  options: CellOptions,
): Printed {
  const lines = new LineIndex(text);
  return printedLines(
    cells.map(({ start, end }) => {
      const { line, character } = lines.position(start);
      const title = cellLensTitle(text.slice(start, end), reports, options, { withoutLens: 0 });
      return `${file}:${line + 1}:${character + 1}: ${title}`;
    }),
  );
}

function cellsJson(
  cells: readonly TextRange[],
  { text, dataset, devices }: CellFileRequest,
  reports: CellReports,
): readonly object[] {
  const lines = new LineIndex(text);
  return cells.flatMap(({ start, end }) => {
    const cell = text.slice(start, end);
    const summary = reports.summary(cell, dataset);
    if (summary.kind === 'problem') return [];
    const { line, character } = lines.position(start);
    const { space, datasetId, paramCount, macs, accuracy, latencyMs, nearest, unpredicted: reason } = summary;
    const latency = devices.map(({ id }) => {
      const { rooflineMs = null, bound = 'none' } = reports.roofline(cell, dataset, id) ?? {};
      return [id, { rooflineMs, bound }] as const;
    });
    const figures = { accuracy: accuracy.get(datasetId), latencyMs, nearest };
    return [
      {
        ...{ line: line + 1, column: character + 1, cell, space, dataset: datasetId, totals: { paramCount, macs } },
        latency: Object.fromEntries(latency),
        ...(reason === undefined ? { predictions: cellToJson(figures) } : {}),
      },
    ];
  });
}

function noCells(file: string): Problem {
  const message = `no NAS cell was found in ${file}`;
  return wholeProblem('no-model', 'error', message, file);
}

function unpredicted({ code, message }: Extract<PredictorResult, { kind: 'problem' }>): Problem {
  const text = `accuracy and latency are not predicted: ${message}`;
  return wholeProblem(code, 'warning', text, undefined);
}
