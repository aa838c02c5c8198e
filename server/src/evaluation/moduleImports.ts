/**
 * Runs imports as Python does: `import a.b` runs `a`, then `a.b`, there and then, each once a program, and binds `b` in `a`.
 * A module that ran for an earlier program is taken as it is where running it again could not give anything else.
 */
import { withDefinitionUse } from './definitionUse.ts';
import type { Executor } from './executor.ts';
import type { Effect } from './journal.ts';
import type { KnownModules } from './knownModules.ts';
import { closedUnits, closureOf, isNative, LoadScope, rests, type Outside } from './loadScope.ts';
import type { ModuleDependencies } from './moduleDependencies.ts';
import type { FileEntry, LoadTime, ModuleEntry, NamespaceEntry } from './moduleEntry.ts';
import { directoriesOf } from './moduleFinder.ts';
import type { ModuleReader } from './moduleReader.ts';
import { runModule } from './moduleRun.ts';
import type { ModuleTrails } from './moduleTrails.ts';
import type { PartialPrograms } from './partialPrograms.ts';
import { PyClass, PyModule, PyUnknown, type Value } from './values.ts';

/** Loaders of changes that no module's text made; no file has such a name. */
const PROGRAM = '<program>';
const RUN = '<run>';

export interface ModuleParts {
  readonly known: KnownModules;
  readonly reader: ModuleReader;
  readonly trails: ModuleTrails;
  readonly dependencies: ModuleDependencies;
  readonly partials: PartialPrograms;
}

export class ModuleImports {
  readonly #executor: Executor;
  readonly #parts: ModuleParts;
  #scope: LoadScope;
  /** The file that was started. */
  #program: string | undefined;
  /** Loads whose imports were found to mean the same on a search path, until files come or go. */
  #checked: { readonly path: string; readonly entries: WeakMap<FileEntry, LoadTime> } = {
    path: '',
    entries: new WeakMap(),
  };
  /** Of modules that ran, until one is dropped or runs. */
  #closures = new Map<FileEntry, ReadonlySet<FileEntry>>();

  constructor(executor: Executor, parts: ModuleParts) {
    this.#executor = executor;
    this.#parts = parts;
    this.#scope = new LoadScope(PROGRAM, executor.journal.tick(), undefined);
    parts.partials.follow((entry) => this.isActive(entry));
  }

  /** Starts the program of a file, or goes on with it; what another one imported and changed is out of sight. */
  enter(file: string): void {
    if (this.#program === file) return;
    this.leave();
    this.#program = file;
    this.#parts.known.startIn(file);
  }

  /** Ends the program: what it changed is taken back, and only what any program would have made of it stays. */
  leave(): void {
    this.#close(this.#scope);
    this.#parts.partials.end();
    this.#program = undefined;
    this.#parts.known.startIn(undefined);
    this.#scope = new LoadScope(PROGRAM, this.#executor.journal.tick(), undefined);
  }

  /** The program asked for what it left out: it is to start again, whole. The file that it starts in. */
  startAgain(): string | undefined {
    const { partials } = this.#parts;
    const program = this.#program;
    partials.giveUp();
    this.leave();
    this.drop(partials.allParts());
    if (program !== undefined) this.enter(program);
    return program;
  }

  /** Runs something whose changes and imports are taken back at its end. */
  run<T>(body: () => T): T {
    const { journal } = this.#executor;
    const outer = this.#scope;
    const scope = new LoadScope(RUN, journal.tick(), outer);
    this.#scope = scope;
    try {
      return journal.load(RUN, () => withDefinitionUse(false, body));
    } finally {
      this.#close(scope);
      this.#scope = outer;
    }
  }

  /** Tries something out: its changes are taken back, unless `keeps` says otherwise of what it gave. */
  attempt<T>(body: () => T, keeps: (value: T) => boolean): T {
    const { journal } = this.#executor;
    const outer = this.#scope;
    const scope = new LoadScope(`<attempt ${journal.tick()}>`, journal.tick(), outer);
    this.#scope = scope;
    let isKept = false;
    try {
      const value = journal.load(scope.loader, body);
      isKept = keeps(value);
      return value;
    } finally {
      if (isKept) outer.adopt(scope);
      else this.#close(scope);
      this.#scope = outer;
    }
  }

  /** The module that `sys.modules` has under a name. */
  imported(name: string, from: PyModule | undefined): PyModule | undefined {
    const { known, partials, trails } = this.#parts;
    const module = known.importModule(name, from);
    if (module instanceof PyUnknown) return undefined;
    const entry = known.entryOf(module);
    if (entry?.kind === 'file') partials.checkLookup(entry, trails.running, this.isActive(entry));
    return entry === undefined || this.isActive(entry) ? module : undefined;
  }

  /** What an import of a module gives: the module, or what `sys.modules` was made to hold in its place. */
  valueOf(module: PyModule): Value {
    const entry = this.#parts.known.entryOf(module);
    return entry?.kind === 'file' && entry.replacement !== undefined ? entry.replacement : module;
  }

  /** `sys.modules[name] = value`, for a module that has a file; false for others. */
  replace(name: string, value: Value): boolean {
    const { known } = this.#parts;
    const module = known.importModule(name, this.#executor.frame?.module);
    const entry = module instanceof PyModule ? known.entryOf(module) : undefined;
    if (entry?.kind !== 'file') return false;
    // A lazy package tells type checkers what it would make: that is read instead (declaredNames.ts).
    if (this.#parts.reader.textOf(entry.module)?.includes('TYPE_CHECKING') === true) return true;
    const before = entry.replacement;
    const undo = (): void => {
      entry.replacement = before;
    };
    this.#executor.journal.record(entry, undo, entry.module.epoch);
    entry.replacement = value === module ? undefined : value;
    return true;
  }

  /** False for the file of a module that this program did not import. */
  isImportedFile(file: string): boolean {
    const entry = this.#parts.known.entryOfFile(file);
    return entry === undefined || this.isActive(entry);
  }

  /** Whether Python would have the module in `sys.modules`. */
  isActive(entry: ModuleEntry): boolean {
    return entry.kind === 'native' || this.#scope.active.has(entry);
  }

  /** `import a.b.c`: the module `a.b.c`, or why there is none. */
  importModule(name: string, from: PyModule | undefined): PyModule | PyUnknown {
    const { known, trails } = this.#parts;
    const [top = ''] = name.split('.');
    const first = known.importModule(top, from);
    trails.noteName(top, first instanceof PyModule ? first.file : undefined);
    for (let end = name.indexOf('.'); ; end = name.indexOf('.', end + 1)) {
      const prefix = end < 0 ? name : name.slice(0, end);
      const module = known.importModule(prefix, from);
      if (module instanceof PyUnknown) return prefix === name ? module : known.importModule(name, from);
      if (prefix === name) {
        this.require(module);
        return module;
      }
      this.#requireAround(module);
    }
  }

  /** `from ..name import` as it stands in `from`; level 0 is absolute. */
  importRelative(from: PyModule, level: number, name: string): PyModule | PyUnknown {
    if (level === 0) return this.importModule(name, from);
    const { known } = this.#parts;
    let module = known.importRelative(from, level, '');
    if (name === '') {
      if (module instanceof PyModule) this.require(module);
      return module;
    }
    const parts = name.split('.');
    for (let count = 1; count <= parts.length; count++) {
      module = known.importRelative(from, level, parts.slice(0, count).join('.'));
      if (module instanceof PyUnknown) return module;
      if (count === parts.length) this.require(module);
      else this.#requireAround(module);
    }
    return module;
  }

  /** The module `package.name`, run, where there is such a file. */
  importSubmodule(module: PyModule, name: string): PyModule | undefined {
    const { known } = this.#parts;
    const entry = known.entryOf(module);
    if (entry === undefined || entry.kind === 'native') return undefined;
    const directories = entry.kind === 'file' ? directoriesOf(entry.location) : entry.directories;
    const submodule = known.submodule(module, directories, name);
    if (submodule !== undefined) this.require(submodule);
    return submodule;
  }

  /** The program's own file: its packages run before it, as for any module. */
  start(entry: FileEntry): void {
    const { known, partials } = this.#parts;
    const scope = this.#scope;
    const isProgram = scope.outer === undefined;
    if (isProgram) partials.begin(entry);
    for (const around of known.packagesOf(entry.file)) if (!isProgram || !partials.isOn) this.require(around.module);
    this.require(entry.module);
    this.#settle(scope);
    if (!isProgram) return;
    if (partials.isOn) partials.loaded(scope.ran, scope.start);
    else partials.observe(scope.active);
  }

  /** The package around a module that is imported. */
  #requireAround(module: PyModule): void {
    const { known, partials, trails } = this.#parts;
    const entry = known.entryOf(module);
    if (entry?.kind === 'file' && partials.isSkipped(entry, trails.running)) return;
    this.require(module);
  }

  /** Makes sure that the module's text ran in this program. */
  require(module: PyModule): void {
    const { known, trails, partials } = this.#parts;
    const entry = known.entryOf(module);
    if (entry?.kind === 'namespace') {
      trails.noteNamespace(entry);
      this.#scope.active.add(entry);
    }
    if (entry?.kind !== 'file') return;
    // First, as who imports it goes with it.
    const unusable = partials.unusableWith(entry);
    if (unusable.length > 0) this.drop(unusable);
    if (this.#scope.active.has(entry)) partials.checkActive(entry);
    else {
      partials.checkImport(entry, (each) => this.isActive(each));
      if (!(entry.status === 'loaded' && this.#reuse(entry))) this.#run(entry);
    }
    // Not before: what is dropped to run again takes along what imported it.
    trails.noteUse(entry);
  }

  #run(entry: FileEntry): void {
    const { trails, reader, partials } = this.#parts;
    const { journal } = this.#executor;
    this.#closures = new Map();
    const load = { start: journal.tick(), end: undefined, within: trails.running };
    entry.load = load;
    this.#scope.active.add(entry);
    this.#scope.ran.add(entry);
    try {
      trails.making(entry, () => {
        runModule(this.#executor, entry, reader.syntaxOf(entry));
      });
      partials.ran(entry);
    } catch (error) {
      this.#scope.active.delete(entry);
      throw error;
    }
    entry.load = { ...load, end: journal.tick() };
    this.#bindInPackage(entry, false);
  }

  /** Takes a module that ran before with all that it imports; false where it has to run again, and is new then. */
  #reuse(entry: FileEntry): boolean {
    const isOwnUnit = entry.unit === entry;
    const closure = this.#closureOf(entry);
    const unusable = isOwnUnit ? this.#unusable(closure) : new Set([entry]);
    if (unusable.has(entry)) {
      this.drop([...unusable].filter((each) => !this.#scope.active.has(each)));
      return false;
    }
    const before = new Set(this.#scope.active);
    for (const each of closure) {
      if (before.has(each)) continue;
      this.#scope.active.add(each);
      for (const namespace of each.namespaces) this.#scope.active.add(namespace);
    }
    for (const each of closure) {
      if (!before.has(each)) this.#bindInPackage(each, true);
    }
    return true;
  }

  /** Modules of a closure that would do otherwise in this program than they did when they ran. */
  #unusable(closure: ReadonlySet<FileEntry>): ReadonlySet<FileEntry> {
    const outside = this.#changedBefore();
    const inactive = [...closure].filter((entry) => !this.#scope.active.has(entry));
    const unusable = new Set(
      inactive.filter((entry) => {
        const isWhole = entry.status === 'loaded' && entry.unit !== undefined && closure.has(entry.unit);
        return !isWhole || rests(entry, outside) || !this.#findsTheSame(entry);
      }),
    );
    for (let sizeBefore = -1; sizeBefore !== unusable.size;) {
      sizeBefore = unusable.size;
      for (const entry of inactive) {
        if ([...entry.imports].some((imported) => unusable.has(imported))) unusable.add(entry);
      }
    }
    return unusable;
  }

  /** Whether the names that a module imported mean the same files for this program. */
  #findsTheSame(entry: FileEntry): boolean {
    const { known } = this.#parts;
    const path = known.searchPath.join('|');
    if (this.#checked.path !== path) this.#checked = { path, entries: new WeakMap() };
    const { load, module, resolvedNames } = entry;
    if (load !== undefined && this.#checked.entries.get(entry) === load) return true;
    for (const [name, file] of resolvedNames) {
      const now = known.importModule(name, module);
      if ((now instanceof PyModule ? now.file : undefined) !== file) return false;
    }
    if (load !== undefined) this.#checked.entries.set(entry, load);
    return true;
  }

  /** `a.b` is an attribute of `a` once it ran; in a package that had run before, for this program alone. */
  #bindInPackage(entry: FileEntry, isReused: boolean): void {
    for (const parent of this.#parts.known.packagesAround(entry)) {
      if (this.#scope.active.has(parent)) this.#bindIn(parent, entry, isReused);
    }
  }

  #bindIn(parent: FileEntry | NamespaceEntry, entry: FileEntry, isReused: boolean): void {
    const { module } = entry;
    const { names } = parent.module;
    const name = module.name.slice(module.name.lastIndexOf('.') + 1);
    const before = names.get(name);
    const value = this.valueOf(module);
    if (before === value) return;
    // The package bound the name to something else after it had imported the module.
    const isOver = isReused && before !== undefined && parent.kind === 'file' && parent.status === 'loaded';
    if (isOver && this.#closureOf(parent).has(entry)) return;
    names.set(name, value);
    if (parent.kind === 'file' && parent.status === 'loading') return;
    this.#executor.journal.recordAs(this.#scope.loader, () => {
      const { names: now } = parent.module;
      if (before === undefined) now.delete(name);
      else now.set(name, before);
    });
  }

  /** Files came or went: names may mean others. */
  forgetPlaces(files: ReadonlySet<string>): void {
    this.#parts.known.forgetPlaces();
    this.#parts.partials.placesChanged(files);
    this.#checked = { path: '', entries: new WeakMap() };
  }

  /** Drops what running these modules made. */
  drop(entries: Iterable<FileEntry>): void {
    this.#closures = new Map();
    this.#parts.dependencies.drop(entries);
  }

  #closureOf(entry: FileEntry): ReadonlySet<FileEntry> {
    let closure = this.#closures.get(entry);
    if (closure === undefined) {
      closure = closureOf(entry);
      this.#closures.set(entry, closure);
    }
    return closure;
  }

  /** Tells which modules that ran may stay, drops the others, and takes back what these and the scope itself changed. */
  #close(scope: LoadScope): void {
    this.#settle(scope);
    const { journal } = this.#executor;
    const { known } = this.#parts;
    // What was cut off while it ran ends too.
    const ending = [...scope.ran].filter(({ status, unit }) => status !== 'loaded' || unit === undefined);
    const undone = journal.entangledWith(new Set([...scope.loaders, ...ending.map(({ file }) => file)]));
    journal.undo(undone);
    this.drop([...ending, ...[...undone].flatMap((loader) => known.entryOfFile(loader) ?? [])]);
  }

  #settle(scope: LoadScope): void {
    const { journal } = this.#executor;
    const ran = [...scope.ran].filter(({ status }) => status === 'loaded');
    const outside = this.#changed(journal.effectsSince(scope.program.start), scope);
    const units = closedUnits(ran, journal.effectsSince(scope.start), (loader) => this.#entryOf(loader), outside);
    for (const [entry, unit] of units) entry.unit = unit;
  }

  #changedBefore(): Outside {
    return this.#changed(this.#executor.journal.effectsSince(this.#scope.program.start), this.#scope);
  }

  /** What effects of a program touched that was there before the innermost scope. */
  #changed(effects: readonly Effect[], scope: LoadScope): Outside {
    const changed = new Set<FileEntry>();
    const objects = new Set<object>();
    let isOpen = false;
    for (const { loader, owner, object } of effects) {
      if (loader === owner || isNative(loader)) continue;
      const by = this.#entryOf(loader);
      const of = owner === undefined ? undefined : this.#entryOf(owner);
      if (of !== undefined) {
        const isOneUnit = by?.unit !== undefined && by.unit === of.unit;
        if (!isOneUnit && !scope.ran.has(of)) changed.add(of);
      } else if (owner === undefined || isNative(owner)) {
        objects.add(object);
        isOpen ||= owner === undefined || object instanceof PyClass;
      }
    }
    return { changed, natives: { objects, isOpen } };
  }

  #entryOf(loader: string): FileEntry | undefined {
    return this.#parts.known.entryOfFile(loader);
  }
}
