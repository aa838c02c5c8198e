/**
 * Argument forms that several functions of torch.nn.functional share:
 * `kernel_size=3` for two axes -> [3, 3]; `padding='same'` or `(1, 0)` -> the operators' padding.
 */
import type { Dim } from '../../../graph/dim.ts';
import type { Shape } from '../../../graph/tensorType.ts';
import type { Padding } from '../../../operators/windows.ts';
import type { TensorValue } from '../tensorValue.ts';
import type { TorchCall } from '../torchNatives.ts';

/** Prefix of originalOp in graphs and messages. */
export const FUNCTIONAL = 'torch.nn.functional';

/** `3` -> [3, 3], `(3,)` -> [3, 3], `(3, 5)` -> [3, 5]; raises where the length does not fit. */
export function dimTuple(call: TorchCall, name: string, count: number): Shape {
  const dims = call.dims(name);
  const [only] = dims;
  if (dims.length === 1 && only !== undefined) return Array.from({ length: count }, () => only);
  if (dims.length === count) return dims;
  const { runtime } = call;
  return runtime.raise(
    'RuntimeError',
    `${name} should be an int or ${count} ints, not ${runtime.repr(call.value(name))}`,
  );
}

/** Undefined for None and for an empty tuple: the function's own default (for pooling, the kernel). */
export function optionalDimTuple(call: TorchCall, name: string, count: number): Shape | undefined {
  if (call.value(name) === null) return undefined;
  const isEmpty = call.dims(name).length === 0;
  return isEmpty ? undefined : dimTuple(call, name, count);
}

/** Symmetric padding of convolutions and pooling: 'same', 'valid', an int or one int an axis. */
export function symmetricPadding(call: TorchCall, name: string, count: number): Padding {
  const value = call.value(name);
  if (value === 'same' || value === 'valid') return value;
  if (typeof value === 'string') {
    return call.runtime.raise('RuntimeError', `Invalid padding string '${value}': should be one of 'valid', 'same'`);
  }
  return dimTuple(call, name, count).map((dim): readonly [Dim, Dim] => [dim, dim]);
}

/** Rank of a tensor, or undefined. */
export function rankOf(tensor: TensorValue): number | undefined {
  return tensor.type.shape?.length;
}
