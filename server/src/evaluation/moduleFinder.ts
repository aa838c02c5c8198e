/**
 * Finds modules among files: find("torchvision.models.resnet") -> { file: ".../torchvision/models/resnet.py" }.
 * Packages with `__init__.py` and plain modules, in the order of the search path; namespace packages (folders alone) where
 * the whole path has neither.
 * Source: Python's import system, "The Path Based Finder" (docs.python.org/3/reference/import.html).
 */
import type { Probe } from './fileTrail.ts';

/** Reads the user's files; the host gives it. Paths use "/" and are absolute, or are URIs. */
export interface FileProvider {
  /** Undefined where there is no such file or it cannot be read. */
  readText(path: string): string | undefined;
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
}

export type ModuleLocation =
  | { readonly kind: 'module'; readonly file: string }
  | { readonly kind: 'package'; readonly file: string; readonly directory: string }
  | { readonly kind: 'namespace'; readonly directories: readonly string[] };

/** What was found for a name in some directories, and what was asked for it. */
interface Found<T> {
  readonly value: T;
  readonly probes: readonly Probe[];
}

export class ModuleFinder {
  readonly #files: FileProvider;
  readonly #note: (probes: readonly Probe[]) => void;
  #found = new Map<string, Found<ModuleLocation | undefined>>();
  #packages = new Map<string, Found<boolean>>();

  /** `note` is told what each answer rests on, those that are remembered too. */
  constructor(files: FileProvider, note: (probes: readonly Probe[]) => void) {
    this.#files = files;
    this.#note = note;
  }

  /** A path of names, the first one in one of the directories. */
  findIn(directories: readonly string[], parts: readonly string[]): ModuleLocation | undefined {
    let within = directories;
    let location: ModuleLocation | undefined = { kind: 'namespace', directories };
    for (const part of parts) {
      location = this.#findPart(within, part);
      if (location === undefined) return undefined;
      within = directoriesOf(location);
    }
    return location;
  }

  /** Forgets what was found, as files came or went. */
  forget(): void {
    this.#found = new Map();
    this.#packages = new Map();
  }

  /** Whether a directory is a package with an `__init__.py`. */
  isPackage(directory: string): boolean {
    return this.#remembered(this.#packages, directory, (isFile) => isFile(`${directory}/__init__.py`));
  }

  /** The dotted name that a file has by the packages around it: ".../torchvision/models/resnet.py" -> "torchvision.models.resnet". */
  nameOf(file: string): string {
    const directory = directoryOf(file);
    const base = file.slice(directory.length + 1).replace(/\.pyi?$/, '');
    const parts = base === '__init__' ? [] : [base];
    for (const folder of this.packagesAround(file)) parts.unshift(folder.slice(directoryOf(folder).length + 1));
    return parts.length === 0 ? base : parts.join('.');
  }

  /** The folders of the packages that a file belongs to, innermost first. */
  packagesAround(file: string): readonly string[] {
    const folders: string[] = [];
    for (let folder = directoryOf(file); folder !== directoryOf(folder) && this.isPackage(folder);) {
      folders.push(folder);
      folder = directoryOf(folder);
    }
    return folders;
  }

  #findPart(directories: readonly string[], part: string): ModuleLocation | undefined {
    const key = `${directories.join('|')}/${part}`;
    return this.#remembered(this.#found, key, (isFile, isDirectory) => search(directories, part, isFile, isDirectory));
  }

  #remembered<T>(
    memory: Map<string, Found<T>>,
    key: string,
    find: (isFile: (path: string) => boolean, isDirectory: (path: string) => boolean) => T,
  ): T {
    let found = memory.get(key);
    if (found === undefined) {
      const probes: Probe[] = [];
      const ask = (kind: Probe['kind'], path: string): boolean => {
        const isThere = kind === 'file' ? this.#files.isFile(path) : this.#files.isDirectory(path);
        probes.push({ path, kind, isThere });
        return isThere;
      };
      const value = find(
        (path) => ask('file', path),
        (path) => ask('directory', path),
      );
      found = { value, probes };
      memory.set(key, found);
    }
    this.#note(found.probes);
    return found.value;
  }
}

function search(
  directories: readonly string[],
  part: string,
  isFile: (path: string) => boolean,
  isDirectory: (path: string) => boolean,
): ModuleLocation | undefined {
  const namespaces: string[] = [];
  for (const directory of directories) {
    const path = `${directory}/${part}`;
    if (isFile(`${path}/__init__.py`)) return { kind: 'package', file: `${path}/__init__.py`, directory: path };
    if (isFile(`${path}.py`)) return { kind: 'module', file: `${path}.py` };
    if (isDirectory(path)) namespaces.push(path);
  }
  return namespaces.length === 0 ? undefined : { kind: 'namespace', directories: namespaces };
}

/** Where the submodules of a module stand. */
export function directoriesOf(location: ModuleLocation): readonly string[] {
  if (location.kind === 'namespace') return location.directories;
  return location.kind === 'package' ? [location.directory] : [];
}

/** "/a/b.py" -> "/a"; "/" and "" for what has no directory above. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? path.slice(0, Math.max(slash, 0)) : path.slice(0, slash);
}
