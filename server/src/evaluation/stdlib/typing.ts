/**
 * The modules `typing` and `typing_extensions`: everything subscripts and does nothing. List[int] makes a list when
 * called, `class Net(Generic[T])` is a plain class, TYPE_CHECKING is False, cast(T, x) is x.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyClass, PyClassMethod, PyDict, PyInstance, PyTuple, PyUnknown, type Value } from '../values.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import {
  aliasOrigin,
  genericAlias,
  GENERIC_ALIAS,
  keywordsOf,
  typeText,
  unionArguments,
} from '../builtins/genericAlias.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { abcMetaclass } from './abc.ts';
import { abstractClasses } from './collectionsAbc.ts';
import { namedTupleFromClass, namedTupleFromPairs } from './namedTuple.ts';

export const typingModule: NativeModuleDefinition = { name: 'typing', members: (runtime) => typingMembers(runtime) };

export const typingExtensionsModule: NativeModuleDefinition = {
  name: 'typing_extensions',
  members: (runtime) => typingMembers(runtime),
};

/** Forms without a class of their own. */
const FORMS =
  `Any ClassVar Final Annotated Concatenate Self Never NoReturn Required NotRequired ReadOnly Unpack TypeAlias
  TypeGuard TypeIs LiteralString AnyStr Literal ParamSpecArgs ParamSpecKwargs NoDefault TypeForm`.split(/\s+/);

/** Alias to builtin class. */
const BUILTIN_ALIASES = [
  ['List', 'list'],
  ['Dict', 'dict'],
  ['Set', 'set'],
  ['FrozenSet', 'frozenset'],
  ['Tuple', 'tuple'],
  ['Type', 'type'],
] as const;

const ABSTRACT = `Hashable Iterable Iterator Reversible Generator Sized Container Callable Collection Sequence
  MutableSequence ByteString MutableSet Mapping MutableMapping MappingView KeysView ItemsView ValuesView Awaitable
  Coroutine AsyncIterable AsyncIterator AsyncGenerator`.split(/\s+/);

const CONTAINERS = ['Deque', 'DefaultDict', 'OrderedDict', 'Counter', 'ChainMap'];
const IO_CLASSES = ['IO', 'TextIO', 'BinaryIO', 'Pattern', 'Match', 'ForwardRef'];
const PROTOCOLS =
  'SupportsInt SupportsFloat SupportsComplex SupportsBytes SupportsIndex SupportsAbs SupportsRound'.split(' ');

const typingMembers = oncePerRuntime((runtime): ReadonlyMap<string, Value> => {
  const form = formClass(runtime);
  const makeForm = (name: string, origin?: Value): [string, Value] => [name, specialForm(form, name, origin)];
  const abstract = abstractClasses(runtime);
  const collections = runtime.importModule('collections');
  const container = (name: string): Value => {
    const inCollections = name === 'Deque' || name === 'DefaultDict' ? name.toLowerCase() : name;
    return collections instanceof PyUnknown ? collections : runtime.getAttribute(collections, inCollections);
  };
  return mergeMembers(
    new Map(FORMS.map((name) => makeForm(name))),
    new Map([makeForm('Union'), makeForm('Optional')]),
    new Map(BUILTIN_ALIASES.map(([name, builtin]) => makeForm(name, runtime.builtinClass(builtin)))),
    new Map(ABSTRACT.map((name) => makeForm(name, abstract.get(name)))),
    new Map([makeForm('AbstractSet', abstract.get('Set')), makeForm('Text', runtime.builtinClass('str'))]),
    new Map(CONTAINERS.map((name) => makeForm(name, container(name)))),
    new Map(IO_CLASSES.map((name) => [name, openClass(runtime, `typing.${name}`)])),
    new Map(PROTOCOLS.map((name) => [name, openClass(runtime, `typing.${name}`)])),
    new Map<string, Value>([
      ['Generic', openClass(runtime, 'typing.Generic')],
      ['Protocol', protocolClass(runtime)],
      ['NamedTuple', namedTupleForm(runtime)],
      ['TypedDict', typedDictForm(runtime)],
    ]),
    new Map(
      ['TypeVar', 'ParamSpec', 'TypeVarTuple', 'NewType', 'TypeAliasType'].map((name) => [
        name,
        variableClass(runtime, name),
      ]),
    ),
    new Map([['TYPE_CHECKING', false]]),
    functions(runtime),
  );
});

function functions(runtime: Runtime): ReadonlyMap<string, Value> {
  const same = (_: Runtime, value: Value): Value => value;
  return members('typing', {
    'cast(typ, val)': (_, __, value) => value,
    'overload(func)': same,
    'final(f)': same,
    'override(method, /)': same,
    'no_type_check(arg)': same,
    'no_type_check_decorator(decorator)': same,
    'runtime_checkable(cls)': same,
    'assert_type(val, typ, /)': same,
    'reveal_type(obj, /)': same,
    'assert_never(arg, /)': (_, value) =>
      value instanceof PyUnknown ? value : runtime.raise('AssertionError', `Expected code to be unreachable`),
    'dataclass_transform(**kwargs)': () => define('decorator(cls)', same),
    'deprecated(message, /, **kwargs)': () => define('decorator(arg)', same),
    'get_overloads(func)': () => new PyTuple([]),
    'clear_overloads()': () => null,
    'is_typeddict(tp)': (_, type) => type instanceof PyClass && type.mro.some(({ name }) => name === '_TypedDict'),
    'get_origin(tp)': (_, type) => originOf(type),
    'get_args(tp)': (_, type) => {
      const args = type instanceof PyInstance ? type.attributes.get('__args__') : undefined;
      return args ?? new PyTuple([]);
    },
    'get_type_hints(obj, globalns=None, localns=None, include_extras=False)': (_, object) => typeHints(runtime, object),
  });
}

function originOf(type: Value): Value {
  const isSubscripted = type instanceof PyInstance && type.attributes.has('__args__');
  return isSubscripted ? (aliasOrigin(type) ?? null) : null;
}

/** Annotations of a class and its bases, or of a function. */
function typeHints(runtime: Runtime, object: Value): Value {
  const hints = new Map<string, Value>();
  const holders = object instanceof PyClass ? [...object.mro].reverse() : [object];
  for (const holder of holders) {
    const annotations =
      holder instanceof PyClass
        ? holder.attributes.get('__annotations__')
        : runtime.lookupAttribute(holder, '__annotations__');
    for (const [name, value] of keywordsOf(annotations ?? null)) {
      const isText = typeof value === 'string';
      hints.set(name, isText ? runtime.unknown(`the annotation \`${value}\` is text`) : noneAsClass(runtime, value));
    }
  }
  const dict = new PyDict();
  for (const [key, value] of hints) dict.entries.set(`s${key}`, { key, value });
  return dict;
}

function noneAsClass(runtime: Runtime, value: Value): Value {
  return value === null ? runtime.builtinClass('NoneType') : value;
}

const formClass = oncePerRuntime((runtime) =>
  nativeClass(runtime, 'typing._SpecialForm', {
    bases: [runtime.builtinClass(GENERIC_ALIAS)],
    members: members('typing._SpecialForm', {
      '__getitem__(self, item, /)': (_, self, item) => subscript(runtime, self, item),
      '__repr__(self)': (_, self) => `typing.${nameOf(self)}`,
      '__call__(self, *args, **kwargs)': (_, self, args, kwargs) => {
        const origin = aliasOrigin(self);
        if (origin === undefined) return runtime.raise('TypeError', `Cannot instantiate typing.${nameOf(self)}`);
        return runtime.call(origin, args instanceof PyTuple ? args.items : [], keywordsOf(kwargs));
      },
      '__getattr__(self, name, /)': (_, self, name) => {
        const origin = aliasOrigin(self);
        const text = typeof name === 'string' ? name : '';
        return origin === undefined
          ? runtime.raise('AttributeError', `typing.${nameOf(self)} has no attribute '${text}'`)
          : runtime.getAttribute(origin, text);
      },
      '__eq__(self, other, /)': (_, self, other) => self === other,
    }),
  }),
);

function specialForm(cls: PyClass, name: string, origin: Value | undefined): PyInstance {
  const form = new PyInstance(cls);
  form.attributes.set('_name', name);
  form.attributes.set('__name__', name);
  form.attributes.set('__module__', 'typing');
  if (origin !== undefined) form.attributes.set('__origin__', origin);
  return form;
}

function nameOf(form: Value): string {
  const name = form instanceof PyInstance ? form.attributes.get('_name') : undefined;
  return typeof name === 'string' ? name : '?';
}

/** `List[int]` remembers `list`; `Optional[X]` and `Union[X, Y]` are unions, with parts of unions spread. */
function subscript(runtime: Runtime, form: Value, item: Value): Value {
  const name = nameOf(form);
  const items = item instanceof PyTuple && item.namedClass === undefined ? item.items : [item];
  if (name === 'Union' || name === 'Optional') {
    const all = [...items, ...(name === 'Optional' ? [null] : [])].flatMap((part) => partsOfUnion(part));
    const parts = [...new Set(all.map((part) => noneAsClass(runtime, part)))];
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    return genericAlias(runtime, unionForm(runtime, form), new PyTuple(parts));
  }
  if (name === 'Annotated') return genericAlias(runtime, items[0] ?? null, item);
  const alias = genericAlias(runtime, aliasOrigin(form) ?? form, item);
  alias.attributes.set('_text', `typing.${name}`);
  return alias;
}

function unionForm(runtime: Runtime, form: Value): Value {
  return nameOf(form) === 'Union' ? form : (typingMembers(runtime).get('Union') ?? form);
}

function partsOfUnion(part: Value): readonly Value[] {
  return unionArguments(part)?.items ?? [part];
}

/** A class that may be subscripted, and subclassed with any keywords. */
function openClass(runtime: Runtime, qualifiedName: string, metaclass?: PyClass): PyClass {
  const options = { members: openMembers() };
  return nativeClass(runtime, qualifiedName, metaclass === undefined ? options : { ...options, metaclass });
}

function openMembers(): ReadonlyMap<string, Value> {
  return new Map([
    ['__class_getitem__', new PyClassMethod(define('__class_getitem__(cls, item, /)', (_, cls) => cls))],
    ['__init_subclass__', new PyClassMethod(define('__init_subclass__(cls, **kwargs)', () => null))],
  ]);
}

/** `isinstance(x, P)` of a class that names Protocol among its bases looks for the members of P. */
function protocolClass(runtime: Runtime): PyClass {
  const metaclass = nativeClass(runtime, 'typing._ProtocolMeta', {
    bases: [abcMetaclass(runtime)],
    members: members('typing._ProtocolMeta', {
      '__call__(self, *args, **kwargs)': (_, self, args, kwargs) => {
        if (self instanceof PyClass && self.bases.includes(protocol)) {
          return runtime.raise('TypeError', 'Protocols cannot be instantiated');
        }
        const call = abcMetaclass(runtime).attributes.get('__call__') ?? null;
        return runtime.call(call, [self, ...(args instanceof PyTuple ? args.items : [])], keywordsOf(kwargs));
      },
      '__instancecheck__(self, instance, /)': (_, self, instance) => {
        if (!(self instanceof PyClass)) return false;
        if (runtime.isInstance(instance, self)) return true;
        if (!self.bases.includes(protocol)) return false;
        const names = self.mro.filter((cls) => cls.bases.includes(protocol)).flatMap(protocolNames);
        return names.every((name) => runtime.lookupAttribute(instance, name) !== undefined);
      },
    }),
  });
  const protocol = openClass(runtime, 'typing.Protocol', metaclass);
  return protocol;
}

function protocolNames(cls: PyClass): readonly string[] {
  const hidden = new Set([
    '__module__',
    '__doc__',
    '__annotations__',
    '__dict__',
    '__weakref__',
    '__init__',
    '__hash__',
    '__abstractmethods__',
    '__orig_bases__',
    '__slots__',
    '__match_args__',
  ]);
  const annotated = keywordsOf(cls.attributes.get('__annotations__') ?? null).keys();
  return [...cls.attributes.keys(), ...annotated].filter((name) => !hidden.has(name));
}

function namedTupleForm(runtime: Runtime): PyInstance {
  const metaclass = nativeClass(runtime, 'typing.NamedTupleMeta', {
    bases: [runtime.builtinClass('type')],
    allocate: (_, __, args) => namedTupleFromClass(runtime, args),
  });
  const base = nativeClass(runtime, 'typing._NamedTuple', { metaclass });
  const cls = nativeClass(runtime, 'typing._NamedTupleForm', {
    members: members('typing.NamedTuple', {
      '__mro_entries__(self, bases, /)': () => new PyTuple([base]),
      '__call__(self, typename, fields=(), /, **kwargs)': (_, __, name, fields, kwargs) =>
        namedTupleFromPairs(runtime, name, fields, keywordsOf(kwargs)),
    }),
  });
  return new PyInstance(cls);
}

function typedDictForm(runtime: Runtime): PyInstance {
  const base = nativeClass(runtime, 'typing._TypedDict', {
    bases: [runtime.builtinClass('dict')],
    members: openMembers(),
  });
  const cls = nativeClass(runtime, 'typing._TypedDictForm', {
    members: members('typing.TypedDict', {
      '__mro_entries__(self, bases, /)': () => new PyTuple([base]),
      '__call__(self, typename, fields=(), /, *, total=True)': (_, __, name, fields) =>
        runtime.makeClass(typeof name === 'string' ? name : '?', [base], new Map([['__annotations__', fields]])),
    }),
  });
  return new PyInstance(cls);
}

/** TypeVar("T", bound=int) remembers its name and keywords. NewType("Id", int) is called with a value, which it returns. */
function variableClass(runtime: Runtime, className: string): PyClass {
  return nativeClass(runtime, `typing.${className}`, {
    bases: [runtime.builtinClass(GENERIC_ALIAS)],
    allocate: (_, cls, args) => {
      const variable = new PyInstance(cls);
      const [name = null, ...constraints] = args.positional;
      variable.attributes.set('__name__', name);
      variable.attributes.set('__constraints__', new PyTuple(constraints));
      variable.attributes.set('__bound__', args.keywords.get('bound') ?? null);
      variable.attributes.set('__supertype__', constraints[0] ?? null);
      variable.attributes.set('args', null);
      variable.attributes.set('kwargs', null);
      return variable;
    },
    members: members(`typing.${className}`, {
      '__repr__(self)': (_, self) => {
        const name = self instanceof PyInstance ? self.attributes.get('__name__') : undefined;
        return `${className === 'NewType' ? '' : '~'}${typeof name === 'string' ? name : typeText(runtime, name ?? null)}`;
      },
      '__call__(self, value=None, /)': (_, __, value) => value,
      '__iter__(self)': (_, self) => runtime.callMethod(new PyTuple([self]), '__iter__'),
      '__eq__(self, other, /)': (_, self, other) => self === other,
    }),
  });
}
