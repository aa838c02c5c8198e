/**
 * The part of NumPy that model code computes its numbers with: np.linspace(0, 0.1, 12), np.prod(shape), np.log2(8).
 * Everything else, random numbers included, is Unknown.
 */
import { members } from '../../../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../../../evaluation/nativeModule.ts';
import type { Runtime } from '../../../../evaluation/runtime.ts';
import { PyFloat, PyUnknown, type Value } from '../../../../evaluation/values.ts';
import type { DType } from '../../../../graph/dtype.ts';
import { tensorType } from '../../../../graph/tensorType.ts';
import type { ElementwiseName } from '../../../../operators/elementwise.ts';
import { tensorFromValue } from '../../creation/fromData.ts';
import { concatenated, countOf, numericShape, reshaped, wrapDim } from '../../tensor/knownArray.ts';
import { roundedTo } from '../../tensor/rounding.ts';
import { asDims, asInt, plainInt, asNumber, UnknownArgument } from '../../torchNatives.ts';
import {
  arrayClass,
  arrayValue,
  calculate,
  floatType,
  FOLDS,
  knownNumbers,
  makeArray,
  reduceArray,
  type KnownNumbers,
} from './arrayClass.ts';
import { ArrayValue } from './arrayValue.ts';
import { numpyDType, scalarTypes } from './numpyTypes.ts';

/** [function, operator] of one and of two operands. */
const UNARY: readonly (readonly [string, ElementwiseName])[] = [
  ['sqrt', 'sqrt'],
  ['exp', 'exp'],
  ['log', 'log'],
  ['log2', 'log2'],
  ['log10', 'log10'],
  ['sin', 'sin'],
  ['cos', 'cos'],
  ['tan', 'tan'],
  ['abs', 'abs'],
  ['absolute', 'abs'],
  ['ceil', 'ceil'],
  ['floor', 'floor'],
  ['trunc', 'trunc'],
  ['rint', 'round'],
  ['square', 'square'],
  ['sign', 'sign'],
  ['isnan', 'isnan'],
  ['isinf', 'isinf'],
];

const BINARY: readonly (readonly [string, ElementwiseName])[] = [
  ['add', 'add'],
  ['subtract', 'sub'],
  ['multiply', 'mul'],
  ['divide', 'div'],
  ['floor_divide', 'floorDiv'],
  ['mod', 'remainder'],
  ['remainder', 'remainder'],
  ['power', 'pow'],
  ['maximum', 'maximum'],
  ['minimum', 'minimum'],
];

/** Runs a body whose coercions may meet an unknown. */
function guarded(runtime: Runtime, body: () => Value): Value {
  try {
    return body();
  } catch (error) {
    if (error instanceof UnknownArgument) return runtime.unknown(error.reason);
    throw error;
  }
}

function toArray(runtime: Runtime, value: Value, dtype?: DType): Value {
  if (value instanceof PyUnknown) return value;
  if (value instanceof ArrayValue) {
    const named = dtype ?? value.type.dtype;
    return makeArray(runtime, tensorType(named, value.type.shape), value.data && roundedTo(named, value.data));
  }
  const { type, data } = tensorFromValue(runtime, value, dtype);
  // Python's floats are float64 in NumPy.
  const exact =
    dtype === undefined && type.dtype === 'float32' ? tensorFromValue(runtime, value, 'float64') : undefined;
  return makeArray(runtime, exact?.type ?? type, exact?.data ?? data);
}

/** An array of a list of numbers, or the number or array itself. */
function listAsArray(runtime: Runtime, value: Value): Value {
  return typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'tuple')
    ? toArray(runtime, value)
    : value;
}

function filled(name: string, value: number | undefined): Parameters<typeof members>[1] {
  return {
    [`${name}(shape, dtype=None, order='C')`]: (runtime, shape, dtype) =>
      guarded(runtime, () => constantArray(runtime, shape, numpyDType(runtime, dtype) ?? 'float64', value)),
  };
}

function constantArray(runtime: Runtime, shape: Value, dtype: DType, value: number | undefined): Value {
  const dims = asDims(runtime, shape, 'shape');
  const sizes = numericShape(dims);
  const isSmall = value !== undefined && sizes !== undefined && countOf(sizes) <= 65_536;
  return makeArray(
    runtime,
    tensorType(dtype, dims),
    isSmall ? Array.from({ length: countOf(sizes) }, () => value) : undefined,
  );
}

function linspace(runtime: Runtime, start: Value, stop: Value, num: Value, endpoint: Value): Value {
  return guarded(runtime, () => {
    const [from, to, count] = [
      asNumber(runtime, start, 'start'),
      asNumber(runtime, stop, 'stop'),
      asInt(runtime, plainInt(num), 'num'),
    ];
    const steps = endpoint === false ? count : count - 1;
    const step = (to - from) / Math.max(steps, 1);
    const data = Array.from({ length: count }, (_, at) =>
      at === count - 1 && steps === at && at > 0 ? to : at * step + from,
    );
    return arrayValue(runtime, { shape: [count], data }, 'float64');
  });
}

function arange(runtime: Runtime, start: Value, stop: Value, step: Value, dtype: Value): Value {
  return guarded(runtime, () => {
    const bounds = stop === null ? [0, start] : [start, stop];
    const isFloat = [start, stop, step].some((value) => value instanceof PyFloat);
    const [from = 0, to = 0] = bounds.map((value) => asNumber(runtime, value, 'start'));
    const by = step === null ? 1 : asNumber(runtime, step, 'step');
    const count = Math.max(0, Math.ceil((to - from) / by));
    if (count > 65_536) return runtime.unknown('the range is too long to be held');
    const data = Array.from({ length: count }, (_, at) => from + at * by);
    return arrayValue(runtime, { shape: [count], data }, numpyDType(runtime, dtype) ?? (isFloat ? 'float64' : 'int64'));
  });
}

function running(runtime: Runtime, value: Value, step: (total: number, next: number) => number): Value {
  const known = knownNumbers(listAsArray(runtime, value));
  if (known === undefined) return value instanceof PyUnknown ? value : runtime.unknown('the elements are not known');
  let total: number | undefined;
  const data = known.data.map((next) => (total = total === undefined ? next : step(total, next)));
  return arrayValue(runtime, { shape: [data.length], data }, known.dtype);
}

function joined(runtime: Runtime, arrays: Value, axis: Value, isStack: boolean): Value {
  return guarded(runtime, () => {
    const parts: KnownNumbers[] = [];
    for (const item of runtime.iterate(arrays)) {
      const known = knownNumbers(listAsArray(runtime, item));
      if (known === undefined) return runtime.unknown('the elements of an array are not known');
      parts.push(known);
    }
    const rank = (parts[0]?.shape.length ?? 1) + (isStack ? 1 : 0);
    const dim = wrapDim(asInt(runtime, plainInt(axis), 'axis'), rank);
    const apart = isStack ? parts.map((part) => reshaped(part, part.shape.toSpliced(dim, 0, 1))) : parts;
    const isFloat = parts.some(({ dtype }) => dtype === 'float64');
    return arrayValue(runtime, concatenated(apart, dim), isFloat ? 'float64' : (parts[0]?.dtype ?? 'float64'));
  });
}

function numpyMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ...scalarTypes(runtime),
    ['ndarray', arrayClass(runtime)],
    ['pi', new PyFloat(Math.PI)],
    ['e', new PyFloat(Math.E)],
    ['inf', new PyFloat(Infinity)],
    ['nan', new PyFloat(NaN)],
    ['newaxis', null],
    ['__version__', '2.0.0'],
    ...functions,
  ]);
}

const functions = new Map<string, Value>([
  ...UNARY.flatMap(([name, operator]) => [
    ...members('numpy', {
      [`${name}(x)`]: (runtime, x) => calculate(runtime, operator, [listAsArray(runtime, x)]),
    }),
  ]),
  ...BINARY.flatMap(([name, operator]) => [
    ...members('numpy', {
      [`${name}(x1, x2)`]: (runtime, x1, x2) =>
        calculate(runtime, operator, [listAsArray(runtime, x1), listAsArray(runtime, x2)]),
    }),
  ]),
  ...(['sum', 'prod', 'mean', 'max', 'min'] as const).flatMap((name) => [
    ...members('numpy', {
      [`${name}(a, axis=None)`]: (runtime, a, axis) =>
        reduceArray(runtime, listAsArray(runtime, a), axis, FOLDS[name], name === 'mean' ? floatType : undefined),
    }),
  ]),
  ...members('numpy', {
    ...filled('zeros', 0),
    ...filled('ones', 1),
    ...filled('empty', undefined),
    'full(shape, fill_value, dtype=None)': (runtime, shape, fill, dtype) =>
      guarded(runtime, () => {
        const value = asNumber(runtime, fill, 'fill_value');
        const own = fill instanceof PyFloat ? 'float64' : 'int64';
        return constantArray(runtime, shape, numpyDType(runtime, dtype) ?? own, value);
      }),
    'array(object, dtype=None)': (runtime, object, dtype) =>
      guarded(runtime, () => toArray(runtime, object, numpyDType(runtime, dtype))),
    'asarray(a, dtype=None)': (runtime, a, dtype) =>
      guarded(runtime, () => toArray(runtime, a, numpyDType(runtime, dtype))),
    'linspace(start, stop, num=50, endpoint=True)': linspace,
    'arange(start, stop=None, step=None, dtype=None)': arange,
    'cumsum(a)': (runtime, a) => running(runtime, a, (total, next) => total + next),
    'cumprod(a)': (runtime, a) => running(runtime, a, (total, next) => total * next),
    'concatenate(arrays, axis=0)': (runtime, arrays, axis) => joined(runtime, arrays, axis, false),
    'stack(arrays, axis=0)': (runtime, arrays, axis) => joined(runtime, arrays, axis, true),
    'round(a, decimals=0)': (runtime, a, decimals) =>
      decimals === 0
        ? calculate(runtime, 'round', [listAsArray(runtime, a)])
        : runtime.unknown('rounding to decimals is not followed'),
    'clip(a, a_min, a_max)': (runtime, a, low, high) =>
      calculate(runtime, 'clamp', [listAsArray(runtime, a), low, high]),
  }),
]);

export const numpyModules: readonly NativeModuleDefinition[] = [
  { name: 'numpy', members: numpyMembers },
  { name: 'numpy.random', members: () => new Map() },
  { name: 'numpy.typing', members: () => new Map() },
];
