/**
 * What one program, or one run within it, has imported: which modules count as imported for it, and which it ran itself.
 * At its end `closedUnits` tells which of the latter may stay for other programs: `import torchvision` does the same
 * wherever it runs, a module that reads `cfg.W` after `cfg.W = 99` does not.
 */
import type { Effect } from './journal.ts';
import type { FileEntry, NamespaceEntry } from './moduleEntry.ts';

export class LoadScope {
  /** Modules that Python would find in `sys.modules`. */
  readonly active: Set<FileEntry | NamespaceEntry>;
  /** Modules whose text ran in this scope. */
  readonly ran = new Set<FileEntry>();
  /** Who makes the changes that end with the scope: the scope itself, and what was tried within it. */
  readonly loaders: Set<string>;

  constructor(
    readonly loader: string,
    readonly start: number,
    readonly outer: LoadScope | undefined,
  ) {
    this.active = new Set(outer?.active);
    this.loaders = new Set([loader]);
  }

  /** What was tried is part of this scope from now on. */
  adopt({ active, ran, loaders }: LoadScope): void {
    for (const entry of active) this.active.add(entry);
    for (const entry of ran) this.ran.add(entry);
    for (const loader of loaders) this.loaders.add(loader);
  }

  /** The program's own scope. */
  get program(): LoadScope {
    return this.outer === undefined ? this : this.outer.program;
  }
}

/** Everything that a module's text imported, and what these imported, the module too. */
export function closureOf(entry: FileEntry): ReadonlySet<FileEntry> {
  const closure = new Set([entry]);
  // A set yields what is added while it is gone through.
  for (const each of closure) for (const imported of each.imports) closure.add(imported);
  return closure;
}

/** What the changes of a scope touched that was there before it. */
export interface Outside {
  /** Modules from before the scope whose objects were changed in the program. */
  readonly changed: ReadonlySet<FileEntry>;
  readonly natives: NativeChanges;
}

/** Changes to what native modules hold. */
export interface NativeChanges {
  readonly objects: ReadonlySet<object>;
  /** A native class was changed, which anything may have used. */
  readonly isOpen: boolean;
}

/**
 * The unit of each module that ran in a scope: the import that always gives the same, wherever it runs. Undefined for a
 * module whose state may rest on what the program did before.
 * A change by one module to another's object joins both to the innermost load that contains them; so does an import of
 * what still ran, or of what shares changes with a module that was imported elsewhere.
 */
export function closedUnits(
  ran: readonly FileEntry[],
  effects: readonly Effect[],
  entryOf: (loader: string) => FileEntry | undefined,
  outside: Outside,
): ReadonlyMap<FileEntry, FileEntry | undefined> {
  const units = new Map<FileEntry, FileEntry | undefined>(ran.map((entry) => [entry, entry]));
  const closures = new Map(ran.map((entry) => [entry, closureOf(entry)]));
  const unitOf = (entry: FileEntry): FileEntry | undefined => (units.has(entry) ? units.get(entry) : entry.unit);
  for (let isSettled = false; !isSettled;) {
    isSettled = true;
    const move = (entry: FileEntry, unit: FileEntry | undefined): void => {
      if (!units.has(entry) || units.get(entry) === unit) return;
      units.set(entry, unit);
      isSettled = false;
    };
    for (const { loader, owner } of effects) {
      if (loader === owner || isNative(loader)) continue;
      const by = entryOf(loader);
      const of = owner === undefined ? undefined : entryOf(owner);
      if (by === undefined || !units.has(by)) {
        if (of !== undefined) move(of, undefined);
        continue;
      }
      const joined = of === undefined || !units.has(of) ? undefined : innermost(unitOf(by), unitOf(of));
      move(by, joined);
      if (of !== undefined) move(of, joined);
    }
    for (const entry of ran) {
      let unit = units.get(entry);
      if (unit === undefined) continue;
      if (rests(entry, outside)) unit = undefined;
      const closure = closures.get(entry);
      for (const imported of entry.imports) {
        const other = unitOf(imported);
        const isOpen = isWithin(entry, imported) || (other !== undefined && isWithin(entry, other));
        if (isOpen || other === undefined || closure?.has(other) !== true) unit = innermost(unit, other);
      }
      move(entry, unit);
    }
  }
  return units;
}

/** Whether a load filled one of our own modules. */
export function isNative(loader: string): boolean {
  return loader.startsWith('native:');
}

/** Whether a module read what the program changed. */
export function rests({ imports, nativeReads }: FileEntry, { changed, natives }: Outside): boolean {
  return (
    natives.isOpen ||
    (changed.size > 0 && [...imports].some((imported) => changed.has(imported))) ||
    (natives.objects.size > 0 && [...nativeReads].some((object) => natives.objects.has(object)))
  );
}

/** The innermost load that contains both; undefined for the program. */
function innermost(a: FileEntry | undefined, b: FileEntry | undefined): FileEntry | undefined {
  const around = new Set<FileEntry>();
  for (let entry = a; entry !== undefined; entry = entry.load?.within) around.add(entry);
  for (let entry = b; entry !== undefined; entry = entry.load?.within) if (around.has(entry)) return entry;
  return undefined;
}

/** Whether `inner` ran inside of `outer`, which is another. */
function isWithin(inner: FileEntry, outer: FileEntry): boolean {
  for (let entry = inner.load?.within; entry !== undefined; entry = entry.load?.within)
    if (entry === outer) return true;
  return false;
}
