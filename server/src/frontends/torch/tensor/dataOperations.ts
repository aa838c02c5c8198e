/**
 * From tensors back to Python, and sizes: item, tolist, numpy, size, dim, numel, stride, equal, allclose.
 * torch.tensor([[1, 2]]).tolist() is [[1, 2]]; the elements of an activation are Unknown.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyTuple, type Value } from '../../../evaluation/values.ts';
import { bitsPerElement } from '../../../graph/dtype.ts';
import { compareDims, type Dim } from '../../../graph/dim.ts';
import { elementCount } from '../../../graph/tensorType.ts';
import { arrayFrom } from '../libraries/numpy/arrayClass.ts';
import { elementValue, nestedList } from './elementValues.ts';
import type { TensorValue } from '../tensorValue.ts';
import type { TorchCall } from '../torchNatives.ts';
import { dimValue, sizeValue } from '../torchWorld.ts';
import { knownArray, wrapDim } from './knownArray.ts';
import { both, methodOnly, type TensorOperation } from './operation.ts';

const NOT_KNOWN = 'the elements of a tensor are not known before it runs';

/** The one element of a tensor as a Python number; Unknown where it is not known. */
export function itemOf(runtime: Runtime, input: TensorValue): Value {
  const count = elementCount(input.type.shape);
  if (typeof count === 'number' && count !== 1) {
    runtime.raise('RuntimeError', `a Tensor with ${count} elements cannot be converted to Scalar`);
  }
  const [element] = input.data ?? [];
  return element === undefined ? runtime.unknown(NOT_KNOWN) : elementValue(input.type.dtype, element);
}

function listOf(call: TorchCall): Value {
  const input = call.tensor('input');
  const known = knownArray(input);
  return known === undefined ? call.runtime.unknown(NOT_KNOWN) : nestedList(input.type.dtype, known);
}

function sizeOf(call: TorchCall): Value {
  const { shape } = call.tensor('input').type;
  if (shape === undefined) return call.runtime.unknown('the rank of the tensor is unknown');
  if (call.value('dim') === null) return sizeValue(call.runtime, shape);
  const dim = call.int('dim');
  return dimValue(dimOf(call, shape, dim));
}

function dimOf(call: TorchCall, shape: readonly Dim[], dim: number): Dim {
  const found = dim >= -shape.length ? shape[wrapDim(dim, shape.length)] : undefined;
  return (
    found ??
    call.runtime.raise(
      'IndexError',
      `Dimension out of range (expected to be in range of [${-shape.length}, ${shape.length - 1}], but got ${dim})`,
    )
  );
}

/** Row-major strides: PyTorch's own where the tensor is contiguous. */
function stride(call: TorchCall): Value {
  const { shape } = call.tensor('input').type;
  if (shape === undefined) return call.runtime.unknown('the rank of the tensor is unknown');
  const strides = shape.map((_, dim) => elementCount(shape.slice(dim + 1)));
  if (call.value('dim') === null) return new PyTuple(strides.map(dimValue));
  return dimValue(strides[wrapDim(call.int('dim'), strides.length)] ?? 1);
}

/** Equal for certain or different for certain only where shapes differ or all elements are known. */
function equal(call: TorchCall): Value {
  const [left, right] = [call.tensor('input'), call.tensor('other')];
  const [a, b] = [left.type.shape, right.type.shape];
  if (a !== undefined && b !== undefined) {
    if (a.length !== b.length || a.some((dim, at) => compareDims(dim, b[at] ?? -1) === 'different')) return false;
  }
  if (left === right) return true;
  const [x, y] = [knownArray(left), knownArray(right)];
  if (x === undefined || y === undefined) return call.runtime.unknown(NOT_KNOWN);
  return x.data.every((value, at) => value === y.data[at]);
}

function allClose(call: TorchCall): Value {
  const [left, right] = [call.tensor('input'), call.tensor('other')];
  if (left === right) return true;
  const [x, y] = [knownArray(left), knownArray(right)];
  if (x === undefined || y === undefined || x.data.length !== y.data.length) return call.runtime.unknown(NOT_KNOWN);
  const [relative, absolute] = [call.number('rtol'), call.number('atol')];
  return x.data.every(
    (value, at) => Math.abs(value - (y.data[at] ?? 0)) <= absolute + relative * Math.abs(y.data[at] ?? 0),
  );
}

function elementSize(call: TorchCall): Value {
  const bits = bitsPerElement(call.tensor('input').type.dtype);
  return bits === undefined ? call.runtime.unknown('the dtype is unknown') : Math.ceil(bits / 8);
}

export const dataOperations: readonly TensorOperation[] = [
  methodOnly('item(input)', (call) => itemOf(call.runtime, call.tensor('input'))),
  methodOnly('tolist(input)', listOf),
  methodOnly('numpy(input, *, force=False)', (call) => arrayFrom(call.runtime, call.tensor('input'))),
  methodOnly('size(input, dim=None)', sizeOf),
  methodOnly('dim(input)', (call) => rankValue(call), { aliases: ['ndimension'] }),
  both('numel(input)', (call) => dimValue(elementCount(call.tensor('input').type.shape))),
  methodOnly('nelement(input)', (call) => dimValue(elementCount(call.tensor('input').type.shape))),
  methodOnly('element_size(input)', elementSize),
  methodOnly('stride(input, dim=None)', stride),
  methodOnly('storage_offset(input)', () => 0),
  methodOnly('untyped_storage(input)', (call) => call.runtime.unknown('storages are not modelled'), {
    aliases: ['storage'],
  }),
  methodOnly('data_ptr(input)', (call) => call.runtime.unknown('addresses are not known')),
  both('equal(input, other)', equal),
  both('allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)', allClose),
];

function rankValue(call: TorchCall): Value {
  const { shape } = call.tensor('input').type;
  return shape === undefined ? call.runtime.unknown('the rank of the tensor is unknown') : shape.length;
}
