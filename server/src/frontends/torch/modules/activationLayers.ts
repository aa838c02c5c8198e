/**
 * Activation layers without state, and PReLU with its slopes. One row each: constructor -> the function it calls.
 */
import { scalarOf } from '../tensor/operands.ts';
import type { LayerSpec } from './layerSpec.ts';

/** [constructor, forward] */
const ROWS: readonly (readonly [string, string])[] = [
  ['Threshold(threshold, value, inplace=False)', 'threshold(input, self.threshold, self.value, self.inplace)'],
  ['ReLU(inplace=False)', 'relu(input, inplace=self.inplace)'],
  [
    'RReLU(lower=0.125, upper=0.3333333333333333, inplace=False)',
    'rrelu(input, self.lower, self.upper, self.training, self.inplace)',
  ],
  ['Sigmoid()', 'torch.sigmoid(input)'],
  ['Hardsigmoid(inplace=False)', 'hardsigmoid(input, self.inplace)'],
  ['Tanh()', 'torch.tanh(input)'],
  ['SiLU(inplace=False)', 'silu(input, inplace=self.inplace)'],
  ['Mish(inplace=False)', 'mish(input, inplace=self.inplace)'],
  ['Hardswish(inplace=False)', 'hardswish(input, self.inplace)'],
  ['ELU(alpha=1.0, inplace=False)', 'elu(input, self.alpha, self.inplace)'],
  ['CELU(alpha=1.0, inplace=False)', 'celu(input, self.alpha, self.inplace)'],
  ['SELU(inplace=False)', 'selu(input, self.inplace)'],
  ['GLU(dim=-1)', 'glu(input, self.dim)'],
  ["GELU(approximate='none')", 'gelu(input, approximate=self.approximate)'],
  ['Hardshrink(lambd=0.5)', 'hardshrink(input, self.lambd)'],
  ['LeakyReLU(negative_slope=0.01, inplace=False)', 'leaky_relu(input, self.negative_slope, self.inplace)'],
  ['LogSigmoid()', 'logsigmoid(input)'],
  ['Softplus(beta=1.0, threshold=20.0)', 'softplus(input, self.beta, self.threshold)'],
  ['Softshrink(lambd=0.5)', 'softshrink(input, self.lambd)'],
  ['Softsign()', 'softsign(input)'],
  ['Tanhshrink()', 'tanhshrink(input)'],
  ['Softmin(dim=None)', 'softmin(input, self.dim)'],
  ['Softmax(dim=None)', 'softmax(input, self.dim)'],
  ['Softmax2d()', 'softmax(input, -3)'],
  ['LogSoftmax(dim=None)', 'log_softmax(input, self.dim)'],
];

const hardtanh: LayerSpec = {
  signature: 'Hardtanh(min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None)',
  module: 'activation',
  notStored: ['min_value', 'max_value'],
  build: (layer) => {
    const [low, high] = ['min_val', 'max_val'].map((name) => scalarOf(layer.value(name))?.value);
    if (low !== undefined && high !== undefined && high <= low) {
      layer.refuse('AssertionError', `max_val (${high}) must be greater than min_val (${low})`);
    }
  },
  forward: 'hardtanh(input, self.min_val, self.max_val, self.inplace)',
};

const relu6: LayerSpec = {
  signature: 'ReLU6(inplace=False)',
  base: 'Hardtanh',
  module: 'activation',
  build: (layer) => {
    layer.set('min_val', 0);
    layer.set('max_val', 6);
  },
  forward: 'relu6(input, self.inplace)',
};

const prelu: LayerSpec = {
  signature: 'PReLU(num_parameters=1, init=0.25, device=None, dtype=None)',
  module: 'activation',
  build: (layer) => layer.parameter('weight', layer.sizes('num_parameters')),
  forward: 'prelu(input, self.weight)',
};

export const activationLayers: readonly LayerSpec[] = [
  ...ROWS.map(([signature, forward]): LayerSpec => ({ signature, forward, module: 'activation' })),
  hardtanh,
  relu6,
  prelu,
];
