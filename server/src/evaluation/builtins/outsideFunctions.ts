/**
 * Functions that touch the world outside: print goes to the runtime's hook, import to its importer; files, input and
 * code made at run time are unknown.
 */
import type { Runtime } from '../runtime.ts';
import { PyTuple, PyUnknown, type Value } from '../values.ts';
import { members, type Body } from './define.ts';
import { raiseWith } from './raising.ts';

export const outsideFunctions: ReadonlyMap<string, Value> = members(undefined, {
  'print(*values, sep=None, end=None, file=None, flush=False)': print,
  '__import__(name, globals=None, locals=None, fromlist=(), level=0)': importByName,
  'exit(code=None, /)': (runtime, code) => raiseWith(runtime, 'SystemExit', code),
  'quit(code=None, /)': (runtime, code) => raiseWith(runtime, 'SystemExit', code),
  'breakpoint(*args, **kwargs)': () => null,
  'input(*args)': unknown('input() asks a person'),
  'open(*args, **kwargs)': unknown('open() reads a file, and files are not read'),
  'eval(*args, **kwargs)': unknown('eval() runs text that is made while running'),
  'exec(*args, **kwargs)': unknown('exec() runs text that is made while running'),
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
