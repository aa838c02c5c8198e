/**
 * ParameterList and ParameterDict: tensors held by position or name, as parameters where they are tensors.
 * ParameterList([torch.zeros(3)])[0] is a parameter of 3 numbers named "0".
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyInstance, PyList, PySlice, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import { TensorValue } from '../tensorValue.ts';
import { makeParameter, worldOf } from '../torchWorld.ts';
import type { LayerSpec } from './layerSpec.ts';
import { iteratorOf } from './moduleTraversal.ts';
import { positionOf, slicePositions } from './sequenceIndex.ts';

const parameterListMembers = members('torch.nn.ParameterList', {
  '__len__(self)': (_, self) => sizeOf(self),
  '__iter__(self)': (runtime, self) => iteratorOf(listItems(runtime, self)),
  '__getitem__(self, idx)': (runtime, self, index) => {
    if (index instanceof PyUnknown) return index;
    const items = listItems(runtime, self);
    if (!(index instanceof PySlice)) return items[positionOf(runtime, items.length, index)] ?? null;
    const kept = slicePositions(runtime, items.length, index).map((position) => items[position] ?? null);
    return runtime.call(runtime.typeOf(self), [new PyList(kept)]);
  },
  '__setitem__(self, idx, param)': (runtime, self, index, value) => {
    runtime.setAttribute(self, String(positionOf(runtime, sizeOf(self), index)), asParameter(runtime, value));
    return null;
  },
  'append(self, value)': (runtime, self, value) => {
    append(runtime, self, value);
    return self;
  },
  'extend(self, values)': (runtime, self, values) => {
    for (const value of runtime.iterate(values)) append(runtime, self, value);
    return self;
  },
  '__iadd__(self, values)': (runtime, self, values) => {
    for (const value of runtime.iterate(values)) append(runtime, self, value);
    return self;
  },
});

const parameterDictMembers = members('torch.nn.ParameterDict', {
  '__len__(self)': (_, self) => keysOf(self).items.length,
  '__iter__(self)': (_, self) => iteratorOf(keysOf(self).items),
  '__contains__(self, key)': (_, self, key) => keysOf(self).items.includes(key),
  '__getitem__(self, key)': (runtime, self, key) => {
    if (!keysOf(self).items.includes(key)) return runtime.raise('KeyError', runtime.str(key));
    return runtime.getAttribute(self, runtime.str(key));
  },
  '__setitem__(self, key, value)': (runtime, self, key, value) => {
    setKey(runtime, self, key, value);
    return null;
  },
  'keys(self)': (_, self) => keysOf(self),
  'values(self)': (runtime, self) => new PyList(dictItems(runtime, self).map(([, value]) => value)),
  'items(self)': (runtime, self) => new PyList(dictItems(runtime, self).map((item) => new PyTuple(item))),
  'get(self, key, default=None)': (runtime, self, key, fallback) =>
    keysOf(self).items.includes(key) ? runtime.getAttribute(self, runtime.str(key)) : fallback,
  'update(self, parameters)': (runtime, self, parameters) => {
    addAll(runtime, self, parameters);
    return null;
  },
});

function sizeOf(self: Value): number {
  const size = self instanceof PyInstance ? self.attributes.get('_size') : undefined;
  return typeof size === 'number' ? size : 0;
}

function listItems(runtime: Runtime, self: Value): readonly Value[] {
  return Array.from({ length: sizeOf(self) }, (_, index) => runtime.getAttribute(self, String(index)));
}

function append(runtime: Runtime, self: Value, value: Value): void {
  if (!(self instanceof PyInstance)) return;
  const size = sizeOf(self);
  runtime.mutating(self);
  self.attributes.set('_size', size + 1);
  runtime.setAttribute(self, String(size), asParameter(runtime, value));
}

/** Plain tensors become parameters, parameters stay themselves. */
function asParameter(runtime: Runtime, value: Value): Value {
  if (!(value instanceof TensorValue) || runtime.isInstance(value, worldOf(runtime).parameterClass)) return value;
  return makeParameter(runtime, value.type);
}

function keysOf(self: Value): PyList {
  const keys = self instanceof PyInstance ? self.attributes.get('_keys') : undefined;
  return keys instanceof PyList ? keys : new PyList([]);
}

function dictItems(runtime: Runtime, self: Value): readonly (readonly [Value, Value])[] {
  return keysOf(self).items.map((key) => [key, runtime.getAttribute(self, runtime.str(key))] as const);
}

function setKey(runtime: Runtime, self: Value, key: Value, value: Value): void {
  const keys = keysOf(self);
  if (!keys.items.includes(key)) {
    runtime.mutating(keys);
    keys.items.push(key);
  }
  runtime.setAttribute(self, runtime.str(key), asParameter(runtime, value));
}

function addAll(runtime: Runtime, self: Value, source: Value): void {
  if (source === null || source instanceof PyUnknown) return;
  const isMapping = runtime.lookupAttribute(source, 'items') !== undefined;
  for (const item of runtime.iterate(isMapping ? runtime.callMethod(source, 'items') : source)) {
    const [key = null, value = null] = [...runtime.iterate(item)];
    setKey(runtime, self, key, value);
  }
}

export const parameterContainers: readonly LayerSpec[] = [
  {
    signature: 'ParameterList(values=None)',
    module: 'container',
    notStored: ['values'],
    build: (layer) => {
      const values = layer.value('values');
      layer.set('_size', 0);
      if (values === null) return;
      for (const value of layer.runtime.iterate(values)) append(layer.runtime, layer.self, value);
    },
    methods: parameterListMembers,
  },
  {
    signature: 'ParameterDict(parameters=None)',
    module: 'container',
    notStored: ['parameters'],
    build: (layer) => {
      layer.set('_keys', new PyList([]));
      addAll(layer.runtime, layer.self, layer.value('parameters'));
    },
    methods: parameterDictMembers,
  },
];
