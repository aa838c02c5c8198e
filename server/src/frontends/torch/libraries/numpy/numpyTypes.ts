/**
 * NumPy's scalar types: np.float32 is a dtype argument and a function. np.float32(3) is 3.0, np.int64(2.7) is 2.
 */
import type { Runtime } from '../../../../evaluation/runtime.ts';
import { PyClass, PyUnknown, type Value } from '../../../../evaluation/values.ts';
import type { DType } from '../../../../graph/dtype.ts';
import { elementValue } from '../../tensor/elementValues.ts';
import { roundedTo } from '../../tensor/rounding.ts';
import { scalarOf } from '../../tensor/operands.ts';
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

/** [name, class]; abstract ones such as `np.floating` are there for isinstance. */
export function scalarTypes(runtime: Runtime): readonly (readonly [string, Value])[] {
  const objectClass = runtime.builtinClass('object');
  const abstract = ['generic', 'number', 'integer', 'signedinteger', 'floating', 'ndarray_like'];
  return [
    ...abstract.map((name) => [name, new PyClass(name, [objectClass], new Map(), 'numpy')] as const),
    ...[...NAMES].map(([name, dtype]) => {
      const cls = new PyClass(name, [objectClass], new Map(), 'numpy');
      cls.allocate = (inner, _, { positional: [value = 0] }) => converted(inner, value, dtype);
      return [name, cls] as const;
    }),
  ];
}

/** np.float32, 'float32', float, or undefined for None. */
export function numpyDType(runtime: Runtime, value: Value): DType | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return NAMES.get(value);
  if (value instanceof PyClass && value.module === 'numpy') return NAMES.get(value.name);
  if (value === runtime.builtinClass('float')) return 'float64';
  return asDType(runtime, value, 'dtype');
}

function converted(runtime: Runtime, value: Value, dtype: DType): Value {
  if (value instanceof PyUnknown) return value;
  const number = scalarOf(value)?.value;
  const [rounded] = (number !== undefined && roundedTo(dtype, [number])) || [];
  return rounded === undefined
    ? runtime.unknown(`numpy.${dtype} of this value is not followed`)
    : elementValue(dtype, rounded);
}
