/**
 * What modules are made of: the user's files, our own models of libraries, and a parser. The host gives them.
 */
import type { SyntaxModule } from '../syntax/ast.ts';
import type { FileProvider } from './moduleFinder.ts';
import type { NativeModuleDefinition } from './nativeModule.ts';

/** What is needed of a parser (syntax/pythonParser.ts). */
export interface ModuleParser {
  parse(file: string, text: string, previous: SyntaxModule | undefined): SyntaxModule;
}

export interface ModuleSources {
  readonly files: FileProvider;
  /** Workspace roots, then the environment's site-packages. */
  readonly searchPaths: readonly string[];
  readonly nativeModules: readonly NativeModuleDefinition[];
  readonly parser: ModuleParser;
  /** How many modules a package has at least that share changes, for a program in it to leave out some; 20. */
  readonly smallestParted?: number;
}
