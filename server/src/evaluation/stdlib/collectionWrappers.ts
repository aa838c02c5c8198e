/**
 * collections.ChainMap, UserDict and UserList: classes that keep dicts or a list as an attribute.
 */
import type { Runtime } from '../runtime.ts';
import { PyDict, PyInstance, PyList, PyProperty, PyUnknown, type PyClass, type Value } from '../values.ts';
import { fillDict } from '../builtins/containerCreation.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { iteratorOf } from '../builtins/iterationFunctions.ts';
import { isRaisedException, raiseWith } from '../builtins/raising.ts';
import { abstractClasses } from './collectionsAbc.ts';

export function chainMapClass(runtime: Runtime): PyClass {
  const merged = (self: Value): PyDict => {
    const dict = new PyDict();
    for (const map of [...mapsOf(runtime, self)].reverse()) fillDict(runtime, dict, map, new Map());
    return dict;
  };
  return nativeClass(runtime, 'collections.ChainMap', {
    ...basesFrom(runtime, 'MutableMapping'),
    members: mergeMembers(
      members('collections.ChainMap', {
        '__init__(self, *maps)': (_, self, maps) => {
          const given = [...runtime.iterate(maps)];
          runtime.genericSetAttribute(self, 'maps', new PyList(given.length > 0 ? given : [new PyDict()]));
          return null;
        },
        '__getitem__(self, key)': (_, self, key) => {
          for (const map of mapsOf(runtime, self)) {
            const isIn = runtime.compare('in', key, map);
            if (isIn instanceof PyUnknown) return isIn;
            if (isIn === true) return runtime.getItem(map, key);
          }
          return raiseWith(runtime, 'KeyError', key);
        },
        '__setitem__(self, key, value)': (_, self, key, value) => {
          runtime.setItem(mapsOf(runtime, self)[0] ?? null, key, value);
          return null;
        },
        '__delitem__(self, key)': (_, self, key) => {
          runtime.deleteItem(mapsOf(runtime, self)[0] ?? null, key);
          return null;
        },
        '__contains__(self, key)': (_, self, key) => runtime.compare('in', key, merged(self)),
        '__len__(self)': (_, self) => merged(self).entries.size,
        '__iter__(self)': (_, self) => iteratorOf(runtime, merged(self)),
        'new_child(self, m=None)': (_, self, map) =>
          runtime.call(runtime.typeOf(self), [map ?? new PyDict(), ...mapsOf(runtime, self)]),
        '__repr__(self)': (_, self) =>
          `ChainMap(${mapsOf(runtime, self)
            .map((map) => runtime.repr(map))
            .join(', ')})`,
      }),
      new Map([
        [
          'parents',
          new PyProperty(
            define('parents(self)', (_, self) => runtime.call(runtime.typeOf(self), mapsOf(runtime, self).slice(1))),
          ),
        ],
      ]),
    ),
  });
}

function mapsOf(runtime: Runtime, self: Value): readonly Value[] {
  return [...runtime.iterate(runtime.getAttribute(self, 'maps'))];
}

export function userDictClass(runtime: Runtime): PyClass {
  const data = (self: Value): Value => runtime.getAttribute(self, 'data');
  return nativeClass(runtime, 'collections.UserDict', {
    ...basesFrom(runtime, 'MutableMapping'),
    members: members('collections.UserDict', {
      '__init__(self, dict=None, /, **kwargs)': (_, self, source, kwargs) => {
        runtime.setAttribute(self, 'data', new PyDict());
        if (source !== null) runtime.callMethod(self, 'update', [source]);
        if (keywordsOf(kwargs).size > 0) runtime.callMethod(self, 'update', [], keywordsOf(kwargs));
        return null;
      },
      '__len__(self)': (_, self) => runtime.length(data(self)),
      '__getitem__(self, key)': (_, self, key) => {
        try {
          return runtime.getItem(data(self), key);
        } catch (error) {
          const missing = self instanceof PyInstance ? runtime.lookupInClass(self.class_, '__missing__') : undefined;
          if (missing === undefined || !isRaisedException(runtime, error, 'KeyError')) throw error;
          return runtime.callMethod(self, '__missing__', [key]);
        }
      },
      '__setitem__(self, key, value)': (_, self, key, value) => {
        runtime.setItem(data(self), key, value);
        return null;
      },
      '__delitem__(self, key)': (_, self, key) => {
        runtime.deleteItem(data(self), key);
        return null;
      },
      '__iter__(self)': (_, self) => iteratorOf(runtime, data(self)),
      '__contains__(self, key)': (_, self, key) => runtime.compare('in', key, data(self)),
      '__repr__(self)': (_, self) => runtime.repr(data(self)),
      'copy(self)': (_, self) => runtime.call(runtime.typeOf(self), [data(self)]),
    }),
  });
}

export function userListClass(runtime: Runtime): PyClass {
  const data = (self: Value): Value => runtime.getAttribute(self, 'data');
  return nativeClass(runtime, 'collections.UserList', {
    ...basesFrom(runtime, 'MutableSequence'),
    members: members('collections.UserList', {
      '__init__(self, initlist=None)': (_, self, initial) => {
        runtime.setAttribute(self, 'data', new PyList(initial === null ? [] : [...runtime.iterate(initial)]));
        return null;
      },
      '__len__(self)': (_, self) => runtime.length(data(self)),
      '__getitem__(self, i)': (_, self, index) => runtime.getItem(data(self), index),
      '__setitem__(self, i, item)': (_, self, index, item) => {
        runtime.setItem(data(self), index, item);
        return null;
      },
      '__delitem__(self, i)': (_, self, index) => {
        runtime.deleteItem(data(self), index);
        return null;
      },
      'insert(self, i, item)': (_, self, index, item) => runtime.callMethod(data(self), 'insert', [index, item]),
      'append(self, item)': (_, self, item) => runtime.callMethod(data(self), 'append', [item]),
      'extend(self, other)': (_, self, other) => runtime.callMethod(data(self), 'extend', [other]),
      'sort(self, /, *args, **kwargs)': (_, self, __, kwargs) =>
        runtime.callMethod(data(self), 'sort', [], keywordsOf(kwargs)),
      '__iter__(self)': (_, self) => iteratorOf(runtime, data(self)),
      '__contains__(self, item)': (_, self, item) => runtime.compare('in', item, data(self)),
      '__eq__(self, other)': (_, self, other) =>
        runtime.compare(
          '==',
          data(self),
          other instanceof PyList ? other : (runtime.lookupAttribute(other, 'data') ?? null),
        ),
      '__add__(self, other)': (_, self, other) =>
        runtime.call(runtime.typeOf(self), [runtime.binary('+', data(self), new PyList([...runtime.iterate(other)]))]),
      '__repr__(self)': (_, self) => runtime.repr(data(self)),
    }),
  });
}

function basesFrom(runtime: Runtime, name: string): { readonly bases?: readonly PyClass[] } {
  const base = abstractClasses(runtime).get(name);
  return base === undefined ? {} : { bases: [base] };
}
