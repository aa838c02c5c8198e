/**
 * A project: files, search paths and modelled libraries, evaluated on demand and kept between versions of a file.
 *
 *   const project = new PythonProject({ files, searchPaths, nativeModules, parser });
 *   const { module } = project.module('/work/net.py');
 *   const { value, problems } = project.run({ file: '/work/net.py' }, (executor) =>
 *     executor.call(executor.getAttribute(module, 'Net'), [10]));
 *
 * Each file is the program that Python would run if it started with it: what another program imported and changed is out
 * of its sight. Everything that a run changes is taken back at its end.
 */
import type { Problem } from '../base/problems.ts';
import { allocations } from './allocations.ts';
import type { SourceRange } from '../base/text.ts';
import type { SyntaxModule } from '../syntax/ast.ts';
import { Budget, DEFAULT_BOUNDS, type Bounds } from './bounds.ts';
import { Executor, type ExecutorHooks } from './executor.ts';
import { evaluateText } from './evaluateText.ts';
import { noteFailure } from './failures.ts';
import { runMainBlocks } from './mainBlocks.ts';
import { definingModule } from './definingModule.ts';
import type { FileTrail } from './fileTrail.ts';
import type { ModuleSources } from './moduleSources.ts';
import type { ModuleTrail } from './moduleTrails.ts';
import { Notes, type AssumptionNote } from './notes.ts';
import { OpenFiles } from './openFiles.ts';
import type { FileEntry } from './moduleEntry.ts';
import { NeedsWhole } from './needsWhole.ts';
import { type PyModule, type PyUnknown, type Value } from './values.ts';

export interface ProjectOptions extends ModuleSources {
  readonly bounds?: Partial<Bounds>;
}

export interface ExecutionOptions {
  readonly hooks?: ExecutorHooks;
  /** Asked every 10,000 steps; true ends the execution. The host holds the clock. */
  readonly shouldStop?: () => boolean;
  /** Takes what `print` writes. */
  readonly print?: (text: string) => void;
}

export interface RunOptions extends ExecutionOptions {
  /** The user's file: problems are placed at the innermost place in it. */
  readonly file?: string;
  /** Where to show a problem that has no place of its own. */
  readonly fallback?: SourceRange;
  readonly bounds?: Partial<Bounds>;
}

export interface RunResult<T> {
  /** Undefined where the run failed; `problems` say why. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
  readonly assumptions: readonly AssumptionNote[];
  /** True where a bound cut something off. */
  readonly wasBounded: boolean;
}

/** A module of a file after its text ran. */
export interface ModuleState {
  readonly module: PyModule;
  readonly syntax: SyntaxModule;
  /** Of parsing and of running the top level, with absolute ranges. */
  readonly problems: readonly Problem[];
  readonly assumptions: readonly AssumptionNote[];
  readonly wasBounded: boolean;
}

/** What programs leave loaded for the next ones, as allocations.ts estimates it. */
const MAX_HELD_BYTES = 192 * 2 ** 20;

export class PythonProject {
  readonly executor: Executor;
  readonly #files: OpenFiles;
  readonly #bounds: Bounds;
  /** What running each program's modules made, by its file. */
  readonly #heldBytes = new Map<string, number>();
  /** Within a run no other program starts. */
  #isRunning = false;

  constructor(options: ProjectOptions) {
    this.#bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
    this.#files = new OpenFiles(options.files);
    this.executor = new Executor({ ...options, files: this.#files }, this.#bounds);
  }

  /** Whether a document of that file is open, so that its text is at hand. */
  isOpen(file: string): boolean {
    return this.#files.isOpen(file);
  }

  /** The text of an open document, which hides the file on disk; undefined closes it. */
  setText(file: string, text: string | undefined): void {
    const before = this.#files.isFile(file);
    if (!this.#files.setText(file, text)) return;
    this.#forget(new Set([file]), { mayMovePlaces: before !== this.#files.isFile(file) });
  }

  /** Files changed, came or went on disk. */
  filesChanged(files: Iterable<string>): void {
    const changed = new Set([...files].filter((file) => !this.#files.isOpen(file)));
    if (changed.size > 0) this.#forget(changed, { mayMovePlaces: true });
  }

  /** `mayMovePlaces`: files or folders came or went, so that names may mean others. */
  #forget(files: ReadonlySet<string>, { mayMovePlaces }: { readonly mayMovePlaces: boolean }): void {
    const { known, dependencies, imports } = this.executor.modules;
    if (mayMovePlaces) imports.forgetPlaces(files);
    const affected = mayMovePlaces ? dependencies.affectedBy(files) : known.entriesOf(files);
    if (affected.size === 0) return;
    imports.leave();
    imports.drop(affected);
    dependencies.forgetTexts(affected, (file) => this.#files.isOpen(file));
    // A module that belongs to another package now has another name.
    for (const { file, module } of affected) if (known.nameOf(file) !== module.name) known.forgetFile(file);
  }

  /** The module of a file, run as the program that starts with it; once a version, while no other program runs. */
  module(file: string, options: ExecutionOptions = {}): ModuleState {
    const entry = this.#start(file, options);
    const { problems, assumptions, wasBounded } = entry.notes;
    const syntax = this.executor.modules.reader.syntaxOf(entry);
    // Reading them means parsing every statement, so it is done for the files that people look at alone.
    const all = [...syntax.problems, ...problems];
    return { module: entry.module, syntax, problems: all, assumptions, wasBounded };
  }

  #start(file: string, options: ExecutionOptions): FileEntry {
    const { executor } = this;
    const { imports, known, partials, trails } = executor.modules;
    if (!this.#isRunning) imports.enter(file);
    const entry = known.moduleOfFile(file);
    if (imports.isActive(entry)) {
      trails.noteText(entry);
      return entry;
    }
    if (!this.#isRunning) this.#makeRoom(file);
    executor.hookedFile = file;
    const before = allocations.bytes;
    const start = (): void => {
      imports.start(entry);
    };
    this.#execute({ ...options, file }, start);
    if (!this.#isRunning && partials.isWholeNeeded) {
      imports.startAgain();
      this.#execute({ ...options, file }, start);
    }
    executor.hookedFile = undefined;
    if (!this.#isRunning) this.#heldBytes.set(file, allocations.bytes - before);
    // It was cut off: what ran is half of the program.
    if (!imports.isActive(entry) && !this.#isRunning) imports.leave();
    return entry;
  }

  /** Drops what earlier programs left loaded where that is too much: many files may each hold as much as one may. */
  #makeRoom(file: string): void {
    const { imports, known } = this.executor.modules;
    let heldBytes = 0;
    for (const [other, bytes] of this.#heldBytes) if (other !== file) heldBytes += bytes;
    if (heldBytes <= MAX_HELD_BYTES) return;
    imports.leave();
    imports.drop(known.fileEntries());
    this.#heldBytes.clear();
    imports.enter(file);
  }

  /** The syntax of a file, without running it. */
  syntax(file: string): SyntaxModule {
    return this.executor.modules.reader.syntaxOf(this.executor.modules.known.moduleOfFile(file));
  }

  /** "torchvision.models.resnet"; runs nothing. */
  moduleByName(name: string): PyModule | PyUnknown {
    return this.executor.modules.known.importModule(name, undefined);
  }

  /** The module that defines what `module` passes on under a name; undefined where that cannot be told without running it. */
  definingModule(module: PyModule, name: string): PyModule | undefined {
    return definingModule(this.executor.modules.reader, module, name);
  }

  /** Evaluates something, and gives an account of what it rests on; for `followTrail` and `filesOf`. */
  withTrail<T>(body: () => T): { readonly value: T; readonly trail: ModuleTrail } {
    return this.executor.modules.trails.collect(body);
  }

  /** An answer that was remembered is used again, within something whose trail is taken. */
  followTrail(trail: ModuleTrail): void {
    this.executor.modules.trails.follow(trail);
  }

  filesOf(trail: ModuleTrail): FileTrail {
    return this.executor.modules.dependencies.filesOf(trail);
  }

  /**
   * Runs `body` in the program of a file, and takes back whatever it changed. Never throws for what user code does. Runs
   * it twice where only then it turns out that all of a large package is needed.
   */
  run<T>(options: RunOptions, body: (executor: Executor) => T): RunResult<T> {
    const { executor } = this;
    const { imports, partials } = executor.modules;
    if (options.file !== undefined) this.#start(options.file, options);
    if (this.#isRunning) return this.#execute(options, () => imports.run(() => body(executor)));
    const run = (): RunResult<T> => {
      this.#isRunning = true;
      try {
        return this.#execute(options, () => imports.run(() => body(executor)));
      } finally {
        this.#isRunning = false;
      }
    };
    const result = run();
    if (!partials.isWholeNeeded) return result;
    const program = imports.startAgain();
    if (program !== undefined) this.#start(program, options);
    return run();
  }

  /**
   * Runs the program of a file from its start once more, for who listens to what it does and may stop it (by an error that no
   * Python code catches). The next question finds the program as it was.
   */
  rehearse(file: string, options: ExecutionOptions = {}): void {
    const { imports, known, partials } = this.executor.modules;
    const entry = known.moduleOfFile(file);
    imports.leave();
    imports.drop([entry]);
    // Who listens hears it once.
    partials.keepWhole(entry);
    this.#start(file, options);
  }

  /** Runs what stands under `if __name__ == "__main__":`, inside of a run. */
  runMainBlocks(file: string): void {
    const { module, syntax } = this.module(file);
    runMainBlocks(this.executor, module, file, syntax);
  }

  /**
   * Evaluates an expression from elsewhere (a directive, the command line) in a module, inside of a run:
   * evaluateText(module, "dict(num_classes=10)"). Raises Python exceptions; undefined where it is no expression.
   */
  evaluateText(module: PyModule, text: string): Value | undefined {
    return evaluateText(this.executor, module, text, new Map());
  }

  #execute<T>(options: RunOptions, body: () => T): RunResult<T> {
    const { executor } = this;
    const notes = new Notes(options.file);
    const outer = { budget: executor.budget, notes: executor.notes, hooks: executor.hooks, print: executor.print };
    executor.budget = new Budget({ ...this.#bounds, ...options.bounds }, options.shouldStop ?? ((): boolean => false));
    executor.notes = notes;
    executor.hooks = options.hooks;
    executor.print = options.print ?? ((): void => undefined);
    let value: T | undefined;
    try {
      value = body();
    } catch (error) {
      if (!(error instanceof NeedsWhole)) noteFailure(executor, error, options.fallback);
    } finally {
      Object.assign(executor, outer);
    }
    const { problems, assumptions, wasBounded } = notes;
    return { value, problems, assumptions, wasBounded };
  }
}
