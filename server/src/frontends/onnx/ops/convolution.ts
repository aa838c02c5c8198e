/**
 * ONNX's convolutions: Conv, ConvTranspose, DeformConv, the quantised ones, com.microsoft's FusedConv.
 */
import type { ActivationName } from '../../../operators/activation.ts';
import { convolution, type ConvolutionAttributes } from '../../../operators/convolution.ts';
import { deformableConvolution } from '../../../operators/deformableConvolution.ts';
import { transposedConvolution } from '../../../operators/transposedConvolution.ts';
import type { Padding, PaddingPair } from '../../../operators/windows.ts';
import { elementwise } from '../../../operators/elementwise.ts';
import { multiplyDims, subtractDims, unknownDim } from '../../../graph/dim.ts';
import { elementCount, tensorType } from '../../../graph/tensorType.ts';
import { apply, counted, firstOutput, fused, withDtype, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { activation } from './activation.ts';
import { typeOf } from './elementwise.ts';

export const convolutionMappings: MappingTable = {
  Conv: (call) => apply(convolution, call.tensors(0, 1, 2), convolutionAttributes(call)),
  ConvInteger: (call) =>
    apply(convolution, call.tensors(0, 1), { ...convolutionAttributes(call), outputDtype: 'int32' }),
  /** Inputs: x, its scale and zero point, w, its scale and zero point, y's scale and zero point, bias. */
  QLinearConv: (call) =>
    apply(convolution, call.tensors(0, 3, 8), { ...convolutionAttributes(call), outputDtype: typeOf(call, 7) }),
  ConvTranspose: (call) =>
    apply(transposedConvolution, call.tensors(0, 1, 2), {
      ...convolutionAttributes(call),
      outputPadding: call.ints('output_padding'),
      outputShape: call.ints('output_shape'),
    }),
  /** ONNX DeformConv-19: x, w, offset, bias, mask. */
  DeformConv: (call) =>
    apply(deformableConvolution, call.tensors(0, 1, 2, 3, 4), {
      ...convolutionAttributes(call),
      groups: call.int('group') ?? 1,
    }),
  CausalConvWithState: (call) => causalConvolution(call),
};

export const microsoftConvolutionMappings: MappingTable = {
  /** A convolution, an addend as fourth input, and an activation. */
  FusedConv(call) {
    const convolved = apply(convolution, call.tensors(0, 1, 2), convolutionAttributes(call));
    const addend = call.tensor(3);
    const sum = addend === undefined ? [] : [apply(elementwise.add, [firstOutput(convolved), addend], {})];
    const name = FUSED_ACTIVATIONS[call.string('activation') ?? ''];
    const activated = name === undefined ? [] : [activation(call, name, firstOutput(sum[0] ?? convolved))];
    return withDtype(fused(convolved, ...sum, ...activated), typeOf(call));
  },
};

/** Names in the attribute `activation` of com.microsoft.FusedConv and FusedGemm. */
export const FUSED_ACTIVATIONS: Readonly<Record<string, ActivationName>> = {
  Relu: 'relu',
  Tanh: 'tanh',
  Sigmoid: 'sigmoid',
  LeakyRelu: 'leakyRelu',
  HardSigmoid: 'hardsigmoid',
};

/** The attributes that convolutions and pools share: strides, dilations, pads or auto_pad. */
export function windowAttributes(call: NodeCall): Omit<ConvolutionAttributes, 'groups' | 'outputDtype'> {
  return { stride: call.ints('strides'), dilation: call.ints('dilations'), padding: paddingOf(call) };
}

function convolutionAttributes(call: NodeCall): ConvolutionAttributes {
  return { ...windowAttributes(call), groups: call.int('group') ?? 1 };
}

/** pads are [begin of each axis..., end of each axis...]. */
function paddingOf(call: NodeCall): Padding | undefined {
  switch (call.string('auto_pad')) {
    case 'SAME_UPPER':
      return 'sameUpper';
    case 'SAME_LOWER':
      return 'sameLower';
    case 'VALID':
      return 'valid';
    default: {
      const pads = call.ints('pads');
      if (pads === undefined) return undefined;
      const half = Math.floor(pads.length / 2);
      return pads.slice(0, half).map((begin, i): PaddingPair => [begin, pads[half + i] ?? 0]);
    }
  }
}

/** CausalConvWithState-27: a depth-wise convolution over the last axis that keeps its length, and the carried state. */
function causalConvolution(call: NodeCall): MappedNode {
  const x = call.tensor(0);
  const [batch, channels] = x?.shape ?? [];
  const kernel = call.tensor(1)?.shape?.[2] ?? unknownDim('the kernel size is not known');
  const dtype = x?.dtype ?? 'unknown';
  const hasSizes = batch !== undefined && channels !== undefined;
  const state = tensorType(dtype, hasSizes ? [batch, channels, subtractDims(kernel, 1)] : undefined);
  const elements = elementCount(x?.shape);
  const isActivated = ['silu', 'swish'].includes(call.string('activation') ?? '');
  const perElement = (call.hasInput(2) ? 1 : 0) + (isActivated ? SILU_OPS : 0);
  return counted('causalConvolution', call.tensors(), [tensorType(dtype, x?.shape), state], {
    macs: multiplyDims(elements, kernel),
    elementwiseOps: multiplyDims(elements, perElement),
  });
}

const SILU_OPS = 5;
