/**
 * The module `abc`: ABC, ABCMeta, abstractmethod. A class whose abstract methods are not all defined raises TypeError
 * when called; `register` makes virtual subclasses.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import {
  PyClass,
  PyClassMethod,
  PyList,
  PyProperty,
  PySet,
  PyStaticMethod,
  PyTuple,
  PyUnknown,
  type Value,
} from '../values.ts';
import { allocateType } from '../builtins/allocation.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { keyOf } from '../containers.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

export const abcModule: NativeModuleDefinition = {
  name: 'abc',
  members: (runtime) =>
    mergeMembers(
      members('abc', {
        'abstractmethod(funcobj, /)': (_, fn) => markAbstract(runtime, fn),
        'abstractproperty(fget=None, fset=None, fdel=None)': (_, getter, setter, deleter) =>
          new PyProperty(markAbstract(runtime, getter), setter, deleter),
        'abstractclassmethod(callable, /)': (_, fn) => new PyClassMethod(markAbstract(runtime, fn)),
        'abstractstaticmethod(callable, /)': (_, fn) => new PyStaticMethod(markAbstract(runtime, fn)),
        'update_abstractmethods(cls, /)': (_, cls) => {
          if (cls instanceof PyClass && cls.attributes.has(ABSTRACT)) rememberAbstract(runtime, cls);
          return cls;
        },
        'get_cache_token()': () => 0,
      }),
      new Map<string, Value>([
        ['ABCMeta', abcMetaclass(runtime)],
        ['ABC', nativeClass(runtime, 'abc.ABC', { metaclass: abcMetaclass(runtime), hasInstanceDict: false })],
      ]),
    ),
};

export const abcMetaclass = oncePerRuntime((runtime) =>
  nativeClass(runtime, 'abc.ABCMeta', {
    bases: [runtime.builtinClass('type')],
    allocate: (_, metaclass, args) => {
      const made = allocateType(runtime, metaclass, args);
      if (made instanceof PyClass) rememberAbstract(runtime, made);
      return made;
    },
    members: members('abc.ABCMeta', {
      '__call__(self, *args, **kwargs)': (_, self, args, kwargs) => {
        if (!(self instanceof PyClass) || !(args instanceof PyTuple)) return runtime.raise('TypeError', 'not a class');
        refuseAbstract(runtime, self);
        return runtime.instantiate(self, { positional: args.items, keywords: keywordsOf(kwargs) });
      },
      'register(self, subclass, /)': (_, self, subclass) => {
        if (self instanceof PyClass) {
          runtime.mutating(self);
          self.attributes.set(REGISTRY, new PyList([...registered(self), subclass]));
        }
        return subclass;
      },
      '__instancecheck__(self, instance, /)': (_, self, instance) =>
        instance instanceof PyUnknown ? instance : isSubclassOf(runtime, self, runtime.typeOf(instance)),
      '__subclasscheck__(self, subclass, /)': (_, self, subclass) =>
        subclass instanceof PyClass && isSubclassOf(runtime, self, subclass),
    }),
  }),
);

const REGISTRY = '_abc_registry';

function registered(cls: PyClass): readonly Value[] {
  const registry = cls.attributes.get(REGISTRY);
  return registry instanceof PyList ? registry.items : [];
}

function isVirtualSubclass(base: Value, cls: PyClass): boolean {
  if (!(base instanceof PyClass)) return false;
  if (cls.mro.includes(base)) return true;
  return registered(base).some((virtual) => virtual instanceof PyClass && cls.mro.includes(virtual));
}

function isSubclassOf(runtime: Runtime, base: Value, cls: PyClass): boolean {
  return hooked(runtime, base, cls) || isVirtualSubclass(base, cls);
}

function hooked(runtime: Runtime, base: Value, cls: PyClass): boolean {
  if (!(base instanceof PyClass) || !base.attributes.has('__subclasshook__')) return false;
  return runtime.call(runtime.getAttribute(base, '__subclasshook__'), [cls]) === true;
}

function markAbstract(runtime: Runtime, fn: Value): Value {
  const isFunction = fn !== null && typeof fn === 'object' && (fn.kind === 'function' || fn.kind === 'native');
  if (isFunction) runtime.setAttribute(fn, '__isabstractmethod__', true);
  return fn;
}

const ABSTRACT = '__abstractmethods__';

/** The names are settled when a class is made: what is put into it later changes nothing. */
function rememberAbstract(runtime: Runtime, cls: PyClass): void {
  const names = new PySet(true);
  for (const name of abstractNames(runtime, cls)) names.entries.set(keyOf(name), name);
  runtime.mutating(cls);
  cls.attributes.set(ABSTRACT, names);
}

function refuseAbstract(runtime: Runtime, cls: PyClass): void {
  const known = cls.attributes.get(ABSTRACT);
  const names =
    known instanceof PySet
      ? [...known.entries.values()].map((name) => (typeof name === 'string' ? name : '?'))
      : abstractNames(runtime, cls);
  if (names.length === 0) return;
  const [noun, list] = [names.length > 1 ? 'methods' : 'method', names.join(', ')];
  runtime.raise('TypeError', `Can't instantiate abstract class ${cls.name} with abstract ${noun} ${list}`);
}

/** Names whose definition nearest in the MRO is abstract, sorted. */
export function abstractNames(runtime: Runtime, cls: PyClass): readonly string[] {
  const seen = new Set<string>();
  const names: string[] = [];
  const isModelled = cls.mro.some((ancestor) => !isPlain(ancestor));
  for (const ancestor of cls.mro) {
    // Classes of libraries may define what we do not model of them.
    const isCounted = !isModelled || ancestor.origin !== undefined;
    for (const [name, member] of ancestor.attributes) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (isCounted && isAbstract(runtime, member)) names.push(name);
    }
  }
  return names.sort();
}

/** Whether a class is the user's, or one of those that hold nothing but abstract methods. */
function isPlain({ origin, name, module }: PyClass): boolean {
  return origin !== undefined || name === 'object' || ['abc', 'collections.abc', 'typing'].includes(module);
}

function isAbstract(runtime: Runtime, member: Value): boolean {
  if (member === null || typeof member !== 'object') return false;
  switch (member.kind) {
    case 'function':
    case 'native':
      return member.attributes?.get('__isabstractmethod__') === true;
    case 'property':
      return isAbstract(runtime, member.getter) || isAbstract(runtime, member.setter);
    case 'staticMethod':
    case 'classMethod':
      return isAbstract(runtime, member.callee);
    default:
      return false;
  }
}
