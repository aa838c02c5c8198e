/**
 * Operations that regroup, reorder, repeat or window dims, as functions and methods.
 * x.view(2, -1), torch.flatten(x, 1), x.permute(0, 2, 1), x.expand(-1, 4), x.roll(1, 0), x.unfold(2, 4, 4).
 */
import { PyTuple, type Value } from '../../../evaluation/values.ts';
import { expand, repeat, repeatInterleave } from '../../../operators/expand.ts';
import { contiguous } from '../../../operators/identity.ts';
import { select, slice } from '../../../operators/indexing.ts';
import { flip, moveDims, permute, roll, rot90, transpose } from '../../../operators/permute.ts';
import { flatten, reshape, squeeze, unflatten, unsqueeze } from '../../../operators/reshape.ts';
import { viewAsComplex, viewAsReal, viewAsType } from '../../../operators/viewAsType.ts';
import { asStrided } from '../../../operators/statistics.ts';
import { unfoldDim } from '../../../operators/unfold.ts';
import { printShape, type Shape } from '../../../graph/tensorType.ts';
import { hasContiguousElements, knownSizes, knownStrides, layoutOf } from '../layout/layout.ts';
import { viewStrides } from '../layout/strides.ts';
import { refuse } from '../record.ts';
import { DTypeValue, TensorValue } from '../tensorValue.ts';
import { asDims, UnknownArgument, type TorchCall } from '../torchNatives.ts';
import {
  broadcast,
  permuted,
  picked,
  reshaped,
  stepped,
  strided,
  stridesOf,
  wrapDim,
  type KnownArray,
} from './knownArray.ts';
import { both, functionOnly, methodOnly, type TensorOperation } from './operation.ts';
import { inMemoryFormat } from './memoryFormat.ts';
import { variadicDims, variadicInts } from './variadic.ts';
import { inOrder, recordMove, recordView, type Move } from './views.ts';

export function reshapeTo(call: TorchCall, input: TensorValue, shape: Shape): TensorValue {
  return recordView(call, reshape, { shape }, input, inOrder);
}

export function transposed(call: TorchCall, input: TensorValue, dim0: number, dim1: number): TensorValue {
  return recordView(call, transpose, { dim0, dim1 }, input, (array) => swapped(array, dim0, dim1));
}

function swapped(array: KnownArray, dim0: number, dim1: number): KnownArray {
  const rank = array.shape.length;
  if (rank === 0) return array;
  const [a, b] = [wrapDim(dim0, rank), wrapDim(dim1, rank)];
  return permuted(
    array,
    array.shape.map((_, dim) => (dim === a ? b : dim === b ? a : dim)),
  );
}

/** Sizes that must be given, though the sequence of them may be empty. */
function neededDims(call: TorchCall, name: string, keyword?: string): Shape {
  const given = call.value(name);
  const isMissing = given instanceof PyTuple && given.items.length === 0;
  if (isMissing && (keyword === undefined || call.value(keyword) === null)) {
    call.runtime.raise(
      'TypeError',
      `${call.originalOp}() missing 1 required positional arguments: "${keyword ?? name}"`,
    );
  }
  return variadicDims(call, name, keyword);
}

/** A tensor's shape, as an argument of `view_as` and its kin. */
function shapeOf(tensor: TensorValue): Shape {
  if (tensor.type.shape === undefined) throw new UnknownArgument('the rank of an argument is unknown');
  return tensor.type.shape;
}

function viewed(call: TorchCall): Value {
  const input = call.tensor('input');
  const given = call.value('shape');
  const [only] = given instanceof PyTuple ? given.items : [given];
  const asType = only instanceof DTypeValue ? only : call.value('dtype');
  if (asType instanceof DTypeValue) return call.record(viewAsType, { dtype: asType.dtype }, [input]);
  return viewAs(call, input, variadicDims(call, 'shape', 'size'));
}

/** `view` makes no copy: where the elements do not lie so that one shows them in the asked shape, PyTorch refuses it. */
function viewAs(call: TorchCall, input: TensorValue, shape: Shape): TensorValue {
  const output = reshapeTo(call, input, shape);
  const sizes = knownSizes(input.type.shape);
  const strides = knownStrides(input.type.shape, input.layout);
  const asked = knownSizes(output.type.shape);
  if (sizes === undefined || strides === undefined || asked === undefined) {
    const isDecided = hasContiguousElements(input.type.shape, input.layout) === true;
    if (isDecided || !call.runtime.catchesRuntimeErrors()) return output;
    throw new UnknownArgument('whether a view without a copy is possible depends on the memory layout');
  }
  if (viewStrides(sizes, strides, asked) !== undefined) return output;
  refuse(
    call.runtime,
    'shape-mismatch',
    `cannot view ${printShape(sizes)} with strides [${strides.join(', ')}] as ${printShape(asked)} without a copy; use reshape`,
  );
  output.layout = 'unknown';
  return output;
}

function permutedBy(call: TorchCall, input: TensorValue, dims: readonly number[]): TensorValue {
  return recordView(call, permute, { dims }, input, (array) => permuted(array, dims));
}

/** `x.T`: all dims reversed. */
export function reversedDims(call: TorchCall, input: TensorValue): TensorValue {
  return recordView(call, permute, {}, input, (array) =>
    permuted(
      array,
      array.shape.map((_, dim) => -1 - dim),
    ),
  );
}

function movedDims(call: TorchCall): Value {
  const input = call.tensor('input');
  const attributes = { source: call.intList('source'), destination: call.intList('destination') };
  return recordView(call, moveDims, attributes, input, (array) => movedArray(array, attributes));
}

function movedArray(
  array: KnownArray,
  { source, destination }: { readonly source: readonly number[]; readonly destination: readonly number[] },
): KnownArray {
  const rank = array.shape.length;
  const from = source.map((dim) => wrapDim(dim, rank));
  const to = destination.map((dim) => wrapDim(dim, rank));
  const rest = array.shape.map((_, dim) => dim).filter((dim) => !from.includes(dim));
  return permuted(
    array,
    array.shape.map((_, dim) => (to.includes(dim) ? from[to.indexOf(dim)] : rest.shift()) ?? 0),
  );
}

function squeezed(call: TorchCall): Value {
  const input = call.tensor('input');
  const dims = call.value('dim') === null ? undefined : call.intList('dim');
  return recordView(call, squeeze, dims === undefined ? {} : { dims }, input, inOrder);
}

function expandTo(call: TorchCall, input: TensorValue, shape: Shape): TensorValue {
  return recordView(call, expand, { shape }, input, broadcast);
}

/** `tile` takes fewer repeats than dims: they count from the last. */
function tiledBy(call: TorchCall, input: TensorValue, repeats: Shape): TensorValue {
  const missing = Math.max(0, (input.type.shape?.length ?? 0) - repeats.length);
  return repeated(call, input, [...Array.from({ length: missing }, () => 1), ...repeats]);
}

function repeated(call: TorchCall, input: TensorValue, repeats: Shape): TensorValue {
  return recordMove(call, repeat, { repeats }, input, tiled);
}

/** Every place of the result shows the element at its index modulo the source's shape. */
const tiled: Move = (source, shape) => {
  let array: KnownArray = {
    shape: [...shape.slice(source.shape.length).map(() => 1), ...source.shape],
    data: source.data,
  };
  for (const [dim, size] of shape.entries()) {
    const own = array.shape[dim] ?? 1;
    array = picked(
      array,
      dim,
      Array.from({ length: size }, (_, place) => place % own),
    );
  }
  return array;
};

function repeatedInterleaved(call: TorchCall): Value {
  const input = call.tensor('input');
  const dim = call.optionalInt('dim');
  const given = call.value('repeats');
  const inDim = dim === undefined ? {} : { dim };
  const outputSize = call.value('output_size') === null ? {} : { outputSize: call.dim('output_size') };
  if (!(given instanceof TensorValue)) {
    const repeats = call.dim('repeats');
    return recordMove(call, repeatInterleave, { repeats, ...inDim, ...outputSize }, input, (source) =>
      typeof repeats === 'number' ? interleaved(source, dim, () => repeats) : undefined,
    );
  }
  const { data } = given;
  const count = data?.reduce((sum, times) => sum + times, 0);
  const known = count === undefined || data?.length === 1 ? outputSize : { outputSize: count };
  return call.record(repeatInterleave, { repeats: null, ...inDim, ...known }, [input, given]);
}

function interleaved(source: KnownArray, dim: number | undefined, times: (place: number) => number): KnownArray {
  const array = dim === undefined ? reshaped(source, [source.data.length]) : source;
  const at = wrapDim(dim ?? 0, array.shape.length);
  const places = Array.from({ length: array.shape[at] ?? 0 }, (_, place) => place);
  return picked(
    array,
    at,
    places.flatMap((place) => Array.from({ length: times(place) }, () => place)),
  );
}

function rolled(call: TorchCall): Value {
  const input = call.tensor('input');
  const shifts = call.dims('shifts');
  const dims = call.value('dims') === null ? [] : call.intList('dims');
  const attributes = dims.length === 0 ? { shifts } : { shifts, dims };
  return recordMove(call, roll, attributes, input, (source) => {
    const flat = dims.length === 0 ? reshaped(source, [source.data.length]) : source;
    return shifts.reduce<KnownArray | undefined>((array, shift, index) => {
      if (array === undefined || typeof shift !== 'number') return undefined;
      const dim = wrapDim(dims[index] ?? 0, array.shape.length);
      const size = array.shape[dim] ?? 1;
      return picked(
        array,
        dim,
        Array.from({ length: size }, (_, place) => (((place - shift) % size) + size) % size),
      );
    }, flat);
  });
}

function flipped(call: TorchCall, input: TensorValue, dims: readonly number[]): TensorValue {
  return recordMove(call, flip, { dims }, input, (source) =>
    stepped(
      source,
      dims.map((dim) => {
        const at = wrapDim(dim, source.shape.length);
        const size = source.shape[at] ?? 1;
        return { dim: at, start: size - 1, size, step: -1 };
      }),
    ),
  );
}

function narrowed(call: TorchCall): Value {
  const input = call.tensor('input');
  const dim = call.int('dim');
  const start = call.dim('start');
  const length = call.dim('length');
  if (typeof start !== 'number' || typeof length !== 'number') {
    throw new UnknownArgument('a part of symbolic size is not followed');
  }
  const size = input.type.shape?.[wrapDim(dim, input.type.shape.length)];
  if (
    length < 0 ||
    (typeof size === 'number' && (start < -size || (start < 0 ? start + size : start) + length > size))
  ) {
    refuse(
      call.runtime,
      'shape-mismatch',
      `narrow: ${start} and ${length} elements exceed ${printShape(input.type.shape)}`,
    );
  }
  const stop = start < 0 && start + length === 0 ? null : start + length;
  return recordView(call, slice, { slices: [{ dim, start, stop, step: 1 }] }, input, (array) => {
    const at = wrapDim(dim, array.shape.length);
    const first = start < 0 ? start + (array.shape[at] ?? 0) : start;
    return stepped(array, [{ dim: at, start: first, size: length, step: 1 }]);
  });
}

function selected(call: TorchCall): Value {
  const input = call.tensor('input');
  const dim = call.int('dim');
  const index = call.dim('index');
  return recordView(call, select, { dim, index }, input, (array, shape) => {
    if (typeof index !== 'number') return undefined;
    const at = wrapDim(dim, array.shape.length);
    const start = index < 0 ? index + (array.shape[at] ?? 0) : index;
    return reshaped(stepped(array, [{ dim: at, start, size: 1, step: 1 }]), shape);
  });
}

function windowed(call: TorchCall): Value {
  const dim = call.int('dimension');
  const size = call.dim('size');
  const step = call.dim('step');
  return recordView(call, unfoldDim, { dim, size, step }, call.tensor('input'), (array, shape) => {
    if (typeof step !== 'number') return undefined;
    const at = wrapDim(dim, array.shape.length);
    const strides = stridesOf(array.shape);
    const moved = strides.with(at, (strides[at] ?? 0) * step);
    return strided(array, shape, [...moved, strides[at] ?? 0], 0);
  });
}

function restrided(call: TorchCall): Value {
  const [shape, strides] = ['size', 'stride'].map((name) => {
    const value = call.value(name);
    if (typeof value !== 'number' && typeof value !== 'boolean') return call.dims(name);
    return call.runtime.raise('TypeError', `as_strided(): argument '${name}' must be tuple of ints, not int`);
  });
  if (shape === undefined || strides === undefined) return null;
  if (shape.length !== strides.length) {
    call.runtime.raise('RuntimeError', 'mismatch in length of strides and shape');
  }
  const output = call.record(asStrided, { shape }, [call.tensor('input')]);
  const [sizes, steps] = [knownSizes(shape), knownSizes(strides)];
  output.layout = sizes === undefined || steps === undefined ? 'unknown' : layoutOf(sizes, steps);
  return output;
}

/** At least `rank` dims: new ones in front; for 3 a matrix gets its new dim last. */
function atLeast(call: TorchCall, input: TensorValue, rank: number): TensorValue {
  const own = input.type.shape?.length ?? rank;
  if (own >= rank) return input;
  const dims =
    rank === 3 && own === 2
      ? [2]
      : rank === 3 && own === 1
        ? [0, 2]
        : Array.from({ length: rank - own }, (_, at) => at);
  return recordView(call, unsqueeze, { dims }, input, inOrder);
}

function atLeastOperation(rank: number): TensorOperation {
  return functionOnly(`atleast_${rank}d(*tensors)`, (call) => {
    const given = call.tensors('tensors');
    const results = given.map((tensor) => atLeast(call, tensor, rank));
    return results.length === 1 ? (results[0] ?? null) : new PyTuple(results);
  });
}

export const shapeOperations: readonly TensorOperation[] = [
  methodOnly('view(input, *shape, size=None, dtype=None)', viewed),
  methodOnly('reshape(input, *shape)', (call) => reshapeTo(call, call.tensor('input'), variadicDims(call, 'shape'))),
  functionOnly('reshape(input, shape)', (call) => reshapeTo(call, call.tensor('input'), call.dims('shape'))),
  methodOnly('view_as(input, other)', (call) => viewAs(call, call.tensor('input'), shapeOf(call.tensor('other')))),
  methodOnly('reshape_as(input, other)', (call) =>
    reshapeTo(call, call.tensor('input'), shapeOf(call.tensor('other'))),
  ),
  both('ravel(input)', (call) => reshapeTo(call, call.tensor('input'), [-1])),
  both('flatten(input, start_dim=0, end_dim=-1)', (call) =>
    recordView(
      call,
      flatten,
      { startDim: call.int('start_dim'), endDim: call.int('end_dim') },
      call.tensor('input'),
      inOrder,
    ),
  ),
  both('unflatten(input, dim, sizes)', (call) =>
    recordView(
      call,
      unflatten,
      { dim: call.int('dim'), sizes: asDims(call.runtime, call.value('sizes'), 'sizes') },
      call.tensor('input'),
      inOrder,
    ),
  ),
  methodOnly('permute(input, *dims)', (call) => permutedBy(call, call.tensor('input'), variadicInts(call, 'dims'))),
  functionOnly('permute(input, dims)', (call) => permutedBy(call, call.tensor('input'), call.intList('dims'))),
  both(
    'transpose(input, dim0, dim1)',
    (call) => transposed(call, call.tensor('input'), call.int('dim0'), call.int('dim1')),
    { inPlace: true, aliases: ['swapdims'] },
  ),
  both(
    'swapaxes(input, axis0, axis1)',
    (call) => transposed(call, call.tensor('input'), call.int('axis0'), call.int('axis1')),
    { inPlace: true },
  ),
  both(
    't(input)',
    (call) => {
      const input = call.tensor('input');
      const rank = input.type.shape?.length ?? 2;
      if (rank > 2) refuse(call.runtime, 'shape-mismatch', `t() expects a matrix, got ${printShape(input.type.shape)}`);
      return reversedDims(call, input);
    },
    { inPlace: true },
  ),
  both('adjoint(input)', (call) => transposed(call, call.tensor('input'), -2, -1)),
  both('movedim(input, source, destination)', movedDims, { aliases: ['moveaxis'] }),
  both('squeeze(input, dim=None)', squeezed, { inPlace: true }),
  both(
    'unsqueeze(input, dim)',
    (call) => recordView(call, unsqueeze, { dims: [call.int('dim')] }, call.tensor('input'), inOrder),
    { inPlace: true },
  ),
  both('contiguous(input, memory_format=None)', (call) => {
    const output = recordMove(call, contiguous, {}, call.tensor('input'), inOrder);
    output.layout = 'contiguous';
    return inMemoryFormat(call.runtime, output, call.value('memory_format'));
  }),
  methodOnly('expand(input, *sizes, size=None)', (call) =>
    expandTo(call, call.tensor('input'), neededDims(call, 'sizes', 'size')),
  ),
  methodOnly('expand_as(input, other)', (call) => expandTo(call, call.tensor('input'), shapeOf(call.tensor('other')))),
  both('broadcast_to(input, size)', (call) => expandTo(call, call.tensor('input'), call.dims('size'))),
  methodOnly('repeat(input, *repeats)', (call) => repeated(call, call.tensor('input'), neededDims(call, 'repeats'))),
  methodOnly('tile(input, *dims)', (call) => tiledBy(call, call.tensor('input'), neededDims(call, 'dims'))),
  functionOnly('tile(input, dims)', (call) => tiledBy(call, call.tensor('input'), call.dims('dims'))),
  both('repeat_interleave(input, repeats, dim=None, *, output_size=None)', repeatedInterleaved),
  both('narrow(input, dim, start, length)', narrowed),
  both('select(input, dim, index)', selected),
  methodOnly('unfold(input, dimension, size, step)', windowed),
  both('roll(input, shifts, dims=None)', rolled),
  methodOnly('flip(input, *dims)', (call) => flipped(call, call.tensor('input'), variadicInts(call, 'dims'))),
  functionOnly('flip(input, dims)', (call) => flipped(call, call.tensor('input'), call.intList('dims'))),
  both('fliplr(input)', (call) => flipped(call, call.tensor('input'), [1])),
  both('flipud(input)', (call) => flipped(call, call.tensor('input'), [0])),
  both('rot90(input, k=1, dims=(0, 1))', (call) =>
    call.record(rot90, { times: call.int('k'), dims: call.intList('dims') }, [call.tensor('input')]),
  ),
  atLeastOperation(1),
  atLeastOperation(2),
  atLeastOperation(3),
  functionOnly('view_as_real(input)', (call) => call.record(viewAsReal, {}, [call.tensor('input')])),
  functionOnly('view_as_complex(input)', (call) => call.record(viewAsComplex, {}, [call.tensor('input')])),
  both('as_strided(input, size, stride, storage_offset=None)', restrided),
];
