/**
 * The network around a NAS-Bench-101 cell (Ying et al., 2019, section 2): 3x3 stem of 128 channels, three stacks of three
 * cells, before the second and third a 2x2 max pool that doubles the channels, global pool, classifier. Convolutions are
 * followed by batch norm and ReLU; what the input feeds passes a 1x1 projection.
 */
import { invariant } from '../../../base/assert.ts';
import type { ModelGraph } from '../../../graph/modelGraph.ts';
import type { CellOperation, NasBench101Cell } from '../nasCell.ts';
import { convBnRelu } from './blocks.ts';
import type { Dataset } from './datasets.ts';
import { channelsOf, NetworkBuilder, type FeatureMap } from './networkBuilder.ts';

const STEM_CHANNELS = 128;
const STACKS = 3;
const CELLS_PER_STACK = 3;

export function network101(cell: NasBench101Cell, dataset: Dataset): ModelGraph {
  const net = new NetworkBuilder('NAS-Bench-101 cell');
  const input = net.input([1, 3, dataset.imageSize, dataset.imageSize]);
  let x = convBnRelu(net, 'stem', input, { outChannels: STEM_CHANNELS, kernel: 3, padding: 1 });
  let channels = STEM_CHANNELS;
  for (let stack = 0; stack < STACKS; stack++) {
    if (stack > 0) {
      x = net.pool(`stack${stack}.downsample`, 'max', x, { kernel: 2, stride: 2 });
      channels *= 2;
    }
    for (let i = 0; i < CELLS_PER_STACK; i++) x = cell101(net, `stack${stack}.module${i}`, cell, x, channels);
  }
  x = net.linear('classifier', net.globalPool('pool', x), dataset.classCount);
  return net.finish(input, x);
}

/**
 * Channels of each vertex: those that feed the output share its channels, the first ones taking one more each where they
 * do not divide; others have the most of those that they feed. The benchmark's compute_vertex_channels.
 */
export function vertexChannels(
  matrix: readonly (readonly boolean[])[],
  inChannels: number,
  outChannels: number,
): readonly number[] {
  const last = matrix.length - 1;
  const channels = Array.from({ length: last + 1 }, () => 0);
  channels[0] = inChannels;
  channels[last] = outChannels;
  const ends = matrix.flatMap((row, vertex) => (vertex > 0 && row[last] === true ? [vertex] : []));
  const share = Math.floor(outChannels / Math.max(1, ends.length));
  ends.forEach((vertex, index) => (channels[vertex] = share + (index < outChannels % ends.length ? 1 : 0)));
  for (let vertex = last - 1; vertex > 0; vertex--) {
    if (matrix[vertex]?.[last] === true) continue;
    const fed = channels.slice(0, last).filter((_, to) => to > vertex && matrix[vertex]?.[to] === true);
    channels[vertex] = Math.max(...fed);
  }
  return channels;
}

function cell101(
  net: NetworkBuilder,
  name: string,
  { matrix, operations }: NasBench101Cell,
  x: FeatureMap,
  outChannels: number,
): FeatureMap {
  const last = matrix.length - 1;
  const channels = vertexChannels(matrix, channelsOf(x), outChannels);
  return net.module(name, 'Cell', [x], () => {
    const project = (vertex: number): FeatureMap =>
      convBnRelu(net, `project${vertex}`, x, { outChannels: channels[vertex] ?? 0, kernel: 1 });
    const values: FeatureMap[] = [x];
    for (let vertex = 1; vertex < last; vertex++) {
      const size = channels[vertex] ?? 0;
      const summands = values.flatMap((value, from) =>
        from > 0 && matrix[from]?.[vertex] === true ? [net.truncate(value, size)] : [],
      );
      if (matrix[0]?.[vertex] === true) summands.push(project(vertex));
      const sum = net.sum(summands);
      invariant(sum !== undefined, 'every vertex of a pruned cell reads another');
      values.push(vertexOperation(net, vertexName101(vertex), operations[vertex - 1] ?? 'none', sum));
    }
    const ends = values.filter((_, vertex) => vertex > 0 && matrix[vertex]?.[last] === true);
    const joined = ends.length === 0 ? [] : [net.concat(ends)];
    if (matrix[0]?.[last] === true) joined.push(project(last));
    const output = net.sum(joined);
    invariant(output !== undefined, 'something feeds the output of a pruned cell');
    return output;
  });
}

/** Name of a vertex's module within its cell. */
export function vertexName101(vertex: number): string {
  return `vertex${vertex}`;
}

function vertexOperation(net: NetworkBuilder, name: string, operation: CellOperation, x: FeatureMap): FeatureMap {
  const outChannels = channelsOf(x);
  if (operation === 'maxPool3x3') return net.pool(name, 'max', x, { kernel: 3, stride: 1, padding: 1 });
  return operation === 'conv3x3'
    ? convBnRelu(net, name, x, { outChannels, kernel: 3, padding: 1 })
    : convBnRelu(net, name, x, { outChannels, kernel: 1 });
}
