/**
 * How lists, tuples, dicts and sets come to be: `list(x)`, `dict(pairs, a=1)`, and instances of subclasses, which are
 * filled by `__init__` where the subclass has one of its own. Unknown arguments make the result unknown.
 */
import { allocations, BYTES } from '../allocations.ts';
import { keyOf, MAX_KEY_PARTS } from '../containers.ts';
import { canonical } from '../instanceKeys.ts';
import { hasOwnMethod } from './ownMethods.ts';
import type { Runtime } from '../runtime.ts';
import {
  NativeFunction,
  PyDict,
  PyInstance,
  PyList,
  PySet,
  PyTuple,
  PyUnknown,
  type Arguments,
  type DictEntry,
  type PyClass,
  type Value,
} from '../values.ts';
import { itemsOf } from './arguments.ts';
import { bitLength } from './integers.ts';

/** Subclass instances that `allocate` has filled, so that the inherited `__init__` leaves them as they are. */
const filled = new WeakSet<PyList | PyDict | PySet>();

export function allocateList(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  const list = new PyList([]);
  list.class = subclassOf(runtime, cls, 'list');
  if (!fillsItself(runtime, cls, 'list')) return list;
  filled.add(list);
  const [iterable] = args.positional;
  if (iterable === undefined) return list;
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) return items;
  list.items = items;
  return list;
}

export function initializeList(runtime: Runtime, list: PyList, iterable: Value): null {
  if (list.class === undefined || filled.delete(list)) return null;
  const items = iterable === null ? [] : itemsOf(runtime, iterable);
  runtime.mutating(list);
  list.items = items instanceof PyUnknown ? [items] : items;
  if (items instanceof PyUnknown) runtime.omit(`a list was filled from an unknown value: ${items.reason}`);
  return null;
}

export function allocateTuple(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  const [iterable] = args.positional;
  const namedClass = subclassOf(runtime, cls, 'tuple');
  if (iterable === undefined) return new PyTuple([], namedClass);
  if (iterable instanceof PyTuple && namedClass === undefined && iterable.namedClass === undefined) return iterable;
  const items = itemsOf(runtime, iterable);
  return items instanceof PyUnknown ? items : new PyTuple(items, namedClass);
}

export function allocateSet(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  const set = new PySet(false);
  set.class = subclassOf(runtime, cls, 'set');
  if (!fillsItself(runtime, cls, 'set')) return set;
  filled.add(set);
  return fillSet(runtime, set, args.positional[0] ?? null);
}

export function allocateFrozenSet(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  const set = new PySet(true);
  set.class = subclassOf(runtime, cls, 'frozenset');
  return fillSet(runtime, set, args.positional[0] ?? null);
}

export function initializeSet(runtime: Runtime, set: PySet, iterable: Value): null {
  if (set.class === undefined || filled.delete(set)) return null;
  runtime.mutating(set);
  set.entries = new Map();
  const result = fillSet(runtime, set, iterable);
  if (result instanceof PyUnknown) runtime.omit(`a set was filled from an unknown value: ${result.reason}`);
  return null;
}

/** Adds the items to a new set; unknown where an item is, as then not even the number of elements is known. */
export function fillSet(runtime: Runtime, set: PySet, iterable: Value): PySet | PyUnknown {
  if (iterable === null) return set;
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) return items;
  runtime.budget.allocate(BYTES.entry * items.length);
  for (const item of items) {
    const key = hashKey(runtime, item);
    if (key instanceof PyUnknown) return key;
    if (!set.entries.has(key)) set.entries.set(key, item);
  }
  return set;
}

/** A new set of the given items, unknown where one is. */
export function makeSet(runtime: Runtime, items: Iterable<Value>, isFrozen: boolean): PySet | PyUnknown {
  return fillSet(runtime, new PySet(isFrozen), new PyList([...items]));
}

export function allocateDict(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  const dict = new PyDict();
  dict.class = subclassOf(runtime, cls, 'dict');
  if (!fillsItself(runtime, cls, 'dict')) return dict;
  filled.add(dict);
  return fillDict(runtime, dict, args.positional[0] ?? null, args.keywords);
}

export function initializeDict(
  runtime: Runtime,
  dict: PyDict,
  source: Value,
  keywords: ReadonlyMap<string, Value>,
): null {
  if (dict.class === undefined || filled.delete(dict)) return null;
  runtime.mutating(dict);
  const result = fillDict(runtime, dict, source, keywords);
  if (result instanceof PyUnknown) runtime.omit(`a dict was filled from an unknown value: ${result.reason}`);
  return null;
}

/** Adds a mapping or pairs, then keywords, as `dict.update` does; the caller has called `runtime.mutating`. */
export function fillDict(
  runtime: Runtime,
  dict: PyDict,
  source: Value,
  keywords: ReadonlyMap<string, Value>,
): PyDict | PyUnknown {
  const entries = entriesOf(runtime, source);
  if (entries instanceof PyUnknown) return entries;
  for (const { key, value } of entries) {
    const result = putEntry(runtime, dict, key, value);
    if (result instanceof PyUnknown) return result;
  }
  runtime.budget.allocate(BYTES.entry * keywords.size);
  for (const [key, value] of keywords) dict.entries.set(keyOf(key), { key, value });
  return dict;
}

/** Keys and values of a dict, of an object with `keys`, or of an iterable of pairs. */
export function entriesOf(runtime: Runtime, source: Value): readonly DictEntry[] | PyUnknown {
  if (source === null) return [];
  if (source instanceof PyUnknown) return source;
  if (source instanceof PyDict && !hasOwnIteration(runtime, source)) return [...source.entries.values()];
  if (runtime.lookupAttribute(source, 'keys') !== undefined) {
    const keys = itemsOf(runtime, runtime.callMethod(source, 'keys'));
    if (keys instanceof PyUnknown) return keys;
    return keys.map((key) => ({ key, value: runtime.getItem(source, key) }));
  }
  const entries: DictEntry[] = [];
  for (const pair of runtime.iterate(source)) {
    if (!isIterable(runtime, pair)) {
      const element = `dictionary update sequence element #${entries.length}`;
      return runtime.raise('TypeError', `cannot convert ${element} to a sequence`);
    }
    const items = itemsOf(runtime, pair);
    if (items instanceof PyUnknown) return items;
    const [key, value] = items;
    if (key === undefined || value === undefined || items.length > 2) {
      const problem = `has length ${items.length}; 2 is required`;
      return runtime.raise('ValueError', `dictionary update sequence element #${entries.length} ${problem}`);
    }
    entries.push({ key, value });
  }
  return entries;
}

function isIterable(runtime: Runtime, value: Value): boolean {
  if (value instanceof PyUnknown || typeof value === 'string') return true;
  return typeof value === 'object' && runtime.lookupAttribute(value, '__iter__') !== undefined;
}

/** Sets one entry of a dict, keeping the first of equal keys. Unknown where the key is. */
export function putEntry(runtime: Runtime, dict: PyDict, key: Value, value: Value): undefined | PyUnknown {
  const mapKey = hashKey(runtime, key);
  if (mapKey instanceof PyUnknown) return mapKey;
  const known = dict.entries.get(mapKey);
  if (known === undefined) allocations.bytes += BYTES.entry;
  dict.entries.set(mapKey, { key: known?.key ?? key, value });
  return undefined;
}

/** The map key of a value; raises TypeError for what Python cannot hash. */
export function hashKey(runtime: Runtime, value: Value): unknown {
  const unknown = countKey(runtime, value);
  if (unknown !== undefined) return unknown;
  const key = keyOf(canonical(runtime, value));
  if (key !== undefined) return key;
  const part = unknownWithin(value);
  if (part !== undefined) return part;
  // A subclass of list and the like that hashes itself goes by identity.
  if (hasOwnMethod(runtime, value, '__hash__')) {
    const hashed = runtime.callMethod(value, '__hash__');
    const isInt = typeof hashed === 'number' || typeof hashed === 'bigint' || typeof hashed === 'boolean';
    if (isInt || hashed instanceof PyUnknown || hashed instanceof PyInstance) return value;
    return runtime.raise('TypeError', '__hash__ method should return an integer');
  }
  return runtime.raise('TypeError', `unhashable type: '${runtime.typeOf(unhashablePart(value)).name}'`);
}

/** Counts what a look for a value's key costs; unknown where it has too many parts. */
export function countKey(runtime: Runtime, value: Value): PyUnknown | undefined {
  if (typeof value === 'string') runtime.budget.readText(value);
  else if (typeof value === 'bigint') runtime.step(bitLength(value) >> 2);
  else if (value instanceof PyTuple || value instanceof PySet) {
    const size = keySize(value, MAX_KEY_PARTS);
    if (size >= MAX_KEY_PARTS) return runtime.unknown('the hash of a nested value of more than 200,000 parts');
    runtime.budget.allocate(size << 5);
    runtime.step(size >> 3);
  }
  return undefined;
}

/** How many parts the key of a tuple or set has, texts by their length; at most `limit`. */
function keySize(value: Value, limit: number): number {
  if (typeof value === 'string') return 1 + (value.length >> 3);
  if (!(value instanceof PyTuple || value instanceof PySet)) return 1;
  let size = 1;
  for (const item of value instanceof PyTuple ? value.items : value.entries.values()) {
    if (size >= limit) return limit;
    size += keySize(item, limit - size);
  }
  return size;
}

function unknownWithin(value: Value): PyUnknown | undefined {
  if (value instanceof PyUnknown) return value;
  if (!(value instanceof PyTuple)) return undefined;
  for (const item of value.items) {
    const found = unknownWithin(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unhashablePart(value: Value): Value {
  if (!(value instanceof PyTuple)) return value;
  const part = value.items.find((item) => keyOf(item) === undefined);
  return part === undefined ? value : unhashablePart(part);
}

/** Undefined where `cls` is the builtin class itself. */
export function subclassOf(runtime: Runtime, cls: PyClass, builtinName: string): PyClass | undefined {
  return cls === runtime.builtinClass(builtinName) ? undefined : cls;
}

/** Whether `__init__` is the builtin one, so that the arguments are certainly the content. */
function fillsItself(runtime: Runtime, cls: PyClass, builtinName: string): boolean {
  const own = runtime.builtinClass(builtinName).attributes.get('__init__');
  return runtime.lookupInClass(cls, '__init__') === own;
}

function hasOwnIteration(runtime: Runtime, dict: PyDict): boolean {
  if (dict.class === undefined) return false;
  const builtin = runtime.builtinClass('dict');
  return ['__iter__', 'keys', '__getitem__'].some((name) => {
    const found = dict.class && runtime.lookupInClass(dict.class, name);
    return found !== builtin.attributes.get(name) && !(found instanceof NativeFunction);
  });
}
