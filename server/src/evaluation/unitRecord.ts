/**
 * What one whole run of a package told: which files ran for it, and what modules put into dicts and sets of others:
 * `import torchvision` -> 150 files; BUILTIN_MODELS of models/_api.py, with "resnet50" from models/resnet.py, ...
 * With that, a program that starts in one file of the package can leave out the others, until it asks for them.
 */
import type { SyntaxModule } from '../syntax/ast.ts';
import type { Probe } from './fileTrail.ts';
import type { Effect } from './journal.ts';
import { closureOf, isNative } from './loadScope.ts';
import type { FileEntry, LoadTime, WholeRun } from './moduleEntry.ts';
import { PyDict, PySet } from './values.ts';
import { portableKey, watcherOf, type EntriesWatcher } from './watchedEntries.ts';

export interface UnitRecord extends WholeRun {
  /** The outermost package, and when it ran. */
  readonly top: string;
  readonly load: LoadTime;
  readonly modules: ReadonlyMap<string, RecordedModule>;
  readonly gathered: readonly GatheredObject[];
}

export interface RecordedModule {
  readonly name: string;
  readonly syntax: SyntaxModule;
  readonly resolvedNames: ReadonlyMap<string, string | undefined>;
  readonly lookups: ReadonlySet<readonly Probe[]>;
  /** Whether it is of the package, and shares changes with others by gathered objects alone. */
  readonly isMember: boolean;
  /** The file whose import always gives the same. */
  readonly gate: string;
}

/** A dict or set that other modules put something into while they loaded. */
export interface GatheredObject {
  /** The file whose text made it, and its name there. */
  readonly holder: string;
  readonly name: string;
  /** The one file that put each key in. */
  readonly writers: ReadonlyMap<string, string>;
}

/** Hears who puts what into a dict or set, in a whole run. */
export class WriterWatcher implements EntriesWatcher {
  /** By portable key. */
  readonly writers = new Map<string, string>();
  /** False once something happened that leaves open who put a key in. */
  isClear = true;
  readonly #loader: () => string | undefined;

  constructor(
    readonly holder: string,
    keys: Iterable<unknown>,
    loader: () => string | undefined,
  ) {
    this.#loader = loader;
    for (const key of keys) this.#add(key, holder);
  }

  reading(): void {
    // Whether a module may read what others put in is checked when it runs without them.
  }

  readingAll(): void {
    // As for one key.
  }

  setting(key: unknown): void {
    this.#add(key, this.#loader());
  }

  removing(): void {
    this.isClear = false;
  }

  #add(key: unknown, writer: string | undefined): void {
    const name = portableKey(key);
    const before = name === undefined ? undefined : this.writers.get(name);
    if (name === undefined || writer === undefined || (before ?? writer) !== writer) this.isClear = false;
    else this.writers.set(name, writer);
  }
}

/**
 * The record of a package that ran, and that does the same wherever it runs. Undefined where its modules changed
 * something of each other that is no gathered object, or where fewer than `minimum` of them share changes.
 */
export function recordOf(
  top: FileEntry,
  effects: readonly Effect[],
  entryOf: (file: string) => FileEntry | undefined,
  minimum: number,
): UnitRecord | undefined {
  const { load } = top;
  if (load === undefined || top.status !== 'loaded' || top.unit !== top) return undefined;
  const closure = closureOf(top);
  const folder = top.file.slice(0, top.file.lastIndexOf('/') + 1);
  const objects = new Map<object, GatheredObject>();
  const gates = new Set<FileEntry>();
  for (const { loader, owner, object } of effects) {
    if (loader === owner || isNative(loader) || owner === undefined) continue;
    const [by, of] = [entryOf(loader), entryOf(owner)];
    if ((by === undefined || !closure.has(by)) && (of === undefined || !closure.has(of))) continue;
    if (by?.unit === undefined || of === undefined || !closure.has(by)) return undefined;
    // What another package does within itself is done as a whole.
    if (by.unit === of.unit && !by.unit.file.startsWith(folder)) continue;
    const gathered = objects.get(object) ?? gatheredObject(object, closure);
    if (gathered === undefined) return undefined;
    objects.set(object, gathered);
    gates.add(by.unit);
  }
  const modules = new Map<string, RecordedModule>();
  let memberCount = 0;
  for (const entry of closure) {
    const { file, syntax, module, unit } = entry;
    const isWhole = entry.status === 'loaded' && entry.replacement === undefined;
    if (syntax === undefined || unit === undefined || !isWhole) return undefined;
    const isMember = gates.has(unit);
    if (isMember) memberCount++;
    modules.set(file, {
      name: module.name,
      syntax,
      resolvedNames: new Map(entry.resolvedNames),
      lookups: new Set(entry.lookups),
      isMember,
      gate: unit.file,
    });
  }
  return memberCount < minimum ? undefined : { top: top.file, load, modules, gathered: [...objects.values()] };
}

function gatheredObject(object: object, closure: ReadonlySet<FileEntry>): GatheredObject | undefined {
  if (!(object instanceof PyDict) && !(object instanceof PySet)) return undefined;
  const watcher = watcherOf(object);
  if (!(watcher instanceof WriterWatcher) || !watcher.isClear || object.attributes !== undefined) return undefined;
  for (const { file, module } of closure) {
    if (file !== watcher.holder) continue;
    for (const [name, value] of module.names)
      if (value === object) return { holder: file, name, writers: watcher.writers };
  }
  return undefined;
}
