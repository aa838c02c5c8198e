/**
 * Keys, dicts and sets: which JavaScript map key stands for which Python value.
 * 1, 1.0 and True are one key, "1" is another; tuples go by content, instances by identity.
 */
import { PyDict, PySet, type Value } from './values.ts';

/** A key of more parts is not looked for: tuples that hold each other have many more parts than objects. */
export const MAX_KEY_PARTS = 200_000;

/** The map key of a hashable value; undefined for lists, dicts, sets and unknowns, which have none. */
export function keyOf(value: Value): unknown {
  return keyWithin(value, { partsLeft: MAX_KEY_PARTS });
}

function keyWithin(value: Value, limit: { partsLeft: number }): unknown {
  if (--limit.partsLeft < 0) return undefined;
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
      const keys = value.items.map((item) => keyWithin(item, limit));
      if (keys.includes(undefined)) return undefined;
      return `t${joined(keys.map(keyText))}`;
    }
    case 'set':
      return value.isFrozen ? `f${joined(Array.from(value.entries.keys(), keyText).sort())}` : undefined;
    case 'complex':
      return value.imaginary === 0 ? value.real : `c${value.real} ${value.imaginary}`;
    case 'range':
      return `r${value.start} ${value.stop} ${value.step}`;
    case 'boundMethod': {
      const [self, callee] = [keyWithin(value.self, limit), keyWithin(value.callee, limit)];
      // A list's method is hashable though the list is not.
      return `m${joined([keyText(self ?? value.self), keyText(callee)])}`;
    }
    case 'list':
    case 'dict':
    case 'unknown':
      return undefined;
    case 'instance':
      return value.payload === undefined ? value : keyWithin(value.payload, limit);
    default:
      return value;
  }
}

/** With lengths, so that no two lists of texts give the same. */
function joined(texts: readonly string[]): string {
  return texts.map((text) => `${text.length}:${text}`).join('');
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
