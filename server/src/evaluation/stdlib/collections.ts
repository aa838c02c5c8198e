/**
 * The module `collections`: OrderedDict, defaultdict, Counter, deque, namedtuple, ChainMap, UserDict, UserList.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyDict, PyIterator, PyList, PyTuple, PyUnknown, type PyClass, type Value } from '../values.ts';
import { dictArgument } from '../builtins/arguments.ts';
import { allocateDict, initializeDict } from '../builtins/containerCreation.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { copyDict } from '../builtins/dictMembers.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { isCallable } from '../builtins/objectFunctions.ts';
import { plainView } from '../builtins/plainView.ts';
import { raiseWith } from '../builtins/raising.ts';
import { chainMapClass, userDictClass, userListClass } from './collectionWrappers.ts';
import { abstractClasses } from './collectionsAbc.ts';
import { counterClass } from './counter.ts';
import { dequeClass } from './deque.ts';
import { namedTuple } from './namedTuple.ts';

export const collectionsModule: NativeModuleDefinition = {
  name: 'collections',
  members: (runtime) =>
    mergeMembers(
      members('collections', {
        'namedtuple(typename, field_names, *, rename=False, defaults=None, module=None)': namedTuple,
      }),
      new Map([
        ['OrderedDict', orderedDictClass(runtime)],
        ['defaultdict', defaultDictClass(runtime)],
        ['Counter', counterClass(runtime)],
        ['deque', dequeClass(runtime)],
        ['ChainMap', chainMapClass(runtime)],
        ['UserDict', userDictClass(runtime)],
        ['UserList', userListClass(runtime)],
      ]),
      // Before Python 3.10 these stood here too.
      abstractClasses(runtime),
    ),
};

export const orderedDictClass = oncePerRuntime((runtime): PyClass => {
  const move = define('move_to_end(self, key, last=True)', (_, self, key, last) => moveToEnd(runtime, self, key, last));
  return nativeClass(runtime, 'collections.OrderedDict', {
    bases: [runtime.builtinClass('dict')],
    allocate: allocateDict,
    members: mergeMembers(
      members('collections.OrderedDict', {
        'popitem(self, last=True)': (_, self, last) => popItem(runtime, self, last),
        '__reversed__(self)': (_, self) => {
          const keys = Array.from(dictArgument(runtime, self).entries.values(), ({ key }) => key);
          return new PyIterator(keys.reverse().values() as Iterator<Value, Value, Value>);
        },
        '__repr__(self)': (_, self) => {
          const { entries } = dictArgument(runtime, self);
          const { name } = runtime.typeOf(self);
          return entries.size === 0 ? `${name}()` : `${name}(${runtime.repr(plainView(self))})`;
        },
        '__eq__(self, other)': (_, self, other) => {
          const isOrdered = other instanceof PyDict && other.class?.mro.includes(runtime.typeOf(self)) === true;
          const isEqual = runtime.compare('==', plainView(self), plainView(other));
          if (!isOrdered || isEqual !== true) return isEqual;
          return runtime.compare('==', keyList(self), keyList(other));
        },
      }),
      new Map([['move_to_end', move]]),
    ),
  });
});

function keyList(dict: Value): PyList {
  return new PyList(dict instanceof PyDict ? Array.from(dict.entries.values(), ({ key }) => key) : []);
}

function moveToEnd(runtime: Runtime, self: Value, key: Value, last: Value): Value {
  const dict = dictArgument(runtime, self);
  const found = [...dict.entries].find(([, entry]) => runtime.equals(entry.key, key) === true);
  if (found === undefined) return key instanceof PyUnknown ? key : raiseWith(runtime, 'KeyError', key);
  runtime.mutating(dict);
  dict.entries.delete(found[0]);
  if (runtime.truth(last) === false) {
    const rest = [...dict.entries];
    dict.entries.clear();
    for (const [mapKey, entry] of [found, ...rest]) dict.entries.set(mapKey, entry);
  } else dict.entries.set(found[0], found[1]);
  return null;
}

function popItem(runtime: Runtime, self: Value, last: Value): Value {
  const dict = dictArgument(runtime, self);
  const all = [...dict.entries];
  const found = runtime.truth(last) === false ? all[0] : all.at(-1);
  if (found === undefined) return raiseWith(runtime, 'KeyError', 'dictionary is empty');
  runtime.mutating(dict);
  dict.entries.delete(found[0]);
  return new PyTuple([found[1].key, found[1].value]);
}

function defaultDictClass(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'collections.defaultdict', {
    bases: [runtime.builtinClass('dict')],
    allocate: (_, cls, args) => {
      const [factory = null] = args.positional;
      if (factory !== null && !(factory instanceof PyUnknown) && !isCallable(runtime, factory)) {
        return runtime.raise('TypeError', 'first argument must be callable or None');
      }
      const dict = new PyDict();
      dict.class = cls;
      dict.defaultFactory = factory;
      return dict;
    },
    members: members('collections.defaultdict', {
      '__init__(self, default_factory=None, source=None, /, **kwargs)': (_, self, factory, source, kwargs) => {
        const dict = dictArgument(runtime, self);
        dict.defaultFactory = factory;
        return initializeDict(runtime, dict, source, keywordsOf(kwargs));
      },
      '__repr__(self)': (_, self) => {
        const dict = dictArgument(runtime, self);
        return `defaultdict(${runtime.repr(dict.defaultFactory)}, ${runtime.repr(plainView(dict))})`;
      },
      '__missing__(self, key)': (_, self, key) => {
        const dict = dictArgument(runtime, self);
        if (dict.defaultFactory === null) return raiseWith(runtime, 'KeyError', key);
        const value = runtime.call(dict.defaultFactory);
        runtime.setItem(dict, key, value);
        return value;
      },
      'copy(self)': (_, self) => copyDict(dictArgument(runtime, self)),
      '__getattr__(self, name)': (_, self, name) => {
        const { defaultFactory } = dictArgument(runtime, self);
        if (name === 'default_factory') return defaultFactory;
        const text = typeof name === 'string' ? name : '?';
        return runtime.raise('AttributeError', `'defaultdict' object has no attribute '${text}'`);
      },
    }),
  });
}
