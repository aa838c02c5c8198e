/**
 * Calling values: Python functions, native ones, bound methods, classes, instances with `__call__`.
 * Calling what is unknown gives the unknown.
 */
import { allocations, BYTES } from './allocations.ts';
import { customMethod } from './binaryOperators.ts';
import { bindParameters } from './parameters.ts';
import { BoundExceeded } from './bounds.ts';
import { noteDefinitionUse } from './definitionUse.ts';
import type { Executor } from './executor.ts';
import { CallEnvironment, Frame, RETURN } from './frame.ts';
import { codeOf } from './functions.ts';
import { makeGenerator } from './generators.ts';
import { callClass } from './instantiation.ts';
import { PyBoundMethod, PyBytes, PyInstance, type NativeFunction, type PyFunction, type Value } from './values.ts';

export const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map();

export function callValue(
  executor: Executor,
  callee: Value,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): Value {
  if (callee === null || typeof callee !== 'object') return notCallable(executor, callee);
  switch (callee.kind) {
    case 'function':
      return callFunction(executor, callee, positional, keywords);
    case 'native':
      return callNative(executor, callee, positional, keywords);
    case 'boundMethod':
      return callValue(executor, callee.callee, [callee.self, ...positional], keywords);
    case 'class':
      return callClass(executor, callee, positional, keywords);
    case 'staticMethod':
      return callValue(executor, callee.callee, positional, keywords);
    case 'unknown':
      executor.hooks?.onUnknownCall?.(callee, positional, keywords);
      return callee;
    default: {
      const method = customMethod(executor, callee, '__call__');
      if (method !== undefined) return callDirect(executor, method, [callee, ...positional], keywords);
      if (callee instanceof PyInstance && callee.class_.unknownBase !== undefined) {
        executor.hooks?.onUnknownCall?.(callee.class_.unknownBase, [callee, ...positional], keywords);
        return callee.class_.unknownBase;
      }
      return notCallable(executor, callee);
    }
  }
}

/** Calls a member as it stands in a class, with the object as first argument; what does not bind does not get it. */
export function callDirect(
  executor: Executor,
  method: Value,
  args: readonly Value[],
  keywords: ReadonlyMap<string, Value> = NO_KEYWORDS,
): Value {
  if (method !== null && typeof method === 'object') {
    if (method.kind === 'function') return callFunction(executor, method, args, keywords);
    if (method.kind === 'native') return callNative(executor, method, args, keywords);
    if (method.kind === 'classMethod') {
      const [object, ...rest] = args;
      const cls = executor.typeOf(object ?? null);
      return callValue(executor, new PyBoundMethod(cls, method.callee), rest, keywords);
    }
    if (method.kind === 'property') {
      const [object, ...rest] = args;
      return callValue(executor, callValue(executor, method.getter, [object ?? null], NO_KEYWORDS), rest, keywords);
    }
    const getter = method.kind === 'instance' ? customMethod(executor, method, '__get__') : undefined;
    if (getter !== undefined) {
      const [object = null, ...rest] = args;
      const bound = callDirect(executor, getter, [method, object, executor.typeOf(object)]);
      return callValue(executor, bound, rest, keywords);
    }
  }
  return callValue(executor, method, args.slice(1), keywords);
}

export function callNative(
  executor: Executor,
  fn: NativeFunction,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): Value {
  const { budget } = executor;
  budget.step(1);
  if (positional.length + keywords.size > FEW_ARGUMENTS) countArguments(executor, positional, keywords);
  for (const argument of positional) {
    if (typeof argument === 'string') budget.readText(argument);
    else if (argument instanceof PyBytes) budget.readText(argument.value);
  }
  const result = fn.call(executor, { positional, keywords });
  if (typeof result === 'string') allocations.bytes += result.length;
  return result;
}

/** More arguments than this are counted each. */
const FEW_ARGUMENTS = 32;

function countArguments(
  { budget }: Executor,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): void {
  budget.step(positional.length + 4 * keywords.size);
  budget.allocate(BYTES.item * positional.length + BYTES.entry * keywords.size);
}

export function callFunction(
  executor: Executor,
  fn: PyFunction,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): Value {
  executor.budget.step(1);
  if (positional.length + keywords.size > FEW_ARGUMENTS) countArguments(executor, positional, keywords);
  noteDefinitionUse(fn.definition);
  const code = codeOf(executor, fn);
  const environment = new CallEnvironment(code.scope.slots, fn.closure);
  bindParameters(executor, fn, code, environment.slots, positional, keywords);
  const frame = new Frame(environment, environment, fn.module, fn.origin, executor.frame, fn, fn.definingClass);
  frame.firstArgument = positional[0];
  if (code.isGenerator) return makeGenerator(executor, frame, code.generatorBody);
  enter(executor, frame);
  try {
    return code.body(frame) === RETURN ? frame.returnValue : null;
  } catch (error) {
    executor.rememberStack(error);
    throw error;
  } finally {
    leave(executor, frame);
  }
}

/** Makes a frame the running one. */
export function enter(executor: Executor, frame: Frame): void {
  if (executor.depth >= executor.budget.bounds.callDepth) {
    throw new BoundExceeded('callDepth', `Stopped at ${executor.depth} nested calls.`);
  }
  executor.depth++;
  executor.frame = frame;
}

export function leave(executor: Executor, frame: Frame): void {
  executor.depth--;
  executor.frame = frame.caller;
}

function notCallable(executor: Executor, callee: Value): never {
  return executor.raise('TypeError', `'${executor.typeOf(callee).name}' object is not callable`);
}
