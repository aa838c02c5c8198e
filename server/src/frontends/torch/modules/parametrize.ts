/**
 * torch.nn.utils.parametrize and parametrizations: the tensor moves to `parametrizations.weight.original`, and reading
 * `module.weight` runs the parametrisation on it. parametrizations.weight_norm(Linear(20, 40)) holds
 * parametrizations.weight.original0 40x1 and original1 40x20.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyClass, PyInstance, PyProperty, PyTuple, type Value } from '../../../evaluation/values.ts';
import { unknownDim } from '../../../graph/dim.ts';
import { tensorType, type TensorType } from '../../../graph/tensorType.ts';
import { recordUnknown } from '../record.ts';
import { TensorValue } from '../tensorValue.ts';
import { makeParameter, makeTensor, worldOf, type TorchWorld } from '../torchWorld.ts';
import { callTorch } from './callText.ts';
import { initializeModule, registerTensor } from './moduleAttributes.ts';
import { moduleClass } from './moduleClass.ts';
import { entriesOf, entryOf, ModuleValue, removeEntry } from './moduleValue.ts';
import { magnitudeShape, scaledWeight, spectralShapes, weightOf } from './weightNorm.ts';

const OWNER = 'torch.nn.utils.parametrize';

/** Functions of torch.nn.utils.parametrize. */
export const parametrizeFunctions = members(OWNER, {
  'register_parametrization(module, tensor_name, parametrization, *, unsafe=False)': (
    runtime,
    module,
    name,
    parametrization,
  ) => {
    if (module instanceof ModuleValue && typeof name === 'string') {
      register(runtime, module, name, parametrization, originalsOf(runtime, module, name, parametrization));
    }
    return module;
  },
  'remove_parametrizations(module, tensor_name, leave_parametrized=True)': (runtime, module, name) => {
    if (module instanceof ModuleValue && typeof name === 'string') remove(runtime, module, name);
    return module;
  },
  'is_parametrized(module, tensor_name=None)': (_, module, name) => {
    const lists = module instanceof ModuleValue ? entryOf(module, '_modules', 'parametrizations') : undefined;
    if (!(lists instanceof ModuleValue)) return false;
    return typeof name !== 'string' || entryOf(lists, '_modules', name) !== undefined;
  },
  'cached()': (runtime) => callTorch(runtime, 'contextlib.nullcontext', []),
});

/** Functions of torch.nn.utils.parametrizations. */
export const parametrizationFunctions = members('torch.nn.utils.parametrizations', {
  "weight_norm(module, name='weight', dim=0)": (runtime, module, name, dim) => {
    if (!(module instanceof ModuleValue) || typeof name !== 'string') return module;
    const weight = entryOf(module, '_parameters', name);
    if (!(weight instanceof TensorValue)) return module;
    const { dtype, shape } = weight.type;
    const g = makeParameter(runtime, tensorType(dtype, shape && magnitudeShape(shape, dim)));
    const parametrization = nativeModule(runtime, '_WeightNorm', (inner, inputs) =>
      weightOf(inner, inputs[0] ?? null, inputs[1] ?? null, dim),
    );
    register(runtime, module, name, parametrization, [g, makeParameter(runtime, weight.type)]);
    return module;
  },
  "spectral_norm(module, name='weight', n_power_iterations=1, eps=1e-12, dim=None)": (
    runtime,
    module,
    name,
    _iterations,
    _eps,
    dim,
  ) => {
    if (!(module instanceof ModuleValue) || typeof name !== 'string') return module;
    const weight = entryOf(module, '_parameters', name);
    if (!(weight instanceof TensorValue)) return module;
    const parametrization = nativeModule(runtime, '_SpectralNorm', (inner, inputs) =>
      scaledWeight(inner, inputs[0] ?? null),
    );
    const [rows, columns] = spectralShapes(runtime, module, weight.type, dim);
    registerTensor(runtime, parametrization, '_buffers', '_u', makeTensor(runtime, rows));
    registerTensor(runtime, parametrization, '_buffers', '_v', makeTensor(runtime, columns));
    register(runtime, module, name, parametrization, [weight]);
    return module;
  },
  "orthogonal(module, name='weight', orthogonal_map=None, *, use_trivialization=True)": (
    runtime,
    module,
    name,
    _map,
    usesTrivialization,
  ) => {
    if (!(module instanceof ModuleValue) || typeof name !== 'string') return module;
    const weight = entryOf(module, '_parameters', name);
    if (!(weight instanceof TensorValue)) return module;
    const parametrization = nativeModule(runtime, '_Orthogonal', (inner, inputs) =>
      orthogonalWeight(inner, inputs[0] ?? null),
    );
    if (runtime.truth(usesTrivialization) === true) {
      registerTensor(runtime, parametrization, '_buffers', 'base', makeTensor(runtime, baseType(weight.type)));
    }
    register(runtime, module, name, parametrization, [weight]);
    return module;
  },
});

/** The square orthogonal matrix that the weight starts from: 20x40 -> 40x40; one of each batch. */
function baseType({ dtype, shape }: TensorType): TensorType {
  const [rows, columns] = shape?.slice(-2) ?? [];
  if (shape === undefined || rows === undefined || columns === undefined) return tensorType(dtype, undefined);
  const areNumbers = typeof rows === 'number' && typeof columns === 'number';
  const size = areNumbers ? Math.max(rows, columns) : unknownDim('which side of the weight is longer is not known');
  return tensorType(dtype, [...shape.slice(0, -2), size, size]);
}

/** A weight of the same shape, by work that is not modelled (a matrix exponential, Householder products, ...). */
function orthogonalWeight(runtime: Runtime, weight: Value): Value {
  if (!(weight instanceof TensorValue)) return weight;
  const name = 'torch.nn.utils.parametrizations.orthogonal';
  const [made] = recordUnknown(
    runtime,
    name,
    'the work that makes a weight orthogonal is not modelled',
    [weight],
    [weight.type],
  );
  return made ?? weight;
}

/** What the parametrisation starts from: the tensor, or what its `right_inverse` makes of it. */
function originalsOf(runtime: Runtime, module: ModuleValue, name: string, parametrization: Value): readonly Value[] {
  const tensor = entryOf(module, '_parameters', name) ?? entryOf(module, '_buffers', name);
  if (tensor === undefined) return [];
  const inverse = runtime.lookupAttribute(parametrization, 'right_inverse');
  const original = inverse === undefined ? tensor : runtime.call(inverse, [tensor]);
  return original instanceof PyTuple ? original.items : [original];
}

function register(
  runtime: Runtime,
  module: ModuleValue,
  name: string,
  parametrization: Value,
  originals: readonly Value[],
): void {
  let lists = entryOf(module, '_modules', 'parametrizations');
  if (!(lists instanceof ModuleValue)) {
    lists = callTorch(runtime, 'torch.nn.ModuleDict', []);
    runtime.setAttribute(module, 'parametrizations', lists);
  }
  const known = lists instanceof ModuleValue ? entryOf(lists, '_modules', name) : undefined;
  if (known instanceof ModuleValue) {
    // A further parametrisation of the same tensor runs after those before it.
    runtime.callMethod(known, 'append', [parametrization]);
    return;
  }
  const list = callTorch(runtime, 'torch.nn.ModuleList', []);
  if (!(list instanceof ModuleValue)) return;
  runtime.callMethod(list, 'append', [parametrization]);
  const isBuffer = entryOf(module, '_buffers', name) !== undefined;
  removeEntry(runtime, module, '_parameters', name);
  removeEntry(runtime, module, '_buffers', name);
  originals.forEach((original, index) => {
    const key = originals.length === 1 ? 'original' : `original${index}`;
    if (!(original instanceof TensorValue)) return;
    if (isBuffer) registerTensor(runtime, list, '_buffers', key, original);
    else registerTensor(runtime, list, '_parameters', key, asParameter(runtime, original));
  });
  runtime.callMethod(lists, '__setitem__', [name, list]);
  defineProperty(runtime, module, name);
}

function asParameter(runtime: Runtime, tensor: TensorValue): TensorValue {
  return runtime.isInstance(tensor, worldOf(runtime).parameterClass) ? tensor : makeParameter(runtime, tensor.type);
}

/** The module gets a class of its own, in which `name` is a property that runs the parametrisation. */
function defineProperty(runtime: Runtime, module: ModuleValue, name: string): void {
  runtime.mutating(module);
  if (!module.class_.name.startsWith('Parametrized')) {
    const plain = module.class_;
    module.class_ = new PyClass(`Parametrized${plain.name}`, [plain], new Map(), OWNER);
  }
  const [getter = null] = members(OWNER, {
    'get_parametrized(self)': (inner, self) => evaluate(inner, self, name),
  }).values();
  module.class_.attributes.set(name, new PyProperty(getter));
}

function evaluate(runtime: Runtime, self: Value, name: string): Value {
  const lists = self instanceof PyInstance ? entryOf(self, '_modules', 'parametrizations') : undefined;
  const list = lists instanceof ModuleValue ? entryOf(lists, '_modules', name) : undefined;
  if (!(list instanceof ModuleValue)) return runtime.unknown(`the parametrisation of ${name} is gone`);
  const originals = [...entriesOf(list, '_parameters'), ...entriesOf(list, '_buffers')].map(([, tensor]) => tensor);
  let inputs: readonly Value[] = originals;
  for (const [, parametrization] of entriesOf(list, '_modules')) inputs = [runtime.call(parametrization, inputs)];
  return inputs[0] ?? null;
}

function remove(runtime: Runtime, module: ModuleValue, name: string): void {
  const weight = evaluate(runtime, module, name);
  const lists = entryOf(module, '_modules', 'parametrizations');
  if (lists instanceof ModuleValue) {
    removeEntry(runtime, lists, '_modules', name);
    if (entriesOf(lists, '_modules').length === 0) removeEntry(runtime, module, '_modules', 'parametrizations');
  }
  module.class_.attributes.delete(name);
  if (weight instanceof TensorValue) {
    registerTensor(runtime, module, '_parameters', name, makeParameter(runtime, weight.type));
  }
}

const nativeClasses = new WeakMap<TorchWorld, Map<string, PyClass>>();

/** A module of our own whose forward is native. */
function nativeModule(
  runtime: Runtime,
  name: string,
  forward: (runtime: Runtime, inputs: readonly Value[]) => Value,
): ModuleValue {
  const world = worldOf(runtime);
  const classes = nativeClasses.get(world) ?? new Map<string, PyClass>();
  nativeClasses.set(world, classes);
  const base = classes.get(name) ?? world.defineClass(name, 'torch.nn.utils.parametrizations', [moduleClass(runtime)]);
  classes.set(name, base);
  // Each holds its own forward, as it depends on the arguments.
  const module = new ModuleValue(base, runtime.callStack());
  initializeModule(runtime, module);
  const [member = null] = members(OWNER, {
    'forward(*inputs)': (inner, inputs) => forward(inner, inputs instanceof PyTuple ? inputs.items : []),
  }).values();
  module.attributes.set('forward', member);
  return module;
}
