/**
 * What `f.__code__` is: codeObject(f of `def f(x, *rest)`).co_varnames -> ("x", "rest"); functionOfCode leads back to f.
 */
import type { Runtime } from './runtime.ts';
import { PyInstance, PyTuple, type PyFunction, type Value } from './values.ts';

/** What is asked of `f.__code__`: names and counts of parameters. */
export function codeObject(runtime: Runtime, fn: PyFunction): Value {
  const { positional, variadic, keywordOnly, keywordVariadic } = fn.definition.parameters;
  const names = [...positional, ...keywordOnly, variadic, keywordVariadic].flatMap((item) => item?.name ?? []);
  const code = new PyInstance(runtime.builtinClass('object'));
  code.attributes.set('co_name', fn.name);
  code.attributes.set('co_varnames', new PyTuple(names));
  code.attributes.set('co_argcount', positional.length);
  code.attributes.set('co_kwonlyargcount', keywordOnly.length);
  code.attributes.set('co_filename', fn.origin.file);
  functionsOfCode.set(code, fn);
  return code;
}

const functionsOfCode = new WeakMap<object, PyFunction>();

/** The function that a `__code__` was asked of. */
export function functionOfCode(code: Value): PyFunction | undefined {
  return code !== null && typeof code === 'object' ? functionsOfCode.get(code) : undefined;
}
