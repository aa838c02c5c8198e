/**
 * `copy.deepcopy(module)`: new parameters and buffers, shared ones shared among the copies as among the originals.
 * The copy stands for the layer where the original was created.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { identity, keyOf } from '../../../evaluation/containers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyBoundMethod, PyDict, PyList, PySet, PyTuple, type Value } from '../../../evaluation/values.ts';
import { StoredTensor, TensorValue } from '../tensorValue.ts';
import { ModuleValue } from './moduleValue.ts';

/** Copies a module; any other value is returned as it is. */
export function copyModule(runtime: Runtime, module: Value): Value {
  return module instanceof ModuleValue ? deepCopy(runtime, module, new PyDict()) : module;
}

export const deepCopyMembers = members('torch', {
  '__deepcopy__(self, memo)': (runtime, self, memo) =>
    deepCopy(runtime, self, memo instanceof PyDict ? memo : new PyDict()),
});

/** `memo` maps identities to copies, as Python's does. */
function deepCopy(runtime: Runtime, value: Value, memo: PyDict): Value {
  if (typeof value !== 'object' || value === null) return value;
  const id = identity(value);
  const known = memo.entries.get(keyOf(id));
  if (known !== undefined) return known.value;
  const remember = <T extends Value>(copy: T): T => {
    memo.entries.set(keyOf(id), { key: id, value: copy });
    return copy;
  };
  runtime.step(1);
  if (value instanceof ModuleValue) {
    runtime.budget.addLayer();
    const copy = remember(new ModuleValue(value.class_, value.created));
    for (const [name, item] of value.attributes) copy.attributes.set(name, deepCopy(runtime, item, memo));
    return copy;
  }
  if (value instanceof TensorValue) return remember(copyTensor(value));
  if (value instanceof PyDict && value.class === undefined) {
    const copy = remember(new PyDict());
    for (const [key, entry] of value.entries) {
      copy.entries.set(key, { key: entry.key, value: deepCopy(runtime, entry.value, memo) });
    }
    return copy;
  }
  if (value instanceof PyList && value.class === undefined) {
    const copy = remember(new PyList([]));
    copy.items = value.items.map((item) => deepCopy(runtime, item, memo));
    return copy;
  }
  if (value instanceof PyTuple && value.namedClass === undefined) {
    return new PyTuple(value.items.map((item) => deepCopy(runtime, item, memo)));
  }
  if (value instanceof PyBoundMethod) return new PyBoundMethod(deepCopy(runtime, value.self, memo), value.callee);
  if (isImmutable(value)) return value;
  return runtime.call(runtime.getAttribute(runtime.importModule('copy'), 'deepcopy'), [value, memo]);
}

function copyTensor(tensor: TensorValue): TensorValue {
  const copy = new TensorValue(tensor.class_, tensor.type);
  copy.data = tensor.data;
  copy.requiresGrad = tensor.requiresGrad;
  copy.attributes = new Map(tensor.attributes);
  if (tensor.stored !== undefined) copy.stored = new StoredTensor(tensor.stored.kind);
  return copy;
}

/** Values that deepcopy gives back as they are, and those whose content is not ours to copy. */
function isImmutable(value: Exclude<Value, null | boolean | number | bigint | string>): boolean {
  if (value instanceof PySet) return value.isFrozen;
  return value.kind !== 'list' && value.kind !== 'dict' && value.kind !== 'instance' && value.kind !== 'tuple';
}
