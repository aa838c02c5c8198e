/**
 * nn.Module's walks as Python sees them: children(), named_modules(), parameters(), get_submodule("layer1.0"), ...
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyInstance, PyIterator, PyTuple, type Value } from '../../../evaluation/values.ts';
import { TensorValue } from '../tensorValue.ts';
import { ModuleValue, namedChildren, namedModules, namedTensors, type NamedTensor } from './moduleValue.ts';

const OWNER = 'torch.nn.Module';

export const moduleTraversalMembers = members(OWNER, {
  'children(self)': (_, self) => iteratorOf(childrenOf(self).map(([, child]) => child)),
  'named_children(self)': (_, self) => iteratorOf(childrenOf(self).map(pair)),
  'modules(self)': (_, self) => iteratorOf(modulesOf(self).map(([, module]) => module)),
  "named_modules(self, memo=None, prefix='', remove_duplicate=True)": (_, self, _memo, prefix, removeDuplicate) =>
    iteratorOf(modulesOf(self, text(prefix), removeDuplicate === false).map(pair)),
  'parameters(self, recurse=True)': (_, self, recurse) =>
    iteratorOf(tensorsOf(self, '_parameters', '', recurse).map(({ tensor }) => tensor)),
  "named_parameters(self, prefix='', recurse=True, remove_duplicate=True)": (
    _,
    self,
    prefix,
    recurse,
    removeDuplicate,
  ) => iteratorOf(tensorsOf(self, '_parameters', text(prefix), recurse, removeDuplicate === false).map(namePair)),
  'buffers(self, recurse=True)': (_, self, recurse) =>
    iteratorOf(tensorsOf(self, '_buffers', '', recurse).map(({ tensor }) => tensor)),
  "named_buffers(self, prefix='', recurse=True, remove_duplicate=True)": (_, self, prefix, recurse, removeDuplicate) =>
    iteratorOf(tensorsOf(self, '_buffers', text(prefix), recurse, removeDuplicate === false).map(namePair)),
  'get_submodule(self, target)': (runtime, self, target) => submodule(runtime, self, target),
  'get_parameter(self, target)': (runtime, self, target) => member(runtime, self, target),
  'get_buffer(self, target)': (runtime, self, target) => member(runtime, self, target),
  'set_submodule(self, target, module, strict=False)': (runtime, self, target, module) => {
    const [parent, name] = splitTarget(text(target));
    runtime.setAttribute(submodule(runtime, self, parent), name, module);
    return null;
  },
});

/** An iterator over values that were collected at once. */
export function iteratorOf(values: readonly Value[]): PyIterator {
  return new PyIterator(
    (function* (): Generator<Value, Value, Value> {
      yield* values;
      return null;
    })(),
  );
}

function childrenOf(self: Value): readonly (readonly [string, ModuleValue])[] {
  return self instanceof PyInstance ? namedChildren(self) : [];
}

function modulesOf(self: Value, prefix = '', keepDuplicates = false): readonly (readonly [string, ModuleValue])[] {
  return self instanceof ModuleValue ? namedModules(self, prefix, { keepDuplicates }) : [];
}

function tensorsOf(
  self: Value,
  registry: '_parameters' | '_buffers',
  prefix: string,
  recurse: Value,
  keepDuplicates = false,
): readonly NamedTensor[] {
  if (!(self instanceof ModuleValue)) return [];
  return namedTensors(self, registry, prefix, { isRecursive: recurse !== false, keepDuplicates });
}

function submodule(runtime: Runtime, self: Value, target: Value): Value {
  const path = text(target);
  let module = self;
  for (const name of path === '' ? [] : path.split('.')) {
    const next = runtime.lookupAttribute(module, name);
    if (next === undefined) {
      return runtime.raise('AttributeError', `${runtime.typeOf(module).name} has no attribute \`${name}\``);
    }
    module = next;
  }
  return module;
}

function member(runtime: Runtime, self: Value, target: Value): Value {
  const [parent, name] = splitTarget(text(target));
  const value = runtime.getAttribute(submodule(runtime, self, parent), name);
  if (value instanceof TensorValue) return value;
  return runtime.raise('AttributeError', `\`${name}\` is not a tensor`);
}

/** "layer1.0.weight" -> ["layer1.0", "weight"] */
function splitTarget(target: string): readonly [string, string] {
  const dot = target.lastIndexOf('.');
  return dot < 0 ? ['', target] : [target.slice(0, dot), target.slice(dot + 1)];
}

function text(value: Value): string {
  return typeof value === 'string' ? value : '';
}

function pair([name, value]: readonly [string, Value]): PyTuple {
  return new PyTuple([name, value]);
}

function namePair({ name, tensor }: NamedTensor): PyTuple {
  return new PyTuple([name, tensor]);
}
