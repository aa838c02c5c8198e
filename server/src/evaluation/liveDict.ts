/**
 * `object.__dict__` as a dict that is the object's attributes: `self.__dict__['x'] = 1` sets `self.x`.
 * keyOf("x") is the map key of an entry; every other key is not among the names.
 */
import { isSlotKey } from './slotKeys.ts';
import { PyDict, type DictEntry, type PyMutable, type Value } from './values.ts';

/** A dict over a map of names. `names` is asked for each time, as a rollback replaces the map. */
export function liveDict(owner: PyMutable | undefined, names: () => Map<string, Value>): PyDict {
  return new LiveDict(owner, new LiveEntries(names));
}

/** As `liveDict`, for an instance whose class has slots: their values are not in its dict. */
export function liveDictWithoutSlots(owner: PyMutable | undefined, names: () => Map<string, Value>): PyDict {
  return new LiveDict(owner, new LiveEntries(names, isSlotKey));
}

/** Changing it changes its owner. */
export class LiveDict extends PyDict {
  readonly owner: PyMutable | undefined;

  constructor(owner: PyMutable | undefined, entries: LiveEntries) {
    super();
    this.owner = owner;
    this.entries = entries;
    // Never saved so far, so that the first change saves the owner.
    this.epoch = -1;
  }

  override snapshot(): () => void {
    return this.owner?.snapshot() ?? ((): void => undefined);
  }
}

class LiveEntries extends Map<unknown, DictEntry> {
  readonly #names: () => Map<string, Value>;
  readonly #isHidden: ((name: string) => boolean) | undefined;

  constructor(names: () => Map<string, Value>, isHidden?: (name: string) => boolean) {
    super();
    this.#names = names;
    this.#isHidden = isHidden;
  }

  override get size(): number {
    return this.#isHidden === undefined ? this.#names().size : [...this.entries()].length;
  }

  override get(key: unknown): DictEntry | undefined {
    const name = nameOfKey(key);
    const value = name === undefined ? undefined : this.#names().get(name);
    return name === undefined || value === undefined ? undefined : { key: name, value };
  }

  override has(key: unknown): boolean {
    const name = nameOfKey(key);
    return name !== undefined && this.#names().has(name);
  }

  override set(key: unknown, entry: DictEntry): this {
    const name = nameOfKey(key);
    if (name !== undefined) this.#names().set(name, entry.value);
    return this;
  }

  override delete(key: unknown): boolean {
    const name = nameOfKey(key);
    return name !== undefined && this.#names().delete(name);
  }

  override clear(): void {
    const names = this.#names();
    for (const name of [...names.keys()]) if (this.#isHidden?.(name) !== true) names.delete(name);
  }

  override *entries(): MapIterator<[unknown, DictEntry]> {
    for (const [name, value] of this.#names()) {
      if (this.#isHidden?.(name) !== true) yield [`s${name}`, { key: name, value }];
    }
  }

  override *keys(): MapIterator<unknown> {
    for (const [key] of this.entries()) yield key;
  }

  override *values(): MapIterator<DictEntry> {
    for (const [, entry] of this.entries()) yield entry;
  }

  override forEach(callback: (entry: DictEntry, key: unknown, map: Map<unknown, DictEntry>) => void): void {
    for (const [key, entry] of this.entries()) callback(entry, key, this);
  }

  override [Symbol.iterator](): MapIterator<[unknown, DictEntry]> {
    return this.entries();
  }
}

/** The text of a string's map key; see keyOf. */
function nameOfKey(key: unknown): string | undefined {
  return typeof key === 'string' && key.startsWith('s') ? key.slice(1) : undefined;
}
