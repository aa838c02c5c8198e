/**
 * Elements as Python values: a float for floating dtypes, True for a bool, nested lists for an array.
 */
import { PyFloat, PyList, type Value } from '../../../evaluation/values.ts';
import { isFloatingPoint, type DType } from '../../../graph/dtype.ts';
import { countOf, type KnownArray } from './knownArray.ts';

/** One element as a Python number. */
export function elementValue(dtype: DType, value: number): Value {
  if (dtype === 'bool') return value !== 0;
  return isFloatingPoint(dtype) ? new PyFloat(value) : value + 0;
}

/** Nested lists, or a number for a scalar. */
export function nestedList(dtype: DType, { shape, data }: KnownArray): Value {
  const [size, ...rest] = shape;
  if (size === undefined) return elementValue(dtype, data[0] ?? 0);
  const width = countOf(rest);
  return new PyList(
    Array.from({ length: size }, (_, at) =>
      nestedList(dtype, { shape: rest, data: data.slice(at * width, (at + 1) * width) }),
    ),
  );
}
