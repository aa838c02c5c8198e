/**
 * Evaluates an expression that is given as text: `eval("nn.Conv2d")`, a directive, the command line. Names are those
 * that are given, then the module's.
 */
import type { Executor } from './executor.ts';
import { compileExpression } from './expressions.ts';
import { CallEnvironment, Frame } from './frame.ts';
import { originOf } from './moduleRun.ts';
import { MODULE_SCOPE, type StaticScope } from './scopes.ts';
import type { PyModule, Value } from './values.ts';

const FILE = '<expression>';

/** Raises Python exceptions; undefined where the text is no expression. */
export function evaluateText(
  executor: Executor,
  module: PyModule,
  text: string,
  names: ReadonlyMap<string, Value>,
): Value | undefined {
  const { chunks, problems } = executor.modules.reader.parse(FILE, text.trim());
  const [chunk] = chunks;
  if (chunk === undefined || chunks.length > 1 || problems.length > 0) return undefined;
  const { statement } = chunk.chunk;
  if (statement.kind !== 'expression') return undefined;
  const slots = new Map([...names.keys()].map((name, slot) => [name, slot]));
  const environment = new CallEnvironment(slots, undefined);
  environment.slots.splice(0, names.size, ...names.values());
  const scope: StaticScope = { ...MODULE_SCOPE, kind: 'function', parent: MODULE_SCOPE, slots };
  const frame = new Frame(
    environment,
    environment,
    module,
    originOf(FILE, chunk),
    executor.frame,
    undefined,
    undefined,
  );
  return executor.inFrame(frame, () => compileExpression({ executor, scope }, statement.value)(frame));
}
