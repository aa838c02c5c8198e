/**
 * Arithmetic of complex numbers: complexArithmetic('*', 2j, 3j) -> (-6+0j).
 * Powers are exact for small integer exponents, and by polar form else.
 */
import type { BinaryOperator } from '../../syntax/ast.ts';
import { PyComplex, PyFloat, type Value } from '../values.ts';
import { Fault } from './fault.ts';
import { asFloat } from './numberValues.ts';

/** Undefined where an operand is no number or the operator is not defined for complex numbers. */
export function complexArithmetic(operator: BinaryOperator, left: Value, right: Value): Value | Fault | undefined {
  const [a, b] = [asComplex(left), asComplex(right)];
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '+':
      return new PyComplex(a.real + b.real, a.imaginary + b.imaginary);
    case '-':
      return new PyComplex(a.real - b.real, a.imaginary - b.imaginary);
    case '*':
      return multiply(a, b);
    case '/':
      return divide(a, b);
    case '**':
      return power(a, b);
    default:
      return undefined;
  }
}

export function asComplex(value: Value): PyComplex | undefined {
  if (value instanceof PyComplex) return value;
  const real = value instanceof PyFloat ? value.value : asFloat(value);
  return real === undefined ? undefined : new PyComplex(real, 0);
}

function multiply(a: PyComplex, b: PyComplex): PyComplex {
  return new PyComplex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real);
}

/** Smith's method, as CPython's `_Py_c_quot`. */
function divide(a: PyComplex, b: PyComplex): PyComplex | Fault {
  if (b.real === 0 && b.imaginary === 0) return new Fault('ZeroDivisionError', 'complex division by zero');
  if (Math.abs(b.real) >= Math.abs(b.imaginary)) {
    const ratio = b.imaginary / b.real;
    const denominator = b.real + b.imaginary * ratio;
    return new PyComplex((a.real + a.imaginary * ratio) / denominator, (a.imaginary - a.real * ratio) / denominator);
  }
  const ratio = b.real / b.imaginary;
  const denominator = b.real * ratio + b.imaginary;
  return new PyComplex((a.real * ratio + a.imaginary) / denominator, (a.imaginary * ratio - a.real) / denominator);
}

function power(a: PyComplex, b: PyComplex): PyComplex | Fault {
  if (b.real === 0 && b.imaginary === 0) return new PyComplex(1, 0);
  if (a.real === 0 && a.imaginary === 0) {
    const isBad = b.imaginary !== 0 || b.real < 0;
    return isBad ? new Fault('ZeroDivisionError', 'zero to a negative or complex power') : new PyComplex(0, 0);
  }
  if (b.imaginary === 0 && Number.isInteger(b.real) && Math.abs(b.real) <= 100) return integerPower(a, b.real);
  const size = Math.hypot(a.real, a.imaginary);
  const angle = Math.atan2(a.imaginary, a.real);
  const length = size ** b.real / Math.exp(angle * b.imaginary);
  const phase = angle * b.real + b.imaginary * Math.log(size);
  return new PyComplex(length * Math.cos(phase), length * Math.sin(phase));
}

function integerPower(base: PyComplex, exponent: number): PyComplex | Fault {
  let result = new PyComplex(1, 0);
  let square = base;
  for (let rest = Math.abs(exponent); rest > 0; rest >>= 1) {
    if (rest & 1) result = multiply(result, square);
    square = multiply(square, square);
  }
  return exponent < 0 ? divide(new PyComplex(1, 0), result) : result;
}
