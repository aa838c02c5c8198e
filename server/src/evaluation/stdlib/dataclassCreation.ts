/**
 * What @dataclass does to a class: collects fields from annotations (bases first), and adds `__init__`, `__repr__`,
 * `__eq__`, order, `__hash__`, and for frozen ones the refusal of assignments.
 */
import { bindArguments, type Signature } from '../natives.ts';
import type { Runtime } from '../runtime.ts';
import {
  NOT_IMPLEMENTED,
  NativeFunction,
  PyClass,
  PyDict,
  PyInstance,
  PyList,
  PyRaise,
  PySet,
  PyTuple,
  PyUnknown,
  type Value,
} from '../values.ts';
import { dictOf } from '../containers.ts';
import { define, members } from '../builtins/define.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { addSlots } from '../slots.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

export interface DataclassOptions {
  readonly init: boolean;
  readonly repr: boolean;
  readonly eq: boolean;
  readonly order: boolean;
  readonly unsafeHash: boolean;
  readonly frozen: boolean;
  readonly matchArgs: boolean;
  readonly keywordOnly: boolean;
  readonly slots: boolean;
}

type FieldKind = 'field' | 'initVariable';

export const fieldClass = oncePerRuntime((runtime) =>
  nativeClass(runtime, 'dataclasses.Field', {
    members: members('dataclasses.Field', {
      '__repr__(self)': (_, self) => {
        const shown =
          self instanceof PyInstance
            ? [...self.attributes].map(([name, value]) => `${name}=${runtime.repr(value)}`)
            : [];
        return `Field(${shown.join(',')})`;
      },
    }),
  }),
);

export const missingValue = oncePerRuntime(
  (runtime) => new PyInstance(nativeClass(runtime, 'dataclasses._MISSING_TYPE')),
);

export const frozenError = oncePerRuntime((runtime) =>
  nativeClass(runtime, 'dataclasses.FrozenInstanceError', { bases: [runtime.builtinClass('AttributeError')] }),
);

/** All fields by name, init variables too; undefined where the object is no dataclass. */
export function dataclassFields(runtime: Runtime, target: Value): ReadonlyMap<string, PyInstance> | undefined {
  const cls = target instanceof PyClass ? target : runtime.typeOf(target);
  const dict = runtime.lookupInClass(cls, '__dataclass_fields__');
  if (!(dict instanceof PyDict)) return undefined;
  return new Map(
    Array.from(dict.entries.values()).flatMap(({ key, value }): [string, PyInstance][] =>
      typeof key === 'string' && value instanceof PyInstance ? [[key, value]] : [],
    ),
  );
}

/** Fields without init variables. */
export function storedFields(fields: ReadonlyMap<string, PyInstance>): readonly PyInstance[] {
  return [...fields.values()].filter((field) => kindOf(field) === 'field');
}

export function processDataclass(runtime: Runtime, cls: PyClass, options: DataclassOptions): Value {
  runtime.mutating(cls);
  const fields = new Map<string, PyInstance>();
  for (const base of [...cls.mro.slice(1)].reverse()) {
    if (!base.attributes.has('__dataclass_fields__')) continue;
    for (const [name, field] of dataclassFields(runtime, base) ?? []) fields.set(name, field);
  }
  for (const field of ownFields(runtime, cls, options)) {
    const name = textOf(field, 'name');
    fields.set(name, field);
  }
  checkFrozenBases(runtime, cls, options);
  cls.attributes.set('__dataclass_fields__', dictOf(fields));
  cls.attributes.set('__dataclass_params__', parametersOf(runtime, options));
  const stored = storedFields(fields);
  const put = (name: string, member: Value): void => {
    if (!cls.attributes.has(name)) cls.attributes.set(name, member);
  };
  if (options.init) put('__init__', initializer(runtime, cls, [...fields.values()], options));
  if (options.repr) put('__repr__', reprMember(runtime, stored));
  if (options.eq) put('__eq__', comparison(runtime, '__eq__', '==', stored));
  if (options.order) {
    for (const [name, operator] of ORDERS) put(name, comparison(runtime, name, operator, stored));
  }
  if (options.frozen) for (const [name, member] of refusals(runtime)) put(name, member);
  addHash(runtime, cls, options, stored);
  if (options.matchArgs) {
    const names = stored
      .filter((field) => isTrue(field, 'init') && !isTrue(field, 'kw_only'))
      .map((field) => textOf(field, 'name'));
    put('__match_args__', new PyTuple(names));
  }
  if (options.slots) turnIntoSlots(runtime, cls, stored);
  return cls;
}

/** A frozen dataclass has frozen bases alone, and one that is not has none. */
function checkFrozenBases(runtime: Runtime, cls: PyClass, options: DataclassOptions): void {
  const frozen = cls.mro.slice(1).flatMap((base) => {
    const parameters = base.attributes.get('__dataclass_params__');
    return parameters instanceof PyInstance ? [parameters.attributes.get('frozen') === true] : [];
  });
  if (frozen.length === 0) return;
  if (frozen.includes(true) && !options.frozen) {
    runtime.raise('TypeError', 'cannot inherit non-frozen dataclass from a frozen one');
  }
  if (!frozen.includes(true) && options.frozen) {
    runtime.raise('TypeError', 'cannot inherit frozen dataclass from a non-frozen one');
  }
}

/** `slots=True`: the fields that no base has become slots, and their defaults leave the class. */
function turnIntoSlots(runtime: Runtime, cls: PyClass, fields: readonly PyInstance[]): void {
  if (cls.attributes.has('__slots__')) runtime.raise('TypeError', `${cls.name} already specifies __slots__`);
  const inherited = new Set(cls.mro.slice(1).flatMap(({ slotNames }) => slotNames));
  const names = fields.map((field) => textOf(field, 'name')).filter((name) => !inherited.has(name));
  for (const name of names) cls.attributes.delete(name);
  cls.attributes.set('__slots__', new PyTuple(names));
  addSlots(cls, { names, hasDict: false });
}

/** What the decorator was given, for code that asks for it. */
function parametersOf(runtime: Runtime, options: DataclassOptions): Value {
  const parameters = new PyInstance(parametersClass(runtime));
  const { init, repr, eq, order, unsafeHash, frozen, matchArgs, keywordOnly } = options;
  const values = {
    init,
    repr,
    eq,
    order,
    frozen,
    unsafe_hash: unsafeHash,
    match_args: matchArgs,
    kw_only: keywordOnly,
  };
  for (const [name, value] of Object.entries(values)) parameters.attributes.set(name, value);
  parameters.attributes.set('slots', options.slots);
  parameters.attributes.set('weakref_slot', false);
  return parameters;
}

const parametersClass = oncePerRuntime((runtime) => nativeClass(runtime, 'dataclasses._DataclassParams'));

function ownFields(runtime: Runtime, cls: PyClass, options: DataclassOptions): readonly PyInstance[] {
  const annotations = cls.attributes.get('__annotations__');
  const fields: PyInstance[] = [];
  let isKeywordOnly = options.keywordOnly;
  for (const { key: name, value: type } of annotations instanceof PyDict ? annotations.entries.values() : []) {
    if (typeof name !== 'string') continue;
    const meaning = annotationMeaning(runtime, type);
    if (meaning === 'keywordOnly') isKeywordOnly = true;
    if (meaning === 'classVariable' || meaning === 'keywordOnly') continue;
    fields.push(makeField(runtime, cls, name, type, meaning, isKeywordOnly));
  }
  return fields;
}

function annotationMeaning(runtime: Runtime, type: Value): FieldKind | 'classVariable' | 'keywordOnly' {
  const text = typeof type === 'string' ? type : type instanceof PyInstance ? runtime.repr(type) : '';
  const head = text.replace(/^(typing|typing_extensions|dataclasses|t)\./, '');
  if (/^ClassVar\b/.test(head)) return 'classVariable';
  if (/^InitVar\b/.test(head)) return 'initVariable';
  const isMarker = type instanceof PyInstance && type.class_.name === '_KW_ONLY_TYPE';
  return isMarker || head === 'KW_ONLY' ? 'keywordOnly' : 'field';
}

function makeField(
  runtime: Runtime,
  cls: PyClass,
  name: string,
  type: Value,
  kind: FieldKind,
  isKeywordOnly: boolean,
): PyInstance {
  const missing = missingValue(runtime);
  const given = cls.attributes.get(name);
  const isField = given instanceof PyInstance && given.class_ === fieldClass(runtime);
  const field = new PyInstance(fieldClass(runtime));
  const values: Record<string, Value> = {
    name,
    type,
    default: given === undefined ? missing : given,
    default_factory: missing,
    init: true,
    repr: true,
    hash: null,
    compare: true,
    metadata: new PyDict(),
    kw_only: isKeywordOnly,
    _field_type: kind,
  };
  for (const [key, value] of Object.entries(values)) field.attributes.set(key, value);
  if (isField) {
    for (const [key, value] of given.attributes) {
      if (key !== 'name' && key !== 'type' && !(key === 'kw_only' && value === missing))
        field.attributes.set(key, value);
    }
    const fallback = valueIn(given, 'default', missing);
    if (fallback === missing) cls.attributes.delete(name);
    else cls.attributes.set(name, fallback);
  }
  const fallback = field.attributes.get('default');
  const isMutable =
    fallback instanceof PyList || fallback instanceof PyDict || (fallback instanceof PySet && !fallback.isFrozen);
  if (isMutable) {
    const type_ = runtime.repr(runtime.typeOf(fallback));
    runtime.raise('ValueError', `mutable default ${type_} for field ${name} is not allowed: use default_factory`);
  }
  return field;
}

function initializer(runtime: Runtime, cls: PyClass, fields: readonly PyInstance[], options: DataclassOptions): Value {
  const missing = missingValue(runtime);
  const taken = fields.filter((field) => isTrue(field, 'init'));
  const ordered = [
    ...taken.filter((field) => !isTrue(field, 'kw_only')),
    ...taken.filter((field) => isTrue(field, 'kw_only')),
  ];
  const isOptional = (field: PyInstance): boolean =>
    field.attributes.get('default') !== missing || field.attributes.get('default_factory') !== missing;
  let seenOptional: string | undefined;
  for (const field of ordered) {
    if (isTrue(field, 'kw_only')) continue;
    if (isOptional(field)) seenOptional = textOf(field, 'name');
    else if (seenOptional !== undefined) {
      const name = runtime.repr(textOf(field, 'name'));
      runtime.raise('TypeError', `non-default argument ${name} follows default argument`);
    }
  }
  const signature: Signature = {
    name: `${cls.name}.__init__`,
    text: '',
    parameters: [
      { name: 'self', kind: 'positional', isPositionalOnly: true, defaultValue: undefined },
      ...ordered.map((field) => ({
        name: textOf(field, 'name'),
        kind: isTrue(field, 'kw_only') ? ('keywordOnly' as const) : ('positional' as const),
        isPositionalOnly: false,
        defaultValue: isOptional(field) ? missing : undefined,
      })),
    ],
  };
  const call = (_: Runtime, args: Parameters<NativeFunction['call']>[1]): Value => {
    const bound = bindArguments(runtime, signature, args);
    const self = bound['self'] ?? null;
    const extra: Value[] = [];
    for (const field of fields) {
      const value = initialValue(runtime, field, bound);
      if (value === undefined) continue;
      if (kindOf(field) === 'initVariable') extra.push(value);
      else if (options.frozen) runtime.genericSetAttribute(self, textOf(field, 'name'), value);
      else runtime.setAttribute(self, textOf(field, 'name'), value);
    }
    if (runtime.lookupInClass(runtime.typeOf(self), '__post_init__') !== undefined) {
      runtime.callMethod(self, '__post_init__', extra);
    }
    return null;
  };
  return new NativeFunction('__init__', call, `${cls.name}.__init__`, signatureText(ordered, isOptional));
}

/** For messages and inspect.signature; defaults that are no literals show as `...`. */
function signatureText(fields: readonly PyInstance[], isOptional: (field: PyInstance) => boolean): string {
  const show = (field: PyInstance): string => `${textOf(field, 'name')}${isOptional(field) ? '=...' : ''}`;
  const plain = fields.filter((field) => !isTrue(field, 'kw_only')).map(show);
  const keywordOnly = fields.filter((field) => isTrue(field, 'kw_only')).map(show);
  return `__init__(${['self', ...plain, ...(keywordOnly.length > 0 ? ['*', ...keywordOnly] : [])].join(', ')})`;
}

function initialValue(runtime: Runtime, field: PyInstance, bound: Readonly<Record<string, Value>>): Value | undefined {
  const missing = missingValue(runtime);
  const given = bound[textOf(field, 'name')];
  if (given !== undefined && given !== missing) return given;
  const factory = valueIn(field, 'default_factory', missing);
  if (factory !== missing) return runtime.call(factory);
  const fallback = valueIn(field, 'default', missing);
  return fallback === missing ? undefined : fallback;
}

function reprMember(runtime: Runtime, fields: readonly PyInstance[]): Value {
  return define('__repr__(self)', (_, self) => {
    const shown = fields
      .filter((field) => isTrue(field, 'repr'))
      .map((field) => {
        const name = textOf(field, 'name');
        return `${name}=${runtime.repr(runtime.getAttribute(self, name))}`;
      });
    const cls = runtime.typeOf(self);
    return `${cls.qualifiedName ?? cls.name}(${shown.join(', ')})`;
  });
}

const ORDERS = [
  ['__lt__', '<'],
  ['__le__', '<='],
  ['__gt__', '>'],
  ['__ge__', '>='],
] as const;

function comparison(
  runtime: Runtime,
  name: string,
  operator: '==' | '<' | '<=' | '>' | '>=',
  fields: readonly PyInstance[],
): Value {
  return define(`${name}(self, other)`, (_, self, other) => {
    if (other instanceof PyUnknown) return other;
    if (runtime.typeOf(self) !== runtime.typeOf(other)) return NOT_IMPLEMENTED;
    return runtime.compare(operator, comparedValues(runtime, self, fields), comparedValues(runtime, other, fields));
  });
}

function comparedValues(runtime: Runtime, object: Value, fields: readonly PyInstance[]): PyTuple {
  const compared = fields.filter((field) => isTrue(field, 'compare'));
  return new PyTuple(compared.map((field) => runtime.getAttribute(object, textOf(field, 'name'))));
}

function refusals(runtime: Runtime): ReadonlyMap<string, Value> {
  const refuse = (what: string) => (_: Runtime, __: Value, name: Value) => {
    const error = runtime.call(frozenError(runtime), [`cannot ${what} field ${runtime.repr(name)}`]);
    if (error instanceof PyInstance) throw new PyRaise(error, runtime.callStack());
    return null;
  };
  return members('dataclass', {
    '__setattr__(self, name, value)': refuse('assign to'),
    '__delattr__(self, name)': refuse('delete'),
  });
}

/** Source: Python 3.12, dataclasses, the table of `eq`, `frozen` and `unsafe_hash`. */
function addHash(runtime: Runtime, cls: PyClass, options: DataclassOptions, fields: readonly PyInstance[]): void {
  const hasOwn = cls.attributes.has('__hash__');
  if (options.unsafeHash || (options.eq && options.frozen && !hasOwn)) {
    const member = define('__hash__(self)', (_, self) => {
      const hash = runtime.builtinClass('object').attributes.get('__hash__') ?? null;
      return fields.length === 0 ? runtime.call(hash, [self]) : runtime.unknown('the hash of a dataclass');
    });
    cls.attributes.set('__hash__', member);
  } else if (options.eq && !options.frozen && !hasOwn) cls.attributes.set('__hash__', null);
}

/** None is a value: only what is not there falls back. */
function valueIn(field: PyInstance, name: string, fallback: Value): Value {
  const value = field.attributes.get(name);
  return value === undefined ? fallback : value;
}

function kindOf(field: PyInstance): FieldKind {
  return field.attributes.get('_field_type') === 'initVariable' ? 'initVariable' : 'field';
}

function textOf(field: PyInstance, name: string): string {
  const value = field.attributes.get(name);
  return typeof value === 'string' ? value : '';
}

function isTrue(field: PyInstance, name: string): boolean {
  return field.attributes.get(name) === true;
}
