/**
 * functools.wraps and update_wrapper: the wrapper takes name, documentation and attributes of what it wraps, and
 * remembers it as `__wrapped__`.
 */
import type { Runtime } from '../runtime.ts';
import { PyUnknown, type NativeFunction, type Value } from '../values.ts';
import { define } from '../builtins/define.ts';

const COPIED = ['__module__', '__name__', '__qualname__', '__doc__'];

export function updateWrapper(runtime: Runtime, wrapper: Value, wrapped: Value): Value {
  if (wrapper instanceof PyUnknown || wrapped instanceof PyUnknown) return wrapper;
  for (const name of COPIED) {
    const value = runtime.lookupAttribute(wrapped, name);
    if (value !== undefined) runtime.setAttribute(wrapper, name, value);
  }
  const isFunction = wrapped !== null && typeof wrapped === 'object' && wrapped.kind !== 'class';
  const own = isFunction ? runtime.attributesOf(wrapped) : undefined;
  for (const { key, value } of own?.entries.values() ?? []) {
    if (typeof key === 'string') runtime.setAttribute(wrapper, key, value);
  }
  runtime.setAttribute(wrapper, '__wrapped__', wrapped);
  return wrapper;
}

/** `functools.wraps(wrapped)`. */
export function wrapperDecorator(wrapped: Value): NativeFunction {
  return define('wraps(wrapper, /)', (runtime, wrapper) => updateWrapper(runtime, wrapper, wrapped), 'functools');
}
