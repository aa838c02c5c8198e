/**
 * Arithmetic on known elements: integers may be symbolic (N * 4, N - 1 > 0), floats are numbers.
 * Mul([N, 2], 3) -> [3*N, 6]; Equal([N], [-1]) -> [false], since sizes are positive.
 */
import {
  addDims,
  dimBounds,
  floorDivideDims,
  maximumDim,
  minimumDim,
  moduloDims,
  multiplyDims,
  subtractDims,
  unknownDim,
  type Dim,
} from '../../../graph/dim.ts';
import { bitsPerElement, isFloatingPoint, isInteger, type DType } from '../../../graph/dtype.ts';
import { dtypeOfCode } from '../dataTypes.ts';
import type { ConstantTensor } from '../onnxValue.ts';
import type { NodeCall } from '../nodeCall.ts';
import { zipElements } from './elements.ts';

/** The elements of a node's first output from those of its inputs; `shape` is the one that was inferred for it. */
export type Fold = (
  call: NodeCall,
  inputs: readonly ConstantTensor[],
  shape: readonly number[] | undefined,
) => ConstantTensor | undefined;

type Binary = (left: Dim, right: Dim, isFloat: boolean) => Dim | undefined;

const BINARY: Readonly<Record<string, Binary>> = {
  Add: exactOr(addDims, (left, right) => left + right),
  Sub: exactOr(subtractDims, (left, right) => left - right),
  Mul: exactOr(multiplyDims, (left, right) => left * right),
  Div: divide,
  Pow: power,
  Max: (left, right) => extreme(left, right, Math.max, maximumDim),
  Min: (left, right) => extreme(left, right, Math.min, minimumDim),
};

const COMPARISONS: Readonly<Record<string, (left: Dim, right: Dim) => boolean | undefined>> = {
  Equal: isEqual,
  Less: isLess,
  Greater: (left, right) => isLess(right, left),
  LessOrEqual: (left, right) => negated(isLess(right, left)),
  GreaterOrEqual: (left, right) => negated(isLess(left, right)),
};

const LOGIC: Readonly<Record<string, (left: boolean, right: boolean) => boolean>> = {
  And: (left, right) => left && right,
  Or: (left, right) => left || right,
  Xor: (left, right) => left !== right,
};

const UNARY: Readonly<Record<string, (element: Dim, isFloat: boolean) => Dim | undefined>> = {
  Abs: (element) =>
    typeof element === 'number' ? Math.abs(element) : dimBounds(element).low >= 0 ? element : undefined,
  Ceil: rounded(Math.ceil),
  Exp: onNumbers(Math.exp),
  Floor: rounded(Math.floor),
  Log: onNumbers(Math.log),
  Neg: (element) => (typeof element === 'number' ? -element : multiplyDims(element, -1)),
  Not: (element) => (typeof element === 'number' ? (element === 0 ? 1 : 0) : undefined),
  Relu: (element) => extreme(element, 0, Math.max, maximumDim),
  Reciprocal: onNumbers((element) => 1 / element),
  Round: rounded(roundHalfEven),
  Sign: (element) => (typeof element === 'number' ? Math.sign(element) : dimBounds(element).low > 0 ? 1 : undefined),
  Sqrt: onNumbers(Math.sqrt),
};

export const arithmeticFolds: Readonly<Record<string, Fold>> = {
  ...mapped(BINARY, (operation) => (_, inputs) => foldBinary(inputs, operation)),
  Mod: (call, inputs) => foldBinary(inputs, call.flag('fmod') ? remainder : modulo),
  ...mapped(
    COMPARISONS,
    (compare) => (_, inputs) =>
      zipElements(inputs, 'bool', ([left = 0, right = 0]) => asElement(compare(left, right)) ?? undecided()),
  ),
  ...mapped(
    LOGIC,
    (combine) => (_, inputs) =>
      zipElements(inputs, 'bool', ([left, right]) =>
        typeof left === 'number' && typeof right === 'number'
          ? asElement(combine(left !== 0, right !== 0))
          : undecided(),
      ),
  ),
  ...mapped(UNARY, (operation) => (_, [x]) => {
    if (x === undefined) return undefined;
    const isFloat = isFloatingPoint(x.dtype);
    return zipElements([x], x.dtype, ([element = 0]) => operation(element, isFloat));
  }),
  Where: (_, inputs) => {
    const dtype = inputs[1]?.dtype ?? 'unknown';
    return zipElements(inputs, dtype, ([condition, left = 0, right = 0]) => {
      if (typeof condition === 'number') return condition !== 0 ? left : right;
      return isEqual(left, right) === true ? left : isFloatingPoint(dtype) ? undefined : undecided();
    });
  },
  Clip(call, [x]) {
    if (x === undefined) return undefined;
    const bound = (index: number, name: string): Dim | undefined => call.float(name) ?? call.dims(index)?.[0];
    const low = bound(1, 'min');
    const high = bound(2, 'max');
    return zipElements([x], x.dtype, ([element = 0]) => {
      const raised = low === undefined ? element : extreme(element, low, Math.max, maximumDim);
      return high === undefined || raised === undefined ? raised : extreme(raised, high, Math.min, minimumDim);
    });
  },
  Cast: (call, [x]) => converted(x, dtypeOfCode(call.int('to') ?? 0)),
  CastLike: (call, [x]) => converted(x, call.tensor(1)?.dtype ?? 'unknown'),
};

function mapped<T>(table: Readonly<Record<string, T>>, make: (entry: T) => Fold): Readonly<Record<string, Fold>> {
  return Object.fromEntries(Object.entries(table).map(([name, entry]) => [name, make(entry)]));
}

/** Two operands, or more of Max and Min. */
function foldBinary(inputs: readonly ConstantTensor[], operation: Binary): ConstantTensor | undefined {
  const dtype = inputs[0]?.dtype ?? 'unknown';
  const isFloat = isFloatingPoint(dtype);
  return zipElements(inputs, dtype, ([first, ...rest]) => {
    const result = rest.reduce<Dim | undefined>(
      (left, right) => (left === undefined ? undefined : operation(left, right, isFloat)),
      first,
    );
    if (result === undefined) return isFloat ? undefined : undecided();
    if (typeof result !== 'number') return result;
    if (isFloat) return dtype === 'float32' ? Math.fround(result) : result;
    return holds(dtype, result) ? result : undecided();
  });
}

/** An element that is not known beside others that are. */
function undecided(): Dim {
  return unknownDim('it depends on what the symbols stand for, or is too large');
}

/** Whether a type of integers holds a number exactly: int32 arithmetic wraps around, which is not followed. */
function holds(dtype: DType, value: number): boolean {
  const bits = bitsPerElement(dtype) ?? 64;
  if (bits >= 64 || !isInteger(dtype)) return Number.isSafeInteger(value);
  const span = 2 ** bits;
  return dtype.startsWith('uint') ? value >= 0 && value < span : value >= -span / 2 && value < span / 2;
}

/**
 * Integers by the dims' arithmetic, which tells when it grows too large; floats as they are. Integers beyond 2^53 were
 * rounded when they were read, so nothing is computed from them.
 */
function exactOr(onDims: (left: Dim, right: Dim) => Dim, onFloats: (left: number, right: number) => number): Binary {
  return (left, right, isFloat) => {
    if (typeof left === 'number' && typeof right === 'number' && isFloat) return onFloats(left, right);
    return isWhole(left) && isWhole(right) ? onDims(left, right) : undefined;
  };
}

/** Integers truncate towards 0; symbolic ones are sizes, and no less than 0. */
function divide(left: Dim, right: Dim, isFloat: boolean): Dim | undefined {
  if (right === 0) return undefined;
  if (typeof left === 'number' && typeof right === 'number' && isFloat) return left / right;
  if (!isWhole(left) || !isWhole(right)) return undefined;
  // The remainder goes first: a quotient of large integers may round.
  if (typeof left === 'number' && typeof right === 'number') return (left - (left % right)) / right + 0;
  if (isFloat) return moduloDims(left, right) === 0 ? floorDivideDims(left, right) : undefined;
  const isPositive = dimBounds(left).low >= 0 && dimBounds(right).low > 0;
  return isPositive || moduloDims(left, right) === 0 ? floorDivideDims(left, right) : undefined;
}

/** A power of integers that is none, or beyond 2^53, is not known. */
function power(left: Dim, right: Dim, isFloat: boolean): Dim | undefined {
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  const result = left ** right;
  return isFloat || (isWhole(left) && isWhole(right) && Number.isSafeInteger(result)) ? result : undefined;
}

function modulo(left: Dim, right: Dim, isFloat: boolean): Dim | undefined {
  if (right === 0 || isFloat || !isWhole(left) || !isWhole(right)) return undefined;
  return moduloDims(left, right);
}

/** The sign of the dividend, as C has it. */
function remainder(left: Dim, right: Dim): Dim | undefined {
  if (typeof left !== 'number' || typeof right !== 'number' || right === 0) return undefined;
  return isWhole(left) && isWhole(right) ? (left % right) + 0 : undefined;
}

function extreme(
  left: Dim,
  right: Dim,
  onNumbersOnly: (left: number, right: number) => number,
  onDims: (left: Dim, right: Dim) => Dim,
): Dim | undefined {
  if (typeof left === 'number' && typeof right === 'number') return onNumbersOnly(left, right);
  return isWhole(left) && isWhole(right) ? onDims(left, right) : undefined;
}

function isEqual(left: Dim, right: Dim): boolean | undefined {
  if (typeof left === 'number' && typeof right === 'number')
    return areRounded(left, right) ? undefined : left === right;
  if (!isWhole(left) || !isWhole(right)) return false;
  const { low, high } = dimBounds(subtractDims(left, right));
  if (low > 0 || high < 0) return false;
  return low === 0 && high === 0 ? true : undefined;
}

function isLess(left: Dim, right: Dim): boolean | undefined {
  if (typeof left === 'number' && typeof right === 'number') return areRounded(left, right) ? undefined : left < right;
  if (!isWhole(left) || !isWhole(right)) return undefined;
  const { low, high } = dimBounds(subtractDims(left, right));
  if (high < 0) return true;
  return low >= 0 ? false : undefined;
}

function negated(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

function asElement(truth: boolean | undefined): Dim | undefined {
  return truth === undefined ? undefined : truth ? 1 : 0;
}

function isWhole(element: Dim): boolean {
  return typeof element !== 'number' || Number.isSafeInteger(element);
}

/** Whether two integers beyond 2^53 are so near to each other that reading may have made them equal. */
function areRounded(left: number, right: number): boolean {
  return left === right && Number.isInteger(left) && !Number.isSafeInteger(left);
}

/** Symbolic elements are whole already. */
function rounded(round: (element: number) => number): (element: Dim) => Dim {
  return (element) => (typeof element === 'number' ? round(element) : element);
}

function roundHalfEven(element: number): number {
  const near = Math.round(element);
  return Math.abs(element % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

function onNumbers(operation: (element: number) => number): (element: Dim, isFloat: boolean) => Dim | undefined {
  return (element, isFloat) => (typeof element === 'number' && isFloat ? operation(element) : undefined);
}

function converted(x: ConstantTensor | undefined, dtype: DType): ConstantTensor | undefined {
  if (x === undefined || dtype === 'string' || dtype === 'unknown') return undefined;
  const isFloat = isFloatingPoint(dtype);
  return zipElements([x], dtype, ([element = 0]) => {
    if (typeof element !== 'number') return dtype === 'bool' ? (dimBounds(element).low > 0 ? 1 : undefined) : element;
    if (dtype === 'bool') return element === 0 ? 0 : 1;
    if (isFloat) return dtype === 'float32' ? Math.fround(element) : element;
    const whole = Math.trunc(element);
    return holds(dtype, whole) ? whole + 0 : undefined;
  });
}
