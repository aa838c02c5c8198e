/**
 * `with a as b, c:`: `__enter__` and `__exit__`, also for the exception that leaves the body. An unknown context manager
 * does nothing.
 */
import type { Expression, With } from '../syntax/ast.ts';
import { callDirect } from './calls.ts';
import { customMethod } from './binaryOperators.ts';
import type { CodeContext } from './codeContext.ts';
import type { Executor } from './executor.ts';
import { compileExpression } from './expressions.ts';
import { NORMAL, type Completion, type Evaluate, type Execute, type Frame } from './frame.ts';
import type { Store } from './names.ts';
import { compileBlock } from './statements.ts';
import { compileTarget } from './targets.ts';
import { truth } from './truth.ts';
import { PyInstance, PyRaise, PyUnknown, type Value } from './values.ts';

export interface WithItem {
  readonly node: Expression;
  readonly context: Evaluate;
  readonly store: Store | undefined;
}

/** A context that was entered, and how to leave it. */
export interface EnteredContext {
  readonly manager: Value;
  /** Undefined for an unknown manager. */
  readonly exit: Value | undefined;
}

export function compileWith(context: CodeContext, node: With): Execute {
  const { executor } = context;
  const items = compileWithItems(context, node);
  const body = compileBlock(context, node.body);
  return (frame) => runItem(frame, 0);

  function runItem(frame: Frame, index: number): Completion {
    const item = items[index];
    if (item === undefined) return body(frame);
    const entered = enterContext(executor, frame, item, node.isAsync);
    let completion: Completion;
    try {
      completion = runItem(frame, index + 1);
    } catch (error) {
      if (!(error instanceof PyRaise)) throw error;
      frame.at = item.node;
      if (exitContext(executor, entered, error)) return NORMAL;
      throw error;
    }
    const { returnValue } = frame;
    frame.at = item.node;
    exitContext(executor, entered, undefined);
    frame.returnValue = returnValue;
    return completion;
  }
}

export function compileWithItems(context: CodeContext, node: With): readonly WithItem[] {
  return node.items.map((item) => ({
    node: item.context,
    context: compileExpression(context, item.context),
    store: item.target && compileTarget(context, item.target),
  }));
}

export function enterContext(executor: Executor, frame: Frame, item: WithItem, isAsync: boolean): EnteredContext {
  const manager = item.context(frame);
  frame.at = item.node;
  if (manager instanceof PyUnknown || (manager instanceof PyInstance && manager.class_.unknownBase !== undefined)) {
    item.store?.(frame, manager);
    return { manager, exit: undefined };
  }
  const [enterName, exitName] = isAsync ? ['__aenter__', '__aexit__'] : ['__enter__', '__exit__'];
  const enter = customMethod(executor, manager, enterName) ?? customMethod(executor, manager, '__enter__');
  const exit = customMethod(executor, manager, exitName) ?? customMethod(executor, manager, '__exit__');
  if (enter === undefined || exit === undefined) {
    const { name } = executor.typeOf(manager);
    const missed = enter === undefined ? '' : ` (missed ${exitName} method)`;
    return executor.raise('TypeError', `'${name}' object does not support the context manager protocol${missed}`);
  }
  const value = callDirect(executor, enter, [manager]);
  item.store?.(frame, value);
  return { manager, exit };
}

/** Leaves a context; true where it swallows the exception. */
export function exitContext(
  executor: Executor,
  { manager, exit }: EnteredContext,
  error: PyRaise | undefined,
): boolean {
  if (exit === undefined) return false;
  const args = error === undefined ? [null, null, null] : [error.value.class_, error.value, null];
  const result = callDirect(executor, exit, [manager, ...args]);
  return error !== undefined && truth(executor, result) === true;
}
