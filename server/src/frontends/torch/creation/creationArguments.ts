/**
 * Arguments that tensor-making functions share: torch.zeros(2, 3), torch.zeros((2, 3), dtype=...), x.new_zeros(2).
 */
import { type Value } from '../../../evaluation/values.ts';
import type { DType } from '../../../graph/dtype.ts';
import type { Shape } from '../../../graph/tensorType.ts';
import { asDType, type TorchCall } from '../torchNatives.ts';
import type { TensorValue } from '../tensorValue.ts';
import { worldOf } from '../torchWorld.ts';
import { variadicDims } from '../tensor/variadic.ts';

/** Keywords of every such function. */
export const MAKER =
  'out=None, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False, names=None, memory_format=None';

/** The sizes given one by one, as a sequence, or as `size=`. */
export function sizeArgument(call: TorchCall): Shape {
  return variadicDims(call, 'sizes', 'size');
}

/** `dtype=`, else torch's default for floats. */
export function dtypeArgument(call: TorchCall, otherwise?: DType): DType {
  return asDType(call.runtime, call.value('dtype'), 'dtype') ?? otherwise ?? worldOf(call.runtime).defaultDType;
}

/** `requires_grad=True` on a new tensor. */
export function withGrad(call: TorchCall, tensor: TensorValue): TensorValue {
  const wants: Value = call.value('requires_grad');
  if (wants === true) tensor.requiresGrad = true;
  return tensor;
}
