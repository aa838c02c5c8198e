/**
 * The modules `os` and `os.path`: paths as text; environment variables count as not set; files, folders and processes
 * are unknown.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyInstance, PyTuple, PyUnknown, type PyClass, type Value } from '../values.ts';
import { allocateDict } from '../builtins/containerCreation.ts';
import { members, mergeMembers, strictMembers, type Body } from '../builtins/define.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { unbox } from '../builtins/unbox.ts';
import { joinPaths, normalizePath, splitExtension, splitPath } from './pathText.ts';

const NOTHING = (): Value => null;

export const osModule: NativeModuleDefinition = {
  name: 'os',
  members: (runtime) =>
    mergeMembers(
      new Map<string, Value>([
        ['environ', environment(runtime)],
        ['name', 'posix'],
        ['sep', '/'],
        ['pathsep', ':'],
        ['linesep', '\n'],
        ['curdir', '.'],
        ['pardir', '..'],
        ['extsep', '.'],
        ['devnull', '/dev/null'],
        ['PathLike', pathLikeClass(runtime)],
        ['error', runtime.builtinClass('OSError')],
      ]),
      members('os', {
        'getenv(key, default=None)': (runtime, key, fallback) =>
          runtime.callMethod(runtime.getAttribute(runtime.importModule('os'), 'environ'), 'get', [key, fallback]),
        'putenv(key, value, /)': NOTHING,
        'fspath(path)': (_, path) => pathValue(runtime, path),
        'fsdecode(filename)': (_, path) => pathValue(runtime, path),
        'makedirs(*args, **kwargs)': NOTHING,
        'mkdir(*args, **kwargs)': NOTHING,
        ...unknowns('os', [
          'getcwd',
          'cpu_count',
          'getpid',
          'listdir',
          'scandir',
          'walk',
          'stat',
          'system',
          'popen',
          'urandom',
        ]),
      }),
    ),
};

export const osPathModule: NativeModuleDefinition = { name: 'os.path', members: () => pathMembers('os.path') };
export const posixPathModule: NativeModuleDefinition = { name: 'posixpath', members: () => pathMembers('posixpath') };

export const pathLikeClass = oncePerRuntime((runtime): PyClass => nativeClass(runtime, 'os.PathLike'));

function pathMembers(owner: string): ReadonlyMap<string, Value> {
  const text =
    (compute: (path: string) => Value): Body =>
    (runtime, path) => {
      const value = pathValue(runtime, path);
      return typeof value === 'string' ? compute(value) : value;
    };
  return mergeMembers(
    new Map<string, Value>([
      ['sep', '/'],
      ['pathsep', ':'],
    ]),
    strictMembers(owner, {
      'join(path, *paths)': (runtime, first, rest) => {
        const parts = [first, ...(rest instanceof PyTuple ? rest.items : [])].map((part) => pathValue(runtime, part));
        const texts = parts.filter((part) => typeof part === 'string');
        const unknown = parts.find((part) => part instanceof PyUnknown);
        return unknown ?? joinPaths(texts);
      },
      'basename(p)': text((path) => splitPath(path)[1]),
      'dirname(p)': text((path) => splitPath(path)[0]),
      'split(p)': text((path) => new PyTuple(splitPath(path))),
      'splitext(p)': text((path) => new PyTuple(splitExtension(path))),
      'normpath(path)': text(normalizePath),
      'normcase(s)': text((path) => path),
      'isabs(s)': text((path) => path.startsWith('/')),
      'abspath(path)': absolutePath,
      'realpath(path, **kwargs)': absolutePath,
      'expanduser(path)': (runtime, path) => {
        const value = pathValue(runtime, path);
        return typeof value === 'string' && value.startsWith('~') ? runtime.unknown('the home folder') : value;
      },
      'expandvars(path)': (runtime, path) => {
        const value = pathValue(runtime, path);
        return typeof value === 'string' && value.includes('$') ? runtime.unknown('environment variables') : value;
      },
      'commonprefix(list)': (runtime, list) => {
        const paths = [...runtime.iterate(list)].filter((path) => typeof path === 'string').sort();
        const [first = '', last = ''] = [paths[0], paths.at(-1)];
        let length = 0;
        while (length < first.length && first.charAt(length) === last.charAt(length)) length += 1;
        return first.slice(0, length);
      },
    }),
    members(
      owner,
      unknowns(owner, ['exists', 'lexists', 'isfile', 'isdir', 'islink', 'getsize', 'getmtime', 'relpath', 'samefile']),
    ),
  );
}

/** The text of a str or a path object. */
function pathValue(runtime: Runtime, path: Value): Value {
  const plain = unbox(path);
  if (typeof plain === 'string' || plain instanceof PyUnknown) return plain;
  const method = plain instanceof PyInstance ? runtime.lookupAttribute(plain, '__fspath__') : undefined;
  if (method !== undefined) return runtime.call(method);
  const { name } = runtime.typeOf(path);
  return runtime.raise('TypeError', `expected str, bytes or os.PathLike object, not ${name}`);
}

function absolutePath(runtime: Runtime, path: Value): Value {
  const value = pathValue(runtime, path);
  if (typeof value !== 'string') return value;
  return value.startsWith('/') ? normalizePath(value) : runtime.unknown('the working folder');
}

function unknowns(owner: string, names: readonly string[]): Record<string, Body> {
  return Object.fromEntries(
    names.map((name): [string, Body] => [
      `${name}(*args, **kwargs)`,
      (runtime) => runtime.unknown(`${owner}.${name}: files and the system are not looked at`),
    ]),
  );
}

/** A dict of what the program itself sets; the variables of the machine are not read, and subscripting one is unknown. */
function environment(runtime: Runtime): Value {
  const cls = nativeClass(runtime, 'os._Environ', {
    bases: [runtime.builtinClass('dict')],
    allocate: allocateDict,
    members: members('os._Environ', {
      '__missing__(self, key)': () => runtime.unknown('environment variables are not read'),
      'copy(self)': () => runtime.unknown('environment variables are not read'),
    }),
  });
  return runtime.call(cls);
}
