/**
 * Joining and splitting: cat, stack and their kin, split, chunk, unbind, meshgrid, broadcast_tensors.
 * torch.cat([2x3, 2x5], dim=1) -> 2x8; x.split([1, 2], 1) -> a tuple of two.
 */
import { PyTuple, type Value } from '../../../evaluation/values.ts';
import type { Dim } from '../../../graph/dim.ts';
import type { Attributes } from '../../../graph/modelGraph.ts';
import { broadcastShapes } from '../../../operators/broadcast.ts';
import { meshgrid } from '../../../operators/creation.ts';
import { expand } from '../../../operators/expand.ts';
import { chunk, concat, split, stack, tensorSplit, unbind } from '../../../operators/join.ts';
import type { Operator } from '../../../operators/operator.ts';
import { reshape, unsqueeze } from '../../../operators/reshape.ts';
import { TensorValue } from '../tensorValue.ts';
import { asDims, sequenceItems, UnknownArgument, type TorchCall } from '../torchNatives.ts';
import { sizeValue } from '../torchWorld.ts';
import { broadcast, concatenated, knownArrays, numericShape, reshaped, stepped, wrapDim } from './knownArray.ts';
import { both, functionOnly, type TensorOperation } from './operation.ts';
import { roundedTo } from './rounding.ts';
import { inOrder, recordView, setElements, showElements } from './views.ts';

/** Joins tensors; PyTorch still takes empty rows among tensors of other ranks, and skips them. */
export function concatTensors(call: TorchCall, tensors: readonly TensorValue[], dim: number): TensorValue {
  const ranks = new Set(tensors.map((tensor) => tensor.type.shape?.length));
  const joined = ranks.size > 1 ? tensors.filter((tensor) => !isEmptyRow(tensor)) : tensors;
  const output = call.record(concat, { dim }, joined);
  return setElements(output, () => {
    const arrays = knownArrays(joined);
    if (arrays === undefined) return undefined;
    return roundedTo(output.type.dtype, concatenated(arrays, wrapDim(dim, arrays[0]?.shape.length ?? 1)).data);
  });
}

function isEmptyRow({ type }: TensorValue): boolean {
  return type.shape?.length === 1 && type.shape[0] === 0;
}

function stackTensors(call: TorchCall, tensors: readonly TensorValue[], dim: number): TensorValue {
  const output = call.record(stack, { dim }, tensors);
  return setElements(output, () => {
    const arrays = knownArrays(tensors);
    const [first] = arrays ?? [];
    if (arrays === undefined || first === undefined) return undefined;
    const at = dim < 0 ? dim + first.shape.length + 1 : dim;
    const apart = arrays.map((array) => reshaped(array, array.shape.toSpliced(at, 0, 1)));
    return roundedTo(output.type.dtype, concatenated(apart, at).data);
  });
}

/** A list of tensors, or a tensor that stands for its parts along dim 0. */
function tensorList(call: TorchCall, name: string): readonly TensorValue[] {
  const value = call.value(name);
  return value instanceof TensorValue ? unbound(call, value, 0) : call.tensors(name);
}

/** Pieces along a dim that follow one another. */
function pieces<A extends Attributes>(
  call: TorchCall,
  operator: Operator<A>,
  attributes: A,
  input: TensorValue,
  dim: number,
): TensorValue[] {
  const outputs = call.recordMany(operator, attributes, [input]);
  let start = 0;
  for (const output of outputs) {
    const from = start;
    showElements(input, output, (array, shape) => {
      const at = wrapDim(dim, array.shape.length);
      return stepped(array, [{ dim: at, start: from, size: shape[at] ?? 0, step: 1 }]);
    });
    const shape = numericShape(output.type.shape);
    start += shape?.[wrapDim(dim, shape.length)] ?? 0;
  }
  return outputs;
}

/** The parts along a dim, without it. */
export function unbound(call: TorchCall, input: TensorValue, dim: number): readonly TensorValue[] {
  const outputs = call.recordMany(unbind, { dim }, [input]);
  outputs.forEach((output, start) =>
    showElements(input, output, (array, shape) => {
      const at = wrapDim(dim, array.shape.length);
      return reshaped(stepped(array, [{ dim: at, start, size: 1, step: 1 }]), shape);
    }),
  );
  const size = input.type.shape?.[wrapDim(dim, input.type.shape.length)];
  if (typeof size === 'number' || outputs.length > 1) return outputs;
  throw new UnknownArgument('the number of parts depends on a size that is not known');
}

function splitTensor(call: TorchCall): Value {
  const input = call.tensor('input');
  const dim = call.int('dim');
  const given = call.value('split_size_or_sections');
  const isList = typeof given === 'object' && (given?.kind === 'tuple' || given?.kind === 'list');
  const sizes: Dim | readonly Dim[] = isList
    ? asDims(call.runtime, given, 'split_size_or_sections')
    : call.dim('split_size_or_sections');
  return piecesOf(call, pieces(call, split, { dim, sizes }, input, dim), input, dim, isList);
}

/** Where the size of the dim is not a number, how many pieces there are is not known, unless a list says it. */
function piecesOf(
  call: TorchCall,
  outputs: readonly TensorValue[],
  input: TensorValue,
  dim: number,
  isCounted: boolean,
): Value {
  const size = input.type.shape?.at(dim);
  if (!isCounted && typeof size !== 'number' && outputs.length <= 1) {
    return call.runtime.unknown('the number of pieces depends on a size that is not known');
  }
  return new PyTuple(outputs);
}

function tensorSplits(call: TorchCall): Value {
  const input = call.tensor('input');
  // PyTorch names the argument by what it is, too.
  const name = ['indices', 'sections'].find((keyword) => call.value(keyword) !== null) ?? 'indices_or_sections';
  return splitAt(call, input, call.int('dim'), name);
}

function splitAt(call: TorchCall, input: TensorValue, dim: number, name: string): Value {
  const given = call.value(name);
  const isList = typeof given === 'object' && (given?.kind === 'tuple' || given?.kind === 'list');
  const attributes = isList ? { dim, indices: call.dims(name) } : { dim, sections: call.int(name) };
  return new PyTuple(pieces(call, tensorSplit, attributes, input, dim));
}

/** hstack and column_stack join along dim 1, but rows along dim 0. */
function stackedAlong(
  name: string,
  dim: number,
  minimumRank: number,
  aliases: readonly string[] = [],
): TensorOperation {
  return functionOnly(
    `${name}(tensors)`,
    (call) => {
      const tensors = tensorList(call, 'tensors').map((tensor) => raised(call, tensor, minimumRank, name));
      const isRow = tensors.every((tensor) => tensor.type.shape?.length === 1);
      return concatTensors(call, tensors, isRow ? 0 : dim);
    },
    { aliases },
  );
}

/** vstack makes a row of a vector, column_stack a column, dstack a new last dim. */
function raised(call: TorchCall, tensor: TensorValue, rank: number, name: string): TensorValue {
  const own = tensor.type.shape?.length ?? rank;
  if (own >= rank) return tensor;
  // A number becomes a row first.
  const added = Array.from({ length: rank - own }, (_, at) => at);
  const isColumn = name === 'column_stack' && own === 1;
  const dims = isColumn ? [1] : name !== 'dstack' ? added : own === 2 ? [2] : own === 1 ? [0, 2] : added;
  return recordView(call, unsqueeze, { dims }, tensor, inOrder);
}

function grids(call: TorchCall): Value {
  const [only] = sequenceItems(call.runtime, call.value('tensors'), 'tensors');
  const isList = !(only instanceof TensorValue) && call.value('tensors') instanceof PyTuple && only !== undefined;
  const rows = isList
    ? sequenceItems(call.runtime, only, 'tensors').filter((item) => item instanceof TensorValue)
    : call.tensors('tensors');
  const indexing = call.value('indexing') === 'xy' ? 'xy' : 'ij';
  const outputs = call.recordMany(meshgrid, { indexing }, rows);
  outputs.forEach((output, at) => {
    const row = rows[at];
    if (row !== undefined)
      showElements(row, output, (array, shape) => gridOf(array.data, shape, gridDim(at, indexing)));
  });
  return new PyTuple(outputs);
}

/** The dim along which a row runs: "xy" swaps the first two. */
function gridDim(index: number, indexing: 'ij' | 'xy'): number {
  return indexing === 'xy' && index < 2 ? 1 - index : index;
}

function gridOf(row: readonly number[], shape: readonly number[], dim: number): ReturnType<typeof broadcast> {
  return broadcast({ shape: shape.map((_, at) => (at === dim ? row.length : 1)), data: row }, shape);
}

function broadcastTensors(call: TorchCall): Value {
  const tensors = call.tensors('tensors');
  const common = broadcastShapes(tensors.map((tensor) => tensor.type.shape));
  if (common.kind === 'mismatch') return call.runtime.raise('RuntimeError', common.message);
  const { shape } = common;
  if (shape === undefined) throw new UnknownArgument('the rank of an argument is unknown');
  return new PyTuple(tensors.map((tensor) => recordView(call, expand, { shape }, tensor, broadcast)));
}

function commonShape(call: TorchCall): Value {
  const shapes = sequenceItems(call.runtime, call.value('shapes'), 'shapes').map((shape) =>
    asDims(call.runtime, shape, 'shapes'),
  );
  const common = broadcastShapes(shapes);
  if (common.kind === 'mismatch') return call.runtime.raise('RuntimeError', common.message);
  return sizeValue(call.runtime, common.shape ?? []);
}

/** Columns of all combinations of one element of each row. */
function cartesianProduct(call: TorchCall): Value {
  const rows = call.tensors('tensors');
  const outputs = call.recordMany(meshgrid, { indexing: 'ij' }, rows);
  outputs.forEach((output, at) => {
    const row = rows[at];
    if (row !== undefined) showElements(row, output, (array, shape) => gridOf(array.data, shape, at));
  });
  const flat = outputs.map((output) => recordView(call, reshape, { shape: [-1] }, output, inOrder));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : stackTensors(call, flat, -1);
}

export const joinOperations: readonly TensorOperation[] = [
  functionOnly('cat(tensors, dim=0)', (call) => concatTensors(call, tensorList(call, 'tensors'), call.int('dim')), {
    aliases: ['concat', 'concatenate'],
  }),
  functionOnly('stack(tensors, dim=0)', (call) => stackTensors(call, tensorList(call, 'tensors'), call.int('dim'))),
  stackedAlong('hstack', 1, 1),
  stackedAlong('vstack', 0, 2, ['row_stack']),
  stackedAlong('dstack', 2, 3),
  stackedAlong('column_stack', 1, 2),
  both('split(input, split_size_or_sections, dim=0)', splitTensor, { aliases: ['split_with_sizes'] }),
  both('chunk(input, chunks, dim=0)', (call) => {
    const input = call.tensor('input');
    const dim = call.int('dim');
    const outputs = pieces(call, chunk, { dim, chunks: call.int('chunks') }, input, dim);
    return piecesOf(call, outputs, input, dim, false);
  }),
  both('tensor_split(input, indices_or_sections=None, dim=0, *, indices=None, sections=None)', tensorSplits),
  both('hsplit(input, indices_or_sections)', (call) => {
    const input = call.tensor('input');
    return splitAt(call, input, input.type.shape?.length === 1 ? 0 : 1, 'indices_or_sections');
  }),
  both('vsplit(input, indices_or_sections)', (call) => splitAt(call, call.tensor('input'), 0, 'indices_or_sections')),
  both('dsplit(input, indices_or_sections)', (call) => splitAt(call, call.tensor('input'), 2, 'indices_or_sections')),
  both('unbind(input, dim=0)', (call) => {
    return new PyTuple(unbound(call, call.tensor('input'), call.int('dim')));
  }),
  functionOnly('meshgrid(*tensors, indexing=None)', grids),
  functionOnly('broadcast_tensors(*tensors)', broadcastTensors),
  functionOnly('broadcast_shapes(*shapes)', commonShape),
  functionOnly('cartesian_prod(*tensors)', cartesianProduct),
];
