/**
 * Values as the truth script writes them: a tensor is "2x3x4 float32", a tuple of it "(2x3x4 float32)".
 */
import type { Runtime } from '../../../../server/src/evaluation/runtime.ts';
import {
  PyDict,
  PyList,
  PySymbolicInt,
  PyTuple,
  PyUnknown,
  type Value,
} from '../../../../server/src/evaluation/values.ts';
import { printDim, substituteDim, type Dim } from '../../../../server/src/graph/dim.ts';
import { printShape, type Shape } from '../../../../server/src/graph/tensorType.ts';
import { ArrayValue } from '../../../../server/src/frontends/torch/libraries/numpy/arrayValue.ts';
import { torchName } from '../../../../server/src/frontends/torch/tensor/dtypeNames.ts';
import { TensorValue } from '../../../../server/src/frontends/torch/tensorValue.ts';
import { worldOf } from '../../../../server/src/frontends/torch/torchWorld.ts';

/** `symbols` stand for numbers: N -> 2 writes a tensor of N+1 rows as one of 3. */
export function describeValue(runtime: Runtime, value: Value, symbols: ReadonlyMap<string, Dim> = new Map()): string {
  const printed = (shape: Shape | undefined): string => printShape(shape?.map((dim) => substituteDim(dim, symbols)));
  if (value instanceof TensorValue) return `${printed(value.type.shape)} ${torchName(value.type.dtype)}`;
  if (value instanceof ArrayValue) return `ndarray ${printed(value.type.shape)} ${value.type.dtype}`;
  if (value instanceof PyUnknown) return `unknown: ${value.reason}`;
  if (value instanceof PySymbolicInt) return printDim(substituteDim(value.dim, symbols));
  const inner = (items: readonly Value[]): string =>
    items.map((item) => describeValue(runtime, item, symbols)).join(', ');
  if (value instanceof PyTuple && value.namedClass === worldOf(runtime).sizeClass) {
    return `torch.Size([${inner(value.items)}])`;
  }
  if (value instanceof PyDict) {
    const entries = [...value.entries.values()].map((entry) => `${inner([entry.key])}: ${inner([entry.value])}`);
    return `{${entries.join(', ')}}`;
  }
  if (value instanceof PyTuple) return `(${inner(value.items)})`;
  if (value instanceof PyList) return `[${inner(value.items)}]`;
  return runtime.repr(value);
}
