/**
 * The module `pathlib`: paths as text, with `/`, parent, name, stem, suffix and the like. Files are unknown.
 * Path("a") / "b.tar" -> Path("a/b.tar"), whose stem is "b".
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import type { PyClass } from '../values.ts';
import {
  NOT_IMPLEMENTED,
  PyClassMethod,
  PyInstance,
  PyProperty,
  PyTuple,
  PyUnknown,
  type Arguments,
  type Value,
} from '../values.ts';
import { define, members, mergeMembers, type Body } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { joinPaths, splitExtension, splitPath } from './pathText.ts';
import { pathLikeClass } from './os.ts';

const NAMES = ['Path', 'PosixPath', 'PurePath', 'PurePosixPath', 'WindowsPath', 'PureWindowsPath'];
const OUTSIDE =
  `exists is_file is_dir is_symlink iterdir glob rglob open read_text read_bytes write_text write_bytes stat
  resolve absolute expanduser unlink rename samefile lstat touch rmdir`.split(/\s+/);

export const pathlibModule: NativeModuleDefinition = {
  name: 'pathlib',
  members: (runtime) => {
    const cls = pathClass(runtime);
    return new Map(NAMES.map((name) => [name, cls]));
  },
};

/** The path is an attribute of the instance. */
function pathClass(runtime: Runtime): PyClass {
  const property = (name: string, read: (path: string, self: Value) => Value): [string, Value] => [
    name,
    new PyProperty(define(`${name}(self)`, (_, self) => read(textOf(self), self))),
  ];
  const same = (self: Value, path: string): Value => makePath(runtime.typeOf(self), path);
  const cls = nativeClass(runtime, 'pathlib.Path', {
    bases: [pathLikeClass(runtime)],
    allocate: (_, actual, args) => fromParts(runtime, actual, args),
    members: mergeMembers(
      members('pathlib.Path', {
        '__fspath__(self)': (_, self) => textOf(self),
        '__str__(self)': (_, self) => textOf(self),
        '__repr__(self)': (_, self) => `PosixPath(${runtime.repr(textOf(self))})`,
        '__truediv__(self, other)': (_, self, other) => append(runtime, self, [other]),
        '__rtruediv__(self, other)': (_, self, other) =>
          typeof other === 'string' ? same(self, cleanPath(joinPaths([other, textOf(self)]))) : NOT_IMPLEMENTED,
        '__eq__(self, other)': (_, self, other) =>
          other instanceof PyInstance && other.class_ === runtime.typeOf(self) && textOf(other) === textOf(self),
        '__lt__(self, other)': (_, self, other) => runtime.compare('<', textOf(self), textOf(other)),
        '__hash__(self)': () => runtime.unknown('the hash of a path'),
        'joinpath(self, *other)': (_, self, others) =>
          append(runtime, self, others instanceof PyTuple ? others.items : []),
        'as_posix(self)': (_, self) => textOf(self),
        'is_absolute(self)': (_, self) => textOf(self).startsWith('/'),
        'with_suffix(self, suffix)': (_, self, suffix) =>
          typeof suffix === 'string' ? same(self, splitExtension(textOf(self))[0] + suffix) : suffix,
        'with_name(self, name)': (_, self, name) =>
          typeof name === 'string' ? same(self, cleanPath(joinPaths([splitPath(textOf(self))[0], name]))) : name,
        'with_stem(self, stem)': (_, self, stem) => {
          const [head, name] = splitPath(textOf(self));
          return typeof stem === 'string'
            ? same(self, cleanPath(joinPaths([head, stem + splitExtension(name)[1]])))
            : stem;
        },
        'relative_to(self, other)': (_, self, other) => {
          const [path, base] = [textOf(self), typeof other === 'string' ? cleanPath(other) : textOf(other)];
          if (path === base) return same(self, '.');
          const prefix = base === '.' ? '' : base.endsWith('/') ? base : `${base}/`;
          if (path.startsWith(prefix)) return same(self, path.slice(prefix.length));
          return runtime.raise('ValueError', `${runtime.repr(path)} is not in the subpath of ${runtime.repr(base)}`);
        },
        'mkdir(self, *args, **kwargs)': () => null,
        ...outside(),
      }),
      new Map([
        property('name', (path) => (path === '.' ? '' : splitPath(path)[1])),
        property('stem', (path) => splitExtension(splitPath(path)[1])[0]),
        property('suffix', (path) => splitExtension(splitPath(path)[1])[1]),
        property('parent', (path, self) => same(self, parentOf(path))),
        property('parts', (path) => new PyTuple(partsOf(path))),
        property('parents', (path, self) => {
          const parents: Value[] = [];
          for (let at = path; parentOf(at) !== at; at = parentOf(at)) parents.push(same(self, parentOf(at)));
          return new PyTuple(parents);
        }),
        ...['cwd', 'home'].map((name): [string, Value] => [
          name,
          new PyClassMethod(define(`${name}(cls)`, () => runtime.unknown(`Path.${name}(): folders of the machine`))),
        ]),
      ]),
    ),
  });
  return cls;
}

function outside(): Record<string, Body> {
  return Object.fromEntries(
    OUTSIDE.map((name): [string, Body] => [
      `${name}(self, *args, **kwargs)`,
      (runtime) => runtime.unknown(`Path.${name}(): files are not looked at`),
    ]),
  );
}

function fromParts(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  return append(runtime, makePath(cls, '.'), args.positional);
}

function append(runtime: Runtime, self: Value, parts: readonly Value[]): Value {
  const texts = [textOf(self)];
  for (const part of parts) {
    if (part instanceof PyUnknown) return part;
    const text = typeof part === 'string' ? part : textOf(part);
    if (text === '' && typeof part !== 'string') return NOT_IMPLEMENTED;
    texts.push(text);
  }
  return makePath(runtime.typeOf(self), cleanPath(joinPaths(texts)));
}

function makePath(cls: PyClass, path: string): PyInstance {
  const instance = new PyInstance(cls);
  instance.attributes.set('_path', path);
  return instance;
}

function textOf(path: Value): string {
  const text = path instanceof PyInstance ? path.attributes.get('_path') : path;
  return typeof text === 'string' ? text : '';
}

/** Without doubled slashes and single dots; ".." stays, as the folder may be a link. */
function cleanPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return (path.startsWith('/') ? '/' : '') + parts.join('/') || '.';
}

function parentOf(path: string): string {
  const [head] = splitPath(path);
  return head === '' ? '.' : head;
}

function partsOf(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return path.startsWith('/') ? ['/', ...parts] : parts;
}
