/**
 * `nn.Parameter(tensor)` and `nn.Buffer(tensor)`: stored tensors of the given tensor's type.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { NativeFunction, PyUnknown, type Arguments, type PyClass, type Value } from '../../../evaluation/values.ts';
import { members } from '../../../evaluation/builtins/define.ts';
import { isComplex, isFloatingPoint } from '../../../graph/dtype.ts';
import { tensorType, type TensorType } from '../../../graph/tensorType.ts';
import { StoredTensor, TensorValue } from '../tensorValue.ts';
import { worldOf } from '../torchWorld.ts';

const INERT_INIT = new NativeFunction('__init__', () => null, 'torch.nn.parameter.Parameter.__init__');

/** `torch.nn.Parameter`, made ready on first use. */
export function parameterClass(runtime: Runtime): PyClass {
  const { parameterClass: cls } = worldOf(runtime);
  if (cls.allocate === undefined) {
    cls.allocate = (inner, actual, args) => allocate(inner, actual, args, 'parameter');
    cls.attributes.set('__init__', INERT_INIT);
    for (const [name, member] of lazyMembers) cls.attributes.set(name, member);
  }
  return cls;
}

/** `torch.nn.Buffer`, made ready on first use. */
export function bufferClass(runtime: Runtime): PyClass {
  const { bufferClass: cls } = worldOf(runtime);
  if (cls.allocate === undefined) {
    cls.allocate = (inner, actual, args) => allocate(inner, actual, args, 'buffer');
    cls.attributes.set('__init__', INERT_INIT);
  }
  return cls;
}

const lazyMembers = members('torch.nn.parameter.Parameter', {
  'materialize(self, shape, device=None, dtype=None)': () => null,
});

function allocate(runtime: Runtime, cls: PyClass, args: Arguments, kind: 'parameter' | 'buffer'): Value {
  const data = args.positional[0] ?? args.keywords.get('data') ?? null;
  const requiresGrad = args.positional[1] ?? args.keywords.get('requires_grad') ?? true;
  const tensor = new TensorValue(cls, typeOf(runtime, data));
  tensor.stored = new StoredTensor(kind);
  tensor.requiresGrad = kind === 'parameter' && requiresGrad !== false;
  const { dtype } = tensor.type;
  if (tensor.requiresGrad && dtype !== 'unknown' && !isFloatingPoint(dtype) && !isComplex(dtype)) {
    runtime.raise('RuntimeError', 'Only Tensors of floating point and complex dtype can require gradients');
  }
  if (data instanceof TensorValue) tensor.data = data.data;
  return tensor;
}

function typeOf(runtime: Runtime, data: Value): TensorType {
  if (data instanceof TensorValue) return data.type;
  if (data === null) return tensorType(worldOf(runtime).defaultDType, [0]);
  if (data instanceof PyUnknown) return tensorType('unknown', undefined);
  return runtime.raise('TypeError', `Parameter data must be a Tensor, not ${runtime.typeOf(data).name}`);
}
