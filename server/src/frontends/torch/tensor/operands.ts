/**
 * Operands of arithmetic: tensors, or Python numbers that take part in type promotion by their kind alone.
 * `x + 1.5` has the tensor x and a scalar of kind "float" and value 1.5.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyComplex, PyFloat, PyInstance, PySymbolicInt, PyUnknown, type Value } from '../../../evaluation/values.ts';
import type { ElementwiseAttributes, ElementwiseName } from '../../../operators/elementwise.ts';
import { elementwise } from '../../../operators/elementwise.ts';
import type { ScalarKind } from '../../../operators/promotion.ts';
import { TensorValue } from '../tensorValue.ts';
import { UnknownArgument, type TorchCall } from '../torchNatives.ts';
import { knownArray, type KnownArray } from './knownArray.ts';
import { elementwiseData } from './knownElementwise.ts';

export interface Scalar {
  readonly kind: ScalarKind;
  /** Undefined for a symbolic int and for complex numbers. */
  readonly value: number | undefined;
}

/** A Python number; undefined for anything else. */
export function scalarOf(value: Value): Scalar | undefined {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'bigint') return { kind: 'int', value: Number(value) };
  if (typeof value === 'boolean') return { kind: 'bool', value: Number(value) };
  if (value instanceof PyFloat) return { kind: 'float', value: value.value };
  if (value instanceof PyComplex) return { kind: 'complex', value: undefined };
  if (value instanceof PySymbolicInt) return { kind: 'int', value: undefined };
  if (value instanceof PyInstance && value.payload !== undefined) return scalarOf(value.payload);
  return undefined;
}

export type Operand = TensorValue | Scalar;

/** Whether arithmetic with a tensor takes it; Python then does not ask the other side's reflected method. */
export function isOperand(value: Value): boolean {
  return value instanceof TensorValue || value instanceof PyUnknown || scalarOf(value) !== undefined;
}

/** Raises TypeError for what is neither tensor nor number, and throws UnknownArgument for an unknown. */
export function operandOf(runtime: Runtime, value: Value, what: string): Operand {
  if (value instanceof TensorValue) return value;
  if (value instanceof PyUnknown) throw new UnknownArgument(value.reason);
  const scalar = scalarOf(value);
  return (
    scalar ??
    runtime.raise('TypeError', `argument '${what}' must be Tensor or Number, not ${runtime.typeOf(value).name}`)
  );
}

/** Applies an elementwise operator to tensors and numbers in their order, known elements included. */
export function recordElementwise(
  call: TorchCall,
  name: ElementwiseName,
  operands: readonly Operand[],
  options: Pick<ElementwiseAttributes, 'rounding'> = {},
): TensorValue {
  const tensors = operands.filter((operand) => operand instanceof TensorValue);
  const scalars = operands.filter((operand) => !(operand instanceof TensorValue)).map((scalar) => scalar.kind);
  // PyTorch's own convention: a method that ends in one underscore changes its tensor.
  const isInPlace = /[^_]_$/.test(call.originalOp);
  const attributes = { ...options, ...(scalars.length > 0 && { scalars }), ...(isInPlace && { isInPlace }) };
  const output = call.record(elementwise[name], attributes, tensors);
  const known = knownOperands(operands);
  if (known !== undefined) {
    const computeType = output.type.dtype === 'bool' ? tensors[0]?.type.dtype : undefined;
    output.data = elementwiseData(name, known, output.type, { rounding: options.rounding, computeType });
  }
  return output;
}

function knownOperands(operands: readonly Operand[]): readonly (KnownArray | number)[] | undefined {
  const known: (KnownArray | number)[] = [];
  for (const operand of operands) {
    const one = operand instanceof TensorValue ? knownArray(operand) : operand.value;
    if (one === undefined) return undefined;
    known.push(one);
  }
  return known;
}
