/**
 * Flag and IntFlag: members combine by `|`, `&`, `^`, `~`; a combination is a member without a name of its own,
 * the same object each time. `Perm.R in Perm.R | Perm.W` is True.
 */
import type { Runtime } from '../runtime.ts';
import {
  NOT_IMPLEMENTED,
  PyClass,
  PyClassMethod,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyStaticMethod,
  type Value,
} from '../values.ts';
import { keyOf } from '../containers.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { unbox } from '../builtins/unbox.ts';
import { membersOf, uniqueMembers } from './enumCreation.ts';
import { valueOf } from './enumMembers.ts';

export function flagMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  const combine = (symbol: string, compute: (a: number, b: number) => number): Map<string, Value> => {
    const body = (_: Runtime, self: Value, other: Value): Value => {
      const [a, b] = [numberOf(self), numberOf(other)];
      const isFlag = other instanceof PyInstance && other.class_ === (self as PyInstance).class_; // self is a member
      if (a === undefined || b === undefined || (!isFlag && !isIntFlag(self))) return NOT_IMPLEMENTED;
      return flagOf(runtime, runtime.typeOf(self), compute(a, b));
    };
    return members('enum.Flag', { [`__${symbol}__(self, other)`]: body, [`__r${symbol}__(self, other)`]: body });
  };
  return mergeMembers(
    combine('or', (a, b) => a | b),
    combine('and', (a, b) => a & b),
    combine('xor', (a, b) => a ^ b),
    members('enum.Flag', {
      '__invert__(self)': (_, self) => {
        const cls = runtime.typeOf(self);
        const all = uniqueMembers(cls).reduce((bits, member) => bits | (numberOf(member) ?? 0), 0);
        return flagOf(runtime, cls, all & ~(numberOf(self) ?? 0));
      },
      '__contains__(self, other)': (_, self, other) => {
        const [a, b] = [numberOf(self) ?? 0, numberOf(other) ?? 0];
        return (a & b) === b;
      },
      '__bool__(self)': (_, self) => numberOf(self) !== 0,
      '__iter__(self)': (_, self) => new PyIterator(walk(singleFlags(self))),
      '__len__(self)': (_, self) => singleFlags(self).length,
      '__repr__(self)': (_, self) => {
        const name = flagName(self);
        const cls = runtime.typeOf(self).name;
        return name === ''
          ? `<${cls}: ${runtime.repr(valueOf(self))}>`
          : `<${cls}.${name}: ${runtime.repr(valueOf(self))}>`;
      },
      '__str__(self)': (_, self) => {
        const name = flagName(self);
        const cls = runtime.typeOf(self).name;
        return name === '' ? `${cls}(${runtime.repr(valueOf(self))})` : `${cls}.${name}`;
      },
    }),
    new Map<string, Value>([
      [
        '_missing_',
        new PyClassMethod(
          define('_missing_(cls, value)', (_, cls, value) => {
            const number = unbox(value);
            return cls instanceof PyClass && typeof number === 'number' ? flagOf(runtime, cls, number) : null;
          }),
        ),
      ],
      [
        '_generate_next_value_',
        new PyStaticMethod(
          define('_generate_next_value_(name, start, count, last_values)', (_, __, start, ___, last) => {
            const values =
              last instanceof PyList ? last.items.map(unbox).filter((value) => typeof value === 'number') : [];
            if (values.length === 0) return start;
            return 2 ** (Math.floor(Math.log2(Math.max(...values, 1))) + 1);
          }),
        ),
      ],
    ]),
  );
}

/** The member of a number of bits: a defined one, or a combination, which is made once. */
function flagOf(runtime: Runtime, cls: PyClass, bits: number): Value {
  const known = cls.attributes.get('_value2member_map_');
  const map = known instanceof PyDict ? known : new PyDict();
  const found = map.entries.get(keyOf(bits));
  if (found !== undefined) return found.value;
  const all = [...membersOf(cls).values()].reduce((sum, member) => sum | (numberOf(member) ?? 0), 0);
  if ((bits & ~all) !== 0 && !cls.mro.some(({ name }) => name === 'IntFlag')) {
    return runtime.raise('ValueError', `${runtime.repr(cls)} invalid value ${bits}`);
  }
  const member = new PyInstance(cls);
  member.attributes.set('_value_', bits);
  const names = singleFlags(member).map((flag) => flagName(flag));
  member.attributes.set('_name_', names.length > 0 ? names.join('|') : null);
  if (isIntFlag(member)) member.payload = bits;
  runtime.mutating(map);
  map.entries.set(keyOf(bits), { key: bits, value: member });
  return member;
}

function singleFlags(member: Value): readonly PyInstance[] {
  if (!(member instanceof PyInstance)) return [];
  const bits = numberOf(member) ?? 0;
  return uniqueMembers(member.class_).filter((flag) => {
    const own = numberOf(flag) ?? 0;
    return own !== 0 && (bits & own) === own;
  });
}

function flagName(member: Value): string {
  const name = member instanceof PyInstance ? member.attributes.get('_name_') : undefined;
  return typeof name === 'string' ? name : '';
}

function numberOf(value: Value): number | undefined {
  const plain = value instanceof PyInstance && value.payload === undefined ? valueOf(value) : unbox(value);
  return typeof plain === 'number' ? plain : undefined;
}

function isIntFlag(member: Value): boolean {
  return (
    member instanceof PyInstance &&
    member.class_.mro.some(({ name, module }) => name === 'int' && module === 'builtins')
  );
}

function* walk(items: readonly Value[]): Generator<Value, Value> {
  yield* items;
  return null;
}
