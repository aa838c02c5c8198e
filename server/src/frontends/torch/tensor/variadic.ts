/**
 * Methods that take their ints one by one or as one sequence: x.view(2, -1), x.view((2, -1)), x.permute(*dims).
 */
import { PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import type { Shape } from '../../../graph/tensorType.ts';
import { asDims, asIntList, sequenceItems, UnknownArgument, type TorchCall } from '../torchNatives.ts';
import { MAX_RANK } from '../record.ts';

/** The values of `*name`, or of the one sequence given in their place, or of the keyword `keyword`. */
export function variadicValues(call: TorchCall, name: string, keyword?: string): readonly Value[] {
  const given = call.value(name);
  const items = given instanceof PyTuple ? given.items : [given];
  const named = keyword === undefined ? null : call.value(keyword);
  if (items.length === 0 && named !== null) return sequenceOrOne(call, named, keyword ?? name);
  const [only] = items;
  if (items.length === 1 && only !== undefined) return sequenceOrOne(call, only, name);
  return items;
}

/** Sizes; an unknown one keeps the rank known. A lone unknown may be a whole shape, and throws. */
export function variadicDims(call: TorchCall, name: string, keyword?: string): Shape {
  const values = variadicValues(call, name, keyword);
  const [only] = values;
  if (values.length === 1 && only instanceof PyUnknown) throw new UnknownArgument(only.reason);
  if (values.length > MAX_RANK) throw new UnknownArgument(`a tensor of more than ${MAX_RANK} dims`);
  return asDims(call.runtime, new PyTuple(values), name);
}

/** Numbers of dims. */
export function variadicInts(call: TorchCall, name: string, keyword?: string): readonly number[] {
  return asIntList(call.runtime, new PyTuple(variadicValues(call, name, keyword)), name);
}

function sequenceOrOne(call: TorchCall, value: Value, name: string): readonly Value[] {
  if (typeof value !== 'object' || value === null) return [value];
  return value.kind === 'tuple' || value.kind === 'list' || value.kind === 'range'
    ? sequenceItems(call.runtime, value, name)
    : [value];
}
