/**
 * Defaults of parameters, evaluated when `def` runs.
 */
import type { ParameterDef } from '../syntax/ast.ts';
import type { CodeContext } from './codeContext.ts';
import { compileExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { DefaultValues, Value } from './values.ts';

const NO_DEFAULTS: DefaultValues = new Map<string, Value>();

export function compileDefaults(
  context: CodeContext,
  parameters: readonly ParameterDef[],
): (frame: Frame) => DefaultValues {
  const compiled = parameters.flatMap(({ name, defaultValue }) =>
    defaultValue === undefined ? [] : [{ name, evaluate: compileExpression(context, defaultValue) }],
  );
  if (compiled.length === 0) return () => NO_DEFAULTS;
  return (frame) => new Map(compiled.map(({ name, evaluate }) => [name, evaluate(frame)]));
}
