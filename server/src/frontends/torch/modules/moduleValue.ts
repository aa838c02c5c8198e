/**
 * An instance of nn.Module, and the walk over its tree that PyTorch defines: named_modules, named_parameters,
 * named_buffers, each object once. Sequential(Linear, ReLU) walks "", "0", "1" and "0.weight", "0.bias".
 */
import { keyOf } from '../../../evaluation/containers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyInstance, type PyClass, type Value } from '../../../evaluation/values.ts';
import type { SourceRange } from '../../../base/text.ts';
import { TensorValue } from '../tensorValue.ts';

export class ModuleValue extends PyInstance {
  constructor(
    class_: PyClass,
    /** Where it was created: the call expression, then the call sites that led there, innermost first. */
    readonly created: readonly SourceRange[],
  ) {
    super(class_);
  }
}

/** The three registries of a module; `_parameters` and friends of PyTorch. */
export type Registry = '_parameters' | '_buffers' | '_modules';

/** Undefined before `Module.__init__` ran. */
export function registryOf(module: PyInstance, registry: Registry): PyDict | undefined {
  const dict = module.attributes.get(registry);
  return dict instanceof PyDict ? dict : undefined;
}

/** Sets an entry; `Module.__init__` must have run. */
export function setEntry(runtime: Runtime, module: PyInstance, registry: Registry, name: string, value: Value): void {
  const dict = registryOf(module, registry);
  if (dict === undefined) {
    runtime.raise('AttributeError', `cannot assign ${registry.slice(1)} before Module.__init__() call`);
  }
  runtime.mutating(dict);
  dict.entries.set(keyOf(name), { key: name, value });
}

export function entryOf(module: PyInstance, registry: Registry, name: string): Value | undefined {
  return registryOf(module, registry)?.entries.get(keyOf(name))?.value;
}

/** Removes an entry; returns whether there was one. */
export function removeEntry(runtime: Runtime, module: PyInstance, registry: Registry, name: string): boolean {
  const dict = registryOf(module, registry);
  if (dict?.entries.has(keyOf(name)) !== true) return false;
  runtime.mutating(dict);
  dict.entries.delete(keyOf(name));
  return true;
}

const NO_ENTRIES: readonly (readonly [string, Value])[] = [];

/** Named entries with string keys, in order. */
export function entriesOf(module: PyInstance, registry: Registry): readonly (readonly [string, Value])[] {
  const dict = registryOf(module, registry);
  // Most registries of most layers are empty, and they are asked for all the time.
  if (dict === undefined || dict.entries.size === 0) return NO_ENTRIES;
  const entries: (readonly [string, Value])[] = [];
  for (const { key, value } of dict.entries.values()) {
    if (typeof key === 'string') entries.push([key, value]);
  }
  return entries;
}

/** Direct children, None left out, each module once. */
export function namedChildren(module: PyInstance): readonly (readonly [string, ModuleValue])[] {
  const seen = new Set<ModuleValue>();
  return entriesOf(module, '_modules').flatMap(([name, child]) => {
    if (!(child instanceof ModuleValue) || seen.has(child)) return [];
    seen.add(child);
    return [[name, child] as const];
  });
}

/** The module and all below it in PyTorch's order (depth first), each once unless `keepDuplicates`. */
export function namedModules(
  module: ModuleValue,
  prefix = '',
  options: { readonly keepDuplicates?: boolean } = {},
): readonly (readonly [string, ModuleValue])[] {
  const found: (readonly [string, ModuleValue])[] = [];
  const seen = new Set<ModuleValue>();
  const visit = (path: string, each: ModuleValue): void => {
    if (seen.has(each)) return;
    seen.add(each);
    found.push([path, each]);
    for (const { key, value } of registryOf(each, '_modules')?.entries.values() ?? []) {
      if (typeof key === 'string' && value instanceof ModuleValue) visit(joinPath(path, key), value);
    }
    // Without deduplication a module is only guarded against containing itself.
    if (options.keepDuplicates === true) seen.delete(each);
  };
  visit(prefix, module);
  return found;
}

export interface NamedTensor {
  readonly name: string;
  readonly tensor: TensorValue;
  readonly owner: ModuleValue;
}

/** Parameters or buffers of the whole tree, shared ones once (under their first name) unless `keepDuplicates`. */
export function namedTensors(
  module: ModuleValue,
  registry: '_parameters' | '_buffers',
  prefix = '',
  options: { readonly isRecursive?: boolean; readonly keepDuplicates?: boolean } = {},
): readonly NamedTensor[] {
  const seen = new Set<TensorValue>();
  const result: NamedTensor[] = [];
  const owners = options.isRecursive === false ? [[prefix, module] as const] : namedModules(module, prefix, options);
  for (const [path, owner] of owners) {
    for (const [name, tensor] of entriesOf(owner, registry)) {
      if (!(tensor instanceof TensorValue)) continue;
      if (seen.has(tensor) && options.keepDuplicates !== true) continue;
      seen.add(tensor);
      result.push({ name: joinPath(path, name), tensor, owner });
    }
  }
  return result;
}

export function joinPath(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
