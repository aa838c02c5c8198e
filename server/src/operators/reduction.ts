/**
 * Reductions over dims, arguments of extremes, and cumulative sums.
 * mean(1x512x7x7, dims [2, 3]) -> 1x512; maxWithIndices(4x5, dim 1) -> 4 float32, 4 int64.
 */
import type { DType } from '../graph/dtype.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

export type ReductionAttributes = {
  /** Absent: all dims. Empty list: all dims as in PyTorch; ONNX's noop_with_empty_axes is an identity of the front end. */
  readonly dims?: readonly number[] | undefined;
  readonly keepDim?: boolean | undefined;
  /** `sum(dtype=...)`. */
  readonly dtype?: DType | undefined;
  /** ONNX: the result keeps the input's type (PyTorch sums integers as int64). */
  readonly keepsType?: boolean | undefined;
};

const NAMES = [
  'sum',
  'mean',
  'prod',
  'amax',
  'amin',
  'norm',
  'variance',
  'standardDeviation',
  'any',
  'all',
  'logSumExp',
  'logSum',
  'sumOfSquares',
  'absoluteSum',
  'nansum',
  'nanmean',
  'countNonzero',
] as const;

export type ReductionName = (typeof NAMES)[number];

/** By name: `reductions.mean`. `x.max()` without a dim is `amax`; `norm` is any vector norm; `absoluteSum` ONNX ReduceL1. */
export const reductions = Object.fromEntries(
  NAMES.map((name) => [name, pending<ReductionAttributes>(name, 'reduction')]),
) as Readonly<Record<ReductionName, Operator<ReductionAttributes>>>; // Made from the list of its keys.

/** Two outputs: variance (or deviation) and mean. `torch.var_mean`, `std_mean`. */
export const varianceMean = pending<ReductionAttributes>('varianceMean', 'reduction');
export const standardDeviationMean = pending<ReductionAttributes>('standardDeviationMean', 'reduction');
/** Two outputs, smallest and largest: `torch.aminmax`. */
export const aminmax = pending<ReductionAttributes>('aminmax', 'reduction');

/** Absent dim: the index into the flat input. */
export type ArgumentAttributes = { readonly dim?: number | undefined; readonly keepDim?: boolean | undefined };
export const argmax = pending<ArgumentAttributes>('argmax', 'reduction');
export const argmin = pending<ArgumentAttributes>('argmin', 'reduction');

export type WithIndicesAttributes = { readonly dim: number; readonly keepDim?: boolean | undefined };
/** `x.max(dim)` and its kin: values and int64 indices. */
export const maxWithIndices = pending<WithIndicesAttributes>('maxWithIndices', 'reduction');
export const minWithIndices = pending<WithIndicesAttributes>('minWithIndices', 'reduction');
export const medianWithIndices = pending<WithIndicesAttributes>('medianWithIndices', 'reduction');
export const modeWithIndices = pending<WithIndicesAttributes>('modeWithIndices', 'reduction');
export const median = pending('median', 'reduction');

export type CumulativeAttributes = {
  readonly dim: number;
  readonly dtype?: DType | undefined;
  readonly keepsType?: boolean | undefined;
};
export const cumsum = pending<CumulativeAttributes>('cumsum', 'reduction');
export const cumprod = pending<CumulativeAttributes>('cumprod', 'reduction');
export const logCumSumExp = pending<CumulativeAttributes>('logCumSumExp', 'reduction');
/** Values and indices. */
export const cummax = pending<CumulativeAttributes>('cummax', 'reduction');
export const cummin = pending<CumulativeAttributes>('cummin', 'reduction');
/** `torch.diff`: shorter by `n`. */
export const difference = pending<{ readonly dim: number; readonly n: number }>('difference', 'reduction');

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
