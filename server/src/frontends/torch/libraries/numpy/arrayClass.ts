/**
 * numpy.ndarray of small known arrays: shape, arithmetic, indexing, reductions, tolist. np.arange(4) * 2 -> [0, 2, 4, 6].
 * What is not known stays Unknown; large data is never held.
 */
import { members } from '../../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../../evaluation/runtime.ts';
import {
  NativeFunction,
  PyClass,
  PyIterator,
  PyProperty,
  PyTuple,
  PyUnknown,
  type Value,
} from '../../../../evaluation/values.ts';
import { isFloatingPoint, type DType } from '../../../../graph/dtype.ts';
import { elementCount, tensorType, type TensorType } from '../../../../graph/tensorType.ts';
import { broadcastShapes } from '../../../../operators/broadcast.ts';
import type { ElementwiseName } from '../../../../operators/elementwise.ts';
import { promoteTypes } from '../../../../operators/promotion.ts';
import { nestedList } from '../../tensor/elementValues.ts';
import { indexKey } from '../../tensor/indexing.ts';
import { indexPositions } from '../../tensor/indexPositions.ts';
import {
  alongDim,
  countOf,
  numericShape,
  permuted,
  reshaped,
  wrapDim,
  type KnownArray,
} from '../../tensor/knownArray.ts';
import { elementwiseData } from '../../tensor/knownElementwise.ts';
import { scalarOf } from '../../tensor/operands.ts';
import { roundedTo } from '../../tensor/rounding.ts';
import { asInt, plainInt, asIntList, UnknownArgument } from '../../torchNatives.ts';
import { dimValue } from '../../torchWorld.ts';
import type { TensorValue } from '../../tensorValue.ts';
import { ArrayValue } from './arrayValue.ts';
import { numpyDType, scalarValue } from './numpyTypes.ts';

const NOT_KNOWN = 'the elements of a NumPy array are not known here';
const classes = new WeakMap<PyClass, PyClass>();

/** `numpy.ndarray`, made once for each set of builtins. */
export function arrayClass(runtime: Runtime): PyClass {
  const objectClass = runtime.builtinClass('object');
  let cls = classes.get(objectClass);
  if (cls === undefined) {
    cls = new PyClass('ndarray', [objectClass], new Map([...arrayMembers, ...operators(), ...properties()]), 'numpy');
    classes.set(objectClass, cls);
  }
  return cls;
}

export function makeArray(runtime: Runtime, type: TensorType, data: readonly number[] | undefined): ArrayValue {
  return new ArrayValue(arrayClass(runtime), type, data);
}

/** `tensor.numpy()` */
export function arrayFrom(runtime: Runtime, tensor: TensorValue): ArrayValue {
  return makeArray(runtime, tensor.type, tensor.data);
}

/** A known array as a value: a Python number where it has no dims, as NumPy's scalars behave. */
export function arrayValue(runtime: Runtime, { shape, data }: KnownArray, dtype: DType): Value {
  const rounded = roundedTo(dtype, data);
  if (rounded === undefined) return runtime.unknown(NOT_KNOWN);
  if (shape.length === 0) return scalarValue(runtime, dtype, rounded[0] ?? 0);
  return makeArray(runtime, tensorType(dtype, shape), rounded);
}

export interface KnownNumbers extends KnownArray {
  readonly dtype: DType;
  /** A Python number: it takes the width of an array beside it. */
  readonly isScalar: boolean;
}

/** Elements of an array or a number; undefined where they are not known. */
export function knownNumbers(value: Value): KnownNumbers | undefined {
  if (value instanceof ArrayValue) {
    const shape = numericShape(value.type.shape);
    const { data } = value;
    return shape && data && countOf(shape) === data.length
      ? { shape, data, dtype: value.type.dtype, isScalar: false }
      : undefined;
  }
  const scalar = scalarOf(value);
  if (scalar?.value === undefined || scalar.kind === 'complex') return undefined;
  const dtype = scalar.kind === 'float' ? 'float64' : scalar.kind === 'int' ? 'int64' : 'bool';
  return { shape: [], data: [scalar.value], dtype, isScalar: true };
}

/** Elementwise arithmetic on known numbers, with NumPy's result types. */
export function calculate(runtime: Runtime, name: ElementwiseName, operands: readonly Value[]): Value {
  const unknown = operands.find((operand) => operand instanceof PyUnknown);
  if (unknown !== undefined) return unknown;
  const known: KnownNumbers[] = [];
  for (const operand of operands) {
    const one = knownNumbers(operand);
    if (one === undefined) return runtime.unknown(NOT_KNOWN);
    known.push(one);
  }
  const common = broadcastShapes(known.map(({ shape }) => shape));
  if (common.kind === 'mismatch') return runtime.raise('ValueError', common.message);
  const shape = numericShape(common.shape);
  if (shape === undefined) return runtime.unknown(NOT_KNOWN);
  const type = tensorType(resultOf(name, known), shape);
  const data = elementwiseData(name, known, type);
  return data === undefined ? runtime.unknown(NOT_KNOWN) : arrayValue(runtime, { shape, data }, type.dtype);
}

const TO_FLOAT: readonly ElementwiseName[] = [
  'div',
  'sqrt',
  'exp',
  'log',
  'log2',
  'log10',
  'sin',
  'cos',
  'tan',
  'reciprocal',
];
const TO_BOOL: readonly ElementwiseName[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'isnan', 'isinf', 'isfinite'];

function resultOf(name: ElementwiseName, operands: readonly KnownNumbers[]): DType {
  if (TO_BOOL.includes(name)) return 'bool';
  const arrays = operands.filter((operand) => !operand.isScalar);
  const isFloat = operands.some(({ dtype }) => isFloatingPoint(dtype));
  const own = (arrays.length > 0 ? arrays : operands).map(({ dtype }) => dtype).reduce(promoteTypes);
  if (isFloatingPoint(own)) return own;
  return isFloat || TO_FLOAT.includes(name) || ['ceil', 'floor', 'trunc', 'round'].includes(name) ? 'float64' : own;
}

/** Reduces known elements; NumPy sums integers as int64. */
export function reduceArray(
  runtime: Runtime,
  value: Value,
  axis: Value,
  fold: (row: readonly number[]) => number,
  dtypeOf: (dtype: DType) => DType = (dtype) => dtype,
): Value {
  if (value instanceof PyUnknown) return value;
  const known = knownNumbers(value);
  if (known === undefined) return runtime.unknown(NOT_KNOWN);
  const dtype = dtypeOf(known.dtype === 'bool' ? 'int64' : known.dtype);
  if (axis === null) return arrayValue(runtime, { shape: [], data: [fold(known.data)] }, dtype);
  const dim = wrapDim(asInt(runtime, plainInt(axis), 'axis'), known.shape.length);
  const rows = alongDim(known, dim, (row) => [fold(row)]);
  return arrayValue(runtime, reshaped(rows, rows.shape.toSpliced(dim, 1)), dtype);
}

export const FOLDS = {
  sum: (row: readonly number[]) => row.reduce((sum, value) => sum + value, 0),
  prod: (row: readonly number[]) => row.reduce((product, value) => product * value, 1),
  mean: (row: readonly number[]) => row.reduce((sum, value) => sum + value, 0) / row.length,
  max: (row: readonly number[]) => Math.max(...row),
  min: (row: readonly number[]) => Math.min(...row),
} as const;

export function floatType(dtype: DType): DType {
  return isFloatingPoint(dtype) ? dtype : 'float64';
}

const OPERATORS: readonly (readonly [string, ElementwiseName])[] = [
  ['add', 'add'],
  ['sub', 'sub'],
  ['mul', 'mul'],
  ['truediv', 'div'],
  ['floordiv', 'floorDiv'],
  ['mod', 'remainder'],
  ['pow', 'pow'],
];

function operators(): readonly (readonly [string, Value])[] {
  const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
  return [
    ...OPERATORS.flatMap(([python, name]): [string, Value][] => [
      [`__${python}__`, operator((runtime, self, other) => calculate(runtime, name, [self, other]))],
      [`__r${python}__`, operator((runtime, self, other) => calculate(runtime, name, [other, self]))],
    ]),
    ...comparisons.map((name): [string, Value] => [
      `__${name}__`,
      operator((runtime, self, other) => calculate(runtime, name, [self, other])),
    ]),
    ['__neg__', operator((runtime, self) => calculate(runtime, 'neg', [self]))],
  ];
}

function operator(body: (runtime: Runtime, self: Value, other: Value) => Value): NativeFunction {
  return new NativeFunction('operator', (runtime, { positional: [self = null, other = null] }) =>
    body(runtime, self, other),
  );
}

function asArray(runtime: Runtime, value: Value): ArrayValue {
  return value instanceof ArrayValue ? value : runtime.raise('TypeError', 'expected a numpy array');
}

function rearranged(runtime: Runtime, self: Value, move: (array: KnownArray) => KnownArray): Value {
  const array = asArray(runtime, self);
  const known = knownNumbers(array);
  return known === undefined ? runtime.unknown(NOT_KNOWN) : arrayValue(runtime, move(known), known.dtype);
}

function reshape(runtime: Runtime, self: Value, args: Value): Value {
  const items = args instanceof PyTuple ? args.items : [];
  const [only] = items;
  const sizes =
    items.length === 1 && only !== undefined ? asIntList(runtime, only, 'shape') : asIntList(runtime, args, 'shape');
  return rearranged(runtime, self, (array) => {
    const rest = countOf(sizes.filter((size) => size !== -1));
    return reshaped(
      array,
      sizes.map((size) => (size === -1 ? array.data.length / Math.max(rest, 1) : size)),
    );
  });
}

function item(runtime: Runtime, self: Value, key: Value): Value {
  const array = asArray(runtime, self);
  const known = knownNumbers(array);
  if (known === undefined) return runtime.unknown(NOT_KNOWN);
  try {
    const { items, tensors } = indexKey(runtime, key);
    if (tensors.length > 0) return runtime.unknown('NumPy arrays as indices are not followed');
    const positions = indexPositions(known.shape, items, []);
    if (positions === undefined) return runtime.raise('IndexError', 'index is out of bounds');
    return arrayValue(
      runtime,
      { shape: positions.shape, data: positions.data.map((at) => known.data[at] ?? 0) },
      known.dtype,
    );
  } catch (error) {
    if (error instanceof UnknownArgument) return runtime.unknown(error.reason);
    throw error;
  }
}

function listOf(runtime: Runtime, self: Value): Value {
  const known = knownNumbers(asArray(runtime, self));
  return known === undefined ? runtime.unknown(NOT_KNOWN) : nestedList(known.dtype, known);
}

const arrayMembers = members('numpy.ndarray', {
  'tolist(self)': listOf,
  'item(self)': listOf,
  'reshape(self, *shape)': reshape,
  'flatten(self)': (runtime, self) => rearranged(runtime, self, (array) => reshaped(array, [array.data.length])),
  'ravel(self)': (runtime, self) => rearranged(runtime, self, (array) => reshaped(array, [array.data.length])),
  'transpose(self, *axes)': (runtime, self, axes) =>
    rearranged(runtime, self, (array) => {
      const order = asIntList(runtime, axes, 'axes');
      return permuted(array, order.length > 0 ? order : array.shape.map((_, dim) => -1 - dim));
    }),
  'copy(self)': (runtime, self) => {
    const { type, data } = asArray(runtime, self);
    return makeArray(runtime, type, data);
  },
  'astype(self, dtype)': (runtime, self, dtype) => {
    const { type, data } = asArray(runtime, self);
    const named = numpyDType(runtime, dtype) ?? 'float64';
    return makeArray(runtime, tensorType(named, type.shape), data && roundedTo(named, data));
  },
  'sum(self, axis=None)': (runtime, self, axis) => reduceArray(runtime, self, axis, FOLDS.sum),
  'prod(self, axis=None)': (runtime, self, axis) => reduceArray(runtime, self, axis, FOLDS.prod),
  'mean(self, axis=None)': (runtime, self, axis) => reduceArray(runtime, self, axis, FOLDS.mean, floatType),
  'max(self, axis=None)': (runtime, self, axis) => reduceArray(runtime, self, axis, FOLDS.max),
  'min(self, axis=None)': (runtime, self, axis) => reduceArray(runtime, self, axis, FOLDS.min),
  '__getitem__(self, key)': item,
  '__len__(self)': (runtime, self) => dimValue(asArray(runtime, self).type.shape?.[0] ?? 0),
  '__iter__(self)': (runtime, self) => {
    const [size] = asArray(runtime, self).type.shape ?? [];
    if (typeof size !== 'number') return runtime.unknown(NOT_KNOWN);
    const rows: Value[] = Array.from({ length: size }, (_, at) => item(runtime, self, at));
    return new PyIterator(rows[Symbol.iterator]() as Iterator<Value, Value, Value>);
  },
});

function properties(): readonly (readonly [string, Value])[] {
  const property = (name: string, read: (runtime: Runtime, array: ArrayValue) => Value): [string, Value] => [
    name,
    new PyProperty(
      new NativeFunction(name, (runtime, { positional: [self = null] }) => read(runtime, asArray(runtime, self))),
    ),
  ];
  return [
    property('shape', (runtime, { type }) =>
      type.shape === undefined ? runtime.unknown(NOT_KNOWN) : new PyTuple(type.shape.map(dimValue)),
    ),
    property('ndim', (runtime, { type }) => type.shape?.length ?? runtime.unknown(NOT_KNOWN)),
    property('size', (_, { type }) => dimValue(elementCount(type.shape))),
    property('T', (runtime, array) =>
      rearranged(runtime, array, (known) =>
        permuted(
          known,
          known.shape.map((_, dim) => -1 - dim),
        ),
      ),
    ),
    property('dtype', (runtime, { type }) => runtime.getAttribute(runtime.importModule('numpy'), type.dtype)),
  ];
}
