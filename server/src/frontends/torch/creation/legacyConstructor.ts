/**
 * The old constructors: torch.Tensor(2, 3) is an unfilled 2x3, torch.Tensor([1, 2]) holds two float32.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import type { Arguments, PyClass, Value } from '../../../evaluation/values.ts';
import type { DType } from '../../../graph/dtype.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { LEGACY_TYPE_NAMES } from '../tensor/dtypeNames.ts';
import { TensorValue } from '../tensorValue.ts';
import { asDim, guardUnknown } from '../torchNatives.ts';
import { makeTensor, refuseNegativeSizes, worldOf } from '../torchWorld.ts';
import { tensorFromValue } from './fromData.ts';

/** `torch.Tensor(...)` and classes derived from it. */
export function allocateTensor(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  const tensor = construct(runtime, args, worldOf(runtime).defaultDType);
  if (!(tensor instanceof TensorValue) || cls === worldOf(runtime).tensorClass) return tensor;
  const derived = new TensorValue(cls, tensor.type);
  derived.data = tensor.data;
  return derived;
}

/** torch.FloatTensor, torch.LongTensor, ... */
export function legacyClasses(runtime: Runtime): readonly (readonly [string, PyClass])[] {
  return [...LEGACY_TYPE_NAMES].map(([name, dtype]) => {
    const cls = worldOf(runtime).defineClass(name, 'torch');
    cls.allocate = (inner, _, args) => construct(inner, args, dtype);
    return [name, cls] as const;
  });
}

function construct(runtime: Runtime, { positional }: Arguments, dtype: DType): Value {
  return guardUnknown(runtime, 'torch.Tensor', positional, () => {
    const [first] = positional;
    if (first === undefined) return makeTensor(runtime, tensorType(dtype, [0]), []);
    const isData =
      typeof first === 'object' && first !== null && first.kind !== 'symbolicInt' && first.kind !== 'unknown';
    const isSize = isData && first.kind === 'tuple' && first.namedClass === worldOf(runtime).sizeClass;
    if (isData && !isSize) return tensorFromValue(runtime, first, dtype);
    const sizes = isSize ? first.items : positional;
    const shape = sizes.map((size) => asDim(runtime, size, 'size'));
    refuseNegativeSizes(runtime, shape);
    return makeTensor(runtime, tensorType(dtype, shape));
  });
}
