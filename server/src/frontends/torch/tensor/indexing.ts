/**
 * `x[key]` and `x[key] = value` with every form of key: ints, slices, None, Ellipsis, bools, tensors, lists, tuples.
 * x[:, None, ..., ::2] records one `index` view; x[ids] an `advancedIndex`; x[mask] = 0 an `indexPut` in place.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import {
  PyEllipsis,
  PyInstance,
  PyList,
  PyRange,
  PySlice,
  PyTuple,
  PyUnknown,
  type Value,
} from '../../../evaluation/values.ts';
import { unknownDim, type Dim } from '../../../graph/dim.ts';
import { isInteger } from '../../../graph/dtype.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import { indexOperator, indexPut, type IndexItem } from '../../../operators/indexing.ts';
import { recordOne } from '../record.ts';
import { TensorValue } from '../tensorValue.ts';
import { asDim, guardUnknown, plainInt, UnknownArgument } from '../torchNatives.ts';
import { makeTensor } from '../torchWorld.ts';
import { tensorFromValue } from '../creation/fromData.ts';
import { ArrayValue } from '../libraries/numpy/arrayValue.ts';
import { aliasElements, writeElements } from './aliases.ts';
import { indexPositions } from './indexPositions.ts';
import { storeInPlace } from './inPlace.ts';
import { broadcast, countOf, knownArray, knownArrays, numericShape, stridesOf, type KnownArray } from './knownArray.ts';
import { scalarOf } from './operands.ts';
import { roundedTo } from './rounding.ts';

export interface IndexKey {
  readonly items: readonly IndexItem[];
  readonly tensors: readonly TensorValue[];
}

/** Reads a key as PyTorch does; throws UnknownArgument where a part of it may be anything. */
export function indexKey(runtime: Runtime, key: Value): IndexKey {
  const parts = key instanceof PyTuple ? key.items : isNestedList(key) ? key.items : [key];
  const items: IndexItem[] = [];
  const tensors: TensorValue[] = [];
  for (const part of parts) {
    const read = indexPart(runtime, part);
    items.push(...read.items);
    tensors.push(...read.tensors);
  }
  return { items, tensors };
}

/** A short list that holds sequences, tensors or slices is read as a tuple: x[[[0, 1], [1, 2]]] is x[[0, 1], [1, 2]]. */
function isNestedList(key: Value): key is PyList {
  return (
    key instanceof PyList &&
    key.items.length < LONG_KEY &&
    key.items.some(
      (item) =>
        item === null ||
        item instanceof PySlice ||
        item instanceof PyEllipsis ||
        item instanceof TensorValue ||
        isSequence(item),
    )
  );
}

/** PyTorch takes longer lists for indices of one dim. */
const LONG_KEY = 32;

function isSequence(item: Value): boolean {
  return item instanceof PyList || item instanceof PyTuple || item instanceof PyRange || item instanceof ArrayValue;
}

function indexPart(runtime: Runtime, part: Value): IndexKey {
  if (part === null) return only({ kind: 'newAxis' });
  if (typeof part === 'boolean') return only({ kind: 'boolean', value: part });
  if (part instanceof PyEllipsis) return only({ kind: 'ellipsis' });
  if (part instanceof PySlice) {
    return only({
      kind: 'slice',
      start: bound(runtime, part.lower),
      stop: bound(runtime, part.upper),
      step: sliceStep(runtime, part.step),
    });
  }
  if (part instanceof TensorValue) return tensorPart(runtime, part);
  if (isSequence(part)) {
    return tensorPart(runtime, tensorFromValue(runtime, part, undefined, 'index'));
  }
  if (part instanceof PyUnknown) throw new UnknownArgument(part.reason);
  if (part instanceof PyInstance && part.payload === undefined && scalarOf(part) === undefined) {
    const method = runtime.lookupAttribute(part, '__index__');
    if (method !== undefined) return indexPart(runtime, runtime.call(method));
  }
  return only({ kind: 'integer', index: asDim(runtime, part, 'index') });
}

function only(item: IndexItem): IndexKey {
  return { items: [item], tensors: [] };
}

/** A zero-dimensional integer tensor selects; a mask with known elements becomes the places that it names. */
function tensorPart(runtime: Runtime, tensor: TensorValue): IndexKey {
  const { dtype, shape } = tensor.type;
  if (shape?.length === 0 && isInteger(dtype)) {
    return only({ kind: 'integer', index: tensor.data?.[0] ?? unknownDim('the index is the content of a tensor') });
  }
  const known = knownArray(tensor);
  if (dtype !== 'bool' || known === undefined || known.shape.length === 0) {
    return { items: [{ kind: 'tensor' }], tensors: [tensor] };
  }
  const places = trueIndices(known);
  return {
    items: places.map(() => ({ kind: 'tensor' })),
    tensors: places.map((column) => makeTensor(runtime, tensorType('int64', [column.length]), column)),
  };
}

/** Indices of the elements that are not 0, one list a dim. */
export function trueIndices({ shape, data }: KnownArray): readonly (readonly number[])[] {
  const flat = data.flatMap((value, at) => (value === 0 ? [] : [at]));
  return stridesOf(shape).map((stride, dim) => flat.map((at) => Math.floor(at / stride) % (shape[dim] ?? 1)));
}

function bound(runtime: Runtime, value: Value): Dim | null {
  return value === null ? null : asDim(runtime, plainInt(value), 'slice');
}

function sliceStep(runtime: Runtime, value: Value): Dim | null {
  const step = bound(runtime, value);
  return typeof step === 'number' && step <= 0 ? runtime.raise('ValueError', 'step must be greater than zero') : step;
}

/** `x[key]`. */
export function getItem(runtime: Runtime, tensor: TensorValue, key: Value): Value {
  return guardUnknown(runtime, 'torch.Tensor.__getitem__', [tensor], () => {
    const { items, tensors } = indexKey(runtime, key);
    const operator = indexOperator(items);
    const output = recordOne(runtime, operator, { items }, [tensor, ...tensors], 'torch.Tensor.__getitem__');
    const positions = knownPositions(tensor, items, tensors);
    const shape = numericShape(output.type.shape);
    if (positions === undefined || shape === undefined || countOf(shape) !== positions.data.length) return output;
    if (operator.isView) aliasElements(tensor, output, positions.data);
    else output.data = positions.data.map((position) => tensor.data?.[position] ?? 0);
    return output;
  });
}

/** `x[key] = value`: the tensor stays, its graph value is now the `indexPut`. */
export function setItem(runtime: Runtime, tensor: TensorValue, key: Value, value: Value): void {
  const before = knownArray(tensor);
  guardUnknown(runtime, 'torch.Tensor.__setitem__', [tensor], () => {
    let read: IndexKey;
    try {
      read = indexKey(runtime, key);
    } catch (error) {
      if (error instanceof UnknownArgument) writeElements(runtime, tensor, undefined);
      throw error;
    }
    const { items, tensors } = read;
    const source = value instanceof TensorValue ? value : undefined;
    const inputs = [tensor, source, ...tensors];
    const output = recordOne(runtime, indexPut, { items }, inputs, 'torch.Tensor.__setitem__');
    output.type = tensor.type;
    const positions = before && knownPositions(tensor, items, tensors);
    if (before !== undefined && positions !== undefined) output.data = written(before, positions, tensor, value);
    storeInPlace(runtime, tensor, output);
    return null;
  });
}

/** The elements after an assignment; undefined where the assigned ones are not known. */
function written(
  before: KnownArray,
  positions: KnownArray,
  tensor: TensorValue,
  value: Value,
): readonly number[] | undefined {
  const scalar = scalarOf(value)?.value;
  const array =
    value instanceof TensorValue ? knownArray(value) : scalar === undefined ? undefined : oneElement(scalar);
  if (array === undefined) return undefined;
  const source = roundedTo(
    tensor.type.dtype,
    broadcast(dropLeadingOnes(array, positions.shape.length), positions.shape).data,
  );
  if (source === undefined) return undefined;
  const data = [...before.data];
  positions.data.forEach((position, at) => (data[position] = source[at] ?? 0));
  return data;
}

function oneElement(value: number): KnownArray {
  return { shape: [], data: [value] };
}

function dropLeadingOnes(array: KnownArray, rank: number): KnownArray {
  return array.shape.length > rank ? { shape: array.shape.slice(array.shape.length - rank), data: array.data } : array;
}

function knownPositions(
  tensor: TensorValue,
  items: readonly IndexItem[],
  tensors: readonly TensorValue[],
): KnownArray | undefined {
  const source = knownArray(tensor);
  const indices = knownArrays(tensors);
  if (source === undefined || indices === undefined || tensors.some(({ type }) => type.dtype === 'bool'))
    return undefined;
  return indexPositions(source.shape, items, indices);
}
