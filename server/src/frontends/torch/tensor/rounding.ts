/**
 * Rounds numbers to what an element of a dtype can hold: 0.1 as float32 is 0.10000000149011612, 300 as uint8 is 44.
 */
import { bitsPerElement, isComplex, isFloatingPoint, type DType } from '../../../graph/dtype.ts';

/** The elements as a tensor of this dtype stores them; undefined where we do not compute with that dtype. */
export function roundedTo(dtype: DType, data: readonly number[]): readonly number[] | undefined {
  const round = rounder(dtype);
  return round && data.map(round);
}

function rounder(dtype: DType): ((value: number) => number) | undefined {
  if (dtype === 'float64') return (value) => value;
  if (dtype === 'float32') return Math.fround;
  if (dtype === 'float16') return (value) => roundMantissa(value, 10, -24, 65504);
  if (dtype === 'bfloat16') return (value) => roundMantissa(value, 7, -133, 3.3895313892515355e38);
  if (dtype === 'bool') return (value) => (value === 0 ? 0 : 1);
  if (isFloatingPoint(dtype) || isComplex(dtype)) return undefined;
  const bits = bitsPerElement(dtype);
  if (bits === undefined) return undefined;
  if (bits === 64) return Math.trunc;
  const range = 2 ** bits;
  return (value) => {
    const wrapped = ((Math.trunc(value) % range) + range) % range;
    return dtype.startsWith('int') && wrapped >= range / 2 ? wrapped - range : wrapped;
  };
}

/** Nearest value with that many fraction bits, ties to even; below 2^(lowest) steps it is subnormal. */
function roundMantissa(value: number, fractionBits: number, lowest: number, largest: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))) - fractionBits, lowest);
  const step = 2 ** exponent;
  const rounded = roundHalfToEven(value / step) * step;
  return Math.abs(rounded) > largest ? Math.sign(value) * Infinity : rounded;
}

/** Python's and PyTorch's round: 0.5 -> 0, 1.5 -> 2, 2.5 -> 2. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
