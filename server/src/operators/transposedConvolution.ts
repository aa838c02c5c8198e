/**
 * Transposed convolution over one to three spatial axes (PyTorch ConvTransposeNd, ONNX ConvTranspose-11).
 * 1x64x7x7 with weight 64x32x2x2, stride 2 -> 1x32x14x14, 401,408 MACs.
 */
import { addDims, minimumDim, multiplyDims, printDim, subtractDims, type Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { dimAt, dtypeOf, productOfDims, unknownShape } from './agreement.ts';
import { biasProblem, channelProblem, emptyProblem, groupProblem, spatialRankProblem } from './convolution.ts';
import { mismatch, ok, type InferResult, type Operator } from './operator.ts';
import {
  isBelow,
  kernelSpan,
  perAxis,
  windowAxes,
  type Padding,
  type SpatialSizes,
  type WindowAxis,
} from './windows.ts';

/** Lists have one entry per spatial axis, or a single one for all axes. */
export type TransposedConvolutionAttributes = {
  readonly stride?: readonly Dim[] | undefined;
  /** The rules `same*` give input x stride (less where the kernel spans less than a stride), as ONNX has it. */
  readonly padding?: Padding | undefined;
  readonly outputPadding?: readonly Dim[] | undefined;
  readonly dilation?: readonly Dim[] | undefined;
  readonly groups?: Dim | undefined;
  /** Spatial sizes of the output where they are given outright (ONNX output_shape): padding follows from them. */
  readonly outputShape?: readonly Dim[] | undefined;
};

/**
 * Inputs: x (batch x inChannels x spatial..., or without batch), weight (inChannels x outChannels/groups x kernel...),
 * bias?. MACs: input elements x (weight elements / inChannels), as torch.utils.flop_counter's convolution formula.
 */
export const transposedConvolution: Operator<TransposedConvolutionAttributes> = {
  name: 'transposedConvolution',
  family: 'convolution',
  isView: false,
  infer([x, weight, bias], attributes) {
    const dtype = dtypeOf(x, weight);
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined));
    if (weight?.shape === undefined) {
      return ok(tensorType(dtype, unknownShape(x.shape.length, "the convolution weight's shape is unknown")));
    }
    const rankProblem = spatialRankProblem(x.shape, weight.shape);
    if (rankProblem !== undefined) return mismatch(rankProblem, tensorType(dtype, undefined));
    return inferTransposed(x.shape, weight.shape, bias, attributes, dtype);
  },
  work([x, weight, bias], outputs) {
    const weightShape = weight?.shape;
    return {
      macs: multiplyDims(
        elementCount(x?.shape),
        weightShape === undefined ? elementCount(undefined) : productOfDims(weightShape.slice(1)),
      ),
      elementwiseOps: bias === undefined ? 0 : elementCount(outputs[0]?.shape),
    };
  },
};

export const transposedConvolutionOperators: readonly Operator[] = [transposedConvolution];

function inferTransposed(
  x: Shape,
  weight: Shape,
  bias: TensorType | undefined,
  attributes: TransposedConvolutionAttributes,
  dtype: DType,
): InferResult {
  const groups = attributes.groups ?? 1;
  const inChannels = dimAt(weight, 0);
  const outChannels = multiplyDims(dimAt(weight, 1), groups);
  const spatialRank = weight.length - 2;
  const leading = x.slice(0, -spatialRank - 1);
  const fallback = tensorType(dtype, [...leading, outChannels, ...unknownShape(spatialRank, 'the shapes do not fit')]);
  const problem =
    groupProblem(inChannels, groups, 'input') ??
    emptyProblem(x, spatialRank) ??
    channelProblem(x, weight, inChannels, 1) ??
    biasProblem(bias, outChannels);
  const sizes = transposedSizes(x.slice(-spatialRank), weight.slice(2), attributes);
  if (sizes.kind === 'mismatch') return mismatch(problem ?? sizes.message, fallback);
  const output = tensorType(dtype, [...leading, outChannels, ...sizes.sizes]);
  return problem === undefined ? ok(output) : mismatch(problem, output);
}

function transposedSizes(input: Shape, kernel: Shape, attributes: TransposedConvolutionAttributes): SpatialSizes {
  // The rule `same` asks for stride 1 in a convolution; here it multiplies by the stride.
  const padding = attributes.padding === 'same' ? 'sameUpper' : attributes.padding;
  const window = windowAxes(kernel, { ...attributes, padding });
  if (window.kind === 'mismatch') return window;
  const given = attributes.outputShape;
  if (given !== undefined) return outputShapeGiven(given, input);
  const extra = perAxis<Dim>('output padding', attributes.outputPadding, kernel.length, 0);
  if (extra.kind === 'mismatch') return extra;
  const sizes: Dim[] = [];
  for (const [i, axis] of window.axes.entries()) {
    const outputPadding = extra.values[i] ?? 0;
    const problem = outputPaddingProblem(outputPadding, axis);
    if (problem !== undefined) return { kind: 'mismatch', message: problem };
    const size = transposedSize(input[i] ?? 0, axis, outputPadding);
    if (isBelow(size, 1)) {
      const message = `the padding leaves nothing of the output: input ${printShape(input)}, kernel ${printShape(kernel)}`;
      return { kind: 'mismatch', message };
    }
    sizes.push(size);
  }
  return { kind: 'ok', sizes };
}

function outputShapeGiven(given: readonly Dim[], input: Shape): SpatialSizes {
  if (given.length >= input.length) return { kind: 'ok', sizes: given.slice(-input.length) };
  return {
    kind: 'mismatch',
    message: `the output shape ${printShape(given)} has fewer axes than ${printShape(input)}`,
  };
}

function outputPaddingProblem(outputPadding: Dim, axis: WindowAxis): string | undefined {
  if (isBelow(outputPadding, 0)) return `the output padding must not be negative, got ${printDim(outputPadding)}`;
  if (typeof outputPadding !== 'number' || typeof axis.stride !== 'number' || typeof axis.dilation !== 'number') {
    return undefined;
  }
  if (outputPadding < Math.max(axis.stride, axis.dilation)) return undefined;
  return `the output padding ${outputPadding} must be smaller than the stride ${axis.stride} or the dilation ${axis.dilation}`;
}

/** (input - 1) stride - padding + span + outputPadding (PyTorch ConvTranspose2d). */
function transposedSize(input: Dim, axis: WindowAxis, outputPadding: Dim): Dim {
  const strides = multiplyDims(subtractDims(input, 1), axis.stride);
  const last = addDims(kernelSpan(axis), outputPadding);
  // The rules pad so that input x stride remains, where there is so much.
  if (typeof axis.padding === 'string') return addDims(strides, minimumDim(axis.stride, last));
  const [begin, end] = axis.padding;
  return subtractDims(addDims(strides, last), addDims(begin, end));
}
