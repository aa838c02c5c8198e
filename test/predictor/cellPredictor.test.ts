/**
 * A model folder, cells in, figures with intervals out; and what is said of folders that are absent, damaged or of another
 * version.
 */
import { beforeAll, expect, it } from 'vitest';
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
import { createNetwork } from '../../server/src/predictor/network.ts';
import { placeWeights } from '../../server/src/predictor/networkWeights.ts';
import { parseModelDescription } from '../../server/src/predictor/modelDescription.ts';
import { readSafetensors } from '../../server/src/predictor/safetensors.ts';
import { kernelBytes } from '../support/kernels.ts';
import { drawnDescription, drawnModel, jsonBytes } from './drawnModel.ts';

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
const OTHER = '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|';

/** What the networks say one by one, without the predictor's batches, means and cache. */
function rawOutputs(of: NasCell): readonly (readonly number[])[] {
  const files = drawnModel();
  const parsed = parseModelDescription(decode(files.get('model.json') ?? new Uint8Array()));
  if (parsed.kind === 'problem') throw new Error(parsed.message);
  return parsed.description.networks.map((description) => {
    const read = readSafetensors(files.get(description.file) ?? new Uint8Array());
    const placed = read.kind === 'tensors' ? placeWeights(read.tensors, description, kernels) : read;
    if (placed.kind === 'problem') throw new Error(placed.message);
    const graph = graphFeatures(of, description.graph, DATASETS[0] as (typeof DATASETS)[number]);
    return [...(createNetwork(description, placed.weights, kernels).run([graph])[0] ?? [])];
  });
}

it('takes the mean over networks, scales it, and gives the interval', () => {
  const [[first = NaN, second = NaN] = [], [third = NaN, fourth = NaN] = []] = rawOutputs(cell(CELL));
  const [prediction] = predictor().predict([cell(CELL)]);
  const accuracy = 90 + 2 * ((first + third) / 2);
  const latency = Math.exp(2 + 0.1 * fourth);
  const hundred = 99.9 + 0.1 * second;
  expect(prediction?.get('accuracy/cifar10')?.value).toBeCloseTo(accuracy, 6);
  expect(prediction?.get('accuracy/cifar10')).toMatchObject({ coverage: 0.9 });
  expect(prediction?.get('accuracy/cifar10')?.low).toBeCloseTo(accuracy - 1.5, 6);
  expect(prediction?.get('accuracy/cifar100')?.high).toBe(Math.min(100, hundred + 1.5));
  expect(prediction?.get('latencyMs/pixel3')?.value).toBeCloseTo(latency, 6);
  expect(prediction?.get('latencyMs/pixel3')?.low).toBeCloseTo(latency / 1.25, 6);
  expect(prediction?.get('latencyMs/pixel3')?.high).toBeCloseTo(latency * 1.25, 6);
});

it('predicts the same one by one, together, and a second time', () => {
  const cells = [cell(OTHER), cell(CELL), cell(OTHER)];
  const one = predictor();
  const alone = cells.map((each) => predictor().predict([each])[0]?.get('accuracy/cifar10')?.value ?? NaN);
  for (let time = 0; time < 2; time++) {
    const together = one.predict(cells).map((prediction) => prediction?.get('accuracy/cifar10')?.value ?? NaN);
    together.forEach((value, index) => expect(value).toBeCloseTo(alone[index] ?? NaN, 5));
    expect(together[0]).not.toBeCloseTo(together[1] ?? NaN, 5);
  }
});

it('gives a data set what is true of it', () => {
  const model = predictor();
  const [prediction = new Map()] = model.predict([cell(CELL)]);
  const names = (dataset: string): readonly unknown[] => {
    const { accuracy, latencyMs } = predictionsFor(prediction, model.model, dataset);
    return [accuracy !== undefined, ...latencyMs.keys()];
  };
  expect(names('cifar10')).toEqual([true, 'pixel3']);
  expect(names('cifar100')).toEqual([true]);
  expect(names('imagenet16-120')).toEqual([false]);
});

it('has nothing to say of another space', () => {
  const spec = '{"matrix": [[0, 1], [0, 0]], "operations": ["input", "output"]}';
  expect(
    predictor()
      .predict([cell(spec), cell(CELL)])
      .map((prediction) => prediction?.size),
  ).toEqual([undefined, 3]);
});

const description = drawnDescription();
const [network] = description['networks'] as readonly Readonly<Record<string, unknown>>[];
const withNetwork = (change: Readonly<Record<string, unknown>>): Uint8Array =>
  jsonBytes({ ...description, networks: [{ ...network, ...change }] });

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
] as const)('says what is wrong: %s', (_title, changes, code, message) => {
  const result = load(drawnModel(changes));
  expect(result.kind).toBe('problem');
  if (result.kind !== 'problem') return;
  expect(result.code).toBe(code);
  expect(result.message).toContain(message);
});
