/**
 * Keys, dicts and sets: which JavaScript map key stands for which Python value.
 * 1, 1.0 and True are one key, "1" is another; tuples go by content, instances by identity.
 */
import { PyDict, PySet, type Value } from './values.ts';

/** The map key of a hashable value; undefined for lists, dicts, sets and unknowns, which have none. */
export function keyOf(value: Value): unknown {
  if (value === null) return 'n';
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return `i${value}`;
  switch (value.kind) {
    case 'float':
      return value.value;
    case 'bytes':
      return `b${value.value}`;
    case 'tuple': {
      const keys = value.items.map(keyOf);
      if (keys.includes(undefined)) return undefined;
      return `t${keys.map(keyText).join('\u0000')}`;
    }
    case 'set':
      return value.isFrozen ? `f${[...value.entries.keys()].map(String).sort().join('\u0000')}` : undefined;
    case 'list':
    case 'dict':
    case 'unknown':
      return undefined;
    case 'instance':
      return value.payload === undefined ? value : keyOf(value.payload);
    default:
      return value;
  }
}

function keyText(key: unknown): string {
  if (typeof key === 'number') return `d${key}`;
  return typeof key === 'string' ? key : `o${identity(key as object)}`;
}

/** A dict with string keys, in the given order. */
export function dictOf(entries: Iterable<readonly [string, Value]>): PyDict {
  const dict = new PyDict();
  for (const [key, value] of entries) dict.entries.set(keyOf(key), { key, value });
  return dict;
}

export function setOf(values: Iterable<Value>): PySet {
  const set = new PySet(false);
  for (const value of values) {
    const key = keyOf(value);
    if (key !== undefined) set.entries.set(key, value);
  }
  return set;
}

const identities = new WeakMap<object, number>();
let identityCount = 0;

/** A number that stands for an object's identity, as `id()` does. */
export function identity(object: object): number {
  let id = identities.get(object);
  if (id === undefined) {
    id = ++identityCount;
    identities.set(object, id);
  }
  return id;
}
