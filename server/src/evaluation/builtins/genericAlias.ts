/**
 * `list[int]`, `Dict[str, Tensor]`, `Optional[int]`: inert values that remember their origin and arguments, make
 * instances of the origin when called, and stand for it among the bases of a class.
 */
import type { Runtime } from '../runtime.ts';
import { PyClass, PyDict, PyInstance, PyList, PyTuple, type Value } from '../values.ts';
import { members, mergeMembers } from './define.ts';

/** The class of aliases, which has no name in `builtins`. */
export const GENERIC_ALIAS = 'GenericAlias';

/** `origin[item]`; a tuple gives several arguments. */
export function genericAlias(runtime: Runtime, origin: Value, item: Value): PyInstance {
  const alias = new PyInstance(runtime.builtinClass(GENERIC_ALIAS));
  const args = item instanceof PyTuple && item.namedClass === undefined ? item : new PyTuple([item]);
  alias.attributes.set('__origin__', origin);
  alias.attributes.set('__args__', args);
  alias.attributes.set('__parameters__', new PyTuple([]));
  return alias;
}

/** The class of unions, `types.UnionType`. */
export const UNION_TYPE = 'UnionType';

/** `int | None`; nested unions are flat, and None is its class. */
export function unionType(runtime: Runtime, left: Value, right: Value): PyInstance {
  const cls = runtime.builtinClass(UNION_TYPE);
  const union = new PyInstance(cls);
  const parts = [left, right].flatMap((part): readonly Value[] => {
    if (part === null) return [runtime.builtinClass('NoneType')];
    return unionArguments(part)?.items ?? (part instanceof PyTuple ? part.items : [part]);
  });
  union.attributes.set('__origin__', cls);
  union.attributes.set('__args__', new PyTuple([...new Set(parts)]));
  union.attributes.set('__parameters__', new PyTuple([]));
  return union;
}

/** What an alias stands for; undefined for every other value. */
export function aliasOrigin(value: Value): Value | undefined {
  if (!(value instanceof PyInstance) || !isAliasClass(value.class_)) return undefined;
  return value.attributes.get('__origin__');
}

function isAliasClass(cls: PyClass): boolean {
  return cls.mro.some(({ name, module }) => name === GENERIC_ALIAS && module === 'builtins');
}

export function genericAliasMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    members(GENERIC_ALIAS, {
      '__call__(self, *args, **kwargs)': (runtime, self, args, kwargs) => {
        const origin = aliasOrigin(self) ?? null;
        return runtime.call(origin, (args as PyTuple).items, keywordsOf(kwargs));
      },
      '__mro_entries__(self, bases, /)': (_, self) => {
        const origin = aliasOrigin(self);
        return new PyTuple(origin instanceof PyClass ? [origin] : []);
      },
      '__getitem__(self, item, /)': (runtime, self, item) => genericAlias(runtime, aliasOrigin(self) ?? self, item),
      '__or__(self, other, /)': unionType,
      '__ror__(self, other, /)': (runtime, self, other) => unionType(runtime, other, self),
      '__eq__(self, other, /)': (runtime, self, other) => {
        const origin = aliasOrigin(other);
        if (origin === undefined || origin !== aliasOrigin(self)) return false;
        return runtime.compare('==', argumentsOf(self), argumentsOf(other));
      },
      '__repr__(self, /)': (runtime, self) => {
        const items = argumentsOf(self).items.map((item) => typeText(runtime, item));
        if (self instanceof PyInstance && self.class_.name === UNION_TYPE) return items.join(' | ');
        const text = self instanceof PyInstance ? self.attributes.get('_text') : undefined;
        return `${typeof text === 'string' ? text : typeText(runtime, aliasOrigin(self) ?? null)}[${items.join(', ')}]`;
      },
      '__getattr__(self, name, /)': (runtime, self, name) =>
        runtime.getAttribute(aliasOrigin(self) ?? null, typeof name === 'string' ? name : ''),
      '__iter__(self, /)': (runtime, self) => runtime.callMethod(new PyTuple([self]), '__iter__'),
    }),
  );
}

/** The parts of `int | str`, `Union[int, str]` and `Optional[int]`; undefined for every other value. */
export function unionArguments(value: Value): PyTuple | undefined {
  const origin = aliasOrigin(value);
  const isUnion =
    origin instanceof PyClass
      ? origin.name === UNION_TYPE && origin.module === 'builtins'
      : origin instanceof PyInstance && origin.attributes.get('_name') === 'Union';
  return isUnion ? argumentsOf(value) : undefined;
}

function argumentsOf(alias: Value): PyTuple {
  const args = alias instanceof PyInstance ? alias.attributes.get('__args__') : undefined;
  return args instanceof PyTuple ? args : new PyTuple([]);
}

/** A type as it stands in annotations: "int", "torch.Tensor", "None". */
export function typeText(runtime: Runtime, type: Value): string {
  if (type instanceof PyClass) {
    if (type.name === 'NoneType') return 'None';
    const name = type.qualifiedName ?? type.name;
    return type.module === 'builtins' ? name : `${type.module}.${name}`;
  }
  if (type !== null && typeof type === 'object' && type.kind === 'ellipsis') return '...';
  return type instanceof PyList
    ? `[${type.items.map((item) => typeText(runtime, item)).join(', ')}]`
    : runtime.repr(type);
}

/** `**kwargs` of a native function as keywords of a call. */
export function keywordsOf(kwargs: Value): ReadonlyMap<string, Value> {
  const keywords = new Map<string, Value>();
  if (!(kwargs instanceof PyDict)) return keywords;
  for (const { key, value } of kwargs.entries.values()) if (typeof key === 'string') keywords.set(key, value);
  return keywords;
}
