/**
 * The modules of a project as running code sees them: what names they have, and what imports give. Which modules there
 * are, their texts, how they run and what rests on them is told by the parts.
 */
import type { Problem } from '../base/problems.ts';
import { declaredName } from './declaredNames.ts';
import { isRaised } from './exceptions.ts';
import type { Executor } from './executor.ts';
import { KnownModules } from './knownModules.ts';
import { ModuleDependencies } from './moduleDependencies.ts';
import type { FileEntry, LazyName, NativeEntry } from './moduleEntry.ts';
import { ModuleImports } from './moduleImports.ts';
import { ModuleReader } from './moduleReader.ts';
import type { ModuleSources } from './moduleSources.ts';
import { ModuleTrails } from './moduleTrails.ts';
import { PartialPrograms } from './partialPrograms.ts';
import {
  PyInstance,
  PyList,
  PyMutable,
  PyTuple,
  PyUnknown,
  type PyModule,
  type PyRaise,
  type Value,
} from './values.ts';

export class ModuleTable {
  readonly trails: ModuleTrails;
  readonly known: KnownModules;
  readonly reader: ModuleReader;
  readonly dependencies: ModuleDependencies;
  readonly partials: PartialPrograms;
  readonly imports: ModuleImports;
  readonly #executor: Executor;

  constructor(executor: Executor, sources: ModuleSources) {
    this.#executor = executor;
    this.trails = new ModuleTrails();
    this.known = new KnownModules(sources, this.trails, executor.journal);
    this.reader = new ModuleReader(sources, this.known, this.trails);
    this.dependencies = new ModuleDependencies(this.known, this.trails, executor.journal, sources.files);
    this.partials = new PartialPrograms(this, executor.journal, sources.smallestParted);
    this.imports = new ModuleImports(executor, this);
  }

  /** `module.name`; undefined where there is no such name. */
  member(module: PyModule, name: string): Value | undefined {
    const entry = this.known.entryOf(module);
    if (entry === undefined) return module.names.get(name);
    if (entry.kind === 'native') return this.#nativeMember(entry, name);
    if (entry.kind === 'namespace') return module.names.get(name);
    this.partials.checkUse(module);
    this.trails.noteUse(entry);
    const found = this.#boundName(entry, name) ?? this.#unboundMember(entry, name);
    if ((found !== undefined && !(found instanceof PyUnknown)) || entry.status !== 'loaded') return found;
    return this.#declaredMember(entry, name) ?? found;
  }

  /** `from module import name`: an attribute, else a submodule. */
  memberOrSubmodule(module: PyModule, name: string): Value | undefined {
    const found = this.#memberUnlessRaised(module, name);
    if (found !== undefined && !(found instanceof PyUnknown)) return found;
    return this.imports.importSubmodule(module, name) ?? found;
  }

  /** A global that may exist though we do not know it. */
  resolveLazily(module: PyModule, name: string): Value | undefined {
    const entry = this.known.entryOf(module);
    if (entry?.kind !== 'file') return undefined;
    const bound = this.#boundName(entry, name);
    if (bound !== undefined || this.#executor.builtinNames.has(name)) return bound;
    return name.startsWith('__') ? undefined : entry.unknownNames;
  }

  /** What Python would have ended a module with while its text ran. */
  failureOf(module: PyModule): PyRaise | undefined {
    const entry = this.known.entryOf(module);
    return entry?.kind === 'file' ? entry.failure : undefined;
  }

  /** Python would end the module here; we go on with what it would lack unknown. */
  fail(module: PyModule, failure: PyRaise): void {
    const entry = this.known.entryOf(module);
    if (entry?.kind === 'file' && entry.status === 'loading') entry.failure ??= failure;
  }

  /** "'pkg'", or that it still runs. */
  describe(module: PyModule): string {
    const entry = this.known.entryOf(module);
    return entry?.kind === 'file' && entry.status === 'loading'
      ? `partially initialized module '${module.name}' (most likely due to a circular import)`
      : `'${module.name}'`;
  }

  /** `from module import *`. */
  takeAll(into: PyModule, module: PyModule): void {
    const source = this.known.entryOf(module);
    if (source?.kind === 'native') this.#fill(source);
    const all = module.names.get('__all__');
    const isListed = all instanceof PyList || all instanceof PyTuple;
    const names = isListed
      ? all.items.flatMap((name) => (typeof name === 'string' ? [name] : []))
      : [...module.names.keys()].filter((name) => !name.startsWith('_'));
    for (const name of new Set(names)) {
      const value = isListed ? this.memberOrSubmodule(module, name) : module.names.get(name);
      into.names.set(name, value ?? this.#missingFromAll(module, name));
    }
    const target = this.known.entryOf(into);
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

  #memberUnlessRaised(module: PyModule, name: string): Value | undefined {
    try {
      return this.member(module, name);
    } catch (error) {
      if (isRaised(this.#executor, error, 'AttributeError')) return undefined;
      throw error;
    }
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

  #unboundMember({ module, unknownNames }: FileEntry, name: string): Value | undefined {
    const isSpecial = name.startsWith('__') && name.endsWith('__');
    const fallback = module.names.get('__getattr__');
    if (fallback !== undefined && !isSpecial) return this.#executor.call(fallback, [name]);
    return isSpecial ? undefined : unknownNames;
  }

  /** What the text tells type checkers about a name that running it does not give. */
  #declaredMember(entry: FileEntry, name: string): Value | undefined {
    if (name.startsWith('__') || entry.undeclared.has(name)) return undefined;
    const declared = declaredName(this.reader, entry.module, name);
    if (declared === undefined) {
      entry.undeclared.add(name);
      return undefined;
    }
    entry.bindLazily(name, () => {
      this.imports.require(declared.module);
      return this.member(declared.module, declared.name) ?? this.#missingFromAll(declared.module, name);
    });
    return this.#boundName(entry, name);
  }

  #nativeMember(entry: NativeEntry, name: string): Value | undefined {
    const { module, definition } = entry;
    this.#fill(entry);
    this.trails.noteNativeRead(module);
    const known = module.names.get(name);
    if (known !== undefined) {
      if (known instanceof PyMutable || known instanceof PyInstance) this.trails.noteNativeRead(known);
      return known;
    }
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
    const path = module.name === 'sys' ? module.names.get('path') : undefined;
    if (path instanceof PyList) this.known.follow(path);
  }

  #missingFromAll(module: PyModule, name: string): PyUnknown {
    return new PyUnknown(`\`${name}\` is named in __all__ of ${module.name}, which does not have it`);
  }
}
