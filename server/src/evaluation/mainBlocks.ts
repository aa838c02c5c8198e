/**
 * Runs the scripts of a module, `if __name__ == "__main__":`, as if it had been started with Python: how a file itself uses
 * what it defines.
 */
import type { Expression, PlacedChunk, Statement, SyntaxModule } from '../syntax/ast.ts';
import type { Executor } from './executor.ts';
import { moduleFrame, originOf } from './moduleRun.ts';
import { MODULE_SCOPE } from './scopes.ts';
import { compileBlock } from './statements.ts';
import type { PyModule } from './values.ts';

export function runMainBlocks(executor: Executor, module: PyModule, file: string, syntax: SyntaxModule): void {
  for (const placed of syntax.chunks) {
    const { statement } = placed.chunk;
    if (statement.kind === 'if' && isMainTest(statement.test)) {
      runInModule(executor, module, file, placed, statement.body.statements);
    }
  }
}

/** Whether a statement of the top level calls something and mentions one of some names. */
export function mentionsInCalls({ chunks }: SyntaxModule, names: ReadonlySet<string>): boolean {
  return chunks.some(({ chunk: { statement, text } }) => {
    if (statement.kind === 'functionDef' || statement.kind === 'classDef') return false;
    if (statement.kind === 'if' && isMainTest(statement.test)) return false;
    return text.includes('(') && (text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).some((word) => names.has(word));
  });
}

function runInModule(
  executor: Executor,
  module: PyModule,
  file: string,
  placed: PlacedChunk,
  statements: readonly Statement[],
): void {
  const frame = moduleFrame(module, file, placed);
  frame.origin = originOf(file, placed);
  // Its assignments are the module's, and must be taken back with the run.
  executor.mutating(module);
  const body = compileBlock({ executor, scope: MODULE_SCOPE }, { statements });
  executor.inFrame(frame, () => body(frame));
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
