/**
 * Making an enum class: which names of its body are members, their values (`auto()` counted on), their data type
 * (`class Size(int, Enum)`), and aliases (a second name of an equal value).
 */
import type { BinaryOperator } from '../../syntax/ast.ts';
import type { Runtime } from '../runtime.ts';
import { PyClass, PyDict, PyInstance, PyList, PyTuple, PyUnknown, type Arguments, type Value } from '../values.ts';
import { keyOf } from '../containers.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

/** `auto()`; `A | B` of two of them is worked out when their values are known. */
export const autoClass = oncePerRuntime((runtime): PyClass => {
  const combined = (operator: BinaryOperator, left: Value, right: Value): Value => {
    const auto = new PyInstance(cls);
    auto.payload = new PyTuple([operator, left, right]);
    return auto;
  };
  const operators = Object.entries({ or: '|', and: '&', xor: '^', add: '+', lshift: '<<' } as const);
  const cls = nativeClass(runtime, 'enum.auto', {
    members: mergeMembers(
      ...operators.map(([name, operator]) =>
        members('enum.auto', {
          [`__${name}__(self, other)`]: (_, self, other) => combined(operator, self, other),
          [`__r${name}__(self, other)`]: (_, self, other) => combined(operator, other, self),
        }),
      ),
    ),
  });
  return cls;
});

const memberWrapper = oncePerRuntime((runtime) => makeWrapper(runtime, 'member'));
const nonMemberWrapper = oncePerRuntime((runtime) => makeWrapper(runtime, 'nonmember'));

/** `enum.member(x)` and `enum.nonmember(x)`. */
export function wrapperClass(runtime: Runtime, kind: 'member' | 'nonmember'): PyClass {
  return kind === 'member' ? memberWrapper(runtime) : nonMemberWrapper(runtime);
}

function makeWrapper(runtime: Runtime, kind: string): PyClass {
  return nativeClass(runtime, `enum.${kind}`, {
    allocate: (_, cls, args) => {
      const wrapper = new PyInstance(cls);
      wrapper.attributes.set('value', args.positional[0] ?? null);
      return wrapper;
    },
  });
}

/** All names with their members, aliases too, in order of definition. */
export function membersOf(cls: PyClass): ReadonlyMap<string, PyInstance> {
  const map = cls.attributes.get('_member_map_');
  const entries = map instanceof PyDict ? [...map.entries.values()] : [];
  return new Map(
    entries.flatMap(({ key, value }): [string, PyInstance][] =>
      typeof key === 'string' && value instanceof PyInstance ? [[key, value]] : [],
    ),
  );
}

/** Members without aliases. For flags, without zero and combinations. */
export function uniqueMembers(cls: PyClass): readonly PyInstance[] {
  const names = cls.attributes.get('_member_names_');
  const all = membersOf(cls);
  return names instanceof PyList
    ? names.items.flatMap((name) => (typeof name === 'string' ? (all.get(name) ?? []) : []))
    : [];
}

export function namesOfEnum(cls: PyClass): Iterable<string> {
  return membersOf(cls).keys();
}

/** `EnumType.__new__(metacls, name, bases, namespace, **kwargs)`. */
export function createEnumClass(runtime: Runtime, metaclass: PyClass, args: Arguments): Value {
  const [name, bases, namespace] = args.positional;
  if (typeof name !== 'string' || !(bases instanceof PyTuple) || !(namespace instanceof PyDict)) {
    return args.positional.find((part) => part instanceof PyUnknown) ?? runtime.raise('TypeError', 'bad enum class');
  }
  const body = new Map(keywordsOf(namespace));
  for (const base of bases.items) {
    if (base instanceof PyClass && uniqueMembers(base).length > 0) {
      return runtime.raise('TypeError', `<enum '${name}'> cannot extend <enum '${base.name}'>`);
    }
  }
  const ignored = new Set(['_ignore_', ...ignoredNames(body.get('_ignore_'))]);
  const values = new Map<string, Value>();
  for (const [key, value] of body) {
    if (ignored.has(key)) body.delete(key);
    else if (isMember(runtime, name, key, value)) {
      values.set(key, unwrap(runtime, value));
      body.delete(key);
    } else if (value instanceof PyInstance && value.class_ === wrapperClass(runtime, 'nonmember')) {
      body.set(key, unwrap(runtime, value));
    }
  }
  const maker = body.get('__new__');
  const keywords = new Map(args.keywords);
  keywords.delete('boundary');
  const cls = runtime.makeClass(name, bases.items, body, keywords, metaclass);
  new MemberMaker(runtime, cls, maker === undefined ? undefined : cls.attributes.get('__new__')).makeAll(values);
  // Afterwards `Color(1)` looks members up; a Python `__new__` has done its work.
  if (maker !== undefined) {
    cls.attributes.delete('__new__');
    cls.attributes.set('__new_member__', maker);
  }
  return cls;
}

/** The dict that holds the names of an enum's body: no member may be defined twice. */
export function enumBody(runtime: Runtime): PyDict {
  const body = new PyDict();
  body.class = enumBodyClass(runtime);
  return body;
}

const enumBodyClass = oncePerRuntime((runtime) =>
  nativeClass(runtime, 'enum._EnumDict', {
    bases: [runtime.builtinClass('dict')],
    members: members('enum._EnumDict', {
      '__setitem__(self, key, value, /)': (_, self, key, value) => {
        if (!(self instanceof PyDict) || typeof key !== 'string') return null;
        const known = self.entries.get(keyOf(key));
        if (known !== undefined && isMember(runtime, '', key, known.value)) {
          return runtime.raise('TypeError', `'${key}' already defined as ${runtime.repr(known.value)}`);
        }
        runtime.mutating(self);
        self.entries.set(keyOf(key), { key, value });
        return null;
      },
    }),
  }),
);

function ignoredNames(value: Value | undefined): readonly string[] {
  if (typeof value === 'string') return value.replaceAll(',', ' ').split(/\s+/);
  const items = value instanceof PyList || value instanceof PyTuple ? value.items : [];
  return items.filter((item) => typeof item === 'string');
}

/** Names without underscores around them whose value is no descriptor. */
function isMember(runtime: Runtime, className: string, name: string, value: Value): boolean {
  if (/^_(?:[^_].*)?_$/.test(name) || /^__.*__$/.test(name)) return false;
  if (name.startsWith(`_${className.replace(/^_+/, '')}__`) || name.startsWith('__')) return false;
  if (value === null || typeof value !== 'object') return true;
  switch (value.kind) {
    case 'function':
    case 'native':
    case 'property':
    case 'staticMethod':
    case 'classMethod':
    case 'boundMethod':
      return false;
    case 'instance':
      if (value.class_ === wrapperClass(runtime, 'member')) return true;
      if (value.class_ === wrapperClass(runtime, 'nonmember')) return false;
      return runtime.lookupInClass(value.class_, '__get__') === undefined;
    default:
      return true;
  }
}

function unwrap(runtime: Runtime, value: Value): Value {
  const isWrapped =
    value instanceof PyInstance &&
    (value.class_ === wrapperClass(runtime, 'member') || value.class_ === wrapperClass(runtime, 'nonmember'));
  return isWrapped ? (value.attributes.get('value') ?? null) : value;
}

class MemberMaker {
  readonly #runtime: Runtime;
  readonly #cls: PyClass;
  readonly #ownMaker: Value | undefined;
  readonly #map = new PyDict();
  readonly #names: string[] = [];
  readonly #lastValues: Value[] = [];
  readonly #autoValues = new Map<PyInstance, Value>();

  constructor(runtime: Runtime, cls: PyClass, ownMaker: Value | undefined) {
    this.#runtime = runtime;
    this.#cls = cls;
    this.#ownMaker = ownMaker ?? this.#inheritedMaker();
  }

  makeAll(values: ReadonlyMap<string, Value>): void {
    const { attributes } = this.#cls;
    attributes.set('_member_map_', this.#map);
    attributes.set('_member_names_', new PyList(this.#names));
    attributes.set('_value2member_map_', new PyDict());
    attributes.set('_member_type_', this.#dataType() ?? this.#runtime.builtinClass('object'));
    for (const [name, raw] of values) this.#make(name, this.#resolveAuto(name, raw));
    attributes.set('_member_names_', new PyList([...this.#names]));
  }

  #make(name: string, value: Value): void {
    const member = this.#instance(value);
    if (!(member instanceof PyInstance)) return;
    const actual = member.attributes.get('_value_') ?? null;
    this.#lastValues.push(actual);
    const alias = this.#equalMember(actual);
    if (alias !== undefined) {
      this.#register(name, alias);
      return;
    }
    member.attributes.set('_name_', name);
    member.attributes.set('__objclass__', this.#cls);
    member.attributes.set('_sort_order_', this.#names.length);
    this.#register(name, member);
    if (this.#isCanonical(actual)) this.#names.push(name);
    this.#rememberValue(actual, member);
    const initializer = this.#runtime.lookupInClass(this.#cls, '__init__');
    const isOwn =
      initializer !== undefined && initializer !== this.#runtime.builtinClass('object').attributes.get('__init__');
    if (isOwn && !this.#isBuiltinMember('__init__', initializer)) {
      this.#runtime.callMethod(member, '__init__', this.#argumentsOf(value));
    }
  }

  #register(name: string, member: PyInstance): void {
    this.#map.entries.set(keyOf(name), { key: name, value: member });
    this.#cls.attributes.set(name, member);
  }

  #rememberValue(value: Value, member: PyInstance): void {
    const map = this.#cls.attributes.get('_value2member_map_');
    const key = keyOf(value);
    if (map instanceof PyDict && key !== undefined) map.entries.set(key, { key: value, value: member });
  }

  /** A member that is not initialised yet, with its `_value_`. */
  #instance(value: Value): Value {
    const runtime = this.#runtime;
    const args = this.#argumentsOf(value);
    if (this.#ownMaker !== undefined) {
      const callee = unwrapStatic(this.#ownMaker);
      const made = runtime.call(callee, [this.#cls, ...args]);
      if (made instanceof PyInstance && !made.attributes.has('_value_')) {
        made.attributes.set('_value_', made.payload ?? value);
      }
      return made;
    }
    const dataType = this.#dataType();
    const member = new PyInstance(this.#cls);
    if (dataType === undefined) {
      member.attributes.set('_value_', value);
      return member;
    }
    const data = runtime.call(dataType, args);
    if (runtime.isInstance(data, dataType) && data instanceof PyInstance && data.payload === undefined) {
      // A user's class as data type: the member is such an object itself.
      member.attributes = new Map(data.attributes);
    } else member.payload = data;
    member.attributes.set('_value_', data);
    return member;
  }

  #argumentsOf(value: Value): readonly Value[] {
    const isPlainTuple = value instanceof PyTuple && value.namedClass === undefined;
    if (this.#dataType() === this.#runtime.builtinClass('tuple')) return [value];
    return isPlainTuple ? value.items : [value];
  }

  /** The class besides Enum that members are instances of. */
  #dataType(): PyClass | undefined {
    const object = this.#runtime.builtinClass('object');
    return this.#cls.mro.find((candidate) => {
      if (candidate === object || candidate === this.#cls || isEnumClass(candidate)) return false;
      const isBuiltin = candidate.module === 'builtins';
      return isBuiltin || candidate.attributes.has('__new__') || candidate.attributes.has('__dataclass_fields__');
    });
  }

  /** A `__new__` that an enum among the bases defines for its subclasses' members. */
  #inheritedMaker(): Value | undefined {
    for (const ancestor of this.#cls.mro.slice(1)) {
      const maker = isEnumClass(ancestor) ? ancestor.attributes.get('__new_member__') : undefined;
      if (maker !== undefined) return maker;
    }
    return undefined;
  }

  #equalMember(value: Value): PyInstance | undefined {
    const key = keyOf(value);
    for (const { value: member } of this.#map.entries.values()) {
      if (!(member instanceof PyInstance)) continue;
      const own = member.attributes.get('_value_') ?? null;
      if (key === undefined ? this.#runtime.equals(own, value) === true : keyOf(own) === key) return member;
    }
    return undefined;
  }

  /** Flags iterate over single bits only. */
  #isCanonical(value: Value): boolean {
    if (!this.#cls.mro.some(({ name, module }) => name === 'Flag' && module === 'enum')) return true;
    return typeof value !== 'number' || (value > 0 && Number.isInteger(Math.log2(value)));
  }

  #isBuiltinMember(name: string, member: Value): boolean {
    return this.#cls.mro.some((cls) => cls.module === 'builtins' && cls.attributes.get(name) === member);
  }

  #resolveAuto(name: string, value: Value): Value {
    if (value instanceof PyTuple && value.namedClass === undefined) {
      return new PyTuple(value.items.map((item) => this.#resolveAuto(name, item)));
    }
    if (!(value instanceof PyInstance) || value.class_ !== autoClass(this.#runtime)) return value;
    const known = this.#autoValues.get(value);
    if (known !== undefined) return known;
    const made = value.payload instanceof PyTuple ? this.#combine(name, value.payload) : this.#generate(name);
    this.#autoValues.set(value, made);
    return made;
  }

  #combine(name: string, { items }: PyTuple): Value {
    const [operator, left = null, right = null] = items;
    const [a, b] = [this.#resolveAuto(name, left), this.#resolveAuto(name, right)];
    // autoClass puts an operator first.
    return this.#runtime.binary(operator as BinaryOperator, a, b);
  }

  #generate(name: string): Value {
    const generator = unwrapStatic(this.#runtime.lookupInClass(this.#cls, '_generate_next_value_') ?? null);
    const last = new PyList([...this.#lastValues]);
    return this.#runtime.call(generator, [name, 1, this.#names.length, last]);
  }
}

function unwrapStatic(member: Value): Value {
  return member !== null && typeof member === 'object' && member.kind === 'staticMethod' ? member.callee : member;
}

function isEnumClass(cls: PyClass): boolean {
  return cls.mro.some(({ name, module }) => name === 'Enum' && module === 'enum');
}
