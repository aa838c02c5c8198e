/**
 * Elementwise arithmetic, comparison, logic and bit operations with broadcasting, one operator a function.
 * add(2x3 float32, 3 float32) -> 2x3 float32, 6 elementwise operations.
 * Each arithmetic step counts one an element, a transcendental function too: exp is 1, hypot (two squares, a sum and
 * a root) is 4. Moves and changes of type count 0.
 */
import { multiplyDims } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { elementCount, printShape, tensorType, type TensorType } from '../graph/tensorType.ts';
import { broadcastShapes, broadcastsTo } from './broadcast.ts';
import { noWork, type Inputs } from './dataMovement.ts';
import { mismatch, ok, type InferResult, type Operator } from './operator.ts';
import { resultType, toFloat, toReal, type ScalarKind } from './promotion.ts';

export type ElementwiseAttributes = {
  /** Python numbers among the operands; the tensors are the inputs. `x + 1` has one input and scalars ['int']. */
  readonly scalars?: readonly ScalarKind[] | undefined;
  /** For `div` only (`rounding_mode`): with it integers stay integers. ONNX's Div of integers is 'trunc'. */
  readonly rounding?: 'floor' | 'trunc' | undefined;
  /** `x.add_(y)`, `x += y`: the result keeps shape and type of the first input. */
  readonly isInPlace?: boolean | undefined;
};

/**
 * The result's type: `promoted` operands; `integer` where bool counts as one; `float` where integers become fractions; `bool`; `real` part of a complex
 * number; `selected` promotes all but the first, which is a condition; or always the same type.
 */
type TypeRule = 'promoted' | 'integer' | 'float' | 'bool' | 'real' | 'realFloat' | 'selected' | 'float64';

/** Operations an element; `perOperand` is one for each operand after the first. */
type Row = readonly [type: TypeRule, ops: number | 'perOperand'];

const FUNCTIONS = {
  // Two operands: inputs, or one input and one scalar.
  add: ['promoted', 1],
  sub: ['promoted', 1],
  mul: ['promoted', 1],
  div: ['float', 1],
  pow: ['promoted', 1],
  remainder: ['promoted', 1],
  fmod: ['promoted', 1],
  floorDiv: ['promoted', 1],
  maximum: ['promoted', 1],
  minimum: ['promoted', 1],
  fmax: ['promoted', 1],
  fmin: ['promoted', 1],
  atan2: ['float', 1],
  hypot: ['promoted', 4],
  copysign: ['float', 1],
  nextafter: ['promoted', 1],
  ldexp: ['float', 2],
  logaddexp: ['promoted', 6],
  logaddexp2: ['promoted', 6],
  xlogy: ['float', 2],
  heaviside: ['promoted', 1],
  gcd: ['promoted', 1],
  lcm: ['promoted', 3],
  floatPower: ['float64', 1],
  eq: ['bool', 1],
  ne: ['bool', 1],
  lt: ['bool', 1],
  le: ['bool', 1],
  gt: ['bool', 1],
  ge: ['bool', 1],
  isclose: ['bool', 6],
  logicalAnd: ['bool', 1],
  logicalOr: ['bool', 1],
  logicalXor: ['bool', 1],
  bitwiseAnd: ['promoted', 1],
  bitwiseOr: ['promoted', 1],
  bitwiseXor: ['promoted', 1],
  bitwiseLeftShift: ['promoted', 1],
  bitwiseRightShift: ['promoted', 1],
  // Three or more. `sumOf` ... `minOf` are ONNX's Sum, Mean, Max and Min.
  where: ['selected', 1],
  clamp: ['promoted', 'perOperand'],
  lerp: ['promoted', 3],
  addcmul: ['promoted', 3],
  addcdiv: ['promoted', 3],
  sumOf: ['promoted', 'perOperand'],
  meanOf: ['promoted', 'perOperand'],
  maxOf: ['promoted', 'perOperand'],
  minOf: ['promoted', 'perOperand'],
  // One.
  neg: ['promoted', 1],
  positive: ['promoted', 0],
  abs: ['real', 1],
  sign: ['promoted', 1],
  square: ['integer', 1],
  sqrt: ['float', 1],
  rsqrt: ['float', 1],
  reciprocal: ['float', 1],
  exp: ['float', 1],
  exp2: ['float', 1],
  expm1: ['float', 1],
  log: ['float', 1],
  log2: ['float', 1],
  log10: ['float', 1],
  log1p: ['float', 1],
  sin: ['float', 1],
  cos: ['float', 1],
  tan: ['float', 1],
  asin: ['float', 1],
  acos: ['float', 1],
  atan: ['float', 1],
  sinh: ['float', 1],
  cosh: ['float', 1],
  asinh: ['float', 1],
  acosh: ['float', 1],
  atanh: ['float', 1],
  erf: ['float', 1],
  erfc: ['float', 1],
  erfinv: ['float', 1],
  lgamma: ['float', 1],
  digamma: ['float', 1],
  floor: ['promoted', 1],
  ceil: ['promoted', 1],
  round: ['promoted', 1],
  trunc: ['promoted', 1],
  frac: ['promoted', 2],
  isnan: ['bool', 1],
  isinf: ['bool', 1],
  isfinite: ['bool', 1],
  isneginf: ['bool', 1],
  isposinf: ['bool', 1],
  signbit: ['bool', 1],
  logicalNot: ['bool', 1],
  bitwiseNot: ['promoted', 1],
  nanToNum: ['promoted', 3],
  deg2rad: ['float', 1],
  rad2deg: ['float', 1],
  sinc: ['float', 3],
  logit: ['float', 3],
  conj: ['promoted', 1],
  angle: ['realFloat', 1],
  real: ['real', 0],
  imag: ['real', 0],
} as const satisfies Readonly<Record<string, Row>>;

export type ElementwiseName = keyof typeof FUNCTIONS;

/** The operators by name: `elementwise.add`. Inputs are the tensor operands in order; undefined ones are left out. */
export const elementwise = Object.fromEntries(
  Object.entries<Row>(FUNCTIONS).map(([name, row]) => [name, elementwiseOperator(name, row)]),
) as Readonly<Record<ElementwiseName, Operator<ElementwiseAttributes>>>; // Made from the table of its keys.

export type CastAttributes = { readonly dtype: DType };

/** `x.to(dtype)`, ONNX Cast and CastLike. */
export const cast: Operator<CastAttributes> = {
  name: 'cast',
  family: 'elementwise',
  isView: false,
  infer: ([x], { dtype }) => ok(tensorType(dtype, x?.shape)),
  work: noWork,
};

export const elementwiseOperators: readonly Operator[] = [...Object.values(elementwise), cast];

function elementwiseOperator(name: string, [rule, ops]: Row): Operator<ElementwiseAttributes> {
  return {
    name,
    family: 'elementwise',
    isView: false,
    infer(inputs, attributes) {
      const operands = inputs.filter((input) => input !== undefined);
      return inferElementwise(operands, typeOf(rule, operands, attributes), attributes.isInPlace === true);
    },
    work(inputs, outputs, { scalars }) {
      const perElement = ops === 'perOperand' ? operandCount(inputs, scalars) - 1 : ops;
      return { macs: 0, elementwiseOps: multiplyDims(elementCount(outputs[0]?.shape), Math.max(perElement, 0)) };
    },
  };
}

function inferElementwise(operands: readonly TensorType[], dtype: DType, isInPlace: boolean): InferResult {
  const common = broadcastShapes(operands.map(({ shape }) => shape));
  const [self] = operands;
  if (common.kind === 'mismatch') {
    return mismatch(common.message, tensorType(dtype, isInPlace ? self?.shape : undefined));
  }
  if (!isInPlace || self === undefined) return ok(tensorType(dtype, common.shape));
  const output = tensorType(self.dtype, self.shape);
  const given = common.shape;
  if (given === undefined || self.shape === undefined || broadcastsTo(given, self.shape)) return ok(output);
  return mismatch(
    `cannot write a result of ${printShape(given)} into ${printShape(self.shape)}, which does not broadcast`,
    output,
  );
}

function typeOf(rule: TypeRule, operands: readonly TensorType[], { scalars, rounding }: ElementwiseAttributes): DType {
  const promoted = resultType(rule === 'selected' ? operands.slice(1) : operands, scalars);
  switch (rule) {
    case 'promoted':
    case 'selected':
      return promoted;
    case 'integer':
      return promoted === 'bool' ? 'int64' : promoted;
    case 'float':
      return rounding === undefined ? toFloat(promoted) : promoted;
    case 'real':
      return toReal(promoted);
    case 'realFloat':
      return toReal(toFloat(promoted));
    case 'bool':
      return 'bool';
    case 'float64':
      return promoted.startsWith('complex') ? 'complex128' : 'float64';
  }
}

function operandCount(inputs: Inputs, scalars: readonly ScalarKind[] | undefined): number {
  return inputs.filter((input) => input !== undefined).length + (scalars?.length ?? 0);
}
