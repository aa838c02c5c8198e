/**
 * Which modules there are, one object for each: ours by their names, those of files by where they stand, namespaces by
 * their folders. importModule("torchvision.models", from) -> the module of .../torchvision/models/__init__.py, not run.
 */
import type { ModuleTrails } from './moduleTrails.ts';
import { FileEntry, type ModuleEntry } from './moduleEntry.ts';
import { directoryOf, ModuleFinder, type ModuleLocation } from './moduleFinder.ts';
import type { ModuleSources } from './moduleSources.ts';
import type { NativeModuleDefinition } from './nativeModule.ts';
import { isStandardModule } from './standardModules.ts';
import { PyModule, PyUnknown } from './values.ts';

export class KnownModules {
  readonly #trails: ModuleTrails;
  readonly #finder: ModuleFinder;
  readonly #natives: ReadonlyMap<string, NativeModuleDefinition>;
  /** All dotted prefixes of native modules: "torch.utils" where only "torch.utils.checkpoint" is defined. */
  readonly #nativePackages: ReadonlySet<string>;
  readonly #entries = new Map<PyModule, ModuleEntry>();
  readonly #byFile = new Map<string, FileEntry>();
  readonly #byName = new Map<string, PyModule>();
  readonly #missing = new WeakMap<PyUnknown, string>();

  constructor({ files, searchPaths, nativeModules }: ModuleSources, trails: ModuleTrails) {
    this.#trails = trails;
    this.#finder = new ModuleFinder(files, searchPaths, (probes) => trails.noteLookup(probes));
    this.#natives = new Map(nativeModules.map((definition) => [definition.name, definition]));
    this.#nativePackages = new Set(nativeModules.flatMap(({ name }) => prefixesOf(name)));
  }

  /** By absolute name; `from` is the importing module, whose folder is searched last. */
  importModule(name: string, from: PyModule | undefined): PyModule | PyUnknown {
    if (this.#natives.has(name)) return this.#nativeModule(name);
    if (this.#isWithinNative(name)) {
      return this.nativePackage(name) ?? new PyUnknown(`the module \`${name}\` is not modelled`);
    }
    const extraRoot = from?.file === undefined ? undefined : directoryOf(from.file);
    const location = this.#finder.find(name, extraRoot);
    if (location !== undefined) return this.#moduleAt(location, name);
    return this.nativePackage(name) ?? this.#missingModule(name);
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

  /** `name` below a module whose submodules stand in these directories. */
  submodule(module: PyModule, directories: readonly string[], name: string): PyModule | undefined {
    const absolute = `${module.name}.${name}`;
    if (this.#natives.has(absolute)) return this.#nativeModule(absolute);
    if (directories.length === 0) return undefined;
    const location = this.#finder.findIn(directories, [name]);
    // A folder without Python files in it is no module that anybody means.
    return location === undefined || location.kind === 'namespace' ? undefined : this.#moduleAt(location, absolute);
  }

  /** A native module, or a package of some; undefined for another name. */
  nativePackage(name: string): PyModule | undefined {
    return this.#nativePackages.has(name) ? this.#nativeModule(name) : undefined;
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
    this.#trails.noteText(entry);
    return entry;
  }

  entryOf(module: PyModule): ModuleEntry | undefined {
    return this.#entries.get(module);
  }

  /** The module of a file that something asked for. */
  entryOfFile(file: string): FileEntry | undefined {
    return this.#byFile.get(file);
  }

  fileEntries(): Iterable<FileEntry> {
    return this.#byFile.values();
  }

  /** The name of the module that was not found, of an unknown that stands for it. */
  missingName(unknown: PyUnknown): string | undefined {
    return this.#missing.get(unknown);
  }

  /** "torchvision.models" for a module or package of that name. */
  packageOf(module: PyModule): string {
    const entry = this.#entries.get(module);
    const isPackage = entry?.kind === 'namespace' || (entry?.kind === 'file' && entry.location.kind === 'package');
    return isPackage ? module.name : module.name.replace(/\.?[^.]*$/, '');
  }

  /** Files came or went: what was looked for is looked for anew. */
  forgetPlaces(): void {
    this.#finder.forget();
  }

  #missingModule(name: string): PyUnknown {
    this.#trails.noteMissing();
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
