/**
 * The module `operator`: operators as functions, itemgetter, attrgetter, methodcaller.
 * itemgetter(1)([5, 6]) -> 6, attrgetter("a.b")(x) -> x.a.b.
 */
import type { BinaryOperator, ComparisonOperator, UnaryOperator } from '../../syntax/ast.ts';
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyList, PyTuple, PyUnknown, type Value } from '../values.ts';
import { integerArgument } from '../builtins/arguments.ts';
import { define, members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { countOf, indexOf } from '../builtins/listMembers.ts';
import { absolute } from '../builtins/numberFunctions.ts';

const BINARY: Readonly<Record<string, BinaryOperator>> = {
  add: '+',
  sub: '-',
  mul: '*',
  truediv: '/',
  floordiv: '//',
  mod: '%',
  pow: '**',
  matmul: '@',
  lshift: '<<',
  rshift: '>>',
  and_: '&',
  or_: '|',
  xor: '^',
  concat: '+',
};

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  is_: 'is',
  is_not: 'is not',
};

const UNARY: Readonly<Record<string, UnaryOperator>> = { neg: '-', pos: '+', invert: '~', inv: '~', not_: 'not' };

export const operatorModule: NativeModuleDefinition = {
  name: 'operator',
  members: () =>
    mergeMembers(
      ...Object.entries(BINARY).map(([name, operator]) =>
        members('operator', { [`${name}(a, b, /)`]: (runtime, a, b) => runtime.binary(operator, a, b) }),
      ),
      ...Object.entries(BINARY).map(([name, operator]) =>
        members('operator', {
          [`i${name.replace('_', '')}(a, b, /)`]: (runtime, a, b) => inPlace(runtime, name, operator, a, b),
        }),
      ),
      ...Object.entries(COMPARISONS).map(([name, operator]) =>
        members('operator', { [`${name}(a, b, /)`]: (runtime, a, b) => runtime.compare(operator, a, b) }),
      ),
      ...Object.entries(UNARY).map(([name, operator]) =>
        members('operator', { [`${name}(a, /)`]: (runtime, a) => runtime.unary(operator, a) }),
      ),
      others,
    ),
};

const others = members('operator', {
  'truth(a, /)': (runtime, a) => runtime.truth(a),
  'abs(a, /)': absolute,
  'index(a, /)': integerArgument,
  'contains(a, b, /)': (runtime, a, b) => runtime.compare('in', b, a),
  'countOf(a, b, /)': (runtime, a, b) => countOf(runtime, [...runtime.iterate(a)], b),
  'indexOf(a, b, /)': (runtime, a, b) => indexOf(runtime, 'sequence', [...runtime.iterate(a)], b, null, null),
  'getitem(a, b, /)': (runtime, a, b) => runtime.getItem(a, b),
  'setitem(a, b, c, /)': (runtime, a, b, c) => {
    runtime.setItem(a, b, c);
    return null;
  },
  'delitem(a, b, /)': (runtime, a, b) => {
    runtime.deleteItem(a, b);
    return null;
  },
  'length_hint(obj, default=0, /)': (runtime, object) => runtime.length(object),
  'call(obj, /, *args, **kwargs)': (runtime, callee, args, kwargs) =>
    runtime.call(callee, args instanceof PyTuple ? args.items : [], keywordsOf(kwargs)),
  'itemgetter(*items)': (_, items) => getter(items, (runtime, object, key) => runtime.getItem(object, key)),
  'attrgetter(*attrs)': (_, names) => getter(names, attributeByPath),
  'methodcaller(name, /, *args, **kwargs)': (_, name, args, kwargs) =>
    define('methodcaller(obj, /)', (runtime, object) => {
      if (typeof name !== 'string') return name;
      return runtime.callMethod(object, name, args instanceof PyTuple ? args.items : [], keywordsOf(kwargs));
    }),
});

/** `__iadd__` and the like where the object has one, else the plain operator. */
function inPlace(runtime: Runtime, name: string, operator: BinaryOperator, a: Value, b: Value): Value {
  const method = `__i${name.replace('_', '')}__`;
  if (a instanceof PyList && operator === '+') {
    runtime.callMethod(a, 'extend', [b]);
    return a;
  }
  const isObject = a !== null && typeof a === 'object' && a.kind === 'instance';
  const found = isObject ? runtime.lookupAttribute(a, method) : undefined;
  return found === undefined ? runtime.binary(operator, a, b) : runtime.call(found, [b]);
}

function getter(keys: Value, read: (runtime: Runtime, object: Value, key: Value) => Value): Value {
  const list = keys instanceof PyTuple ? keys.items : [];
  return define('getter(obj, /)', (runtime, object) => {
    const [only] = list;
    if (list.length === 1 && only !== undefined) return read(runtime, object, only);
    return new PyTuple(list.map((key) => read(runtime, object, key)));
  });
}

function attributeByPath(runtime: Runtime, object: Value, path: Value): Value {
  if (path instanceof PyUnknown || typeof path !== 'string') return path;
  return path.split('.').reduce((value, name) => runtime.getAttribute(value, name), object);
}
