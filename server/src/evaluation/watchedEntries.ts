/**
 * Entries of a dict or set that tell what is done to them: `REGISTRY["net"] = f` -> setting("sname").
 */
import { PyClass, PyDict, PyFunction, PySet } from './values.ts';

/** Hears of what is about to be done; throws where that must not be. */
export interface EntriesWatcher {
  reading(key: unknown): void;
  /** Their number or order is asked for, or all of them. */
  readingAll(): void;
  /** `undo` takes the new entry back. */
  setting(key: unknown, undo: () => void): void;
  removing(): void;
}

export class WatchedEntries<Watcher extends EntriesWatcher, Entry> extends Map<unknown, Entry> {
  readonly watcher: Watcher;

  constructor(watcher: Watcher, entries: Iterable<readonly [unknown, Entry]>) {
    super();
    this.watcher = watcher;
    for (const [key, entry] of entries) super.set(key, entry);
  }

  override get size(): number {
    this.watcher.readingAll();
    return super.size;
  }

  override get(key: unknown): Entry | undefined {
    this.watcher.reading(key);
    return super.get(key);
  }

  override has(key: unknown): boolean {
    this.watcher.reading(key);
    return super.has(key);
  }

  override set(key: unknown, entry: Entry): this {
    const before = super.get(key);
    this.watcher.setting(key, () => {
      if (before === undefined) super.delete(key);
      else super.set(key, before);
    });
    return super.set(key, entry);
  }

  override delete(key: unknown): boolean {
    this.watcher.removing();
    return super.delete(key);
  }

  override clear(): void {
    this.watcher.removing();
    super.clear();
  }

  override entries(): MapIterator<[unknown, Entry]> {
    this.watcher.readingAll();
    return super.entries();
  }

  override keys(): MapIterator<unknown> {
    this.watcher.readingAll();
    return super.keys();
  }

  override values(): MapIterator<Entry> {
    this.watcher.readingAll();
    return super.values();
  }

  override forEach(callback: (entry: Entry, key: unknown, map: Map<unknown, Entry>) => void): void {
    this.watcher.readingAll();
    super.forEach(callback);
  }

  override [Symbol.iterator](): MapIterator<[unknown, Entry]> {
    return this.entries();
  }
}

/** Maps that more than one object has for its entries: a watcher of one would not hear of the other. */
export const sharedEntries = new WeakSet<object>();

/** Lets a watcher hear of a dict or set; false where that cannot be. */
export function watchEntries(object: PyDict | PySet, watcher: EntriesWatcher): boolean {
  const { entries } = object;
  const isPlain = Object.getPrototypeOf(entries) === Map.prototype && !sharedEntries.has(entries);
  // Methods and attributes of a class in Python code would go past the entries.
  if (!isPlain || object.class?.origin !== undefined || object.attributes !== undefined) return false;
  if (object instanceof PyDict) object.entries = new WatchedEntries(watcher, object.entries);
  else object.entries = new WatchedEntries(watcher, object.entries);
  return true;
}

export function watcherOf(object: unknown): EntriesWatcher | undefined {
  if (!(object instanceof PyDict) && !(object instanceof PySet)) return undefined;
  return object.entries instanceof WatchedEntries ? watcherIn(object.entries) : undefined;
}

function watcherIn({ watcher }: { readonly watcher: EntriesWatcher }): EntriesWatcher {
  return watcher;
}

/** A map key by a name that means the same when modules run again; undefined for what has none. */
export function portableKey(key: unknown): string | undefined {
  if (typeof key === 'string') return key.startsWith('s') ? key : undefined;
  if (typeof key === 'number') return `#${key}`;
  if (key instanceof PyFunction) return `f:${key.module.file ?? ''}:${key.qualifiedName}`;
  if (key instanceof PyClass && key.origin !== undefined)
    return `c:${key.origin.file}:${key.qualifiedName ?? key.name}`;
  return undefined;
}
