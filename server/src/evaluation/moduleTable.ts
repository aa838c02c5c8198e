/**
 * The modules of a project: which exist, when their text is read and run, what names they have, and who depends on whom.
 * A module's text runs when one of its names is first asked for; when a file changes, it and whatever was made from it
 * is dropped, and runs again on demand.
 */
import { textProblem, type Problem } from '../base/problems.ts';
import type { SyntaxModule } from '../syntax/ast.ts';
import { declaredName } from './declaredNames.ts';
import { definingModule, type ModuleTexts } from './definingModule.ts';
import type { Executor } from './executor.ts';
import { TrailCollector, type FileTrail, type Probe } from './fileTrail.ts';
import { FileEntry, type LazyName, type ModuleEntry, type NativeEntry } from './moduleEntry.ts';
import { directoriesOf, directoryOf, ModuleFinder, type FileProvider, type ModuleLocation } from './moduleFinder.ts';
import { runModule } from './moduleRun.ts';
import type { NativeModuleDefinition } from './nativeModule.ts';
import { isStandardModule } from './standardModules.ts';
import { PyList, PyModule, PyTuple, PyUnknown, type Value } from './values.ts';

/** What the table needs of a parser (syntax/pythonParser.ts). */
export interface ModuleParser {
  parse(file: string, text: string, previous: SyntaxModule | undefined): SyntaxModule;
}

export interface ModuleSources {
  readonly files: FileProvider;
  readonly searchPaths: readonly string[];
  readonly nativeModules: readonly NativeModuleDefinition[];
  readonly parser: ModuleParser;
}

export class ModuleTable {
  readonly #executor: Executor;
  readonly #sources: ModuleSources;
  readonly #finder: ModuleFinder;
  readonly #natives: ReadonlyMap<string, NativeModuleDefinition>;
  /** All dotted prefixes of native modules: "torch.utils" where only "torch.utils.checkpoint" is defined. */
  readonly #nativePackages: ReadonlySet<string>;
  readonly #entries = new Map<PyModule, ModuleEntry>();
  readonly #byFile = new Map<string, FileEntry>();
  readonly #byName = new Map<string, PyModule>();
  readonly #missing = new WeakMap<PyUnknown, string>();
  /** The module that is being made from what is asked for now. */
  #dependent: FileEntry | undefined;
  /** What is evaluated now is told where it looks. */
  #trail: TrailCollector<FileEntry> | undefined;

  constructor(executor: Executor, sources: ModuleSources) {
    this.#executor = executor;
    this.#sources = sources;
    this.#finder = new ModuleFinder(sources.files, sources.searchPaths, (probes) => this.#noteLookup(probes));
    this.#natives = new Map(sources.nativeModules.map((definition) => [definition.name, definition]));
    this.#nativePackages = new Set(sources.nativeModules.flatMap(({ name }) => prefixesOf(name)));
  }

  /** Evaluates something and tells what it rests on, as far as it came; may stand inside of another. */
  withTrail<T>(body: () => T): { readonly value: T; readonly trail: TrailCollector<FileEntry> } {
    const outer = this.#trail;
    const trail = new TrailCollector<FileEntry>();
    this.#trail = trail;
    try {
      return { value: body(), trail };
    } finally {
      this.#trail = outer;
      outer?.addAll(trail);
    }
  }

  /** Something that was remembered is used again: what it rests on counts. */
  followTrail(trail: TrailCollector<FileEntry>): void {
    this.#trail?.addAll(trail);
  }

  /** The files and places behind a trail: modules, what these were made from, and what else changed their objects. */
  filesOf(trail: TrailCollector<FileEntry>): FileTrail {
    const files = new Set([...trail.modules].map(({ file }) => file));
    const probes = new Set([...trail.lookups].flat());
    const { journal } = this.#executor;
    for (let sizeBefore = -1; sizeBefore !== files.size;) {
      sizeBefore = files.size;
      // A set yields what is added while it is gone through.
      for (const file of files)
        for (const dependency of this.#byFile.get(file)?.dependencies ?? []) files.add(dependency);
      for (const file of journal.entangledWith(files)) if (this.#byFile.has(file)) files.add(file);
    }
    for (const file of files) {
      for (const lookup of this.#byFile.get(file)?.lookups ?? []) for (const probe of lookup) probes.add(probe);
    }
    return { files, probes };
  }

  /** By absolute name; `from` is the importing module, whose folder is searched last. */
  importModule(name: string, from: PyModule | undefined): PyModule | PyUnknown {
    if (this.#natives.has(name)) return this.#nativeModule(name);
    if (this.#isWithinNative(name)) {
      if (this.#nativePackages.has(name)) return this.#nativeModule(name);
      return new PyUnknown(`the module \`${name}\` is not modelled`);
    }
    const extraRoot = from?.file === undefined ? undefined : directoryOf(from.file);
    const location = this.#finder.find(name, extraRoot);
    if (location !== undefined) return this.#moduleAt(location, name);
    return this.#nativePackages.has(name) ? this.#nativeModule(name) : this.#missingModule(name);
  }

  /** `from ..name import` as it stands in `from`; level 0 is absolute. */
  importRelative(from: PyModule, level: number, name: string): PyModule | PyUnknown {
    if (level === 0) return this.importModule(name, from);
    if (from.file === undefined) return this.#missingModule('.'.repeat(level) + name);
    let directory = directoryOf(from.file);
    for (let i = 1; i < level; i++) directory = directoryOf(directory);
    const parts = name === '' ? [] : name.split('.');
    const absolute = [this.#finder.nameOf(`${directory}/__init__.py`), ...parts].join('.');
    if (this.#natives.has(absolute)) return this.#nativeModule(absolute);
    const location = parts.length > 0 ? this.#finder.findIn([directory], parts) : this.#packageAt(directory);
    return location === undefined ? this.#missingModule(absolute) : this.#moduleAt(location, absolute);
  }

  readonly #texts: ModuleTexts = {
    textOf: (each) => {
      const entry = this.#entries.get(each);
      if (entry?.kind !== 'file') return undefined;
      this.#trail?.modules.add(entry);
      return this.#sources.files.readText(entry.file);
    },
    chunksOf: (each) => {
      const entry = this.#entries.get(each);
      return entry?.kind === 'file' ? this.syntaxOf(entry).chunks : undefined;
    },
    imported: (from, { level, module: source }) => {
      const found = this.importRelative(from, level, source);
      return found instanceof PyUnknown ? undefined : found;
    },
  };

  /** The module whose own text defines a name, where the texts alone tell (definingModule.ts). */
  definingModule(module: PyModule, name: string): PyModule | undefined {
    return definingModule(this.#texts, module, name);
  }

  /** The module of a file that the host names. */
  moduleOfFile(file: string): FileEntry {
    const isPackage = file.endsWith('/__init__.py');
    const location = isPackage
      ? ({ kind: 'package', file, directory: directoryOf(file) } as const)
      : ({ kind: 'module', file } as const);
    // The name is asked for in any case: the answer rests on it.
    const name = this.#finder.nameOf(file);
    const entry = this.#byFile.get(file) ?? this.#addFile(location, name);
    this.#trail?.modules.add(entry);
    return entry;
  }

  entryOf(module: PyModule): ModuleEntry | undefined {
    return this.#entries.get(module);
  }

  /** Undefined where there is no such name; loads the module where that is needed to tell. */
  member(module: PyModule, name: string): Value | undefined {
    const entry = this.#entries.get(module);
    if (entry === undefined) return module.names.get(name);
    if (entry.kind === 'native') return this.#nativeMember(entry, name);
    if (entry.kind === 'namespace') return module.names.get(name) ?? this.#submodule(module, entry.directories, name);
    const found = this.#fileMember(entry, name);
    if ((found !== undefined && !(found instanceof PyUnknown)) || entry.status !== 'loaded') return found;
    return this.#declaredMember(entry, name) ?? found;
  }

  #fileMember(entry: FileEntry, name: string): Value | undefined {
    const { module } = entry;
    this.#noteUse(entry);
    const bound = this.#boundName(entry, name);
    if (bound !== undefined) return bound;
    if (entry.status === 'new') {
      const isSubmodule = entry.location.kind === 'package' && !entry.binds(this.syntaxOf(entry), name);
      const submodule = isSubmodule ? this.#submodule(module, directoriesOf(entry.location), name) : undefined;
      if (submodule !== undefined) return submodule;
      this.load(module, false);
      const made = this.#boundName(entry, name);
      if (made !== undefined) return made;
    }
    return this.#unboundMember(entry, name);
  }

  /** A global that an import bound lazily, or one that may exist though we do not know it. */
  resolveLazily(module: PyModule, name: string): Value | undefined {
    const entry = this.#entries.get(module);
    if (entry?.kind !== 'file') return undefined;
    const bound = this.#boundName(entry, name);
    if (bound !== undefined || this.#executor.builtinNames.has(name)) return bound;
    return name.startsWith('__') ? undefined : entry.unknownNames;
  }

  /** What an import bound to a global and nobody used yet: gives its value when it is called, whatever the name is then. */
  pendingImport(module: PyModule, name: string): (() => Value) | undefined {
    const entry = this.#entries.get(module);
    if (entry?.kind !== 'file' || module.names.has(name)) return undefined;
    const lazy = entry.lazyNames.get(name);
    return lazy === undefined ? undefined : () => this.#resolve(entry, lazy);
  }

  bindLazily(module: PyModule, name: string, resolve: () => Value): void {
    const entry = this.#entries.get(module);
    if (entry?.kind === 'file') entry.bindLazily(name, resolve);
    else module.names.set(name, resolve());
  }

  /** Runs the module's text if it did not run yet; with `propagate`, an ImportError that ended it is raised. */
  load(module: PyModule, propagate: boolean): void {
    const entry = this.#entries.get(module);
    if (entry?.kind === 'native') this.#fill(entry);
    if (entry?.kind !== 'file') return;
    this.#noteUse(entry);
    if (entry.status === 'new') this.#run(entry);
    if (propagate && entry.failure !== undefined) throw entry.failure;
  }

  /** `from module import *`. */
  takeAll(into: PyModule, module: PyModule): void {
    const source = this.#entries.get(module);
    const target = this.#entries.get(into);
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
    const entry = this.#entries.get(into);
    if (entry?.kind === 'file') entry.unknownNames ??= unknown;
  }

  /** The name of the module that was not found, of an unknown that stands for it. */
  missingName(unknown: PyUnknown): string | undefined {
    return this.#missing.get(unknown);
  }

  /** Adds a problem to those of a module. */
  note(module: PyModule, problem: Problem): void {
    const entry = this.#entries.get(module);
    (entry?.kind === 'file' ? entry.notes : this.#executor.notes).addProblem(problem);
  }

  /** "torchvision.models" for a module or package of that name. */
  packageOf(module: PyModule): string {
    const entry = this.#entries.get(module);
    const isPackage = entry?.kind === 'namespace' || (entry?.kind === 'file' && entry.location.kind === 'package');
    return isPackage ? module.name : module.name.replace(/\.?[^.]*$/, '');
  }

  /** Reads and parses the file's text, once a version. */
  syntaxOf(entry: FileEntry): SyntaxModule {
    this.#trail?.modules.add(entry);
    if (entry.syntax === undefined) {
      const { files, parser } = this.#sources;
      const text = files.readText(entry.file);
      if (text === undefined) {
        entry.unknownNames = new PyUnknown(`the file ${entry.file} could not be read`);
        const range = { file: entry.file, start: 0, end: 0 };
        entry.notes.addProblem(textProblem('unreadable-file', 'error', 'This file could not be read.', range));
      }
      entry.syntax = parser.parse(entry.file, text ?? '', entry.previousSyntax);
      entry.previousSyntax = undefined;
    }
    return entry.syntax;
  }

  /** The syntax of a text that is no module. */
  parse(file: string, text: string): SyntaxModule {
    return this.#sources.parser.parse(file, text, undefined);
  }

  /** Drops what was made from these files' texts. `isNewFile`: modules that were missing may exist now. */
  invalidate(files: ReadonlySet<string>, isNewFile: boolean): void {
    for (const file of files) {
      const entry = this.#byFile.get(file);
      if (entry?.syntax === undefined) continue;
      entry.previousSyntax = entry.syntax;
      entry.syntax = undefined;
    }
    const dropped = new Set(files);
    if (isNewFile) {
      this.#finder.forget();
      for (const entry of this.#byFile.values()) if (entry.isMissingModules) dropped.add(entry.file);
    }
    this.dropLoads(dropped);
  }

  /** Drops the results of running these files, and of all that were made from them. */
  dropLoads(files: ReadonlySet<string>): void {
    const { journal } = this.#executor;
    let dropped: ReadonlySet<string> = files;
    for (;;) {
      const next = new Set(journal.entangledWith(dropped));
      for (const entry of this.#byFile.values()) {
        if ([...entry.dependencies].some((dependency) => next.has(dependency))) next.add(entry.file);
      }
      if (next.size === dropped.size) break;
      dropped = next;
    }
    journal.undoLoads(dropped);
    for (const file of dropped) {
      const entry = this.#byFile.get(file);
      if (entry === undefined || entry.status === 'new') continue;
      this.#followDropped(entry);
      entry.reset();
    }
  }

  /** What is evaluated now may rest on a module that is dropped at its end: that knows no longer what it was made from. */
  #followDropped({ dependencies, lookups }: FileEntry): void {
    if (this.#trail === undefined) return;
    for (const file of dependencies) {
      const dependency = this.#byFile.get(file);
      if (dependency !== undefined) this.#trail.modules.add(dependency);
    }
    for (const lookup of lookups) this.#trail.lookups.add(lookup);
  }

  #noteUse(entry: FileEntry): void {
    this.#trail?.modules.add(entry);
    if (this.#dependent !== undefined && this.#dependent !== entry) this.#dependent.dependencies.add(entry.file);
  }

  #noteLookup(probes: readonly Probe[]): void {
    this.#trail?.lookups.add(probes);
    this.#dependent?.lookups.add(probes);
  }

  #run(entry: FileEntry): void {
    const outer = this.#dependent;
    this.#dependent = entry;
    try {
      runModule(this.#executor, entry, this.syntaxOf(entry));
    } finally {
      this.#dependent = outer;
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
    if (lazy.value !== undefined) return lazy.value;
    const outer = this.#dependent;
    this.#dependent = entry;
    try {
      return (lazy.value = lazy.resolve());
    } finally {
      this.#dependent = outer;
    }
  }

  #unboundMember(entry: FileEntry, name: string): Value | undefined {
    const { module, location } = entry;
    const submodule = this.#submodule(module, directoriesOf(location), name);
    if (submodule !== undefined) return submodule;
    const isSpecial = name.startsWith('__') && name.endsWith('__');
    const fallback = module.names.get('__getattr__');
    if (fallback !== undefined && !isSpecial) return this.#executor.call(fallback, [name]);
    return isSpecial ? undefined : entry.unknownNames;
  }

  /** What the text tells type checkers about a name that running it does not give. */
  #declaredMember(entry: FileEntry, name: string): Value | undefined {
    if (name.startsWith('__') || entry.undeclared.has(name)) return undefined;
    const declared = declaredName(this.#texts, entry.module, name);
    if (declared === undefined) {
      entry.undeclared.add(name);
      return undefined;
    }
    entry.bindLazily(name, () => this.member(declared.module, declared.name) ?? this.#gone(declared.module, name));
    return this.#boundName(entry, name);
  }

  #submodule(module: PyModule, directories: readonly string[], name: string): PyModule | undefined {
    const absolute = `${module.name}.${name}`;
    if (this.#natives.has(absolute)) return this.#nativeModule(absolute);
    if (directories.length === 0) return undefined;
    const location = this.#finder.findIn(directories, [name]);
    // A folder without Python files in it is no module that anybody means.
    return location === undefined || location.kind === 'namespace' ? undefined : this.#moduleAt(location, absolute);
  }

  #nativeMember(entry: NativeEntry, name: string): Value | undefined {
    const { module, definition } = entry;
    this.#fill(entry);
    const known = module.names.get(name);
    if (known !== undefined) return known;
    const absolute = `${module.name}.${name}`;
    if (this.#nativePackages.has(absolute)) return this.#nativeModule(absolute);
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

  #missingModule(name: string): PyUnknown {
    if (this.#dependent !== undefined) this.#dependent.isMissingModules = true;
    if (isStandardModule(name)) return new PyUnknown(`the module \`${name}\` is not modelled`);
    const unknown = new PyUnknown(`the module \`${name}\` was not found`);
    this.#missing.set(unknown, name);
    return unknown;
  }

  #isWithinNative(name: string): boolean {
    return prefixesOf(name).some((prefix) => prefix !== name && this.#natives.has(prefix));
  }

  #nativeModule(name: string): PyModule {
    let module = this.#byName.get(name);
    if (module === undefined) {
      module = new PyModule(name, undefined);
      this.#byName.set(name, module);
      this.#entries.set(module, { kind: 'native', module, definition: this.#natives.get(name), isFilled: false });
    }
    return module;
  }

  #moduleAt(location: ModuleLocation, name: string): PyModule {
    if (location.kind !== 'namespace') {
      return (this.#byFile.get(location.file) ?? this.#addFile(location, name)).module;
    }
    const key = location.directories.join('|');
    let module = this.#byName.get(key);
    if (module === undefined) {
      module = new PyModule(name, undefined);
      this.#byName.set(key, module);
      this.#entries.set(module, { kind: 'namespace', module, directories: location.directories });
    }
    return module;
  }

  #addFile(location: FileEntry['location'], name: string): FileEntry {
    const entry = new FileEntry(new PyModule(name, location.file), location.file, location);
    this.#byFile.set(location.file, entry);
    this.#entries.set(entry.module, entry);
    return entry;
  }

  #packageAt(directory: string): ModuleLocation {
    const file = `${directory}/__init__.py`;
    if (this.#finder.isPackage(directory)) return { kind: 'package', file, directory };
    return { kind: 'namespace', directories: [directory] };
  }
}

/** "a.b.c" -> "a", "a.b", "a.b.c". */
function prefixesOf(name: string): readonly string[] {
  const parts = name.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
