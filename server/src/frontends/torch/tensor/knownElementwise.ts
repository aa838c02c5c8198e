/**
 * Elementwise arithmetic on known elements, with broadcasting and the rounding of the result's dtype.
 * add([0, 1, 2] int64, 10) -> [10, 11, 12]; eq gives 0 and 1.
 */
import type { DType } from '../../../graph/dtype.ts';
import { isFloatingPoint } from '../../../graph/dtype.ts';
import type { ElementwiseName } from '../../../operators/elementwise.ts';
import { broadcast, isKnowable, numericShape, type KnownArray } from './knownArray.ts';
import { roundedTo, roundHalfToEven } from './rounding.ts';
import type { TensorType } from '../../../graph/tensorType.ts';

type Formula = (...operands: readonly number[]) => number;

const FORMULAS: Partial<Record<ElementwiseName, Formula>> = {
  add: (a = 0, b = 0) => a + b,
  sub: (a = 0, b = 0) => a - b,
  mul: (a = 0, b = 0) => a * b,
  div: (a = 0, b = 0) => a / b,
  pow: (a = 0, b = 0) => a ** b,
  remainder: (a = 0, b = 0) => a - Math.floor(a / b) * b,
  fmod: (a = 0, b = 0) => a % b,
  floorDiv: (a = 0, b = 0) => Math.floor(a / b),
  maximum: Math.max,
  minimum: Math.min,
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
  lt: (a = 0, b = 0) => Number(a < b),
  le: (a = 0, b = 0) => Number(a <= b),
  gt: (a = 0, b = 0) => Number(a > b),
  ge: (a = 0, b = 0) => Number(a >= b),
  logicalAnd: (a, b) => Number(a !== 0 && b !== 0),
  logicalOr: (a, b) => Number(a !== 0 || b !== 0),
  logicalXor: (a, b) => Number((a !== 0) !== (b !== 0)),
  logicalNot: (a) => Number(a === 0),
  where: (condition, a = 0, b = 0) => (condition === 0 ? b : a),
  clamp: (a = 0, low = -Infinity, high = Infinity) => Math.min(Math.max(a, low), high),
  neg: (a = 0) => -a,
  positive: (a = 0) => a,
  abs: (a = 0) => Math.abs(a),
  sign: (a = 0) => Math.sign(a),
  square: (a = 0) => a * a,
  sqrt: (a = 0) => Math.sqrt(a),
  rsqrt: (a = 0) => 1 / Math.sqrt(a),
  reciprocal: (a = 0) => 1 / a,
  exp: (a = 0) => Math.exp(a),
  log: (a = 0) => Math.log(a),
  log2: (a = 0) => Math.log2(a),
  log10: (a = 0) => Math.log10(a),
  sin: (a = 0) => Math.sin(a),
  cos: (a = 0) => Math.cos(a),
  tan: (a = 0) => Math.tan(a),
  floor: (a = 0) => Math.floor(a),
  ceil: (a = 0) => Math.ceil(a),
  round: (a = 0) => roundHalfToEven(a),
  trunc: (a = 0) => Math.trunc(a),
  isnan: (a) => Number(Number.isNaN(a)),
  isinf: (a = 0) => Number(Math.abs(a) === Infinity),
  isfinite: (a) => Number(Number.isFinite(a)),
};

/** Bit operations of numbers below 2^53: through bigint, since JavaScript's own are of 32 bits. */
const BIT_FORMULAS: Partial<Record<ElementwiseName, (a: bigint, b: bigint) => bigint>> = {
  bitwiseAnd: (a, b) => a & b,
  bitwiseOr: (a, b) => a | b,
  bitwiseXor: (a, b) => a ^ b,
  bitwiseLeftShift: (a, b) => a << b,
  bitwiseRightShift: (a, b) => a >> b,
};

export interface KnownOptions {
  readonly rounding?: 'floor' | 'trunc' | undefined;
  /** What Python numbers are rounded to first: of a comparison, the type of its operand. */
  readonly computeType?: DType | undefined;
}

/** The elements of `name(operands)` as the result type holds them; undefined where they cannot be told. */
export function elementwiseData(
  name: ElementwiseName,
  operands: readonly (KnownArray | number)[],
  result: TensorType,
  { rounding, computeType = result.dtype }: KnownOptions = {},
): readonly number[] | undefined {
  const shape = numericShape(result.shape);
  const formula = formulaOf(name, rounding, result.dtype === 'bool');
  if (shape === undefined || formula === undefined || !isKnowable(shape)) return undefined;
  const columns = operands.map((operand) => columnOf(operand, shape, computeType));
  const data = Array.from({ length: columns[0]?.length ?? 0 }, (_, at) =>
    formula(...columns.map((column) => column[at] ?? 0)),
  );
  const rounded = roundedTo(result.dtype, data);
  return rounded?.every((value) => isFloatingPoint(result.dtype) || Number.isSafeInteger(value)) ? rounded : undefined;
}

function formulaOf(
  name: ElementwiseName,
  rounding: 'floor' | 'trunc' | undefined,
  isBool: boolean,
): Formula | undefined {
  if (name === 'div' && rounding !== undefined) {
    return (a = 0, b = 0) => (rounding === 'floor' ? Math.floor(a / b) : Math.trunc(a / b));
  }
  if (name === 'bitwiseNot') return (a = 0) => (isBool ? 1 - a : -a - 1);
  const bits = BIT_FORMULAS[name];
  if (bits === undefined) return FORMULAS[name];
  return (a = 0, b = 0) => (b > 63 ? NaN : Number(bits(BigInt(Math.trunc(a)), BigInt(Math.trunc(b)))));
}

/** A Python number is first rounded to the result's dtype, as PyTorch's kernels do. */
function columnOf(operand: KnownArray | number, shape: readonly number[], dtype: DType): readonly number[] {
  const array = typeof operand === 'number' ? { shape: [], data: roundedScalar(operand, dtype) } : operand;
  return broadcast(array, shape).data;
}

function roundedScalar(value: number, dtype: DType): readonly number[] {
  return (isFloatingPoint(dtype) ? roundedTo(dtype, [value]) : undefined) ?? [value];
}
