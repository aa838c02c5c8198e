/**
 * Element types and their width. Names are those of PyTorch and ONNX in camel-free lower case: "float32", "int4".
 */

const BITS = {
  float64: 64,
  float32: 32,
  float16: 16,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  float8e8m0: 8,
  float6e2m3: 6,
  float6e3m2: 6,
  float4e2m1: 4,
  int64: 64,
  int32: 32,
  int16: 16,
  int8: 8,
  int4: 4,
  int2: 2,
  uint64: 64,
  uint32: 32,
  uint16: 16,
  uint8: 8,
  uint4: 4,
  uint2: 2,
  bool: 8,
  complex32: 32,
  complex64: 64,
  complex128: 128,
  string: undefined,
  unknown: undefined,
} as const;

export type DType = keyof typeof BITS;

/** Bits of one stored element; undefined where elements have no fixed width. Types below 8 bits are stored packed. */
export function bitsPerElement(dtype: DType): number | undefined {
  return BITS[dtype];
}

export function isFloatingPoint(dtype: DType): boolean {
  return dtype.startsWith('float') || dtype === 'bfloat16';
}

export function isComplex(dtype: DType): boolean {
  return dtype.startsWith('complex');
}

export function isInteger(dtype: DType): boolean {
  return dtype.startsWith('int') || dtype.startsWith('uint');
}

export function isDType(text: string): text is DType {
  return Object.hasOwn(BITS, text);
}
