/**
 * Order: sort, argsort, topk, kthvalue, unique, bincount. x.topk(5) -> (values, indices), each with a last dim of 5.
 */
import { PyTuple, type Value } from '../../../evaluation/values.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { argsort, bincount, kthValue, sort, topk, unique, type UniqueAttributes } from '../../../operators/sorting.ts';
import type { TensorValue } from '../tensorValue.ts';
import type { TorchCall } from '../torchNatives.ts';
import { makeTensor } from '../torchWorld.ts';
import { alongDim, knownArray, wrapDim, type KnownArray } from './knownArray.ts';
import { both, type TensorOperation } from './operation.ts';
import { returnTuple } from './returnTypes.ts';
import { setElements } from './views.ts';

const VALUES_INDICES = ['values', 'indices'];

/** Places of the elements of a row in ascending or descending order; equal ones keep theirs. */
function orderOf(row: readonly number[], isDescending: boolean): readonly number[] {
  const places = row.map((_, at) => at);
  return places.sort((a, b) => ((row[a] ?? 0) - (row[b] ?? 0)) * (isDescending ? -1 : 1) || a - b);
}

function setOrdered(
  input: TensorValue,
  outputs: readonly (TensorValue | undefined)[],
  dim: number,
  order: (row: readonly number[]) => readonly number[],
): void {
  const source = knownArray(input);
  if (source === undefined || source.shape.length === 0) return;
  const at = wrapDim(dim, source.shape.length);
  const [values, indices] = outputs;
  if (values !== undefined) {
    setElements(values, () => alongDim(source, at, (row) => order(row).map((place) => row[place] ?? 0)).data);
  }
  if (indices !== undefined) setElements(indices, () => alongDim(source, at, order).data);
}

function sorted(call: TorchCall): Value {
  const input = call.tensor('input');
  // The old form `x.sort(dim, descending)` and the newer one with `stable` share this signature.
  const dim = call.int('dim');
  const isDescending = call.boolean('descending');
  const outputs = call.recordMany(sort, { dim }, [input]);
  setOrdered(input, outputs, dim, (row) => orderOf(row, isDescending));
  return returnTuple(call.runtime, 'sort', VALUES_INDICES, outputs);
}

function uniqueValues(call: TorchCall): Value {
  const input = call.tensor('input');
  const inverse = call.boolean('return_inverse');
  const counts = call.boolean('return_counts');
  const known = knownArray(input);
  if (known !== undefined && call.value('dim') === null) return knownUnique(call, input, known, { inverse, counts });
  const outputs: UniqueAttributes['outputs'] = [
    ...(inverse ? ['inverse' as const] : []),
    ...(counts ? ['counts' as const] : []),
  ];
  const dim = call.optionalInt('dim');
  const results = call.recordMany(unique, { outputs, ...(dim !== undefined && { dim }) }, [input]);
  const [only = null] = results;
  return results.length === 1 ? only : new PyTuple(results);
}

function knownUnique(
  call: TorchCall,
  input: TensorValue,
  known: KnownArray,
  wanted: { readonly inverse: boolean; readonly counts: boolean },
): Value {
  const isConsecutive = call.originalOp.endsWith('unique_consecutive');
  const values = isConsecutive
    ? known.data.filter((value, at) => at === 0 || value !== known.data[at - 1])
    : [...new Set(known.data)].sort((a, b) => a - b);
  let run = -1;
  const places = known.data.map((value, at) => {
    if (!isConsecutive) return values.indexOf(value);
    if (at === 0 || value !== known.data[at - 1]) run++;
    return run;
  });
  const results = [makeTensor(call.runtime, tensorType(input.type.dtype, [values.length]), values)];
  if (wanted.inverse) results.push(makeTensor(call.runtime, tensorType('int64', known.shape), places));
  if (wanted.counts) {
    const counts = values.map(() => 0);
    for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
    results.push(makeTensor(call.runtime, tensorType('int64', [counts.length]), counts));
  }
  const [only = null] = results;
  return results.length === 1 ? only : new PyTuple(results);
}

function counted(call: TorchCall): Value {
  const input = call.tensor('input');
  const minLength = call.dim('minlength');
  const known = knownArray(input);
  if (known === undefined || typeof minLength !== 'number') return call.record(bincount, { minLength }, [input]);
  const length = Math.max(minLength, ...known.data.map((value) => value + 1));
  const counts = Array.from({ length }, (_, value) => known.data.filter((one) => one === value).length);
  const type = tensorType('int64', [length]);
  return makeTensor(call.runtime, type, call.value('weights') === null ? counts : undefined);
}

export const sortOperations: readonly TensorOperation[] = [
  both('sort(input, dim=-1, descending=False, stable=False)', sorted),
  both('msort(input)', (call) => call.recordMany(sort, { dim: 0 }, [call.tensor('input')])[0] ?? null),
  both('argsort(input, dim=-1, descending=False, stable=False)', (call) => {
    const input = call.tensor('input');
    const dim = call.int('dim');
    const isDescending = call.boolean('descending');
    const output = call.record(argsort, { dim }, [input]);
    setOrdered(input, [undefined, output], dim, (row) => orderOf(row, isDescending));
    return output;
  }),
  both('topk(input, k, dim=-1, largest=True, sorted=True)', (call) => {
    const input = call.tensor('input');
    const dim = call.int('dim');
    const k = call.dim('k');
    const isLargest = call.boolean('largest');
    const outputs = call.recordMany(topk, { k, dim }, [input]);
    if (typeof k === 'number') setOrdered(input, outputs, dim, (row) => orderOf(row, isLargest).slice(0, k));
    return returnTuple(call.runtime, 'topk', VALUES_INDICES, outputs);
  }),
  both('kthvalue(input, k, dim=-1, keepdim=False)', (call) => {
    const attributes = { k: call.dim('k'), dim: call.int('dim'), keepDim: call.boolean('keepdim') };
    return returnTuple(
      call.runtime,
      'kthvalue',
      VALUES_INDICES,
      call.recordMany(kthValue, attributes, [call.tensor('input')]),
    );
  }),
  both('unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None)', uniqueValues),
  both('unique_consecutive(input, return_inverse=False, return_counts=False, dim=None)', uniqueValues),
  both('bincount(input, weights=None, minlength=0)', counted),
];
