/**
 * Reductions and cumulative sums: x.sum(1), x.mean((2, 3), keepdim=True), x.max(dim=1).values, x.cumsum(0).
 * Known elements are folded too, in double precision and rounded once to the dtype of the result.
 */
import type { Value } from '../../../evaluation/values.ts';
import type { DType } from '../../../graph/dtype.ts';
import type { Operator } from '../../../operators/operator.ts';
import {
  aminmax,
  argmax,
  argmin,
  cummax,
  cummin,
  cumprod,
  cumsum,
  difference,
  logCumSumExp,
  maxWithIndices,
  median,
  medianWithIndices,
  minWithIndices,
  modeWithIndices,
  reductions,
  standardDeviationMean,
  varianceMean,
  type CumulativeAttributes,
  type ReductionAttributes,
  type ReductionName,
  type WithIndicesAttributes,
} from '../../../operators/reduction.ts';
import { asDType, type TorchCall } from '../torchNatives.ts';
import { TensorValue } from '../tensorValue.ts';
import { alongDim, knownArray, permuted, reshaped, wrapDim, type KnownArray } from './knownArray.ts';
import { recordElementwise } from './operands.ts';
import { both, type TensorOperation } from './operation.ts';
import { returnTuple } from './returnTypes.ts';
import { roundedTo } from './rounding.ts';
import { setElements } from './views.ts';

type Fold = (row: readonly number[]) => number;

const FOLDS: Partial<Record<ReductionName, Fold>> = {
  sum: (row) => row.reduce((sum, value) => sum + value, 0),
  prod: (row) => row.reduce((product, value) => product * value, 1),
  mean: (row) => row.reduce((sum, value) => sum + value, 0) / row.length,
  amax: (row) => Math.max(...row),
  amin: (row) => Math.min(...row),
  any: (row) => Number(row.some((value) => value !== 0)),
  all: (row) => Number(row.every((value) => value !== 0)),
  countNonzero: (row) => row.filter((value) => value !== 0).length,
};

/** Dims from `dim=None`, an int or a sequence; absent: all. */
function dimsOf(call: TorchCall): readonly number[] | undefined {
  return call.value('dim') === null ? undefined : call.intList('dim');
}

function reductionAttributes(call: TorchCall): ReductionAttributes {
  const dims = dimsOf(call);
  const dtype = 'dtype' in call.bound ? asDType(call.runtime, call.value('dtype'), 'dtype') : undefined;
  const keepDim = 'keepdim' in call.bound && call.boolean('keepdim');
  return { ...(dims && { dims }), ...(keepDim && { keepDim }), ...(dtype && { dtype }) };
}

export function reduced(call: TorchCall, name: ReductionName): TensorValue {
  const input = call.tensor('input');
  const attributes = reductionAttributes(call);
  const output = call.record(reductions[name], attributes, [input]);
  const fold = FOLDS[name];
  return setElements(output, () => {
    const source = knownArray(input);
    return source && fold && roundedTo(output.type.dtype, folded(source, attributes.dims, fold).data);
  });
}

/** Reduces the dims to size 1; none named: all of them. */
function folded(array: KnownArray, dims: readonly number[] | undefined, fold: Fold): KnownArray {
  if (dims === undefined || dims.length === 0) return { shape: [], data: [fold(array.data)] };
  const named = dims.map((dim) => wrapDim(dim, array.shape.length));
  const kept = array.shape.map((_, dim) => dim).filter((dim) => !named.includes(dim));
  const order = [...kept, ...named];
  const ordered = orderedBy(array, order);
  const outer = kept.map((dim) => array.shape[dim] ?? 1);
  const flat = reshaped(ordered, [outer.reduce((a, b) => a * b, 1), -1]);
  const size = flat.data.length / Math.max(1, flat.shape[0] ?? 1);
  return alongDim(reshaped(flat, [flat.shape[0] ?? 1, size]), 1, (row) => [fold(row)]);
}

function orderedBy(array: KnownArray, order: readonly number[]): KnownArray {
  return order.every((dim, at) => dim === at) ? array : permuted(array, order);
}

function reduction(name: ReductionName, signature: string, aliases: readonly string[] = []): TensorOperation {
  return both(signature, (call) => reduced(call, name), { aliases });
}

/** `x.max()`, `x.max(dim)`, `torch.max(x, y)`: one name for three operations. */
function extreme(
  name: 'max' | 'min',
  whole: ReductionName,
  elementwise: 'maximum' | 'minimum',
  withIndices: Operator<WithIndicesAttributes>,
): TensorOperation {
  return both(`${name}(input, dim=None, keepdim=False, *, other=None)`, (call) => {
    const dim = call.value('dim');
    const other = dim instanceof TensorValue ? dim : call.value('other');
    if (other instanceof TensorValue) return recordElementwise(call, elementwise, [call.tensor('input'), other]);
    if (dim === null) return reduced(call, whole);
    return valuesAndIndices(call, name, withIndices, (row) => {
      const best = name === 'max' ? Math.max(...row) : Math.min(...row);
      return row.indexOf(best);
    });
  });
}

/** Values and places along one dim; `choose` tells the place in a row of known elements. */
function valuesAndIndices(
  call: TorchCall,
  name: string,
  operator: Operator<WithIndicesAttributes>,
  choose?: (row: readonly number[]) => number,
): Value {
  const input = call.tensor('input');
  const dim = call.int('dim');
  const keepDim = call.boolean('keepdim');
  const outputs = call.recordMany(operator, keepDim ? { dim, keepDim } : { dim }, [input]);
  const source = knownArray(input);
  const [values, indices] = outputs;
  if (source !== undefined && choose !== undefined && values !== undefined && indices !== undefined) {
    const at = wrapDim(dim, source.shape.length);
    const rows = source.shape.length === 0 ? reshaped(source, [1]) : source;
    setElements(values, () => alongDim(rows, at, (row) => [row[choose(row)] ?? 0]).data);
    setElements(indices, () => alongDim(rows, at, (row) => [choose(row)]).data);
  }
  return returnTuple(call.runtime, name, ['values', 'indices'], outputs);
}

function argument(name: 'argmax' | 'argmin'): TensorOperation {
  return both(`${name}(input, dim=None, keepdim=False)`, (call) => {
    const input = call.tensor('input');
    const dim = call.optionalInt('dim');
    const keepDim = call.boolean('keepdim');
    const attributes = { ...(dim !== undefined && { dim }), ...(keepDim && { keepDim }) };
    const output = call.record(name === 'argmax' ? argmax : argmin, attributes, [input]);
    const place = (row: readonly number[]): number =>
      row.indexOf(name === 'argmax' ? Math.max(...row) : Math.min(...row));
    return setElements(output, () => {
      const source = knownArray(input);
      return source && folded(source, dim === undefined ? undefined : [dim], place).data;
    });
  });
}

function cumulative(
  name: string,
  operator: Operator<CumulativeAttributes>,
  step?: (total: number, value: number) => number,
): TensorOperation {
  return both(
    `${name}(input, dim, *, dtype=None)`,
    (call) => {
      const input = call.tensor('input');
      const dim = call.int('dim');
      const dtype: DType | undefined = asDType(call.runtime, call.value('dtype'), 'dtype');
      const output = call.record(operator, { dim, ...(dtype && { dtype }) }, [input]);
      return setElements(output, () => {
        const source = knownArray(input);
        if (source === undefined || step === undefined) return undefined;
        const sums = alongDim(source, wrapDim(dim, source.shape.length), (row) => runningTotals(row, step));
        return roundedTo(output.type.dtype, sums.data);
      });
    },
    { inPlace: true },
  );
}

function runningTotals(row: readonly number[], step: (total: number, value: number) => number): readonly number[] {
  const totals: number[] = [];
  for (const value of row) totals.push(totals.length === 0 ? value : step(totals.at(-1) ?? 0, value));
  return totals;
}

/** `differences([1, 4, 9], 1)` -> [3, 5]. */
function differences(row: readonly number[], n: number): readonly number[] {
  if (n <= 0 || row.length === 0) return row;
  return differences(
    row.slice(1).map((value, index) => value - (row[index] ?? 0)),
    n - 1,
  );
}

function cumulativeExtreme(name: 'cummax' | 'cummin'): TensorOperation {
  return both(`${name}(input, dim)`, (call) => {
    const operator = name === 'cummax' ? cummax : cummin;
    const outputs = call.recordMany(operator, { dim: call.int('dim') }, [call.tensor('input')]);
    return returnTuple(call.runtime, name, ['values', 'indices'], outputs);
  });
}

/** `x.std(dim, unbiased, keepdim)` and the newer `x.std(dim, correction=1, keepdim=False)`. */
function deviation(name: string, reductionName: 'variance' | 'standardDeviation'): TensorOperation {
  return both(`${name}(input, dim=None, unbiased=True, keepdim=False, *, correction=None)`, (call) => {
    // `x.std(False)` is `unbiased=False` over all dims.
    if (typeof call.value('dim') !== 'boolean') return reduced(call, reductionName);
    return call.record(reductions[reductionName], {}, [call.tensor('input')]);
  });
}

function withMean(name: 'var_mean' | 'std_mean'): TensorOperation {
  return both(`${name}(input, dim=None, unbiased=True, keepdim=False, *, correction=None)`, (call) => {
    const operator = name === 'var_mean' ? varianceMean : standardDeviationMean;
    const outputs = call.recordMany(operator, reductionAttributes(call), [call.tensor('input')]);
    return returnTuple(call.runtime, name, [name.slice(0, 3), 'mean'], outputs);
  });
}

export const reductionOperations: readonly TensorOperation[] = [
  reduction('sum', 'sum(input, dim=None, keepdim=False, *, dtype=None)'),
  reduction('mean', 'mean(input, dim=None, keepdim=False, *, dtype=None)'),
  reduction('prod', 'prod(input, dim=None, keepdim=False, *, dtype=None)'),
  reduction('nansum', 'nansum(input, dim=None, keepdim=False, *, dtype=None)'),
  reduction('nanmean', 'nanmean(input, dim=None, keepdim=False, *, dtype=None)'),
  reduction('amax', 'amax(input, dim=None, keepdim=False)'),
  reduction('amin', 'amin(input, dim=None, keepdim=False)'),
  reduction('any', 'any(input, dim=None, keepdim=False)'),
  reduction('all', 'all(input, dim=None, keepdim=False)'),
  both('logsumexp(input, dim, keepdim=False)', (call) => {
    if (dimsOf(call)?.length === 0) call.runtime.raise('RuntimeError', 'logsumexp needs the dims to reduce');
    return reduced(call, 'logSumExp');
  }),
  reduction('countNonzero', 'count_nonzero(input, dim=None)'),
  both("norm(input, p='fro', dim=None, keepdim=False, dtype=None)", (call) => reduced(call, 'norm')),
  deviation('std', 'standardDeviation'),
  deviation('var', 'variance'),
  withMean('var_mean'),
  withMean('std_mean'),
  extreme('max', 'amax', 'maximum', maxWithIndices),
  extreme('min', 'amin', 'minimum', minWithIndices),
  both('aminmax(input, *, dim=None, keepdim=False)', (call) => {
    const outputs = call.recordMany(aminmax, reductionAttributes(call), [call.tensor('input')]);
    return returnTuple(call.runtime, 'aminmax', ['min', 'max'], outputs);
  }),
  argument('argmax'),
  argument('argmin'),
  both('median(input, dim=None, keepdim=False)', (call) =>
    call.value('dim') === null
      ? call.record(median, {}, [call.tensor('input')])
      : valuesAndIndices(call, 'median', medianWithIndices),
  ),
  both('nanmedian(input, dim=None, keepdim=False)', (call) =>
    call.value('dim') === null
      ? call.record(median, {}, [call.tensor('input')])
      : valuesAndIndices(call, 'nanmedian', medianWithIndices),
  ),
  both('mode(input, dim=-1, keepdim=False)', (call) => valuesAndIndices(call, 'mode', modeWithIndices)),
  cumulative('cumsum', cumsum, (total, value) => total + value),
  cumulative('cumprod', cumprod, (total, value) => total * value),
  cumulative('logcumsumexp', logCumSumExp),
  cumulativeExtreme('cummax'),
  cumulativeExtreme('cummin'),
  both('diff(input, n=1, dim=-1)', (call) => {
    const input = call.tensor('input');
    const [n, dim] = [call.int('n'), call.int('dim')];
    const output = call.record(difference, { n, dim }, [input]);
    return setElements(output, () => {
      const source = knownArray(input);
      if (source === undefined) return undefined;
      return alongDim(source, wrapDim(dim, source.shape.length), (row) => differences(row, n)).data;
    });
  }),
];
