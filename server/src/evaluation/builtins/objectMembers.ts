/**
 * What every object and every class offers: object.__setattr__, object.__repr__, type.__call__, type.mro.
 */
import { identity } from '../containers.ts';
import type { Runtime } from '../runtime.ts';
import { NOT_IMPLEMENTED, PyClass, PyClassMethod, PyDict, PyList, PyTuple, PyUnknown, type Value } from '../values.ts';
import { initializeObject } from './allocation.ts';
import { stringArgument } from './arguments.ts';
import { define, members, mergeMembers } from './define.ts';
import { formatPlain } from './format.ts';
import { keywordsOf, unionType } from './genericAlias.ts';
import { plainView } from './plainView.ts';

export function objectMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    members('object', {
      '__init__(self, /, *args, **kwargs)': initializeObject,
      '__repr__(self, /)': (runtime, self) => defaultRepr(runtime, self),
      '__str__(self, /)': (runtime, self) => runtime.repr(self),
      '__eq__(self, other, /)': (_, self, other) => (self === other ? true : NOT_IMPLEMENTED),
      '__ne__(self, other, /)': (_, self, other) => (self === other ? false : NOT_IMPLEMENTED),
      '__hash__(self, /)': (runtime, self) => identityOf(runtime, self),
      '__getattribute__(self, name, /)': (runtime, self, name) => {
        const text = stringArgument(runtime, name, 'attribute name');
        if (text instanceof PyUnknown) return text;
        const found = runtime.genericGetAttribute(self, text);
        if (found !== undefined) return found;
        const { name: className } = runtime.typeOf(self);
        return runtime.raise('AttributeError', `'${className}' object has no attribute '${text}'`);
      },
      '__setattr__(self, name, value, /)': (runtime, self, name, value) => {
        const text = stringArgument(runtime, name, 'attribute name');
        if (text instanceof PyUnknown) runtime.omit('An attribute with an unknown name was not set.');
        else runtime.genericSetAttribute(self, text, value);
        return null;
      },
      '__delattr__(self, name, /)': (runtime, self, name) => {
        const text = stringArgument(runtime, name, 'attribute name');
        if (text instanceof PyUnknown) runtime.omit('An attribute with an unknown name was not deleted.');
        else runtime.genericDeleteAttribute(self, text);
        return null;
      },
      '__dir__(self, /)': (runtime, self) => new PyList([...namesOf(runtime, self)].sort()),
      '__format__(self, format_spec, /)': (runtime, self, spec) => {
        const text = stringArgument(runtime, spec, '__format__() argument');
        return text instanceof PyUnknown ? text : formatPlain(runtime, self, text);
      },
      '__sizeof__(self, /)': (runtime) => runtime.unknown('the size of an object in memory'),
      '__reduce_ex__(self, protocol, /)': (runtime) => runtime.unknown('pickling is not modelled'),
    }),
    new Map([['__init_subclass__', new PyClassMethod(define('__init_subclass__(cls, **kwargs)', initializeSubclass))]]),
  );
}

function initializeSubclass(runtime: Runtime, cls: Value, kwargs: Value): Value {
  if (!(cls instanceof PyClass) || keywordsOf(kwargs).size === 0) return null;
  const name = cls.qualifiedName ?? cls.name;
  return runtime.raise('TypeError', `${name}.__init_subclass__() takes no keyword arguments`);
}

export function typeMembers(): ReadonlyMap<string, Value> {
  return mergeMembers(
    members('type', {
      '__init__(self, *args, **kwargs)': () => null,
      '__call__(self, *args, **kwargs)': (runtime, self, args, kwargs) => {
        if (!(self instanceof PyClass) || !(args instanceof PyTuple)) return runtime.raise('TypeError', 'not a class');
        return runtime.instantiate(self, { positional: args.items, keywords: keywordsOf(kwargs) });
      },
      '__repr__(self, /)': (_, self) => `<class '${self instanceof PyClass ? classText(self) : '?'}'>`,
      '__instancecheck__(self, instance, /)': (runtime, self, instance) =>
        self instanceof PyClass ? runtime.isInstance(instance, self) : false,
      '__subclasscheck__(self, subclass, /)': (_, self, subclass) =>
        self instanceof PyClass && subclass instanceof PyClass && subclass.mro.includes(self),
      'mro(self, /)': (_, self) => new PyList(self instanceof PyClass ? [...self.mro] : []),
      '__or__(self, other, /)': unionType,
      '__ror__(self, other, /)': (runtime, self, other) => unionType(runtime, other, self),
    }),
    new Map([
      ['__prepare__', new PyClassMethod(define('__prepare__(cls, *args, **kwargs)', () => new PyDict(), 'type'))],
    ]),
  );
}

/** "<module.Class object at 0x7f00...>" */
export function defaultRepr(runtime: Runtime, self: Value): string {
  const view = plainView(self);
  const isObject = self !== null && typeof self === 'object' && self.kind === 'instance';
  if (view !== self || !isObject) return runtime.repr(view);
  const address = (0x7f0000000000 + identity(self) * 16).toString(16);
  return `<${classText(runtime.typeOf(self))} object at 0x${address}>`;
}

function classText(cls: PyClass): string {
  const name = cls.qualifiedName ?? cls.name;
  const module = cls.attributes.get('__module__') ?? cls.module;
  return typeof module !== 'string' || module === 'builtins' ? name : `${module}.${name}`;
}

/** `id(x)`: a number that stands for the object; unknown for values that have no identity here. */
export function identityOf(runtime: Runtime, value: Value): Value {
  if (value instanceof PyUnknown) return value;
  const isObject = value !== null && typeof value === 'object';
  return isObject ? 0x100000 + identity(value) * 16 : runtime.unknown('the identity of a plain value');
}

/** Attribute names of an object, of its class and of the bases. */
export function namesOf(runtime: Runtime, object: Value): ReadonlySet<string> {
  const names = new Set<string>();
  for (const entry of runtime.attributesOf(object)?.entries.values() ?? []) {
    if (typeof entry.key === 'string') names.add(entry.key);
  }
  if (object !== null && typeof object === 'object' && object.kind === 'module') return names;
  const mro = object instanceof PyClass ? object.mro : runtime.typeOf(object).mro;
  for (const cls of mro) for (const name of cls.attributes.keys()) names.add(name);
  return names;
}
