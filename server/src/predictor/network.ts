/**
 * The encoder of NN-Former (Xu et al., CVPR 2025) over batches of graphs: pre-norm blocks of attention that is masked to
 * one relation a head, and of the bidirectional graph-isomorphism feed-forward part. docs/predictor.md has the formulas.
 * createNetwork(...).run([graph]) -> one row of outputs. After the first calls nothing is allocated but small objects.
 */
import { Adjacency, emptyLists, type GraphInput, type Lists, type Relation } from './graphInput.ts';
import type { Kernels, Offset } from './kernels.ts';
import type { NetworkDescription } from './modelDescription.ts';
import type { Block, Linear, NetworkWeights } from './networkWeights.ts';

export interface Network {
  readonly description: NetworkDescription;
  /**
   * One row a graph, the network's outputs in order, not yet scaled; valid until the next call. What the head reads, one row
   * of `width` a graph, is written into `embeddings`.
   */
  run(graphs: readonly GraphInput[], embeddings?: Float32Array): readonly Float32Array[];
}

/** Places in the memory for so many rows. */
interface Workspace {
  readonly rows: number;
  readonly state: Offset;
  readonly normed: Offset;
  readonly qkv: Offset;
  readonly seen: Offset;
  readonly inner: Offset;
  /** Scratch of the matrix products. */
  readonly packed: Offset;
}

export function createNetwork(description: NetworkDescription, weights: NetworkWeights, kernels: Kernels): Network {
  const { width, hidden, heads, activation, readout, normEpsilon } = description;
  const adjacency = new Adjacency();
  const masks = new Map<Relation, Lists>([...new Set(heads)].map((relation) => [relation, emptyLists()]));
  const children = emptyLists();
  const parents = emptyLists();
  const extra = readout === 'token' ? 1 : 0;
  const headSize = width / heads.length;
  const scale = 1 / Math.sqrt(headSize);
  let workspace: Workspace | undefined;
  let scores = { offset: 0, capacity: 0 };
  let pooled = { offsets: [0, 0] as readonly [Offset, Offset], packed: 0, capacity: 0 };
  let depths = new Int32Array(64);

  const reserve = (rows: number, graphCount: number, longest: number): Workspace => {
    if (workspace === undefined || workspace.rows < rows) {
      const capacity = workspace === undefined ? rows : Math.max(rows, 2 * workspace.rows);
      workspace = {
        rows: capacity,
        state: kernels.allocate(4 * capacity * width),
        normed: kernels.allocate(4 * capacity * width),
        qkv: kernels.allocate(4 * capacity * 3 * width),
        seen: kernels.allocate(4 * capacity * width),
        inner: kernels.allocate(4 * capacity * 2 * hidden),
        packed: kernels.allocate(4 * capacity * Math.max(width, hidden)),
      };
    }
    if (longest > scores.capacity) scores = { offset: kernels.allocate(4 * (2 * longest + 4)), capacity: 2 * longest };
    if (graphCount > pooled.capacity) {
      const floats = Math.max(width, ...weights.head.map(({ outputs }) => outputs)) * 2 * graphCount;
      const [first, second, packed] = [0, 1, 2].map(() => kernels.allocate(4 * floats)) as [Offset, Offset, Offset];
      pooled = { offsets: [first, second], packed, capacity: 2 * graphCount };
    }
    return workspace;
  };

  const attend = (block: Block, rows: number, { state, normed, qkv, seen, packed }: Workspace): void => {
    kernels.layerNorm(state, block.norm1.weight, block.norm1.bias, normed, rows, width, normEpsilon);
    applyLinear(kernels, block.qkv, normed, width, qkv, 3 * width, rows, 0, packed);
    heads.forEach((relation, head) => {
      const mask = masks.get(relation) ?? children;
      const first = head * headSize;
      kernels.attention(qkv, width, first, headSize, mask.starts, mask.columns, seen, rows, scale, scores.offset);
    });
    applyLinear(kernels, block.out, seen, width, state, width, rows, 1, packed);
  };

  const feedForward = (block: Block, rows: number, { state, normed, inner, packed }: Workspace): void => {
    const stride = 2 * hidden;
    const half = hidden / 2;
    kernels.layerNorm(state, block.norm2.weight, block.norm2.bias, normed, rows, width, normEpsilon);
    applyLinear(kernels, block.inner, normed, width, inner, stride, rows, 0, packed);
    const gathered = inner + 4 * hidden;
    const isRelu = activation === 'relu' ? 1 : 0;
    for (const [lists, first] of [
      [children, 0],
      [parents, 4 * half],
    ] as const) {
      kernels.addNeighbours(gathered + first, inner + first, stride, half, lists.starts, lists.columns, rows, isRelu);
    }
    if (activation !== 'relu') kernels[activation](inner, stride, rows, hidden);
    applyLinear(kernels, block.w2, inner, stride, state, width, rows, 1, packed);
  };

  const readHead = (graphCount: number): readonly Float32Array[] => {
    let [from, to] = pooled.offsets;
    let stride = width;
    weights.head.forEach((layer, index) => {
      if (index > 0) kernels[activation](from, stride, graphCount, stride);
      applyLinear(kernels, layer, from, stride, to, layer.outputs, graphCount, 0, pooled.packed);
      stride = layer.outputs;
      [from, to] = [to, from];
    });
    const { floats } = kernels.memory();
    return Array.from({ length: graphCount }, (_, graph) => {
      const start = from / 4 + graph * stride;
      return floats.subarray(start, start + description.outputs.length);
    });
  };

  return {
    description,
    run(graphs, embeddings) {
      adjacency.read(graphs, extra === 1);
      const rows = adjacency.rowCount;
      let longest = 0;
      for (const [relation, lists] of masks) {
        longest = Math.max(longest, adjacency.writeMask(kernels, lists, relation));
      }
      adjacency.writeNeighbours(kernels, children, 'A');
      adjacency.writeNeighbours(kernels, parents, 'AT');
      const space = reserve(rows, graphs.length, longest);
      if (rows > depths.length) depths = new Int32Array(2 * rows);
      embed(graphs, weights, width, kernels.memory().floats, space.state / 4, depths);
      for (const block of weights.blocks) {
        attend(block, rows, space);
        feedForward(block, rows, space);
      }
      kernels.layerNorm(space.state, weights.norm.weight, weights.norm.bias, space.normed, rows, width, normEpsilon);
      const { floats } = kernels.memory();
      const first = pooled.offsets[0] / 4;
      pool(graphs, readout, width, floats, space.normed / 4, first);
      embeddings?.set(floats.subarray(first, first + graphs.length * width));
      return readHead(graphs.length);
    },
  };
}

function applyLinear(
  kernels: Kernels,
  { weight, bias, inputs, outputs }: Linear,
  x: Offset,
  xStride: number,
  y: Offset,
  yStride: number,
  rows: number,
  adds: 0 | 1,
  packed: Offset,
): void {
  kernels.linear(x, xStride, weight, bias, y, yStride, rows, inputs, outputs, adds, packed);
}

/** Writes the first states of all rows: kind, depth, work; the token of a graph before its nodes. */
function embed(
  graphs: readonly GraphInput[],
  { embedding, depth, work, token }: NetworkWeights,
  width: number,
  floats: Float32Array,
  start: number,
  depths: Int32Array,
): void {
  const depthCount = depth === undefined ? 0 : depth.length / width;
  let to = start;
  for (const { operations, edges, nodeWork } of graphs) {
    if (token !== undefined) {
      floats.set(token, to);
      to += width;
    }
    if (depth !== undefined) measureDepths(operations.length, edges, depths);
    for (let node = 0; node < operations.length; node++, to += width) {
      const kind = embedding[operations[node] ?? 0];
      if (kind !== undefined) floats.set(kind, to);
      if (depth !== undefined) {
        const depthRow = Math.min(depths[node] ?? 0, depthCount - 1) * width;
        for (let c = 0; c < width; c++) floats[to + c] = (floats[to + c] ?? 0) + (depth[depthRow + c] ?? 0);
      }
      if (work !== undefined) addWork(nodeWork[node], work, width, floats, to);
    }
  }
}

/** The longest path to each node from one that has none before it; edges ascend by target. */
function measureDepths(nodeCount: number, edges: GraphInput['edges'], depths: Int32Array): void {
  depths.fill(0, 0, nodeCount);
  for (const [from, to] of edges) depths[to] = Math.max(depths[to] ?? 0, (depths[from] ?? 0) + 1);
}

function addWork(
  node: GraphInput['nodeWork'][number] | undefined,
  { weight, mean, std }: NonNullable<NetworkWeights['work']>,
  width: number,
  floats: Float32Array,
  to: number,
): void {
  const figures = [node?.macs ?? 0, node?.elementwiseOps ?? 0, node?.bytesMoved ?? 0, node?.paramCount ?? 0];
  figures.forEach((figure, field) => {
    const value = (Math.log1p(figure) - (mean[field] ?? 0)) / (std[field] ?? 1);
    for (let c = 0; c < width; c++) floats[to + c] = (floats[to + c] ?? 0) + value * (weight[4 * c + field] ?? 0);
  });
}

/** One row a graph, of its nodes' last states. */
function pool(
  graphs: readonly GraphInput[],
  readout: NetworkDescription['readout'],
  width: number,
  floats: Float32Array,
  start: number,
  target: number,
): void {
  const extra = readout === 'token' ? 1 : 0;
  let first = start;
  let to = target;
  for (const { operations } of graphs) {
    const rows = operations.length + extra;
    const from = readout === 'output' ? first + (rows - 1) * width : first;
    const count = readout === 'mean' || readout === 'sum' ? rows : 1;
    const share = readout === 'mean' ? 1 / count : 1;
    for (let c = 0; c < width; c++) {
      let sum = 0;
      for (let row = 0; row < count; row++) sum += floats[from + row * width + c] ?? 0;
      floats[to + c] = sum * share;
    }
    first += rows * width;
    to += width;
  }
}
