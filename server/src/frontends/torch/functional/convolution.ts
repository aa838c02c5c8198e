/**
 * Convolutions of torch.nn.functional: conv1d-3d and their transposed forms.
 * conv2d(1x3x224x224, weight 64x3x7x7, stride=2, padding=3) -> 1x64x112x112.
 */
import type { NativeFunction } from '../../../evaluation/values.ts';
import { convolution } from '../../../operators/convolution.ts';
import { transposedConvolution } from '../../../operators/transposedConvolution.ts';
import { torchFunction } from '../torchNatives.ts';
import { dimTuple, FUNCTIONAL, symmetricPadding } from './functionArguments.ts';

function convolutionOver(axes: number): NativeFunction {
  const signature = `conv${axes}d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)`;
  return torchFunction(signature, FUNCTIONAL, (call) =>
    call.record(
      convolution,
      {
        stride: dimTuple(call, 'stride', axes),
        padding: symmetricPadding(call, 'padding', axes),
        dilation: dimTuple(call, 'dilation', axes),
        groups: call.dim('groups'),
      },
      [call.tensor('input'), call.tensor('weight'), call.optionalTensor('bias')],
    ),
  );
}

function transposedConvolutionOver(axes: number): NativeFunction {
  const signature = `conv_transpose${axes}d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1)`;
  return torchFunction(signature, FUNCTIONAL, (call) =>
    call.record(
      transposedConvolution,
      {
        stride: dimTuple(call, 'stride', axes),
        padding: symmetricPadding(call, 'padding', axes),
        outputPadding: dimTuple(call, 'output_padding', axes),
        dilation: dimTuple(call, 'dilation', axes),
        groups: call.dim('groups'),
      },
      [call.tensor('input'), call.tensor('weight'), call.optionalTensor('bias')],
    ),
  );
}

/** conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d. */
export const convolutionFunctions: readonly NativeFunction[] = [1, 2, 3].flatMap((axes) => [
  convolutionOver(axes),
  transposedConvolutionOver(axes),
]);
