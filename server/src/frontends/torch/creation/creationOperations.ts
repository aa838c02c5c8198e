/**
 * Tensors from nothing: zeros, ones, full, rand, arange, linspace, eye, tensor, from_numpy, and the `_like`, `new_` forms.
 * torch.arange(0, 10, 3) -> 4 int64 with elements 0, 3, 6, 9; torch.zeros(2, 3) -> 2x3 float32.
 */
import { PyFloat, PyList, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import { unknownDim, type Dim } from '../../../graph/dim.ts';
import { isFloatingPoint, type DType } from '../../../graph/dtype.ts';
import type { Shape } from '../../../graph/tensorType.ts';
import {
  arange,
  bernoulli,
  eye,
  full,
  fullLike,
  linspace,
  multinomial,
  random,
  randomLike,
} from '../../../operators/creation.ts';
import { ArrayValue } from '../libraries/numpy/arrayValue.ts';
import { countOf, numericShape } from '../tensor/knownArray.ts';
import { functionOnly, methodOnly, both, type TensorOperation } from '../tensor/operation.ts';
import { scalarOf, type Scalar } from '../tensor/operands.ts';
import { roundedTo } from '../tensor/rounding.ts';
import { castTo } from '../tensor/castOperations.ts';
import { setElements } from '../tensor/views.ts';
import { TensorValue } from '../tensorValue.ts';
import { asDim, plainInt, UnknownArgument, type TorchCall } from '../torchNatives.ts';
import { makeTensor, worldOf } from '../torchWorld.ts';
import { dtypeArgument, MAKER, sizeArgument, withGrad } from './creationArguments.ts';
import { tensorFromValue } from './fromData.ts';

/** Constants of more elements than this are not spelled out: index tables are small, and so are their mistakes. */
const MAX_SPELLED_OUT = 4096;

/** A constant; its elements are known where it is small. */
export function constantTensor(call: TorchCall, shape: Shape, dtype: DType, value: number | undefined): TensorValue {
  const output = call.record(full, { shape, dtype }, []);
  return withGrad(call, withConstant(output, value));
}

function withConstant(output: TensorValue, value: number | undefined): TensorValue {
  return setElements(output, () => {
    const shape = numericShape(output.type.shape);
    if (value === undefined || shape === undefined || countOf(shape) > MAX_SPELLED_OUT) return undefined;
    const rounded = roundedTo(output.type.dtype, [value])?.[0];
    return rounded === undefined ? undefined : Array.from({ length: countOf(shape) }, () => rounded);
  });
}

function filled(name: string, value: number | undefined): TensorOperation {
  return functionOnly(`${name}(*sizes, size=None, ${MAKER})`, (call) =>
    constantTensor(call, sizeArgument(call), dtypeArgument(call), value),
  );
}

function scalarArgument(call: TorchCall, name: string): Scalar {
  const value = call.value(name);
  if (value instanceof PyUnknown) throw new UnknownArgument(value.reason);
  if (value instanceof TensorValue) {
    return { kind: isFloatingPoint(value.type.dtype) ? 'float' : 'int', value: value.data?.[0] };
  }
  return scalarOf(value) ?? call.runtime.raise('TypeError', `argument '${name}' must be Number`);
}

/** The dtype that `torch.full` and `torch.tensor` take from a number. */
function scalarDType(call: TorchCall, { kind }: Scalar): DType {
  const { defaultDType } = worldOf(call.runtime);
  if (kind === 'int') return 'int64';
  if (kind === 'bool') return 'bool';
  return kind === 'complex' ? 'complex64' : defaultDType;
}

function randomTensor(call: TorchCall, shape: Shape, dtype: DType): Value {
  return withGrad(call, call.record(random, { shape, dtype }, []));
}

function randomInts(call: TorchCall): Value {
  // `randint(high, size)` and `randint(low, high, size)` share their positions.
  const size = call.value('size') === null ? call.value('high') : call.value('size');
  return randomTensor(call, dimsOf(call, size), dtypeArgument(call, 'int64'));
}

function dimsOf(call: TorchCall, size: Value): Shape {
  if (size instanceof PyTuple || size instanceof PyList)
    return size.items.map((item) => asDim(call.runtime, item, 'size'));
  if (size instanceof PyUnknown) throw new UnknownArgument(size.reason);
  return call.runtime.raise('TypeError', "randint(): argument 'size' must be tuple of ints");
}

/** Bounds of a range; a tensor's element counts, a symbolic int stays a dim. */
function bound(call: TorchCall, value: Value): { readonly dim: Dim; readonly isFloat: boolean } {
  if (value instanceof PyFloat) return { dim: value.value, isFloat: true };
  if (value instanceof TensorValue) {
    const isFloat = isFloatingPoint(value.type.dtype);
    return { dim: value.data?.[0] ?? unknownDim('a bound of the range is the content of a tensor'), isFloat };
  }
  return { dim: asDim(call.runtime, plainInt(value), 'end'), isFloat: false };
}

function ranged(call: TorchCall): Value {
  const [first, second] = [call.value('start'), call.value('end')];
  if (second === null && call.value('step') !== 1 && call.value('step') !== 1n) {
    call.runtime.raise('TypeError', 'arange() expected an end beside the step');
  }
  const start = second === null ? { dim: 0, isFloat: false } : bound(call, first);
  const end = bound(call, second ?? first);
  const step = bound(call, call.value('step'));
  const isFloat = [start, end, step].some((one) => one.isFloat);
  const dtype = dtypeArgument(call, isFloat ? undefined : 'int64');
  const output = call.record(arange, { start: start.dim, end: end.dim, step: step.dim, dtype }, []);
  return withGrad(
    call,
    setElements(output, () => {
      const count = numericShape(output.type.shape)?.[0];
      const [from, by] = [start.dim, step.dim];
      if (count === undefined || typeof from !== 'number' || typeof by !== 'number') return undefined;
      if (count > MAX_SPELLED_OUT * 16) return undefined;
      return roundedTo(
        dtype,
        Array.from({ length: count }, (_, at) => from + at * by),
      );
    }),
  );
}

/** PyTorch counts from both ends, so that the last element is exact; in float32 where the dtype is. */
function spaced(call: TorchCall): Value {
  const steps = call.dim('steps');
  const dtype = dtypeArgument(call);
  const output = call.record(linspace, { steps, dtype }, []);
  return withGrad(
    call,
    setElements(output, () => {
      const [start, end] = [scalarArgument(call, 'start').value, scalarArgument(call, 'end').value];
      if (typeof steps !== 'number' || start === undefined || end === undefined) return undefined;
      return spacedElements(start, end, steps, dtype);
    }),
  );
}

function spacedElements(start: number, end: number, steps: number, dtype: DType): readonly number[] | undefined {
  const round = dtype === 'float32' ? Math.fround : (value: number): number => value;
  const [first, last] = [round(start), round(end)];
  const step = steps > 1 ? round(round(last - first) / (steps - 1)) : 0;
  const elements = Array.from({ length: steps }, (_, at) =>
    at < Math.floor(steps / 2) ? first + step * at : steps === 1 ? first : last - step * (steps - at - 1),
  );
  return roundedTo(dtype, elements);
}

function identity(call: TorchCall): Value {
  const rows = call.dim('n');
  const columns = call.value('m') === null ? rows : call.dim('m');
  const dtype = dtypeArgument(call);
  const output = call.record(eye, { rows, columns, dtype }, []);
  return setElements(output, () => {
    if (typeof rows !== 'number' || typeof columns !== 'number' || rows * columns > MAX_SPELLED_OUT) return undefined;
    return Array.from({ length: rows * columns }, (_, at) => Number(Math.floor(at / columns) === at % columns));
  });
}

/** `torch.tensor(data)`: known elements; a tensor as data is copied. */
function fromData(call: TorchCall): Value {
  const data = call.value('data');
  const dtype = call.value('dtype') === null ? undefined : dtypeArgument(call);
  return withGrad(call, tensorFromValue(call.runtime, data, dtype));
}

/** `torch.as_tensor(x)` is x itself where dtype allows. */
function asTensorArgument(call: TorchCall): Value {
  const data = call.value('data');
  if (!(data instanceof TensorValue)) return fromData(call);
  return call.value('dtype') === null ? data : castTo(call, data, dtypeArgument(call));
}

function fromArray(call: TorchCall): Value {
  const array = call.value('ndarray');
  if (array instanceof PyUnknown) throw new UnknownArgument(array.reason);
  if (!(array instanceof ArrayValue)) {
    return call.runtime.raise('TypeError', `expected np.ndarray (got ${call.runtime.typeOf(array).name})`);
  }
  return makeTensor(call.runtime, array.type, array.data);
}

/** `zeros_like` and its kin: a value for the constant ones. */
function likeInput(name: string, makesRandom: boolean, value: number | undefined, parameters = ''): TensorOperation {
  return functionOnly(`${name}(input${parameters}, *, ${MAKER})`, (call) => {
    const input = call.tensor('input');
    const dtype = dtypeArgument(call, input.type.dtype);
    const output = call.record(makesRandom ? randomLike : fullLike, { dtype }, [input]);
    const constant = name === 'full_like' ? scalarArgument(call, 'fill_value').value : value;
    return withGrad(call, withConstant(output, constant));
  });
}

function newTensor(name: string, value: number | undefined): TensorOperation {
  return methodOnly(`${name}(input, *sizes, size=None, ${MAKER})`, (call) => {
    const dtype = dtypeArgument(call, call.tensor('input').type.dtype);
    return constantTensor(call, sizeArgument(call), dtype, value);
  });
}

/** `normal(mean, std, size)`, or in the shape of a tensor of means or deviations. */
function normal(call: TorchCall): Value {
  const like = [call.value('mean'), call.value('std')].find((value) => value instanceof TensorValue);
  if (like instanceof TensorValue) return call.record(randomLike, { dtype: like.type.dtype }, [like]);
  return randomTensor(call, call.dims('size'), dtypeArgument(call));
}

export const creationOperations: readonly TensorOperation[] = [
  filled('zeros', 0),
  filled('ones', 1),
  filled('empty', undefined),
  functionOnly(`full(size, fill_value, *, ${MAKER})`, (call) => {
    const value = scalarArgument(call, 'fill_value');
    return constantTensor(call, call.dims('size'), dtypeArgument(call, scalarDType(call, value)), value.value);
  }),
  functionOnly(`empty_strided(size, stride, *, ${MAKER})`, (call) =>
    constantTensor(call, call.dims('size'), dtypeArgument(call), undefined),
  ),
  functionOnly(`rand(*sizes, size=None, generator=None, ${MAKER})`, (call) =>
    randomTensor(call, sizeArgument(call), dtypeArgument(call)),
  ),
  functionOnly(`randn(*sizes, size=None, generator=None, ${MAKER})`, (call) =>
    randomTensor(call, sizeArgument(call), dtypeArgument(call)),
  ),
  functionOnly(`randint(low=0, high=None, size=None, *, generator=None, ${MAKER})`, randomInts),
  functionOnly(`randperm(n, *, generator=None, ${MAKER})`, (call) =>
    randomTensor(call, [call.dim('n')], dtypeArgument(call, 'int64')),
  ),
  functionOnly(`normal(mean=0.0, std=1.0, size=None, *, generator=None, ${MAKER})`, normal),
  both('bernoulli(input, p=None, *, generator=None, out=None)', (call) =>
    call.record(bernoulli, {}, [call.tensor('input')]),
  ),
  both('multinomial(input, num_samples, replacement=False, *, generator=None, out=None)', (call) =>
    call.record(multinomial, { count: call.dim('num_samples') }, [call.tensor('input')]),
  ),
  functionOnly(`arange(start, end=None, step=1, *, ${MAKER})`, ranged),
  functionOnly(`linspace(start, end, steps=100, *, ${MAKER})`, spaced),
  functionOnly(`logspace(start, end, steps=100, base=10.0, *, ${MAKER})`, (call) =>
    call.record(linspace, { steps: call.dim('steps'), dtype: dtypeArgument(call) }, []),
  ),
  functionOnly(`eye(n, m=None, *, ${MAKER})`, identity),
  functionOnly('tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False)', fromData),
  functionOnly('as_tensor(data, dtype=None, device=None)', asTensorArgument),
  functionOnly('asarray(data, *, dtype=None, device=None, copy=None, requires_grad=False)', asTensorArgument),
  functionOnly('scalar_tensor(s, *, dtype=None, layout=None, device=None, pin_memory=False)', (call) =>
    constantTensor(call, [], dtypeArgument(call), scalarArgument(call, 's').value),
  ),
  functionOnly('from_numpy(ndarray)', fromArray),
  likeInput('zeros_like', false, 0),
  likeInput('ones_like', false, 1),
  likeInput('empty_like', false, undefined),
  likeInput('full_like', false, undefined, ', fill_value'),
  likeInput('rand_like', true, undefined),
  likeInput('randn_like', true, undefined),
  likeInput('randint_like', true, undefined, ', low=0, high=None'),
  methodOnly(`new(input, *sizes, size=None, ${MAKER})`, (call) =>
    constantTensor(call, sizeArgument(call), call.tensor('input').type.dtype, undefined),
  ),
  newTensor('new_zeros', 0),
  newTensor('new_ones', 1),
  newTensor('new_empty', undefined),
  methodOnly(`new_full(input, size, fill_value, *, ${MAKER})`, (call) =>
    constantTensor(
      call,
      call.dims('size'),
      dtypeArgument(call, call.tensor('input').type.dtype),
      scalarArgument(call, 'fill_value').value,
    ),
  ),
  methodOnly('new_tensor(input, data, *, dtype=None, device=None, requires_grad=False)', (call) =>
    withGrad(
      call,
      tensorFromValue(call.runtime, call.value('data'), dtypeArgument(call, call.tensor('input').type.dtype)),
    ),
  ),
];
