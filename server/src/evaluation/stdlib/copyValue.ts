/**
 * copy.copy and copy.deepcopy: containers and instances anew, functions, classes and modules as they are. A memo keeps
 * shared parts shared; `__copy__` and `__deepcopy__` of a class come first.
 */
import { isCloneable } from '../cloneable.ts';
import { identity, keyOf } from '../containers.ts';
import type { Runtime } from '../runtime.ts';
import { PyBoundMethod, PyDict, PyInstance, PyList, PySet, PyTuple, type Value } from '../values.ts';
import { copyDict } from '../builtins/dictMembers.ts';
import { copySet } from '../builtins/setMembers.ts';

export function shallowCopy(runtime: Runtime, value: Value): Value {
  const custom = customCopy(runtime, value, '__copy__', []);
  if (custom !== undefined) return custom;
  if (value instanceof PyList) return copyList(value, [...value.items]);
  if (value instanceof PyDict) return copyDict(value);
  if (value instanceof PySet) return value.isFrozen ? value : copySet(value);
  return value instanceof PyInstance ? cloneInstance(value) : value;
}

/** `memo` is the dict that `__deepcopy__(memo)` gets: from `id(original)` to the copy. */
export function deepCopy(runtime: Runtime, value: Value, memo: PyDict = new PyDict()): Value {
  if (value === null || typeof value !== 'object') return value;
  runtime.step(1);
  const known = memo.entries.get(memoKey(value));
  if (known !== undefined) return known.value;
  const custom = customCopy(runtime, value, '__deepcopy__', [memo]);
  if (custom !== undefined) return remember(memo, value, custom);
  switch (value.kind) {
    case 'list': {
      const copy = copyList(value, []);
      remember(memo, value, copy);
      for (const item of value.items) copy.items.push(deepCopy(runtime, item, memo));
      copyAttributes(runtime, copy, memo);
      return copy;
    }
    case 'dict': {
      const copy = copyDict(value);
      remember(memo, value, copy);
      copy.entries = new Map();
      for (const [mapKey, entry] of value.entries) {
        const key = deepCopy(runtime, entry.key, memo);
        copy.entries.set(keyOf(key) ?? mapKey, { key, value: deepCopy(runtime, entry.value, memo) });
      }
      copyAttributes(runtime, copy, memo);
      return copy;
    }
    case 'set': {
      const copy = copySet(value);
      remember(memo, value, copy);
      copy.entries = new Map();
      for (const [mapKey, item] of value.entries) {
        const copied = deepCopy(runtime, item, memo);
        copy.entries.set(keyOf(copied) ?? mapKey, copied);
      }
      return copy;
    }
    case 'tuple':
      return deepCopyTuple(runtime, value, memo);
    case 'boundMethod':
      return remember(memo, value, new PyBoundMethod(deepCopy(runtime, value.self, memo), value.callee));
    case 'instance': {
      const copy = cloneInstance(value);
      remember(memo, value, copy);
      if (copy === value) return copy;
      for (const [name, attribute] of [...copy.attributes]) {
        copy.attributes.set(name, deepCopy(runtime, attribute, memo));
      }
      return copy;
    }
    default:
      return value;
  }
}

/** Tuples whose items are all the same after copying stay as they are. */
function deepCopyTuple(runtime: Runtime, tuple: PyTuple, memo: PyDict): Value {
  const items = tuple.items.map((item) => deepCopy(runtime, item, memo));
  const known = memo.entries.get(memoKey(tuple));
  if (known !== undefined) return known.value;
  if (items.every((item, at) => item === tuple.items[at])) return tuple;
  const copy = new PyTuple(items, tuple.namedClass);
  copy.attributes = tuple.attributes && new Map(tuple.attributes);
  return remember(memo, tuple, copy);
}

function customCopy(runtime: Runtime, value: Value, name: string, args: readonly Value[]): Value | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const hasClass =
    value instanceof PyInstance || value instanceof PyList || value instanceof PyDict || value instanceof PySet;
  const isSubclass = hasClass && (value instanceof PyInstance || value.class !== undefined);
  if (!isSubclass || runtime.lookupInClass(runtime.typeOf(value), name) === undefined) return undefined;
  return runtime.callMethod(value, name, args);
}

/** Native objects without a way to be cloned (cached functions, views) are shared. */
function cloneInstance(instance: PyInstance): PyInstance {
  if (isCloneable(instance)) return instance.cloneShallow();
  if (instance.constructor !== PyInstance) return instance;
  const copy = new PyInstance(instance.class_);
  copy.attributes = new Map(instance.attributes);
  copy.payload = instance.payload;
  return copy;
}

function copyList(list: PyList, items: Value[]): PyList {
  const copy = new PyList(items);
  copy.class = list.class;
  copy.attributes = list.attributes && new Map(list.attributes);
  return copy;
}

function copyAttributes(runtime: Runtime, copy: PyList | PyDict, memo: PyDict): void {
  for (const [name, value] of [...(copy.attributes ?? [])]) copy.attributes?.set(name, deepCopy(runtime, value, memo));
}

function remember(memo: PyDict, original: object, copy: Value): Value {
  const key = memoKey(original);
  memo.entries.set(key, { key, value: copy });
  return copy;
}

/** As `id(original)` in objectMembers.ts. */
function memoKey(original: object): number {
  return 0x100000 + identity(original) * 16;
}
