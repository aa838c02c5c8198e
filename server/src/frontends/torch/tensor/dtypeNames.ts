/**
 * Names of dtypes in torch: float32 and its alias float, and how they print. torch.half is torch.float16.
 */
import type { DType } from '../../../graph/dtype.ts';

/** Attribute of `torch` -> dtype. Those that PyTorch has and no graph stores (quint8, ...) are left out. */
export const DTYPE_NAMES: ReadonlyMap<string, DType> = new Map<string, DType>([
  ['float64', 'float64'],
  ['double', 'float64'],
  ['float32', 'float32'],
  ['float', 'float32'],
  ['float16', 'float16'],
  ['half', 'float16'],
  ['bfloat16', 'bfloat16'],
  ['float8_e4m3fn', 'float8e4m3fn'],
  ['float8_e4m3fnuz', 'float8e4m3fnuz'],
  ['float8_e5m2', 'float8e5m2'],
  ['float8_e5m2fnuz', 'float8e5m2fnuz'],
  ['float8_e8m0fnu', 'float8e8m0'],
  ['int64', 'int64'],
  ['long', 'int64'],
  ['int32', 'int32'],
  ['int', 'int32'],
  ['int16', 'int16'],
  ['short', 'int16'],
  ['int8', 'int8'],
  ['uint64', 'uint64'],
  ['uint32', 'uint32'],
  ['uint16', 'uint16'],
  ['uint8', 'uint8'],
  ['bool', 'bool'],
  ['complex64', 'complex64'],
  ['cfloat', 'complex64'],
  ['complex128', 'complex128'],
  ['cdouble', 'complex128'],
]);

const PRINTED = new Map<DType, string>();
for (const [name, dtype] of DTYPE_NAMES) if (!PRINTED.has(dtype)) PRINTED.set(dtype, name);

/** "float32" for float32, "float8_e4m3fn" for float8e4m3fn: as PyTorch prints it, without "torch.". */
export function torchName(dtype: DType): string {
  return PRINTED.get(dtype) ?? dtype;
}

/** "torch.LongTensor" -> int64, as `x.type()` says it. */
export const LEGACY_TYPE_NAMES: ReadonlyMap<string, DType> = new Map<string, DType>([
  ['DoubleTensor', 'float64'],
  ['FloatTensor', 'float32'],
  ['HalfTensor', 'float16'],
  ['BFloat16Tensor', 'bfloat16'],
  ['LongTensor', 'int64'],
  ['IntTensor', 'int32'],
  ['ShortTensor', 'int16'],
  ['CharTensor', 'int8'],
  ['ByteTensor', 'uint8'],
  ['BoolTensor', 'bool'],
]);
