/**
 * The documentation text of a function or class: a text alone as its first statement.
 */
import type { Block, FunctionDef, Lambda } from '../syntax/ast.ts';

export function docstringOf(definition: FunctionDef | Lambda): string | undefined {
  return definition.kind === 'lambda' ? undefined : docstringOfBlock(definition.body);
}

/** Undefined where the block does not start with a text. */
export function docstringOfBlock({ statements }: Block): string | undefined {
  const [first] = statements;
  if (first?.kind !== 'expression' || first.value.kind !== 'constant') return undefined;
  const { value } = first.value;
  return value.type === 'string' ? value.value : undefined;
}
