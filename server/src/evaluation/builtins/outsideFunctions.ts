/**
 * Functions that touch the world outside: print goes to the runtime's hook, import to its importer; eval and exec run known
 * texts; files, input and code that is not known are unknown.
 */
import type { Runtime } from '../runtime.ts';
import { CallEnvironment } from '../frame.ts';
import { LiveDict } from '../liveDict.ts';
import { PyDict, PyModule, PyTuple, PyUnknown, type Environment, type Value } from '../values.ts';
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
  'exec(source, globals=None, locals=None, /, *, closure=None)': execute,
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

/**
 * `exec("W = 7")`: statements with the names of the place that calls it, or with those that are given. What they bind goes
 * to the given dict, the class body or the module; a function's names stay as they are. A name that code which cannot be
 * read may have bound is unknown.
 */
function execute(runtime: Runtime, source: Value, globals: Value, locals: Value): Value {
  const scope = runtime.currentScope();
  const isReadable = typeof source === 'string' && source.length <= MAX_TEXT;
  const isGiven = globals !== null || locals !== null;
  if (!isReadable) {
    runtime.omit('exec() runs text that is made while running, which is left out.');
    noteUnknownNames(runtime, isGiven ? (moduleOf(locals ?? globals) ?? locals ?? globals) : scope?.module);
    return null;
  }
  const environment = scope?.environment;
  const isModule = environment?.parent === undefined && !(environment instanceof CallEnvironment);
  const own = isGiven ? moduleOf(locals ?? globals) : isModule ? scope?.module : undefined;
  if (own !== undefined && environment?.isClassBody !== true) {
    run(runtime, own, source);
    return null;
  }
  const names = new Map(globals === null ? scope?.module.names : keywordsOf(globals));
  const local = locals !== null ? keywordsOf(locals) : globals !== null ? [] : namesOf(environment);
  for (const [name, value] of local) names.set(name, value);
  const module = new PyModule(scope?.module.name ?? '<string>', scope?.module.file);
  for (const [name, value] of names) module.names.set(name, value);
  run(runtime, module, source);
  for (const [name, value] of module.names) {
    if (names.get(name) === value) continue;
    if (isGiven) runtime.setItem(locals ?? globals, name, value);
    else if (environment?.isClassBody === true) environment.names.set(name, value);
  }
  return null;
}

function run(runtime: Runtime, module: PyModule, source: string): void {
  if (!runtime.executeText(module, source)) {
    runtime.raise('SyntaxError', `invalid syntax: \`${source.slice(0, 80)}\``);
  }
}

/** The module whose `globals()` a dict is. */
function moduleOf(given: Value): PyModule | undefined {
  return given instanceof LiveDict && given.owner instanceof PyModule ? given.owner : undefined;
}

/** What is not found there from now on is unknown. */
function noteUnknownNames(runtime: Runtime, where: Value | undefined): void {
  const reason = 'exec() of a text that is not known may have bound it';
  if (where instanceof PyModule) {
    runtime.mutating(where);
    where.unknownNames = reason;
  } else if (where instanceof PyDict) {
    runtime.mutating(where);
    where.unknownKeys = reason;
  }
}

/** Local names, those of enclosing functions too; a module's are found without. */
function namesOf(environment: Environment | undefined): Map<string, Value> {
  // The module's environment is the only one without a parent that is no call's.
  const isModule = environment?.parent === undefined && !(environment instanceof CallEnvironment);
  if (environment === undefined || isModule) return new Map();
  return new Map([...namesOf(environment.parent), ...environment.names]);
}
