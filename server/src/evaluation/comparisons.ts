/**
 * `==`, `<`, `in`, `is` and their negations, for every kind of value; user classes by `__eq__`, `__lt__`, `__contains__`.
 * equals([1, N], [1, 3]) is unknown where N is symbolic; equals([1, N], [2, 3]) is false all the same.
 */
import type { ComparisonOperator } from '../syntax/ast.ts';
import { customMethod, isProperSubclass } from './binaryOperators.ts';
import { compareNumbers, numbersEqual } from './builtins/numbers.ts';
import { callDirect } from './calls.ts';
import { hashKey } from './builtins/containerCreation.ts';
import type { Executor } from './executor.ts';
import { rangeLength } from './rangeLength.ts';
import {
  NOT_IMPLEMENTED,
  PyBoundMethod,
  PyBytes,
  PyDict,
  PyInstance,
  PyList,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  PyUnknown,
  type Value,
} from './values.ts';

type Ordering = '<' | '<=' | '>' | '>=';

interface ComparisonMethods {
  readonly direct: string;
  readonly reflected: string;
}

const COMPARISON_METHODS: Readonly<Record<Ordering | '==' | '!=', ComparisonMethods>> = {
  '==': { direct: '__eq__', reflected: '__eq__' },
  '!=': { direct: '__ne__', reflected: '__ne__' },
  '<': { direct: '__lt__', reflected: '__gt__' },
  '<=': { direct: '__le__', reflected: '__ge__' },
  '>': { direct: '__gt__', reflected: '__lt__' },
  '>=': { direct: '__ge__', reflected: '__le__' },
};

export function compare(executor: Executor, operator: ComparisonOperator, left: Value, right: Value): Value {
  switch (operator) {
    case 'is':
      return isSame(left, right);
    case 'is not':
      return not(isSame(left, right));
    case 'in':
      return contains(executor, right, left);
    case 'not in':
      return not(contains(executor, right, left));
    case '==':
      return compareEqual(executor, left, right);
    case '!=':
      return compareDifferent(executor, left, right);
    default:
      return compareOrder(executor, operator, left, right);
  }
}

/** Python's `==` as a fact. */
export function equals(executor: Executor, left: Value, right: Value): boolean | PyUnknown {
  const result = compareEqual(executor, left, right);
  return typeof result === 'boolean' ? result : executor.truth(result);
}

/** `item in container`. */
export function contains(executor: Executor, container: Value, item: Value): boolean | PyUnknown {
  const method = customMethod(executor, container, '__contains__');
  if (method !== undefined) return executor.truth(callDirect(executor, method, [container, item]));
  if (container instanceof PyUnknown) return container;
  if (container instanceof PyInstance && typeof container.payload === 'string') {
    return contains(executor, container.payload, item);
  }
  if (typeof container === 'string') {
    executor.budget.readText(container);
    return containsText(executor, container, item);
  }
  if (container instanceof PyBytes) {
    if (typeof item === 'number') return container.value.includes(String.fromCharCode(item));
    return item instanceof PyBytes ? container.value.includes(item.value) : executor.unknown('bytes in bytes');
  }
  if (container instanceof PyDict || container instanceof PySet) return containsKey(executor, container, item);
  if (container instanceof PyRange && typeof item === 'number') {
    const { start, stop, step } = container;
    const isInside = step > 0 ? item >= start && item < stop : item <= start && item > stop;
    return isInside && (item - start) % step === 0;
  }
  const items = container instanceof PyList || container instanceof PyTuple ? container.items : undefined;
  executor.budget.step((items?.length ?? 0) >> 3);
  return containsItem(executor, items ?? executor.iterate(container), item);
}

/** Equality that Python's builtin classes define; a subclass's own `__eq__` is not asked for the two values themselves. */
export function builtinEquals(executor: Executor, left: Value, right: Value): boolean | PyUnknown {
  if (left === right) return !isNotANumber(left);
  if (left instanceof PyUnknown) return left;
  if (right instanceof PyUnknown) return right;
  const numeric = numbersEqual(left, right);
  if (numeric !== undefined) return numeric;
  if (left === null || right === null) return false;
  if (left instanceof PyInstance && left.payload !== undefined) return builtinEquals(executor, left.payload, right);
  if (right instanceof PyInstance && right.payload !== undefined) return builtinEquals(executor, left, right.payload);
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  executor.step(1);
  if (left instanceof PyTuple && right instanceof PyTuple) return itemsEqual(executor, left.items, right.items);
  if (left instanceof PyList && right instanceof PyList) return itemsEqual(executor, left.items, right.items);
  if (left instanceof PyDict && right instanceof PyDict) return dictsEqual(executor, left, right);
  if (left instanceof PySet && right instanceof PySet) {
    executor.budget.step(left.entries.size >> 3);
    return left.entries.size === right.entries.size && [...left.entries.keys()].every((key) => right.entries.has(key));
  }
  if (left instanceof PyBytes && right instanceof PyBytes) {
    executor.budget.readText(left.value);
    return left.value === right.value;
  }
  if (left instanceof PyRange && right instanceof PyRange) return rangesEqual(left, right);
  if (left instanceof PyBoundMethod && right instanceof PyBoundMethod) {
    return left.self === right.self && left.callee === right.callee;
  }
  if (left instanceof PySlice && right instanceof PySlice) {
    return itemsEqual(executor, [left.lower, left.upper, left.step], [right.lower, right.upper, right.step]);
  }
  return false;
}

function isNotANumber(value: Value): boolean {
  return value !== null && typeof value === 'object' && value.kind === 'float' && Number.isNaN(value.value);
}

/** Order that builtin classes define: negative, 0, positive or NaN; undefined where there is none. */
export function builtinOrder(executor: Executor, left: Value, right: Value): number | PyUnknown | undefined {
  const [a, b] = [payloadOf(left), payloadOf(right)];
  if (a instanceof PyUnknown) return a;
  if (b instanceof PyUnknown) return b;
  const numeric = compareNumbers(a, b);
  if (numeric !== undefined) return numeric;
  if (typeof a === 'string' && typeof b === 'string') {
    executor.budget.readText(a);
    return compareText(a, b);
  }
  if (a instanceof PyBytes && b instanceof PyBytes) return compareText(a.value, b.value);
  if (a instanceof PyList && b instanceof PyList) return compareItems(executor, a.items, b.items);
  if (a instanceof PyTuple && b instanceof PyTuple) return compareItems(executor, a.items, b.items);
  return undefined;
}

function compareEqual(executor: Executor, left: Value, right: Value): Value {
  if (typeof left === 'string') executor.budget.readText(left);
  if (left === right && (left === null || typeof left !== 'object')) return true;
  const custom = dispatch(executor, '==', left, right);
  if (custom !== undefined) return custom;
  return bothCompareThemselves(executor, left, right) ? left === right : builtinEquals(executor, left, right);
}

function compareDifferent(executor: Executor, left: Value, right: Value): Value {
  const custom = dispatch(executor, '!=', left, right);
  if (custom !== undefined) return custom;
  const isDeclined = [left, right].every((side) => tellsApart(executor, side));
  if (isDeclined || bothCompareThemselves(executor, left, right)) return left !== right;
  return not(builtinEquals(executor, left, right));
}

/** Whether a value has a `__ne__` of its class, or one that turns its `__eq__` round. */
function tellsApart(executor: Executor, side: Value): boolean {
  if (customMethod(executor, side, '__ne__') !== undefined) return true;
  const isPlain = side instanceof PyInstance && side.payload === undefined;
  return isPlain && customMethod(executor, side, '__eq__') !== undefined;
}

/** Whether both have an `__eq__` of their class, which declined: what they are builtin subclasses of does not count. */
function bothCompareThemselves(executor: Executor, left: Value, right: Value): boolean {
  return [left, right].every((side) => customMethod(executor, side, '__eq__') !== undefined);
}

function compareOrder(executor: Executor, operator: Ordering, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return holds(operator, left - right);
  const custom = dispatch(executor, operator, left, right);
  if (custom !== undefined) return custom;
  if (left instanceof PySet && right instanceof PySet) {
    executor.budget.step((left.entries.size + right.entries.size) >> 3);
    return compareSets(operator, left, right);
  }
  const order = builtinOrder(executor, left, right);
  if (typeof order === 'number') return holds(operator, order);
  if (order !== undefined) return order;
  const names = [left, right].map((side) => `'${executor.typeOf(side).name}'`);
  return executor.raise('TypeError', `'${operator}' not supported between instances of ${names.join(' and ')}`);
}

function dispatch(executor: Executor, operator: Ordering | '==' | '!=', left: Value, right: Value): Value | undefined {
  // Most values compare as their builtin class does.
  if (isBuiltinValue(left) && isBuiltinValue(right)) return undefined;
  const names = COMPARISON_METHODS[operator];
  // A subclass is asked first.
  const isReflectedFirst = isProperSubclass(executor, right, left);
  if (isReflectedFirst) {
    const result = ask(executor, names.reflected, right, left);
    if (result !== NOT_IMPLEMENTED) return result;
  }
  const result = ask(executor, names.direct, left, right);
  if (result !== NOT_IMPLEMENTED) return result;
  if (isReflectedFirst) return undefined;
  const reflected = ask(executor, names.reflected, right, left);
  return reflected === NOT_IMPLEMENTED ? undefined : reflected;
}

function isBuiltinValue(value: Value): boolean {
  return value === null || typeof value !== 'object' || value.kind === 'float' || value.kind === 'symbolicInt';
}

/** What a value's own method says; NotImplemented where its class has none. */
function ask(executor: Executor, name: string, self: Value, other: Value): Value {
  const method = customMethod(executor, self, name);
  if (method !== undefined) return callDirect(executor, method, [self, other]);
  // `object.__ne__` turns `__eq__` round; the builtin classes have a `__ne__` themselves.
  if (name !== '__ne__' || !(self instanceof PyInstance) || self.payload !== undefined) return NOT_IMPLEMENTED;
  const equal = customMethod(executor, self, '__eq__');
  if (equal === undefined) return NOT_IMPLEMENTED;
  const result = callDirect(executor, equal, [self, other]);
  return result === NOT_IMPLEMENTED ? result : not(executor.truth(result));
}

function isSame(left: Value, right: Value): boolean | PyUnknown {
  if (left === right) return true;
  if (left instanceof PyUnknown) return left;
  if (right instanceof PyUnknown) return right;
  if (left instanceof PyTuple && right instanceof PyTuple) return left.items.length === 0 && right.items.length === 0;
  return false;
}

function not(value: boolean | PyUnknown): boolean | PyUnknown {
  return typeof value === 'boolean' ? !value : value;
}

function holds(operator: Ordering, order: number): boolean {
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function payloadOf(value: Value): Value {
  return value instanceof PyInstance && value.payload !== undefined ? value.payload : value;
}

/** By code points, as Python orders text. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    if (left.charCodeAt(i) === right.charCodeAt(i)) continue;
    return (left.codePointAt(i) ?? 0) - (right.codePointAt(i) ?? 0);
  }
  return left.length - right.length;
}

/** False as soon as two items differ for certain, unknown where that is left open. */
function itemsEqual(executor: Executor, left: readonly Value[], right: readonly Value[]): boolean | PyUnknown {
  if (left.length !== right.length) return false;
  executor.budget.step(left.length >> 3);
  let open: PyUnknown | undefined;
  for (let i = 0; i < left.length; i++) {
    const result = sameOrEqual(executor, left[i] as Value, right[i] as Value);
    if (result === false) return false;
    if (result !== true) open = result;
  }
  return open ?? true;
}

function sameOrEqual(executor: Executor, left: Value, right: Value): boolean | PyUnknown {
  return left === right && !(left instanceof PyUnknown) ? true : equals(executor, left, right);
}

function dictsEqual(executor: Executor, left: PyDict, right: PyDict): boolean | PyUnknown {
  if (left.entries.size !== right.entries.size) return false;
  executor.budget.step(left.entries.size >> 3);
  let open: PyUnknown | undefined;
  for (const [key, { value }] of left.entries) {
    const other = right.entries.get(key);
    if (other === undefined) return false;
    const result = sameOrEqual(executor, value, other.value);
    if (result === false) return false;
    if (result !== true) open = result;
  }
  return open ?? true;
}

function rangesEqual(left: PyRange, right: PyRange): boolean {
  const count = rangeLength(left);
  if (count !== rangeLength(right)) return false;
  return count === 0 || (left.start === right.start && (count === 1 || left.step === right.step));
}

function compareItems(
  executor: Executor,
  left: readonly Value[],
  right: readonly Value[],
): number | PyUnknown | undefined {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [left[i] as Value, right[i] as Value];
    const same = sameOrEqual(executor, a, b);
    if (same instanceof PyUnknown) return same;
    if (same) continue;
    const isLess = compareOrder(executor, '<', a, b);
    if (isLess instanceof PyUnknown) return isLess;
    return isLess === true ? -1 : 1;
  }
  return left.length - right.length;
}

function compareSets(operator: Ordering, left: PySet, right: PySet): boolean {
  const [small, large] = operator === '<' || operator === '<=' ? [left, right] : [right, left];
  const isSubset = [...small.entries.keys()].every((key) => large.entries.has(key));
  const isStrict = operator === '<' || operator === '>';
  return isSubset && (!isStrict || small.entries.size < large.entries.size);
}

function containsText(executor: Executor, text: string, item: Value): boolean | PyUnknown {
  const plain = payloadOf(item);
  if (typeof plain === 'string') return text.includes(plain);
  if (plain instanceof PyUnknown) return plain;
  const { name } = executor.typeOf(item);
  return executor.raise('TypeError', `'in <string>' requires string as left operand, not ${name}`);
}

function containsKey(executor: Executor, container: PyDict | PySet, item: Value): boolean | PyUnknown {
  const key = hashKey(executor, item);
  if (key instanceof PyUnknown) return container.entries.size === 0 ? false : key;
  return container.entries.has(key);
}

function containsItem(executor: Executor, items: Iterable<Value>, item: Value): boolean | PyUnknown {
  let open: PyUnknown | undefined;
  for (const candidate of items) {
    const result = sameOrEqual(executor, candidate, item);
    if (result === true) return true;
    if (result !== false) open = result;
  }
  return open ?? false;
}
