/**
 * Raises exceptions whose arguments are values: raiseWith(runtime, 'KeyError', 3) is Python's `raise KeyError(3)`.
 */
import type { Runtime } from '../runtime.ts';
import { PyInstance, PyRaise, type Value } from '../values.ts';

export function raiseWith(runtime: Runtime, exceptionName: string, ...args: readonly Value[]): never {
  const instance = runtime.call(runtime.builtinClass(exceptionName), args);
  if (instance instanceof PyInstance) throw new PyRaise(instance, runtime.callStack());
  return runtime.raise(exceptionName, '');
}

/** Whether a caught JavaScript value is a Python exception of that builtin class. */
export function isRaisedException(runtime: Runtime, error: unknown, exceptionName: string): error is PyRaise {
  return error instanceof PyRaise && runtime.isInstance(error.value, runtime.builtinClass(exceptionName));
}
