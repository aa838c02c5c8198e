/**
 * The classes of torch that Python code can see and subclass, made once for each set of Python builtins,
 * and the recorder of the trace that runs now. `worldOf(runtime).tensorClass` is `torch.Tensor`.
 */
import type { Runtime } from '../../evaluation/runtime.ts';
import { native } from '../../evaluation/natives.ts';
import { PyClass, PyMutable, PyProperty, PySymbolicInt, PyTuple, type Value } from '../../evaluation/values.ts';
import { dimBounds, printDim, type Dim } from '../../graph/dim.ts';
import type { DType } from '../../graph/dtype.ts';
import type { Shape, TensorType } from '../../graph/tensorType.ts';
import type { GraphRecorder } from './graphRecorder.ts';
import { DTypeValue, MAX_KNOWN_ELEMENTS, StoredTensor, TensorValue } from './tensorValue.ts';

export class TorchWorld {
  /** `torch.Tensor`; its methods are installed when `torch` is first imported. */
  readonly tensorClass: PyClass;
  readonly parameterClass: PyClass;
  readonly bufferClass: PyClass;
  readonly dtypeClass: PyClass;
  readonly deviceClass: PyClass;
  /** `torch.Size`: the `namedClass` of a PyTuple of dims. */
  readonly sizeClass: PyClass;
  /** `torch.nn.Module`; its methods are installed by modules/moduleClass.ts. */
  readonly moduleClass: PyClass;
  /** What registering a hook returns. */
  readonly removableHandleClass: PyClass;
  /** `torch.nn.utils.rnn.PackedSequence`. */
  readonly packedSequenceClass: PyClass;
  /** What `load_state_dict` returns: a named tuple of missing_keys and unexpected_keys. */
  readonly incompatibleKeysClass: PyClass;
  readonly settings = new TorchSettings();
  /** Set while a model's forward is traced: tensor operations become nodes. Undefined elsewhere: shapes only. */
  recorder: GraphRecorder | undefined;
  readonly #dtypes = new Map<DType, DTypeValue>();

  get defaultDType(): DType {
    return this.settings.defaultDType;
  }

  constructor(
    readonly objectClass: PyClass,
    tupleClass: PyClass,
  ) {
    this.tensorClass = this.defineClass('Tensor', 'torch');
    this.parameterClass = this.defineClass('Parameter', 'torch.nn.parameter', [this.tensorClass]);
    this.bufferClass = this.defineClass('Buffer', 'torch.nn.parameter', [this.tensorClass]);
    this.dtypeClass = this.defineClass('dtype', 'torch');
    this.deviceClass = this.defineClass('device', 'torch');
    this.sizeClass = this.defineClass('Size', 'torch', [tupleClass]);
    this.moduleClass = this.defineClass('Module', 'torch.nn.modules.module');
    this.removableHandleClass = this.defineClass('RemovableHandle', 'torch.utils.hooks');
    this.packedSequenceClass = this.defineClass('PackedSequence', 'torch.nn.utils.rnn');
    this.incompatibleKeysClass = this.defineClass(
      '_IncompatibleKeys',
      'torch.nn.modules.module',
      [tupleClass],
      ['missing_keys', 'unexpected_keys'].map((name, index) => [name, fieldProperty(name, index)] as const),
    );
  }

  /** A native class; without bases, a subclass of object. */
  defineClass(
    name: string,
    module: string,
    bases: readonly PyClass[] = [this.objectClass],
    attributes: Iterable<readonly [string, Value]> = [],
  ): PyClass {
    return new PyClass(name, bases, new Map(attributes), module);
  }

  /** The one object that stands for a dtype. */
  dtype(dtype: DType): DTypeValue {
    let value = this.#dtypes.get(dtype);
    if (value === undefined) {
      value = new DTypeValue(this.dtypeClass, dtype);
      this.#dtypes.set(dtype, value);
    }
    return value;
  }
}

/** What code sets for all of torch. */
class TorchSettings extends PyMutable {
  /** There from the start, whichever module asks for it first. */
  epoch = 0;
  /** What `torch.get_default_dtype()` says. */
  defaultDType: DType = 'float32';

  snapshot(): () => void {
    const { defaultDType } = this;
    return () => {
      this.defaultDType = defaultDType;
    };
  }
}

/** Keyed by the builtin class `object`, which lives as long as the Python modules that hold torch's classes. */
const worlds = new WeakMap<PyClass, TorchWorld>();

export function worldOf(runtime: Runtime): TorchWorld {
  const objectClass = runtime.builtinClass('object');
  let world = worlds.get(objectClass);
  if (world === undefined) {
    world = new TorchWorld(objectClass, runtime.builtinClass('tuple'));
    worlds.set(objectClass, world);
  }
  return world;
}

/** A new torch.Tensor that is no graph value yet; `data` beyond the bound is dropped. */
export function makeTensor(runtime: Runtime, type: TensorType, data?: readonly number[]): TensorValue {
  const tensor = new TensorValue(worldOf(runtime).tensorClass, type);
  if (data !== undefined && data.length <= MAX_KNOWN_ELEMENTS) tensor.data = data;
  return tensor;
}

/** `nn.Parameter(data)`: a stored tensor of its own. */
export function makeParameter(runtime: Runtime, type: TensorType, requiresGrad = true): TensorValue {
  const tensor = new TensorValue(worldOf(runtime).parameterClass, type);
  tensor.stored = new StoredTensor('parameter');
  tensor.requiresGrad = requiresGrad;
  return tensor;
}

/** Raises where a new tensor would have a size below 0, as PyTorch does. */
export function refuseNegativeSizes(runtime: Runtime, shape: Shape): void {
  const negative = shape.find((dim) => dimBounds(dim).high < 0);
  if (negative === undefined) return;
  const sizes = shape.map(printDim).join(', ');
  runtime.raise('RuntimeError', `Trying to create tensor with negative dimension ${printDim(negative)}: [${sizes}]`);
}

/** A field of a named tuple. */
function fieldProperty(name: string, index: number): PyProperty {
  return new PyProperty(
    native(`${name}(self)`, (_, { self }) => (self instanceof PyTuple ? (self.items[index] ?? null) : null)),
  );
}

/** A dim as a Python int: 3 -> 3, N -> a symbolic int. */
export function dimValue(dim: Dim): Value {
  return typeof dim === 'number' ? dim : new PySymbolicInt(dim);
}

/** `torch.Size([1, 3, 224, 224])`. */
export function sizeValue(runtime: Runtime, shape: Shape): PyTuple {
  return new PyTuple(shape.map(dimValue), worldOf(runtime).sizeClass);
}
