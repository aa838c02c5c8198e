/**
 * The modules `sys` and `platform`: Python 3.12 on Linux. `sys.modules` has what
 * the program imported. What a run would read
 * from the machine is unknown.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyFloat, PyInstance, PyList, PyTuple, PyUnknown, type Value } from '../values.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { raiseWith } from '../builtins/raising.ts';
import { namedTuple } from './namedTuple.ts';

const NOTHING = (): Value => null;

export const sysModule: NativeModuleDefinition = {
  name: 'sys',
  members: (runtime) =>
    mergeMembers(
      new Map<string, Value>([
        [
          'version_info',
          structure(runtime, 'version_info', { major: 3, minor: 12, micro: 0, releaselevel: 'final', serial: 0 }),
        ],
        ['version', '3.12.0 (main)'],
        ['hexversion', 0x030c00f0],
        ['implementation', structure(runtime, 'implementation', { name: 'cpython', cache_tag: 'cpython-312' })],
        [
          'float_info',
          structure(runtime, 'float_info', {
            max: new PyFloat(Number.MAX_VALUE),
            min: new PyFloat(2 ** -1022),
            epsilon: new PyFloat(Number.EPSILON),
            dig: 15,
          }),
        ],
        ['maxsize', 2n ** 63n - 1n],
        ['maxunicode', 0x10ffff],
        ['byteorder', 'little'],
        ['platform', 'linux'],
        ['argv', new PyList([''])],
        ['path', new PyList([])],
        ['flags', runtime.unknown('the flags of the interpreter')],
        ['executable', runtime.unknown('the path of the interpreter')],
        ['prefix', runtime.unknown('the path of the interpreter')],
        ['stdin', runtime.unknown('standard input')],
        ['stdout', silentStream(runtime)],
        ['stderr', silentStream(runtime)],
        ['modules', loadedModules(runtime)],
      ]),
      members('sys', {
        'exit(status=None, /)': (_, status) => raiseWith(runtime, 'SystemExit', status),
        'getrecursionlimit()': () => 1000,
        'setrecursionlimit(limit, /)': NOTHING,
        'getsizeof(*args)': () => runtime.unknown('the size of an object in memory'),
        'getrefcount(object, /)': () => runtime.unknown('the number of references'),
        'exc_info()': () => new PyTuple([null, null, null]),
        'intern(string, /)': (_, text) => text,
        'getdefaultencoding()': () => 'utf-8',
        'getfilesystemencoding()': () => 'utf-8',
      }),
    ),
};

export const platformModule: NativeModuleDefinition = {
  name: 'platform',
  members: () =>
    members('platform', {
      'system()': () => 'Linux',
      'python_version()': () => '3.12.0',
      'python_version_tuple()': () => new PyTuple(['3', '12', '0']),
      'python_implementation()': () => 'CPython',
    }),
};

/** A named tuple of the given fields. */
function structure(runtime: Runtime, name: string, fields: Readonly<Record<string, Value>>): Value {
  const cls = namedTuple(runtime, name, new PyList(Object.keys(fields)), false, null, null);
  return runtime.call(cls, Object.values(fields));
}

function silentStream(runtime: Runtime): Value {
  const cls = nativeClass(runtime, 'io.TextIOWrapper', {
    members: members('io.TextIOWrapper', {
      'write(self, text)': NOTHING,
      'writelines(self, lines)': NOTHING,
      'flush(self)': NOTHING,
      'isatty(self)': () => false,
      'fileno(self)': () => runtime.unknown('the number of a stream'),
    }),
  });
  return new PyInstance(cls);
}

/** What the program has imported so far; which modules of ours Python would have is not known by name alone. */
function loadedModules(runtime: Runtime): Value {
  const find = (name: Value): Value | undefined =>
    typeof name === 'string' ? runtime.importedModule(name) : undefined;
  const cls = nativeClass(runtime, 'sys.modules', {
    members: members('sys.modules', {
      '__getitem__(self, name)': (_, __, name) => {
        if (name instanceof PyUnknown) return name;
        return find(name) ?? raiseWith(runtime, 'KeyError', name);
      },
      '__setitem__(self, name, value)': (_, __, name, value) => {
        if (typeof name === 'string' && !runtime.replaceModule(name, value)) {
          runtime.assume(`sys.modules[${JSON.stringify(name)}] was set, which no import looks at here`);
        }
        return null;
      },
      '__contains__(self, name)': (_, __, name) => (name instanceof PyUnknown ? name : find(name) !== undefined),
      'get(self, name, default=None)': (_, __, name, fallback) =>
        name instanceof PyUnknown ? name : (find(name) ?? fallback),
      'keys(self)': () => runtime.unknown('which modules were imported'),
      'items(self)': () => runtime.unknown('which modules were imported'),
    }),
  });
  return new PyInstance(cls);
}
