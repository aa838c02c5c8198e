/**
 * Elementwise operations of torch and of tensors: arithmetic, comparison, logic, bits, roots, logarithms, angles.
 * torch.add(2x3, 3) -> 2x3; x.clamp(0, 6); x.div(2, rounding_mode='floor').
 */
import type { Value } from '../../../evaluation/values.ts';
import { activations } from '../../../operators/activation.ts';
import type { ElementwiseName } from '../../../operators/elementwise.ts';
import type { TensorValue } from '../tensorValue.ts';
import type { TorchCall } from '../torchNatives.ts';
import { operandOf, recordElementwise, type Operand } from './operands.ts';
import { both, functionOnly, type OperationOptions, type TensorOperation } from './operation.ts';

const IN_PLACE: OperationOptions = { inPlace: true };

/** An operand by the name of its parameter. */
export function operand(call: TorchCall, name: string): Operand {
  return operandOf(call.runtime, call.value(name), name);
}

/** Functions of two operands that are nothing but the operator: [function, operator, aliases]. */
const BINARY: readonly (readonly [string, ElementwiseName, ...(readonly string[])])[] = [
  ['mul', 'mul', 'multiply'],
  ['remainder', 'remainder'],
  ['fmod', 'fmod'],
  ['pow', 'pow'],
  ['float_power', 'floatPower'],
  ['maximum', 'maximum'],
  ['minimum', 'minimum'],
  ['fmax', 'fmax'],
  ['fmin', 'fmin'],
  ['atan2', 'atan2', 'arctan2'],
  ['hypot', 'hypot'],
  ['copysign', 'copysign'],
  ['nextafter', 'nextafter'],
  ['ldexp', 'ldexp'],
  ['logaddexp', 'logaddexp'],
  ['logaddexp2', 'logaddexp2'],
  ['xlogy', 'xlogy'],
  ['heaviside', 'heaviside'],
  ['gcd', 'gcd'],
  ['lcm', 'lcm'],
  ['eq', 'eq'],
  ['ne', 'ne', 'not_equal'],
  ['lt', 'lt', 'less'],
  ['le', 'le', 'less_equal'],
  ['gt', 'gt', 'greater'],
  ['ge', 'ge', 'greater_equal'],
  ['logical_and', 'logicalAnd'],
  ['logical_or', 'logicalOr'],
  ['logical_xor', 'logicalXor'],
  ['bitwise_and', 'bitwiseAnd'],
  ['bitwise_or', 'bitwiseOr'],
  ['bitwise_xor', 'bitwiseXor'],
  ['bitwise_left_shift', 'bitwiseLeftShift'],
  ['bitwise_right_shift', 'bitwiseRightShift'],
];

const UNARY: readonly (readonly [string, ElementwiseName, ...(readonly string[])])[] = [
  ['neg', 'neg', 'negative'],
  ['positive', 'positive'],
  ['abs', 'abs', 'absolute'],
  ['sign', 'sign', 'sgn'],
  ['square', 'square'],
  ['sqrt', 'sqrt'],
  ['rsqrt', 'rsqrt'],
  ['reciprocal', 'reciprocal'],
  ['exp', 'exp'],
  ['exp2', 'exp2'],
  ['expm1', 'expm1'],
  ['log', 'log'],
  ['log2', 'log2'],
  ['log10', 'log10'],
  ['log1p', 'log1p'],
  ['sin', 'sin'],
  ['cos', 'cos'],
  ['tan', 'tan'],
  ['asin', 'asin', 'arcsin'],
  ['acos', 'acos', 'arccos'],
  ['atan', 'atan', 'arctan'],
  ['sinh', 'sinh'],
  ['cosh', 'cosh'],
  ['asinh', 'asinh', 'arcsinh'],
  ['acosh', 'acosh', 'arccosh'],
  ['atanh', 'atanh', 'arctanh'],
  ['erf', 'erf'],
  ['erfc', 'erfc'],
  ['erfinv', 'erfinv'],
  ['lgamma', 'lgamma'],
  ['digamma', 'digamma'],
  ['floor', 'floor'],
  ['ceil', 'ceil'],
  ['trunc', 'trunc', 'fix'],
  ['frac', 'frac'],
  ['isnan', 'isnan'],
  ['isinf', 'isinf'],
  ['isfinite', 'isfinite'],
  ['isneginf', 'isneginf'],
  ['isposinf', 'isposinf'],
  ['signbit', 'signbit'],
  ['logical_not', 'logicalNot'],
  ['bitwise_not', 'bitwiseNot'],
  ['deg2rad', 'deg2rad'],
  ['rad2deg', 'rad2deg'],
  ['sinc', 'sinc'],
  ['conj', 'conj', 'conj_physical', 'resolve_conj'],
  ['angle', 'angle'],
];

function binary([name, operator, ...aliases]: (typeof BINARY)[number]): TensorOperation {
  const body = (call: TorchCall): Value =>
    recordElementwise(call, operator, [operand(call, 'input'), operand(call, 'other')]);
  return both(`${name}(input, other)`, body, { aliases, inPlace: true });
}

function unary([name, operator, ...aliases]: (typeof UNARY)[number]): TensorOperation {
  return both(`${name}(input)`, (call) => recordElementwise(call, operator, [call.tensor('input')]), {
    aliases,
    inPlace: true,
  });
}

/** `input + alpha * other`: the factor is one more product where it is not 1. */
function scaled(call: TorchCall, name: string): Operand {
  const other = operand(call, name);
  const alpha = operand(call, 'alpha');
  const isOne = 'value' in alpha && alpha.value === 1;
  if (isOne) return other;
  if ('value' in other) return scaledNumber(other, alpha);
  return recordElementwise(call, 'mul', [other, alpha]);
}

function scaledNumber(other: Exclude<Operand, TensorValue>, alpha: Operand): Operand {
  const factor = 'value' in alpha ? alpha.value : undefined;
  const value = other.value === undefined || factor === undefined ? undefined : other.value * factor;
  const isFloat = 'kind' in alpha && alpha.kind === 'float';
  return { kind: isFloat ? 'float' : other.kind, value };
}

function divided(call: TorchCall): Value {
  const rounding = call.value('rounding_mode');
  const operands = [operand(call, 'input'), operand(call, 'other')];
  if (rounding === 'floor' || rounding === 'trunc') return recordElementwise(call, 'div', operands, { rounding });
  return recordElementwise(call, 'div', operands);
}

/** The limits that are given; known elements want both, so an open one is infinite. */
function clamped(call: TorchCall): Value {
  const input = call.tensor('input');
  const [low, high] = [call.value('min'), call.value('max')];
  if (low === null && high === null) {
    return call.runtime.raise('RuntimeError', "torch.clamp: At least one of 'min' or 'max' must not be None");
  }
  if (low === null) return recordElementwise(call, 'minimum', [input, operand(call, 'max')]);
  if (high === null) return recordElementwise(call, 'maximum', [input, operand(call, 'min')]);
  return recordElementwise(call, 'clamp', [input, operand(call, 'min'), operand(call, 'max')]);
}

function threeOperands(name: 'addcmul' | 'addcdiv'): TensorOperation {
  return both(
    `${name}(input, tensor1, tensor2, *, value=1)`,
    (call) =>
      recordElementwise(
        call,
        name,
        ['input', 'tensor1', 'tensor2'].map((one) => call.tensor(one)),
      ),
    IN_PLACE,
  );
}

function real(call: TorchCall, part: 'real' | 'imag'): Value {
  return recordElementwise(call, part, [call.tensor('input')]);
}

export const arithmeticOperations: readonly TensorOperation[] = [
  ...BINARY.map(binary),
  ...UNARY.map(unary),
  both(
    'add(input, other, *, alpha=1)',
    (call) => recordElementwise(call, 'add', [operand(call, 'input'), scaled(call, 'other')]),
    IN_PLACE,
  ),
  both(
    'sub(input, other, *, alpha=1)',
    (call) => recordElementwise(call, 'sub', [operand(call, 'input'), scaled(call, 'other')]),
    { aliases: ['subtract'], inPlace: true },
  ),
  both('rsub(input, other, *, alpha=1)', (call) =>
    recordElementwise(call, 'sub', [operand(call, 'other'), scaled(call, 'input')]),
  ),
  both('div(input, other, *, rounding_mode=None)', divided, {
    aliases: ['divide', 'true_divide'],
    inPlace: true,
  }),
  both(
    'floor_divide(input, other)',
    (call) => recordElementwise(call, 'floorDiv', [operand(call, 'input'), operand(call, 'other')]),
    IN_PLACE,
  ),
  both('clamp(input, min=None, max=None)', clamped, { aliases: ['clip'], inPlace: true }),
  both(
    'clamp_min(input, min)',
    (call) => recordElementwise(call, 'maximum', [call.tensor('input'), operand(call, 'min')]),
    IN_PLACE,
  ),
  both(
    'clamp_max(input, max)',
    (call) => recordElementwise(call, 'minimum', [call.tensor('input'), operand(call, 'max')]),
    IN_PLACE,
  ),
  both(
    'round(input, *, decimals=0)',
    (call) => {
      const rounded = recordElementwise(call, 'round', [call.tensor('input')]);
      if (call.value('decimals') !== 0) rounded.data = undefined;
      return rounded;
    },
    IN_PLACE,
  ),
  both(
    'lerp(input, end, weight)',
    (call) => recordElementwise(call, 'lerp', [call.tensor('input'), call.tensor('end'), operand(call, 'weight')]),
    IN_PLACE,
  ),
  threeOperands('addcmul'),
  threeOperands('addcdiv'),
  both(
    'nan_to_num(input, nan=None, posinf=None, neginf=None)',
    (call) => recordElementwise(call, 'nanToNum', [call.tensor('input')]),
    IN_PLACE,
  ),
  both('logit(input, eps=None)', (call) => recordElementwise(call, 'logit', [call.tensor('input')]), IN_PLACE),
  both('isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)', (call) =>
    recordElementwise(call, 'isclose', [call.tensor('input'), call.tensor('other')]),
  ),
  functionOnly('real(input)', (call) => real(call, 'real')),
  functionOnly('imag(input)', (call) => real(call, 'imag')),
  ...(['relu', 'sigmoid', 'tanh', 'silu', 'selu', 'celu', 'hardshrink'] as const).map((name) =>
    both(`${name}(input)`, (call) => call.record(activations[name], {}, [call.tensor('input')]), IN_PLACE),
  ),
];
