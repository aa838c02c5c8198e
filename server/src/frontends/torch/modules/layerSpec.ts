/**
 * Declares layers as rows: a Python signature, what the constructor stores, and the forward as a call text.
 * { signature: 'ReLU(inplace=False)', forward: 'relu(input, inplace=self.inplace)' } defines torch.nn.ReLU:
 * `ReLU(True)` has the attribute `inplace`, and its forward calls torch.nn.functional.relu.
 */
import { bindArguments, parseSignature, type BoundArguments } from '../../../evaluation/natives.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import {
  NativeFunction,
  PyInstance,
  PyTuple,
  PyUnknown,
  type Arguments,
  type PyClass,
  type Value,
} from '../../../evaluation/values.ts';
import type { Dim } from '../../../graph/dim.ts';
import { isComplex, isFloatingPoint } from '../../../graph/dtype.ts';
import { tensorType, type Shape } from '../../../graph/tensorType.ts';
import { asBoolean, asDim, asDims, asDType, asInt, plainInt, sequenceItems, UnknownArgument } from '../torchNatives.ts';
import type { TensorValue } from '../tensorValue.ts';
import { makeParameter, makeTensor, refuseNegativeSizes, worldOf } from '../torchWorld.ts';
import { parseCallText, runCallText } from './callText.ts';
import { initializeModule, registerTensor, setLayerAttribute } from './moduleAttributes.ts';
import { inOwnScope } from './ownScope.ts';

export interface LayerSpec {
  /** Constructor without self: "Linear(in_features, out_features, bias=True, device=None, dtype=None)". */
  readonly signature: string;
  /** Name of the base class among the layers; `Module` where left out. */
  readonly base?: string;
  /** Last part of the defining module: "conv" for torch.nn.modules.conv. */
  readonly module: string;
  /** Arguments that do not become attributes of the same name; `device` and `dtype` never do. */
  readonly notStored?: readonly string[];
  /** Arguments that are stored as tuples of so many: { kernel_size: 2 } stores 3 as (3, 3). */
  readonly tuples?: Readonly<Record<string, number>>;
  /** What else the constructor does: parameters, buffers, children, checks. */
  readonly build?: (layer: LayerBuild) => void;
  /** A call of torch.nn.functional over `input` (or the names of `inputs`), `self.x` and literals. */
  readonly forward?: string;
  /** Forward's signature without self, where it is not "input". */
  readonly inputs?: string;
  /** Further methods, by Python signature with self. */
  readonly methods?: ReadonlyMap<string, Value>;
}

/** A layer under construction. */
export class LayerBuild {
  constructor(
    readonly runtime: Runtime,
    readonly self: PyInstance,
    readonly bound: BoundArguments,
  ) {}

  value(name: string): Value {
    return this.bound[name] ?? null;
  }

  /** A number that Python computes with, so that a bool may stand for it. */
  dim(name: string): Dim {
    return asDim(this.runtime, plainInt(this.value(name)), name);
  }

  int(name: string): number {
    return asInt(this.runtime, plainInt(this.value(name)), name);
  }

  /** The first size of a new tensor: not a bool. */
  size(name: string): Dim {
    return asDim(this.runtime, this.value(name), name);
  }

  /** Sizes of a new tensor, which may be one or several. */
  sizes(name: string): Shape {
    return asDims(this.runtime, this.value(name), name);
  }

  /** An attribute that holds ints, further sizes of a tensor. */
  furtherSizes(name: string): Shape {
    const items = sequenceItems(this.runtime, this.runtime.getAttribute(this.self, name), name);
    return items.map((item) => asDim(this.runtime, plainInt(item), name));
  }

  /** Truth of a flag such as `bias`; an unknown one counts as true, which is the default of nearly all, and is noted. */
  flag(name: string): boolean {
    try {
      return asBoolean(this.runtime, this.value(name), name);
    } catch (error) {
      if (!(error instanceof UnknownArgument)) throw error;
      this.runtime.omit(`${this.runtime.typeOf(this.self).name}: ${name} is taken as True (${error.reason})`);
      return true;
    }
  }

  /** A plain attribute. */
  set(name: string, value: Value): void {
    setLayerAttribute(this.runtime, this.self, name, value);
  }

  parameter(name: string, shape: Shape): void {
    const dtype = asDType(this.runtime, this.value('dtype'), 'dtype') ?? worldOf(this.runtime).defaultDType;
    refuseNegativeSizes(this.runtime, shape);
    if (!isFloatingPoint(dtype) && !isComplex(dtype) && dtype !== 'unknown') {
      this.refuse('RuntimeError', 'Only Tensors of floating point and complex dtype can require gradients');
    }
    const parameter = makeParameter(this.runtime, tensorType(dtype, shape));
    registerTensor(this.runtime, this.self, '_parameters', name, parameter);
  }

  /** `register_parameter(name, None)`. */
  noParameter(name: string): void {
    registerTensor(this.runtime, this.self, '_parameters', name, null);
  }

  /** A parameter, or None where `isPresent` is false. */
  parameterIf(isPresent: boolean, name: string, shape: Shape): void {
    if (isPresent) this.parameter(name, shape);
    else this.noParameter(name);
  }

  buffer(name: string, tensor: TensorValue | null): void {
    registerTensor(this.runtime, this.self, '_buffers', name, tensor);
  }

  /** A float buffer of the layer's dtype. */
  floatBuffer(name: string, shape: Shape): void {
    const dtype = asDType(this.runtime, this.value('dtype'), 'dtype') ?? worldOf(this.runtime).defaultDType;
    refuseNegativeSizes(this.runtime, shape);
    this.buffer(name, makeTensor(this.runtime, tensorType(dtype, shape)));
  }

  /** A keyword argument for children: their device and dtype are the layer's. */
  factoryKeywords(): Map<string, Value> {
    return new Map([['dtype', this.value('dtype')]]);
  }

  refuse(exceptionName: string, message: string): never {
    return this.runtime.raise(exceptionName, message);
  }
}

/** Makes the class of a layer; its base must be given already. */
export function defineLayer(runtime: Runtime, spec: LayerSpec, base: PyClass): PyClass {
  const name = spec.signature.slice(0, spec.signature.indexOf('('));
  const cls = worldOf(runtime).defineClass(name, `torch.nn.modules.${spec.module}`, [base]);
  cls.attributes.set('__init__', constructorOf(spec));
  if (spec.forward !== undefined) cls.attributes.set('forward', forwardOf(spec, spec.forward));
  for (const [method, member] of spec.methods ?? []) cls.attributes.set(method, member);
  const forward = cls.attributes.get('forward');
  if (forward instanceof NativeFunction) cls.attributes.set('forward', inOwnScope(forward));
  if (!cls.attributes.has('reset_parameters')) cls.attributes.set('reset_parameters', INERT_METHOD);
  return cls;
}

/** A method that only fills weights with numbers. */
export const INERT_METHOD = new NativeFunction('reset_parameters', () => null, 'reset_parameters', '(self)');

function constructorOf(spec: LayerSpec): NativeFunction {
  const open = spec.signature.indexOf('(');
  const className = spec.signature.slice(0, open);
  const inner = spec.signature.slice(open + 1);
  const text = `__init__(self${inner.startsWith(')') ? '' : ', '}${inner}`;
  let signature: ReturnType<typeof parseSignature> | undefined;
  const call = (runtime: Runtime, args: Arguments): Value => {
    signature ??= { ...parseSignature(text), name: `${className}.__init__` };
    const bound = bindArguments(runtime, signature, args);
    const { self } = bound;
    if (!(self instanceof PyInstance)) return null;
    initializeModule(runtime, self);
    const layer = new LayerBuild(runtime, self, bound);
    for (const parameter of signature.parameters) storeArgument(layer, spec, parameter.name);
    build(layer, spec);
    return null;
  };
  return new NativeFunction('__init__', call, `torch.nn.${className}`, text);
}

/** An unknown argument where an int is needed leaves the layer without weights of known shape; that is noted. */
function build(layer: LayerBuild, spec: LayerSpec): void {
  try {
    spec.build?.(layer);
  } catch (error) {
    if (!(error instanceof UnknownArgument)) throw error;
    const { name } = layer.runtime.typeOf(layer.self);
    layer.runtime.report('unknown-argument', 'warning', `${name} is only partly understood: ${error.reason}`);
    layer.runtime.omit(`${name} is made with an unknown argument (${error.reason}).`);
  }
}

function storeArgument(layer: LayerBuild, spec: LayerSpec, name: string): void {
  if (name === 'self' || name === 'device' || name === 'dtype' || name === 'args' || name === 'kwargs') return;
  if (spec.notStored?.includes(name) === true) return;
  const count = spec.tuples?.[name];
  layer.set(name, count === undefined ? layer.value(name) : repeated(layer.value(name), count));
}

/** `_ntuple` of PyTorch: 3 -> (3, 3); an iterable becomes a tuple as it is; strings stay. */
export function repeated(value: Value, count: number): Value {
  if (value === null || typeof value === 'string' || value instanceof PyTuple) return value;
  if (typeof value === 'object' && value.kind === 'list') return new PyTuple(value.items);
  if (value instanceof PyUnknown) return new PyTuple(Array.from({ length: count }, () => value));
  return new PyTuple(Array.from({ length: count }, () => value));
}

function forwardOf(spec: LayerSpec, text: string): NativeFunction {
  const signatureText = `forward(self, ${spec.inputs ?? 'input'})`;
  let parsed: { signature: ReturnType<typeof parseSignature>; call: ReturnType<typeof parseCallText> } | undefined;
  const call = (runtime: Runtime, args: Arguments): Value => {
    parsed ??= { signature: parseSignature(signatureText), call: parseCallText(text) };
    return runCallText(runtime, parsed.call, bindArguments(runtime, parsed.signature, args));
  };
  return new NativeFunction(
    'forward',
    call,
    `${spec.signature.slice(0, spec.signature.indexOf('('))}.forward`,
    signatureText,
  );
}
