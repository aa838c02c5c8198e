/**
 * Compiles calls: `f(a, *rest, k=v, **more)`. The hook sees each call's place, callee and result.
 */
import type { Call, KeywordArgument } from '../syntax/ast.ts';
import { entriesOf } from './builtins/containerCreation.ts';
import { callValue, NO_KEYWORDS } from './calls.ts';
import type { CodeContext } from './codeContext.ts';
import { compileExpression, compileItems } from './expressions.ts';
import type { Evaluate, Frame } from './frame.ts';
import { PyBoundMethod, PyClass, PyFunction, PyUnknown, type Value } from './values.ts';

export function compileCall(context: CodeContext, node: Call): Evaluate {
  const { executor } = context;
  const callee = compileExpression(context, node.callee);
  const positional = compileItems(context, node.positional);
  const keywords = compileKeywords(context, node.keywords);
  return (frame) => {
    const target = callee(frame);
    const args = positional(frame);
    const named = keywords === undefined ? NO_KEYWORDS : keywords(frame);
    frame.at = node;
    // With an unknown number of arguments, nothing can be said about the call.
    if (args instanceof PyUnknown) {
      noteLeftOut(executor, target, args);
      return args;
    }
    if (named instanceof PyUnknown) return named;
    const result = callValue(executor, target, args, named);
    const { hooks } = executor;
    if (hooks?.onCallResult !== undefined) {
      frame.at = node;
      hooks.onCallResult(frame.range, target, result);
    }
    return result;
  };
}

/** Code of the user, or a class, that did not run for its unknown number of arguments. */
function noteLeftOut(executor: CodeContext['executor'], target: Value, args: PyUnknown): void {
  const callee = target instanceof PyBoundMethod ? target.callee : target;
  if (!(callee instanceof PyFunction) && !(callee instanceof PyClass && !callee.isCore)) return;
  executor.omit(`A call of ${callee.name} with an unknown number of arguments was left out (${args.reason}).`);
}

type EvaluateKeywords = (frame: Frame) => ReadonlyMap<string, Value>;

/** Undefined where there are none. Raises TypeError for repeated names; an unknown `**value` is left out and noted. */
export function compileKeywords(
  context: CodeContext,
  keywords: readonly KeywordArgument[],
): EvaluateKeywords | undefined {
  if (keywords.length === 0) return undefined;
  const { executor } = context;
  const parts = keywords.map(({ name, value }) => ({ name, node: value, evaluate: compileExpression(context, value) }));
  return (frame) => {
    const map = new Map<string, Value>();
    for (const { name, node, evaluate } of parts) {
      const value = evaluate(frame);
      frame.at = node;
      if (name !== undefined) add(map, name, value);
      else spread(map, value);
    }
    return map;
  };

  function add(map: Map<string, Value>, name: string, value: Value): void {
    if (map.has(name)) executor.raise('TypeError', `got multiple values for keyword argument '${name}'`);
    map.set(name, value);
  }

  function spread(map: Map<string, Value>, value: Value): void {
    const entries = entriesOf(executor, value);
    if (entries instanceof PyUnknown) {
      executor.omit(`Unknown keyword arguments were left out (${entries.reason}).`);
      return;
    }
    for (const { key, value: entry } of entries) {
      if (typeof key !== 'string') executor.raise('TypeError', 'keywords must be strings');
      else add(map, key, entry);
    }
  }
}
