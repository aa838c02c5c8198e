/**
 * The class torch.dtype, and what torch says about dtypes: promotion, limits, default.
 * repr(torch.float32) is "torch.float32"; torch.finfo(torch.float16).max is 65504.0.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import {
  NativeFunction,
  PyFloat,
  PyInstance,
  PyProperty,
  PyUnknown,
  type PyClass,
  type Value,
} from '../../../evaluation/values.ts';
import { bitsPerElement, isComplex, isFloatingPoint, isInteger, type DType } from '../../../graph/dtype.ts';
import { promoteTypes, resultType } from '../../../operators/promotion.ts';
import { DTypeValue, TensorValue } from '../tensorValue.ts';
import { asDType } from '../torchNatives.ts';
import { worldOf } from '../torchWorld.ts';
import { torchName } from './dtypeNames.ts';
import { scalarOf } from './operands.ts';

/** `torch.dtype`, made ready on first use. */
export function dtypeClass(runtime: Runtime): PyClass {
  const { dtypeClass: cls } = worldOf(runtime);
  if (!cls.attributes.has('itemsize')) {
    for (const [name, member] of dtypeMembers) cls.attributes.set(name, member);
    cls.attributes.set('is_floating_point', property('is_floating_point', isFloatingPoint));
    cls.attributes.set('is_complex', property('is_complex', isComplex));
    cls.attributes.set(
      'is_signed',
      property('is_signed', (dtype) => !dtype.startsWith('uint') && dtype !== 'bool'),
    );
    cls.attributes.set(
      'itemsize',
      property('itemsize', (dtype) => Math.ceil((bitsPerElement(dtype) ?? 0) / 8)),
    );
  }
  return cls;
}

const dtypeMembers = members('torch.dtype', {
  '__repr__(self)': (_, self) => (self instanceof DTypeValue ? `torch.${torchName(self.dtype)}` : 'torch.dtype'),
  'to_complex(self)': (runtime, self) => {
    const isDouble = self instanceof DTypeValue && self.dtype === 'float64';
    return worldOf(runtime).dtype(isDouble ? 'complex128' : 'complex64');
  },
});

function property(name: string, read: (dtype: DType) => Value): PyProperty {
  return new PyProperty(
    new NativeFunction(name, (_, { positional: [self] }) => (self instanceof DTypeValue ? read(self.dtype) : null)),
  );
}

/** promote_types, result_type, can_cast. */
export function dtypeFunctions(): ReadonlyMap<string, Value> {
  return members('torch', {
    'promote_types(type1, type2)': (runtime, left, right) =>
      withTypes(runtime, [left, right], (a, b) => worldOf(runtime).dtype(promoteTypes(a, b))),
    'result_type(tensor1, tensor2)': (runtime, left, right) => {
      const tensors = [left, right].filter((value) => value instanceof TensorValue).map((tensor) => tensor.type);
      const scalars = [left, right].map(scalarOf).filter((scalar) => scalar !== undefined);
      const dtype = resultType(
        tensors,
        scalars.map(({ kind }) => kind),
      );
      return dtype === 'unknown' ? runtime.unknown('a dtype is unknown') : worldOf(runtime).dtype(dtype);
    },
    'can_cast(from_, to)': (runtime, from, to) => withTypes(runtime, [from, to], (a, b) => category(b) >= category(a)),
  });
}

/** Casts may go up from bool over integers and floats to complex numbers. */
function category(dtype: DType): number {
  if (dtype === 'bool') return 0;
  if (isInteger(dtype)) return 1;
  return isFloatingPoint(dtype) ? 2 : 3;
}

function withTypes(runtime: Runtime, values: readonly Value[], body: (left: DType, right: DType) => Value): Value {
  const unknown = values.find((value) => value instanceof PyUnknown);
  if (unknown !== undefined) return unknown;
  const [left, right] = values.map((value) => asDType(runtime, value, 'dtype') ?? 'unknown');
  return body(left ?? 'unknown', right ?? 'unknown');
}

/** max, eps, smallest normal, decimal digits: IEEE 754 and the formats' definitions. */
const FLOAT_LIMITS: Partial<Record<DType, readonly [number, number, number, number]>> = {
  float64: [Number.MAX_VALUE, Number.EPSILON, 2 ** -1022, 1e-15],
  float32: [(2 - 2 ** -23) * 2 ** 127, 2 ** -23, 2 ** -126, 1e-6],
  float16: [65504, 2 ** -10, 2 ** -14, 1e-3],
  bfloat16: [(2 - 2 ** -7) * 2 ** 127, 2 ** -7, 2 ** -126, 1e-2],
  float8e4m3fn: [448, 2 ** -3, 2 ** -6, 1],
  float8e5m2: [57344, 2 ** -2, 2 ** -14, 1],
};

/** The classes finfo and iinfo. */
export function numericLimits(runtime: Runtime): readonly (readonly [string, Value])[] {
  const world = worldOf(runtime);
  const finfo = world.defineClass('finfo', 'torch');
  finfo.allocate = (inner, cls, { positional: [given = null] }) => limits(inner, cls, given, floatLimits);
  const iinfo = world.defineClass('iinfo', 'torch');
  iinfo.allocate = (inner, cls, { positional: [given = null] }) => limits(inner, cls, given, integerLimits);
  return [
    ['finfo', finfo],
    ['iinfo', iinfo],
  ];
}

function limits(
  runtime: Runtime,
  cls: PyClass,
  given: Value,
  read: (dtype: DType) => Readonly<Record<string, Value>> | undefined,
): Value {
  if (given instanceof PyUnknown) return given;
  const dtype = asDType(runtime, given, 'type') ?? worldOf(runtime).defaultDType;
  const values = read(dtype);
  if (values === undefined) return runtime.raise('TypeError', `${cls.name}() does not take torch.${torchName(dtype)}`);
  const info = new PyInstance(cls);
  info.attributes = new Map(Object.entries({ ...values, bits: bitsPerElement(dtype) ?? 0, dtype: torchName(dtype) }));
  return info;
}

function floatLimits(dtype: DType): Readonly<Record<string, Value>> | undefined {
  const found = FLOAT_LIMITS[dtype];
  if (found === undefined) return undefined;
  const [max, eps, tiny, resolution] = found.map((value) => new PyFloat(value));
  const min = new PyFloat(-found[0]);
  return {
    max: max ?? null,
    min,
    eps: eps ?? null,
    tiny: tiny ?? null,
    smallest_normal: tiny ?? null,
    resolution: resolution ?? null,
  };
}

function integerLimits(dtype: DType): Readonly<Record<string, Value>> | undefined {
  const bits = bitsPerElement(dtype);
  if (!isInteger(dtype) || bits === undefined) return undefined;
  const isSigned = dtype.startsWith('int');
  const max = 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n;
  return { max: fitting(max), min: isSigned ? fitting(-max - 1n) : 0 };
}

/** Python ints within 2^53 are JavaScript numbers. */
function fitting(value: bigint): Value {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
