/**
 * Reductions over dims, the places of extremes, and running sums along a dim.
 * mean(1x512x7x7, dims [2, 3]) -> 1x512; maxWithIndices(4x5, dim 1) -> 4 float32, 4 int64.
 * Each arithmetic step counts one: a sum is one an input element, a mean one more an output element.
 */
import { addDims, maximumDim, multiplyDims, subtractDims, type Dim } from '../graph/dim.ts';
import { isComplex, isFloatingPoint, type DType } from '../graph/dtype.ts';
import { elementCount, printShape, printType, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import {
  dataMovement,
  misfit,
  noAxis,
  replaceDim,
  resolveAxes,
  resolveAxis,
  shaped,
  type Inputs,
} from './dataMovement.ts';
import { mismatch, ok, type InferResult, type NoAttributes, type Operator, type OperatorWork } from './operator.ts';
import { toFloat, toReal } from './promotion.ts';
import { isBelow } from './windows.ts';

export type ReductionAttributes = {
  /** Absent: all dims. Empty list: all dims as in PyTorch; ONNX's noop_with_empty_axes is an identity of the front end. */
  readonly dims?: readonly number[] | undefined;
  readonly keepDim?: boolean | undefined;
  /** `sum(dtype=...)`. */
  readonly dtype?: DType | undefined;
  /** ONNX: the result keeps the input's type (PyTorch sums integers as int64). */
  readonly keepsType?: boolean | undefined;
};

/**
 * The result's type: `sum` widens integers to int64, `fraction` must be a float, `float` makes integers floats,
 * `norm` must be a float and gives the real type.
 */
type TypeRule = 'same' | 'sum' | 'fraction' | 'float' | 'norm' | 'truth' | 'count';

/** Operations an input element, and an output element; whether a dim of size 0 cannot be reduced. */
type Row = readonly [type: TypeRule, perInput: number, perOutput: number, needsElements?: true];

const REDUCTIONS = {
  sum: ['sum', 1, 0],
  mean: ['fraction', 1, 1],
  prod: ['sum', 1, 0],
  amax: ['same', 1, 0, true],
  amin: ['same', 1, 0, true],
  /** Square and add; root. */
  norm: ['norm', 2, 1],
  /** Mean, then subtract, square and add; two divisions. */
  variance: ['norm', 4, 2],
  standardDeviation: ['norm', 4, 3],
  any: ['truth', 1, 0],
  all: ['truth', 1, 0],
  /** Maximum, subtract, exp and add; log and add. */
  logSumExp: ['float', 4, 2],
  logSum: ['float', 1, 1],
  sumOfSquares: ['same', 2, 0],
  absoluteSum: ['same', 2, 0],
  nansum: ['sum', 2, 0],
  nanmean: ['fraction', 2, 1],
  countNonzero: ['count', 2, 0],
} as const satisfies Readonly<Record<string, Row>>;

export type ReductionName = keyof typeof REDUCTIONS;

/** By name: `reductions.mean`. `x.max()` without a dim is `amax`; `norm` is any vector norm; `absoluteSum` ONNX ReduceL1. */
export const reductions = Object.fromEntries(
  Object.entries<Row>(REDUCTIONS).map(([name, row]) => [name, reductionOperator(name, row, ['value'])]),
) as Readonly<Record<ReductionName, Operator<ReductionAttributes>>>; // Made from the table of its keys.

/** Two outputs: variance and mean. `torch.var_mean`. */
export const varianceMean = reductionOperator('varianceMean', ['norm', 4, 3], ['value', 'mean']);
/** Two outputs: deviation and mean. `torch.std_mean`. */
export const standardDeviationMean = reductionOperator('standardDeviationMean', ['norm', 4, 4], ['value', 'mean']);
/** Two outputs, smallest and largest: `torch.aminmax`. */
export const aminmax = reductionOperator('aminmax', ['same', 2, 0, true], ['value', 'value']);

/** Absent dim: the index into the flat input. */
export type ArgumentAttributes = { readonly dim?: number | undefined; readonly keepDim?: boolean | undefined };
export const argmax = argumentOperator('argmax');
export const argmin = argumentOperator('argmin');

export type WithIndicesAttributes = { readonly dim: number; readonly keepDim?: boolean | undefined };
/** `x.max(dim)` and its kin: values and int64 indices. */
export const maxWithIndices = withIndices('maxWithIndices');
export const minWithIndices = withIndices('minWithIndices');
export const medianWithIndices = withIndices('medianWithIndices');
export const modeWithIndices = withIndices('modeWithIndices');

/** `x.median()` of all elements. */
export const median: Operator<NoAttributes> = {
  name: 'median',
  family: 'reduction',
  isView: false,
  infer: ([x]) => ok(tensorType(x?.dtype ?? 'unknown', [])),
  work: ([x]) => ({ macs: 0, elementwiseOps: elementCount(x?.shape) }),
};

export type CumulativeAttributes = {
  readonly dim: number;
  readonly dtype?: DType | undefined;
  /** ONNX: integers stay as they are (PyTorch sums them as int64). */
  readonly keepsType?: boolean | undefined;
};
export const cumsum = cumulative('cumsum', 1, 'widens');
export const cumprod = cumulative('cumprod', 1, 'widens');
/** Maximum, subtract, exp, add and log. */
export const logCumSumExp = cumulative('logCumSumExp', 5, 'stays');
/** Values and indices. */
export const cummax = cumulative('cummax', 1, 'hasIndices');
export const cummin = cumulative('cummin', 1, 'hasIndices');

export type DifferenceAttributes = { readonly dim: number; readonly n: number };
/** `torch.diff`: shorter by `n`. */
export const difference = dataMovement<DifferenceAttributes>(
  'difference',
  'reduction',
  (shape, { dim, n }) => {
    if (n === 0 && shape.length > 0) return shaped(shape);
    const axis = shape.length === 0 ? undefined : resolveAxis(dim, shape.length);
    if (axis === undefined) return misfit(noAxis(dim, shape));
    if (isBelow(n, 0)) return misfit(`cannot take ${n} differences of ${printShape(shape)}`);
    return shaped(replaceDim(shape, axis, [maximumDim(subtractDims(shape[axis] ?? 0, n), 0)]));
  },
  { work: (_, outputs, { n }) => ({ macs: 0, elementwiseOps: multiplyDims(elementCount(outputs[0]?.shape), n) }) },
);

export const reductionOperators: readonly Operator[] = [
  ...Object.values(reductions),
  varianceMean,
  standardDeviationMean,
  aminmax,
  argmax,
  argmin,
  maxWithIndices,
  minWithIndices,
  medianWithIndices,
  modeWithIndices,
  median,
  cumsum,
  cumprod,
  logCumSumExp,
  cummax,
  cummin,
  difference,
];

function reductionOperator(
  name: string,
  [rule, perInput, perOutput, needsElements]: Row,
  outputs: readonly ('value' | 'mean')[],
): Operator<ReductionAttributes> {
  return {
    name,
    family: 'reduction',
    isView: false,
    infer([x], attributes) {
      const dtype = reducedType(rule, x?.dtype ?? 'unknown', attributes);
      if (dtype === undefined) {
        return mismatch(`${name} needs floating point or complex numbers, got ${x === undefined ? '?' : printType(x)}`);
      }
      const shape = reducedShape(x?.shape, attributes, needsElements === true ? name : undefined);
      if (typeof shape === 'string') return mismatch(shape, ...outputs.map(() => tensorType(dtype, undefined)));
      // The mean of complex numbers is complex, where their variance is real.
      return ok(...outputs.map((kind) => tensorType(kind === 'mean' ? (x?.dtype ?? 'unknown') : dtype, shape)));
    },
    work: ([x], results) => reductionWork(x, results, perInput, perOutput),
  };
}

/** The shape that is left; undefined where it is not known; else what is wrong. */
export function reducedShape(
  shape: Shape | undefined,
  { dims, keepDim }: Pick<ReductionAttributes, 'dims' | 'keepDim'>,
  needsElements: string | undefined,
): Shape | string | undefined {
  const reducesAll = dims === undefined || dims.length === 0;
  if (shape === undefined) return reducesAll && keepDim !== true ? [] : undefined;
  const axes = reducesAll ? shape.map((_, axis) => axis) : resolveAxes(dims, shape);
  if (typeof axes === 'string') return axes;
  const empty = axes.find((axis) => shape[axis] === 0);
  if (needsElements !== undefined && empty !== undefined) {
    return `${needsElements} over axis ${empty} of ${printShape(shape)}, which is empty`;
  }
  const reduced = new Set(axes);
  if (keepDim === true) return shape.map((dim, axis) => (reduced.has(axis) ? 1 : dim));
  return shape.filter((_, axis) => !reduced.has(axis));
}

/** Undefined where PyTorch takes no such type. */
function reducedType(rule: TypeRule, input: DType, { dtype, keepsType }: ReductionAttributes): DType | undefined {
  if (dtype !== undefined) return dtype;
  if (rule === 'truth') return input === 'uint8' ? 'uint8' : 'bool';
  if (rule === 'count') return 'int64';
  if (keepsType === true || input === 'unknown') return input;
  const isFraction = isFloatingPoint(input) || isComplex(input);
  switch (rule) {
    case 'same':
      return input;
    case 'sum':
      return isFraction ? input : 'int64';
    case 'float':
      return toFloat(input);
    case 'fraction':
      return isFraction ? input : undefined;
    case 'norm':
      return isFraction ? toReal(input) : undefined;
  }
}

function argumentOperator(name: string): Operator<ArgumentAttributes> {
  return {
    name,
    family: 'reduction',
    isView: false,
    infer([x], { dim, keepDim }) {
      const dims = dim === undefined ? undefined : [dim];
      const shape = reducedShape(x?.shape, { dims, keepDim }, name);
      return typeof shape === 'string' ? mismatch(shape) : ok(tensorType('int64', shape));
    },
    work: ([x], results) => reductionWork(x, results, 1, 0),
  };
}

function withIndices(name: string): Operator<WithIndicesAttributes> {
  return {
    name,
    family: 'reduction',
    isView: false,
    infer: ([x], { dim, keepDim }) => inferWithIndices(name, x, dim, keepDim),
    work: ([x], results) => reductionWork(x, results, 1, 0),
  };
}

/** Values and indices along one reduced dim. */
export function inferWithIndices(
  name: string,
  x: TensorType | undefined,
  dim: number,
  keepDim: boolean | undefined,
): InferResult {
  const dtype = x?.dtype ?? 'unknown';
  const isMissing = x?.shape !== undefined && resolveAxis(dim, x.shape.length) === undefined;
  const shape = isMissing ? noAxis(dim, x.shape) : reducedShape(x?.shape, { dims: [dim], keepDim }, name);
  if (typeof shape === 'string') return mismatch(shape, tensorType(dtype, undefined), tensorType('int64', undefined));
  return ok(tensorType(dtype, shape), tensorType('int64', shape));
}

function reductionWork(
  x: Inputs[number],
  results: readonly TensorType[],
  perInput: number,
  perOutput: number,
): OperatorWork {
  const count = (shape: Shape | undefined, factor: number): Dim => multiplyDims(elementCount(shape), factor);
  return { macs: 0, elementwiseOps: addDims(count(x?.shape, perInput), count(results[0]?.shape, perOutput)) };
}

function cumulative(
  name: string,
  opsPerElement: number,
  kind: 'widens' | 'stays' | 'hasIndices',
): Operator<CumulativeAttributes> {
  return {
    name,
    family: 'reduction',
    isView: false,
    infer([x], { dim, dtype, keepsType }) {
      const input = x?.dtype ?? 'unknown';
      const isWidened = kind === 'widens' && keepsType !== true && input !== 'unknown';
      const natural = isWidened && !isFloatingPoint(input) && !isComplex(input) ? 'int64' : input;
      const output = tensorType(dtype ?? natural, x?.shape);
      const outputs = kind === 'hasIndices' ? [output, tensorType('int64', x?.shape)] : [output];
      const isMissing = x?.shape !== undefined && resolveAxis(dim, x.shape.length) === undefined;
      return isMissing ? mismatch(noAxis(dim, x.shape), ...outputs) : ok(...outputs);
    },
    work: ([x]) => ({ macs: 0, elementwiseOps: multiplyDims(elementCount(x?.shape), opsPerElement) }),
  };
}
