/**
 * Indexing by tensors: gather, scatter, index_select, masks, nonzero, searches.
 * x.gather(1, index) has the index's shape; torch.nonzero(known mask) has as many rows as it has ones.
 */
import { bitsPerElement, isInteger } from '../../../graph/dtype.ts';
import { PyTuple, type Value } from '../../../evaluation/values.ts';
import { elementCount, tensorType } from '../../../graph/tensorType.ts';
import {
  gather,
  indexAdd,
  indexCopy,
  indexFill,
  indexSelect,
  maskedFill,
  maskedScatter,
  maskedSelect,
  nonzero,
  scatter,
  take,
  takeAlongDim,
  type ScatterAttributes,
} from '../../../operators/gather.ts';
import { clone } from '../../../operators/identity.ts';
import { reshape } from '../../../operators/reshape.ts';
import { searchSorted } from '../../../operators/sorting.ts';
import { TensorValue } from '../tensorValue.ts';
import { sequenceItems, type TorchCall } from '../torchNatives.ts';
import { makeTensor } from '../torchWorld.ts';
import { getItem, setItem, trueIndices } from './indexing.ts';
import { broadcast, knownArray, picked, wrapDim } from './knownArray.ts';
import { operandOf, recordElementwise } from './operands.ts';
import { both, functionOnly, methodOnly, type TensorOperation } from './operation.ts';
import { roundedTo } from './rounding.ts';
import { inOrder, recordMove, setElements } from './views.ts';

const REDUCTIONS: Readonly<Record<string, ScatterAttributes['reduce']>> = {
  add: 'add',
  sum: 'add',
  multiply: 'mul',
  prod: 'mul',
  mean: 'mean',
  amax: 'max',
  amin: 'min',
};

/** A tensor; undefined for a number, which is no input of the node. */
function tensorOperand(call: TorchCall, name: string): TensorValue | undefined {
  const operand = operandOf(call.runtime, call.value(name), name);
  return operand instanceof TensorValue ? operand : undefined;
}

/** Chooses by element; with the condition alone, tells where it holds. */
function chosen(call: TorchCall): Value {
  const condition = call.tensor('condition');
  if (call.value('input') === null && call.value('other') === null) return nonzeroPlaces(call, condition, 'tuple');
  const operands = ['input', 'other'].map((name) => operandOf(call.runtime, call.value(name), name));
  return recordElementwise(call, 'where', [condition, ...operands]);
}

function scattered(call: TorchCall, source: string, reduce?: ScatterAttributes['reduce']): Value {
  const inputs = [call.tensor('input'), call.tensor('index'), tensorOperand(call, source)];
  return call.record(scatter, { dim: call.int('dim'), ...(reduce && { reduce }) }, inputs);
}

/** Places count over all dims, so it is a scatter along the flat tensor. */
function putElements(call: TorchCall): Value {
  const [input, index, source] = [call.tensor('input'), call.tensor('index'), call.tensor('source')];
  const { dtype } = index.type;
  if (dtype !== 'int64' && dtype !== 'unknown') {
    return call.runtime.raise('RuntimeError', `put_(): Expected a long tensor for index, but got ${dtype}`);
  }
  const [places, values] = [elementCount(index.type.shape), elementCount(source.type.shape)];
  if (typeof places === 'number' && typeof values === 'number' && places !== values) {
    const message = 'put_(): Expected source and index to have the same number of elements, but got';
    return call.runtime.raise(
      'IndexError',
      `${message} source.numel() = ${String(values)}, index.numel() = ${String(places)}`,
    );
  }
  const flat = [input, index, source].map((tensor) =>
    call.record(reshape, { shape: [elementCount(tensor.type.shape)] }, [tensor]),
  );
  const accumulates = call.boolean('accumulate');
  const changed = call.record(scatter, { dim: 0, ...(accumulates && { reduce: 'add' as const }) }, flat);
  return call.record(reshape, { shape: input.type.shape ?? [elementCount(input.type.shape)] }, [changed]);
}

function reductionNamed(call: TorchCall): ScatterAttributes['reduce'] {
  const value = call.value('reduce');
  return typeof value === 'string' ? REDUCTIONS[value] : undefined;
}

function selectedByIndex(call: TorchCall): Value {
  const input = call.tensor('input');
  const index = call.tensor('index');
  const dim = call.int('dim');
  const output = call.record(indexSelect, { dim }, [input, index]);
  return setElements(output, () => {
    const source = knownArray(input);
    const places = knownArray(index);
    return source && places && picked(source, wrapDim(dim, source.shape.length), places.data).data;
  });
}

function gathered(call: TorchCall): Value {
  const input = call.tensor('input');
  const index = call.tensor('index');
  const dim = call.int('dim');
  return call.record(gather, { dim }, [input, index]);
}

/** A number that the integers of the tensor cannot hold is refused: -inf into int64, -1e9 into uint8. */
function checkFiller(call: TorchCall, { type }: TensorValue, value: number | undefined): void {
  const bits = bitsPerElement(type.dtype);
  if (value === undefined || bits === undefined || !isInteger(type.dtype) || Math.abs(value) < 2 ** bits) return;
  call.runtime.raise('RuntimeError', `value cannot be converted to type ${type.dtype} without overflow`);
}

function maskFilled(call: TorchCall): Value {
  const input = call.tensor('input');
  const mask = call.tensor('mask');
  const value = operandOf(call.runtime, call.value('value'), 'value');
  if (!(value instanceof TensorValue)) checkFiller(call, input, value.value);
  const isInPlace = call.originalOp.endsWith('_');
  const inputs = [input, mask, value instanceof TensorValue ? value : undefined];
  const output = call.record(maskedFill, isInPlace ? { isInPlace } : {}, inputs);
  return setElements(output, () => {
    const [source, places] = [knownArray(input), knownArray(mask)];
    const filler = value instanceof TensorValue ? value.data?.[0] : value.value;
    if (source === undefined || places === undefined || filler === undefined) return undefined;
    const isMasked = broadcast(places, source.shape).data;
    return roundedTo(
      output.type.dtype,
      source.data.map((element, at) => (isMasked[at] === 0 ? element : filler)),
    );
  });
}

/** Places of the elements that are not 0: known where the elements are. */
function nonzeroPlaces(call: TorchCall, input: TensorValue, layout: 'rows' | 'tuple'): Value {
  const known = knownArray(input);
  if (known !== undefined) {
    const columns = trueIndices(known);
    const count = columns[0]?.length ?? known.data.filter((value) => value !== 0).length;
    if (layout === 'tuple') {
      const types = columns.map(() => tensorType('int64', [count]));
      return new PyTuple(columns.map((column, at) => makeTensor(call.runtime, types[at] ?? input.type, column)));
    }
    const rows = Array.from({ length: count }, (_, at) => columns.map((column) => column[at] ?? 0)).flat();
    return makeTensor(call.runtime, tensorType('int64', [count, columns.length]), rows);
  }
  const outputs = call.recordMany(nonzero, { layout }, [input]);
  const [rows = null] = outputs;
  return layout === 'rows' ? rows : new PyTuple(outputs);
}

function maskSelected(call: TorchCall): Value {
  const input = call.tensor('input');
  const mask = call.tensor('mask');
  const isSameShape = input.type.shape?.length === mask.type.shape?.length;
  if (isSameShape && knownArray(mask) !== undefined) return getItem(call.runtime, input, mask);
  return call.record(maskedSelect, {}, [input, mask]);
}

function indexPutMethod(call: TorchCall): Value {
  const input = call.tensor('input');
  const key = new PyTuple(sequenceItems(call.runtime, call.value('indices'), 'indices'));
  setItem(call.runtime, input, key, call.value('values'));
  return input;
}

function searched(call: TorchCall, boundaries: string, values: string): Value {
  const isInt32 = call.boolean('out_int32');
  const inputs = [call.tensor(boundaries), tensorOperand(call, values)];
  return call.record(searchSorted, isInt32 ? { isInt32 } : {}, inputs);
}

export const indexOperations: readonly TensorOperation[] = [
  functionOnly('where(condition, input=None, other=None)', chosen),
  methodOnly('where(input, condition, other)', chosen),
  both('gather(input, dim, index, *, sparse_grad=False)', gathered),
  both('take_along_dim(input, indices, dim=None)', (call) => {
    const dim = call.optionalInt('dim');
    const inputs = [call.tensor('input'), call.tensor('indices')];
    return call.record(takeAlongDim, dim === undefined ? {} : { dim }, inputs);
  }),
  both('take(input, index)', (call) => call.record(take, {}, [call.tensor('input'), call.tensor('index')])),
  both('put(input, index, source, accumulate=False)', putElements, { inPlace: true }),
  both('index_select(input, dim, index)', selectedByIndex),
  both(
    'scatter(input, dim, index, src=None, *, value=None, reduce=None)',
    (call) => {
      const source = call.value('src') === null ? 'value' : 'src';
      return scattered(call, source, reductionNamed(call));
    },
    { inPlace: true },
  ),
  both('scatter_add(input, dim, index, src)', (call) => scattered(call, 'src', 'add'), { inPlace: true }),
  both(
    'scatter_reduce(input, dim, index, src, reduce, *, include_self=True)',
    (call) => scattered(call, 'src', reductionNamed(call)),
    { inPlace: true },
  ),
  both(
    'index_add(input, dim, index, source, *, alpha=1)',
    (call) =>
      call.record(indexAdd, { dim: call.int('dim') }, [
        call.tensor('input'),
        call.tensor('index'),
        call.tensor('source'),
      ]),
    { inPlace: true },
  ),
  both(
    'index_copy(input, dim, index, source)',
    (call) =>
      call.record(indexCopy, { dim: call.int('dim') }, [
        call.tensor('input'),
        call.tensor('index'),
        call.tensor('source'),
      ]),
    { inPlace: true },
  ),
  both(
    'index_fill(input, dim, index, value)',
    (call) =>
      call.record(indexFill, { dim: call.int('dim') }, [
        call.tensor('input'),
        call.tensor('index'),
        tensorOperand(call, 'value'),
      ]),
    { inPlace: true },
  ),
  both('isin(elements, test_elements, *, assume_unique=False, invert=False)', (call) => {
    // Each element is compared with all the others'; the result has the shape of the elements.
    const operands = [operandOf(call.runtime, call.value('elements'), 'elements')];
    return recordElementwise(call, 'eq', [...operands, { kind: 'int', value: undefined }]);
  }),
  methodOnly('index_put(input, indices, values, accumulate=False)', (call) => {
    const copy = recordMove(call, clone, {}, call.tensor('input'), inOrder);
    const key = new PyTuple(sequenceItems(call.runtime, call.value('indices'), 'indices'));
    setItem(call.runtime, copy, key, call.value('values'));
    return copy;
  }),
  methodOnly('index_put_(input, indices, values, accumulate=False)', indexPutMethod),
  both('masked_fill(input, mask, value)', maskFilled, { inPlace: true }),
  both(
    'masked_scatter(input, mask, source)',
    (call) => call.record(maskedScatter, {}, [call.tensor('input'), call.tensor('mask'), call.tensor('source')]),
    { inPlace: true },
  ),
  both('masked_select(input, mask)', maskSelected),
  both('nonzero(input, *, as_tuple=False)', (call) =>
    nonzeroPlaces(call, call.tensor('input'), call.boolean('as_tuple') ? 'tuple' : 'rows'),
  ),
  both('argwhere(input)', (call) => nonzeroPlaces(call, call.tensor('input'), 'rows')),
  functionOnly(
    'searchsorted(sorted_sequence, input, *, out_int32=False, right=False, side=None, sorter=None)',
    (call) => searched(call, 'sorted_sequence', 'input'),
  ),
  functionOnly('bucketize(input, boundaries, *, out_int32=False, right=False)', (call) =>
    searched(call, 'boundaries', 'input'),
  ),
];
