/**
 * Python exceptions: raising them from native code, matching them against `except` clauses, and telling an uncaught
 * one to the user: PyRaise(ValueError("bad size")) -> "ValueError: bad size".
 */
import type { SourceRange } from '../base/text.ts';
import { allocateException } from './builtins/exceptions.ts';
import type { Executor } from './executor.ts';
import type { Frame } from './frame.ts';
import { PyClass, PyInstance, PyRaise, PyTuple, PyUnknown, type Value } from './values.ts';

const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map();

/** An exception of a builtin class with one argument, its message. */
export function makeException(executor: Executor, className: string, message: Value): PyInstance {
  const cls = executor.builtinClass(className);
  const args = { positional: [message], keywords: NO_KEYWORDS };
  // allocateException makes a PyInstance for every exception class.
  return allocateException(executor, cls, args) as PyInstance;
}

/** Whether a caught JavaScript value is a Python exception of this builtin class. */
export function isRaised(executor: Executor, error: unknown, className: string): error is PyRaise {
  return error instanceof PyRaise && error.value.class_.mro.includes(executor.builtinClass(className));
}

/** Whether `except type:` catches the exception. A type that is unknown catches nothing. */
export function matchesException(executor: Executor, exception: PyInstance, type: Value): boolean {
  if (type instanceof PyClass) return exception.class_.mro.includes(type);
  if (type instanceof PyTuple) return type.items.some((item) => matchesException(executor, exception, item));
  if (type instanceof PyUnknown) return false;
  return executor.raise('TypeError', 'catching classes that do not inherit from BaseException is not allowed');
}

/** `raise exception from cause`. */
export function raiseValue(executor: Executor, frame: Frame, exception: Value, cause: Value | undefined): never {
  const instance = exceptionInstance(executor, exception);
  if (cause !== undefined) {
    instance.attributes.set('__cause__', cause instanceof PyClass ? executor.call(cause) : cause);
    instance.attributes.set('__suppress_context__', true);
  }
  setContext(frame, instance);
  throw new PyRaise(instance, executor.callStack());
}

/** Notes the exception that was being handled when another one was raised. */
export function setContext(frame: Frame | undefined, exception: PyInstance): void {
  const handled = handledIn(frame);
  if (handled !== undefined && handled.value !== exception) {
    exception.attributes.set('__context__', handled.value);
  }
}

/** Bare `raise`. */
export function raiseAgain(executor: Executor, frame: Frame): never {
  const handled = handledIn(frame);
  if (handled !== undefined) throw handled;
  return executor.raise('RuntimeError', 'No active exception to reraise');
}

/** "ValueError: bad size"; the class alone where there is no text. */
export function exceptionSummary(executor: Executor, exception: PyInstance): string {
  const { name } = exception.class_;
  const text = executor.str(exception);
  return text === '' ? name : `${name}: ${text}`;
}

/** The innermost place of a trace that stands in `file`, else the innermost of all. */
export function placeIn(trace: readonly SourceRange[], file: string | undefined): SourceRange | undefined {
  return trace.find((range) => range.file === file) ?? trace[0];
}

function handledIn(frame: Frame | undefined): PyRaise | undefined {
  for (let current = frame; current !== undefined; current = current.caller) {
    if (current.handled !== undefined) return current.handled;
  }
  return undefined;
}

function exceptionInstance(executor: Executor, exception: Value): PyInstance {
  const base = executor.builtinClass('BaseException');
  if (exception instanceof PyClass && exception.mro.includes(base)) {
    return exceptionInstance(executor, executor.call(exception));
  }
  if (exception instanceof PyInstance && exception.class_.mro.includes(base)) return exception;
  if (exception instanceof PyUnknown) return makeException(executor, 'Exception', exception);
  if (exception instanceof PyClass && exception.unknownBase)
    return makeException(executor, 'Exception', exception.name);
  if (exception instanceof PyInstance && exception.class_.unknownBase) {
    return makeException(executor, 'Exception', exception.class_.name);
  }
  return executor.raise('TypeError', 'exceptions must derive from BaseException');
}
