/**
 * `mappingproxy`: a dict that shows another one and cannot be written to, as `Class.__dict__` is.
 * MappingProxyType({'a': 1})['a'] -> 1, and assigning to it raises TypeError.
 */
import type { Runtime } from '../runtime.ts';
import { PyDict, type Arguments, type PyClass, type Value } from '../values.ts';
import { sharedEntries } from '../watchedEntries.ts';
import { dictArgument } from './arguments.ts';
import { members, mergeMembers } from './define.ts';
import { dictMembers } from './dictMembers.ts';

const CHANGING = new Set([
  ...[
    '__init__',
    '__setitem__',
    '__delitem__',
    '__ior__',
    'pop',
    'popitem',
    'setdefault',
    'update',
    'clear',
    'fromkeys',
  ],
  // What a dict does of itself.
  ...['__getitem__', '__contains__', '__len__', '__iter__', '__eq__', '__ne__'],
]);

export function mappingProxyMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    new Map([...dictMembers()].filter(([name]) => !CHANGING.has(name))),
    members('mappingproxy', {
      '__init__(self, mapping, /)': () => null,
      '__setitem__(self, key, value, /)': (runtime) =>
        runtime.raise('TypeError', "'mappingproxy' object does not support item assignment"),
      '__delitem__(self, key, /)': (runtime) =>
        runtime.raise('TypeError', "'mappingproxy' object doesn't support item deletion"),
      'copy(self, /)': (runtime, self) => plainCopy(runtime, self),
      '__repr__(self, /)': (runtime, self) => `mappingproxy(${runtime.repr(plainCopy(runtime, self))})`,
    }),
  );
}

/** `types.MappingProxyType(mapping)`: shows what the mapping holds at any time. */
export function allocateMappingProxy(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  const [source = null] = args.positional;
  const view = new PyDict();
  view.class = cls;
  view.entries = dictArgument(runtime, source).entries;
  sharedEntries.add(view.entries);
  return view;
}

function plainCopy(runtime: Runtime, view: Value): PyDict {
  const plain = new PyDict();
  plain.entries = new Map(dictArgument(runtime, view).entries);
  return plain;
}
