/**
 * Which values are numbers, and what they are as JavaScript's: asInteger(true) -> 1, asFloat(3) -> 3,
 * dimOfValue(N) -> the dimension N, valueOfDim(4) -> 4.
 */
import type { Dim } from '../../graph/dim.ts';
import { PyComplex, PyFloat, PySymbolicInt, type Value } from '../values.ts';
import { floatOfInteger, type Integer } from './integers.ts';

export type NumberValue = boolean | number | bigint | PyFloat | PyComplex | PySymbolicInt;

export function isNumber(value: Value): value is NumberValue {
  return (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    typeof value === 'bigint' ||
    value instanceof PyFloat ||
    value instanceof PyComplex ||
    value instanceof PySymbolicInt
  );
}

/** int or bool as an integer; undefined for everything else. */
export function asInteger(value: Value): Integer | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

/** int, bool or float as a double; undefined for everything else. */
export function asFloat(value: Value): number | undefined {
  if (value instanceof PyFloat) return value.value;
  const integer = asInteger(value);
  return integer === undefined ? undefined : floatOfInteger(integer);
}

/** The dimension as a value: an exact int, or a symbolic one. */
export function valueOfDim(dim: Dim): number | PySymbolicInt {
  return typeof dim === 'number' ? dim : new PySymbolicInt(dim);
}

/** int or symbolic int as a dimension; undefined for floats, ints beyond 2^53 and everything else. */
export function dimOfValue(value: Value): Dim | undefined {
  if (value instanceof PySymbolicInt) return value.dim;
  const integer = asInteger(value);
  return typeof integer === 'number' ? integer : undefined;
}
