/**
 * The module `operator`: operators as functions, itemgetter, attrgetter, methodcaller.
 */
import type { BinaryOperator, ComparisonOperator, UnaryOperator } from '../../syntax/ast.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyTuple, type Value } from '../values.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';

const BINARY: Readonly<Record<string, BinaryOperator>> = {
  ...{ add: '+', sub: '-', mul: '*', truediv: '/', floordiv: '//', mod: '%', pow: '**', matmul: '@', concat: '+' },
  ...{ and_: '&', or_: '|', xor: '^', lshift: '<<', rshift: '>>', iadd: '+', isub: '-', imul: '*', itruediv: '/' },
};
const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  ...{ eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=', is_: 'is', is_not: 'is not' },
};
const UNARY: Readonly<Record<string, UnaryOperator>> = { neg: '-', pos: '+', invert: '~', inv: '~', not_: 'not' };

export const operatorModule: NativeModuleDefinition = {
  name: 'operator',
  members: () =>
    mergeMembers(
      table(Object.entries(BINARY), (name, operator) =>
        define(`${name}(a, b, /)`, (runtime, a, b) => runtime.binary(operator, a ?? null, b ?? null), 'operator'),
      ),
      table(Object.entries(COMPARISONS), (name, operator) =>
        define(`${name}(a, b, /)`, (runtime, a, b) => runtime.compare(operator, a ?? null, b ?? null), 'operator'),
      ),
      table(Object.entries(UNARY), (name, operator) =>
        define(`${name}(a, /)`, (runtime, a) => runtime.unary(operator, a ?? null), 'operator'),
      ),
      others,
    ),
};

function table<T>(
  entries: readonly (readonly [string, T])[],
  make: (name: string, operator: T) => Value,
): Map<string, Value> {
  return new Map(entries.map(([name, operator]) => [name, make(name, operator)]));
}

const others = members('operator', {
  'truth(a, /)': (runtime, a) => runtime.truth(a),
  'abs(a, /)': (runtime, a) => runtime.callMethod(a, '__abs__'),
  'index(a, /)': (runtime, a) => runtime.callMethod(a, '__index__'),
  'contains(a, b, /)': (runtime, a, b) => runtime.compare('in', b, a),
  'getitem(a, b, /)': (runtime, a, b) => runtime.getItem(a, b),
  'setitem(a, b, c, /)': (runtime, a, b, c) => {
    runtime.setItem(a, b, c);
    return null;
  },
  'length_hint(obj, default=0, /)': (runtime, object) => runtime.length(object),
  'itemgetter(*items)': (_, items) => getter(items, (runtime, object, key) => runtime.getItem(object, key)),
  'attrgetter(*attrs)': (_, names) => getter(names, attributeByPath),
  'methodcaller(name, /, *args, **kwargs)': (_, name, args, kwargs) =>
    define('methodcaller(obj, /)', (runtime, object) =>
      runtime.callMethod(
        object,
        typeof name === 'string' ? name : '',
        args instanceof PyTuple ? args.items : [],
        keywordsOf(kwargs),
      ),
    ),
});

function getter(keys: Value, read: (runtime: Runtime, object: Value, key: Value) => Value): Value {
  const list = keys instanceof PyTuple ? keys.items : [];
  return define('getter(obj, /)', (runtime, object) => {
    const values = list.map((key) => read(runtime, object ?? null, key));
    return values.length === 1 ? (values[0] ?? null) : new PyTuple(values);
  });
}

function attributeByPath(runtime: Runtime, object: Value, path: Value): Value {
  return (typeof path === 'string' ? path : '')
    .split('.')
    .reduce((value, name) => runtime.getAttribute(value, name), object);
}
