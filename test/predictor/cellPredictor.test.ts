/**
 * A model folder, cells in, figures with intervals out; and what is said of folders that are absent, damaged or of another
 * version.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { readCell } from '../../server/src/frontends/nasCell/readCell.ts';
import type { NasCell } from '../../server/src/frontends/nasCell/nasCell.ts';
import {
  createCellPredictor,
  predictionsFor,
  type CellPredictor,
  type PredictorResult,
} from '../../server/src/predictor/cellPredictor.ts';
import { graphFeatures } from '../../server/src/predictor/features.ts';
import { DATASETS } from '../../server/src/frontends/nasCell/network/datasets.ts';
import { createKernels } from '../../server/src/predictor/createKernels.ts';
import type { Kernels } from '../../server/src/predictor/kernels.ts';
import type { GraphInput } from '../../server/src/predictor/graphInput.ts';
import { createNetwork, type Network } from '../../server/src/predictor/network.ts';
import { placeWeights } from '../../server/src/predictor/networkWeights.ts';
import { parseModelDescription } from '../../server/src/predictor/modelDescription.ts';
import { readSafetensors } from '../../server/src/predictor/safetensors.ts';
import { kernelBytes } from '../support/kernels.ts';
import {
  drawnDescription,
  drawnModel,
  jsonBytes,
  REFERENCE_CELLS,
  referenceBytes,
  withReference,
} from './drawnModel.ts';

let kernels: Kernels;
beforeAll(async () => {
  kernels = createKernels(await kernelBytes());
});

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function load(files: ReadonlyMap<string, Uint8Array>): PredictorResult {
  return createCellPredictor((name) => files.get(name), decode, kernels);
}

function predictor(): CellPredictor {
  const result = load(drawnModel());
  if (result.kind === 'problem') throw new Error(result.message);
  return result.predictor;
}

function cell(text: string): NasCell {
  const result = readCell(text);
  if (result.kind === 'problem') throw new Error(text);
  return result.cell;
}

const CELL = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_1x1~2|';
const OTHER = '|nor_conv_1x1~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|';

/** What the networks say one by one, without the predictor's batches, means and cache. */
function rawOutputs(of: NasCell): readonly (readonly number[])[] {
  return networks().map((network) => [...(network.run([graphOf(of, network)])[0] ?? [])]);
}

/** What the first network's head reads. */
function embeddingOf(of: NasCell): Float32Array {
  const [network] = networks();
  if (network === undefined) throw new Error('no network');
  const embedding = new Float32Array(network.description.width);
  network.run([graphOf(of, network)], embedding);
  return embedding;
}

function graphOf(of: NasCell, { description: { graph } }: Network): GraphInput {
  return graphFeatures(of, graph, DATASETS[0] as (typeof DATASETS)[number]);
}

function networks(): readonly Network[] {
  const files = drawnModel();
  const parsed = parseModelDescription(decode(files.get('model.json') ?? new Uint8Array()));
  if (parsed.kind === 'problem') throw new Error(parsed.message);
  return parsed.description.networks.map((description) => {
    const read = readSafetensors(files.get(description.file) ?? new Uint8Array());
    const placed = read.kind === 'tensors' ? placeWeights(read.tensors, description, kernels) : read;
    if (placed.kind === 'problem') throw new Error(placed.message);
    return createNetwork(description, placed.weights, kernels);
  });
}

it('takes the mean over networks, scales it, and gives the interval', () => {
  const [[first = NaN, second = NaN] = [], [third = NaN, fourth = NaN] = []] = rawOutputs(cell(CELL));
  const [prediction] = predictor().predict([cell(CELL)]);
  const accuracy = 90 + 2 * ((first + third) / 2);
  const latency = Math.exp(2 + 0.1 * fourth);
  const hundred = 99.9 + 0.1 * second;
  expect(prediction?.figures.get('accuracy/cifar10')?.value).toBeCloseTo(accuracy, 6);
  expect(prediction?.figures.get('accuracy/cifar10')).toMatchObject({ coverage: 0.9 });
  expect(prediction?.figures.get('accuracy/cifar10')?.low).toBeCloseTo(accuracy - 1.5, 6);
  expect(prediction?.figures.get('accuracy/cifar100')?.high).toBe(Math.min(100, hundred + 1.5));
  expect(prediction?.figures.get('latencyMs/pixel3')?.value).toBeCloseTo(latency, 6);
  expect(prediction?.figures.get('latencyMs/pixel3')?.low).toBeCloseTo(latency / 1.25, 6);
  expect(prediction?.figures.get('latencyMs/pixel3')?.high).toBeCloseTo(latency * 1.25, 6);
});

it('knows the accuracy of a network that answers the same for every image, and asks networks for its latency', () => {
  const constant = cell('|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|');
  const [prediction] = predictor().predict([constant]);
  const [, [, latency = NaN] = []] = rawOutputs(constant);
  expect(prediction?.figures.get('accuracy/cifar10')).toEqual({ value: 10, low: 10, high: 10, coverage: 1 });
  expect(prediction?.figures.get('accuracy/cifar100')).toEqual({ value: 1, low: 1, high: 1, coverage: 1 });
  expect(prediction?.figures.get('latencyMs/pixel3')?.value).toBeCloseTo(Math.exp(2 + 0.1 * latency), 6);
});

it('predicts the same one by one, together, and a second time', () => {
  const cells = [cell(OTHER), cell(CELL), cell(OTHER)];
  const one = predictor();
  const alone = cells.map((each) => predictor().predict([each])[0]?.figures.get('accuracy/cifar10')?.value ?? NaN);
  for (let time = 0; time < 2; time++) {
    const together = one.predict(cells).map((prediction) => prediction?.figures.get('accuracy/cifar10')?.value ?? NaN);
    together.forEach((value, index) => expect(value).toBeCloseTo(alone[index] ?? NaN, 5));
    expect(together[0]).not.toBeCloseTo(together[1] ?? NaN, 5);
  }
});

it('gives a data set what is true of it', () => {
  const model = predictor();
  const [prediction] = model.predict([cell(CELL)]);
  if (prediction === undefined) throw new Error(CELL);
  const names = (dataset: string): readonly unknown[] => {
    const { accuracy, latencyMs } = predictionsFor(prediction, model.model, dataset);
    return [accuracy !== undefined, ...latencyMs.keys()];
  };
  expect(names('cifar10')).toEqual([true, 'pixel3']);
  expect(names('cifar100')).toEqual([true]);
  expect(names('imagenet16-120')).toEqual([false]);
});

describe('with the cells of the training', () => {
  const loaded = (): CellPredictor => {
    const result = load(drawnModel(withReference()));
    if (result.kind === 'problem') throw new Error(result.message);
    return result.predictor;
  };

  it('finds the nearest, and widens intervals with the distance', () => {
    const [first = NaN] = embeddingOf(cell(CELL));
    const [prediction] = loaded().predict([cell(CELL)]);
    const [distance, nearest] = [Math.abs(first), Math.abs(first - 0.25)];
    expect(prediction?.nearest?.cell).toBe(REFERENCE_CELLS[distance < nearest ? 0 : 1]);
    expect(prediction?.nearest?.distance).toBeCloseTo(Math.min(distance, nearest), 5);
    const { value = NaN, low = NaN, high = NaN } = prediction?.figures.get('accuracy/cifar10') ?? {};
    const [byValue, far] = [4 - (2 * (value - 80)) / 20, Math.min(distance, nearest)];
    const byDistance = far < 0.5 ? 0.5 + far : 1 + (15 * (far - 0.5)) / 7.5;
    expect(value - low).toBeCloseTo(byValue * byDistance, 4);
    expect(high - value).toBeCloseTo(byValue * byDistance, 4);
  });

  it('says the same of many cells as of one', () => {
    const cells = [cell(OTHER), cell(CELL)];
    const together = loaded().predict(cells);
    cells.forEach((each, index) => {
      const [alone] = loaded().predict([each]);
      expect(together[index]?.nearest?.cell).toBe(alone?.nearest?.cell);
      expect(together[index]?.nearest?.distance).toBeCloseTo(alone?.nearest?.distance ?? NaN, 5);
    });
  });

  it('knows no nearest cell without them', () => {
    expect(predictor().predict([cell(CELL)])[0]?.nearest).toBeUndefined();
  });
});

it('has nothing to say of another space', () => {
  const spec = '{"matrix": [[0, 1], [0, 0]], "operations": ["input", "output"]}';
  expect(
    predictor()
      .predict([cell(spec), cell(CELL)])
      .map((prediction) => prediction?.figures.size),
  ).toEqual([undefined, 3]);
});

const description = drawnDescription();
const [network] = description['networks'] as readonly Readonly<Record<string, unknown>>[];
const withNetwork = (change: Readonly<Record<string, unknown>>): Uint8Array =>
  jsonBytes({ ...description, networks: [{ ...network, ...change }] });

const ACCURACY = { transform: 'identity', mean: 90, scale: 2, coverage: 0.9 };
const withRadius = (radius: object): Uint8Array =>
  jsonBytes({
    ...description,
    outputs: { ...(description['outputs'] as object), 'accuracy/cifar10': { ...ACCURACY, radius } },
  });

it.each([
  ['no folder', { 'model.json': undefined }, 'no-weights', 'no weights: there is no trained model'],
  [
    'no weights',
    { 'network-1.safetensors': undefined },
    'no-weights',
    'no weights: there is no file network-1.safetensors',
  ],
  [
    'no JSON',
    { 'model.json': new Uint8Array([123]) },
    'weights-corrupt',
    "Expected property name or '}' in JSON at position 1",
  ],
  ['a list', { 'model.json': jsonBytes([]) }, 'weights-corrupt', 'model.json must be a JSON object, not []'],
  [
    'other features',
    { 'model.json': jsonBytes({ ...description, featureVersion: 9 }) },
    'weights-version',
    'the weights were trained on features of version 9, not 1',
  ],
  [
    'another version',
    { 'model.json': jsonBytes({ ...description, version: 2 }) },
    'weights-version',
    'model.json is of version 2, not 1',
  ],
  [
    'damaged weights',
    { 'network-0.safetensors': new Uint8Array(100) },
    'weights-corrupt',
    `network-0.safetensors has checksum 9988c6ca, not ${String(network?.['crc32'])}`,
  ],
  [
    'another depth',
    { 'model.json': withNetwork({ layers: 3 }) },
    'weights-corrupt',
    'network-0.safetensors: there is no tensor "blocks.2.norm1.weight"',
  ],
  [
    'another width',
    { 'model.json': withNetwork({ width: 64 }) },
    'weights-corrupt',
    'network-0.safetensors: tensor "embedding.weight" is 16x32, not 16x64',
  ],
  [
    'heads that do not divide',
    { 'model.json': withNetwork({ heads: ['A', 'AT', 'all'] }) },
    'weights-corrupt',
    '"width" 32 does not divide into 3 heads of a multiple of 4',
  ],
  [
    'an unknown relation',
    { 'model.json': withNetwork({ heads: ['A', 'B'] }) },
    'weights-corrupt',
    '"head" must be one of A, AT, ATA, AAT, all, not "B"',
  ],
  [
    'an output that nothing describes',
    { 'model.json': withNetwork({ outputs: ['x', 'y'] }) },
    'weights-corrupt',
    '"outputs" does not describe "x"',
  ],
  [
    'a path',
    { 'model.json': withNetwork({ file: '../secret' }) },
    'weights-corrupt',
    '"file" is the name of a file beside model.json, not "../secret"',
  ],
  [
    'knots that do not ascend',
    { 'model.json': withRadius({ byValue: [[90, 1], [80, 1]], byDistance: [[0, 1]] }) }, // prettier-ignore
    'weights-corrupt',
    'the places of "byValue" do not ascend',
  ],
  [
    'a negative radius',
    { 'model.json': withRadius({ byValue: [[90, -1]], byDistance: [[0, 1]] }) },
    'weights-corrupt',
    '"byValue" 0 is a pair of place and size, not [90,-1]',
  ],
  [
    'a radius by a distance that nothing gives',
    { 'model.json': withRadius({ byValue: [[90, 1]], byDistance: [[0, 1], [1, 2]] }) }, // prettier-ignore
    'weights-corrupt',
    'there is no "reference", and "accuracy/cifar10" goes by distance',
  ],
  [
    'no reference',
    { ...withReference(), 'reference.safetensors': undefined },
    'no-weights',
    'no weights: there is no file reference.safetensors',
  ],
  [
    'a damaged reference',
    { ...withReference(), 'reference.safetensors': new Uint8Array(100) },
    'weights-corrupt',
    'reference.safetensors has checksum 9988c6ca',
  ],
  [
    'a reference without its cells',
    withReference(referenceBytes([0, 1], ['one'])),
    'weights-corrupt',
    'reference.safetensors: "mean", "projection" and "points" of shape 32, 1x32, 2x1, for 1 cells and width 32',
  ],
] as const)('says what is wrong: %s', (_title, changes, code, message) => {
  const result = load(drawnModel(changes));
  expect(result.kind).toBe('problem');
  if (result.kind !== 'problem') return;
  expect(result.code).toBe(code);
  expect(result.message).toContain(message);
});
