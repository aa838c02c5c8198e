/**
 * The module `statistics`, as far as code about models uses it: mean, fmean, median, mode; others are unknown.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyFloat, PyUnknown, type Value } from '../values.ts';
import { floatArgument, itemsOf } from '../builtins/arguments.ts';
import { members, type Body } from '../builtins/define.ts';
import { asInteger } from '../builtins/numberValues.ts';
import { sortValues } from '../builtins/sorting.ts';
import { exactTotal } from './floatMath.ts';

export const statisticsModule: NativeModuleDefinition = {
  name: 'statistics',
  members: () =>
    members('statistics', {
      'mean(data)': overItems((runtime, items) => mean(runtime, items, false)),
      'fmean(data)': overItems((runtime, items) => mean(runtime, items, true)),
      'median(data)': overItems((runtime, items) => {
        const sorted = sortValues(runtime, items, null, false);
        const middle = sorted.length >> 1;
        const [low = null, high = null] = [sorted[middle - 1], sorted[middle]];
        return sorted.length % 2 === 1 ? high : runtime.binary('/', runtime.binary('+', low, high), 2);
      }),
      'median_low(data)': overItems(
        (runtime, items) => sortValues(runtime, items, null, false)[(items.length - 1) >> 1] ?? null,
      ),
      'median_high(data)': overItems(
        (runtime, items) => sortValues(runtime, items, null, false)[items.length >> 1] ?? null,
      ),
    }),
};

function overItems(compute: (runtime: Runtime, items: readonly Value[]) => Value): Body {
  return (runtime, data) => {
    const items = itemsOf(runtime, data);
    if (items instanceof PyUnknown) return items;
    if (items.length === 0) return runtime.unknown('the statistics of no data');
    return items.find((item) => item instanceof PyUnknown) ?? compute(runtime, items);
  };
}

/** Exact: the sum is rounded once; integers whose mean is one stay integers for `mean`. */
function mean(runtime: Runtime, items: readonly Value[], isFloat: boolean): Value {
  const values: number[] = [];
  for (const item of items) {
    const value = floatArgument(runtime, item);
    if (value instanceof PyUnknown) return value;
    values.push(value);
  }
  const average = exactTotal(values) / values.length;
  const isInteger = !isFloat && items.every((item) => asInteger(item) !== undefined) && Number.isSafeInteger(average);
  return isInteger ? average : new PyFloat(average);
}
