/**
 * Arithmetic and comparison of int, bool, float, complex and symbolic int, with Python's rules:
 * arithmetic('//', -7, 2) -> -4, arithmetic('/', 6, 3) -> PyFloat(2), arithmetic('*', N, 4) -> 4*N,
 * arithmetic('%', 5, 0) -> a fault (ZeroDivisionError), arithmetic('+', 1, "a") -> undefined.
 */
import {
  addDims,
  compareDims,
  floorDivideDims,
  moduloDims,
  multiplyDims,
  subtractDims,
  type Dim,
} from '../../graph/dim.ts';
import type { BinaryOperator } from '../../syntax/ast.ts';
import { PyComplex, PyFloat, PySymbolicInt, PyUnknown, type Value } from '../values.ts';
import { complexArithmetic } from './complexNumbers.ts';
import { powerDouble } from './doubleDouble.ts';
import { Fault } from './fault.ts';
import {
  addIntegers,
  bitwise,
  floatOfInteger,
  floorDivideIntegers,
  moduloIntegers,
  multiplyIntegers,
  negateInteger,
  powerIntegers,
  shiftLeft,
  isTooLong,
  shiftRight,
  subtractIntegers,
  trueDivideIntegers,
  type Integer,
} from './integers.ts';
import { asFloat, asInteger, dimOfValue, isNumber, valueOfDim, type NumberValue } from './numberValues.ts';

/**
 * The result of a binary operator on two numbers. Undefined where one is no number or the operator is not defined
 * for them (the caller raises TypeError or tries other methods).
 */
export function arithmetic(operator: BinaryOperator, left: Value, right: Value): Value | Fault | undefined {
  if (!isNumber(left) || !isNumber(right)) return undefined;
  if (left instanceof PyComplex || right instanceof PyComplex) return complexArithmetic(operator, left, right);
  if (left instanceof PySymbolicInt || right instanceof PySymbolicInt) return symbolicArithmetic(operator, left, right);
  if (left instanceof PyFloat || right instanceof PyFloat) {
    const [a, b] = [asFloat(left) ?? NaN, asFloat(right) ?? NaN];
    const overflow = [left, right].some((side) => typeof side === 'bigint' && !Number.isFinite(Number(side)));
    return overflow ? TOO_LARGE_FOR_FLOAT : floatArithmetic(operator, a, b);
  }
  if (typeof left === 'boolean' && typeof right === 'boolean') {
    if (operator === '&') return left && right;
    if (operator === '|') return left || right;
    if (operator === '^') return left !== right;
  }
  return integerArithmetic(operator, asInteger(left) ?? 0, asInteger(right) ?? 0);
}

/** `-x`, `+x`, `~x`; undefined where not defined. */
export function unaryArithmetic(operator: '-' | '+' | '~', operand: Value): Value | undefined {
  if (operand instanceof PySymbolicInt) {
    if (operator === '+') return operand;
    const negated = multiplyDims(operand.dim, -1);
    return valueOfDim(operator === '-' ? negated : subtractDims(negated, 1));
  }
  if (operand instanceof PyFloat && operator !== '~') return operator === '-' ? new PyFloat(-operand.value) : operand;
  if (operand instanceof PyComplex && operator !== '~') {
    return operator === '-' ? new PyComplex(-operand.real, -operand.imaginary) : operand;
  }
  const integer = asInteger(operand);
  if (integer === undefined) return undefined;
  if (operator === '+') return integer;
  const negated = negateInteger(integer);
  return operator === '-' ? negated : subtractIntegers(negated, 1);
}

/** Python's `==` of numbers; undefined where one is no number, unknown where a symbol decides. */
export function numbersEqual(left: Value, right: Value): boolean | PyUnknown | undefined {
  if (!isNumber(left) || !isNumber(right)) return undefined;
  if (left instanceof PyComplex || right instanceof PyComplex) {
    const [a, b] = [left, right].map((side) =>
      side instanceof PyComplex ? side : new PyComplex(asFloat(side) ?? NaN, 0),
    );
    return a?.real === b?.real && a?.imaginary === b?.imaginary;
  }
  const order = compareNumbers(left, right);
  return order instanceof PyUnknown ? order : order === 0;
}

/** Negative, 0 or positive; NaN where one side is nan; unknown where a symbol decides; undefined where unordered. */
export function compareNumbers(left: Value, right: Value): number | PyUnknown | undefined {
  if (!isNumber(left) || !isNumber(right)) return undefined;
  if (left instanceof PyComplex || right instanceof PyComplex) return undefined;
  if (left instanceof PySymbolicInt || right instanceof PySymbolicInt) return compareSymbolic(left, right);
  const a = left instanceof PyFloat ? left.value : (asInteger(left) ?? 0);
  const b = right instanceof PyFloat ? right.value : (asInteger(right) ?? 0);
  // JavaScript compares a bigint with a number exactly.
  if (a < b) return -1;
  if (a > b) return 1;
  return Number.isNaN(a) || Number.isNaN(b) ? NaN : 0;
}

function integerArithmetic(operator: BinaryOperator, a: Integer, b: Integer): Value | Fault | undefined {
  const result = exactArithmetic(operator, a, b);
  return typeof result === 'bigint' && isTooLong(result) ? TOO_LARGE : result;
}

function exactArithmetic(operator: BinaryOperator, a: Integer, b: Integer): Value | Fault | undefined {
  switch (operator) {
    case '+':
      return addIntegers(a, b);
    case '-':
      return subtractIntegers(a, b);
    case '*':
      return multiplyIntegers(a, b) ?? TOO_LARGE;
    case '/': {
      if (b === 0) return new Fault('ZeroDivisionError', 'division by zero');
      const quotient = trueDivideIntegers(a, b);
      if (Number.isFinite(quotient)) return new PyFloat(quotient);
      return new Fault('OverflowError', 'integer division result too large for a float');
    }
    case '//':
      return b === 0 ? INTEGER_DIVISION_BY_ZERO : floorDivideIntegers(a, b);
    case '%':
      return b === 0 ? new Fault('ZeroDivisionError', 'integer modulo by zero') : moduloIntegers(a, b);
    case '**':
      if (b < 0) return floatArithmetic('**', floatOfInteger(a), floatOfInteger(b));
      return powerIntegers(a, b) ?? TOO_LARGE;
    case '<<':
      return b < 0 ? NEGATIVE_SHIFT : (shiftLeft(a, b) ?? TOO_LARGE);
    case '>>':
      return b < 0 ? NEGATIVE_SHIFT : shiftRight(a, b);
    case '&':
    case '|':
    case '^':
      return bitwise(operator, a, b);
    case '@':
      return undefined;
  }
}

function floatArithmetic(operator: BinaryOperator, a: number, b: number): Value | Fault | undefined {
  switch (operator) {
    case '+':
      return new PyFloat(a + b);
    case '-':
      return new PyFloat(a - b);
    case '*':
      return new PyFloat(a * b);
    case '/':
      return b === 0 ? new Fault('ZeroDivisionError', 'float division by zero') : new PyFloat(a / b);
    case '//':
      if (b === 0) return new Fault('ZeroDivisionError', 'float floor division by zero');
      return new PyFloat(floorDivideFloats(a, b));
    case '%':
      return b === 0 ? new Fault('ZeroDivisionError', 'float modulo') : new PyFloat(moduloFloats(a, b));
    case '**':
      return floatPower(a, b);
    default:
      return undefined;
  }
}

/** Python's `%` of doubles: the sign of the divisor. */
export function moduloFloats(a: number, b: number): number {
  const remainder = a % b;
  if (remainder === 0) return b < 0 ? -0 : 0;
  return remainder < 0 !== b < 0 ? remainder + b : remainder;
}

/** Python's `//` of doubles, computed from the exact remainder as CPython's float_floor_div does. */
export function floorDivideFloats(a: number, b: number): number {
  const remainder = a % b;
  let quotient = (a - remainder) / b;
  if (remainder !== 0 && remainder < 0 !== b < 0) quotient -= 1;
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function floatPower(a: number, b: number): Value | Fault {
  if (a === 0 && b < 0) return new Fault('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  if (a === 1 || b === 0) return new PyFloat(1);
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return new PyFloat(1);
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) {
    return complexArithmetic('**', new PyFloat(a), new PyFloat(b)) ?? new PyFloat(NaN);
  }
  const power = exactPower(a, b);
  if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b)) {
    return new Fault('OverflowError', "(34, 'Numerical result out of range')");
  }
  return new PyFloat(power);
}

/** V8's `**` may be an ulp off what C's pow gives. */
function exactPower(a: number, b: number): number {
  if (b === 0.5) return Math.sqrt(a);
  if (Number.isInteger(a) && Number.isInteger(b) && Math.abs(b) <= 64) {
    const size = powerIntegers(integerOf(a), Math.abs(b));
    if (size !== undefined) return b >= 0 ? floatOfInteger(size) : trueDivideIntegers(1, size);
  }
  const rough = Math.abs(a) ** b;
  const isOdd = Number.isInteger(b) && Math.abs(b % 2) === 1;
  const isRegular = Number.isFinite(rough) && rough > 1e-300 && Number.isFinite(b);
  const size = isRegular ? powerDouble(Math.abs(a), b) : rough;
  return a < 0 && isOdd ? -size : size;
}

function integerOf(value: number): Integer {
  return Number.isSafeInteger(value) ? value : BigInt(value);
}

function symbolicArithmetic(operator: BinaryOperator, left: NumberValue, right: NumberValue): Value | undefined {
  const [a, b] = [dimOfValue(left), dimOfValue(right)];
  if (a === undefined || b === undefined) return new PyUnknown('arithmetic of a symbolic dimension with a float');
  switch (operator) {
    case '+':
      return valueOfDim(addDims(a, b));
    case '-':
      return valueOfDim(subtractDims(a, b));
    case '*':
      return valueOfDim(multiplyDims(a, b));
    case '//':
      return valueOfDim(floorDivideDims(a, b));
    case '%':
      return valueOfDim(moduloDims(a, b));
    case '**':
      return symbolicPower(a, b);
    case '/':
      return new PyUnknown('true division of a symbolic dimension');
    case '@':
      return undefined;
    default:
      return new PyUnknown(`operator ${operator} on a symbolic dimension`);
  }
}

function symbolicPower(base: Dim, exponent: Dim): Value {
  if (typeof exponent !== 'number' || exponent < 0 || exponent > 8) {
    return new PyUnknown('power of a symbolic dimension');
  }
  let power: Dim = 1;
  for (let i = 0; i < exponent; i++) power = multiplyDims(power, base);
  return valueOfDim(power);
}

function compareSymbolic(left: NumberValue, right: NumberValue): number | PyUnknown {
  const [a, b] = [dimOfValue(left), dimOfValue(right)];
  if (a !== undefined && b !== undefined) {
    if (compareDims(a, b) === 'equal') return 0;
    const difference = subtractDims(a, b);
    if (typeof difference === 'number') return difference;
  }
  return new PyUnknown('comparison of a symbolic dimension');
}

const TOO_LARGE = new PyUnknown('an integer too large to keep');
const TOO_LARGE_FOR_FLOAT = new Fault('OverflowError', 'int too large to convert to float');
const NEGATIVE_SHIFT = new Fault('ValueError', 'negative shift count');
const INTEGER_DIVISION_BY_ZERO = new Fault('ZeroDivisionError', 'integer division or modulo by zero');
