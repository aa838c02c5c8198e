/**
 * The network that DARTS evaluates a genotype in on CIFAR (Liu et al., 2019, section 3.2): stem of 3 x 36 channels, 20
 * cells, the ones at a third and two thirds reduce; a classifier, without the auxiliary head that training adds.
 */
import type { ModelGraph } from '../../../graph/modelGraph.ts';
import type { DartsCell, DartsHalf } from '../nasCell.ts';
import { cellOperation, factorizedReduce, reluConvBn } from './blocks.ts';
import type { Dataset } from './datasets.ts';
import { NetworkBuilder, type FeatureMap } from './networkBuilder.ts';

const CHANNELS = 36;
const STEM_MULTIPLIER = 3;
const LAYERS = 20;

export function networkDarts(cell: DartsCell, dataset: Dataset): ModelGraph {
  const net = new NetworkBuilder('DARTS cell');
  const input = net.input([1, 3, dataset.imageSize, dataset.imageSize]);
  const stem = { outChannels: STEM_MULTIPLIER * CHANNELS, kernel: 3, padding: 1 };
  const start = net.batchNorm('stem.1', net.convolution('stem.0', input, stem));
  let [before, last, channels, wasReduced] = [start, start, CHANNELS, false];
  for (let layer = 0; layer < LAYERS; layer++) {
    const reduces = isReductionDarts(layer);
    if (reduces) channels *= 2;
    const half = reduces ? cell.reduce : cell.normal;
    const output = cellDarts(net, `cells.${layer}`, half, { before, last, channels, reduces, wasReduced });
    [before, last, wasReduced] = [last, output, reduces];
  }
  const output = net.linear('classifier', net.globalPool('global_pooling', last), dataset.classCount);
  return net.finish(input, output);
}

interface CellPlace {
  readonly before: FeatureMap;
  readonly last: FeatureMap;
  readonly channels: number;
  readonly reduces: boolean;
  /** Whether the last cell reduced, so that the one before it has twice the size. */
  readonly wasReduced: boolean;
}

function cellDarts(net: NetworkBuilder, name: string, half: DartsHalf, place: CellPlace): FeatureMap {
  const { before, last, channels, reduces, wasReduced } = place;
  return net.module(name, reduces ? 'ReductionCell' : 'NormalCell', [before, last], () => {
    const fit = { outChannels: channels, kernel: 1 };
    const states = [
      wasReduced ? factorizedReduce(net, 'preprocess0', before, channels) : reluConvBn(net, 'preprocess0', before, fit),
      reluConvBn(net, 'preprocess1', last, fit),
    ];
    for (let i = 0; i < half.edges.length; i += 2) {
      const summands = half.edges.slice(i, i + 2).flatMap(({ operation, from }, offset) => {
        const state = states[from];
        if (state === undefined) return [];
        return [cellOperation(net, edgeNameDarts(i + offset), operation, state, reduces && from < 2 ? 2 : 1)];
      });
      states.push(net.sum(summands) ?? last);
    }
    return net.concat(half.concat.flatMap((state) => states[state] ?? []));
  });
}

/** Name of an edge's module within its cell. */
export function edgeNameDarts(index: number): string {
  return `_ops.${index}`;
}

/** Whether the cell of this number halves height and width. */
export function isReductionDarts(layer: number): boolean {
  return layer === Math.floor(LAYERS / 3) || layer === Math.floor((2 * LAYERS) / 3);
}
