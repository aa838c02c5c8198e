/**
 * Defines torch functions in one line each:
 * torchFunction('relu(input, inplace=False)', 'torch.nn.functional', (call) => call.record(relu, {}, [call.tensor('input')]))
 * An argument that is unknown turns the whole call into an `unknown` node that names it.
 */
import { unbox } from '../../evaluation/builtins/unbox.ts';
import { bindArguments, parseSignature, type BoundArguments, type Signature } from '../../evaluation/natives.ts';
import type { Runtime } from '../../evaluation/runtime.ts';
import {
  NativeFunction,
  PyFloat,
  PyList,
  PyTuple,
  PyUnknown,
  type Arguments,
  type Value,
} from '../../evaluation/values.ts';
import { unknownDim, type Dim } from '../../graph/dim.ts';
import type { DType } from '../../graph/dtype.ts';
import type { Attributes } from '../../graph/modelGraph.ts';
import type { Shape } from '../../graph/tensorType.ts';
import type { Operator } from '../../operators/operator.ts';
import { record, recordOne, recordUnknown } from './record.ts';
import { DTypeValue, TensorValue } from './tensorValue.ts';

/** Thrown by coercions on an unknown value; `torchFunction` turns it into an unknown node. Never reaches Python code. */
export class UnknownArgument extends Error {
  override readonly name = 'UnknownArgument';
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** One call of a torch function: its arguments by name, coerced as torch would. */
export class TorchCall {
  constructor(
    readonly runtime: Runtime,
    readonly bound: BoundArguments,
    /** "torch.nn.functional.relu" */
    readonly originalOp: string,
  ) {}

  /** The raw argument. */
  value(name: string): Value {
    return this.bound[name] ?? null;
  }

  tensor(name: string): TensorValue {
    return asTensor(this.runtime, this.value(name), name);
  }

  /** Undefined for None. */
  optionalTensor(name: string): TensorValue | undefined {
    return this.value(name) === null ? undefined : this.tensor(name);
  }

  tensors(name: string): readonly TensorValue[] {
    return sequenceItems(this.runtime, this.value(name), name).map((item) => asTensor(this.runtime, item, name));
  }

  int(name: string): number {
    return asInt(this.runtime, this.value(name), name);
  }

  optionalInt(name: string): number | undefined {
    return this.value(name) === null ? undefined : this.int(name);
  }

  /** An int or a symbolic int; an unknown value becomes an unknown dim. */
  dim(name: string): Dim {
    return asDim(this.runtime, this.value(name), name);
  }

  dims(name: string): Shape {
    return asDims(this.runtime, this.value(name), name);
  }

  /** `kernel_size=3` or `(3, 5)`, as `count` entries. */
  ints(name: string, count: number): readonly number[] {
    return asIntTuple(this.runtime, this.value(name), count, name);
  }

  /** An int or a sequence of ints, as a list of whatever length. */
  intList(name: string): readonly number[] {
    return asIntList(this.runtime, this.value(name), name);
  }

  number(name: string): number {
    return asNumber(this.runtime, this.value(name), name);
  }

  optionalNumber(name: string): number | undefined {
    return this.value(name) === null ? undefined : this.number(name);
  }

  boolean(name: string): boolean {
    return asBoolean(this.runtime, this.value(name), name);
  }

  string(name: string): string {
    return asString(this.runtime, this.value(name), name);
  }

  /** Undefined for None. */
  dtype(name: string): DType | undefined {
    return asDType(this.runtime, this.value(name), name);
  }

  /** Applies an operator of one output. */
  record<A extends Attributes>(
    operator: Operator<A>,
    attributes: A,
    inputs: readonly (TensorValue | undefined)[],
  ): TensorValue {
    return recordOne(this.runtime, operator, attributes, inputs, this.originalOp);
  }

  /** Applies an operator of several outputs. */
  recordMany<A extends Attributes>(
    operator: Operator<A>,
    attributes: A,
    inputs: readonly (TensorValue | undefined)[],
  ): TensorValue[] {
    return record(this.runtime, operator, attributes, inputs, this.originalOp);
  }
}

export type TorchBody = (call: TorchCall) => Value;

/** `module` prefixes the name in graphs and messages. */
export function torchFunction(signatureText: string, module: string, body: TorchBody): NativeFunction {
  let signature: Signature | undefined;
  const name = signatureText.slice(0, signatureText.indexOf('('));
  const qualifiedName = `${module}.${name}`;
  const call = (runtime: Runtime, args: Arguments): Value => {
    signature ??= parseSignature(signatureText);
    const bound = bindArguments(runtime, signature, args);
    return guardUnknown(runtime, qualifiedName, Object.values(bound), () =>
      body(new TorchCall(runtime, bound, qualifiedName)),
    );
  };
  return new NativeFunction(name, call, qualifiedName, signatureText);
}

/** Runs a body; where an argument turns out unknown, records an `unknown` node over the tensors among `values`. */
export function guardUnknown(runtime: Runtime, originalOp: string, values: readonly Value[], body: () => Value): Value {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof UnknownArgument)) throw error;
    const inputs = values.filter((value) => value instanceof TensorValue);
    return recordUnknown(runtime, originalOp, error.reason, inputs)[0] ?? runtime.unknown(error.reason);
  }
}

/** A tensor argument. Raises TypeError for anything else, and throws UnknownArgument for an unknown. */
export function asTensor(runtime: Runtime, value: Value, what: string): TensorValue {
  if (value instanceof TensorValue) return value;
  refuseUnknown(value);
  return runtime.raise('TypeError', `argument '${what}' must be Tensor, not ${runtime.typeOf(value).name}`);
}

/** A known int (NumPy's and enums' too; a tensor of one known element as well); a bool is none. Symbolic ints throw UnknownArgument. */
export function asInt(runtime: Runtime, given: Value, what: string): number {
  const value = unbox(given);
  if (typeof value === 'number') return value;
  refuseUnknown(value);
  if (typeof value === 'object' && value?.kind === 'symbolicInt') {
    throw new UnknownArgument(`'${what}' depends on a symbolic dimension`);
  }
  const element = singleElement(value, what);
  if (element !== undefined) return Math.trunc(element);
  return runtime.raise('TypeError', `argument '${what}' must be int, not ${runtime.typeOf(value).name}`);
}

/** An int as a dim. An unknown value becomes an unknown dim: the rank stays known. */
export function asDim(runtime: Runtime, given: Value, what: string): Dim {
  const value = unbox(given);
  if (value instanceof PyUnknown) return unknownDim(value.reason);
  if (typeof value === 'object' && value?.kind === 'symbolicInt') return value.dim;
  if (value instanceof TensorValue && value.data === undefined) {
    return unknownDim(`'${what}' is the content of a tensor`);
  }
  return asInt(runtime, value, what);
}

/** A sequence of dims: `torch.Size`, a tuple or a list. A lone int is one dim. */
export function asDims(runtime: Runtime, value: Value, what: string): Shape {
  if (isScalar(value)) return [asDim(runtime, value, what)];
  return sequenceItems(runtime, value, what).map((item, at) => asDim(runtime, laterItem(item, at), what));
}

/** PyTorch looks at the first item of a sequence alone: a bool among the later ones counts as 0 or 1. */
function laterItem(item: Value, at: number): Value {
  return at === 0 ? item : plainInt(item);
}

/** A bool as the int that Python's arithmetic takes it for; anything else as it is. */
export function plainInt(value: Value): Value {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** `3` -> [3, 3], `(3, 5)` -> [3, 5], `(3,)` -> [3, 3]; raises where the length does not fit. */
export function asIntTuple(runtime: Runtime, value: Value, count: number, what: string): readonly number[] {
  const list = asIntList(runtime, value, what);
  const [only] = list;
  if (list.length === 1 && only !== undefined) return Array.from({ length: count }, () => only);
  if (list.length === count) return list;
  return runtime.raise('RuntimeError', `'${what}' should be an int or ${count} ints, but got ${runtime.repr(value)}`);
}

export function asIntList(runtime: Runtime, value: Value, what: string): readonly number[] {
  if (isScalar(value)) return [asInt(runtime, value, what)];
  return sequenceItems(runtime, value, what).map((item, at) => asInt(runtime, laterItem(item, at), what));
}

/** An int or a float as a JavaScript number. */
export function asNumber(runtime: Runtime, given: Value, what: string): number {
  const value = unbox(given);
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'bigint' ? Number(value) : asInt(runtime, plainInt(value), what);
}

export function asBoolean(runtime: Runtime, value: Value, what: string): boolean {
  if (typeof value === 'boolean') return value;
  const truth = runtime.truth(value);
  if (truth instanceof PyUnknown) throw new UnknownArgument(truth.reason || `'${what}' is unknown`);
  return truth;
}

export function asString(runtime: Runtime, given: Value, what: string): string {
  const value = unbox(given);
  if (typeof value === 'string') return value;
  refuseUnknown(value);
  return runtime.raise('TypeError', `argument '${what}' must be str, not ${runtime.typeOf(value).name}`);
}

/** Undefined for None. The builtins `float`, `int` and `bool` stand for dtypes too. */
export function asDType(runtime: Runtime, value: Value, what: string): DType | undefined {
  if (value === null) return undefined;
  if (value instanceof DTypeValue) return value.dtype;
  refuseUnknown(value);
  if (value === runtime.builtinClass('float')) return 'float32';
  if (value === runtime.builtinClass('int')) return 'int64';
  if (value === runtime.builtinClass('bool')) return 'bool';
  return runtime.raise('TypeError', `argument '${what}' must be torch.dtype, not ${runtime.typeOf(value).name}`);
}

/** The items of a tuple or list (any iterable). */
export function sequenceItems(runtime: Runtime, value: Value, what: string): readonly Value[] {
  if (value instanceof PyTuple || value instanceof PyList) return value.items;
  refuseUnknown(value);
  if (value === null || typeof value !== 'object') {
    return runtime.raise('TypeError', `argument '${what}' must be a sequence, not ${runtime.typeOf(value).name}`);
  }
  return [...runtime.iterate(value)];
}

/** True for what torch takes as one int: a number, a bool, a symbolic int, a tensor, an unknown. */
function isScalar(given: Value): boolean {
  const value = unbox(given);
  if (value === null) return false;
  if (typeof value !== 'object') return typeof value !== 'string';
  return value.kind === 'symbolicInt' || value.kind === 'unknown' || value instanceof TensorValue;
}

function singleElement(value: Value, what: string): number | undefined {
  if (!(value instanceof TensorValue)) return undefined;
  if (value.data?.length === 1) return value.data[0];
  throw new UnknownArgument(`'${what}' is the content of a tensor`);
}

function refuseUnknown(value: Value): void {
  if (value instanceof PyUnknown) throw new UnknownArgument(value.reason);
}
