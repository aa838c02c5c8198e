/**
 * Finds modules among files: find("torchvision.models.resnet") -> { file: ".../torchvision/models/resnet.py" }.
 * Packages with `__init__.py`, plain modules, and namespace packages (folders alone), in the order of the search paths.
 */

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

export class ModuleFinder {
  readonly #files: FileProvider;
  readonly #searchPaths: readonly string[];
  #found = new Map<string, ModuleLocation | undefined>();

  constructor(files: FileProvider, searchPaths: readonly string[]) {
    this.#files = files;
    this.#searchPaths = searchPaths;
  }

  /** An absolute dotted name, on the search paths and then in `extraRoot`. */
  find(name: string, extraRoot: string | undefined): ModuleLocation | undefined {
    const parts = name.split('.');
    return (
      this.findIn(this.#searchPaths, parts) ?? (extraRoot === undefined ? undefined : this.findIn([extraRoot], parts))
    );
  }

  /** A path of names below directories. */
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
  }

  /** The dotted name that a file has by the packages around it: ".../torchvision/models/resnet.py" -> "torchvision.models.resnet". */
  nameOf(file: string): string {
    let directory = directoryOf(file);
    const base = file.slice(directory.length + 1).replace(/\.pyi?$/, '');
    const parts = base === '__init__' ? [] : [base];
    while (this.#files.isFile(`${directory}/__init__.py`)) {
      const parent = directoryOf(directory);
      if (parent === directory) break;
      parts.unshift(directory.slice(parent.length + 1));
      directory = parent;
    }
    return parts.length === 0 ? base : parts.join('.');
  }

  #findPart(directories: readonly string[], part: string): ModuleLocation | undefined {
    const key = `${directories.join('|')}/${part}`;
    if (this.#found.has(key)) return this.#found.get(key);
    const location = this.#search(directories, part);
    this.#found.set(key, location);
    return location;
  }

  #search(directories: readonly string[], part: string): ModuleLocation | undefined {
    const namespaces: string[] = [];
    for (const directory of directories) {
      const path = `${directory}/${part}`;
      if (this.#files.isFile(`${path}/__init__.py`)) {
        return { kind: 'package', file: `${path}/__init__.py`, directory: path };
      }
      if (this.#files.isFile(`${path}.py`)) return { kind: 'module', file: `${path}.py` };
      if (this.#files.isDirectory(path)) namespaces.push(path);
    }
    return namespaces.length === 0 ? undefined : { kind: 'namespace', directories: namespaces };
  }
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
