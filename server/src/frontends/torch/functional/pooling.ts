/**
 * Pooling of torch.nn.functional: max, average, Lp, adaptive, fractional, and max-unpooling.
 * max_pool2d(1x64x112x112, 3, 2, 1) -> 1x64x56x56; with return_indices a tuple of values and indices.
 */
import { PyTuple, type NativeFunction, type Value } from '../../../evaluation/values.ts';
import { averagePool, lpPool, maxPool, type PoolAttributes } from '../../../operators/pooling.ts';
import {
  adaptiveAveragePool,
  adaptiveMaxPool,
  fractionalMaxPool,
  maxUnpool,
  type AdaptivePoolAttributes,
} from '../../../operators/poolingToSize.ts';
import { asDim, asNumber, sequenceItems, torchFunction, type TorchCall } from '../torchNatives.ts';
import { dimTuple, FUNCTIONAL, optionalDimTuple, symmetricPadding } from './functionArguments.ts';

const AXES = [1, 2, 3];

function windowAttributes(call: TorchCall, axes: number): PoolAttributes {
  return {
    kernel: dimTuple(call, 'kernel_size', axes),
    stride: optionalDimTuple(call, 'stride', axes),
    ceilMode: call.boolean('ceil_mode'),
  };
}

/** The form that always gives indices, and the one that gives them on demand. */
function maxPoolFunction(axes: number, name: string, givesIndices: boolean): NativeFunction {
  const signature = `${name}(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False)`;
  return torchFunction(signature, FUNCTIONAL, (call) => {
    const returnIndices = givesIndices || call.boolean('return_indices');
    const padding = symmetricPadding(call, 'padding', axes);
    const dilation = dimTuple(call, 'dilation', axes);
    const attributes = { ...windowAttributes(call, axes), padding, dilation, returnIndices, halfPadding: true };
    return oneOrAll(call.recordMany(maxPool, attributes, [call.tensor('input')]));
  });
}

function averagePoolFunction(axes: number): NativeFunction {
  const signature = `avg_pool${axes}d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)`;
  return torchFunction(signature, FUNCTIONAL, (call) => {
    const padding = symmetricPadding(call, 'padding', axes);
    const attributes = { ...windowAttributes(call, axes), padding, halfPadding: true };
    return call.record(averagePool, attributes, [call.tensor('input')]);
  });
}

function lpPoolFunction(axes: number): NativeFunction {
  const signature = `lp_pool${axes}d(input, norm_type, kernel_size, stride=None, ceil_mode=False)`;
  return torchFunction(signature, FUNCTIONAL, (call) =>
    call.record(lpPool, windowAttributes(call, axes), [call.tensor('input')]),
  );
}

function adaptiveSize(call: TorchCall, axes: number): AdaptivePoolAttributes['outputSize'] {
  const value = call.value('output_size');
  const isSequence = typeof value === 'object' && (value?.kind === 'tuple' || value?.kind === 'list');
  const items = isSequence ? sequenceItems(call.runtime, value, 'output_size') : [value];
  const sizes = items.map((item) => (item === null ? null : asDim(call.runtime, item, 'output_size')));
  const [only = null] = sizes;
  return sizes.length === 1 ? Array.from({ length: axes }, () => only) : sizes;
}

function adaptiveAverageFunction(axes: number): NativeFunction {
  return torchFunction(`adaptive_avg_pool${axes}d(input, output_size)`, FUNCTIONAL, (call) =>
    call.record(adaptiveAveragePool, { outputSize: adaptiveSize(call, axes) }, [call.tensor('input')]),
  );
}

function adaptiveMaxFunction(axes: number, name: string, givesIndices: boolean): NativeFunction {
  return torchFunction(`${name}(input, output_size, return_indices=False)`, FUNCTIONAL, (call) => {
    const returnIndices = givesIndices || call.boolean('return_indices');
    const attributes = { outputSize: adaptiveSize(call, axes), returnIndices };
    return oneOrAll(call.recordMany(adaptiveMaxPool, attributes, [call.tensor('input')]));
  });
}

function maxUnpoolFunction(axes: number): NativeFunction {
  const signature = `max_unpool${axes}d(input, indices, kernel_size, stride=None, padding=0, output_size=None)`;
  return torchFunction(signature, FUNCTIONAL, (call) =>
    call.record(
      maxUnpool,
      {
        kernel: dimTuple(call, 'kernel_size', axes),
        stride: optionalDimTuple(call, 'stride', axes),
        padding: dimTuple(call, 'padding', axes),
        outputSize: call.value('output_size') === null ? undefined : call.dims('output_size'),
      },
      [call.tensor('input'), call.tensor('indices')],
    ),
  );
}

function fractionalFunction(axes: number, name: string, givesIndices: boolean): NativeFunction {
  const signature = `${name}(input, kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None)`;
  return torchFunction(signature, FUNCTIONAL, (call) => {
    const attributes = {
      kernel: dimTuple(call, 'kernel_size', axes),
      outputSize: optionalDimTuple(call, 'output_size', axes),
      outputRatio: outputRatio(call, axes),
      returnIndices: givesIndices || call.boolean('return_indices'),
    };
    return oneOrAll(call.recordMany(fractionalMaxPool, attributes, [call.tensor('input')]));
  });
}

function outputRatio(call: TorchCall, axes: number): readonly number[] | undefined {
  const value = call.value('output_ratio');
  if (value === null) return undefined;
  if (typeof value === 'object' && (value.kind === 'tuple' || value.kind === 'list')) {
    return value.items.map((item) => asNumber(call.runtime, item, 'output_ratio'));
  }
  const ratio = call.number('output_ratio');
  return Array.from({ length: axes }, () => ratio);
}

function oneOrAll(outputs: readonly Value[]): Value {
  const [first = null] = outputs;
  return outputs.length === 1 ? first : new PyTuple(outputs);
}

export const poolingFunctions: readonly NativeFunction[] = AXES.flatMap((axes) => [
  maxPoolFunction(axes, `max_pool${axes}d`, false),
  maxPoolFunction(axes, `max_pool${axes}d_with_indices`, true),
  averagePoolFunction(axes),
  lpPoolFunction(axes),
  adaptiveAverageFunction(axes),
  adaptiveMaxFunction(axes, `adaptive_max_pool${axes}d`, false),
  adaptiveMaxFunction(axes, `adaptive_max_pool${axes}d_with_indices`, true),
  maxUnpoolFunction(axes),
  ...(axes === 1
    ? []
    : [
        fractionalFunction(axes, `fractional_max_pool${axes}d`, false),
        fractionalFunction(axes, `fractional_max_pool${axes}d_with_indices`, true),
      ]),
]);
