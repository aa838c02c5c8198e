/**
 * The network around a NAS-Bench-201 cell (Dong and Yang, 2020, figure 1): 3x3 stem of 16 channels, three stages of five
 * cells with 16, 32 and 64 channels, a residual block of stride 2 between stages, and a classifier.
 */
import type { ModelGraph } from '../../../graph/modelGraph.ts';
import { EDGES_201 } from '../nasBench201.ts';
import type { CellOperation, NasBench201Cell } from '../nasCell.ts';
import { cellOperation, reluConvBn } from './blocks.ts';
import type { Dataset } from './datasets.ts';
import { channelsOf, NetworkBuilder, type FeatureMap } from './networkBuilder.ts';

export const STEM_CHANNELS_201 = 16;
export const CELLS_PER_STAGE_201 = 5;
const STAGES = 3;

/** Modules of edges have paths "cells.0.edges.1<-0"; sums stand in the cell itself. */
export function network201(cell: NasBench201Cell, dataset: Dataset): ModelGraph {
  const net = new NetworkBuilder('NAS-Bench-201 cell');
  const input = net.input([1, 3, dataset.imageSize, dataset.imageSize]);
  let x = net.convolution('stem.0', input, { outChannels: STEM_CHANNELS_201, kernel: 3, padding: 1 });
  x = net.batchNorm('stem.1', x);
  let number = 0;
  for (let stage = 0; stage < STAGES; stage++) {
    if (stage > 0) x = reductionBlock(net, `cells.${number++}`, x);
    for (let i = 0; i < CELLS_PER_STAGE_201; i++) x = cell201(net, `cells.${number++}`, cell.operations, x);
  }
  x = net.relu('lastact.1', net.batchNorm('lastact.0', x));
  x = net.linear('classifier', net.globalPool('global_pooling', x), dataset.classCount);
  return net.finish(input, x);
}

export function cell201(
  net: NetworkBuilder,
  name: string,
  operations: readonly CellOperation[],
  x: FeatureMap,
): FeatureMap {
  return net.module(name, 'InferCell', [x], () => {
    const nodes = [x];
    for (let node = 1; node <= 3; node++) {
      const summands = EDGES_201.flatMap(([from, to], place) => {
        const source = nodes[from];
        if (to !== node || source === undefined) return [];
        return [cellOperation(net, edgeName201(place), operations[place] ?? 'none', source, 1)];
      });
      nodes.push(net.sum(summands) ?? x);
    }
    return nodes[3] ?? x;
  });
}

/** Name of an edge's module within its cell: "edges.1<-0". */
export function edgeName201(place: number): string {
  const [from, to] = EDGES_201[place] ?? [0, 0];
  return `edges.${to}<-${from}`;
}

/** Two 3x3 convolutions beside an averaged 1x1 one; height and width halve, channels double. */
function reductionBlock(net: NetworkBuilder, name: string, x: FeatureMap): FeatureMap {
  const outChannels = 2 * channelsOf(x);
  return net.module(name, 'ResNetBasicblock', [x], () => {
    const first = reluConvBn(net, 'conv_a', x, { outChannels, kernel: 3, stride: 2, padding: 1 });
    const second = reluConvBn(net, 'conv_b', first, { outChannels, kernel: 3, padding: 1 });
    const pooled = net.pool('downsample.0', 'average', x, { kernel: 2, stride: 2 });
    const shortcut = net.convolution('downsample.1', pooled, { outChannels, kernel: 1 });
    return net.sum([shortcut, second]) ?? second;
  });
}
