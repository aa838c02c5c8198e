/**
 * Runs a module's text, statement by statement. One that fails does not stop the next: the names that it would have
 * bound become unknown, and the problem is kept with the module.
 */
import type { PlacedChunk, Statement, SyntaxModule } from '../syntax/ast.ts';
import { boundNames } from '../syntax/names.ts';
import { boundOfError } from './bounds.ts';
import { docstringOfBlock } from './docstrings.ts';
import { withDefinitionUse } from './definitionUse.ts';
import type { Executor } from './executor.ts';
import { noteFailure } from './failures.ts';
import { Frame, ModuleEnvironment, type Execute } from './frame.ts';
import type { FileEntry } from './moduleEntry.ts';
import { MODULE_SCOPE } from './scopes.ts';
import { compileStatement } from './statements.ts';
import type { PyModule } from './values.ts';
import { epochClock, PyRaise, PyUnknown, type CodeOrigin } from './values.ts';

/** After a statement was cut off, the rest of the module has this share of the bounds. */
const SHARE_AFTER_CUT = 0.1;

export function runModule(executor: Executor, entry: FileEntry, syntax: SyntaxModule): void {
  const { module, notes } = entry;
  entry.status = 'loading';
  module.names.set('__name__', module.name);
  module.names.set('__file__', entry.file);
  const statements = syntax.chunks.map(({ chunk }) => chunk.statement);
  module.names.set('__doc__', docstringOfBlock({ statements }) ?? null);
  const { budget: outerBudget, notes: outerNotes, hooks: outerHooks, frame: outerFrame } = executor;
  executor.budget = outerBudget.nested();
  executor.notes = notes;
  if (!executor.hooksFollow(entry.file)) executor.hooks = undefined;
  executor.frame = undefined;
  try {
    executor.journal.load(entry.file, () => {
      module.epoch = epochClock.now;
      withDefinitionUse(true, () => {
        runChunks(executor, entry, syntax);
      });
    });
    entry.status = 'loaded';
  } catch (error) {
    // Cancelled: what is there is half of the module.
    executor.modules.trails.noteDropped(entry);
    entry.reset();
    throw error;
  } finally {
    executor.budget = outerBudget;
    executor.notes = outerNotes;
    executor.hooks = outerHooks;
    executor.frame = outerFrame;
  }
}

/** A frame at a module's top level. */
export function moduleFrame(module: PyModule, file: string, chunk: PlacedChunk): Frame {
  const environment = new ModuleEnvironment(module);
  return new Frame(environment, environment, module, originOf(file, chunk), undefined, undefined, undefined);
}

export function originOf(file: string, { chunk, start }: PlacedChunk): CodeOrigin {
  return { file, chunk, chunkStart: start };
}

/** The compiled form of a top-level statement; the same for every version that has the chunk. */
export function compiledChunk(executor: Executor, { chunk }: PlacedChunk): Execute {
  let execute = executor.compiledChunks.get(chunk);
  if (execute === undefined) {
    execute = compileStatement({ executor, scope: MODULE_SCOPE }, chunk.statement);
    executor.compiledChunks.set(chunk, execute);
  }
  return execute;
}

function runChunks(executor: Executor, entry: FileEntry, syntax: SyntaxModule): void {
  const [first] = syntax.chunks;
  if (first === undefined) return;
  const frame = moduleFrame(entry.module, entry.file, first);
  let cuts = 0;
  for (const chunk of syntax.chunks) {
    if (cuts > 1 && !isDefinition(chunk.chunk.statement)) {
      forget(entry, chunk.chunk.statement, 'the file was cut off before it');
      continue;
    }
    frame.origin = originOf(entry.file, chunk);
    frame.at = chunk.chunk.statement;
    executor.frame = frame;
    try {
      compiledChunk(executor, chunk)(frame);
    } catch (error) {
      executor.rememberStack(error);
      const bound = boundOfError(error);
      if (bound?.bound === 'cancelled') throw error;
      forget(entry, chunk.chunk.statement, noteFailure(executor, error));
      if (error instanceof PyRaise) entry.failure ??= error;
      if (bound === undefined) continue;
      cuts++;
      executor.budget = executor.budget.afterCut(SHARE_AFTER_CUT ** cuts);
    }
  }
}

/** What still runs in a file that was cut off twice: its models may rest on nothing else. */
function isDefinition({ kind }: Statement): boolean {
  return kind === 'functionDef' || kind === 'classDef' || kind === 'import' || kind === 'importFrom';
}

/** The names that a failed statement binds are unknown, unless it got as far as binding them. */
function forget({ module }: FileEntry, statement: Statement, why: string): void {
  for (const name of boundNames([statement]).locals) {
    if (module.names.has(name)) continue;
    module.names.set(name, new PyUnknown(`the statement that binds \`${name}\` failed: ${why}`));
  }
}
