/**
 * Stored bits to numbers, for element types that JavaScript cannot read itself:
 * float16 0x3c00 -> 1, int4 0xf -> -1, float8e4m3fn 0x7f -> NaN.
 * Source: TensorProto.DataType in onnx.proto; OCP 8-bit floating point and microscaling (MX) specifications.
 */
import type { DType } from '../../../graph/dtype.ts';

interface FloatFormat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /** What the highest patterns mean: IEEE's infinities and NaNs, only the very last NaN, NaN instead of -0, nothing. */
  readonly special: 'ieee' | 'lastIsNan' | 'negativeZeroIsNan' | 'none';
}

const FLOATS: Partial<Record<DType, FloatFormat>> = {
  float16: { exponentBits: 5, mantissaBits: 10, bias: 15, special: 'ieee' },
  bfloat16: { exponentBits: 8, mantissaBits: 7, bias: 127, special: 'ieee' },
  float8e4m3fn: { exponentBits: 4, mantissaBits: 3, bias: 7, special: 'lastIsNan' },
  float8e4m3fnuz: { exponentBits: 4, mantissaBits: 3, bias: 8, special: 'negativeZeroIsNan' },
  float8e5m2: { exponentBits: 5, mantissaBits: 2, bias: 15, special: 'ieee' },
  float8e5m2fnuz: { exponentBits: 5, mantissaBits: 2, bias: 16, special: 'negativeZeroIsNan' },
  float6e2m3: { exponentBits: 2, mantissaBits: 3, bias: 1, special: 'none' },
  float6e3m2: { exponentBits: 3, mantissaBits: 2, bias: 3, special: 'none' },
  float4e2m1: { exponentBits: 2, mantissaBits: 1, bias: 1, special: 'none' },
};

const SIGNED_BITS: Partial<Record<DType, number>> = { int2: 2, int4: 4, int8: 8, int16: 16, int32: 32 };
const UNSIGNED_BITS: Partial<Record<DType, number>> = { uint2: 2, uint4: 4, uint8: 8, uint16: 16, uint32: 32 };

/** The number that a pattern of at most 32 bits stands for; undefined for types that are not stored so. */
export function numberFromBits(dtype: DType, bits: number): number | undefined {
  if (dtype === 'bool') return bits === 0 ? 0 : 1;
  if (dtype === 'float8e8m0') return (bits & 0xff) === 0xff ? NaN : 2 ** ((bits & 0xff) - 127);
  const float = FLOATS[dtype];
  if (float !== undefined) return floatFromBits(float, bits);
  const signed = SIGNED_BITS[dtype];
  if (signed !== undefined) return (bits << (32 - signed)) >> (32 - signed);
  const unsigned = UNSIGNED_BITS[dtype];
  return unsigned === undefined ? undefined : (bits << (32 - unsigned)) >>> (32 - unsigned);
}

function floatFromBits({ exponentBits, mantissaBits, bias, special }: FloatFormat, bits: number): number {
  const mantissa = bits & ((1 << mantissaBits) - 1);
  const exponent = (bits >>> mantissaBits) & ((1 << exponentBits) - 1);
  const sign = (bits >>> (mantissaBits + exponentBits)) & 1;
  const isTop = exponent === (1 << exponentBits) - 1;
  if (special === 'ieee' && isTop) return mantissa !== 0 ? NaN : sign === 0 ? Infinity : -Infinity;
  if (special === 'lastIsNan' && isTop && mantissa === (1 << mantissaBits) - 1) return NaN;
  if (special === 'negativeZeroIsNan' && sign === 1 && exponent === 0 && mantissa === 0) return NaN;
  const fraction = mantissa / 2 ** mantissaBits;
  const size = exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
  return sign === 0 ? size : -size;
}
