/**
 * torch.nn.utils.weight_norm and spectral_norm: a weight becomes what it is computed from at each call.
 * weight_norm(Linear(20, 40)) holds weight_g 40x1 and weight_v 40x20 in place of weight 40x20.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { NativeFunction, PyInstance, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import { floorDivideDims } from '../../../graph/dim.ts';
import { elementCount, tensorType, type Shape, type TensorType } from '../../../graph/tensorType.ts';
import { TensorValue } from '../tensorValue.ts';
import { makeParameter, makeTensor } from '../torchWorld.ts';
import { registerTensor } from './moduleAttributes.ts';
import { hookDict } from './moduleHooks.ts';
import { entryOf, ModuleValue, removeEntry } from './moduleValue.ts';

const OWNER = 'torch.nn.utils';

export const weightNormFunctions = members(OWNER, {
  "weight_norm(module, name='weight', dim=0)": (runtime, module, name, dim) => {
    const weight = takeWeight(runtime, module, name);
    if (weight === undefined || !(module instanceof ModuleValue) || typeof name !== 'string') return module;
    const { dtype, shape } = weight.type;
    const magnitude = tensorType(dtype, shape && magnitudeShape(shape, dim));
    registerTensor(runtime, module, '_parameters', `${name}_g`, makeParameter(runtime, magnitude));
    registerTensor(runtime, module, '_parameters', `${name}_v`, makeParameter(runtime, weight.type));
    computeBefore(runtime, module, name, weight.type, (inner, self) => normalized(inner, self, name, dim));
    return module;
  },
  "remove_weight_norm(module, name='weight')": (runtime, module, name) =>
    restore(runtime, module, name, ['_g', '_v'], []),
  "spectral_norm(module, name='weight', n_power_iterations=1, eps=1e-12, dim=None)": (
    runtime,
    module,
    name,
    _iterations,
    _eps,
    dim,
  ) => {
    const weight = takeWeight(runtime, module, name);
    if (weight === undefined || !(module instanceof ModuleValue) || typeof name !== 'string') return module;
    registerTensor(runtime, module, '_parameters', `${name}_orig`, makeParameter(runtime, weight.type));
    const [rows, columns] = spectralShapes(runtime, module, weight.type, dim);
    registerTensor(runtime, module, '_buffers', `${name}_u`, makeTensor(runtime, rows));
    registerTensor(runtime, module, '_buffers', `${name}_v`, makeTensor(runtime, columns));
    computeBefore(runtime, module, name, weight.type, (inner, self) =>
      scaledWeight(inner, entryOf(self, '_parameters', `${name}_orig`) ?? null),
    );
    return module;
  },
  "remove_spectral_norm(module, name='weight')": (runtime, module, name) =>
    restore(runtime, module, name, ['_orig'], ['_u', '_v']),
});

/** (rows,) and (columns,) of the weight as a matrix, one row an output. */
export function spectralShapes(
  runtime: Runtime,
  module: PyInstance,
  weight: TensorType,
  dim: Value,
): readonly [TensorType, TensorType] {
  const axis = typeof dim === 'number' ? dim : /^ConvTranspose/.test(runtime.typeOf(module).name) ? 1 : 0;
  const { dtype, shape } = weight;
  const rows = shape?.at(axis);
  if (rows === undefined) return [tensorType(dtype, undefined), tensorType(dtype, undefined)];
  return [tensorType(dtype, [rows]), tensorType(dtype, [floorDivideDims(elementCount(shape), rows)])];
}

/** 40x20 by rows -> 40x1; all axes but one shrink to 1. Without an axis, one number. */
export function magnitudeShape(shape: Shape, dim: Value): Shape {
  if (dim === null || dim === -1) return [];
  return shape.map((size, axis) => (axis === dim ? size : 1));
}

/** v * (g / |v|) */
export function weightOf(runtime: Runtime, g: Value, v: Value, dim: Value): Value {
  const rank = v instanceof TensorValue ? (v.type.shape?.length ?? 1) : 1;
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== dim);
  const norm =
    dim === null
      ? runtime.callMethod(v, 'norm')
      : runtime.callMethod(v, 'norm', [2, new PyTuple(axes)], new Map([['keepdim', true]]));
  return runtime.binary('*', v, runtime.binary('/', g, norm));
}

/** W / sigma: the power iteration's vectors are kept, so that one product and one division remain at inference. */
export function scaledWeight(runtime: Runtime, original: Value): Value {
  if (!(original instanceof TensorValue)) return original;
  return runtime.binary('/', original, makeTensor(runtime, tensorType(original.type.dtype, [])));
}

function normalized(runtime: Runtime, module: PyInstance, name: string, dim: Value): Value {
  const g = entryOf(module, '_parameters', `${name}_g`) ?? null;
  const v = entryOf(module, '_parameters', `${name}_v`) ?? null;
  return weightOf(runtime, g, v, dim);
}

/** Removes the parameter and returns it; undefined where there is none of known identity. */
function takeWeight(runtime: Runtime, module: Value, name: Value): TensorValue | undefined {
  if (!(module instanceof ModuleValue) || typeof name !== 'string') return undefined;
  const weight = entryOf(module, '_parameters', name);
  if (weight instanceof TensorValue) {
    removeEntry(runtime, module, '_parameters', name);
    return weight;
  }
  if (weight instanceof PyUnknown) return undefined;
  return runtime.raise('AttributeError', `'${runtime.typeOf(module).name}' has no parameter '${name}'`);
}

/** Which weight each of our hooks computes. */
const computedNames = new WeakMap<NativeFunction, string>();

/** A pre-hook that computes the plain attribute `name`; until the first call it is a tensor of the weight's type. */
function computeBefore(
  runtime: Runtime,
  module: ModuleValue,
  name: string,
  type: TensorType,
  compute: (runtime: Runtime, self: PyInstance) => Value,
): void {
  runtime.genericSetAttribute(module, name, makeTensor(runtime, type));
  const [hook = null] = members(OWNER, {
    'compute_weight(module, inputs)': (inner, self) => {
      // The module is not always the one that it was registered on: copies have the hook too.
      if (self instanceof PyInstance) inner.genericSetAttribute(self, name, compute(inner, self));
      return null;
    },
  }).values();
  if (hook instanceof NativeFunction) computedNames.set(hook, name);
  runtime.callMethod(module, 'register_forward_pre_hook', [hook]);
}

function restore(
  runtime: Runtime,
  module: Value,
  name: Value,
  parameters: readonly string[],
  buffers: readonly string[],
): Value {
  if (!(module instanceof ModuleValue) || typeof name !== 'string') return module;
  const weight = module.attributes.get(name);
  for (const suffix of parameters) removeEntry(runtime, module, '_parameters', name + suffix);
  for (const suffix of buffers) removeEntry(runtime, module, '_buffers', name + suffix);
  if (weight instanceof TensorValue) {
    runtime.genericDeleteAttribute(module, name);
    registerTensor(runtime, module, '_parameters', name, makeParameter(runtime, weight.type));
  }
  const hooks = hookDict(module, '_forward_pre_hooks');
  if (hooks === undefined) return module;
  runtime.mutating(hooks);
  for (const [key, { value }] of hooks.entries) {
    if (value instanceof NativeFunction && computedNames.get(value) === name) hooks.entries.delete(key);
  }
  return module;
}
