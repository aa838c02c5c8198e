/**
 * NumPy's scalar types: np.float32 is a dtype argument, a function, and the class of one element of an array.
 * np.float32(3) is 3.0, np.int64(2.7) is 2; both have `item()` and compute as Python's numbers do.
 */
import { members } from '../../../../evaluation/builtins/define.ts';
import { unbox } from '../../../../evaluation/builtins/unbox.ts';
import type { Runtime } from '../../../../evaluation/runtime.ts';
import { PyClass, PyInstance, PyUnknown, type Value } from '../../../../evaluation/values.ts';
import { isFloatingPoint, isInteger, type DType } from '../../../../graph/dtype.ts';
import { elementValue } from '../../tensor/elementValues.ts';
import { scalarOf } from '../../tensor/operands.ts';
import { roundedTo } from '../../tensor/rounding.ts';
import { asDType } from '../../torchNatives.ts';

const NAMES: ReadonlyMap<string, DType> = new Map<string, DType>([
  ['float64', 'float64'],
  ['double', 'float64'],
  ['float_', 'float64'],
  ['float32', 'float32'],
  ['single', 'float32'],
  ['float16', 'float16'],
  ['half', 'float16'],
  ['int64', 'int64'],
  ['int_', 'int64'],
  ['int32', 'int32'],
  ['int16', 'int16'],
  ['int8', 'int8'],
  ['uint64', 'uint64'],
  ['uint32', 'uint32'],
  ['uint16', 'uint16'],
  ['uint8', 'uint8'],
  ['bool_', 'bool'],
  ['bool', 'bool'],
  ['complex64', 'complex64'],
  ['complex128', 'complex128'],
]);

interface ScalarClasses {
  readonly abstract: ReadonlyMap<string, PyClass>;
  readonly byType: ReadonlyMap<DType, PyClass>;
}

const made = new WeakMap<PyClass, ScalarClasses>();

/** [name, class]; abstract ones such as `np.floating` are there for isinstance. */
export function scalarTypes(runtime: Runtime): readonly (readonly [string, Value])[] {
  const { abstract, byType } = scalarClasses(runtime);
  const concrete = [...NAMES].flatMap(([name, dtype]) => {
    const cls = byType.get(dtype);
    return cls === undefined ? [] : [[name, cls] as const];
  });
  return [...abstract, ...concrete];
}

/** One element as NumPy gives it: a number that also has `item()`. */
export function scalarValue(runtime: Runtime, dtype: DType, value: number): Value {
  const plain = elementValue(dtype, value);
  const cls = scalarClasses(runtime).byType.get(dtype);
  if (cls === undefined || dtype === 'bool') return plain;
  const scalar = new PyInstance(cls);
  scalar.payload = plain;
  return scalar;
}

/** np.float32, 'float32', float, or undefined for None. */
export function numpyDType(runtime: Runtime, value: Value): DType | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return NAMES.get(value);
  if (value instanceof PyClass && value.module === 'numpy') return NAMES.get(value.name);
  if (value === runtime.builtinClass('float')) return 'float64';
  return asDType(runtime, value, 'dtype');
}

function scalarClasses(runtime: Runtime): ScalarClasses {
  const objectClass = runtime.builtinClass('object');
  let classes = made.get(objectClass);
  if (classes === undefined) {
    classes = makeClasses(runtime);
    made.set(objectClass, classes);
  }
  return classes;
}

function makeClasses(runtime: Runtime): ScalarClasses {
  const derived = (name: string, ...bases: readonly PyClass[]): PyClass => new PyClass(name, bases, new Map(), 'numpy');
  const generic = new PyClass('generic', [runtime.builtinClass('object')], scalarMembers, 'numpy');
  const number = derived('number', generic);
  const integer = derived('integer', number);
  const floating = derived('floating', number);
  const byType = new Map<DType, PyClass>();
  for (const [name, dtype] of NAMES) {
    if (byType.has(dtype)) continue;
    const base = isFloatingPoint(dtype) ? floating : isInteger(dtype) ? integer : generic;
    // float64 alone is also a Python float.
    const cls = dtype === 'float64' ? derived(name, base, runtime.builtinClass('float')) : derived(name, base);
    cls.allocate = (inner, _, { positional: [value = 0] }) => converted(inner, value, dtype);
    byType.set(dtype, cls);
  }
  const abstract = new Map([generic, number, integer, floating].map((cls) => [cls.name, cls] as const));
  return { abstract, byType };
}

const scalarMembers = members('numpy.generic', {
  '__init__(self, *args)': () => null,
  'item(self)': (_, self) => unbox(self),
  'tolist(self)': (_, self) => unbox(self),
  'astype(self, dtype)': (runtime, self, dtype) => converted(runtime, self, numpyDType(runtime, dtype) ?? 'float64'),
});

function converted(runtime: Runtime, value: Value, dtype: DType): Value {
  if (value instanceof PyUnknown) return value;
  const number = scalarOf(value)?.value;
  const rounded = number === undefined ? undefined : roundedTo(dtype, [number])?.[0];
  if (rounded === undefined) return runtime.unknown(`numpy.${dtype} of this value is not followed`);
  return scalarValue(runtime, dtype, rounded);
}
