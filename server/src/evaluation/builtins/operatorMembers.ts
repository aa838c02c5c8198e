/**
 * Dunder methods of builtin classes, for `super().__getitem__(i)`, `int.__add__(1, 2)` and unbound use; the executor
 * itself does not go through them. They see the plain value behind a subclass instance.
 */
import type { BinaryOperator, ComparisonOperator } from '../../syntax/ast.ts';
import type { Runtime } from '../runtime.ts';
import { NOT_IMPLEMENTED, PyIterator, PyUnknown, type Value } from '../values.ts';
import { define, isUnknown } from './define.ts';
import { formatPlain } from './format.ts';
import { Fault } from './fault.ts';
import { isNumber } from './numberValues.ts';
import { arithmetic, unaryArithmetic } from './numbers.ts';
import { plainView } from './plainView.ts';

const BINARY_NAMES: Readonly<Record<BinaryOperator, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '@': 'matmul',
  '<<': 'lshift',
  '>>': 'rshift',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
};

const COMPARISON_NAMES: Readonly<Partial<Record<ComparisonOperator, string>>> = {
  '==': '__eq__',
  '!=': '__ne__',
  '<': '__lt__',
  '<=': '__le__',
  '>': '__gt__',
  '>=': '__ge__',
};

/** `__add__`, `__radd__` and the like of a class of numbers. */
export function numberOperators(owner: string, operators: readonly BinaryOperator[]): Map<string, Value> {
  const table = new Map<string, Value>();
  for (const operator of operators) {
    const name = BINARY_NAMES[operator];
    add(table, owner, `__${name}__(self, other, /)`, (runtime, self, other) =>
      calculate(runtime, operator, plainView(self), plainView(other)),
    );
    add(table, owner, `__r${name}__(self, other, /)`, (runtime, self, other) =>
      calculate(runtime, operator, plainView(other), plainView(self)),
    );
  }
  for (const [operator, name] of UNARY_NAMES) {
    add(table, owner, `${name}(self, /)`, (_, self) => unaryArithmetic(operator, plainView(self)) ?? NOT_IMPLEMENTED);
  }
  return table;
}

const UNARY_NAMES = [
  ['-', '__neg__'],
  ['+', '__pos__'],
  ['~', '__invert__'],
] as const;

/** `__add__`, `__mul__` and the like of a class of sequences, sets or dicts. */
export function containerOperators(owner: string, operators: readonly BinaryOperator[]): Map<string, Value> {
  const table = new Map<string, Value>();
  for (const operator of operators) {
    const name = BINARY_NAMES[operator];
    add(table, owner, `__${name}__(self, other, /)`, (runtime, self, other) =>
      isCompatible(operator, self, other)
        ? runtime.binary(operator, plainView(self), plainView(other))
        : NOT_IMPLEMENTED,
    );
    if (operator !== '*') continue;
    add(table, owner, '__rmul__(self, other, /)', (runtime, self, other) =>
      runtime.binary('*', plainView(self), plainView(other)),
    );
  }
  return table;
}

/** `__eq__` and `__ne__`, and the orders where the class has them. */
export function comparisonMembers(owner: string, hasOrder: boolean): Map<string, Value> {
  const table = new Map<string, Value>();
  for (const [operator, name] of Object.entries(COMPARISON_NAMES)) {
    if (!hasOrder && operator !== '==' && operator !== '!=') continue;
    add(table, owner, `${name}(self, other, /)`, (runtime, self, other) => {
      const [a, b] = [plainView(self), plainView(other)];
      if (isUnknown(a) || isUnknown(b)) return isUnknown(a) ? a : b;
      // The keys of COMPARISON_NAMES are comparison operators.
      return isSameKind(a, b) ? runtime.compare(operator as ComparisonOperator, a, b) : NOT_IMPLEMENTED;
    });
  }
  return table;
}

/** `__len__`, `__iter__`, `__contains__`, `__getitem__` of a container. */
export function containerProtocol(owner: string): Map<string, Value> {
  const table = new Map<string, Value>();
  add(table, owner, '__len__(self, /)', (runtime, self) => runtime.length(plainView(self)));
  add(table, owner, '__iter__(self, /)', (runtime, self) => iteratorOver(runtime, plainView(self)));
  add(table, owner, '__contains__(self, item, /)', (runtime, self, item) =>
    runtime.compare('in', item, plainView(self)),
  );
  add(table, owner, '__getitem__(self, key, /)', (runtime, self, key) => runtime.getItem(plainView(self), key));
  return table;
}

/** `__repr__`, `__str__`, `__format__`, `__hash__`. */
export function textMembers(owner: string, isHashable: boolean): Map<string, Value> {
  const table = new Map<string, Value>();
  add(table, owner, '__repr__(self, /)', (runtime, self) => runtime.repr(plainView(self)));
  add(table, owner, '__str__(self, /)', (runtime, self) => runtime.str(plainView(self)));
  add(table, owner, '__format__(self, format_spec, /)', (runtime, self, spec) => {
    const plainSpec = plainView(spec);
    return typeof plainSpec === 'string' ? formatPlain(runtime, plainView(self), plainSpec) : plainSpec;
  });
  if (!isHashable) table.set('__hash__', null);
  return table;
}

/** A new iterator over any iterable but an unknown. */
export function iteratorOver(runtime: Runtime, iterable: Value): Value {
  if (iterable instanceof PyUnknown || iterable instanceof PyIterator) return iterable;
  const iterator = runtime.iterate(iterable)[Symbol.iterator]();
  return new PyIterator({
    next: () => {
      const step = iterator.next();
      return step.done === true ? { done: true, value: null } : step;
    },
  });
}

function add(
  table: Map<string, Value>,
  owner: string,
  signature: string,
  body: (runtime: Runtime, ...args: Value[]) => Value,
): void {
  const member = define(signature, body, owner);
  table.set(member.name, member);
}

function calculate(runtime: Runtime, operator: BinaryOperator, left: Value, right: Value): Value {
  const result = arithmetic(operator, left, right);
  if (result instanceof Fault) return runtime.raise(result.exception, result.message);
  if (result !== undefined) return result;
  return [left, right].find(isUnknown) ?? NOT_IMPLEMENTED;
}

/** Whether the builtin class itself answers, so that `runtime.binary` does not come back to the subclass. */
function isCompatible(operator: BinaryOperator, self: Value, other: Value): boolean {
  const plain = plainView(other);
  if (isUnknown(plain) || (operator === '%' && typeof plainView(self) === 'string')) return true;
  return operator === '*' ? isNumber(plain) : isSameKind(plainView(self), plain);
}

function isSameKind(left: Value, right: Value): boolean {
  if (isNumber(left)) return isNumber(right);
  if (left === null || right === null) return left === right;
  if (typeof left !== 'object' || typeof right !== 'object') return typeof left === typeof right;
  return left.kind === right.kind;
}
