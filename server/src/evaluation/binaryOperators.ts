/**
 * `left operator right` for every kind of value: numbers (builtins/numbers.ts), sequences, sets, dicts, text formatting,
 * and the methods `__add__`, `__radd__`, `__iadd__` of classes. binary('+', 'a', 'b') -> 'ab'; 1 + "a" raises TypeError.
 */
import type { BinaryOperator } from '../syntax/ast.ts';
import { percentFormat } from './builtins/percentFormat.ts';
import { Fault } from './builtins/fault.ts';
import { arithmetic } from './builtins/numbers.ts';
import { aliasOrigin, unionType } from './builtins/genericAlias.ts';
import { allocations, BYTES } from './allocations.ts';
import { bitLength } from './builtins/integers.ts';
import type { Executor } from './executor.ts';
import { tooLarge } from './tooLarge.ts';
import { callDirect } from './calls.ts';
import {
  NOT_IMPLEMENTED,
  PyBytes,
  PyClass,
  PyDict,
  PyFunction,
  PyInstance,
  PyList,
  PySet,
  PyTuple,
  PyUnknown,
  type Value,
} from './values.ts';

interface OperatorMethods {
  readonly direct: string;
  readonly reflected: string;
  readonly inPlace: string;
}

export const OPERATOR_METHODS: Readonly<Record<BinaryOperator, OperatorMethods>> = {
  '+': methods('add'),
  '-': methods('sub'),
  '*': methods('mul'),
  '/': methods('truediv'),
  '//': methods('floordiv'),
  '%': methods('mod'),
  '**': methods('pow'),
  '@': methods('matmul'),
  '<<': methods('lshift'),
  '>>': methods('rshift'),
  '&': methods('and'),
  '|': methods('or'),
  '^': methods('xor'),
};

export function binary(executor: Executor, operator: BinaryOperator, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = smallArithmetic(operator, left, right);
    if (result !== undefined) return result;
  }
  return binaryAs(executor, operator, left, right, '');
}

/** `suffix` is "=" in messages about `+=` and the like. */
function binaryAs(executor: Executor, operator: BinaryOperator, left: Value, right: Value, suffix: '' | '='): Value {
  const custom = dispatch(executor, operator, left, right);
  // None is null: only undefined means that there is no result.
  if (custom !== undefined) return custom;
  if (hasDeclined(executor, operator, left, right)) return unsupported(executor, operator, left, right, suffix);
  const result = builtinBinary(executor, operator, left, right);
  return result === undefined ? unsupported(executor, operator, left, right, suffix) : result;
}

/** `left operator= right`: changes lists, sets and dicts in place, and asks for `__iadd__` first. */
export function inPlace(executor: Executor, operator: BinaryOperator, left: Value, right: Value): Value {
  if (typeof left === 'number') return binaryAs(executor, operator, left, right, '=');
  if (left !== null && typeof left === 'object') {
    const method = customMethod(executor, left, OPERATOR_METHODS[operator].inPlace);
    if (method !== undefined) {
      const result = callDirect(executor, method, [left, right]);
      if (result !== NOT_IMPLEMENTED) return result;
    }
    const changed = changeInPlace(executor, operator, left, right);
    if (changed !== undefined) return changed;
  }
  return binaryAs(executor, operator, left, right, '=');
}

/** What builtin classes themselves do, without asking methods of subclasses; undefined where it is not defined. */
export function builtinBinary(
  executor: Executor,
  operator: BinaryOperator,
  left: Value,
  right: Value,
): Value | undefined {
  if (typeof left === 'bigint' || typeof right === 'bigint') countLongArithmetic(executor, operator, left, right);
  const result = arithmetic(operator, left, right);
  if (result instanceof Fault) return executor.raise(result.exception, result.message);
  if (typeof result === 'bigint') executor.budget.allocate(BYTES.object + (bitLength(result) >> 3));
  if (result !== undefined) return result;
  if (left instanceof PyInstance && left.payload !== undefined) {
    return builtinBinary(executor, operator, left.payload, right);
  }
  if (operator === '%' && typeof left === 'string') return percentFormat(executor, left, right);
  if (left instanceof PyUnknown) return left;
  if (right instanceof PyUnknown) return right;
  if (right instanceof PyInstance && right.payload !== undefined) {
    return builtinBinary(executor, operator, left, right.payload);
  }
  switch (operator) {
    case '+':
      return concatenate(executor, left, right);
    case '*':
      return repeat(executor, left, right) ?? repeat(executor, right, left);
    case '|':
    case '&':
    case '-':
    case '^':
      return combine(executor, operator, left, right);
    default:
      return undefined;
  }
}

/** The method of a class that is not one of Python's builtin ones: user classes and modelled libraries. */
export function customMethod(executor: Executor, value: Value, name: string): Value | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  switch (value.kind) {
    case 'instance':
      return executor.customMember(value.class_, name);
    case 'list':
    case 'dict':
    case 'set':
      return value.class && executor.customMember(value.class, name);
    case 'tuple':
      return value.namedClass && executor.customMember(value.namedClass, name);
    case 'class':
      return value.metaclass && executor.customMember(value.metaclass, name);
    case 'module':
      return value.class_ && executor.customMember(value.class_, name);
    default:
      return undefined;
  }
}

function methods(name: string): OperatorMethods {
  return { direct: `__${name}__`, reflected: `__r${name}__`, inPlace: `__i${name}__` };
}

function smallArithmetic(operator: BinaryOperator, left: number, right: number): number | undefined {
  let result: number;
  switch (operator) {
    case '+':
      result = left + right;
      break;
    case '-':
      result = left - right;
      break;
    case '*':
      result = left * right + 0;
      break;
    case '//':
      if (right === 0) return undefined;
      result = Math.floor(left / right) + 0;
      // Beyond this the quotient of doubles may round up to the next integer.
      if (left > MAX_EXACT_QUOTIENT || left < -MAX_EXACT_QUOTIENT) return undefined;
      break;
    default:
      return undefined;
  }
  return Number.isSafeInteger(result) ? result : undefined;
}

const MAX_EXACT_QUOTIENT = 2 ** 31;

function dispatch(executor: Executor, operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  const names = OPERATOR_METHODS[operator];
  const direct = customMethod(executor, left, names.direct);
  const reflected = customMethod(executor, right, names.reflected);
  if (reflected !== undefined && isReflectedFirst(executor, names.reflected, left, right)) {
    const result = callDirect(executor, reflected, [right, left]);
    if (result !== NOT_IMPLEMENTED) return result;
  }
  if (direct === undefined && reflected !== undefined) {
    const builtin = ownResult(executor, operator, left, right);
    if (builtin !== undefined) return builtin;
  }
  if (direct !== undefined) {
    const result = callDirect(executor, direct, [left, right]);
    if (result !== NOT_IMPLEMENTED) return result;
  }
  // Values of one class are not asked the other way round.
  if (reflected !== undefined && executor.typeOf(left) !== executor.typeOf(right)) {
    const result = callDirect(executor, reflected, [right, left]);
    if (result !== NOT_IMPLEMENTED) return result;
  }
  return undefined;
}

/** Two numbers of one class of Python's, whose own method said no: what its builtin base does is out of reach. */
function hasDeclined(executor: Executor, operator: BinaryOperator, left: Value, right: Value): boolean {
  if (!(left instanceof PyInstance) || !(right instanceof PyInstance) || left.class_ !== right.class_) return false;
  const method = executor.customMember(left.class_, OPERATOR_METHODS[operator].direct);
  return method instanceof PyFunction && left.payload !== undefined && typeof left.payload !== 'string';
}

/** A subclass that overrides the reflected method is asked first. */
function isReflectedFirst(executor: Executor, name: string, left: Value, right: Value): boolean {
  if (!isProperSubclass(executor, right, left)) return false;
  return executor.lookupInClass(executor.typeOf(left), name) !== executor.lookupInClass(executor.typeOf(right), name);
}

/** What a number or a text does itself with a value that has a reflected method but is no subclass of its class. */
function ownResult(executor: Executor, operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  const isText = typeof left === 'string' || (left instanceof PyInstance && typeof left.payload === 'string');
  if (operator === '%' && isText) return percentFormat(executor, left, right);
  if (!(right instanceof PyInstance) || right.payload === undefined) return undefined;
  const plain = left instanceof PyInstance && left.payload !== undefined ? left.payload : left;
  // A plain number leaves the first word to a subclass of its class, which has overridden the method.
  if (plain === left && isProperSubclass(executor, right, left)) return undefined;
  const result = arithmetic(operator, plain, right.payload);
  return result instanceof Fault ? executor.raise(result.exception, result.message) : result;
}

export function isProperSubclass(executor: Executor, value: Value, other: Value): boolean {
  const cls = executor.typeOf(value);
  const otherClass = executor.typeOf(other);
  return cls !== otherClass && cls.mro.includes(otherClass);
}

/** Long integers: sums take a time that grows with their length, products and quotients with its square. */
function countLongArithmetic(executor: Executor, operator: BinaryOperator, left: Value, right: Value): void {
  const [a, b] = [left, right].map((side) => (typeof side === 'bigint' ? bitLength(side) >> 6 : 1));
  const isLinear = ['+', '-', '&', '|', '^', '<<', '>>'].includes(operator);
  const words = isLinear ? (a ?? 0) + (b ?? 0) : (a ?? 0) * (b ?? 0);
  executor.budget.step(words >> 6);
}

function concatenate(executor: Executor, left: Value, right: Value): Value | undefined {
  if (typeof left === 'string') {
    if (typeof right === 'string') return joinTexts(executor, left, right);
    const { name } = executor.typeOf(right);
    return executor.raise('TypeError', `can only concatenate str (not "${name}") to str`);
  }
  if (left === null || typeof left !== 'object') return undefined;
  if (left instanceof PyList) {
    if (!(right instanceof PyList)) return cannotConcatenate(executor, 'list', right);
    const size = left.items.length + right.items.length;
    if (executor.budget.isTooLarge(size)) return tooLarge(executor, 'a list', size);
    return new PyList(left.items.concat(right.items));
  }
  if (left instanceof PyTuple) {
    if (!(right instanceof PyTuple)) return cannotConcatenate(executor, 'tuple', right);
    const size = left.items.length + right.items.length;
    if (executor.budget.isTooLarge(size)) return tooLarge(executor, 'a tuple', size);
    return new PyTuple(left.items.concat(right.items));
  }
  if (left instanceof PyBytes && right instanceof PyBytes) {
    const size = left.value.length + right.value.length;
    return executor.budget.isTooLarge(size) ? tooLarge(executor, 'bytes', size) : new PyBytes(left.value + right.value);
  }
  return undefined;
}

/** JavaScript shares the parts of a joined text until somebody looks into it (`Budget.readText`). */
function joinTexts(executor: Executor, left: string, right: string): Value {
  const length = left.length + right.length;
  if (executor.budget.isTooLarge(length)) return tooLarge(executor, 'a text', length);
  allocations.bytes += BYTES.float;
  return left + right;
}

function cannotConcatenate(executor: Executor, name: string, right: Value): never {
  return executor.raise('TypeError', `can only concatenate ${name} (not "${executor.typeOf(right).name}") to ${name}`);
}

function repeat(executor: Executor, sequence: Value, times: Value): Value | undefined {
  const isSequence =
    typeof sequence === 'string' ||
    sequence instanceof PyList ||
    sequence instanceof PyTuple ||
    sequence instanceof PyBytes;
  if (!isSequence) return undefined;
  if (times !== null && typeof times === 'object' && times.kind === 'symbolicInt') {
    return executor.unknown('a sequence repeated a symbolic number of times');
  }
  const index = times instanceof PyInstance ? customMethod(executor, times, '__index__') : undefined;
  if (index !== undefined) return repeat(executor, sequence, callDirect(executor, index, [times]));
  const plain = times instanceof PyInstance && times.payload !== undefined ? times.payload : times;
  const wanted = typeof plain === 'boolean' || typeof plain === 'bigint' ? Number(plain) : plain;
  if (typeof wanted !== 'number') {
    const { name } = executor.typeOf(times);
    return executor.raise('TypeError', `can't multiply sequence by non-int of type '${name}'`);
  }
  const count = Math.max(0, wanted);
  if (typeof sequence === 'string' || sequence instanceof PyBytes) {
    const text = typeof sequence === 'string' ? sequence : sequence.value;
    const length = text.length * count;
    if (executor.budget.isTooLarge(length)) {
      return tooLarge(executor, typeof sequence === 'string' ? 'a text' : 'bytes', length);
    }
    executor.budget.allocate(length);
    return typeof sequence === 'string' ? text.repeat(count) : new PyBytes(text.repeat(count));
  }
  const size = sequence.items.length * count;
  if (executor.budget.isTooLarge(size)) return tooLarge(executor, `a ${sequence.kind}`, size);
  const items = repeatedItems(sequence.items, count);
  return sequence instanceof PyList ? new PyList(items) : new PyTuple(items);
}

function repeatedItems(items: readonly Value[], count: number): Value[] {
  if (items.length === 1) return new Array<Value>(count).fill(items[0] as Value);
  const result: Value[] = [];
  for (let i = 0; i < count; i++) for (const item of items) result.push(item);
  return result;
}

function combine(executor: Executor, operator: '|' | '&' | '-' | '^', left: Value, right: Value): Value | undefined {
  if (left instanceof PyDict && right instanceof PyDict && operator === '|') {
    const merged = new PyDict();
    merged.class = left.class;
    merged.defaultFactory = left.defaultFactory;
    executor.budget.allocate(BYTES.entry * (left.entries.size + right.entries.size));
    merged.entries = new Map([...left.entries, ...right.entries]);
    return merged;
  }
  if (operator === '|' && isTypeLike(left) && isTypeLike(right) && (left !== null || right !== null))
    return unionType(executor, left, right);
  const [a, b] = [setEntries(left), setEntries(right)];
  if (a === undefined || b === undefined) return undefined;
  const result = new PySet(left instanceof PySet && left.isFrozen);
  executor.budget.allocate(BYTES.entry * (a.size + b.size));
  for (const [key, value] of a) {
    if (operator === '|' || (operator === '&') === b.has(key)) result.entries.set(key, value);
  }
  if (operator === '|' || operator === '^') {
    for (const [key, value] of b) if (!a.has(key)) result.entries.set(key, value);
  }
  return result;
}

function isTypeLike(value: Value): boolean {
  if (value === null || value instanceof PyClass) return true;
  return aliasOrigin(value) !== undefined;
}

function setEntries(value: Value): ReadonlyMap<unknown, Value> | undefined {
  if (value instanceof PySet) return value.entries;
  return undefined;
}

function changeInPlace(executor: Executor, operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  if (left instanceof PyList && (operator === '+' || operator === '*')) {
    if (right instanceof PyUnknown) return right;
    const items = operator === '+' ? [...executor.iterate(right)] : undefined;
    executor.mutating(left);
    if (items === undefined) {
      if (typeof right === 'number' && right > 0) executor.budget.grow(left.items.length * right);
      const repeated = repeat(executor, new PyList(left.items), right);
      if (!(repeated instanceof PyList)) return repeated;
      left.items = repeated.items;
    } else {
      executor.budget.grow(left.items.length + items.length);
      for (const item of items) left.items.push(item);
    }
    return left;
  }
  if (left instanceof PyDict && right instanceof PyDict && operator === '|') {
    executor.mutating(left);
    executor.budget.allocate(BYTES.entry * right.entries.size);
    for (const [key, entry] of right.entries) left.entries.set(key, entry);
    return left;
  }
  if (left instanceof PySet && !left.isFrozen && right instanceof PySet) {
    const result = combine(executor, operator as '|' | '&' | '-' | '^', left, right);
    if (!(result instanceof PySet)) return undefined;
    executor.mutating(left);
    left.entries = result.entries;
    return left;
  }
  return undefined;
}

function unsupported(executor: Executor, operator: BinaryOperator, left: Value, right: Value, suffix: '' | '='): never {
  const names = [left, right].map((side) => `'${executor.typeOf(side).name}'`);
  const shown = operator === '**' && suffix === '' ? '** or pow()' : operator + suffix;
  return executor.raise('TypeError', `unsupported operand type(s) for ${shown}: ${names.join(' and ')}`);
}
