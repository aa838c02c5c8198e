/**
 * Modules of the standard library that speak to the system: what is plain text work is done, logging and warnings are
 * silent, and what a run would read from the machine (time, files, environment, random numbers) is unknown.
 */
import { members, mergeMembers } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { PyInstance, PyList, PyTuple, PyUnknown, type Value } from '../values.ts';
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';

const NOTHING = (): Value => null;

const warningsModule: NativeModuleDefinition = {
  name: 'warnings',
  members: (runtime) =>
    mergeMembers(
      members('warnings', {
        'warn(*args, **kwargs)': NOTHING,
        'warn_explicit(*args, **kwargs)': NOTHING,
        'filterwarnings(*args, **kwargs)': NOTHING,
        'simplefilter(*args, **kwargs)': NOTHING,
        'resetwarnings()': NOTHING,
        'deprecated(*args, **kwargs)': () => identityFunction,
      }),
      new Map([['catch_warnings', quietContext(runtime, 'warnings.catch_warnings')]]),
    ),
};

const identityFunction = members('functools', { 'identity(x, /)': (_, x) => x }).get('identity') ?? null;

const loggingModule: NativeModuleDefinition = {
  name: 'logging',
  members: (runtime) => {
    const loggerClass = nativeClass(runtime, 'logging.Logger', {
      members: members('logging.Logger', {
        ...Object.fromEntries(
          ['debug', 'info', 'warning', 'warn', 'error', 'critical', 'exception', 'log', 'setLevel', 'addHandler'].map(
            (name) => [`${name}(self, *args, **kwargs)`, NOTHING],
          ),
        ),
        'isEnabledFor(self, level)': () => false,
        'getEffectiveLevel(self)': () => 30,
      }),
    });
    const logger = new PyInstance(loggerClass);
    logger.attributes.set('handlers', new PyList([]));
    return mergeMembers(
      new Map<string, Value>([
        ['Logger', loggerClass],
        ['Handler', nativeClass(runtime, 'logging.Handler')],
        ['StreamHandler', nativeClass(runtime, 'logging.StreamHandler')],
        ['NullHandler', nativeClass(runtime, 'logging.NullHandler')],
        ['Formatter', nativeClass(runtime, 'logging.Formatter')],
        ...LEVELS,
      ]),
      members('logging', {
        'getLogger(name=None)': () => logger,
        ...Object.fromEntries(
          ['debug', 'info', 'warning', 'warn', 'error', 'critical', 'exception', 'basicConfig', 'disable'].map(
            (name) => [`${name}(*args, **kwargs)`, NOTHING],
          ),
        ),
      }),
    );
  },
};

const LEVELS = Object.entries({ NOTSET: 0, DEBUG: 10, INFO: 20, WARNING: 30, WARN: 30, ERROR: 40, CRITICAL: 50 });

const sysModule: NativeModuleDefinition = {
  name: 'sys',
  members: (runtime) =>
    mergeMembers(
      new Map<string, Value>([
        ['version_info', new PyTuple([3, 12, 0, 'final', 0])],
        ['version', '3.12.0'],
        ['maxsize', 2n ** 63n - 1n],
        ['byteorder', 'little'],
        ['platform', 'linux'],
        ['argv', new PyList([''])],
        ['path', new PyList([])],
        ['stdout', runtime.unknown('standard output is not modelled')],
        ['stderr', runtime.unknown('standard error is not modelled')],
        ['modules', loadedModules(runtime)],
      ]),
      members('sys', {
        'getrecursionlimit()': () => 1000,
        'setrecursionlimit(limit, /)': NOTHING,
        'getsizeof(object)': (each) => each.unknown('sizes of Python objects are not modelled'),
        'exit(status=None, /)': (each) => each.raise('SystemExit', ''),
        'exc_info()': () => new PyTuple([null, null, null]),
        'intern(string, /)': (_, text) => text,
      }),
    ),
};

/** `sys.modules[name]` imports the module: a program reads there what it has imported. */
function loadedModules(runtime: Runtime): Value {
  const cls = nativeClass(runtime, 'sys.modules', {
    members: members('sys.modules', {
      '__getitem__(self, name)': (each, _, name) => (typeof name === 'string' ? each.importModule(name) : name),
      'get(self, name, default=None)': (each, _, name) => (typeof name === 'string' ? each.importModule(name) : name),
      '__contains__(self, name)': (each) => each.unknown('which modules were imported is not known'),
      '__setitem__(self, name, value)': NOTHING,
    }),
  });
  return new PyInstance(cls);
}

const osModule: NativeModuleDefinition = {
  name: 'os',
  members: (runtime) => {
    const environment = nativeClass(runtime, 'os._Environ', {
      members: members('os._Environ', {
        'get(self, key, default=None)': (_, __, ___, fallback) => fallback,
        '__getitem__(self, key)': (each) => each.unknown('environment variables are not read'),
        '__setitem__(self, key, value)': NOTHING,
        '__contains__(self, key)': () => false,
        'setdefault(self, key, default)': (_, __, ___, fallback) => fallback,
      }),
    });
    return mergeMembers(
      new Map<string, Value>([
        ['environ', new PyInstance(environment)],
        ['sep', '/'],
        ['linesep', '\n'],
        ['name', 'posix'],
        ['PathLike', nativeClass(runtime, 'os.PathLike')],
      ]),
      members('os', {
        'getenv(key, default=None)': (_, __, fallback) => fallback,
        'fspath(path)': (_, path) => path,
        'getcwd()': (each) => each.unknown('the working folder is not known'),
        'makedirs(*args, **kwargs)': NOTHING,
        'cpu_count()': (each) => each.unknown('the number of processors is not known'),
      }),
    );
  },
};

const osPathModule: NativeModuleDefinition = {
  name: 'os.path',
  members: () =>
    mergeMembers(
      new Map<string, Value>([['sep', '/']]),
      members('os.path', {
        'join(a, *p)': (_, first, rest) => pathText([first, ...(rest instanceof PyTuple ? rest.items : [])], joinPaths),
        'basename(p)': (_, path) => pathText([path], ([text = '']) => text.slice(text.lastIndexOf('/') + 1)),
        'dirname(p)': (_, path) => pathText([path], ([text = '']) => text.slice(0, Math.max(0, text.lastIndexOf('/')))),
        'expanduser(path)': (_, path) => path,
        'abspath(path)': (_, path) => path,
        'realpath(path)': (_, path) => path,
        'normpath(path)': (_, path) => path,
        'exists(path)': (each) => each.unknown('files are not looked at'),
        'isfile(path)': (each) => each.unknown('files are not looked at'),
        'isdir(path)': (each) => each.unknown('files are not looked at'),
        'splitext(p)': (_, path) => {
          if (typeof path !== 'string') return new PyTuple([path, path]);
          const dot = path.lastIndexOf('.');
          const isExtension = dot > path.lastIndexOf('/') + 1;
          return new PyTuple(isExtension ? [path.slice(0, dot), path.slice(dot)] : [path, '']);
        },
      }),
    ),
};

/** Unknown where a part is. */
function pathText(parts: readonly Value[], make: (texts: readonly string[]) => string): Value {
  const unknown = parts.find((part) => part instanceof PyUnknown);
  return unknown ?? make(parts.map(String));
}

function joinPaths(texts: readonly string[]): string {
  return texts.reduce((path, part) =>
    part.startsWith('/') ? part : path === '' || path.endsWith('/') ? path + part : `${path}/${part}`,
  );
}

const importlibModule: NativeModuleDefinition = {
  name: 'importlib',
  members: () =>
    members('importlib', {
      'import_module(name, package=None)': (runtime, name, from) =>
        typeof name === 'string'
          ? runtime.importModule(name, typeof from === 'string' ? from : undefined)
          : runtime.unknown('a module whose name is not known'),
      'reload(module)': (_, module) => module,
    }),
};

const importlibUtilModule: NativeModuleDefinition = {
  name: 'importlib.util',
  members: () =>
    members('importlib.util', {
      'find_spec(name, package=None)': (runtime, name) => {
        const module = typeof name === 'string' ? runtime.importModule(name) : runtime.unknown('its name is not known');
        return module instanceof PyUnknown ? null : module;
      },
    }),
};

const numbersModule: NativeModuleDefinition = {
  name: 'numbers',
  members: (runtime) => {
    const [int, float] = [runtime.builtinClass('int'), runtime.builtinClass('float')];
    const real = new PyTuple([int, float]);
    return new Map<string, Value>([
      ['Integral', int],
      ['Real', real],
      ['Rational', int],
      ['Complex', real],
      ['Number', real],
    ]);
  },
};

const futureModule: NativeModuleDefinition = {
  name: '__future__',
  members: () => new Map(),
  missing: () => null,
};

/** Modules of which nothing can be known without running: every name of theirs is unknown, and says why. */
const UNKNOWN_MODULES: Readonly<Record<string, string>> = {
  ...fromNames('random uuid secrets', 'random values are not known'),
  ...fromNames('time datetime timeit', 'time is not known'),
  ...fromNames('pickle shelve tempfile shutil glob zipfile tarfile io csv', 'files are not read'),
  ...fromNames('urllib urllib.request urllib.parse http requests socket ssl', 'nothing is fetched'),
  ...fromNames('subprocess multiprocessing threading signal platform ctypes gc', 'nothing is run'),
};

function fromNames(names: string, reason: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, reason]));
}

function quietContext(runtime: Runtime, name: string): Value {
  return nativeClass(runtime, name, {
    members: members(name, {
      '__init__(self, *args, **kwargs)': NOTHING,
      '__enter__(self)': () => new PyList([]),
      '__exit__(self, *excinfo)': () => false,
    }),
  });
}

export const systemModules: readonly NativeModuleDefinition[] = [
  warningsModule,
  loggingModule,
  sysModule,
  osModule,
  osPathModule,
  importlibModule,
  importlibUtilModule,
  numbersModule,
  futureModule,
  ...Object.entries(UNKNOWN_MODULES).map(([name, reason]): NativeModuleDefinition => ({
    name,
    members: () => new Map(),
    missing: (runtime, member) => runtime.unknown(`${name}.${member}: ${reason}`),
  })),
];
