/**
 * What enum members offer: name, value, repr ("<Color.RED: 1>"), str ("Color.RED"), hash, and the hooks of the class
 * (`_missing_`, `_generate_next_value_`).
 */
import type { Runtime } from '../runtime.ts';
import { PyClassMethod, PyInstance, PyList, PyProperty, PyStaticMethod, type Value } from '../values.ts';
import { addIntegers } from '../builtins/integers.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { formatValue } from '../builtins/format.ts';
import { asInteger } from '../builtins/numberValues.ts';
import { identityOf } from '../builtins/objectMembers.ts';

export function enumMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  return mergeMembers(
    members('enum.Enum', {
      '__repr__(self)': (_, self) => `<${runtime.typeOf(self).name}.${nameOf(self)}: ${runtime.repr(valueOf(self))}>`,
      '__str__(self)': (_, self) => `${runtime.typeOf(self).name}.${nameOf(self)}`,
      '__format__(self, format_spec)': (_, self, spec) =>
        formatValue(runtime, runtime.str(self), typeof spec === 'string' ? spec : ''),
      '__hash__(self)': (_, self) => identityOf(runtime, self),
      '__copy__(self)': (_, self) => self,
      '__deepcopy__(self, memo)': (_, self) => self,
      '__reduce_ex__(self, protocol)': () => runtime.unknown('pickling is not modelled'),
    }),
    new Map<string, Value>([
      ['name', new PyProperty(define('name(self)', (_, self) => nameOf(self)))],
      ['value', new PyProperty(define('value(self)', (_, self) => valueOf(self)))],
      ['_missing_', new PyClassMethod(define('_missing_(cls, value)', () => null))],
      [
        '_generate_next_value_',
        new PyStaticMethod(define('_generate_next_value_(name, start, count, last_values)', nextValue)),
      ],
    ]),
  );
}

/** Of IntEnum, StrEnum and IntFlag: str and format are the value's. */
export function plainTextMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  return members('enum.ReprEnum', {
    '__str__(self)': (_, self) => runtime.str(valueOf(self)),
    '__format__(self, format_spec)': (_, self, spec) =>
      formatValue(runtime, valueOf(self), typeof spec === 'string' ? spec : ''),
  });
}

/** StrEnum: `auto()` is the name in lower case. */
export function strEnumMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  const lowerName = define('_generate_next_value_(name, start, count, last_values)', (_, name) =>
    typeof name === 'string' ? name.toLowerCase() : name,
  );
  return mergeMembers(plainTextMembers(runtime), new Map([['_generate_next_value_', new PyStaticMethod(lowerName)]]));
}

/** One more than the largest value so far. */
function nextValue(runtime: Runtime, _: Value, start: Value, __: Value, lastValues: Value): Value {
  const values = lastValues instanceof PyList ? lastValues.items : [];
  const numbers = values.map((value) => asInteger(value instanceof PyInstance ? (value.payload ?? value) : value));
  const known = numbers.filter((value) => value !== undefined);
  if (known.length === 0) return start;
  const largest = known.reduce((a, b) => (a > b ? a : b));
  return known.length < values.length
    ? runtime.unknown('auto() after values that are no numbers')
    : addIntegers(largest, 1);
}

export function nameOf(member: Value): string {
  const name = member instanceof PyInstance ? member.attributes.get('_name_') : undefined;
  return typeof name === 'string' ? name : 'None';
}

export function valueOf(member: Value): Value {
  return (member instanceof PyInstance ? member.attributes.get('_value_') : undefined) ?? null;
}
