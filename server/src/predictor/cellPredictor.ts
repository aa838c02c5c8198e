/**
 * Accuracy and latency of cells from trained weights: means over the networks of a model, each figure with its interval.
 * predictor.predict([cell]) -> [{ "accuracy/cifar10": 93.1 (92.5 to 93.7) }].
 */
import type { NasCell } from '../frontends/nasCell/nasCell.ts';
import { DATASETS, type Dataset } from '../frontends/nasCell/network/datasets.ts';
import { crc32 } from './crc32.ts';
import { graphFeatures } from './features.ts';
import type { GraphInput } from './graphInput.ts';
import type { Kernels } from './kernels.ts';
import {
  parseModelDescription,
  type GraphChoice,
  type ModelDescription,
  type OutputDescription,
} from './modelDescription.ts';
import { createNetwork, type Network } from './network.ts';
import { placeWeights } from './networkWeights.ts';
import { readSafetensors } from './safetensors.ts';

export interface Prediction {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** How often the interval covered the true value on held-out cells. */
  readonly coverage: number;
}

/** By the name of an output: "accuracy/cifar10" in per cent, "latencyMs/pixel3". */
export type CellPrediction = ReadonlyMap<string, Prediction>;

export interface CellPredictor {
  readonly model: ModelDescription;
  /** One prediction a cell; undefined for cells of another space than the model's. */
  predict(cells: readonly NasCell[]): readonly (CellPrediction | undefined)[];
}

export type PredictorResult =
  | { readonly kind: 'predictor'; readonly predictor: CellPredictor }
  | { readonly kind: 'problem'; readonly code: PredictorProblemCode; readonly message: string };

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
  const networks: Network[] = [];
  for (const network of parsed.description.networks) {
    const { file } = network;
    const weightBytes = readFile(file);
    if (weightBytes === undefined) return problem('no-weights', `no weights: there is no file ${file}`);
    const sum = crc32(weightBytes);
    if (sum !== network.crc32) return problem('weights-corrupt', `${file} has checksum ${sum}, not ${network.crc32}`);
    const read = readSafetensors(weightBytes);
    if (read.kind === 'problem') return problem('weights-corrupt', `${file}: ${read.message}`);
    const placed = placeWeights(read.tensors, network, kernels);
    if (placed.kind === 'problem') return problem('weights-corrupt', `${file}: ${placed.message}`);
    networks.push(createNetwork(network, placed.weights, kernels));
  }
  return { kind: 'predictor', predictor: predictorOf(parsed.description, networks) };
}

/** Nodes that pass through the network at a time, so that what they need stays in the cache. */
const ROWS_AT_A_TIME = 256;
/** Results that are kept, by graph. */
const CACHE_LIMIT = 20_000;
/** Work features are those of the network for CIFAR-10, as in training. */
const [FEATURE_DATASET] = DATASETS as readonly [Dataset];

function predictorOf(model: ModelDescription, networks: readonly Network[]): CellPredictor {
  const choices = [...new Set(networks.map(({ description }) => description.graph))];
  const known = new Map<string, CellPrediction>();
  const predictNew = (inputs: readonly Readonly<Record<string, GraphInput>>[]): readonly CellPrediction[] => {
    const sums = inputs.map(() => new Map<string, { total: number; count: number }>());
    for (const network of networks) {
      const graphs = inputs.flatMap((byChoice) => byChoice[network.description.graph] ?? []);
      network.run(graphs).forEach((row, index) => {
        network.description.outputs.forEach((name, output) => {
          const sum = sums[index]?.get(name) ?? { total: 0, count: 0 };
          sums[index]?.set(name, { total: sum.total + (row[output] ?? NaN), count: sum.count + 1 });
        });
      });
    }
    return sums.map((byName) => {
      const figures = [...byName].flatMap(([name, { total, count }]) => {
        const output = model.outputs.get(name);
        return output === undefined ? [] : [[name, figureOf(name, output, total / count)] as const];
      });
      return new Map(figures);
    });
  };
  return {
    model,
    predict(cells) {
      if (known.size > CACHE_LIMIT) known.clear();
      const waiting = new Map<string, Readonly<Record<string, GraphInput>>>();
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
          waiting.set(key, graphs);
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

function graphOf(cell: NasCell, choice: GraphChoice): GraphInput {
  return graphFeatures(cell, choice, FEATURE_DATASET);
}

/** Work follows from the operations, so kinds and edges tell graphs apart. */
function graphKey(graph: GraphInput | undefined): string {
  return graph === undefined ? '' : `${graph.operations.join(',')}|${graph.edges.join(' ')}`;
}

function figureOf(name: string, output: OutputDescription, y: number): Prediction {
  const linear = output.mean + output.scale * y;
  const value = output.transform === 'exp' ? Math.exp(linear) : linear;
  const { kind, size } = output.interval;
  const [low, high] = kind === 'radius' ? [value - size, value + size] : [value / size, value * size];
  const bounded = name.startsWith('accuracy/') ? [Math.max(0, low), Math.min(100, high)] : [Math.max(0, low), high];
  return { value, low: bounded[0] ?? low, high: bounded[1] ?? high, coverage: output.coverage };
}

/** The outputs that are true of a data set: its accuracy, and every latency that was measured on it. */
export function predictionsFor(
  prediction: CellPrediction,
  model: ModelDescription,
  dataset: string,
): { readonly accuracy: Prediction | undefined; readonly latencyMs: ReadonlyMap<string, Prediction> } {
  const latencies = [...prediction].flatMap(([name, figure]) => {
    const device = /^latencyMs\/(.+)$/.exec(name)?.[1];
    const isTrue = model.outputs.get(name)?.datasets?.includes(dataset) ?? true;
    return device !== undefined && isTrue ? [[device, figure] as const] : [];
  });
  return { accuracy: prediction.get(`accuracy/${dataset}`), latencyMs: new Map(latencies) };
}

function problem(code: PredictorProblemCode, message: string): PredictorResult {
  return { kind: 'problem', code, message };
}
