/**
 * What the module table keeps of one module: its kind, where it stands, and for a file its syntax, state and dependencies.
 */
import type { SyntaxModule } from '../syntax/ast.ts';
import { boundNames } from '../syntax/names.ts';
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

/** A name that an import binds when it is first used. */
export interface LazyName {
  readonly resolve: () => Value;
  value: Value | undefined;
}

export class FileEntry {
  readonly kind = 'file';
  status: 'new' | 'loading' | 'loaded' = 'new';
  syntax: SyntaxModule | undefined;
  /** The syntax of an earlier version, for incremental parsing. */
  previousSyntax: SyntaxModule | undefined;
  notes: Notes;
  /** An ImportError that ended the module, for importers that are prepared for it. */
  failure: PyRaise | undefined;
  /** Set where more names may exist than we know: a star import of an unknown module, an unreadable file. */
  unknownNames: PyUnknown | undefined;
  /** Files of the modules that this one's objects were made from. */
  readonly dependencies = new Set<string>();
  /** Where modules were looked for while this one was made. */
  readonly lookups = new Set<readonly Probe[]>();
  /** Whether a module was asked for that does not exist: it may come. */
  isMissingModules = false;
  readonly lazyNames = new Map<string, LazyName>();
  /** Names that were looked for among those for type checkers, in vain. */
  readonly undeclared = new Set<string>();
  #boundNames: { readonly syntax: SyntaxModule; readonly names: ReadonlySet<string> } | undefined;

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

  /** Whether the text binds the name itself, by any statement but a star import. */
  binds(syntax: SyntaxModule, name: string): boolean {
    if (this.#boundNames?.syntax !== syntax) {
      const statements = syntax.chunks.map(({ chunk }) => chunk.statement);
      this.#boundNames = { syntax, names: boundNames(statements).locals };
    }
    return this.#boundNames.names.has(name);
  }

  /** Forgets everything that running the text made; the module object stays, as others hold it. */
  reset(): void {
    this.status = 'new';
    this.module.names = new Map();
    this.notes = new Notes(this.file);
    this.failure = undefined;
    this.unknownNames = undefined;
    this.dependencies.clear();
    this.lookups.clear();
    this.isMissingModules = false;
    this.lazyNames.clear();
    this.undeclared.clear();
  }
}
