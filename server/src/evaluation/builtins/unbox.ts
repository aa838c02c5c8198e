/**
 * The plain value behind an instance of a subclass of int, float, str, bytes, range, property and the like:
 * an IntEnum member -> its number. Everything else is its own plain value.
 */
import type { Runtime } from '../runtime.ts';
import { PyInstance, type PyClass, type Value } from '../values.ts';

export function unbox(value: Value): Value {
  return value instanceof PyInstance && value.payload !== undefined ? value.payload : value;
}

/** The value as an instance of `cls`: itself where that is the builtin class, else an instance that carries it. */
export function box(runtime: Runtime, cls: PyClass, builtinName: string, value: Value): Value {
  if (cls === runtime.builtinClass(builtinName)) return value;
  const instance = new PyInstance(cls);
  instance.payload = value;
  return instance;
}
