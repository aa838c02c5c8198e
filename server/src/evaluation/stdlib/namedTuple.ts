/**
 * collections.namedtuple and typing.NamedTuple: classes of tuples whose items have names.
 * namedtuple("Point", "x y")(1, y=2).y -> 2.
 */
import { bindArguments, type Signature } from '../natives.ts';
import type { Runtime } from '../runtime.ts';
import { dictOf } from '../containers.ts';
import {
  PyClass,
  PyClassMethod,
  PyDict,
  PyProperty,
  PyTuple,
  PyUnknown,
  type Arguments,
  type Value,
} from '../values.ts';
import { itemsOf, tupleArgument } from '../builtins/arguments.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';

interface NamedTupleShape {
  readonly name: string;
  readonly fields: readonly string[];
  readonly defaults: ReadonlyMap<string, Value>;
  readonly module: string | undefined;
  /** Methods and other members of a class body. */
  readonly extra: ReadonlyMap<string, Value>;
}

/** `collections.namedtuple(typename, field_names, *, rename, defaults, module)`. */
export function namedTuple(
  runtime: Runtime,
  typeName: Value,
  fieldNames: Value,
  rename: Value,
  defaults: Value,
  module: Value,
): Value {
  const given = fieldNamesOf(runtime, fieldNames);
  if (given instanceof PyUnknown) return given;
  const fields =
    rename === true ? given.map((name, at) => (isUsable(name, given.slice(0, at)) ? name : `_${at}`)) : given;
  const bad = fields.find((name, at) => !isUsable(name, fields.slice(0, at)));
  if (bad !== undefined) {
    return runtime.raise('ValueError', `Type names and field names must be valid identifiers: ${runtime.repr(bad)}`);
  }
  const values = defaults === null ? [] : itemsOf(runtime, defaults);
  if (values instanceof PyUnknown) return values;
  if (values.length > fields.length) return runtime.raise('TypeError', 'Got more default values than field names');
  const first = fields.length - values.length;
  return makeNamedTuple(runtime, {
    name: typeof typeName === 'string' ? typeName : '?',
    fields,
    defaults: new Map(values.map((value, at) => [fields[first + at] ?? '', value])),
    module: typeof module === 'string' ? module : runtime.currentScope()?.module.name,
    extra: new Map(),
  });
}

/** `class Point(NamedTuple): x: int; y: int = 0`, as the metaclass gets it. */
export function namedTupleFromClass(runtime: Runtime, args: Arguments): Value {
  const [name, , namespace] = args.positional;
  const body = new Map(keywordsOf(namespace ?? null));
  const annotations = body.get('__annotations__');
  const fields = annotations instanceof PyDict ? keysOf(annotations) : [];
  const defaults = new Map<string, Value>();
  for (const field of fields) {
    const value = body.get(field);
    if (value !== undefined) defaults.set(field, value);
    body.delete(field);
  }
  const module = body.get('__module__');
  return makeNamedTuple(runtime, {
    name: typeof name === 'string' ? name : '?',
    fields,
    defaults,
    module: typeof module === 'string' ? module : undefined,
    extra: body,
  });
}

/** `NamedTuple("Point", [("x", int), ("y", int)])`. */
export function namedTupleFromPairs(
  runtime: Runtime,
  name: Value,
  pairs: Value,
  keywords: ReadonlyMap<string, Value>,
): Value {
  const items = itemsOf(runtime, pairs);
  if (items instanceof PyUnknown) return items;
  const named = items.flatMap((pair) =>
    pair instanceof PyTuple && typeof pair.items[0] === 'string' ? [pair.items[0]] : [],
  );
  return makeNamedTuple(runtime, {
    name: typeof name === 'string' ? name : '?',
    fields: [...named, ...keywords.keys()],
    defaults: new Map(),
    module: runtime.currentScope()?.module.name,
    extra: new Map(),
  });
}

/** Keys without reading the values, which may be annotations that are evaluated only when read. */
function keysOf(dict: PyDict): readonly string[] {
  return Array.from(dict.entries.values()).flatMap(({ key }) => (typeof key === 'string' ? [key] : []));
}

function fieldNamesOf(runtime: Runtime, names: Value): string[] | PyUnknown {
  if (typeof names === 'string')
    return names
      .replaceAll(',', ' ')
      .split(/\s+/)
      .filter((name) => name !== '');
  const items = itemsOf(runtime, names);
  if (items instanceof PyUnknown) return items;
  const unknown = items.find((item) => item instanceof PyUnknown);
  return unknown instanceof PyUnknown ? unknown : items.map((item) => runtime.str(item));
}

function isUsable(name: string, earlier: readonly string[]): boolean {
  return /^[A-Za-z]\w*$/.test(name) && !KEYWORDS.has(name) && !earlier.includes(name);
}

const KEYWORDS = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);

function makeNamedTuple(runtime: Runtime, shape: NamedTupleShape): PyClass {
  const { name, fields, defaults } = shape;
  const signature: Signature = {
    name: `${name}.__new__`,
    text: '',
    parameters: fields.map((field) => ({
      name: field,
      kind: 'positional',
      isPositionalOnly: false,
      defaultValue: defaults.get(field),
    })),
  };
  const attributes = mergeMembers(
    new Map(fields.map((field, at) => [field, fieldProperty(field, at)])),
    methods(runtime, shape),
    new Map<string, Value>([
      ['_fields', new PyTuple(fields)],
      ['__match_args__', new PyTuple(fields)],
      ['_field_defaults', dictOf(defaults)],
      ['__slots__', new PyTuple([])],
    ]),
    shape.extra,
    new Map<string, Value>(shape.module === undefined ? [] : [['__module__', shape.module]]),
  );
  const cls = runtime.makeClass(name, [runtime.builtinClass('tuple')], attributes);
  cls.allocate = (_, actual, args) => {
    const bound = bindArguments(runtime, signature, args);
    return new PyTuple(
      fields.map((field) => bound[field] ?? null),
      actual,
    );
  };
  return cls;
}

function fieldProperty(field: string, at: number): PyProperty {
  return new PyProperty(define(`${field}(self)`, (runtime, self) => tupleArgument(runtime, self).items[at] ?? null));
}

function methods(runtime: Runtime, { name, fields }: NamedTupleShape): ReadonlyMap<string, Value> {
  const make = (cls: Value, items: readonly Value[]): Value =>
    cls instanceof PyClass ? new PyTuple(items, cls) : new PyTuple(items);
  return mergeMembers(
    members(name, {
      '__repr__(self)': (_, self) => {
        const { items } = tupleArgument(runtime, self);
        const shown = fields.map((field, at) => `${field}=${runtime.repr(items[at] ?? null)}`);
        return `${runtime.typeOf(self).name}(${shown.join(', ')})`;
      },
      '_asdict(self)': (_, self) => {
        const { items } = tupleArgument(runtime, self);
        return dictOf(fields.map((field, at): [string, Value] => [field, items[at] ?? null]));
      },
      '_replace(self, /, **kwargs)': (_, self, kwargs) => {
        const changes = keywordsOf(kwargs);
        const unexpected = [...changes.keys()].filter((key) => !fields.includes(key));
        if (unexpected.length > 0) {
          const list = unexpected.map((key) => runtime.repr(key)).join(', ');
          return runtime.raise('ValueError', `Got unexpected field names: [${list}]`);
        }
        const { items } = tupleArgument(runtime, self);
        const kept = (field: string, at: number): Value =>
          (changes.has(field) ? changes.get(field) : items[at]) ?? null;
        return make(runtime.typeOf(self), fields.map(kept));
      },
      '__getnewargs__(self)': (_, self) => new PyTuple(tupleArgument(runtime, self).items),
    }),
    new Map([
      [
        '_make',
        new PyClassMethod(
          define('_make(cls, iterable, /)', (_, cls, iterable) => {
            const items = itemsOf(runtime, iterable);
            if (items instanceof PyUnknown) return items;
            if (items.length !== fields.length) {
              return runtime.raise('TypeError', `Expected ${fields.length} arguments, got ${items.length}`);
            }
            return make(cls, items);
          }),
        ),
      ],
    ]),
  );
}
