/**
 * What is shown of many cells, each computed when it is first asked for and kept by its text: exact counts of the network,
 * and what trained weights predict on all data sets and devices. reports.figures('|nor_conv_3x3~0|+|...|') -> figures.
 */
import type { Device } from '../cost/device.ts';
import { latencyOfNodes, rooflineOfGraph } from '../cost/roofline.ts';
import type { CellProblem, NasCell } from '../frontends/nasCell/nasCell.ts';
import { DATASETS, DEFAULT_DATASET, type Dataset } from '../frontends/nasCell/network/datasets.ts';
import { expandCell } from '../frontends/nasCell/network/expandCell.ts';
import { readCell } from '../frontends/nasCell/readCell.ts';
import { predictionsFor, type PredictorResult } from '../predictor/cellPredictor.ts';
import type { Prediction } from '../predictor/prediction.ts';
import type { NearestCell } from '../predictor/referenceCells.ts';
import { cellWork } from '../predictor/cellWork.ts';
import { analyzeCell, predictCell } from './analyzeCell.ts';
import type { Report, RooflineLatency } from './report.ts';

/** The short form of a cell's report. */
export interface CellSummary {
  readonly kind: 'cell';
  readonly space: NasCell['kind'];
  readonly datasetId: string;
  readonly paramCount: number;
  readonly macs: number;
  /** By data set, in per cent; empty where nothing is predicted. */
  readonly accuracy: ReadonlyMap<string, Prediction>;
  /** By device that was measured, for the data set that the network is built for. */
  readonly latencyMs: ReadonlyMap<string, Prediction>;
  /** Of the cells that the weights were trained on. */
  readonly nearest: NearestCell | undefined;
  /** Why nothing is predicted. */
  readonly unpredicted: string | undefined;
}

export type CellOutcome = CellSummary | { readonly kind: 'problem'; readonly problems: readonly CellProblem[] };

export interface CellReportsHost {
  readonly devices: readonly Device[];
  /** Loads the weights where nobody asked before. */
  readonly predictor: () => PredictorResult;
}

/** Where a data set is undefined, nobody named one: the default is taken. */
export interface CellReports {
  /** What is wrong with a cell's text, and what is remarkable; places within it. */
  problems(text: string): readonly CellProblem[];
  summary(text: string, dataset: Dataset | undefined): CellOutcome;
  /** The network's lower bound on a device; undefined for what is no cell, or no device that is known. */
  roofline(text: string, dataset: Dataset | undefined, deviceId: string): RooflineLatency | undefined;
  /** The whole report, not kept. Undefined for what is no cell. */
  report(text: string, file: string, start: number, dataset: Dataset | undefined): Report | undefined;
}

/** Kept at a time; beyond it all are forgotten, and those in view are computed anew. */
const SUMMARY_LIMIT = 2000;
const PROBLEM_LIMIT = 20_000;

export function createCellReports({ devices, predictor }: CellReportsHost): CellReports {
  const problems = new Map<string, readonly CellProblem[]>();
  const summaries = new Map<string, CellOutcome>();
  const rooflines = new Map<string, RooflineLatency | undefined>();
  return {
    problems: (text) => remembered(problems, PROBLEM_LIMIT, text, () => readCell(text).problems),
    summary: (text, dataset = DEFAULT_DATASET) =>
      remembered(summaries, SUMMARY_LIMIT, `${dataset.id} ${text}`, () => summarize(text, dataset, predictor())),
    roofline(text, dataset = DEFAULT_DATASET, deviceId) {
      const device = devices.find(({ id }) => id === deviceId);
      return remembered(rooflines, SUMMARY_LIMIT, `${deviceId} ${dataset.id} ${text}`, () => {
        const result = readCell(text);
        if (device === undefined || result.kind === 'problem') return undefined;
        const graph = expandCell(result.cell, dataset);
        const { rooflineMs, bound } = latencyOfNodes(graph.nodes, rooflineOfGraph(graph, device));
        return { deviceId, rooflineMs, bound };
      });
    },
    report(text, file, start, dataset) {
      const result = analyzeCell({ text, file, start, dataset, devices, predictor: predictor() });
      return result.kind === 'report' ? result.report : undefined;
    },
  };
}

function remembered<T>(known: Map<string, T>, limit: number, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  if (known.size >= limit) known.clear();
  known.set(key, value);
  return value;
}

function summarize(text: string, dataset: Dataset, loaded: PredictorResult): CellOutcome {
  const result = readCell(text);
  if (result.kind === 'problem') return result;
  const { cell } = result;
  const { network } = cellWork(cell, dataset);
  const predicted = predictCell(cell, loaded);
  const counts = { space: cell.kind, datasetId: dataset.id, paramCount: network.paramCount, macs: network.macs };
  if (predicted.kind === 'problem') {
    const nothing = { accuracy: new Map(), latencyMs: new Map(), nearest: undefined };
    return { kind: 'cell', ...counts, ...nothing, unpredicted: predicted.message };
  }
  const { prediction, model } = predicted;
  const accuracy = DATASETS.flatMap(({ id }) => {
    const figure = predictionsFor(prediction, model, id).accuracy;
    return figure === undefined ? [] : [[id, figure] as const];
  });
  const { latencyMs, nearest } = predictionsFor(prediction, model, dataset.id);
  return { kind: 'cell', ...counts, accuracy: new Map(accuracy), latencyMs, nearest, unpredicted: undefined };
}
