/**
 * The modules of a project as running code sees them: what names they have. A module's text runs when one of its names is
 * first asked for; a name that an import binds gets its value when it is first used. Which modules there are, their texts,
 * and what rests on them stand in the files of the parts.
 */
import type { Problem } from '../base/problems.ts';
import { declaredName } from './declaredNames.ts';
import type { Executor } from './executor.ts';
import { KnownModules } from './knownModules.ts';
import { ModuleDependencies } from './moduleDependencies.ts';
import type { FileEntry, LazyName, ModuleEntry, NativeEntry } from './moduleEntry.ts';
import { directoriesOf } from './moduleFinder.ts';
import { ModuleReader } from './moduleReader.ts';
import { runModule } from './moduleRun.ts';
import type { ModuleSources } from './moduleSources.ts';
import { ModuleTrails } from './moduleTrails.ts';
import { PyList, PyTuple, PyUnknown, type PyModule, type Value } from './values.ts';

export class ModuleTable {
  readonly trails: ModuleTrails;
  readonly known: KnownModules;
  readonly reader: ModuleReader;
  readonly dependencies: ModuleDependencies;
  readonly #executor: Executor;

  constructor(executor: Executor, sources: ModuleSources) {
    this.#executor = executor;
    this.trails = new ModuleTrails();
    this.known = new KnownModules(sources, this.trails);
    this.reader = new ModuleReader(sources, this.known, this.trails);
    this.dependencies = new ModuleDependencies(this.known, this.trails, executor.journal);
  }

  /** By absolute name; `from` is the importing module, whose folder is searched last. */
  importModule(name: string, from: PyModule | undefined): PyModule | PyUnknown {
    return this.known.importModule(name, from);
  }

  /** `from ..name import` as it stands in `from`; level 0 is absolute. */
  importRelative(from: PyModule, level: number, name: string): PyModule | PyUnknown {
    return this.known.importRelative(from, level, name);
  }

  /** Undefined where there is no such name; loads the module where that is needed to tell. */
  member(module: PyModule, name: string): Value | undefined {
    const entry = this.known.entryOf(module);
    if (entry === undefined) return module.names.get(name);
    if (entry.kind === 'native') return this.#nativeMember(entry, name);
    if (entry.kind === 'namespace')
      return module.names.get(name) ?? this.known.submodule(module, entry.directories, name);
    const found = this.#fileMember(entry, name);
    if ((found !== undefined && !(found instanceof PyUnknown)) || entry.status !== 'loaded') return found;
    return this.#declaredMember(entry, name) ?? found;
  }

  #fileMember(entry: FileEntry, name: string): Value | undefined {
    const { module } = entry;
    this.trails.noteUse(entry);
    const bound = this.#boundName(entry, name);
    if (bound !== undefined) return bound;
    if (entry.status === 'new') {
      const isSubmodule = entry.location.kind === 'package' && !entry.binds(this.reader.syntaxOf(entry), name);
      const submodule = isSubmodule ? this.known.submodule(module, directoriesOf(entry.location), name) : undefined;
      if (submodule !== undefined) return submodule;
      this.load(module, false);
      const made = this.#boundName(entry, name);
      if (made !== undefined) return made;
    }
    return this.#unboundMember(entry, name);
  }

  /** A global that an import bound lazily, or one that may exist though we do not know it. */
  resolveLazily(module: PyModule, name: string): Value | undefined {
    const entry = this.known.entryOf(module);
    if (entry?.kind !== 'file') return undefined;
    const bound = this.#boundName(entry, name);
    if (bound !== undefined || this.#executor.builtinNames.has(name)) return bound;
    return name.startsWith('__') ? undefined : entry.unknownNames;
  }

  /** What an import bound to a global and nobody used yet: gives its value when it is called, whatever the name is then. */
  pendingImport(module: PyModule, name: string): (() => Value) | undefined {
    const entry = this.known.entryOf(module);
    if (entry?.kind !== 'file' || module.names.has(name)) return undefined;
    const lazy = entry.lazyNames.get(name);
    return lazy === undefined ? undefined : () => this.#resolve(entry, lazy);
  }

  bindLazily(module: PyModule, name: string, resolve: () => Value): void {
    const entry = this.known.entryOf(module);
    if (entry?.kind === 'file') entry.bindLazily(name, resolve);
    else module.names.set(name, resolve());
  }

  /** Runs the module's text if it did not run yet; with `propagate`, an ImportError that ended it is raised. */
  load(module: PyModule, propagate: boolean): void {
    const entry = this.known.entryOf(module);
    if (entry?.kind === 'native') this.#fill(entry);
    if (entry?.kind !== 'file') return;
    this.trails.noteUse(entry);
    if (entry.status === 'new') this.#run(entry);
    if (propagate && entry.failure !== undefined) throw entry.failure;
  }

  /** `from module import *`. */
  takeAll(into: PyModule, module: PyModule): void {
    const source = this.known.entryOf(module);
    const target = this.known.entryOf(into);
    for (const name of this.#publicNames(module, source)) {
      const value = module.names.get(name);
      if (value !== undefined) into.names.set(name, value);
      else {
        this.bindLazily(into, name, () => {
          const member = this.member(module, name);
          return member === undefined ? this.#gone(module, name) : member;
        });
      }
    }
    if (source?.kind === 'file' && target?.kind === 'file') target.unknownNames ??= source.unknownNames;
  }

  /** After a star import of what is not known, every further name may exist. */
  takeUnknown(into: PyModule, unknown: PyUnknown): void {
    const entry = this.known.entryOf(into);
    if (entry?.kind === 'file') entry.unknownNames ??= unknown;
  }

  /** Adds a problem to those of a module. */
  note(module: PyModule, problem: Problem): void {
    const entry = this.known.entryOf(module);
    (entry?.kind === 'file' ? entry.notes : this.#executor.notes).addProblem(problem);
  }

  #run(entry: FileEntry): void {
    this.trails.making(entry, () => runModule(this.#executor, entry, this.reader.syntaxOf(entry)));
  }

  #boundName(entry: FileEntry, name: string): Value | undefined {
    const bound = entry.module.names.get(name);
    if (bound !== undefined) return bound;
    const lazy = entry.lazyNames.get(name);
    if (lazy === undefined) return undefined;
    const value = this.#resolve(entry, lazy);
    entry.module.names.set(name, value);
    return value;
  }

  #resolve(entry: FileEntry, lazy: LazyName): Value {
    // None is null.
    if (lazy.value === undefined) lazy.value = this.trails.making(entry, () => lazy.resolve());
    return lazy.value;
  }

  #unboundMember(entry: FileEntry, name: string): Value | undefined {
    const { module, location } = entry;
    const submodule = this.known.submodule(module, directoriesOf(location), name);
    if (submodule !== undefined) return submodule;
    const isSpecial = name.startsWith('__') && name.endsWith('__');
    const fallback = module.names.get('__getattr__');
    if (fallback !== undefined && !isSpecial) return this.#executor.call(fallback, [name]);
    return isSpecial ? undefined : entry.unknownNames;
  }

  /** What the text tells type checkers about a name that running it does not give. */
  #declaredMember(entry: FileEntry, name: string): Value | undefined {
    if (name.startsWith('__') || entry.undeclared.has(name)) return undefined;
    const declared = declaredName(this.reader, entry.module, name);
    if (declared === undefined) {
      entry.undeclared.add(name);
      return undefined;
    }
    entry.bindLazily(name, () => this.member(declared.module, declared.name) ?? this.#gone(declared.module, name));
    return this.#boundName(entry, name);
  }

  #nativeMember(entry: NativeEntry, name: string): Value | undefined {
    const { module, definition } = entry;
    this.#fill(entry);
    const known = module.names.get(name);
    if (known !== undefined) return known;
    const absolute = `${module.name}.${name}`;
    const submodule = this.known.nativePackage(absolute);
    if (submodule !== undefined) return submodule;
    if (name.startsWith('__') && name.endsWith('__')) return undefined;
    const made = this.#executor.journal.load(`native:${module.name}`, () => {
      const answer = definition?.missing?.(this.#executor, name);
      return answer === undefined ? new PyUnknown(`${absolute} is not modelled`) : answer;
    });
    module.names.set(name, made);
    return made;
  }

  #fill(entry: NativeEntry): void {
    if (entry.isFilled) return;
    entry.isFilled = true;
    const { module, definition } = entry;
    if (definition === undefined) return;
    this.#executor.journal.load(`native:${module.name}`, () => {
      for (const [name, value] of definition.members(this.#executor)) {
        if (!module.names.has(name)) module.names.set(name, value);
      }
    });
  }

  #publicNames(module: PyModule, entry: ModuleEntry | undefined): readonly string[] {
    const all = module.names.get('__all__');
    if (all instanceof PyList || all instanceof PyTuple) {
      return all.items.flatMap((name) => (typeof name === 'string' ? [name] : []));
    }
    const names = [...module.names.keys(), ...(entry?.kind === 'file' ? entry.lazyNames.keys() : [])];
    return [...new Set(names)].filter((name) => !name.startsWith('_'));
  }

  #gone(module: PyModule, name: string): PyUnknown {
    return new PyUnknown(`\`${name}\` is named in __all__ of ${module.name}, which does not have it`);
  }
}
