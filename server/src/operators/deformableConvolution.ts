/**
 * Deformable convolution (torchvision.ops.deform_conv2d, ONNX DeformConv-19): each kernel element samples at a
 * learned offset, then multiplies as a convolution does.
 */
import { addDims, floorDivideDims, moduloDims, multiplyDims, printDim, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { areDifferent, dimAt, dtypeOf, productOfDims } from './agreement.ts';
import { convolution } from './convolution.ts';
import { mismatch, type InferResult, type Operator } from './operator.ts';
import type { Padding } from './windows.ts';

export type DeformableConvolutionAttributes = {
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: Padding | undefined;
  readonly dilation?: readonly Dim[] | undefined;
  /** Left out: inChannels / weight's second axis, as torchvision does. */
  readonly groups?: Dim | undefined;
};

/**
 * Inputs in ONNX's order: x, weight, offset, bias?, mask? (torchvision: input, offset, weight, bias, ..., mask).
 * The offset has 2 x offsetGroups x kernel elements channels and the output's spatial sizes, the mask half of them.
 * MACs as the convolution's; each sampled element costs 8 elementwise operations (multiply and add of 4 neighbours),
 * and 1 with a mask.
 */
export const deformableConvolution: Operator<DeformableConvolutionAttributes> = {
  name: 'deformableConvolution',
  family: 'convolution',
  isView: false,
  infer([x, weight, offset, bias, mask], attributes) {
    const groups = attributes.groups ?? inferredGroups(x?.shape, weight?.shape);
    const convolved = convolution.infer([x, weight, bias], { ...attributes, groups });
    if (convolved.kind === 'mismatch' || weight?.shape === undefined) return convolved;
    const [output] = convolved.outputs;
    const spatialRank = weight.shape.length - 2;
    const kernelElements = productOfDims(weight.shape.slice(2));
    const problem =
      fieldProblem('offset', offset, multiplyDims(kernelElements, spatialRank), output?.shape, spatialRank) ??
      fieldProblem('mask', mask, kernelElements, output?.shape, spatialRank);
    return problem === undefined ? convolved : failed(problem, convolved.outputs, x, weight);
  },
  work([x, weight, , bias, mask], outputs, attributes) {
    const { macs, elementwiseOps } = convolution.work([x, weight, bias], outputs, attributes);
    const shape = weight?.shape;
    if (shape === undefined || x?.shape === undefined) return { macs, elementwiseOps: elementCount(undefined) };
    const spatialRank = shape.length - 2;
    const channels = dimAt(x.shape, -spatialRank - 1);
    const positions = floorDivideDims(elementCount(outputs[0]?.shape), dimAt(shape, 0));
    const sampled = multiplyDims(multiplyDims(positions, channels), productOfDims(shape.slice(2)));
    const perSample = 2 * 2 ** spatialRank + (mask === undefined ? 0 : 1);
    return { macs, elementwiseOps: addDims(elementwiseOps, multiplyDims(sampled, perSample)) };
  },
};

export const deformableConvolutionOperators: readonly Operator[] = [deformableConvolution];

function inferredGroups(x: Shape | undefined, weight: Shape | undefined): Dim {
  if (x === undefined || weight === undefined || x.length < weight.length - 1 || weight.length < 3) return 1;
  const channels = dimAt(x, 1 - weight.length);
  return moduloDims(channels, dimAt(weight, 1)) === 0 ? floorDivideDims(channels, dimAt(weight, 1)) : 1;
}

/** Checks the channels (a multiple of `unit`) and the spatial sizes (the output's) of an offset or mask. */
function fieldProblem(
  name: string,
  field: TensorType | undefined,
  unit: Dim,
  output: Shape | undefined,
  spatialRank: number,
): string | undefined {
  if (field?.shape === undefined || output === undefined) return undefined;
  const { shape } = field;
  if (shape.length !== output.length) {
    return `expected ${output.length} axes in the ${name}, got ${name} ${printShape(shape)}`;
  }
  const rest = moduloDims(dimAt(shape, -spatialRank - 1), unit);
  if (typeof rest === 'number' && rest !== 0) {
    return `the ${name}'s channels must be a multiple of ${printDim(unit)}, got ${name} ${printShape(shape)}`;
  }
  const spatial = output.slice(-spatialRank);
  const fits = shape.slice(-spatialRank).every((dim, i) => !areDifferent(dim, dimAt(spatial, i)));
  return fits ? undefined : `the ${name} ${printShape(shape)} does not cover the output's ${printShape(spatial)}`;
}

function failed(
  message: string,
  outputs: readonly TensorType[],
  x: TensorType | undefined,
  weight: TensorType | undefined,
): InferResult {
  const [output = tensorType(dtypeOf(x, weight), undefined)] = outputs;
  return mismatch(message, output);
}
