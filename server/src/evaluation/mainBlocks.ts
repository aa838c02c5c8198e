/**
 * Runs the scripts of a module, `if __name__ == "__main__":`, as if it had been started with Python.
 */
import type { Expression, SyntaxModule } from '../syntax/ast.ts';
import type { Executor } from './executor.ts';
import { moduleFrame, originOf } from './moduleRun.ts';
import { MODULE_SCOPE } from './scopes.ts';
import { compileBlock } from './statements.ts';
import type { PyModule } from './values.ts';

export function runMainBlocks(executor: Executor, module: PyModule, file: string, syntax: SyntaxModule): void {
  for (const chunk of syntax.chunks) {
    const { statement } = chunk.chunk;
    if (statement.kind !== 'if' || !isMainTest(statement.test)) continue;
    const frame = moduleFrame(module, file, chunk);
    frame.origin = originOf(file, chunk);
    // Its assignments are the module's, and must be taken back with the run.
    executor.mutating(module);
    const body = compileBlock({ executor, scope: MODULE_SCOPE }, statement.body);
    executor.inFrame(frame, () => body(frame));
  }
}

/** Whether an `if` of a module's top level asks for `__name__ == "__main__"`. */
export function isMainTest(test: Expression): boolean {
  if (test.kind !== 'compare' || test.operators[0] !== '==') return false;
  const sides = [test.left, ...test.comparators];
  const isName = sides.some((side) => side.kind === 'name' && side.name === '__name__');
  const isMain = sides.some(
    (side) => side.kind === 'constant' && side.value.type === 'string' && side.value.value === '__main__',
  );
  return isName && isMain;
}
