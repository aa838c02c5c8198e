/**
 * Binds the arguments of a call to a Python function's parameters, with Python's rules and messages:
 * `def f(a, b=1, *rest, c, **more)` called as `f(1, 2, 3, c=4, d=5)` binds a=1, b=2, rest=(3,), c=4, more={"d": 5}.
 */
import { keyOf } from './containers.ts';
import type { Executor } from './executor.ts';
import type { FunctionCode } from './functions.ts';
import { PyDict, PyTuple, type PyFunction, type Value } from './values.ts';

/** Writes the arguments under their names into `names`. */
export function bindParameters(
  executor: Executor,
  fn: PyFunction,
  code: FunctionCode,
  names: Map<string, Value>,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): void {
  const parameters = code.positional;
  const given = Math.min(positional.length, parameters.length);
  // Both arrays are at least `given` long.
  for (let i = 0; i < given; i++) names.set(code.localName(parameters[i] as string), positional[i] as Value);
  if (code.variadic !== undefined) names.set(code.variadic, new PyTuple(positional.slice(given)));
  else if (positional.length > parameters.length) tooMany(executor, fn, code, positional.length, keywords);
  const rest = code.keywordVariadic === undefined ? undefined : new PyDict();
  if (keywords.size > 0) bindKeywords(executor, fn, code, names, keywords, given, rest);
  if (given < parameters.length || code.keywordOnly.length > 0) bindDefaults(executor, fn, code, names);
  if (rest !== undefined && code.keywordVariadic !== undefined) names.set(code.keywordVariadic, rest);
}

function bindKeywords(
  executor: Executor,
  fn: PyFunction,
  code: FunctionCode,
  names: Map<string, Value>,
  keywords: ReadonlyMap<string, Value>,
  given: number,
  rest: PyDict | undefined,
): void {
  for (const [name, value] of keywords) {
    const index = code.positional.indexOf(name);
    const isPositionalOnly = index >= 0 && index < code.positionalOnlyCount;
    if ((index >= 0 && !isPositionalOnly) || code.keywordOnly.includes(name)) {
      if (index >= 0 && index < given) {
        executor.raise('TypeError', `${nameOf(fn)}() got multiple values for argument '${name}'`);
      }
      names.set(code.localName(name), value);
    } else if (rest !== undefined) rest.entries.set(keyOf(name), { key: name, value });
    else if (isPositionalOnly) {
      const message = `got some positional-only arguments passed as keyword arguments: '${name}'`;
      executor.raise('TypeError', `${nameOf(fn)}() ${message}`);
    } else executor.raise('TypeError', `${nameOf(fn)}() got an unexpected keyword argument '${name}'`);
  }
}

function bindDefaults(executor: Executor, fn: PyFunction, code: FunctionCode, names: Map<string, Value>): void {
  const missingPositional = fillDefaults(fn, code, names, code.positional);
  if (missingPositional.length > 0) missing(executor, fn, 'positional', missingPositional);
  const missingKeywords = fillDefaults(fn, code, names, code.keywordOnly);
  if (missingKeywords.length > 0) missing(executor, fn, 'keyword-only', missingKeywords);
}

function fillDefaults(
  fn: PyFunction,
  code: FunctionCode,
  names: Map<string, Value>,
  parameters: readonly string[],
): readonly string[] {
  const missingNames: string[] = [];
  for (const name of parameters) {
    const local = code.localName(name);
    if (names.has(local)) continue;
    const value = fn.defaults.get(name);
    if (value === undefined) missingNames.push(name);
    else names.set(local, value);
  }
  return missingNames;
}

function missing(executor: Executor, fn: PyFunction, kind: string, names: readonly string[]): never {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.at(-1) ?? '';
  const head = quoted.slice(0, -1);
  const list = head.length === 0 ? last : `${head.join(', ')}${head.length > 1 ? ',' : ''} and ${last}`;
  const noun = names.length === 1 ? 'argument' : 'arguments';
  return executor.raise('TypeError', `${nameOf(fn)}() missing ${names.length} required ${kind} ${noun}: ${list}`);
}

function tooMany(
  executor: Executor,
  fn: PyFunction,
  code: FunctionCode,
  given: number,
  keywords: ReadonlyMap<string, Value>,
): never {
  const total = code.positional.length;
  const required = code.positional.filter((name) => !fn.defaults.has(name)).length;
  const range = required === total ? String(total) : `from ${required} to ${total}`;
  const noun = total === 1 && required === total ? 'argument' : 'arguments';
  const keywordCount = code.keywordOnly.filter((name) => keywords.has(name)).length;
  const extra =
    keywordCount === 0
      ? ''
      : ` positional argument${given === 1 ? '' : 's'} (and ${keywordCount} keyword-only argument${keywordCount === 1 ? '' : 's'})`;
  const verb = given === 1 && keywordCount === 0 ? 'was' : 'were';
  return executor.raise(
    'TypeError',
    `${nameOf(fn)}() takes ${range} positional ${noun} but ${given}${extra} ${verb} given`,
  );
}

function nameOf(fn: PyFunction): string {
  return fn.qualifiedName;
}
