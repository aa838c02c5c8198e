/**
 * The module `functools`: partial, wraps, lru_cache, cached_property, reduce, singledispatch, total_ordering.
 * partial(f, 1, b=2)(3) calls f(1, 3, b=2); `p.func`, `p.args` and `p.keywords` can be read.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import {
  ELLIPSIS,
  NOT_IMPLEMENTED,
  PyClass,
  PyInstance,
  PyTuple,
  PyUnknown,
  type Arguments,
  type Value,
} from '../values.ts';
import { itemsOf } from '../builtins/arguments.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { isCallable } from '../builtins/objectFunctions.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { dictOf } from '../containers.ts';
import { cacheMembers } from './functionCache.ts';
import { singleDispatch } from './singleDispatch.ts';
import { updateWrapper, wrapperDecorator } from './functionWrapper.ts';

export const functoolsModule: NativeModuleDefinition = {
  name: 'functools',
  members: (runtime) =>
    mergeMembers(
      functions,
      cacheMembers(runtime),
      singleDispatch(runtime),
      new Map<string, Value>([
        ['WRAPPER_ASSIGNMENTS', new PyTuple(['__module__', '__name__', '__qualname__', '__doc__', '__annotations__'])],
        ['WRAPPER_UPDATES', new PyTuple(['__dict__'])],
        ['partial', partialClass(runtime)],
        ['partialmethod', partialMethodClass(runtime)],
        ['cached_property', cachedPropertyClass(runtime)],
      ]),
    ),
};

const functions = members('functools', {
  'reduce(function, iterable, initial=..., /)': reduce,
  'update_wrapper(wrapper, wrapped, *args, **kwargs)': updateWrapper,
  'wraps(wrapped, *args, **kwargs)': (_, wrapped) => wrapperDecorator(wrapped),
  'total_ordering(cls, /)': totalOrdering,
  'cmp_to_key(mycmp)': (_, compare) =>
    define('K(obj)', (runtime, object) => {
      const key = new PyInstance(comparisonKeyClass(runtime, compare));
      key.attributes.set('obj', object);
      return key;
    }),
});

function reduce(runtime: Runtime, fn: Value, iterable: Value, initial: Value): Value {
  const items = itemsOf(runtime, iterable);
  if (items instanceof PyUnknown) return items;
  const [first, ...rest] = initial === ELLIPSIS ? items : [initial, ...items];
  if (first === undefined) return runtime.raise('TypeError', 'reduce() of empty iterable with no initial value');
  return rest.reduce((result, item) => runtime.call(fn, [result, item]), first);
}

function partialClass(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'functools.partial', {
    allocate: (_, cls, args) => makePartial(runtime, cls, args),
    members: members('functools.partial', {
      '__call__(self, *args, **kwargs)': (_, self, args, kwargs) => callPartial(runtime, self, args, kwargs),
      '__repr__(self, /)': (_, self) => {
        const { callee, positional, keywords } = partsOf(self);
        const shown = [callee, ...positional].map((value) => runtime.repr(value));
        for (const [name, value] of keywords) shown.push(`${name}=${runtime.repr(value)}`);
        return `functools.partial(${shown.join(', ')})`;
      },
    }),
  });
}

function makePartial(runtime: Runtime, cls: PyClass, args: Arguments): Value {
  const [callee, ...rest] = args.positional;
  if (callee === undefined) {
    return runtime.raise('TypeError', "type 'partial' takes at least one argument");
  }
  if (callee instanceof PyUnknown) return callee;
  if (!isCallable(runtime, callee)) return runtime.raise('TypeError', 'the first argument must be callable');
  const instance = new PyInstance(cls);
  const isFlat = callee instanceof PyInstance && callee.class_ === cls;
  const inner = isFlat ? partsOf(callee) : { callee, positional: [], keywords: new Map<string, Value>() };
  instance.attributes.set('func', inner.callee);
  instance.attributes.set('args', new PyTuple([...inner.positional, ...rest]));
  instance.attributes.set('keywords', dictOf(new Map([...inner.keywords, ...args.keywords])));
  return instance;
}

function partsOf(partial: Value): {
  readonly callee: Value;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
} {
  const attributes = partial instanceof PyInstance ? partial.attributes : new Map<string, Value>();
  const args = attributes.get('args');
  return {
    callee: attributes.get('func') ?? null,
    positional: args instanceof PyTuple ? args.items : [],
    keywords: keywordsOf(attributes.get('keywords') ?? null),
  };
}

function callPartial(runtime: Runtime, self: Value, args: Value, kwargs: Value): Value {
  const { callee, positional, keywords } = partsOf(self);
  const rest = args instanceof PyTuple ? args.items : [];
  return runtime.call(callee, [...positional, ...rest], new Map([...keywords, ...keywordsOf(kwargs)]));
}

function partialMethodClass(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'functools.partialmethod', {
    allocate: (_, cls, args) => makePartial(runtime, cls, args),
    members: members('functools.partialmethod', {
      '__get__(self, instance, owner=None, /)': (_, self, instance) =>
        define('partial_method(*args, **kwargs)', (__, args, kwargs) => {
          const given = args instanceof PyTuple ? args.items : [];
          const first = instance === null ? given.slice(0, 1) : [instance];
          const rest = new PyTuple(instance === null ? given.slice(1) : given);
          const { callee, positional, keywords } = partsOf(self);
          const all = [...first, ...positional, ...rest.items];
          return runtime.call(callee, all, new Map([...keywords, ...keywordsOf(kwargs)]));
        }),
    }),
  });
}

/** Computes once and keeps the result among the instance's attributes. */
function cachedPropertyClass(runtime: Runtime): PyClass {
  return nativeClass(runtime, 'functools.cached_property', {
    allocate: (_, cls, args) => {
      const instance = new PyInstance(cls);
      instance.attributes.set('func', args.positional[0] ?? null);
      instance.attributes.set('attrname', null);
      return instance;
    },
    members: members('functools.cached_property', {
      '__set_name__(self, owner, name, /)': (_, self, __, name) => {
        if (self instanceof PyInstance) self.attributes.set('attrname', name);
        return null;
      },
      '__get__(self, instance, owner=None, /)': (_, self, instance) => {
        if (instance === null || !(self instanceof PyInstance)) return self;
        const name = self.attributes.get('attrname');
        if (typeof name === 'string') {
          if (runtime.attributesOf(instance) === undefined) {
            const { name: className } = runtime.typeOf(instance);
            const message = `No '__dict__' attribute on '${className}' instance to cache '${name}' property.`;
            return runtime.raise('TypeError', message);
          }
        }
        const value = runtime.call(self.attributes.get('func') ?? null, [instance]);
        if (typeof name === 'string') runtime.genericSetAttribute(instance, name, value);
        return value;
      },
    }),
  });
}

const ORDER_NAMES = ['__lt__', '__le__', '__gt__', '__ge__'] as const;

/** Fills in the missing of `<`, `<=`, `>`, `>=` from one that the class defines and `==`. */
function totalOrdering(runtime: Runtime, cls: Value): Value {
  if (!(cls instanceof PyClass)) return cls;
  const object = runtime.builtinClass('object');
  const own = (name: string): boolean => runtime.lookupInClass(cls, name) !== object.attributes.get(name);
  const root = ORDER_NAMES.find(own);
  if (root === undefined) {
    return runtime.raise('ValueError', 'must define at least one ordering operation: < > <= >=');
  }
  for (const name of ORDER_NAMES) if (!own(name)) runtime.setAttribute(cls, name, derivedOrder(name, root));
  return cls;
}

type OrderName = (typeof ORDER_NAMES)[number];

function derivedOrder(name: OrderName, root: OrderName): Value {
  return define(`${name}(self, other, /)`, (runtime, self, other) => {
    const known = runtime.callMethod(self, root, [other]);
    if (known === NOT_IMPLEMENTED) return known;
    const isRoot = runtime.truth(known);
    const isEqual = runtime.equals(self, other);
    if (isRoot instanceof PyUnknown) return isRoot;
    if (isEqual instanceof PyUnknown) return isEqual;
    const isStrictRoot = root === '__lt__' || root === '__gt__';
    const isSameDirection = name[2] === root[2];
    const isLess = isStrictRoot ? isRoot : isRoot && !isEqual;
    const strict = isSameDirection ? isLess : !isLess && !isEqual;
    return name === '__lt__' || name === '__gt__' ? strict : strict || isEqual;
  });
}

function comparisonKeyClass(runtime: Runtime, compare: Value): PyClass {
  return nativeClass(runtime, 'functools.KeyWrapper', {
    members: members('functools.KeyWrapper', {
      '__lt__(self, other, /)': (_, self, other) =>
        runtime.compare('<', runtime.call(compare, [objectOf(self), objectOf(other)]), 0),
    }),
  });
}

function objectOf(key: Value): Value {
  return (key instanceof PyInstance ? key.attributes.get('obj') : undefined) ?? null;
}
