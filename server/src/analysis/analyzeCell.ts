/**
 * The report of one NAS cell: the network that its benchmark trains, and what trained weights say of it.
 * analyzeCell({ text: '|nor_conv_3x3~0|+|...|', ... }) -> params, MACs, layers; accuracy and latency with intervals.
 */
import { wholeProblem, type Problem } from '../base/problems.ts';
import type { Device } from '../cost/device.ts';
import type { CellProblem, NasCell } from '../frontends/nasCell/nasCell.ts';
import { DEFAULT_DATASET, type Dataset } from '../frontends/nasCell/network/datasets.ts';
import { expandCell } from '../frontends/nasCell/network/expandCell.ts';
import { readCell } from '../frontends/nasCell/readCell.ts';
import { predictionsFor, type CellPrediction, type PredictorResult } from '../predictor/cellPredictor.ts';
import type { ModelDescription } from '../predictor/modelDescription.ts';
import { buildReport } from './buildReport.ts';
import type { Assumption, Entry, Report } from './report.ts';

export interface CellRequest {
  readonly text: string;
  /** Where the text stands, for problems. */
  readonly file: string;
  readonly start: number;
  /** Undefined where nobody named one: the default is assumed. */
  readonly dataset: Dataset | undefined;
  readonly devices: readonly Device[];
  readonly predictor: PredictorResult;
}

export type CellAnalysis =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'problem'; readonly problems: readonly Problem[] };

const SPACES: Readonly<Record<NasCell['kind'], string>> = {
  'nas-bench-201': 'NAS-Bench-201 cell',
  'nas-bench-101': 'NAS-Bench-101 cell',
  darts: 'DARTS cell',
};

export function analyzeCell(request: CellRequest): CellAnalysis {
  const { text, file, start, devices } = request;
  const result = readCell(text);
  const problems = result.problems.map((problem) => placed(problem, file, start));
  if (result.kind === 'problem') return { kind: 'problem', problems };
  const { cell } = result;
  const range = { file, start, end: start + text.length };
  const dataset = request.dataset ?? DEFAULT_DATASET;
  const size = dataset.imageSize;
  const builtFor = `built for ${dataset.id}: input 1x3x${size}x${size}, ${dataset.classCount} classes`;
  const isAssumed = request.dataset === undefined;
  const assumptions: readonly Assumption[] = isAssumed ? [{ kind: 'input', message: builtFor, range: undefined }] : [];
  const given = isAssumed ? undefined : builtFor;
  const entry: Entry = { name: SPACES[cell.kind], kind: 'cell', file, range, given };
  const predicted = predictCell(cell, request.predictor);
  const report = buildReport(
    {
      entry,
      graph: expandCell(cell, dataset),
      callSites: [],
      assumptions,
      problems: [...problems, ...(predicted.kind === 'problem' ? [unpredictedProblem(predicted, file)] : [])],
      unknownReasons: new Map(),
    },
    devices,
  );
  if (predicted.kind === 'problem') return { kind: 'report', report };
  const figures = predictionsFor(predicted.prediction, predicted.model, dataset.id);
  return { kind: 'report', report: { ...report, cell: figures } };
}

export type PredictedCell =
  | { readonly kind: 'prediction'; readonly prediction: CellPrediction; readonly model: ModelDescription }
  | { readonly kind: 'problem'; readonly code: string; readonly message: string };

/** What trained weights say of a cell, or why they say nothing. */
export function predictCell(cell: NasCell, loaded: PredictorResult): PredictedCell {
  const unpredicted = (code: string, reason: string): PredictedCell => ({
    kind: 'problem',
    code,
    message: `accuracy and latency are not predicted: ${reason}`,
  });
  if (loaded.kind === 'problem') return unpredicted(loaded.code, loaded.message);
  const { model } = loaded.predictor;
  const [prediction] = loaded.predictor.predict([cell]);
  return prediction === undefined
    ? unpredicted('no-weights', `no weights for cells of ${cell.kind}: the model is of ${model.space}`)
    : { kind: 'prediction', prediction, model };
}

function unpredictedProblem({ code, message }: Extract<PredictedCell, { kind: 'problem' }>, file: string): Problem {
  const severity = code === 'no-weights' ? 'information' : 'warning';
  return wholeProblem(code, severity, message, file);
}

function placed({ code, severity, message, range }: CellProblem, file: string, start: number): Problem {
  return {
    code,
    severity,
    message,
    location: { kind: 'text', file, start: start + range.start, end: start + range.end },
  };
}
