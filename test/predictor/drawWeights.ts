/**
 * Weights that anybody can draw again, as test/truth/predictor/make_network_truth.py draws them.
 */
import type { Activation, Readout } from '../../server/src/predictor/modelDescription.ts';
import type { StoredNumbers } from '../../server/src/predictor/safetensors.ts';

export interface DrawnNetwork {
  readonly seed: number;
  readonly width: number;
  readonly hidden: number;
  readonly layers: number;
  readonly activation: Activation;
  readonly normEpsilon: number;
  readonly readout: Readout;
  /** Number of outputs. */
  readonly outputs: number;
  /** Widths within the head. */
  readonly head: readonly number[];
  readonly depths?: number;
  readonly work?: boolean;
  readonly biases?: boolean;
}

const KINDS = 16;

/** By name, in no order. */
export function drawWeights(network: DrawnNetwork): ReadonlyMap<string, StoredNumbers> {
  const shapes = [...shapesOf(network)].sort(([a], [b]) => (a < b ? -1 : 1));
  let state = network.seed;
  return new Map(
    shapes.map(([name, shape]) => {
      const values = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
      for (let i = 0; i < values.length; i++) {
        state = (Math.imul(1664525, state) + 1013904223) >>> 0;
        values[i] = scaled(name, shape, (state >>> 8) / 2 ** 23 - 1);
      }
      return [name, { shape, values }];
    }),
  );
}

function shapesOf(network: DrawnNetwork): ReadonlyMap<string, readonly number[]> {
  const { width: d, hidden: f, layers, readout, outputs, head, depths, work, biases } = network;
  const shapes = new Map<string, readonly number[]>([
    ['embedding.weight', [KINDS, d]],
    ['norm.weight', [d]],
    ['norm.bias', [d]],
  ]);
  if (depths !== undefined) shapes.set('depth.weight', [depths, d]);
  if (work === true) shapes.set('work.weight', [d, 4]).set('work.mean', [4]).set('work.std', [4]);
  if (readout === 'token') shapes.set('token', [d]);
  const linear = (name: string, rows: number, columns: number, hasBias: boolean): void => {
    shapes.set(`${name}.weight`, [rows, columns]);
    if (hasBias) shapes.set(`${name}.bias`, [rows]);
  };
  for (let layer = 0; layer < layers; layer++) {
    const name = `blocks.${layer}`;
    for (const norm of ['norm1', 'norm2']) shapes.set(`${name}.${norm}.weight`, [d]).set(`${name}.${norm}.bias`, [d]);
    linear(`${name}.attention.qkv`, 3 * d, d, true);
    linear(`${name}.attention.out`, d, d, true);
    linear(`${name}.ffn.w1`, f, d, biases === true);
    linear(`${name}.ffn.wg`, f, d, false);
    linear(`${name}.ffn.w2`, d, f, biases === true);
  }
  const sizes = [d, ...head, outputs];
  sizes.slice(1).forEach((size, index) => linear(`head.${index}`, size, sizes[index] ?? 0, true));
  return shapes;
}

function scaled(name: string, shape: readonly number[], u: number): number {
  if (name === 'work.mean') return 8 + u;
  if (name === 'work.std') return 6 + u;
  if (name.endsWith('.bias')) return u / 4;
  if (name.includes('norm')) return 1 + u / 4;
  if (['embedding.weight', 'depth.weight', 'token'].includes(name)) return u;
  return u * Math.sqrt(3 / (shape[1] ?? 1));
}
