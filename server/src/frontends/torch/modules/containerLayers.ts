/**
 * Sequential, ModuleList and ModuleDict: modules held by position or name.
 * Sequential(conv, relu)[0] is conv, net[1:] a shorter Sequential, and calling it runs one after the other.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { dictOf, keyOf } from '../../../evaluation/containers.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyDict, PyInstance, PyList, PySlice, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';
import { iteratorOf } from './moduleTraversal.ts';
import { entriesOf, registryOf, removeEntry } from './moduleValue.ts';
import { sequentialOperators } from './sequentialOperators.ts';
import { positionOf, slicePositions } from './sequenceIndex.ts';

/** Methods that Sequential and ModuleList share: both hold modules under "0", "1", ... */
function sequenceMembers(owner: string): Map<string, Value> {
  return members(owner, {
    '__len__(self)': (_, self) => itemsOf(self).length,
    '__iter__(self)': (_, self) => iteratorOf(itemsOf(self).map(([, module]) => module)),
    '__reversed__(self)': (_, self) =>
      iteratorOf(
        itemsOf(self)
          .map(([, module]) => module)
          .reverse(),
      ),
    '__contains__(self, module)': (_, self, module) => itemsOf(self).some(([, item]) => item === module),
    '__setitem__(self, index, module)': (runtime, self, index, module) => {
      const items = itemsOf(self);
      const name = items[positionOf(runtime, items.length, index)]?.[0] ?? '';
      runtime.setAttribute(self, name, module);
      return null;
    },
    '__delitem__(self, index)': (runtime, self, index) => {
      const items = itemsOf(self);
      const removed = new Set(
        index instanceof PySlice
          ? slicePositions(runtime, items.length, index)
          : [positionOf(runtime, items.length, index)],
      );
      renumber(
        runtime,
        self,
        items.filter((_item, position) => !removed.has(position)).map(([, module]) => module),
      );
      return null;
    },
    'append(self, module)': (runtime, self, module) => {
      append(runtime, self, module);
      return self;
    },
    'extend(self, modules)': (runtime, self, modules) => {
      for (const module of runtime.iterate(modules)) append(runtime, self, module);
      return self;
    },
    'insert(self, index, module)': (runtime, self, index, module) => {
      const modules = itemsOf(self).map(([, item]) => item);
      const at = typeof index === 'number' ? index : modules.length;
      modules.splice(at, 0, module);
      renumber(runtime, self, modules);
      return self;
    },
    'pop(self, key=-1)': (runtime, self, key) => {
      const modules = itemsOf(self).map(([, item]) => item);
      const [popped = null] = modules.splice(positionOf(runtime, modules.length, key), 1);
      renumber(runtime, self, modules);
      return popped;
    },
    '__iadd__(self, other)': (runtime, self, other) => {
      for (const module of runtime.iterate(other)) append(runtime, self, module);
      return self;
    },
  });
}

const sequentialMembers = new Map<string, Value>([
  ...sequenceMembers('torch.nn.Sequential'),
  ...sequentialOperators,
  ...members('torch.nn.Sequential', {
    'forward(self, input)': (runtime, self, input) =>
      [...runtime.iterate(self)].reduce((value, module) => runtime.call(module, [value]), input),
    '__getitem__(self, idx)': (runtime, self, index) => {
      if (index instanceof PyUnknown) return index;
      const items = itemsOf(self);
      if (!(index instanceof PySlice)) return items[positionOf(runtime, items.length, index)]?.[1] ?? null;
      const kept = slicePositions(runtime, items.length, index).flatMap((position) =>
        items.slice(position, position + 1),
      );
      return runtime.call(runtime.typeOf(self), [dictOf(kept)]);
    },
  }),
]);

const moduleListMembers = new Map<string, Value>([
  ...sequenceMembers('torch.nn.ModuleList'),
  ...members('torch.nn.ModuleList', {
    '__add__(self, other)': (runtime, self, other) => {
      const result = runtime.call(runtime.typeOf(self));
      for (const module of [...runtime.iterate(self), ...runtime.iterate(other)]) append(runtime, result, module);
      return result;
    },
    '__getitem__(self, idx)': (runtime, self, index) => {
      if (index instanceof PyUnknown) return index;
      const items = itemsOf(self);
      if (!(index instanceof PySlice)) return items[positionOf(runtime, items.length, index)]?.[1] ?? null;
      const kept = slicePositions(runtime, items.length, index).flatMap((position) =>
        items.slice(position, position + 1),
      );
      return runtime.call(runtime.typeOf(self), [new PyList(kept.map(([, module]) => module))]);
    },
  }),
]);

const moduleDictMembers = members('torch.nn.ModuleDict', {
  '__len__(self)': (_, self) => itemsOf(self).length,
  '__iter__(self)': (_, self) => iteratorOf(itemsOf(self).map(([name]) => name)),
  '__contains__(self, key)': (_, self, key) => itemsOf(self).some(([name]) => name === key),
  '__getitem__(self, key)': (runtime, self, key) => {
    if (key instanceof PyUnknown) return key;
    const found = itemsOf(self).find(([name]) => name === key);
    return found === undefined ? runtime.raise('KeyError', runtime.str(key)) : found[1];
  },
  '__setitem__(self, key, module)': (runtime, self, key, module) =>
    runtime.callMethod(self, 'add_module', [key, module]),
  '__delitem__(self, key)': (runtime, self, key) => {
    if (self instanceof PyInstance) removeEntry(runtime, self, '_modules', runtime.str(key));
    return null;
  },
  'keys(self)': (_, self) => new PyList(itemsOf(self).map(([name]) => name)),
  'values(self)': (_, self) => new PyList(itemsOf(self).map(([, module]) => module)),
  'items(self)': (_, self) => new PyList(itemsOf(self).map(([name, module]) => new PyTuple([name, module]))),
  'clear(self)': (runtime, self) => {
    renumber(runtime, self, []);
    return null;
  },
  'pop(self, key)': (runtime, self, key) => {
    const module = runtime.getItem(self, key);
    if (self instanceof PyInstance) removeEntry(runtime, self, '_modules', runtime.str(key));
    return module;
  },
  'update(self, modules)': (runtime, self, modules) => {
    addAll(runtime, self, modules);
    return null;
  },
});

/** `Sequential(a, b)` or `Sequential(OrderedDict(...))`. */
function buildSequential(layer: LayerBuild): void {
  const { runtime, self } = layer;
  const args = layer.value('args');
  const items = args instanceof PyTuple ? args.items : [];
  const [only] = items;
  if (items.length === 1 && only instanceof PyDict) addAll(runtime, self, only);
  else items.forEach((module, index) => runtime.callMethod(self, 'add_module', [String(index), module]));
}

function append(runtime: Runtime, self: Value, module: Value): void {
  runtime.callMethod(self, 'add_module', [String(itemsOf(self).length), module]);
}

/** Adds the entries of a dict, a ModuleDict, or a list of pairs. */
function addAll(runtime: Runtime, self: Value, source: Value): void {
  if (source === null) return;
  if (source instanceof PyUnknown) {
    runtime.omit(`Modules of an unknown value were left out (${source.reason}).`);
    return;
  }
  const isMapping = runtime.lookupAttribute(source, 'items') !== undefined;
  for (const item of runtime.iterate(isMapping ? runtime.callMethod(source, 'items') : source)) {
    const [key = null, module = null] = [...runtime.iterate(item)];
    runtime.callMethod(self, 'add_module', [key, module]);
  }
}

/** Replaces the content by modules under "0", "1", ... */
function renumber(runtime: Runtime, self: Value, modules: readonly Value[]): void {
  const dict = self instanceof PyInstance ? registryOf(self, '_modules') : undefined;
  if (dict === undefined) return;
  runtime.mutating(dict);
  dict.entries = new Map(modules.map((module, index) => [keyOf(String(index)), { key: String(index), value: module }]));
}

function itemsOf(self: Value): readonly (readonly [string, Value])[] {
  return self instanceof PyInstance ? entriesOf(self, '_modules') : [];
}

export const containerLayers: readonly LayerSpec[] = [
  { signature: 'Sequential(*args)', module: 'container', build: buildSequential, methods: sequentialMembers },
  {
    signature: 'ModuleList(modules=None)',
    module: 'container',
    notStored: ['modules'],
    build: (layer) => {
      const modules = layer.value('modules');
      if (modules === null) return;
      for (const module of layer.runtime.iterate(modules)) append(layer.runtime, layer.self, module);
    },
    methods: moduleListMembers,
  },
  {
    signature: 'ModuleDict(modules=None)',
    module: 'container',
    notStored: ['modules'],
    build: (layer) => addAll(layer.runtime, layer.self, layer.value('modules')),
    methods: moduleDictMembers,
  },
];
