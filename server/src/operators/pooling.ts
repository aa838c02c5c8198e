/**
 * Pooling with a window: max, average and Lp over one to three spatial axes.
 * 1x64x112x112, kernel 3, stride 2, padding 1 -> 1x64x56x56.
 */
import { multiplyDims, printDim, subtractDims, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { productOfDims, unknownShape } from './agreement.ts';
import { mismatch, ok, type InferResult, type Operator, type OperatorWork } from './operator.ts';
import { toFloat } from './promotion.ts';
import {
  ceilWindowSizes,
  isBelow,
  kernelSpan,
  windowAxes,
  windowSizes,
  type Padding,
  type SpatialSizes,
  type WindowAxis,
} from './windows.ts';

/** The kernel has one entry per spatial axis; the other lists may have a single one for all axes. */
export type PoolAttributes = {
  readonly kernel: readonly Dim[];
  /** Left out: PyTorch's rule, the kernel. (ONNX's default is 1: its front end says so.) */
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: Padding | undefined;
  readonly dilation?: readonly Dim[] | undefined;
  readonly ceilMode?: boolean | undefined;
  /** PyTorch's rule: the padding is at most half of the kernel. (ONNX Runtime: less than all of it.) */
  readonly halfPadding?: boolean | undefined;
};

export type MaxPoolAttributes = PoolAttributes & {
  /** A second output with the positions of the maxima (int64). */
  readonly returnIndices?: boolean | undefined;
};

/** Inputs: x (batch x channels x spatial..., or without batch). One comparison per window element. */
export const maxPool: Operator<MaxPoolAttributes> = {
  name: 'maxPool',
  family: 'pooling',
  isView: false,
  infer: ([x], attributes) => withIndices(inferPool(x, attributes), attributes.returnIndices === true),
  work: (_inputs, outputs, { kernel }) => windowWork(outputs, kernel, 1),
};

/** Inputs: x. One addition per window element, the last of them the division. */
export const averagePool: Operator<PoolAttributes> = {
  name: 'averagePool',
  family: 'pooling',
  isView: false,
  infer: ([x], attributes) => inferPool(x, attributes),
  work: (_inputs, outputs, { kernel }) => windowWork(outputs, kernel, 1),
};

/** Inputs: x. A power and an addition per window element. torch.nn.functional.lp_pool2d, ONNX LpPool-18. */
export const lpPool: Operator<PoolAttributes> = {
  name: 'lpPool',
  family: 'pooling',
  isView: false,
  infer: ([x], attributes) => inferPool(x && tensorType(toFloat(x.dtype), x.shape), attributes),
  work: (_inputs, outputs, { kernel }) => windowWork(outputs, kernel, 2),
};

export const poolingOperators: readonly Operator[] = [maxPool, averagePool, lpPool];

/** Repeats a result's output as int64 positions, where they are asked for. */
export function withIndices(result: InferResult, returnsIndices: boolean): InferResult {
  if (!returnsIndices) return result;
  const outputs = result.outputs.flatMap((output) => [output, tensorType('int64', output.shape)]);
  return result.kind === 'ok' ? ok(...outputs) : mismatch(result.message, ...outputs);
}

/** Says why an input cannot have so many spatial axes, after channels and perhaps a batch. */
export function poolingRankProblem(x: Shape, spatialRank: number): string | undefined {
  if (x.length === spatialRank + 1 || x.length === spatialRank + 2) return undefined;
  return `expected an input of ${spatialRank + 1} or ${spatialRank + 2} axes for ${spatialRank}d pooling, got ${printShape(x)}`;
}

/** Says why there is nothing to pool: only the batch may be empty. */
export function emptyProblem(x: Shape, spatialRank: number): string | undefined {
  return x.slice(-spatialRank - 1).includes(0) ? `there is nothing to pool in ${printShape(x)}` : undefined;
}

function inferPool(x: TensorType | undefined, attributes: PoolAttributes): InferResult {
  if (x?.shape === undefined) return ok(tensorType(x?.dtype ?? 'unknown', undefined));
  const { kernel } = attributes;
  const problem = poolingRankProblem(x.shape, kernel.length) ?? emptyProblem(x.shape, kernel.length);
  if (problem !== undefined) return mismatch(problem, tensorType(x.dtype, undefined));
  const leading = x.shape.slice(0, -kernel.length);
  if (leading.at(-1) === 0) {
    return mismatch(
      `only the batch of a pooling may be empty, got ${printShape(x.shape)}`,
      tensorType(x.dtype, undefined),
    );
  }
  const sizes = pooledSizes(x.shape.slice(-kernel.length), attributes);
  if (sizes.kind === 'ok') return ok(tensorType(x.dtype, [...leading, ...sizes.sizes]));
  return mismatch(sizes.message, tensorType(x.dtype, [...leading, ...unknownShape(kernel.length, sizes.message)]));
}

function pooledSizes(spatial: Shape, attributes: PoolAttributes): SpatialSizes {
  const { kernel, stride, ceilMode } = attributes;
  const hasStride = stride !== undefined && stride.length > 0;
  const window = windowAxes(kernel, { ...attributes, stride: hasStride ? stride : kernel });
  if (window.kind === 'mismatch') return window;
  const problem = attributes.halfPadding === true ? halfPaddingProblem(window.axes) : emptyWindowProblem(window.axes);
  if (problem !== undefined) return { kind: 'mismatch', message: problem };
  return ceilMode === true ? ceilWindowSizes(spatial, window.axes) : windowSizes(spatial, window.axes);
}

function halfPaddingProblem(axes: readonly WindowAxis[]): string | undefined {
  for (const axis of axes) {
    if (typeof axis.padding === 'string') continue;
    const excess = axis.padding.find((amount) => isBelow(subtractDims(kernelSpan(axis), multiplyDims(amount, 2)), 0));
    if (excess !== undefined) {
      return `the padding ${printDim(excess)} is more than half of the kernel ${printDim(axis.kernel)}`;
    }
  }
  return undefined;
}

/** A window must not lie in the padding alone. */
function emptyWindowProblem(axes: readonly WindowAxis[]): string | undefined {
  for (const axis of axes) {
    if (typeof axis.padding === 'string') continue;
    for (const amount of axis.padding) {
      if (!isBelow(subtractDims(kernelSpan(axis), amount), 1)) continue;
      return `the padding ${printDim(amount)} is as large as the kernel ${printDim(axis.kernel)}`;
    }
  }
  return undefined;
}

function windowWork(outputs: readonly TensorType[], kernel: readonly Dim[], opsPerElement: number): OperatorWork {
  const windowElements = multiplyDims(elementCount(outputs[0]?.shape), productOfDims(kernel));
  return { macs: 0, elementwiseOps: multiplyDims(windowElements, opsPerElement) };
}
