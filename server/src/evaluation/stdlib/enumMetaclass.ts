/**
 * EnumType, the class of enum classes: makes members when a class is made, finds them by value (`Color(1)`) and by name
 * (`Color["RED"]`), and iterates over them.
 */
import type { Runtime } from '../runtime.ts';
import {
  ELLIPSIS,
  PyClass,
  PyClassMethod,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyProperty,
  PyTuple,
  PyUnknown,
  type Value,
} from '../values.ts';
import { dictOf, keyOf } from '../containers.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { raiseWith } from '../builtins/raising.ts';
import { createEnumClass, enumBody, membersOf, namesOfEnum, uniqueMembers } from './enumCreation.ts';

export const enumMetaclass = oncePerRuntime((runtime) =>
  nativeClass(runtime, 'enum.EnumType', {
    bases: [runtime.builtinClass('type')],
    allocate: (_, metaclass, args) => createEnumClass(runtime, metaclass, args),
    members: mergeMembers(
      members('enum.EnumType', {
        '__call__(self, value=..., names=..., *rest, **kwargs)': (_, self, value, names, __, kwargs) => {
          if (!(self instanceof PyClass)) return runtime.raise('TypeError', 'not an enum class');
          if (names !== ELLIPSIS && membersOf(self).size === 0)
            return createByCall(runtime, self, value, names, kwargs);
          if (value === ELLIPSIS) return runtime.raise('TypeError', `${self.name}() missing the value`);
          return findByValue(runtime, self, names === ELLIPSIS ? value : new PyTuple([value, names]));
        },
        '__getitem__(self, name, /)': (_, self, name) => {
          if (name instanceof PyUnknown) return name;
          const found = typeof name === 'string' && self instanceof PyClass ? membersOf(self).get(name) : undefined;
          return found ?? raiseWith(runtime, 'KeyError', name);
        },
        '__iter__(self)': (_, self) => new PyIterator(walk(self instanceof PyClass ? uniqueMembers(self) : [])),
        '__reversed__(self)': (_, self) =>
          new PyIterator(walk(self instanceof PyClass ? [...uniqueMembers(self)].reverse() : [])),
        '__len__(self)': (_, self) => (self instanceof PyClass ? uniqueMembers(self).length : 0),
        '__bool__(self)': () => true,
        '__setattr__(self, name, value, /)': (_, self, name, value) => {
          const text = typeof name === 'string' ? name : '';
          if (self instanceof PyClass && membersOf(self).has(text)) {
            return runtime.raise('AttributeError', `cannot reassign member '${text}'`);
          }
          runtime.genericSetAttribute(self, text, value);
          return null;
        },
        '__delattr__(self, name, /)': (_, self, name) => {
          const text = typeof name === 'string' ? name : '';
          if (self instanceof PyClass && membersOf(self).has(text)) {
            return runtime.raise('AttributeError', `'${self.name}' object has no attribute '${text}'`);
          }
          runtime.genericDeleteAttribute(self, text);
          return null;
        },
        '__contains__(self, member, /)': (_, self, member) => {
          if (member instanceof PyUnknown || !(self instanceof PyClass)) return member;
          if (member instanceof PyInstance && member.class_ === self) return true;
          return findKnown(runtime, self, member) !== undefined;
        },
        '__repr__(self)': (_, self) => (self instanceof PyClass ? `<enum '${self.name}'>` : '?'),
        '__dir__(self)': (_, self) => new PyList(self instanceof PyClass ? [...namesOfEnum(self)] : []),
      }),
      new Map<string, Value>([
        ['__prepare__', new PyClassMethod(define('__prepare__(metacls, *args, **kwargs)', () => enumBody(runtime)))],
        [
          '__members__',
          new PyProperty(
            define('__members__(self)', (_, self) =>
              self instanceof PyClass ? dictOf(membersOf(self)) : new PyDict(),
            ),
          ),
        ],
      ]),
    ),
  }),
);

/** The member of a value; asks `_missing_` for others, and raises ValueError where that knows none. */
export function findByValue(runtime: Runtime, cls: PyClass, value: Value): Value {
  if (value instanceof PyUnknown) return value;
  if (value instanceof PyInstance && value.class_ === cls) return value;
  const known = findKnown(runtime, cls, value);
  if (known !== undefined) return known;
  const missing = runtime.lookupAttribute(cls, '_missing_');
  const made = missing === undefined ? null : runtime.call(missing, [value]);
  if (made !== null) return made;
  return runtime.raise('ValueError', `${runtime.repr(value)} is not a valid ${cls.qualifiedName ?? cls.name}`);
}

function findKnown(runtime: Runtime, cls: PyClass, value: Value): Value | undefined {
  const key = keyOf(value);
  for (const member of uniqueMembers(cls)) {
    const own = member.attributes.get('_value_') ?? null;
    if (key !== undefined && keyOf(own) === key) return member;
    if (runtime.equals(own, value) === true) return member;
  }
  return undefined;
}

/** `Enum("Color", "RED GREEN")`, with a list of names, pairs, or a dict. */
function createByCall(runtime: Runtime, base: PyClass, name: Value, names: Value, kwargs: Value): Value {
  if (names instanceof PyUnknown) return names;
  const namespace = new Map<string, Value>();
  const keywords = keywordsOf(kwargs);
  const start = Number(keywords.get('start') ?? 1);
  const items =
    typeof names === 'string' ? names.replaceAll(',', ' ').trim().split(/\s+/) : [...runtime.iterate(names)];
  for (const [at, item] of items.entries()) {
    if (typeof item === 'string') {
      namespace.set(item, names instanceof PyDict ? runtime.getItem(names, item) : start + at);
    } else {
      const [key, value] = runtime.iterate(item);
      if (typeof key === 'string') namespace.set(key, value ?? null);
    }
  }
  const module = keywords.get('module') ?? runtime.currentScope()?.module.name;
  if (module !== undefined) namespace.set('__module__', module);
  const metaclass = base.metaclass ?? enumMetaclass(runtime);
  return runtime.call(runtime.getAttribute(metaclass, '__new__'), [
    metaclass,
    name,
    new PyTuple([base]),
    dictOf(namespace),
  ]);
}

function* walk(items: readonly Value[]): Generator<Value, Value> {
  yield* items;
  return null;
}
