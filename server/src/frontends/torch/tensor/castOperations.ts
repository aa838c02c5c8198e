/**
 * Types, places and copies: x.half(), x.to('cuda', torch.float16), x.type_as(y), x.clone(), x.detach(), x.cpu().
 * A cast to the dtype that a tensor has, and every move between devices, is the tensor itself.
 */
import { NativeFunction, PyClass, PyDict, PyTuple, type Value } from '../../../evaluation/values.ts';
import { isComplex, isFloatingPoint, type DType } from '../../../graph/dtype.ts';
import { cast } from '../../../operators/elementwise.ts';
import { clone } from '../../../operators/identity.ts';
import { hasContiguousElements } from '../layout/layout.ts';
import { addHook } from '../modules/moduleHooks.ts';
import { DTypeValue, TensorValue } from '../tensorValue.ts';
import { asDType, type TorchCall } from '../torchNatives.ts';
import { worldOf } from '../torchWorld.ts';
import { LEGACY_TYPE_NAMES } from './dtypeNames.ts';
import { both, functionOnly, methodOnly, type TensorOperation } from './operation.ts';
import { inMemoryFormat } from './memoryFormat.ts';
import { roundedTo } from './rounding.ts';
import { inOrder, recordMove, setElements, showElements } from './views.ts';

/** The tensor with another element type; itself where it has that type. */
export function castTo(call: TorchCall, input: TensorValue, dtype: DType): TensorValue {
  if (input.type.dtype === dtype) return input;
  const output = call.record(cast, { dtype }, [input]);
  return setElements(output, () => input.data && roundedTo(dtype, input.data));
}

/** Another tensor object over the same memory and graph value: `x.detach()`, `x.data`. */
export function sameTensor(call: Pick<TorchCall, 'runtime'>, input: TensorValue): TensorValue {
  const output = new TensorValue(worldOf(call.runtime).tensorClass, input.type);
  Object.assign(output, { valueId: input.valueId, owner: input.owner, stored: input.stored, layout: input.layout });
  showElements(input, output, inOrder);
  return output;
}

const CASTS: readonly (readonly [string, DType])[] = [
  ['double', 'float64'],
  ['float', 'float32'],
  ['half', 'float16'],
  ['bfloat16', 'bfloat16'],
  ['long', 'int64'],
  ['int', 'int32'],
  ['short', 'int16'],
  ['char', 'int8'],
  ['byte', 'uint8'],
  ['bool', 'bool'],
  ['cfloat', 'complex64'],
  ['cdouble', 'complex128'],
];

/** `x.to(dtype)`, `x.to(device, dtype)`, `x.to(other)`; devices and flags change nothing. */
function movedTo(call: TorchCall): Value {
  const input = call.tensor('input');
  const given = call.value('args');
  const values = [...(given instanceof PyTuple ? given.items : []), call.value('dtype'), call.value('other')];
  const other = values.find((value) => value instanceof TensorValue);
  if (other instanceof TensorValue) return castTo(call, input, other.type.dtype);
  const dtype = values.find((value) => isDType(call, value));
  const named = dtype === undefined ? undefined : asDType(call.runtime, dtype, 'dtype');
  const output = named === undefined ? input : castTo(call, input, named);
  const copy = call.value('copy') === true && output === input ? recordMove(call, clone, {}, input, inOrder) : output;
  const format = call.value('memory_format');
  return format === null ? copy : inMemoryFormat(call.runtime, copy === input ? sameTensor(call, input) : copy, format);
}

function isDType(call: TorchCall, value: Value): boolean {
  if (value instanceof DTypeValue) return true;
  return value instanceof PyClass && ['float', 'int', 'bool'].some((name) => value === call.runtime.builtinClass(name));
}

/** `x.type(torch.float16)`, `x.type(torch.LongTensor)`, `x.type('torch.FloatTensor')`; without an argument, its name. */
function typed(call: TorchCall): Value {
  const input = call.tensor('input');
  const given = call.value('dtype');
  if (given === null) {
    const [name = `${input.type.dtype} Tensor`] =
      [...LEGACY_TYPE_NAMES].find(([, dtype]) => dtype === input.type.dtype) ?? [];
    return `torch.${name}`;
  }
  const name = typeof given === 'string' ? given.split('.').at(-1) : legacyName(given);
  const dtype = name === undefined ? asDType(call.runtime, given, 'dtype') : LEGACY_TYPE_NAMES.get(name);
  return dtype === undefined ? input : castTo(call, input, dtype);
}

function legacyName(value: Value): string | undefined {
  return value instanceof PyClass || value instanceof NativeFunction ? value.name : undefined;
}

function isOf(check: (dtype: DType) => boolean): (call: TorchCall) => Value {
  return (call) => {
    const { dtype } = call.tensor('input').type;
    return dtype === 'unknown' ? call.runtime.unknown('the dtype is unknown') : check(dtype);
  };
}

const ITSELF = (call: TorchCall): Value => call.tensor('input');

export const castOperations: readonly TensorOperation[] = [
  ...CASTS.map(([name, dtype]) =>
    methodOnly(`${name}(input, memory_format=None)`, (call) => castTo(call, call.tensor('input'), dtype)),
  ),
  methodOnly(
    'to(input, *args, device=None, dtype=None, other=None, non_blocking=False, copy=False, memory_format=None)',
    movedTo,
  ),
  methodOnly('type(input, dtype=None, non_blocking=False)', typed),
  methodOnly('type_as(input, other)', (call) => castTo(call, call.tensor('input'), call.tensor('other').type.dtype)),
  methodOnly('cpu(input, memory_format=None)', ITSELF),
  methodOnly('cuda(input, device=None, non_blocking=False, memory_format=None)', ITSELF, {
    aliases: ['npu', 'xpu', 'mps'],
  }),
  methodOnly('pin_memory(input, device=None)', ITSELF),
  methodOnly('share_memory_(input)', ITSELF),
  methodOnly('to_dense(input, dtype=None)', ITSELF),
  methodOnly('rename(input, *names)', ITSELF),
  methodOnly('as_subclass(input, cls)', ITSELF),
  methodOnly('retain_grad(input)', () => null),
  methodOnly('backward(input, gradient=None, retain_graph=None, create_graph=False, inputs=None)', () => null),
  // Hooks of tensors run in the backward pass, which we do not have.
  ...['register_hook', 'register_post_accumulate_grad_hook'].map((name) =>
    methodOnly(`${name}(input, hook)`, (call) => addHook(call.runtime, new PyDict(), call.value('hook'))),
  ),
  methodOnly('requires_grad_(input, requires_grad=True)', (call) => {
    const input = call.tensor('input');
    call.runtime.mutating(input);
    input.requiresGrad = call.boolean('requires_grad');
    return input;
  }),
  both('detach(input)', (call) => sameTensor(call, call.tensor('input')), { inPlace: true }),
  both('clone(input, *, memory_format=None)', (call) =>
    inMemoryFormat(
      call.runtime,
      recordMove(call, clone, {}, call.tensor('input'), inOrder),
      call.value('memory_format'),
    ),
  ),
  functionOnly('is_tensor(obj)', (call) => call.value('obj') instanceof TensorValue),
  both('is_floating_point(input)', isOf(isFloatingPoint)),
  both('is_complex(input)', isOf(isComplex)),
  both(
    'is_signed(input)',
    isOf((dtype) => !dtype.startsWith('uint') && dtype !== 'bool'),
  ),
  both('is_nonzero(input)', (call) => call.runtime.truth(call.tensor('input'))),
  both('is_inference(input)', () => false),
  both('is_conj(input)', () => false),
  methodOnly('is_contiguous(input, memory_format=None)', (call) => {
    const { type, layout } = call.tensor('input');
    if (call.value('memory_format') !== null) return call.runtime.unknown('memory formats are not followed here');
    return hasContiguousElements(type.shape, layout) ?? call.runtime.unknown('the memory layout is unknown');
  }),
  methodOnly('is_pinned(input, device=None)', () => false),
  methodOnly('is_shared(input)', () => false),
  methodOnly('get_device(input)', () => -1),
];
