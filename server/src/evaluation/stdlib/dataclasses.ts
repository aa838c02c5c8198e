/**
 * The module `dataclasses`: @dataclass with all of its options, field, fields, asdict, astuple, replace, make_dataclass.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyClass, PyDict, PyInstance, PyList, PyTuple, PyUnknown, type Value } from '../values.ts';
import { dictOf } from '../containers.ts';
import { callableObject } from '../builtins/callableObject.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { deepCopy } from './copyValue.ts';
import {
  dataclassFields,
  fieldClass,
  frozenError,
  missingValue,
  processDataclass,
  storedFields,
  type DataclassOptions,
} from './dataclassCreation.ts';

const DEFAULTS: DataclassOptions = {
  init: true,
  repr: true,
  eq: true,
  order: false,
  unsafeHash: false,
  frozen: false,
  matchArgs: true,
  keywordOnly: false,
  slots: false,
};

export const dataclassesModule: NativeModuleDefinition = {
  name: 'dataclasses',
  members: (runtime) =>
    mergeMembers(
      functions(runtime),
      new Map<string, Value>([
        ['MISSING', missingValue(runtime)],
        ['KW_ONLY', new PyInstance(nativeClass(runtime, 'dataclasses._KW_ONLY_TYPE'))],
        ['InitVar', initVar(runtime)],
        ['Field', fieldClass(runtime)],
        ['FrozenInstanceError', frozenError(runtime)],
      ]),
    ),
};

function functions(runtime: Runtime): ReadonlyMap<string, Value> {
  return members('dataclasses', {
    'dataclass(cls=None, /, **options)': (_, cls, options) => {
      const chosen = optionsOf(keywordsOf(options));
      if (cls !== null) return cls instanceof PyClass ? processDataclass(runtime, cls, chosen) : cls;
      return define('wrap(cls)', (__, given) =>
        given instanceof PyClass ? processDataclass(runtime, given, chosen) : given,
      );
    },
    'field(*, default=..., default_factory=..., init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=...)':
      (_, fallback, factory, init, repr, hash, compare, metadata, keywordOnly) => {
        const isGiven = (value: Value): boolean =>
          !(value !== null && typeof value === 'object' && value.kind === 'ellipsis');
        const field = new PyInstance(fieldClass(runtime));
        const missing = missingValue(runtime);
        if (isGiven(fallback) && isGiven(factory)) {
          return runtime.raise('ValueError', 'cannot specify both default and default_factory');
        }
        const values = {
          name: null,
          type: null,
          default: isGiven(fallback) ? fallback : missing,
          default_factory: isGiven(factory) ? factory : missing,
          init,
          repr,
          hash,
          compare,
          metadata: metadata ?? new PyDict(),
          kw_only: isGiven(keywordOnly) ? keywordOnly : missing,
        };
        for (const [name, value] of Object.entries(values)) field.attributes.set(name, value);
        return field;
      },
    'fields(class_or_instance)': (_, target) => {
      if (target instanceof PyUnknown) return target;
      const all = dataclassFields(runtime, target);
      if (all === undefined) {
        return runtime.raise('TypeError', 'must be called with a dataclass type or instance');
      }
      return new PyTuple(storedFields(all));
    },
    'is_dataclass(obj)': (_, target) =>
      target instanceof PyUnknown ? target : dataclassFields(runtime, target) !== undefined,
    'asdict(obj, *, dict_factory=None)': (_, object, factory) =>
      convert(runtime, object, (pairs) =>
        factory === null
          ? dictOf(pairs)
          : runtime.call(factory, [new PyList(pairs.map(([name, value]) => new PyTuple([name, value])))]),
      ),
    'astuple(obj, *, tuple_factory=None)': (_, object, factory) =>
      convert(runtime, object, (pairs) => {
        const items = pairs.map(([, value]) => value);
        return factory === null ? new PyTuple(items) : runtime.call(factory, [new PyList(items)]);
      }),
    'replace(obj, /, **changes)': (_, object, changes) => replace(runtime, object, keywordsOf(changes)),
    'make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options)': (
      _,
      name,
      list,
      bases,
      namespace,
      options,
    ) => makeDataclass(runtime, name, list, bases, namespace, optionsOf(keywordsOf(options))),
  });
}

function optionsOf(keywords: ReadonlyMap<string, Value>): DataclassOptions {
  const flag = (name: string, fallback: boolean): boolean => {
    const value = keywords.get(name);
    return typeof value === 'boolean' ? value : fallback;
  };
  return {
    init: flag('init', DEFAULTS.init),
    repr: flag('repr', DEFAULTS.repr),
    eq: flag('eq', DEFAULTS.eq),
    order: flag('order', DEFAULTS.order),
    unsafeHash: flag('unsafe_hash', DEFAULTS.unsafeHash),
    frozen: flag('frozen', DEFAULTS.frozen),
    matchArgs: flag('match_args', DEFAULTS.matchArgs),
    keywordOnly: flag('kw_only', DEFAULTS.keywordOnly),
    slots: flag('slots', DEFAULTS.slots),
  };
}

/** Dataclass instances become what `make` gives, also within lists, tuples and dicts; the rest is deep-copied. */
function convert(
  runtime: Runtime,
  object: Value,
  make: (pairs: readonly (readonly [string, Value])[]) => Value,
): Value {
  if (object instanceof PyUnknown) return object;
  const isDataclass = object instanceof PyInstance && dataclassFields(runtime, object) !== undefined;
  if (!isDataclass) return runtime.raise('TypeError', 'asdict() should be called on dataclass instances');
  const inner = (value: Value): Value => {
    runtime.step(1);
    const fields = value instanceof PyInstance ? dataclassFields(runtime, value) : undefined;
    if (fields !== undefined) {
      return make(
        storedFields(fields).map((field): [string, Value] => {
          const name = field.attributes.get('name');
          return [
            typeof name === 'string' ? name : '',
            inner(runtime.getAttribute(value, typeof name === 'string' ? name : '')),
          ];
        }),
      );
    }
    if (value instanceof PyList && value.class === undefined) return new PyList(value.items.map(inner));
    if (value instanceof PyTuple) return new PyTuple(value.items.map(inner), value.namedClass);
    if (value instanceof PyDict && value.class === undefined) {
      const copy = new PyDict();
      for (const [key, entry] of value.entries) copy.entries.set(key, { key: entry.key, value: inner(entry.value) });
      return copy;
    }
    return deepCopy(runtime, value);
  };
  return inner(object);
}

function replace(runtime: Runtime, object: Value, changes: ReadonlyMap<string, Value>): Value {
  if (object instanceof PyUnknown) return object;
  const fields = dataclassFields(runtime, object);
  if (fields === undefined || object instanceof PyClass) {
    return runtime.raise('TypeError', 'replace() should be called on dataclass instances');
  }
  const keywords = new Map(changes);
  for (const field of storedFields(fields)) {
    const name = field.attributes.get('name');
    if (typeof name !== 'string') continue;
    if (field.attributes.get('init') !== true) {
      if (changes.has(name)) {
        return runtime.raise(
          'ValueError',
          `field ${name} is declared with init=False, it cannot be specified with replace()`,
        );
      }
    } else if (!keywords.has(name)) keywords.set(name, runtime.getAttribute(object, name));
  }
  return runtime.call(runtime.typeOf(object), [], keywords);
}

function makeDataclass(
  runtime: Runtime,
  name: Value,
  list: Value,
  bases: Value,
  namespace: Value,
  options: DataclassOptions,
): Value {
  const body = new Map(keywordsOf(namespace));
  const annotations = new Map<string, Value>();
  for (const item of runtime.iterate(list)) {
    if (typeof item === 'string') annotations.set(item, runtime.builtinClass('object'));
    else {
      const [key, type, value] = runtime.iterate(item);
      if (typeof key !== 'string') continue;
      annotations.set(key, type ?? null);
      if (value !== undefined) body.set(key, value);
    }
  }
  body.set('__annotations__', dictOf(annotations));
  const parents = bases instanceof PyTuple ? bases.items : [];
  return processDataclass(runtime, runtime.makeClass(typeof name === 'string' ? name : '?', parents, body), options);
}

/** `InitVar[int]` marks a parameter that is no field. */
function initVar(runtime: Runtime): PyClass {
  const cls = nativeClass(runtime, 'dataclasses.InitVar', {
    members: members('dataclasses.InitVar', {
      '__repr__(self)': () => 'dataclasses.InitVar',
    }),
  });
  cls.attributes.set(
    '__class_getitem__',
    callableObject(runtime, (args) => {
      const marker = new PyInstance(cls);
      marker.attributes.set('type', args.positional.at(-1) ?? null);
      return marker;
    }),
  );
  return cls;
}
