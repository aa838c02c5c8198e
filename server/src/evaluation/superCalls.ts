/**
 * `super()` without arguments: the class of the running method and its first argument, found in the frame.
 */
import type { Executor } from './executor.ts';
import { PySuper, type Value } from './values.ts';

export function superOfFrame(executor: Executor): Value {
  const { frame } = executor;
  const self = frame?.firstArgument;
  if (self === undefined) return executor.raise('RuntimeError', 'super(): no arguments');
  const cls = frame?.classCell?.class;
  if (cls === undefined) return executor.raise('RuntimeError', 'super(): __class__ cell not found');
  return new PySuper(cls, self);
}
