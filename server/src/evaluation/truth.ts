/**
 * Truth, length and the unary operators: truth([]) -> false, truth(N) -> unknown, length("abc") -> 3, unary('-', 2) -> -2.
 */
import type { UnaryOperator } from '../syntax/ast.ts';
import { compareDims } from '../graph/dim.ts';
import { customMethod } from './binaryOperators.ts';
import { unaryArithmetic } from './builtins/numbers.ts';
import { callDirect } from './calls.ts';
import { rangeLength } from './rangeLength.ts';
import type { Executor } from './executor.ts';
import { PyInstance, PyUnknown, type PyObject, type Value } from './values.ts';

/** Truth by `__bool__` and `__len__`. */
export function truth(executor: Executor, value: Value): boolean | PyUnknown {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'bigint') return true;
  const method = customMethod(executor, value, '__bool__');
  if (method !== undefined) return truthOfResult(executor, callDirect(executor, method, [value]));
  // Numbers have a truth of their own, which a `__len__` of a subclass does not change.
  const isNumber =
    value instanceof PyInstance && value.payload !== undefined && builtinLength(value.payload) === undefined;
  const lengthMethod = isNumber ? undefined : customMethod(executor, value, '__len__');
  if (lengthMethod !== undefined) {
    return truth(executor, checkedLength(executor, callDirect(executor, lengthMethod, [value])));
  }
  return builtinTruth(executor, value);
}

/** `len(value)`: an int, or unknown. */
export function length(executor: Executor, value: Value): Value {
  const method = customMethod(executor, value, '__len__');
  if (method !== undefined) return checkedLength(executor, callDirect(executor, method, [value]));
  if (typeof value === 'string') executor.budget.readText(value);
  const size = builtinLength(value);
  if (size !== undefined) return size;
  if (value instanceof PyUnknown) return value;
  return executor.raise('TypeError', `object of type '${executor.typeOf(value).name}' has no len()`);
}

/** Undefined for what has no length. */
export function builtinLength(value: Value): number | undefined {
  if (typeof value === 'string') return codePointCount(value);
  if (value === null || typeof value !== 'object') return undefined;
  switch (value.kind) {
    case 'list':
    case 'tuple':
      return value.items.length;
    case 'dict':
    case 'set':
      return value.entries.size;
    case 'bytes':
      return value.value.length;
    case 'range':
      return rangeLength(value);
    case 'instance':
      return value.payload === undefined ? undefined : builtinLength(value.payload);
    default:
      return undefined;
  }
}

export function unary(executor: Executor, operator: UnaryOperator, operand: Value): Value {
  if (operator === 'not') {
    const known = truth(executor, operand);
    return typeof known === 'boolean' ? !known : known;
  }
  if (operator === '-' && typeof operand === 'number') return 0 - operand;
  const method = customMethod(executor, operand, UNARY_METHODS[operator]);
  if (method !== undefined) return callDirect(executor, method, [operand]);
  const plain = operand instanceof PyInstance && operand.payload !== undefined ? operand.payload : operand;
  const result = unaryArithmetic(operator, plain);
  if (result !== undefined) return result;
  if (operand instanceof PyUnknown) return operand;
  return executor.raise('TypeError', `bad operand type for unary ${operator}: '${executor.typeOf(operand).name}'`);
}

export const UNARY_METHODS = { '-': '__neg__', '+': '__pos__', '~': '__invert__' } as const;

/** Number of characters as Python counts them: surrogate pairs are one. */
export function codePointCount(text: string): number {
  let pairs = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) pairs++;
  }
  return text.length - pairs;
}

function builtinTruth(executor: Executor, value: PyObject): boolean | PyUnknown {
  switch (value.kind) {
    case 'unknown':
      return value;
    case 'float':
      return value.value !== 0;
    case 'complex':
      return value.real !== 0 || value.imaginary !== 0;
    case 'symbolicInt':
      if (compareDims(value.dim, 0) === 'different') return true;
      return executor.unknown('the truth of a symbolic dimension');
    case 'instance':
      return value.payload === undefined ? true : truth(executor, value.payload);
    default:
      return builtinLength(value) !== 0;
  }
}

function truthOfResult(executor: Executor, result: Value): boolean | PyUnknown {
  if (typeof result === 'boolean') return result;
  if (result instanceof PyUnknown) return result;
  return executor.raise('TypeError', `__bool__ should return bool, returned ${executor.typeOf(result).name}`);
}

/** What `__len__` gave, as the int that it must be. */
function checkedLength(executor: Executor, result: Value): Value {
  if (typeof result === 'boolean') return Number(result);
  if (typeof result === 'number') {
    return result < 0 ? executor.raise('ValueError', '__len__() should return >= 0') : result;
  }
  if (result instanceof PyInstance) {
    if (result.payload !== undefined) return checkedLength(executor, result.payload);
    const method = customMethod(executor, result, '__index__');
    if (method !== undefined) return checkedLength(executor, callDirect(executor, method, [result]));
  }
  const isInt = typeof result === 'bigint' || (typeof result === 'object' && result?.kind === 'symbolicInt');
  if (isInt || result instanceof PyUnknown || (result instanceof PyInstance && result.class_.origin === undefined)) {
    return result;
  }
  const { name } = executor.typeOf(result);
  return executor.raise('TypeError', `'${name}' object cannot be interpreted as an integer`);
}
