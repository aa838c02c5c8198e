/**
 * Tensors from Python data: torch.tensor([[1, 2], [3, 4]]) -> 2x2 int64 with its four numbers known.
 * A list of tensors of one element each takes their elements; anything unknown inside leaves the elements unknown.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyList, PyRange, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import type { Dim } from '../../../graph/dim.ts';
import type { DType } from '../../../graph/dtype.ts';
import { printShape, tensorType } from '../../../graph/tensorType.ts';
import { promoteTypes } from '../../../operators/promotion.ts';
import { scalarOf } from '../tensor/operands.ts';
import { roundedTo } from '../tensor/rounding.ts';
import { MAX_KNOWN_ELEMENTS, TensorValue } from '../tensorValue.ts';
import { UnknownArgument } from '../torchNatives.ts';
import { makeTensor, worldOf } from '../torchWorld.ts';
import { ArrayValue } from '../libraries/numpy/arrayValue.ts';

interface Data {
  readonly shape: readonly Dim[];
  /** Undefined for an empty list, which has no type of its own. */
  readonly dtype: DType | undefined;
  readonly elements: readonly number[] | undefined;
}

/** `torch.tensor(value, dtype)`; with `purpose` "index", an empty list is int64 and Python's floats are refused. */
export function tensorFromValue(
  runtime: Runtime,
  value: Value,
  dtype: DType | undefined,
  purpose: 'data' | 'index' = 'data',
): TensorValue {
  const data = readData(runtime, value);
  const own = data.dtype ?? (purpose === 'index' ? 'int64' : worldOf(runtime).defaultDType);
  const result = dtype ?? own;
  const elements = data.elements && roundedTo(result, data.elements);
  return makeTensor(runtime, tensorType(result, data.shape), elements);
}

function readData(runtime: Runtime, value: Value): Data {
  if (value instanceof TensorValue || value instanceof ArrayValue) {
    const { dtype, shape } = value.type;
    if (shape === undefined) throw new UnknownArgument('the rank of the data is unknown');
    return { shape, dtype, elements: value.data };
  }
  if (value instanceof PyUnknown) throw new UnknownArgument(value.reason);
  const scalar = scalarOf(value);
  if (scalar !== undefined) {
    const elements = scalar.value === undefined ? undefined : [scalar.value];
    return { shape: [], dtype: scalarType(runtime, scalar.kind), elements };
  }
  if (value instanceof PyList || value instanceof PyTuple) return readSequence(runtime, value.items);
  if (value instanceof PyRange) return readSequence(runtime, [...runtime.iterate(value)]);
  return runtime.raise('TypeError', `new(): data must be a sequence, not ${runtime.typeOf(value).name}`);
}

function readSequence(runtime: Runtime, items: readonly Value[]): Data {
  runtime.step(items.length);
  const parts = items.map((item) => readItem(runtime, item));
  const [first] = parts;
  if (first === undefined) return { shape: [0], dtype: undefined, elements: [] };
  const uneven = parts.find((part) => part.shape.length !== first.shape.length || differs(part.shape, first.shape));
  if (uneven !== undefined) {
    runtime.raise(
      'ValueError',
      `expected sequences of one shape, got ${printShape(first.shape)} and ${printShape(uneven.shape)}`,
    );
  }
  const types = parts.map((part) => part.dtype).filter((dtype) => dtype !== undefined);
  const dtype = types.reduce<DType | undefined>(
    (all, one) => (all === undefined ? one : promoteTypes(all, one)),
    undefined,
  );
  const elements = parts.every((part) => part.elements !== undefined)
    ? parts.flatMap((part) => part.elements ?? [])
    : undefined;
  const isSmall = elements !== undefined && elements.length <= MAX_KNOWN_ELEMENTS;
  return { shape: [items.length, ...first.shape], dtype, elements: isSmall ? elements : undefined };
}

/** An unknown number among the items leaves the shape known, if the others are numbers. */
function readItem(runtime: Runtime, item: Value): Data {
  if (item instanceof PyUnknown) return { shape: [], dtype: undefined, elements: undefined };
  return readData(runtime, item);
}

function differs(left: readonly Dim[], right: readonly Dim[]): boolean {
  return left.some((dim, at) => typeof dim === 'number' && typeof right[at] === 'number' && dim !== right[at]);
}

function scalarType(runtime: Runtime, kind: 'bool' | 'int' | 'float' | 'complex'): DType {
  const { defaultDType } = worldOf(runtime);
  if (kind === 'bool') return 'bool';
  if (kind === 'int') return 'int64';
  if (kind === 'complex') return defaultDType === 'float64' ? 'complex128' : 'complex64';
  return defaultDType;
}
