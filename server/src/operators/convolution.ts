/**
 * Convolution over one to three spatial axes, grouped and depth-wise ones included.
 * 1x3x224x224 with weight 64x3x7x7, stride 2, padding 3 -> 1x64x112x112, 118,013,952 MACs.
 */
import { moduloDims, multiplyDims, printDim, type Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { areDifferent, dimAt, dtypeOf, productOfDims, unknownShape } from './agreement.ts';
import { mismatch, ok, type InferResult, type Operator } from './operator.ts';
import { windowAxes, windowSizes, type Padding } from './windows.ts';

/** Lists have one entry per spatial axis, or a single one for all axes; what is left out is 1 (padding: none). */
export type ConvolutionAttributes = {
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: Padding | undefined;
  readonly dilation?: readonly Dim[] | undefined;
  readonly groups?: Dim | undefined;
  /** Where it is not the input's: ONNX ConvInteger and QLinearConv. */
  readonly outputDtype?: DType | undefined;
};

/**
 * Inputs: x (batch x inChannels x spatial..., or without batch as PyTorch permits),
 * weight (outChannels x inChannels/groups x kernel...), bias?.
 * MACs: output elements x (weight elements / outChannels), as torch.utils.flop_counter's convolution formula.
 */
export const convolution: Operator<ConvolutionAttributes> = {
  name: 'convolution',
  family: 'convolution',
  isView: false,
  infer([x, weight, bias], attributes) {
    const dtype = attributes.outputDtype ?? dtypeOf(x, weight);
    if (x?.shape === undefined) return ok(tensorType(dtype, undefined));
    if (weight?.shape === undefined) {
      return ok(tensorType(dtype, unknownShape(x.shape.length, "the convolution weight's shape is unknown")));
    }
    const rankProblem = spatialRankProblem(x.shape, weight.shape);
    if (rankProblem !== undefined) return mismatch(rankProblem, tensorType(dtype, undefined));
    return inferConvolution(x.shape, weight.shape, bias, attributes, dtype);
  },
  work([, weight, bias], outputs) {
    const outputElements = elementCount(outputs[0]?.shape);
    const weightShape = weight?.shape;
    return {
      macs: multiplyDims(
        outputElements,
        weightShape === undefined ? elementCount(undefined) : productOfDims(weightShape.slice(1)),
      ),
      elementwiseOps: bias === undefined ? 0 : outputElements,
    };
  },
};

export const convolutionOperators: readonly Operator[] = [convolution];

/** Says why an input cannot go with a weight of so many axes, or nothing where it can (batch may be missing). */
export function spatialRankProblem(x: Shape, weight: Shape): string | undefined {
  const spatialRank = weight.length - 2;
  if (spatialRank < 1) return `expected a weight of at least 3 axes, got weight ${printShape(weight)}`;
  if (x.length === spatialRank + 2 || x.length === spatialRank + 1) return undefined;
  const axes = `${spatialRank + 1} or ${spatialRank + 2} axes`;
  return `expected an input of ${axes} (weight ${printShape(weight)}), got ${printShape(x)}`;
}

/** Says why there is nothing to convolve: an image without pixels, unless there are no images or no channels either. */
export function emptyProblem(x: Shape, spatialRank: number): string | undefined {
  const isEmpty = x.slice(-spatialRank).includes(0) && !x.slice(0, -spatialRank).includes(0);
  return isEmpty ? `there is nothing to convolve in ${printShape(x)}` : undefined;
}

/** Says why channels do not fit: "expected 64 input channels (weight 128x64x3x3), got 1x32x56x56". */
export function channelProblem(x: Shape, weight: Shape, inChannels: Dim, groups: Dim): string | undefined {
  const channels = dimAt(x, 1 - weight.length);
  if (!areDifferent(channels, inChannels)) return undefined;
  const grouped = groups === 1 ? '' : `, ${printDim(groups)} groups`;
  return `expected ${printDim(inChannels)} input channels (weight ${printShape(weight)}${grouped}), got ${printShape(x)}`;
}

/** Says why a number of channels cannot be split into groups. */
export function groupProblem(channels: Dim, groups: Dim, side: 'input' | 'output'): string | undefined {
  if (typeof groups === 'number' && groups < 1) return `the number of groups must be positive, got ${groups}`;
  const rest = moduloDims(channels, groups);
  if (typeof rest !== 'number' || rest === 0) return undefined;
  return `${printDim(channels)} ${side} channels do not divide into ${printDim(groups)} groups`;
}

/** Says why a bias does not fit the output channels. */
export function biasProblem(bias: TensorType | undefined, outChannels: Dim): string | undefined {
  if (bias?.shape === undefined) return undefined;
  if (bias.shape.length === 1 && !areDifferent(dimAt(bias.shape, 0), outChannels)) return undefined;
  return `expected a bias of ${printDim(outChannels)} output channels, got bias ${printShape(bias.shape)}`;
}

function inferConvolution(
  x: Shape,
  weight: Shape,
  bias: TensorType | undefined,
  attributes: ConvolutionAttributes,
  dtype: DType,
): InferResult {
  const groups = attributes.groups ?? 1;
  const outChannels = dimAt(weight, 0);
  const spatialRank = weight.length - 2;
  const leading = x.slice(0, -spatialRank - 1);
  const fallback = tensorType(dtype, [...leading, outChannels, ...unknownShape(spatialRank, 'the shapes do not fit')]);
  const problem =
    groupProblem(outChannels, groups, 'output') ??
    (outChannels === 0 ? `expected at least one output channel, got weight ${printShape(weight)}` : undefined) ??
    emptyProblem(x, spatialRank) ??
    channelProblem(x, weight, multiplyDims(dimAt(weight, 1), groups), groups) ??
    biasProblem(bias, outChannels);
  if (problem === undefined && x.slice(-spatialRank).includes(0)) {
    return mismatch(`only the batch or the channels may be empty, got ${printShape(x)}`, fallback);
  }
  // What PyTorch gives without channels rests on its kernel.
  if (problem === undefined && dimAt(x, -spatialRank - 1) === 0) {
    return ok(tensorType(dtype, unknownShape(x.length, 'the input has no channels')));
  }
  const window = windowAxes(weight.slice(2), attributes);
  if (window.kind === 'mismatch') return mismatch(window.message, fallback);
  const sizes = windowSizes(x.slice(-spatialRank), window.axes);
  if (sizes.kind === 'mismatch') return mismatch(problem ?? sizes.message, fallback);
  const output = tensorType(dtype, [...leading, outChannels, ...sizes.sizes]);
  return problem === undefined ? ok(output) : mismatch(problem, output);
}
