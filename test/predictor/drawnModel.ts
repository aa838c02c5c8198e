/**
 * A model folder with drawn weights, as `training/` would export one: two networks that share an output.
 */
import { crc32 } from '../../server/src/predictor/crc32.ts';
import type { Relation } from '../../server/src/predictor/graphInput.ts';
import { drawWeights, type DrawnNetwork } from './drawWeights.ts';
import { writeSafetensors } from './writeSafetensors.ts';

const BASE = { width: 32, hidden: 64, layers: 2, activation: 'relu', normEpsilon: 1e-5, head: [] } as const;
const HEADS: readonly Relation[] = ['A', 'AT', 'ATA', 'AAT'];
const NETWORKS: readonly (DrawnNetwork & { readonly graph: string; readonly names: readonly string[] })[] = [
  { ...BASE, seed: 7, readout: 'mean', outputs: 2, graph: 'tree', names: ['accuracy/cifar10', 'accuracy/cifar100'] },
  {
    ...BASE,
    seed: 8,
    readout: 'token',
    outputs: 2,
    graph: 'full',
    work: true,
    names: ['accuracy/cifar10', 'latencyMs/pixel3'],
  },
];

/** Of a reference, in the order of its points. */
export const REFERENCE_CELLS = [
  '|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|',
  '|none~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|',
];

/** Of the first network: the axis is the first number of what its head reads. */
export function referenceBytes(points: readonly number[] = [0, 0.25], cells = REFERENCE_CELLS): Uint8Array {
  const projection = new Float32Array(BASE.width);
  projection[0] = 1;
  const tensors = new Map([
    ['mean', { shape: [BASE.width], values: new Float32Array(BASE.width) }],
    ['projection', { shape: [1, BASE.width], values: projection }],
    ['points', { shape: [points.length, 1], values: Float32Array.from(points) }],
  ]);
  return writeSafetensors(tensors, 'F32', { cells: cells.join('\n') });
}

/** Changes of `drawnModel` that add a reference, and an interval that goes by value and by distance. */
export function withReference(bytes = referenceBytes()): Readonly<Record<string, Uint8Array>> {
  const description = drawnDescription();
  const radius = { byValue: [[80, 4], [100, 2]], byDistance: [[0, 0.5], [0.5, 1], [8, 16]] }; // prettier-ignore
  const accuracy = { transform: 'identity', mean: 90, scale: 2, coverage: 0.9, radius };
  const outputs = { ...(description['outputs'] as object), 'accuracy/cifar10': accuracy };
  const reference = { file: 'reference.safetensors', crc32: crc32(bytes), network: 'network-0.safetensors' };
  return { 'reference.safetensors': bytes, 'model.json': jsonBytes({ ...description, outputs, reference }) };
}

/** Files by name; changed ones replace or, where undefined, remove. */
export function drawnModel(
  changes: Readonly<Record<string, Uint8Array | undefined>> = {},
): ReadonlyMap<string, Uint8Array> {
  const weights = NETWORKS.map((network) => writeSafetensors(drawWeights(network)));
  const files = new Map<string, Uint8Array>(weights.map((bytes, index) => [`network-${index}.safetensors`, bytes]));
  files.set('model.json', jsonBytes(drawnDescription()));
  for (const [name, bytes] of Object.entries(changes)) {
    if (bytes === undefined) files.delete(name);
    else files.set(name, bytes);
  }
  return files;
}

export function drawnDescription(): Readonly<Record<string, unknown>> {
  const networks = NETWORKS.map(({ graph, names, width, hidden, layers, activation, normEpsilon, readout }, index) => ({
    ...{ file: `network-${index}.safetensors`, graph, width, hidden, layers, activation, normEpsilon, readout },
    crc32: crc32(writeSafetensors(drawWeights(NETWORKS[index] as DrawnNetwork))),
    heads: HEADS,
    outputs: names,
  }));
  return {
    format: 'layercost-model',
    version: 1,
    name: 'drawn',
    space: 'nas-bench-201',
    featureVersion: 1,
    networks,
    outputs: {
      'accuracy/cifar10': { transform: 'identity', mean: 90, scale: 2, coverage: 0.9, radius: 1.5 },
      'accuracy/cifar100': { transform: 'identity', mean: 99.9, scale: 0.1, coverage: 0.9, radius: 1.5 },
      'latencyMs/pixel3': {
        ...{ transform: 'exp', mean: 2, scale: 0.1, coverage: 0.8, factor: 1.25 },
        datasets: ['cifar10'],
      },
    },
  };
}

export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
