/**
 * The report of one NAS cell: the network that its benchmark trains, and what trained weights say of it.
 * analyzeCell({ text: '|nor_conv_3x3~0|+|...|', ... }) -> params, MACs, layers; accuracy and latency with intervals.
 */
import type { Problem } from '../base/problems.ts';
import type { Device } from '../cost/device.ts';
import type { CellProblem, NasCell } from '../frontends/nasCell/nasCell.ts';
import type { Dataset } from '../frontends/nasCell/network/datasets.ts';
import { expandCell } from '../frontends/nasCell/network/expandCell.ts';
import { readCell } from '../frontends/nasCell/readCell.ts';
import { predictionsFor, type PredictorResult } from '../predictor/cellPredictor.ts';
import { buildReport } from './buildReport.ts';
import type { Assumption, CellFigures, Entry, Report } from './report.ts';

export interface CellRequest {
  readonly text: string;
  /** Where the text stands, for problems. */
  readonly file: string;
  readonly start: number;
  readonly dataset: Dataset;
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
  const { text, file, start, dataset, devices } = request;
  const result = readCell(text);
  const problems = result.problems.map((problem) => placed(problem, file, start));
  if (result.kind === 'problem') return { kind: 'problem', problems };
  const { cell } = result;
  const range = { file, start, end: start + text.length };
  const entry: Entry = { name: SPACES[cell.kind], kind: 'cell', file, range };
  const size = dataset.imageSize;
  const message = `built for ${dataset.id}: input 1x3x${size}x${size}, ${dataset.classCount} classes`;
  const assumptions: readonly Assumption[] = [{ kind: 'input', message, range: undefined }];
  const predicted = predict(cell, request);
  const report = buildReport(
    {
      entry,
      graph: expandCell(cell, dataset),
      callSites: [],
      assumptions,
      problems: [...problems, ...(predicted.kind === 'problem' ? [predicted.problem] : [])],
      unknownReasons: new Map(),
    },
    devices,
  );
  return { kind: 'report', report: predicted.kind === 'problem' ? report : { ...report, cell: predicted.figures } };
}

type Predicted =
  { readonly kind: 'figures'; readonly figures: CellFigures } | { readonly kind: 'problem'; readonly problem: Problem };

function predict(cell: NasCell, { predictor: loaded, dataset, file }: CellRequest): Predicted {
  if (loaded.kind === 'problem') return unpredicted(loaded.code, loaded.message, file);
  const [prediction] = loaded.predictor.predict([cell]);
  const { model } = loaded.predictor;
  if (prediction === undefined) {
    return unpredicted('no-weights', `no weights for cells of ${cell.kind}: the model is of ${model.space}`, file);
  }
  return { kind: 'figures', figures: predictionsFor(prediction, model, dataset.id) };
}

function unpredicted(code: string, message: string, file: string): Predicted {
  const problem: Problem = {
    code,
    severity: code === 'no-weights' ? 'information' : 'warning',
    message: `accuracy and latency are not predicted: ${message}`,
    location: { kind: 'whole', file },
  };
  return { kind: 'problem', problem };
}

function placed({ code, severity, message, range }: CellProblem, file: string, start: number): Problem {
  return {
    code,
    severity,
    message,
    location: { kind: 'text', file, start: start + range.start, end: start + range.end },
  };
}
