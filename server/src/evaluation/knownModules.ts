/**
 * Which modules there are, one object for each: ours by their names, those of files by where they stand, namespaces by
 * their folders. importModule("torchvision.models", from) -> the module of .../torchvision/models/__init__.py, not run.
 */
import type { Journal } from './journal.ts';
import type { ModuleTrails } from './moduleTrails.ts';
import { FileEntry, type ModuleEntry, type NamespaceEntry } from './moduleEntry.ts';
import { directoryOf, ModuleFinder, type ModuleLocation } from './moduleFinder.ts';
import type { ModuleSources } from './moduleSources.ts';
import type { NativeModuleDefinition } from './nativeModule.ts';
import { isLoadedAtStart, isStandardModule } from './standardModules.ts';
import { PyModule, PyUnknown, type PyList } from './values.ts';

export class KnownModules {
  readonly #trails: ModuleTrails;
  readonly #journal: Journal;
  readonly #finder: ModuleFinder;
  readonly #natives: ReadonlyMap<string, NativeModuleDefinition>;
  /** All dotted prefixes of native modules: "torch.utils" where only "torch.utils.checkpoint" is defined. */
  readonly #nativePackages: ReadonlySet<string>;
  readonly #entries = new Map<PyModule, ModuleEntry>();
  readonly #byFile = new Map<string, FileEntry>();
  readonly #byName = new Map<string, PyModule>();
  readonly #namespaces: NamespaceEntry[] = [];
  readonly #missing = new WeakMap<PyUnknown, string>();

  /** The folder that Python searches first: that of the file that was started. */
  #firstFolder: string | undefined;
  readonly #searchPaths: readonly string[];
  /** `sys.path`, once a program looked at it. */
  #sysPath: PyList | undefined;

  constructor({ files, searchPaths, nativeModules }: ModuleSources, trails: ModuleTrails, journal: Journal) {
    this.#journal = journal;
    this.#trails = trails;
    this.#searchPaths = searchPaths;
    this.#finder = new ModuleFinder(files, (probes) => trails.noteLookup(probes));
    this.#natives = new Map(nativeModules.map((definition) => [definition.name, definition]));
    this.#nativePackages = new Set(nativeModules.flatMap(({ name }) => prefixesOf(name)));
  }

  /** Where absolute names are looked for: as `sys.path` has it now. */
  get searchPath(): readonly string[] {
    if (this.#sysPath === undefined) return this.#startPath();
    const { items } = this.#sysPath;
    return items.flatMap((item) => (typeof item === 'string' ? absoluteFolder(item, this.#firstFolder ?? '') : []));
  }

  /** A program starts: its file's folder comes first, that above its packages where it is in one. */
  startIn(file: string | undefined): void {
    if (file === undefined) this.#firstFolder = undefined;
    else this.#firstFolder = directoryOf(this.#finder.packagesAround(file).at(-1) ?? file);
    if (this.#sysPath !== undefined) this.#sysPath.items = [...this.#startPath()];
  }

  /** From now on imports search what this list holds. */
  follow(sysPath: PyList): void {
    this.#sysPath = sysPath;
    sysPath.items = [...this.#startPath()];
  }

  #startPath(): readonly string[] {
    return this.#firstFolder === undefined ? this.#searchPaths : [this.#firstFolder, ...this.#searchPaths];
  }

  /** By absolute name; `from` is the importing module, whose folder is searched last. Runs nothing. */
  importModule(name: string, from: PyModule | undefined): PyModule | PyUnknown {
    const isShadowed = this.#isShadowed(name);
    if (!isShadowed && this.#natives.has(name)) return this.#nativeModule(name);
    if (!isShadowed && this.#isWithinNative(name)) {
      return this.nativePackage(name) ?? new PyUnknown(`the module \`${name}\` is not modelled`);
    }
    const location = this.locate(name, from);
    if (location !== undefined) return this.#moduleAt(location, name);
    return this.nativePackage(name) ?? this.#missingModule(name);
  }

  /** Where the file of an absolute name is. */
  locate(name: string, from: PyModule | undefined): ModuleLocation | undefined {
    const extraFolder = from?.file === undefined ? [] : [directoryOf(from.file)];
    return this.#finder.findIn([...new Set([...this.searchPath, ...extraFolder])], name.split('.'));
  }

  /** The packages that contain a file, outermost first. */
  packagesOf(file: string): readonly FileEntry[] {
    const own = file.endsWith('/__init__.py') ? 1 : 0;
    const folders = this.#finder.packagesAround(file).slice(own);
    return folders.reverse().map((folder) => this.moduleOfFile(`${folder}/__init__.py`));
  }

  /** The packages that a module is an attribute of, where they were asked for: one with a file, or namespaces. */
  packagesAround({ location, file }: FileEntry): readonly (FileEntry | NamespaceEntry)[] {
    const folder = directoryOf(location.kind === 'package' ? location.directory : file);
    const own = this.#byFile.get(`${folder}/__init__.py`);
    return own === undefined ? this.#namespaces.filter(({ directories }) => directories.includes(folder)) : [own];
  }

  /** `from ..name import` as it stands in `from`; level 0 is absolute. Runs nothing. */
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

  entriesOf(files: ReadonlySet<string>): ReadonlySet<FileEntry> {
    return new Set([...files].flatMap((file) => this.#byFile.get(file) ?? []));
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

  /** The dotted name that a file has by the packages around it. */
  nameOf(file: string): string {
    return this.#finder.nameOf(file);
  }

  /** Files came or went: what was looked for is looked for anew. */
  forgetPlaces(): void {
    this.#finder.forget();
  }

  /** The module of a file is another one now, with another name: its package came or went. */
  forgetFile(file: string): void {
    const entry = this.#byFile.get(file);
    if (entry === undefined) return;
    this.#byFile.delete(file);
    this.#entries.delete(entry.module);
  }

  /** Whether a file beside the program hides a module of ours, as it hides the library in Python. */
  #isShadowed(name: string): boolean {
    const top = name.replace(/\..*$/s, '');
    if (this.#firstFolder === undefined || !this.#nativePackages.has(top) || isLoadedAtStart(top)) return false;
    const location = this.#finder.findIn([this.#firstFolder], [top]);
    return location !== undefined && location.kind !== 'namespace';
  }

  #missingModule(name: string): PyUnknown {
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
      module = this.#journal.load(`native:${name}`, () => new PyModule(name, undefined));
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
      const entry: NamespaceEntry = { kind: 'namespace', module, directories: location.directories };
      this.#entries.set(module, entry);
      this.#namespaces.push(entry);
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

/** An item of `sys.path`: a relative one is taken from the folder of the program. */
function absoluteFolder(item: string, base: string): string {
  const isAbsolute = item.startsWith('/') || /^[\w+.-]+:/.test(item);
  const parts: string[] = [];
  for (const part of (isAbsolute ? item : `${base}/${item}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/');
}
