/**
 * The tensors that a value holds: tensorsIn((a, [b, { "c": c }], 3)) -> a, b, c.
 */
import { PyDict, PyList, PyTuple, type Value } from '../../evaluation/values.ts';
import { TensorValue } from './tensorValue.ts';

/** Tensors in a value, in order; containers to a depth of four. */
export function tensorsIn(value: Value, depth = 0): readonly TensorValue[] {
  if (value instanceof TensorValue) return [value];
  if (depth > 4) return [];
  if (value instanceof PyTuple || value instanceof PyList)
    return value.items.flatMap((item) => tensorsIn(item, depth + 1));
  if (value instanceof PyDict) return [...value.entries.values()].flatMap((entry) => tensorsIn(entry.value, depth + 1));
  return [];
}
