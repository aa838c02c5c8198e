/**
 * Activation functions: shape and type of the input stay, except for glu, which halves a dim.
 * relu(1x64x112x112) -> 1x64x112x112, one operation an element.
 * Each arithmetic step of the usual formula counts one an element, a transcendental function too:
 * sigmoid 1 / (1 + exp(-x)) is 4, silu x * sigmoid(x) is 5.
 */
import { floorDivideDims, moduloDims, multiplyDims, printDim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import type { AttributeValue } from '../graph/modelGraph.ts';
import { elementCount, printShape, tensorType } from '../graph/tensorType.ts';
import { areDifferent } from './agreement.ts';
import { noAxis, replaceDim, resolveAxis } from './dataMovement.ts';
import { mismatch, ok, type NoAttributes, type Operator } from './operator.ts';
import { toFloat } from './promotion.ts';

/** Constants of the formula (`alpha`, `negativeSlope`, ...), for printing and features. */
export type ActivationAttributes = { readonly [name: string]: AttributeValue };

/** Operations an element. */
const ACTIVATIONS = {
  /** max(x, 0) */
  relu: 1,
  /** min(max(x, 0), 6) */
  relu6: 2,
  /** Compare and multiply. */
  leakyRelu: 2,
  rrelu: 2,
  /** Compare, exp, subtract, multiply. */
  elu: 4,
  /** Compare, divide, exp, subtract, multiply. */
  celu: 5,
  /** Compare, exp, subtract, multiply, scale. */
  selu: 5,
  /** x / 2 * (1 + erf(x / sqrt(2))) */
  gelu: 5,
  /** x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) */
  geluTanh: 9,
  /** x * sigmoid(1.702 * x) */
  quickGelu: 6,
  silu: 5,
  /** x * tanh(log(1 + exp(x))) */
  mish: 5,
  sigmoid: 4,
  /** -log(1 + exp(-x)) */
  logSigmoid: 5,
  tanh: 1,
  tanhshrink: 2,
  /** min(max(x, low), high) */
  hardtanh: 2,
  /** min(max(x + 3, 0), 6) / 6 */
  hardsigmoid: 4,
  /** x * hardsigmoid(x) */
  hardswish: 5,
  hardshrink: 2,
  /** Two comparisons and a sum. */
  softshrink: 3,
  /** log(1 + exp(beta * x)) / beta, and a comparison. */
  softplus: 6,
  /** x / (1 + |x|) */
  softsign: 3,
  threshold: 1,
  thresholdedRelu: 1,
} as const;

export type ActivationName = keyof typeof ACTIVATIONS;

/** Activations of one input, by name: `activations.relu`. */
export const activations = Object.fromEntries(
  Object.entries(ACTIVATIONS).map(([name, ops]) => [name, activationOperator(name, ops)]),
) as Readonly<Record<ActivationName, Operator<ActivationAttributes>>>; // Made from the table of its keys.

/** Inputs: x (channels as axis 1), slope (one, or one a channel; ONNX: any that broadcasts to x). */
export const prelu: Operator<NoAttributes> = {
  name: 'prelu',
  family: 'activation',
  isView: false,
  infer([x, slope]) {
    const output = tensorType(x?.dtype ?? 'unknown', x?.shape);
    const [count] = slope?.shape ?? [];
    if (x?.shape === undefined || slope?.shape?.length !== 1 || count === undefined || count === 1) return ok(output);
    const channels = x.shape.length > 1 ? x.shape[1] : 1;
    if (channels === undefined || !areDifferent(count, channels) || !areDifferent(count, x.shape.at(-1) ?? 1)) {
      return ok(output);
    }
    return mismatch(`${printDim(count)} slopes for ${printDim(channels)} channels of ${printShape(x.shape)}`, output);
  },
  // Compare and multiply.
  work: ([x]) => ({ macs: 0, elementwiseOps: multiplyDims(elementCount(x?.shape), 2) }),
};

export type SoftmaxAttributes = { readonly dim: number; readonly dtype?: DType | undefined };

/** exp(x - max) / sum: maximum, subtract, exp, sum, divide. */
export const softmax = alongAxis('softmax', 5);
/** x - max - log(sum(exp(x - max))): maximum, subtract, exp, sum, subtract. */
export const logSoftmax = alongAxis('logSoftmax', 5);
/** softmax(-x) */
export const softmin = alongAxis('softmin', 6);
/** ONNX Hardmax: one where the maximum is. */
export const hardmax = alongAxis('hardmax', 2);
/** `F.gumbel_softmax`: softmax((x - log(-log(random))) / tau). */
export const gumbelSoftmax = alongAxis('gumbelSoftmax', 12);

export type GluAttributes = { readonly dim: number };

/** First half times the sigmoid of the second. */
export const glu: Operator<GluAttributes> = {
  name: 'glu',
  family: 'activation',
  isView: false,
  infer([x], { dim }) {
    const dtype = x?.dtype ?? 'unknown';
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined));
    const axis = x.shape.length === 0 ? undefined : resolveAxis(dim, x.shape.length);
    if (axis === undefined) return mismatch(noAxis(dim, x.shape));
    const size = x.shape[axis] ?? 0;
    if (areDifferent(moduloDims(size, 2), 0)) {
      return mismatch(`glu halves axis ${dim} of ${printShape(x.shape)}, which is odd`, tensorType(dtype, undefined));
    }
    return ok(tensorType(dtype, replaceDim(x.shape, axis, [floorDivideDims(size, 2)])));
  },
  work: (_, outputs) => ({ macs: 0, elementwiseOps: multiplyDims(elementCount(outputs[0]?.shape), 5) }),
};

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

/** Functions that give fractions turn integers into floats, as PyTorch does; the others keep them. */
const GIVES_FRACTIONS: ReadonlySet<string> = new Set(['sigmoid', 'tanh', 'softsign', 'tanhshrink']);

function activationOperator(name: string, opsPerElement: number): Operator<ActivationAttributes> {
  return {
    name,
    family: 'activation',
    isView: false,
    infer([x]) {
      const dtype = x?.dtype ?? 'unknown';
      return ok(tensorType(GIVES_FRACTIONS.has(name) ? toFloat(dtype) : dtype, x?.shape));
    },
    work: ([x]) => ({ macs: 0, elementwiseOps: multiplyDims(elementCount(x?.shape), opsPerElement) }),
  };
}

function alongAxis(name: string, opsPerElement: number): Operator<SoftmaxAttributes> {
  return {
    name,
    family: 'activation',
    isView: false,
    infer([x], { dim, dtype }) {
      const output = tensorType(dtype ?? x?.dtype ?? 'unknown', x?.shape);
      const isMissing = x?.shape !== undefined && resolveAxis(dim, x.shape.length) === undefined;
      return isMissing ? mismatch(noAxis(dim, x.shape), output) : ok(output);
    },
    work: ([x]) => ({ macs: 0, elementwiseOps: multiplyDims(elementCount(x?.shape), opsPerElement) }),
  };
}
