/**
 * Values as the truth script writes them: a tensor is "2x3x4 float32", a tuple of it "(2x3x4 float32)".
 */
import type { Runtime } from '../../../../server/src/evaluation/runtime.ts';
import { PyList, PyTuple, PyUnknown, type Value } from '../../../../server/src/evaluation/values.ts';
import { printShape } from '../../../../server/src/graph/tensorType.ts';
import { ArrayValue } from '../../../../server/src/frontends/torch/libraries/numpy/arrayValue.ts';
import { torchName } from '../../../../server/src/frontends/torch/tensor/dtypeNames.ts';
import { TensorValue } from '../../../../server/src/frontends/torch/tensorValue.ts';
import { worldOf } from '../../../../server/src/frontends/torch/torchWorld.ts';

export function describeValue(runtime: Runtime, value: Value): string {
  if (value instanceof TensorValue) return `${printShape(value.type.shape)} ${torchName(value.type.dtype)}`;
  if (value instanceof ArrayValue) return `ndarray ${printShape(value.type.shape)} ${value.type.dtype}`;
  if (value instanceof PyUnknown) return `unknown: ${value.reason}`;
  if (value instanceof PyTuple && value.namedClass === worldOf(runtime).sizeClass) return runtime.repr(value);
  if (value instanceof PyTuple) return `(${value.items.map((item) => describeValue(runtime, item)).join(', ')})`;
  if (value instanceof PyList) return `[${value.items.map((item) => describeValue(runtime, item)).join(', ')}]`;
  return runtime.repr(value);
}
