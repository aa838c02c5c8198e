/**
 * Pooling to a given output size: adaptive, global, fractional, and max-unpooling.
 * adaptiveAveragePool of 1x512x7x7 to [1, 1] -> 1x512x1x1.
 */
import {
  addDims,
  compareDims,
  floorDivideDims,
  multiplyDims,
  subtractDims,
  unknownDim,
  type Dim,
} from '../graph/dim.ts';
import { elementCount, printShape, tensorType, type TensorType } from '../graph/tensorType.ts';
import { dimAt, productOfDims } from './agreement.ts';
import { mismatch, ok, type InferResult, type NoAttributes, type Operator, type OperatorFamily } from './operator.ts';
import { emptyProblem, poolingRankProblem, withIndices } from './pooling.ts';
import { isBelow, perAxis } from './windows.ts';

export type AdaptivePoolAttributes = {
  /** One entry per spatial axis; null keeps the input's size. */
  readonly outputSize: readonly (Dim | null)[];
  /** A second output with the positions of the maxima (int64); max only. */
  readonly returnIndices?: boolean | undefined;
};

export type MaxUnpoolAttributes = {
  /** One entry per spatial axis. */
  readonly kernel: readonly Dim[];
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: readonly Dim[] | undefined;
  /** Spatial sizes of the output where they are given (leading batch and channel sizes may stand before them). */
  readonly outputSize?: readonly Dim[] | undefined;
};

export type FractionalMaxPoolAttributes = {
  /** One entry per spatial axis. */
  readonly kernel: readonly Dim[];
  readonly outputSize?: readonly Dim[] | undefined;
  /** Used where outputSize is left out: output = floor(input * ratio). */
  readonly outputRatio?: readonly number[] | undefined;
  readonly returnIndices?: boolean | undefined;
};

/** Inputs: x (batch x channels x spatial..., or without batch). */
export const adaptiveAveragePool = adaptivePool('adaptiveAveragePool');
export const adaptiveMaxPool = adaptivePool('adaptiveMaxPool');

/** Inputs: x (batch x channels x spatial...): every spatial axis becomes 1 (ONNX GlobalAveragePool and relatives). */
export const globalAveragePool = globalPool('globalAveragePool', 1);
export const globalMaxPool = globalPool('globalMaxPool', 1);
/** A power and an addition per element. */
export const globalLpPool = globalPool('globalLpPool', 2);

/** Inputs: x, indices. Moves values; nothing is computed. torch.nn.functional.max_unpool2d, ONNX MaxUnpool-11. */
export const maxUnpool: Operator<MaxUnpoolAttributes> = {
  name: 'maxUnpool',
  ...poolingFamily(),
  infer([x], attributes) {
    if (x?.shape === undefined) return unknownRank(x);
    const { kernel, outputSize } = attributes;
    const problem = poolingRankProblem(x.shape, kernel.length) ?? emptyProblem(x.shape, kernel.length);
    if (problem !== undefined) return mismatch(problem, tensorType(x.dtype, undefined));
    const leading = x.shape.slice(0, -kernel.length);
    if (outputSize !== undefined) return ok(tensorType(x.dtype, [...leading, ...outputSize.slice(-kernel.length)]));
    const stride = perAxis<Dim>('stride', attributes.stride ?? kernel, kernel.length, 1);
    const padding = perAxis<Dim>('padding', attributes.padding, kernel.length, 0);
    if (stride.kind === 'mismatch') return mismatch(stride.message, tensorType(x.dtype, undefined));
    if (padding.kind === 'mismatch') return mismatch(padding.message, tensorType(x.dtype, undefined));
    const impossible = unpoolProblem(kernel, stride.values, padding.values);
    if (impossible !== undefined) return mismatch(impossible, tensorType(x.dtype, undefined));
    const spatial = x.shape.slice(-kernel.length).map((dim, i) => {
      const spread = addDims(multiplyDims(subtractDims(dim, 1), stride.values[i] ?? 1), kernel[i] ?? 1);
      return subtractDims(spread, multiplyDims(padding.values[i] ?? 0, 2));
    });
    const output = tensorType(x.dtype, [...leading, ...spatial]);
    return spatial.some((dim) => isBelow(dim, 1))
      ? mismatch(`the padding leaves nothing of the output ${printShape(output.shape)}`, output)
      : ok(output);
  },
  work: () => ({ macs: 0, elementwiseOps: 0 }),
};

/** Inputs: x. One comparison per window element. */
export const fractionalMaxPool: Operator<FractionalMaxPoolAttributes> = {
  name: 'fractionalMaxPool',
  ...poolingFamily(),
  infer: ([x], attributes) => withIndices(inferFractional(x, attributes), attributes.returnIndices === true),
  work: (_inputs, outputs, { kernel }) => ({
    macs: 0,
    elementwiseOps: multiplyDims(elementCount(outputs[0]?.shape), productOfDims(kernel)),
  }),
};

export const poolingToSizeOperators: readonly Operator[] = [
  adaptiveAveragePool,
  adaptiveMaxPool,
  globalAveragePool,
  globalMaxPool,
  globalLpPool,
  maxUnpool,
  fractionalMaxPool,
];

function unpoolProblem(kernel: readonly Dim[], stride: readonly Dim[], padding: readonly Dim[]): string | undefined {
  if (kernel.some((size) => isBelow(size, 1))) return `the kernel must be positive, got ${printShape(kernel)}`;
  if (stride.some((size) => isBelow(size, 1))) return `the stride must be positive, got ${printShape(stride)}`;
  if (padding.some((size) => isBelow(size, 0))) return `the padding must not be negative, got ${printShape(padding)}`;
  return undefined;
}

function poolingFamily(): { readonly family: OperatorFamily; readonly isView: false } {
  return { family: 'pooling', isView: false };
}

function unknownRank(x: TensorType | undefined): InferResult {
  return ok(tensorType(x?.dtype ?? 'unknown', undefined));
}

/**
 * Window i of an axis covers floor(i in/out) up to ceil((i + 1) in/out): windows overlap where out does not divide in
 * (PyTorch AdaptiveAvgPool2d). One operation per covered element.
 */
function adaptivePool(name: string): Operator<AdaptivePoolAttributes> {
  return {
    name,
    ...poolingFamily(),
    infer: ([x], { outputSize, returnIndices }) =>
      withIndices(inferAdaptive(x, outputSize, name === 'adaptiveMaxPool'), returnIndices === true),
    work([x], _outputs, { outputSize }) {
      if (x?.shape === undefined) return { macs: 0, elementwiseOps: elementCount(undefined) };
      const spatial = x.shape.slice(-outputSize.length);
      const covered = spatial.map((dim, i) => coveredElements(dim, outputSize[i] ?? dim));
      const leading = productOfDims(x.shape.slice(0, -outputSize.length));
      return { macs: 0, elementwiseOps: multiplyDims(leading, productOfDims(covered)) };
    },
  };
}

/** A maximum, and an average over volumes, need all axes but the first. */
function inferAdaptive(
  x: TensorType | undefined,
  outputSize: readonly (Dim | null)[],
  needsChannels: boolean,
): InferResult {
  if (x?.shape === undefined) return unknownRank(x);
  const { shape } = x;
  const problem = poolingRankProblem(shape, outputSize.length);
  if (problem !== undefined) return mismatch(problem, tensorType(x.dtype, undefined));
  const first = shape.length - outputSize.length;
  const sizes = outputSize.map((dim, i) => dim ?? dimAt(shape, first + i));
  const output = tensorType(x.dtype, [...shape.slice(0, first), ...sizes]);
  // An average of one element is a mean, which has no such check.
  const isMean = !needsChannels && sizes.every((size) => size === 1);
  const isEmpty = !isMean && shape.slice(needsChannels || outputSize.length === 3 ? 1 : first).some((dim) => dim === 0);
  return isEmpty ? mismatch(`there is nothing to pool in ${printShape(shape)}`, output) : ok(output);
}

/** Elements under all windows of one axis, overlaps counted as often as they are read. */
function coveredElements(input: Dim, output: Dim): Dim {
  if (output === 1 || compareDims(input, output) === 'equal') return input;
  if (typeof input !== 'number' || typeof output !== 'number') {
    return unknownDim('the overlap of adaptive pooling windows depends on a symbolic size');
  }
  // Each boundary between two windows that falls inside an element makes that element count twice.
  const divisor = greatestCommonDivisor(input, output);
  return input + output - divisor;
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

function globalPool(name: string, opsPerElement: number): Operator<NoAttributes> {
  return {
    name,
    ...poolingFamily(),
    infer([x]) {
      if (x?.shape === undefined) return unknownRank(x);
      if (x.shape.length < 2) return mismatch(`expected a batch and a channel axis, got ${printShape(x.shape)}`);
      return ok(tensorType(x.dtype, [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)]));
    },
    work: ([x]) => ({ macs: 0, elementwiseOps: multiplyDims(elementCount(x?.shape), opsPerElement) }),
  };
}

function inferFractional(x: TensorType | undefined, attributes: FractionalMaxPoolAttributes): InferResult {
  if (x?.shape === undefined) return unknownRank(x);
  const { kernel, outputSize, outputRatio } = attributes;
  const empty = poolingRankProblem(x.shape, kernel.length) ?? emptyProblem(x.shape, kernel.length);
  const problem =
    empty ??
    (kernel.some((size) => isBelow(size, 1)) ? `the kernel must be positive, got ${printShape(kernel)}` : undefined);
  if (problem !== undefined) return mismatch(problem, tensorType(x.dtype, undefined));
  const spatial = x.shape.slice(-kernel.length);
  const sizes = outputSize ?? spatial.map((dim, i) => scaled(dim, outputRatio?.[i] ?? outputRatio?.[0]));
  const output = tensorType(x.dtype, [...x.shape.slice(0, -kernel.length), ...sizes]);
  const isTooSmall = spatial.some((dim, i) =>
    isBelow(subtractDims(addDims(dim, 1), addDims(sizes[i] ?? 0, kernel[i] ?? 0)), 0),
  );
  if (!isTooSmall) return ok(output);
  return mismatch(
    `the kernel ${printShape(kernel)} is too large to pool ${printShape(x.shape)} to ${printShape(sizes)}`,
    output,
  );
}

function scaled(dim: Dim, ratio: number | undefined): Dim {
  if (ratio === undefined) return unknownDim('neither an output size nor a ratio is given');
  if (typeof dim === 'number') return Math.floor(dim * ratio);
  return Number.isInteger(1 / ratio) ? floorDivideDims(dim, 1 / ratio) : unknownDim('a fraction of a symbolic size');
}
