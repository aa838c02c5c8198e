/**
 * What is kept of one module: its kind, where it was found, and for a file its syntax, its state, and what its text
 * did when it ran.
 */
import type { SyntaxModule } from '../syntax/ast.ts';
import type { Probe } from './fileTrail.ts';
import type { ModuleLocation } from './moduleFinder.ts';
import type { NativeModuleDefinition } from './nativeModule.ts';
import { Notes } from './notes.ts';
import type { PyModule, PyRaise, PyUnknown, Value } from './values.ts';

export type ModuleEntry = FileEntry | NamespaceEntry | NativeEntry;

export interface NamespaceEntry {
  readonly kind: 'namespace';
  readonly module: PyModule;
  readonly directories: readonly string[];
}

export interface NativeEntry {
  readonly kind: 'native';
  readonly module: PyModule;
  /** Undefined for a package that is only known by its submodules. */
  readonly definition: NativeModuleDefinition | undefined;
  isFilled: boolean;
}

/** When a module's text ran, in ticks of the journal, and inside of which other module's. */
export interface LoadTime {
  readonly start: number;
  /** Undefined while it runs. */
  end: number | undefined;
  readonly within: FileEntry | undefined;
}

/** A name that is looked up when it is first used. */
export interface LazyName {
  readonly resolve: () => Value;
  value: Value | undefined;
}

/** Of a whole run of a package: the files that ran for it, and where these looked for others. */
export interface WholeRun {
  readonly modules: ReadonlyMap<string, { readonly lookups: ReadonlySet<readonly Probe[]> }>;
}

export class FileEntry {
  readonly kind = 'file';
  status: 'new' | 'loading' | 'loaded' = 'new';
  syntax: SyntaxModule | undefined;
  /** The syntax of an earlier version, for incremental parsing. */
  previousSyntax: SyntaxModule | undefined;
  notes: Notes;
  /** What Python would have ended the module with, for importers that catch it. */
  failure: PyRaise | undefined;
  /** What `sys.modules` holds in its place: `sys.modules[__name__] = Lazy(__name__)`. */
  replacement: Value | undefined;
  /** Set where more names may exist than we know: a star import of an unknown module, an unreadable file. */
  unknownNames: PyUnknown | undefined;
  load: LoadTime | undefined;
  /** The modules that its text imported, whether they ran for it or had run before. */
  readonly imports = new Set<FileEntry>();
  /** The folders without `__init__.py` that its text imported. */
  readonly namespaces = new Set<NamespaceEntry>();
  /** Which file each absolute name meant that its text imported; undefined where there was none. */
  readonly resolvedNames = new Map<string, string | undefined>();
  /** Objects of native modules that may change, and that its text read: `os.environ`, `sys.path`. */
  readonly nativeReads = new Set<object>();
  /** Where modules were looked for while it ran. */
  readonly lookups = new Set<readonly Probe[]>();
  /**
   * Where the load is independent of the program that it happened in: the module whose import runs this one and all
   * that it shares changes with. Itself for most. Undefined while that is open, and for what belongs to one program.
   */
  unit: FileEntry | undefined;
  /** Set where it ran in a program that left out others of its package: what is known of all of it. */
  partOf: WholeRun | undefined;
  readonly lazyNames = new Map<string, LazyName>();
  /** Names that were looked for among those for type checkers, in vain. */
  readonly undeclared = new Set<string>();

  constructor(
    readonly module: PyModule,
    readonly file: string,
    readonly location: Extract<ModuleLocation, { readonly kind: 'module' | 'package' }>,
  ) {
    this.notes = new Notes(file);
  }

  bindLazily(name: string, resolve: () => Value): void {
    this.lazyNames.set(name, { resolve, value: undefined });
    this.module.names.delete(name);
  }

  /** Forgets everything that running the text made; the module object stays, as others hold it. */
  reset(): void {
    this.status = 'new';
    this.module.names = new Map();
    this.module.unknownNames = undefined;
    this.notes = new Notes(this.file);
    this.failure = undefined;
    this.replacement = undefined;
    this.unknownNames = undefined;
    this.load = undefined;
    this.imports.clear();
    this.namespaces.clear();
    this.resolvedNames.clear();
    this.nativeReads.clear();
    this.lookups.clear();
    this.unit = undefined;
    this.partOf = undefined;
    this.lazyNames.clear();
    this.undeclared.clear();
  }
}
