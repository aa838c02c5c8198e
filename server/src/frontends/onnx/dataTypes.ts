/**
 * Codes of TensorProto.DataType as element types: 1 -> float32, 7 -> int64, 16 -> bfloat16.
 * Source: onnx.proto of ONNX 1.23, TensorProto.DataType.
 */
import type { DType } from '../../graph/dtype.ts';

const BY_CODE: readonly DType[] = [
  'unknown',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
  'uint2',
  'int2',
  'float6e2m3',
  'float6e3m2',
];

/** The element type of a code; "unknown" for 0 and for codes of a later ONNX. */
export function dtypeOfCode(code: number): DType {
  return BY_CODE[code] ?? 'unknown';
}
