/**
 * The module `collections.abc`: what `isinstance(x, Sequence)` accepts, and the methods that its classes mix in.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyClass, PyClassMethod, type Value } from '../values.ts';
import { define } from '../builtins/define.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { abcMetaclass } from './abc.ts';
import { mappingMixin, mutableMappingMixin, mutableSequenceMixin, sequenceMixin, setMixin } from './abcMixins.ts';

interface AbstractDefinition {
  readonly name: string;
  readonly bases?: readonly string[];
  /** A class that has all of these methods is a subclass. */
  readonly methods?: readonly string[];
  /** Builtin classes that are subclasses, by name. */
  readonly builtins?: readonly string[];
  readonly mixin?: () => ReadonlyMap<string, Value>;
}

const CALLABLES = ['function', 'builtin_function_or_method', 'method', 'type', 'staticmethod'];
const SEQUENCES = ['list', 'tuple', 'str', 'range', 'bytes', 'deque'];

/** Bases before subclasses. */
const DEFINITIONS: readonly AbstractDefinition[] = [
  { name: 'Hashable', methods: ['__hash__'] },
  { name: 'Iterable', methods: ['__iter__'] },
  { name: 'Iterator', bases: ['Iterable'], methods: ['__iter__', '__next__'] },
  { name: 'Reversible', bases: ['Iterable'], methods: ['__reversed__', '__iter__'], builtins: SEQUENCES },
  { name: 'Generator', bases: ['Iterator'], methods: ['__iter__', '__next__', 'send', 'throw', 'close'] },
  { name: 'Sized', methods: ['__len__'] },
  { name: 'Container', methods: ['__contains__'] },
  { name: 'Callable', methods: ['__call__'], builtins: CALLABLES },
  {
    name: 'Collection',
    bases: ['Sized', 'Iterable', 'Container'],
    methods: ['__len__', '__iter__', '__contains__'],
  },
  { name: 'Sequence', bases: ['Reversible', 'Collection'], builtins: SEQUENCES, mixin: sequenceMixin },
  { name: 'MutableSequence', bases: ['Sequence'], builtins: ['list', 'deque'], mixin: mutableSequenceMixin },
  { name: 'ByteString', bases: ['Sequence'], builtins: ['bytes'] },
  {
    name: 'Set',
    bases: ['Collection'],
    builtins: ['set', 'frozenset', 'dict_keys', 'dict_items'],
    mixin: setMixin,
  },
  { name: 'MutableSet', bases: ['Set'], builtins: ['set'] },
  { name: 'Mapping', bases: ['Collection'], builtins: ['dict', 'mappingproxy'], mixin: mappingMixin },
  { name: 'MutableMapping', bases: ['Mapping'], builtins: ['dict'], mixin: mutableMappingMixin },
  { name: 'MappingView', bases: ['Sized'], builtins: ['dict_keys', 'dict_values', 'dict_items'] },
  { name: 'KeysView', bases: ['MappingView', 'Set'], builtins: ['dict_keys'] },
  { name: 'ItemsView', bases: ['MappingView', 'Set'], builtins: ['dict_items'] },
  { name: 'ValuesView', bases: ['MappingView', 'Collection'], builtins: ['dict_values'] },
  { name: 'Awaitable', methods: ['__await__'] },
  { name: 'Coroutine', bases: ['Awaitable'], methods: ['__await__', 'send', 'throw', 'close'] },
  { name: 'AsyncIterable', methods: ['__aiter__'] },
  { name: 'AsyncIterator', bases: ['AsyncIterable'], methods: ['__anext__', '__aiter__'] },
  { name: 'AsyncGenerator', bases: ['AsyncIterator'], methods: ['__anext__', '__aiter__', 'asend'] },
  { name: 'Buffer', builtins: ['bytes'] },
];

export const collectionsAbcModule: NativeModuleDefinition = {
  name: 'collections.abc',
  members: (runtime) => abstractClasses(runtime),
};

export const abstractClasses = oncePerRuntime((runtime): ReadonlyMap<string, PyClass> => {
  const classes = new Map<string, PyClass>();
  for (const definition of DEFINITIONS) {
    const bases = (definition.bases ?? []).flatMap((name) => classes.get(name) ?? []);
    const cls = nativeClass(runtime, `collections.abc.${definition.name}`, {
      ...(bases.length > 0 ? { bases } : {}),
      members: new Map([
        ...abstractMembers(definition.name),
        ...(definition.mixin?.() ?? []),
        ['__subclasshook__', hook(definition)] as const,
        ['__class_getitem__', new PyClassMethod(define('__class_getitem__(cls, item, /)', (_, self) => self))] as const,
      ]),
      metaclass: abcMetaclass(runtime),
      hasInstanceDict: false,
    });
    classes.set(definition.name, cls);
  }
  return classes;
});

/** What a subclass has to define itself. Source: Python's documentation of collections.abc, the table of abstract methods. */
const ABSTRACT_METHODS: Readonly<Record<string, readonly string[]>> = {
  Hashable: ['__hash__'],
  Iterable: ['__iter__'],
  Iterator: ['__next__'],
  Reversible: ['__reversed__'],
  Generator: ['send', 'throw'],
  Sized: ['__len__'],
  Container: ['__contains__'],
  Callable: ['__call__'],
  Sequence: ['__getitem__'],
  MutableSequence: ['__setitem__', '__delitem__', 'insert'],
  MutableSet: ['add', 'discard'],
  Mapping: ['__getitem__'],
  MutableMapping: ['__setitem__', '__delitem__'],
};

function abstractMembers(name: string): readonly (readonly [string, Value])[] {
  return (ABSTRACT_METHODS[name] ?? []).map((method) => {
    const member = define(`${method}(self, *args)`, () => null, `collections.abc.${name}`);
    member.attributes = new Map([['__isabstractmethod__', true]]);
    return [method, member] as const;
  });
}

function hook({ name, methods, builtins }: AbstractDefinition): Value {
  const signature = '__subclasshook__(cls, subclass, /)';
  const body = define(
    signature,
    (runtime, _, subclass) =>
      subclass instanceof PyClass && (isListed(builtins ?? [], subclass) || hasAll(runtime, methods ?? [], subclass)),
    `collections.abc.${name}`,
  );
  return new PyClassMethod(body);
}

function isListed(names: readonly string[], cls: PyClass): boolean {
  return cls.mro.some(
    ({ name, module }) => (module === 'builtins' || module === 'collections') && names.includes(name),
  );
}

function hasAll(runtime: Runtime, methods: readonly string[], cls: PyClass): boolean {
  return (
    methods.length > 0 &&
    methods.every((method) => {
      const member = runtime.lookupInClass(cls, method);
      return member !== undefined && member !== null;
    })
  );
}
