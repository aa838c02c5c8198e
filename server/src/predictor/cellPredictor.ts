/**
 * Accuracy and latency of cells from trained weights: means over the networks of a model, each figure with its interval, and
 * the nearest cell of the training. predictor.predict([cell]) -> [{ figures: "accuracy/cifar10" -> 93.1 (92.5 to 93.7), nearest }].
 */
import { isConstantCell } from '../frontends/nasCell/cellGraph.ts';
import type { NasCell } from '../frontends/nasCell/nasCell.ts';
import { DATASETS, type Dataset } from '../frontends/nasCell/network/datasets.ts';
import { chanceFigure } from './chance.ts';
import { crc32 } from './crc32.ts';
import { graphFeatures } from './features.ts';
import type { GraphInput } from './graphInput.ts';
import type { Kernels } from './kernels.ts';
import { parseModelDescription, type GraphChoice, type ModelDescription } from './modelDescription.ts';
import { createNetwork, type Network } from './network.ts';
import { placeWeights } from './networkWeights.ts';
import { figureOf, type Prediction } from './prediction.ts';
import { createReferenceCells, type NearestCell, type ReferenceCells } from './referenceCells.ts';
import { readSafetensors, type SafetensorsResult } from './safetensors.ts';

export interface CellPrediction {
  /** By the name of an output: "accuracy/cifar10" in per cent, "latencyMs/pixel3". */
  readonly figures: ReadonlyMap<string, Prediction>;
  /** Undefined where the model does not keep what it was trained on. */
  readonly nearest: NearestCell | undefined;
}

export interface CellPredictor {
  readonly model: ModelDescription;
  /** One prediction a cell; undefined for cells of another space than the model's. */
  predict(cells: readonly NasCell[]): readonly (CellPrediction | undefined)[];
}

export type PredictorResult = { readonly kind: 'predictor'; readonly predictor: CellPredictor } | PredictorProblem;

export interface PredictorProblem {
  readonly kind: 'problem';
  readonly code: PredictorProblemCode;
  readonly message: string;
}

export type PredictorProblemCode = 'no-weights' | 'weights-corrupt' | 'weights-version';

/** `readFile` gives the bytes of a file beside model.json, undefined where there is none. */
export function createCellPredictor(
  readFile: (name: string) => Uint8Array | undefined,
  decodeText: (bytes: Uint8Array) => string,
  kernels: Kernels,
): PredictorResult {
  const bytes = readFile('model.json');
  if (bytes === undefined) return problem('no-weights', 'no weights: there is no trained model');
  const parsed = parseModelDescription(decodeText(bytes));
  if (parsed.kind === 'problem') return problem(parsed.code, parsed.message);
  const { description } = parsed;
  const networks: Network[] = [];
  for (const network of description.networks) {
    const read = readTensors(network, readFile);
    if (read.kind === 'problem') return read;
    const placed = placeWeights(read.tensors, network, kernels);
    if (placed.kind === 'problem') return problem('weights-corrupt', `${network.file}: ${placed.message}`);
    networks.push(createNetwork(network, placed.weights, kernels));
  }
  const { reference } = description;
  if (reference === undefined) {
    return { kind: 'predictor', predictor: predictorOf(description, networks, undefined) };
  }
  const read = readTensors(reference, readFile);
  if (read.kind === 'problem') return read;
  const width = description.networks.find(({ file }) => file === reference.network)?.width ?? 0;
  const cells = createReferenceCells(read.tensors, read.metadata, width);
  if (cells.kind === 'problem') return problem('weights-corrupt', `${reference.file}: ${cells.message}`);
  return { kind: 'predictor', predictor: predictorOf(description, networks, cells.reference) };
}

function readTensors(
  { file, crc32: expected }: { readonly file: string; readonly crc32: string },
  readFile: (name: string) => Uint8Array | undefined,
): Extract<SafetensorsResult, { kind: 'tensors' }> | PredictorProblem {
  const bytes = readFile(file);
  if (bytes === undefined) return problem('no-weights', `no weights: there is no file ${file}`);
  const sum = crc32(bytes);
  if (sum !== expected) return problem('weights-corrupt', `${file} has checksum ${sum}, not ${expected}`);
  const read = readSafetensors(bytes);
  return read.kind === 'problem' ? problem('weights-corrupt', `${file}: ${read.message}`) : read;
}

/** Nodes that pass through the network at a time, so that what they need stays in the cache. */
const ROWS_AT_A_TIME = 256;
/** Results that are kept, by graph. */
const CACHE_LIMIT = 20_000;
/** Work features are those of the network for CIFAR-10, as in training. */
const [FEATURE_DATASET] = DATASETS as readonly [Dataset];

function predictorOf(
  model: ModelDescription,
  networks: readonly Network[],
  reference: ReferenceCells | undefined,
): CellPredictor {
  const choices = [...new Set(networks.map(({ description }) => description.graph))];
  const known = new Map<string, CellPrediction>();
  const predictNew = (inputs: readonly NewCell[]): readonly CellPrediction[] => {
    const sums = inputs.map(() => new Map<string, { total: number; count: number }>());
    let nearest: readonly NearestCell[] = [];
    for (const network of networks) {
      const { file, graph, width, outputs } = network.description;
      const graphs = inputs.flatMap(({ byChoice }) => byChoice[graph] ?? []);
      const embeddings = file === model.reference?.network ? new Float32Array(graphs.length * width) : undefined;
      const rows = network.run(graphs, embeddings);
      if (reference !== undefined && embeddings !== undefined) {
        nearest = graphs.map((_, index) => reference.nearest(embeddings.subarray(index * width, (index + 1) * width)));
      }
      rows.forEach((row, index) => {
        outputs.forEach((name, output) => {
          const sum = sums[index]?.get(name) ?? { total: 0, count: 0 };
          sums[index]?.set(name, { total: sum.total + (row[output] ?? NaN), count: sum.count + 1 });
        });
      });
    }
    return sums.map((byName, index) => {
      const distance = nearest[index]?.distance ?? 0;
      const figures = [...byName].flatMap(([name, { total, count }]) => {
        const output = model.outputs.get(name);
        if (output === undefined) return [];
        const certain = inputs[index]?.isConstant === true ? chanceFigure(name) : undefined;
        return [[name, certain ?? figureOf(name, output, total / count, distance)] as const];
      });
      return { figures: new Map(figures), nearest: nearest[index] };
    });
  };
  return {
    model,
    predict(cells) {
      if (known.size > CACHE_LIMIT) known.clear();
      const waiting = new Map<string, NewCell>();
      let rows = 0;
      const flush = (): void => {
        const keys = [...waiting.keys()];
        predictNew([...waiting.values()]).forEach((prediction, index) => known.set(keys[index] ?? '', prediction));
        waiting.clear();
        rows = 0;
      };
      const keys = cells.map((cell) => {
        if (cell.kind !== model.space) return undefined;
        const graphs = Object.fromEntries(choices.map((choice) => [choice, graphOf(cell, choice)]));
        const key = choices.map((choice) => graphKey(graphs[choice])).join(';');
        if (!known.has(key) && !waiting.has(key)) {
          waiting.set(key, { byChoice: graphs, isConstant: isConstantCell(cell) });
          rows += Math.max(...Object.values(graphs).map(({ operations }) => operations.length));
          if (rows >= ROWS_AT_A_TIME) flush();
        }
        return key;
      });
      if (waiting.size > 0) flush();
      return keys.map((key) => (key === undefined ? undefined : known.get(key)));
    },
  };
}

/** A cell that was not predicted before: the graphs that the networks read, by their names. */
interface NewCell {
  readonly byChoice: Readonly<Record<string, GraphInput>>;
  readonly isConstant: boolean;
}

function graphOf(cell: NasCell, choice: GraphChoice): GraphInput {
  return graphFeatures(cell, choice, FEATURE_DATASET);
}

/** Work follows from the operations, so kinds and edges tell graphs apart. */
function graphKey(graph: GraphInput | undefined): string {
  return graph === undefined ? '' : `${graph.operations.join(',')}|${graph.edges.join(' ')}`;
}

export interface CellFigures {
  /** Test accuracy in per cent, as its benchmark trains. */
  readonly accuracy: Prediction | undefined;
  /** By device. */
  readonly latencyMs: ReadonlyMap<string, Prediction>;
  readonly nearest: NearestCell | undefined;
}

/** What is true of a data set: its accuracy, every latency that was measured on it, and the nearest cell of any. */
export function predictionsFor(prediction: CellPrediction, model: ModelDescription, dataset: string): CellFigures {
  const latencies = [...prediction.figures].flatMap(([name, figure]) => {
    const device = /^latencyMs\/(.+)$/.exec(name)?.[1];
    const isTrue = model.outputs.get(name)?.datasets?.includes(dataset) ?? true;
    return device !== undefined && isTrue ? [[device, figure] as const] : [];
  });
  const { figures, nearest } = prediction;
  return { accuracy: figures.get(`accuracy/${dataset}`), latencyMs: new Map(latencies), nearest };
}

function problem(code: PredictorProblemCode, message: string): PredictorProblem {
  return { kind: 'problem', code, message };
}
