/**
 * `try`: except clauses by class, `else`, `finally`. What a bound cuts off passes through untouched: no clause and no
 * `finally` runs for it.
 */
import type { ExceptHandler, Expression, Try } from '../syntax/ast.ts';
import type { CodeContext } from './codeContext.ts';
import { matchesException } from './exceptions.ts';
import { compileExpression } from './expressions.ts';
import { NORMAL, type Completion, type Evaluate, type Execute, type Frame } from './frame.ts';
import { compileForget, compileStore, type Store } from './names.ts';
import { compileBlock } from './statements.ts';
import { PyRaise } from './values.ts';

export interface Handler {
  readonly node: ExceptHandler;
  readonly type: Evaluate | undefined;
  readonly store: Store | undefined;
  /** Unbinds the clause's name. */
  readonly forget: ((frame: Frame) => void) | undefined;
}

export function compileTry(context: CodeContext, node: Try): Execute {
  const body = compileBlock(context, node.body);
  const handlers = node.handlers.map((handler) => ({
    ...compileHandler(context, handler),
    body: compileBlock(context, handler.body),
  }));
  const orElse = node.orElse && compileBlock(context, node.orElse);
  const finalBody = node.finalBody && compileBlock(context, node.finalBody);
  const guard = guardOf(node);

  const guarded: Execute = (frame) => {
    let completion: Completion;
    try {
      completion = runGuarded(frame, guard, body);
    } catch (error) {
      if (!(error instanceof PyRaise)) throw error;
      const handler = findHandler(context, frame, handlers, error);
      if (handler === undefined) throw error;
      return handle(frame, handler, error, handler.body);
    }
    return completion === NORMAL && orElse !== undefined ? orElse(frame) : completion;
  };
  if (finalBody === undefined) return guarded;

  return (frame) => {
    let completion: Completion;
    try {
      completion = guarded(frame);
    } catch (error) {
      if (!(error instanceof PyRaise)) throw error;
      const ending = finalBody(frame);
      if (ending !== NORMAL) return ending;
      throw error;
    }
    const { returnValue } = frame;
    const ending = finalBody(frame);
    if (ending !== NORMAL) return ending;
    frame.returnValue = returnValue;
    return completion;
  };
}

export function compileHandler(context: CodeContext, handler: ExceptHandler): Handler {
  return {
    node: handler,
    type: handler.type && compileExpression(context, handler.type),
    store: handler.name === undefined ? undefined : compileStore(context, handler.name),
    forget: handler.name === undefined ? undefined : compileForget(context, handler.name),
  };
}

/** The first clause that catches the exception. */
export function findHandler<H extends Handler>(
  { executor }: CodeContext,
  frame: Frame,
  handlers: readonly H[],
  error: PyRaise,
): H | undefined {
  return handlers.find((handler) => {
    if (handler.type === undefined) return true;
    const type = handler.type(frame);
    frame.at = handler.node;
    return matchesException(executor, error.value, type);
  });
}

function handle(frame: Frame, handler: Handler, error: PyRaise, body: Execute): Completion {
  const outer = frame.handled;
  frame.handled = error;
  handler.store?.(frame, error.value);
  try {
    return body(frame);
  } finally {
    forgetHandled(frame, handler, outer);
  }
}

/** After an `except` clause, its name is gone, and a bare `raise` means the exception before. */
export function forgetHandled(frame: Frame, { forget }: Handler, outer: PyRaise | undefined): void {
  frame.handled = outer;
  forget?.(frame);
}

/** What a `try` catches, where that decides whether something raises in its body or is only reported. */
export interface Guard {
  /** Missing modules must raise, so that the fallback runs. */
  readonly catchesImportErrors: boolean;
  /** So must operations that do not fit (`x.view(...)`). */
  readonly catchesRuntimeErrors: boolean;
}

export function guardOf(node: Try): Guard {
  const catches = (pattern: RegExp): boolean =>
    node.handlers.some(({ type }) => type === undefined || namesError(type, pattern));
  return {
    catchesImportErrors: catches(/^(ImportError|ModuleNotFoundError|Exception|BaseException)$/),
    catchesRuntimeErrors: catches(/^(RuntimeError|Exception|BaseException)$/),
  };
}

export function enterGuard(frame: Frame, { catchesImportErrors, catchesRuntimeErrors }: Guard): void {
  frame.tries++;
  if (catchesImportErrors) frame.importGuards++;
  if (catchesRuntimeErrors) frame.failureGuards++;
}

export function leaveGuard(frame: Frame, { catchesImportErrors, catchesRuntimeErrors }: Guard): void {
  frame.tries--;
  if (catchesImportErrors) frame.importGuards--;
  if (catchesRuntimeErrors) frame.failureGuards--;
}

function runGuarded(frame: Frame, guard: Guard, body: Execute): Completion {
  enterGuard(frame, guard);
  try {
    return body(frame);
  } finally {
    leaveGuard(frame, guard);
  }
}

function namesError(type: Expression, pattern: RegExp): boolean {
  if (type.kind === 'tuple') return type.elements.some((element) => namesError(element, pattern));
  return pattern.test(type.kind === 'attribute' || type.kind === 'name' ? type.name : '');
}
