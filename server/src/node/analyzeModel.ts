/**
 * One model analysed, as data that crosses threads: its digest, or why there is none. A mistake of ours costs one model.
 */
import { analyzeCell } from '../analysis/analyzeCell.ts';
import type { Analyzer } from '../analysis/analyzer.ts';
import { textProblem, wholeProblem } from '../base/problems.ts';
import type { FileTrail } from '../evaluation/fileTrail.ts';
import { digestOf, placedProblem } from '../gate/modelDigest.ts';
import type { Placer } from '../gate/place.ts';
import { DATASETS, datasetById, DEFAULT_DATASET } from '../frontends/nasCell/network/datasets.ts';
import type { PredictorResult } from '../predictor/cellPredictor.ts';
import type { AskedCell, AskedModel } from './askedModel.ts';
import { faultText, isFileSystemError } from './fileFaults.ts';
import type { FileSource } from './fileSource.ts';
import { loadCellPredictor } from './loadPredictor.ts';
import type { ModelOutcome } from './modelJob.ts';

export interface ModelReader {
  readonly analyzer: Analyzer;
  readonly placer: Placer;
  readonly source: FileSource;
  /** The folder of the running program, where trained weights lie. */
  readonly productFolder: string;
}

export interface AnalyzedModel {
  readonly outcome: ModelOutcome;
  /** What the outcome rests on; undefined where the analysis broke. */
  readonly trail: FileTrail | undefined;
}

export function analyzeModel(reader: ModelReader, { name, target, request, cell }: AskedModel): AnalyzedModel {
  const { analyzer, placer, source } = reader;
  try {
    if (cell !== undefined) return { outcome: cellOutcome(reader, { name, target, request, cell }), trail: undefined };
    const { value, trail } = analyzer.withTrail(() => analyzer.analyze(request));
    const lookedFor = [...trail.files, ...[...trail.probes].map(({ path }) => path)];
    const notGiven = source.problemsOf(lookedFor).map((problem) => placedProblem(problem, placer));
    if (value.kind === 'problem') {
      const problems = value.problems.map((problem) => placedProblem(problem, placer));
      return { outcome: { kind: 'problem', problems: [...notGiven, ...problems] }, trail };
    }
    const digest = digestOf(value.report, { name, target, placer });
    return { outcome: { kind: 'digest', digest: { ...digest, problems: [...notGiven, ...digest.problems] } }, trail };
  } catch (error) {
    if (isFileSystemError(error)) {
      const message = `${error.path ?? name} cannot be read: ${faultText(error)}`;
      const problem = wholeProblem('unreadable-file', 'error', message, error.path);
      return { outcome: { kind: 'problem', problems: [placedProblem(problem, placer)] }, trail: undefined };
    }
    // Without the stack, which differs between machines.
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { outcome: { kind: 'crash', message: placer.relativeText(message) }, trail: undefined };
  }
}

/** Its figures rest on no file but the weights, so that nothing is kept of it. */
function cellOutcome(
  { analyzer: { devices }, placer, productFolder }: ModelReader,
  { name, target, request: { deviceIds }, cell }: AskedModel & { readonly cell: AskedCell },
): ModelOutcome {
  const { text, datasetId, range } = cell;
  const dataset = datasetId === undefined ? undefined : datasetById(datasetId);
  if (datasetId !== undefined && dataset === undefined) {
    const known = DATASETS.map(({ id }) => id).join(', ');
    const message = `there are no cells for the data set "${datasetId}"; known are ${known}`;
    const problem = textProblem('unknown-dataset', 'error', message, range);
    return { kind: 'problem', problems: [placedProblem(problem, placer)] };
  }
  const isAsked = (id: string): boolean => deviceIds === undefined || deviceIds.includes(id);
  const result = analyzeCell({
    text,
    file: range.file,
    // Behind the quote.
    start: range.start + 1,
    dataset,
    devices: devices.filter(({ id }) => isAsked(id)),
    predictor: predictorOf(productFolder),
  });
  if (result.kind === 'problem') {
    return { kind: 'problem', problems: result.problems.map((problem) => placedProblem(problem, placer)) };
  }
  const digest = digestOf(result.report, { name, target, placer, datasetId: (dataset ?? DEFAULT_DATASET).id });
  const latency = digest.snapshot.latency.filter((each) => isAsked(each.deviceId));
  return { kind: 'digest', digest: { ...digest, snapshot: { ...digest.snapshot, latency } } };
}

const predictors = new Map<string, PredictorResult>();

/** Read once a thread. */
function predictorOf(productFolder: string): PredictorResult {
  const predictor = predictors.get(productFolder) ?? loadCellPredictor(productFolder);
  predictors.set(productFolder, predictor);
  return predictor;
}
