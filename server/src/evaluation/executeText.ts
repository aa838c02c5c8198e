/**
 * Runs statements that are given as text, as at a module's top level: `exec("W = 7")` binds W among the module's names.
 */
import type { Executor } from './executor.ts';
import { Frame, ModuleEnvironment } from './frame.ts';
import { compiledChunk, originOf } from './moduleRun.ts';
import type { PyModule } from './values.ts';

const FILE = '<string>';

/** Raises Python exceptions; false where the text is not Python, and then nothing of it ran. */
export function executeText(executor: Executor, module: PyModule, text: string): boolean {
  const { chunks, problems } = executor.modules.reader.parse(FILE, text);
  if (problems.length > 0) return false;
  executor.mutating(module);
  for (const chunk of chunks) {
    const environment = new ModuleEnvironment(module);
    const origin = originOf(FILE, chunk);
    const frame = new Frame(environment, environment, module, origin, executor.frame, undefined, undefined);
    executor.inFrame(frame, () => compiledChunk(executor, chunk)(frame));
  }
  return true;
}
