/**
 * Reads the texts of modules, runs nothing: each is read and parsed when somebody first asks, once a version. A file that
 * cannot be read counts as an empty one that may have any name, with a problem.
 */
import { textProblem } from '../base/problems.ts';
import type { ImportFrom, PlacedChunk, SyntaxModule } from '../syntax/ast.ts';
import type { ModuleTexts } from './definingModule.ts';
import type { KnownModules } from './knownModules.ts';
import type { FileEntry } from './moduleEntry.ts';
import type { ModuleSources } from './moduleSources.ts';
import type { ModuleTrails } from './moduleTrails.ts';
import { PyUnknown, type PyModule } from './values.ts';

export class ModuleReader implements ModuleTexts {
  readonly #sources: Pick<ModuleSources, 'files' | 'parser'>;
  readonly #known: KnownModules;
  readonly #trails: ModuleTrails;

  constructor(sources: Pick<ModuleSources, 'files' | 'parser'>, known: KnownModules, trails: ModuleTrails) {
    this.#sources = sources;
    this.#known = known;
    this.#trails = trails;
  }

  /** Reads and parses the file's text, once a version. */
  syntaxOf(entry: FileEntry): SyntaxModule {
    this.#trails.noteText(entry);
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

  textOf(module: PyModule): string | undefined {
    const entry = this.#known.entryOf(module);
    if (entry?.kind !== 'file') return undefined;
    this.#trails.noteText(entry);
    return this.#sources.files.readText(entry.file);
  }

  chunksOf(module: PyModule): readonly PlacedChunk[] | undefined {
    const entry = this.#known.entryOf(module);
    return entry?.kind === 'file' ? this.syntaxOf(entry).chunks : undefined;
  }

  imported(from: PyModule, { level, module: source }: ImportFrom): PyModule | undefined {
    const found = this.#known.importRelative(from, level, source);
    return found instanceof PyUnknown ? undefined : found;
  }
}
