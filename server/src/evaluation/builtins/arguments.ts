/**
 * Reads arguments of native functions as JavaScript values: asIndex(runtime, True) -> 1. Raises TypeError in Python's
 * words where the kind is wrong. Unknown and symbolic values come back as `PyUnknown`.
 */
import type { Runtime } from '../runtime.ts';
import { rangeLength } from '../rangeLength.ts';
import { tooLarge } from '../tooLarge.ts';
import {
  PyBytes,
  PyDict,
  PyInstance,
  PyList,
  PyRange,
  PySet,
  PySymbolicInt,
  PyTuple,
  PyUnknown,
  type Value,
} from '../values.ts';
import type { Integer } from './integers.ts';
import { asFloat, asInteger } from './numberValues.ts';
import { unbox } from './unbox.ts';

/** An integer of any length, by `__index__` where the object has one. */
export function integerArgument(runtime: Runtime, value: Value): Integer | PyUnknown {
  const plain = unbox(value);
  const integer = asInteger(plain);
  if (integer !== undefined) return integer;
  if (plain instanceof PyUnknown) return plain;
  if (plain instanceof PySymbolicInt) return runtime.unknown('a symbolic dimension where an exact integer is needed');
  if (value instanceof PyInstance && runtime.lookupInClass(value.class_, '__index__') !== undefined) {
    return integerArgument(runtime, runtime.callMethod(value, '__index__'));
  }
  return runtime.raise('TypeError', `'${runtime.typeOf(value).name}' object cannot be interpreted as an integer`);
}

/** A position or count: integers beyond 2^53 are cut there. */
export function indexArgument(runtime: Runtime, value: Value): number | PyUnknown {
  const integer = integerArgument(runtime, value);
  if (typeof integer !== 'bigint') return integer;
  return integer < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
}

/** A real number as a double, by `__float__` or `__index__` where the object has one. */
export function floatArgument(runtime: Runtime, value: Value): number | PyUnknown {
  const plain = unbox(value);
  const float = asFloat(plain);
  if (float !== undefined) {
    if (typeof plain === 'bigint' && !Number.isFinite(float)) {
      return runtime.raise('OverflowError', 'int too large to convert to float');
    }
    return float;
  }
  if (plain instanceof PyUnknown) return plain;
  if (plain instanceof PySymbolicInt) return runtime.unknown('a symbolic dimension where an exact number is needed');
  if (value instanceof PyInstance) {
    for (const method of ['__float__', '__index__']) {
      if (runtime.lookupInClass(value.class_, method) !== undefined) {
        return floatArgument(runtime, runtime.callMethod(value, method));
      }
    }
  }
  return runtime.raise('TypeError', `must be real number, not ${runtime.typeOf(value).name}`);
}

/** The text of a str or of an instance of its subclasses. */
export function stringArgument(runtime: Runtime, value: Value, what = 'argument'): string | PyUnknown {
  const plain = unbox(value);
  if (typeof plain === 'string' || plain instanceof PyUnknown) return plain;
  return runtime.raise('TypeError', `${what} must be str, not ${runtime.typeOf(value).name}`);
}

export function bytesArgument(runtime: Runtime, value: Value): PyBytes | PyUnknown {
  const plain = unbox(value);
  if (plain instanceof PyBytes || plain instanceof PyUnknown) return plain;
  return runtime.raise('TypeError', `a bytes-like object is required, not '${runtime.typeOf(value).name}'`);
}

export function listArgument(runtime: Runtime, value: Value): PyList {
  return value instanceof PyList ? value : wrongReceiver(runtime, 'list', value);
}

export function tupleArgument(runtime: Runtime, value: Value): PyTuple {
  return value instanceof PyTuple ? value : wrongReceiver(runtime, 'tuple', value);
}

export function dictArgument(runtime: Runtime, value: Value): PyDict {
  return value instanceof PyDict ? value : wrongReceiver(runtime, 'dict', value);
}

export function setArgument(runtime: Runtime, value: Value): PySet {
  return value instanceof PySet ? value : wrongReceiver(runtime, 'set', value);
}

/** All items of an iterable, or the unknown that it is. Every item counts as a step. */
export function itemsOf(runtime: Runtime, iterable: Value): Value[] | PyUnknown {
  if (iterable instanceof PyUnknown) return iterable;
  if (iterable instanceof PyList || iterable instanceof PyTuple) return [...runtime.iterate(iterable)];
  const { budget } = runtime;
  if (iterable instanceof PyRange) {
    const size = rangeLength(iterable);
    if (budget.isTooLarge(size)) return tooLarge(runtime, 'a range', size);
  }
  const items: Value[] = [];
  for (const item of runtime.iterate(iterable)) {
    items.push(item);
    if (items.length % ITEMS_BETWEEN_COUNTS === 0) budget.grow(items.length);
  }
  return items;
}

/** Items of an iterable of unknown length are counted in this many. */
const ITEMS_BETWEEN_COUNTS = 1 << 16;

function wrongReceiver(runtime: Runtime, expected: string, value: Value): never {
  return runtime.raise(
    'TypeError',
    `descriptor requires a '${expected}' object but received a '${runtime.typeOf(value).name}'`,
  );
}
