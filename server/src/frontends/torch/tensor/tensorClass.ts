/**
 * torch.Tensor: its methods, properties, operators and constructors, put into the class on first use.
 * `x.shape` is a torch.Size, `x + 1` records an `add`, `x[0]` an `index`, `for row in x` unbinds dim 0.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { identity } from '../../../evaluation/containers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import {
  NativeFunction,
  NOT_IMPLEMENTED,
  PyIterator,
  PyProperty,
  PyUnknown,
  type PyClass,
  type Value,
} from '../../../evaluation/values.ts';
import { bitsPerElement } from '../../../graph/dtype.ts';
import { multiplyDims } from '../../../graph/dim.ts';
import { elementCount, printType } from '../../../graph/tensorType.ts';
import { TensorValue } from '../tensorValue.ts';
import { asTensor, guardUnknown, torchFunction, TorchCall } from '../torchNatives.ts';
import { dimValue, sizeValue, worldOf } from '../torchWorld.ts';
import { allocateTensor } from '../creation/legacyConstructor.ts';
import { sameTensor } from './castOperations.ts';
import { itemOf } from './dataOperations.ts';
import { makeDevice } from './deviceValue.ts';
import { getItem, setItem } from './indexing.ts';
import { assignTensor } from './inPlace.ts';
import { unbound } from './joinOperations.ts';
import { knownArray } from './knownArray.ts';
import { isOperand, operandOf, recordElementwise } from './operands.ts';
import { methodsOf } from './operation.ts';
import { reversedDims, transposed } from './shapeOperations.ts';
import { tensorOperations } from './tensorOperations.ts';
import { unmodelledMembers } from './unmodelledMembers.ts';
import type { ElementwiseName } from '../../../operators/elementwise.ts';

/** `torch.Tensor`, made ready on first use. */
export function tensorClass(runtime: Runtime): PyClass {
  const { tensorClass: cls } = worldOf(runtime);
  if (cls.allocate !== undefined) return cls;
  cls.allocate = allocateTensor;
  const methods = methodsOf(tensorOperations);
  for (const [name, method] of [...methods, ...operators(methods), ...protocol, ...properties()]) {
    cls.attributes.set(name, method);
  }
  for (const [name, member] of unmodelledMembers()) {
    if (!cls.attributes.has(name)) cls.attributes.set(name, member);
  }
  return cls;
}

/** [Python method, method of tensors]; the operand that comes second may be a number. */
const BINARY: readonly (readonly [string, string])[] = [
  ['__add__', 'add'],
  ['__sub__', 'sub'],
  ['__mul__', 'mul'],
  ['__truediv__', 'div'],
  ['__floordiv__', 'floor_divide'],
  ['__mod__', 'remainder'],
  ['__pow__', 'pow'],
  ['__matmul__', 'matmul'],
  ['__lshift__', 'bitwise_left_shift'],
  ['__rshift__', 'bitwise_right_shift'],
  ['__and__', 'bitwise_and'],
  ['__or__', 'bitwise_or'],
  ['__xor__', 'bitwise_xor'],
  ['__iadd__', 'add_'],
  ['__isub__', 'sub_'],
  ['__imul__', 'mul_'],
  ['__itruediv__', 'div_'],
  ['__ifloordiv__', 'floor_divide_'],
  ['__imod__', 'remainder_'],
  ['__ipow__', 'pow_'],
  ['__ilshift__', 'bitwise_left_shift_'],
  ['__irshift__', 'bitwise_right_shift_'],
  ['__iand__', 'bitwise_and_'],
  ['__ior__', 'bitwise_or_'],
  ['__ixor__', 'bitwise_xor_'],
  ['__eq__', 'eq'],
  ['__ne__', 'ne'],
  ['__lt__', 'lt'],
  ['__le__', 'le'],
  ['__gt__', 'gt'],
  ['__ge__', 'ge'],
];

const REFLECTED: readonly (readonly [string, ElementwiseName])[] = [
  ['__radd__', 'add'],
  ['__rsub__', 'sub'],
  ['__rmul__', 'mul'],
  ['__rtruediv__', 'div'],
  ['__rfloordiv__', 'floorDiv'],
  ['__rmod__', 'remainder'],
  ['__rpow__', 'pow'],
  ['__rlshift__', 'bitwiseLeftShift'],
  ['__rrshift__', 'bitwiseRightShift'],
  ['__rand__', 'bitwiseAnd'],
  ['__ror__', 'bitwiseOr'],
  ['__rxor__', 'bitwiseXor'],
];

const UNARY: readonly (readonly [string, string])[] = [
  ['__neg__', 'neg'],
  ['__pos__', 'positive'],
  ['__abs__', 'abs'],
  ['__invert__', 'bitwise_not'],
];

function operators(methods: ReadonlyMap<string, NativeFunction>): readonly (readonly [string, Value])[] {
  const direct = [...BINARY, ...UNARY].map(([name, method]): [string, Value] => [
    name,
    forOperands(name, methods.get(method)),
  ]);
  const reflected = REFLECTED.map(([name, operator]): [string, Value] => {
    const signature = `${name}(input, other)`;
    const body = torchFunction(signature, 'torch.Tensor', (call) =>
      recordElementwise(call, operator, [operandOf(call.runtime, call.value('other'), 'other'), call.tensor('input')]),
    );
    return [name, forOperands(name, body)];
  });
  return [...direct, ...reflected];
}

/** Leaves operands that no tensor understands to Python: `x == None` is False. */
function forOperands(name: string, method: NativeFunction | undefined): NativeFunction {
  return new NativeFunction(
    name,
    (runtime, args) => {
      const [, other] = args.positional;
      if (method === undefined || (other !== undefined && !isOperand(other))) return NOT_IMPLEMENTED;
      return method.call(runtime, args);
    },
    `torch.Tensor.${name}`,
  );
}

const protocol = members('torch.Tensor', {
  '__init__(self, *args, **kwargs)': () => null,
  '__getitem__(self, key)': (runtime, self, key) => getItem(runtime, asTensor(runtime, self, 'self'), key),
  '__setitem__(self, key, value)': (runtime, self, key, value) => {
    setItem(runtime, asTensor(runtime, self, 'self'), key, value);
    return null;
  },
  '__len__(self)': lengthOf,
  '__iter__(self)': iterate,
  '__bool__(self)': truthOf,
  '__int__(self)': wholeNumber,
  '__index__(self)': wholeNumber,
  '__float__(self)': (runtime, self) => {
    const item = itemOf(runtime, asTensor(runtime, self, 'self'));
    return item instanceof PyUnknown ? item : runtime.call(runtime.builtinClass('float'), [item]);
  },
  '__hash__(self)': (_, self) => identity(self as TensorValue),
  '__contains__(self, element)': contains,
  '__repr__(self)': (runtime, self) => `tensor(${printType(asTensor(runtime, self, 'self').type)})`,
  '__format__(self, spec)': (runtime, self) => runtime.str(self),
  '__array__(self, dtype=None)': (runtime, self) => runtime.callMethod(self, 'numpy'),
});

function lengthOf(runtime: Runtime, self: Value): Value {
  const { shape } = asTensor(runtime, self, 'self').type;
  if (shape === undefined) return runtime.unknown('the rank of the tensor is unknown');
  const [first] = shape;
  return first === undefined ? runtime.raise('TypeError', 'len() of a 0-d tensor') : dimValue(first);
}

function iterate(runtime: Runtime, self: Value): Value {
  const tensor = asTensor(runtime, self, 'self');
  const [first] = tensor.type.shape ?? [];
  if (typeof first !== 'number') return runtime.unknown('the length of the tensor is not known');
  const call = new TorchCall(runtime, {}, 'torch.Tensor.__iter__');
  return new PyIterator(
    (unbound(call, tensor, 0) as readonly Value[])[Symbol.iterator]() as Iterator<Value, Value, Value>,
  );
}

function truthOf(runtime: Runtime, self: Value): Value {
  const tensor = asTensor(runtime, self, 'self');
  const count = elementCount(tensor.type.shape);
  if (typeof count === 'number' && count > 1) {
    return runtime.raise('RuntimeError', 'Boolean value of Tensor with more than one value is ambiguous');
  }
  const [element] = tensor.data ?? [];
  return element === undefined
    ? runtime.unknown('the elements of a tensor are not known before it runs')
    : element !== 0;
}

function wholeNumber(runtime: Runtime, self: Value): Value {
  const item = itemOf(runtime, asTensor(runtime, self, 'self'));
  return item instanceof PyUnknown ? item : runtime.call(runtime.builtinClass('int'), [item]);
}

function contains(runtime: Runtime, self: Value, element: Value): Value {
  const known = knownArray(asTensor(runtime, self, 'self'));
  const wanted = element instanceof TensorValue ? element.data?.[0] : operandOf(runtime, element, 'element');
  const value = typeof wanted === 'object' && 'value' in wanted ? wanted.value : wanted;
  if (known === undefined || typeof value !== 'number') {
    return runtime.unknown('the elements of a tensor are not known before it runs');
  }
  return known.data.includes(value);
}

type Getter = (runtime: Runtime, tensor: TensorValue) => Value;
type Setter = (runtime: Runtime, tensor: TensorValue, value: Value) => void;

const ALWAYS: Readonly<Record<string, Value>> = {
  is_cuda: false,
  is_cpu: true,
  is_meta: false,
  is_sparse: false,
  is_sparse_csr: false,
  is_quantized: false,
  is_mps: false,
  is_xla: false,
  is_xpu: false,
  is_mkldnn: false,
  is_nested: false,
  is_leaf: true,
  retains_grad: false,
  grad_fn: null,
  names: null,
  _version: 0,
};

const GETTERS: Readonly<Record<string, Getter>> = {
  shape: (runtime, { type }) =>
    type.shape === undefined ? runtime.unknown('the rank of the tensor is unknown') : sizeValue(runtime, type.shape),
  ndim: (runtime, { type }) => type.shape?.length ?? runtime.unknown('the rank of the tensor is unknown'),
  dtype: (runtime, { type }) =>
    type.dtype === 'unknown'
      ? runtime.unknown('the dtype of the tensor is unknown')
      : worldOf(runtime).dtype(type.dtype),
  device: (runtime) => makeDevice(runtime, 'cpu'),
  layout: (runtime) => runtime.getAttribute(runtime.importModule('torch'), 'strided'),
  itemsize: (_, { type }) => Math.ceil((bitsPerElement(type.dtype) ?? 0) / 8),
  nbytes: (_, { type }) =>
    dimValue(multiplyDims(elementCount(type.shape), Math.ceil((bitsPerElement(type.dtype) ?? 0) / 8))),
  T: (runtime, tensor) => viewed(runtime, tensor, 'T', (call) => reversedDims(call, tensor)),
  H: (runtime, tensor) => viewed(runtime, tensor, 'H', (call) => reversedDims(call, tensor)),
  mT: (runtime, tensor) => viewed(runtime, tensor, 'mT', (call) => transposed(call, tensor, -2, -1)),
  mH: (runtime, tensor) => viewed(runtime, tensor, 'mH', (call) => transposed(call, tensor, -2, -1)),
  real: (runtime, tensor) => viewed(runtime, tensor, 'real', (call) => recordElementwise(call, 'real', [tensor])),
  imag: (runtime, tensor) => viewed(runtime, tensor, 'imag', (call) => recordElementwise(call, 'imag', [tensor])),
};

function viewed(runtime: Runtime, tensor: TensorValue, name: string, body: (call: TorchCall) => Value): Value {
  const originalOp = `torch.Tensor.${name}`;
  return guardUnknown(runtime, originalOp, [tensor], () => body(new TorchCall(runtime, {}, originalOp)));
}

function properties(): readonly (readonly [string, Value])[] {
  return [
    ...Object.entries(ALWAYS).map(([name, value]) => property(name, () => value)),
    ...Object.entries(GETTERS).map(([name, getter]) => property(name, getter)),
    property(
      'data',
      (runtime, tensor) => sameTensor({ runtime }, tensor),
      (runtime, tensor, value) => {
        if (value instanceof TensorValue) assignTensor(runtime, tensor, value);
      },
    ),
    property(
      'grad',
      (_, tensor) => tensor.attributes.get('grad') ?? null,
      (runtime, tensor, value) => {
        runtime.mutating(tensor);
        tensor.attributes.set('grad', value);
      },
    ),
    property(
      'requires_grad',
      (_, tensor) => tensor.requiresGrad,
      (runtime, tensor, value) => {
        runtime.mutating(tensor);
        tensor.requiresGrad = value !== false;
      },
    ),
  ];
}

function property(name: string, getter: Getter, setter?: Setter): [string, PyProperty] {
  const qualified = `torch.Tensor.${name}`;
  const get = new NativeFunction(
    name,
    (runtime, { positional: [self = null] }) => getter(runtime, asTensor(runtime, self, 'self')),
    qualified,
  );
  const set =
    setter &&
    new NativeFunction(
      name,
      (runtime, { positional: [self = null, value = null] }) => {
        setter(runtime, asTensor(runtime, self, 'self'), value);
        return null;
      },
      qualified,
    );
  return [name, new PyProperty(get, set ?? null)];
}
