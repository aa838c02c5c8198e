/**
 * The network in WebAssembly SIMD and in plain TypeScript, against PyTorch in float64 on 200 graphs
 * (test/truth/predictor/make_network_truth.py, which says how the weights are drawn).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphInput, Relation } from '../../server/src/predictor/graphInput.ts';
import { createKernels } from '../../server/src/predictor/createKernels.ts';
import type { Kernels } from '../../server/src/predictor/kernels.ts';
import type { NetworkDescription } from '../../server/src/predictor/modelDescription.ts';
import { createNetwork, type Network } from '../../server/src/predictor/network.ts';
import { placeWeights } from '../../server/src/predictor/networkWeights.ts';
import type { StoredNumbers } from '../../server/src/predictor/safetensors.ts';
import { kernelBytes } from '../support/kernels.ts';
import { drawWeights, type DrawnNetwork } from './drawWeights.ts';

interface Truth {
  readonly networks: readonly (DrawnNetwork & { readonly heads: readonly Relation[] })[];
  readonly sums: readonly Readonly<Record<string, number>>[];
  readonly graphs: readonly {
    readonly operations: readonly number[];
    readonly edges: readonly (readonly [number, number])[];
    readonly work: readonly (readonly [number, number, number, number])[];
    readonly outputs: readonly (readonly number[])[];
  }[];
}

const file = path.join(import.meta.dirname, '../truth/data/predictor/networks.json');
const truth = JSON.parse(readFileSync(file, 'utf8')) as Truth;
const graphs = truth.graphs.map(({ operations, edges, work }): GraphInput => ({
  operations,
  edges,
  nodeWork: work.map(([macs, elementwiseOps, bytesMoved, paramCount]) => ({
    macs,
    elementwiseOps,
    bytesMoved,
    paramCount,
  })),
}));
const weights = truth.networks.map(drawWeights);

function descriptionOf(network: Truth['networks'][number]): NetworkDescription {
  const outputs = Array.from({ length: network.outputs }, (_, index) => `output ${index}`);
  return { ...network, file: '', crc32: '', graph: 'kept', outputs };
}

function makeNetwork(index: number, kernels: Kernels): Network {
  const description = descriptionOf(truth.networks[index] as Truth['networks'][number]);
  const placed = placeWeights(weights[index] as ReadonlyMap<string, StoredNumbers>, description, kernels);
  if (placed.kind === 'problem') throw new Error(placed.message);
  return createNetwork(description, placed.weights, kernels);
}

it('draws the weights that PyTorch had', () => {
  expect(truth.graphs.length).toBe(200);
  truth.sums.forEach((sums, index) => {
    for (const [name, sum] of Object.entries(sums)) {
      const values = [...(weights[index]?.get(name)?.values ?? [])];
      expect(values.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 4);
    }
  });
});

describe.each(['simd', 'scalar'] as const)('%s', (kind) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = createKernels(kind === 'simd' ? await kernelBytes() : undefined);
    expect(kernels.kind).toBe(kind);
  });

  it.each(truth.networks.map(({ readout }, index) => [readout, index] as const))(
    'network with readout %s: graph by graph as PyTorch',
    (_readout, index) => {
      const network = makeNetwork(index, kernels);
      const off = truth.graphs.map(({ outputs }, graph) => {
        const [row = new Float32Array()] = network.run([graphs[graph] as GraphInput]);
        expect(row.length).toBe(outputs[index]?.length);
        return Math.max(
          ...(outputs[index] ?? []).map(
            (wanted, i) => Math.abs(wanted - (row[i] ?? NaN)) / Math.max(1, Math.abs(wanted)),
          ),
        );
      });
      expect(Math.max(...off)).toBeLessThan(1e-4);
    },
  );

  it.each(truth.networks.map(({ readout }, index) => [readout, index] as const))(
    'network with readout %s: a batch gives what single graphs give',
    (_readout, index) => {
      const network = makeNetwork(index, kernels);
      const batch = network.run(graphs).map((row) => [...row]);
      truth.graphs.forEach(({ outputs }, graph) => {
        outputs[index]?.forEach((wanted, i) => {
          expect(Math.abs(wanted - (batch[graph]?.[i] ?? NaN)) / Math.max(1, Math.abs(wanted))).toBeLessThan(1e-4);
        });
      });
    },
  );

  it('reserves no more memory once it has seen the largest graphs', () => {
    const network = makeNetwork(0, kernels);
    network.run(graphs);
    const before = kernels.allocate(0);
    for (const graph of graphs) network.run([graph]);
    network.run(graphs);
    expect(kernels.allocate(0)).toBe(before);
  });
});
