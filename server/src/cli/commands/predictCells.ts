/**
 * `layercost predict --batch in.jsonl --out out.jsonl`: each line, such as {"cell": "|...|", "dataset": "cifar10"}, comes back
 * with `accuracy: {value, interval}`, `latencyMs` by device and the `nearest` cell of the training, or with `problem`: its code,
 * message and place.
 */
import { jsonText } from '../../base/escaping/printedJson.ts';
import { NOTHING, printedLines } from '../../base/escaping/printed.ts';
import type { NasCell } from '../../frontends/nasCell/nasCell.ts';
import { DATASETS, datasetById, DEFAULT_DATASET, type Dataset } from '../../frontends/nasCell/network/datasets.ts';
import { readCell } from '../../frontends/nasCell/readCell.ts';
import { predictionsFor, type PredictorResult } from '../../predictor/cellPredictor.ts';
import type { Prediction } from '../../predictor/prediction.ts';
import { EXIT_OK, type CommandOutput } from '../commandOutput.ts';
import { cellOfLine, parseObject } from './cellLine.ts';
import { rewriteLines } from './rewriteLines.ts';

export interface PredictRequest {
  readonly inFile: string;
  readonly outFile: string;
}

/** A line as it was read: what it says, and its cell where that could be read. */
type Line = { readonly given: object } & (
  | { readonly kind: 'cell'; readonly cell: NasCell; readonly dataset: Dataset }
  | { readonly kind: 'problem'; readonly problem: LineProblem }
);

interface LineProblem {
  readonly code: string;
  readonly message: string;
  /** Offsets within the cell's text. */
  readonly range?: { readonly start: number; readonly end: number };
}

/** Lines that are predicted together. */
const BATCH = 1024;

export function predictCells({ inFile, outFile }: PredictRequest, loaded: PredictorResult): CommandOutput {
  return rewriteLines(inFile, outFile, (lines, writer) => {
    let batch: Line[] = [];
    const flush = (): void => {
      for (const answer of answers(batch, loaded)) writer.write(jsonText(answer));
      batch = [];
    };
    for (const line of lines) {
      if (writer.isClosed) break;
      if (line.trim() !== '') batch.push(readLine(line));
      if (batch.length >= BATCH) flush();
    }
    flush();
    const warnings = loaded.kind === 'problem' ? [`warning: ${loaded.message} [${loaded.code}]`] : [];
    return { exitCode: EXIT_OK, stdout: NOTHING, stderr: printedLines(warnings) };
  });
}

function readLine(text: string): Line {
  const object = parseObject(text);
  const isBareCell = object === undefined || object['cell'] === undefined;
  const given = isBareCell ? { cell: object ?? text.trim() } : object;
  const datasetId = isBareCell ? undefined : object['dataset'];
  const dataset =
    datasetId === undefined ? DEFAULT_DATASET : typeof datasetId === 'string' ? datasetById(datasetId) : undefined;
  if (dataset === undefined) {
    const known = DATASETS.map(({ id }) => id).join(', ');
    const message = `${JSON.stringify(datasetId)} is no data set that is known: ${known}`;
    return { given, kind: 'problem', problem: { code: 'unknown-dataset', message } };
  }
  const result = readCell(isBareCell ? text.trim() : cellOfLine(text));
  if (result.kind === 'cell') return { given, kind: 'cell', cell: result.cell, dataset };
  const [first] = result.problems;
  const { code = 'nas-cell-syntax', message = '', range = { start: 0, end: 0 } } = first ?? {};
  return { given, kind: 'problem', problem: { code, message, range } };
}

function answers(lines: readonly Line[], loaded: PredictorResult): readonly object[] {
  if (loaded.kind === 'problem') {
    const { code, message } = loaded;
    return lines.map((line) => ({
      ...line.given,
      problem: line.kind === 'problem' ? line.problem : { code, message },
    }));
  }
  const { predictor } = loaded;
  const predictions = predictor.predict(lines.flatMap((line) => (line.kind === 'cell' ? [line.cell] : [])));
  let next = 0;
  return lines.map((line) => {
    if (line.kind === 'problem') return { ...line.given, problem: line.problem };
    const prediction = predictions[next++];
    if (prediction === undefined) {
      const message = `no weights for cells of ${line.cell.kind}: the model is of ${predictor.model.space}`;
      return { ...line.given, problem: { code: 'no-weights', message } };
    }
    const { accuracy, latencyMs, nearest } = predictionsFor(prediction, predictor.model, line.dataset.id);
    return {
      ...line.given,
      ...(accuracy && { accuracy: figureJson(accuracy) }),
      latencyMs: Object.fromEntries([...latencyMs].map(([device, figure]) => [device, figureJson(figure)])),
      ...(nearest && { nearest: { cell: nearest.cell, distance: rounded(nearest.distance) } }),
    };
  });
}

function figureJson({ value, low, high, coverage }: Prediction): object {
  return { value: rounded(value), interval: [rounded(low), rounded(high)], coverage };
}

/** Six digits say more than a prediction knows. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
