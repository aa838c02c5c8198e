/**
 * Activation functions: shape and type of the input stay, except for glu, which halves a dim.
 * relu(1x64x112x112) -> 1x64x112x112, one operation an element.
 */
import type { DType } from '../graph/dtype.ts';
import type { AttributeValue } from '../graph/modelGraph.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

/** Constants of the formula (`alpha`, `negativeSlope`, ...), for printing and features. */
export type ActivationAttributes = { readonly [name: string]: AttributeValue };

const NAMES = [
  'relu',
  'relu6',
  'leakyRelu',
  'elu',
  'celu',
  'selu',
  'gelu',
  'geluTanh',
  'quickGelu',
  'silu',
  'mish',
  'sigmoid',
  'logSigmoid',
  'tanh',
  'tanhshrink',
  'hardtanh',
  'hardsigmoid',
  'hardswish',
  'hardshrink',
  'softshrink',
  'softplus',
  'softsign',
  'threshold',
  'thresholdedRelu',
  'rrelu',
] as const;

export type ActivationName = (typeof NAMES)[number];

/** Activations of one input, by name: `activations.relu`. */
export const activations = Object.fromEntries(
  NAMES.map((name) => [name, pending<ActivationAttributes>(name, 'activation')]),
) as Readonly<Record<ActivationName, Operator<ActivationAttributes>>>; // Made from the list of its keys.

/** Inputs: x, slope (one, or one a channel). */
export const prelu = pending('prelu', 'activation');

export type SoftmaxAttributes = { readonly dim: number; readonly dtype?: DType | undefined };

export const softmax = pending<SoftmaxAttributes>('softmax', 'activation');
export const logSoftmax = pending<SoftmaxAttributes>('logSoftmax', 'activation');
export const softmin = pending<SoftmaxAttributes>('softmin', 'activation');
/** ONNX Hardmax. */
export const hardmax = pending<SoftmaxAttributes>('hardmax', 'activation');
/** `F.gumbel_softmax`. */
export const gumbelSoftmax = pending<SoftmaxAttributes>('gumbelSoftmax', 'activation');

export type GluAttributes = { readonly dim: number };

export const glu = pending<GluAttributes>('glu', 'activation');

export const activationOperators: readonly Operator[] = [
  ...Object.values(activations),
  prelu,
  softmax,
  logSoftmax,
  softmin,
  hardmax,
  gumbelSoftmax,
  glu,
];
