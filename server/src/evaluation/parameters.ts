/**
 * Binds the arguments of a call to a Python function's parameters, with Python's rules and messages:
 * `def f(a, b=1, *rest, c, **more)` called as `f(1, 2, 3, c=4, d=5)` binds a=1, b=2, rest=(3,), c=4, more={"d": 5}.
 */
import { missingArguments, tooManyArguments } from './argumentMessages.ts';
import { keyOf } from './containers.ts';
import type { Executor } from './executor.ts';
import type { Slots } from './frame.ts';
import type { FunctionCode } from './functions.ts';
import { PyDict, PyTuple, type PyFunction, type Value } from './values.ts';

/** Writes the arguments into the slots of the parameters, which stand in the order of the signature. */
export function bindParameters(
  executor: Executor,
  fn: PyFunction,
  code: FunctionCode,
  slots: Slots,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): void {
  const { positionalCount } = code;
  const given = Math.min(positional.length, positionalCount);
  for (let i = 0; i < given; i++) slots[i] = positional[i];
  if (code.variadicSlot >= 0) slots[code.variadicSlot] = new PyTuple(positional.slice(given));
  else if (positional.length > positionalCount) tooMany(executor, fn, code, positional.length, keywords);
  const rest = code.keywordVariadicSlot < 0 ? undefined : new PyDict();
  if (rest !== undefined) slots[code.keywordVariadicSlot] = rest;
  if (keywords.size > 0) bindKeywords(executor, fn, code, slots, keywords, given, rest);
  if (given < positionalCount || code.keywordOnly.length > 0) bindDefaults(executor, fn, code, slots);
}

function bindKeywords(
  executor: Executor,
  fn: PyFunction,
  code: FunctionCode,
  slots: Slots,
  keywords: ReadonlyMap<string, Value>,
  given: number,
  rest: PyDict | undefined,
): void {
  for (const [name, value] of keywords) {
    const slot = code.keywordSlots.get(name);
    if (slot !== undefined) {
      if (slot < given) executor.raise('TypeError', `${nameOf(fn)}() got multiple values for argument '${name}'`);
      slots[slot] = value;
    } else if (rest !== undefined) rest.entries.set(keyOf(name), { key: name, value });
    else if (code.positional.includes(name)) {
      const message = `got some positional-only arguments passed as keyword arguments: '${name}'`;
      executor.raise('TypeError', `${nameOf(fn)}() ${message}`);
    } else executor.raise('TypeError', `${nameOf(fn)}() got an unexpected keyword argument '${name}'`);
  }
}

function bindDefaults(executor: Executor, fn: PyFunction, code: FunctionCode, slots: Slots): void {
  const missingPositional = fillDefaults(fn, slots, code.positional, 0);
  if (missingPositional !== undefined) missing(executor, fn, 'positional', missingPositional);
  const missingKeywords = fillDefaults(fn, slots, code.keywordOnly, code.keywordOnlySlot);
  if (missingKeywords !== undefined) missing(executor, fn, 'keyword-only', missingKeywords);
}

/** Fills what is not bound yet; the names that have no default, if there are any. */
function fillDefaults(
  fn: PyFunction,
  slots: Slots,
  parameters: readonly string[],
  firstSlot: number,
): readonly string[] | undefined {
  let missingNames: string[] | undefined;
  for (let i = 0; i < parameters.length; i++) {
    if (slots[firstSlot + i] !== undefined) continue;
    const name = parameters[i] as string; // i lies inside
    const value = fn.defaults.get(name);
    if (value === undefined) (missingNames ??= []).push(name);
    else slots[firstSlot + i] = value;
  }
  return missingNames;
}

function missing(
  executor: Executor,
  fn: PyFunction,
  kind: 'positional' | 'keyword-only',
  names: readonly string[],
): never {
  return executor.raise('TypeError', missingArguments(nameOf(fn), kind, names));
}

function tooMany(
  executor: Executor,
  fn: PyFunction,
  code: FunctionCode,
  given: number,
  keywords: ReadonlyMap<string, Value>,
): never {
  const counts = {
    required: code.positional.filter((name) => !fn.defaults.has(name)).length,
    total: code.positionalCount,
    given,
    keywordOnly: code.keywordOnly.filter((name) => keywords.has(name)).length,
  };
  return executor.raise('TypeError', tooManyArguments(nameOf(fn), counts));
}

function nameOf(fn: PyFunction): string {
  return fn.qualifiedName;
}
