/**
 * Functions that touch the world outside: print goes to the runtime's hook, import to its importer; files, input and
 * code made at run time are unknown.
 */
import type { Runtime } from '../runtime.ts';
import { CallEnvironment } from '../frame.ts';
import { PyModule, PyTuple, PyUnknown, type Environment, type Value } from '../values.ts';
import { members, type Body } from './define.ts';
import { keywordsOf } from './genericAlias.ts';
import { raiseWith } from './raising.ts';

export const outsideFunctions: ReadonlyMap<string, Value> = members(undefined, {
  'print(*values, sep=None, end=None, file=None, flush=False)': print,
  '__import__(name, globals=None, locals=None, fromlist=(), level=0)': importByName,
  'exit(code=None, /)': (runtime, code) => raiseWith(runtime, 'SystemExit', code),
  'quit(code=None, /)': (runtime, code) => raiseWith(runtime, 'SystemExit', code),
  'breakpoint(*args, **kwargs)': () => null,
  'input(*args)': unknown('input() asks a person'),
  'open(*args, **kwargs)': unknown('open() reads a file, and files are not read'),
  'eval(source, globals=None, locals=None, /)': evaluate,
  'exec(*args, **kwargs)': (runtime) => {
    runtime.omit('exec() runs text that is made while running, which is left out.');
    return null;
  },
  'compile(*args, **kwargs)': unknown('compile() makes code while running'),
  'bytearray(*args, **kwargs)': unknown('bytearray is not modelled'),
  'memoryview(*args, **kwargs)': unknown('memoryview is not modelled'),
});

function unknown(reason: string): Body {
  return (runtime) => runtime.unknown(reason);
}

/** Unknown values print as "?". */
function print(runtime: Runtime, values: Value, separator: Value, end: Value, file: Value): Value {
  if (file !== null || !(values instanceof PyTuple)) return null;
  const text = values.items.map((value) => runtime.str(value)).join(typeof separator === 'string' ? separator : ' ');
  runtime.print?.(text + (typeof end === 'string' ? end : '\n'));
  return null;
}

/** Returns the top package unless names are asked for, as Python does. */
function importByName(runtime: Runtime, name: Value, _: Value, __: Value, fromList: Value): Value {
  if (typeof name !== 'string') return runtime.unknown('__import__ of an unknown name');
  const module = runtime.importModule(name);
  if (module instanceof PyUnknown || !name.includes('.')) return module;
  const isWhole = runtime.truth(fromList) === true;
  return isWhole ? module : runtime.importModule(name.slice(0, name.indexOf('.')));
}

/** Longer texts are data, or hostile. */
const MAX_TEXT = 10_000;

/** `eval("nn.Conv2d")`: an expression with the names of the place that calls it, or with those that are given. */
function evaluate(runtime: Runtime, source: Value, globals: Value, locals: Value): Value {
  if (source instanceof PyUnknown) return source;
  if (typeof source !== 'string') return runtime.unknown('eval() runs code that is made while running');
  if (source.length > MAX_TEXT) return runtime.unknown(`eval() of a text of ${source.length} characters`);
  const scope = runtime.currentScope();
  const isOwn = globals === null;
  const module = isOwn && scope !== undefined ? scope.module : new PyModule('<expression>', undefined);
  const names = isOwn && locals === null ? namesOf(scope?.environment) : new Map<string, Value>();
  for (const given of [globals, locals]) for (const [name, value] of keywordsOf(given)) names.set(name, value);
  const value = runtime.evaluateText(module, source, names);
  return value ?? runtime.raise('SyntaxError', `invalid syntax: \`${source.slice(0, 80)}\``);
}

/** Local names, those of enclosing functions too; a module's are found without. */
function namesOf(environment: Environment | undefined): Map<string, Value> {
  // The module's environment is the only one without a parent that is no call's.
  const isModule = environment?.parent === undefined && !(environment instanceof CallEnvironment);
  if (environment === undefined || isModule) return new Map();
  return new Map([...namesOf(environment.parent), ...environment.names]);
}
