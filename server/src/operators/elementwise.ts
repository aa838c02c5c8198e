/**
 * Elementwise arithmetic, comparison, logic and bit operations with broadcasting, one operator a function.
 * add(2x3 float32, 3 float32) -> 2x3 float32, 6 elementwise operations.
 */
import type { DType } from '../graph/dtype.ts';
import type { Operator } from './operator.ts';
import type { ScalarKind } from './promotion.ts';
import { pending } from './pending.ts';

export type ElementwiseAttributes = {
  /** Python numbers among the operands; the tensors are the inputs. `x + 1` has one input and scalars ['int']. */
  readonly scalars?: readonly ScalarKind[] | undefined;
  /** For `div` only (`rounding_mode`): with it integers stay integers. ONNX's Div of integers is 'trunc'. */
  readonly rounding?: 'floor' | 'trunc' | undefined;
  /** `x.add_(y)`, `x += y`: the result keeps shape and type of the first input. */
  readonly isInPlace?: boolean | undefined;
};

const NAMES = [
  // Two operands (inputs, or one input and one scalar).
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'remainder',
  'fmod',
  'floorDiv',
  'maximum',
  'minimum',
  'fmax',
  'fmin',
  'atan2',
  'hypot',
  'copysign',
  'nextafter',
  'ldexp',
  'logaddexp',
  'logaddexp2',
  'xlogy',
  'heaviside',
  'gcd',
  'lcm',
  'floatPower',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'isclose',
  'logicalAnd',
  'logicalOr',
  'logicalXor',
  'bitwiseAnd',
  'bitwiseOr',
  'bitwiseXor',
  'bitwiseLeftShift',
  'bitwiseRightShift',
  // Three or more.
  'where',
  'clamp',
  'lerp',
  'addcmul',
  'addcdiv',
  'sumOf',
  'meanOf',
  'maxOf',
  'minOf',
  // One.
  'neg',
  'positive',
  'abs',
  'sign',
  'square',
  'sqrt',
  'rsqrt',
  'reciprocal',
  'exp',
  'exp2',
  'expm1',
  'log',
  'log2',
  'log10',
  'log1p',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'asinh',
  'acosh',
  'atanh',
  'erf',
  'erfc',
  'erfinv',
  'lgamma',
  'digamma',
  'floor',
  'ceil',
  'round',
  'trunc',
  'frac',
  'isnan',
  'isinf',
  'isfinite',
  'isneginf',
  'isposinf',
  'signbit',
  'logicalNot',
  'bitwiseNot',
  'nanToNum',
  'deg2rad',
  'rad2deg',
  'sinc',
  'logit',
  'conj',
  'angle',
  'real',
  'imag',
] as const;

export type ElementwiseName = (typeof NAMES)[number];

/** The operators by name: `elementwise.add`. `sumOf` ... `minOf` are ONNX's n-ary Sum, Mean, Max and Min. */
export const elementwise = Object.fromEntries(
  NAMES.map((name) => [name, pending<ElementwiseAttributes>(name, 'elementwise')]),
) as Readonly<Record<ElementwiseName, Operator<ElementwiseAttributes>>>; // Made from the list of its keys.

export type CastAttributes = { readonly dtype: DType };

/** `x.to(dtype)`, ONNX Cast and CastLike. */
export const cast = pending<CastAttributes>('cast', 'elementwise');

export const elementwiseOperators: readonly Operator[] = [...Object.values(elementwise), cast];
