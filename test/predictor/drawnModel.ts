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
