/**
 * Statistics and constructions of few uses: quantile, histogram, renorm, covariance, block diagonal, as-strided.
 * quantile(2x3x4, 0.5, dim 1) -> 2x4; covariance(3x4) -> 3x3, 36 MACs.
 */
import { addDims, multiplyDims, printDim, unknownDim, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, tensorType, type Shape } from '../graph/tensorType.ts';
import { dimAt } from './agreement.ts';
import { dataMovement, misfit, shaped } from './dataMovement.ts';
import { ok, type Operator } from './operator.ts';
import { isBelow } from './windows.ts';

export type QuantileAttributes = {
  /** Absent: all elements. */
  readonly dim?: number | undefined;
  readonly keepDim?: boolean | undefined;
  /** Shape of the quantiles that are asked for; it comes first. */
  readonly quantiles: Shape;
};

/** torch.quantile, nanquantile. Counted as a sort: log2(n) comparisons an element. */
export const quantile: Operator<QuantileAttributes> = dataMovement('quantile', 'reduction', quantileShape, {
  work: ([x], _, { dim }) => {
    const row = dim === undefined ? elementCount(x?.shape) : dimAt(x?.shape ?? [], dim);
    return { macs: 0, elementwiseOps: multiplyDims(elementCount(x?.shape), levels(row)) };
  },
});

/** torch.histc. One comparison an element. */
export const histogram: Operator<{ readonly bins: Dim }> = dataMovement(
  'histogram',
  'reduction',
  (_, { bins }) => (isBelow(bins, 1) ? misfit(`expected at least one bin, got ${printDim(bins)}`) : shaped([bins])),
  { work: ([x]) => ({ macs: 0, elementwiseOps: elementCount(x?.shape) }) },
);

/** torch.renorm: a norm and a factor for each slice. */
export const renorm: Operator<{ readonly dim: number }> = dataMovement(
  'renorm',
  'normalization',
  (shape) => shaped(shape),
  {
    work: ([x]) => ({ macs: 0, elementwiseOps: multiplyDims(elementCount(x?.shape), 3) }),
  },
);

/** torch.cov, corrcoef. Input: variables x observations. The centred matrix times its transpose. */
export const covariance: Operator<Readonly<Record<string, never>>> = dataMovement(
  'covariance',
  'matrix',
  (shape) => {
    if (shape.length > 2) return misfit(`covariance wants at most two dims, got ${printShape(shape)}`);
    return shaped(shape.length < 2 ? [] : [dimAt(shape, 0), dimAt(shape, 0)]);
  },
  {
    work: ([x]) => {
      const shape = x?.shape ?? [];
      const rows = shape.length < 2 ? 1 : dimAt(shape, 0);
      const count = elementCount(x?.shape);
      // The mean and the difference to it, then the division by the number of observations.
      const elementwiseOps = addDims(multiplyDims(count, 2), multiplyDims(rows, rows));
      return { macs: multiplyDims(count, rows), elementwiseOps };
    },
  },
);

/** torch.block_diag. Inputs: matrices (or rows, or scalars). */
export const blockDiagonal: Operator<Readonly<Record<string, never>>> = {
  name: 'blockDiagonal',
  family: 'join',
  isView: false,
  infer: (inputs) => {
    const sides = (at: -2 | -1): Dim => inputs.reduce<Dim>((sum, input) => addDims(sum, input?.shape?.at(at) ?? 1), 0);
    return ok(tensorType(inputs[0]?.dtype ?? 'unknown', [sides(-2), sides(-1)]));
  },
  work: () => ({ macs: 0, elementwiseOps: 0 }),
};

/** torch.as_strided: a view of other sizes over the same memory. */
export const asStrided: Operator<{ readonly shape: Shape }> = dataMovement(
  'asStrided',
  'shape',
  (_, { shape }) => shaped(shape),
  { isView: true, whenUnranked: ({ shape }) => shape },
);

export const statisticsOperators: readonly Operator[] = [
  quantile,
  histogram,
  renorm,
  covariance,
  blockDiagonal,
  asStrided,
];

function quantileShape(shape: Shape, { dim, keepDim, quantiles }: QuantileAttributes): ReturnType<typeof shaped> {
  const at = dim === undefined || dim >= 0 ? dim : dim + shape.length;
  if (at !== undefined && (at < 0 || at >= Math.max(shape.length, 1))) {
    return misfit(`dim ${dim ?? 0} is out of range for ${printShape(shape)}`);
  }
  const rest = shape.flatMap((size, axis) => {
    if (at !== undefined && axis !== at) return [size];
    return keepDim === true ? [1] : [];
  });
  return shaped([...quantiles, ...rest]);
}

function levels(count: Dim): Dim {
  return typeof count === 'number' ? Math.ceil(Math.log2(Math.max(count, 2))) : unknownDim('log2 of a symbolic size');
}
