/**
 * Whether the text of a value is not known: of an unknown, of a symbolic dimension, and of a container that holds one.
 * `str([1, ?])` is unknown, so that no text ever shows an invented value.
 */
import type { Runtime } from '../runtime.ts';
import { PyDict, PyList, PySet, PySymbolicInt, PyTuple, PyUnknown, type Value } from '../values.ts';

export function unknownText(runtime: Runtime, value: Value): PyUnknown | undefined {
  return search(runtime, value, 0);
}

function search(runtime: Runtime, value: Value, depth: number): PyUnknown | undefined {
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) return undefined;
  if (value instanceof PyUnknown) return value;
  if (value instanceof PySymbolicInt) return runtime.unknown('the text of a symbolic dimension');
  runtime.step(1);
  for (const item of itemsWithin(value)) {
    const found = search(runtime, item, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Deeper nesting is not looked into. */
const MAX_DEPTH = 8;

function itemsWithin(value: Value): Iterable<Value> {
  if (value instanceof PyList || value instanceof PyTuple) return value.items;
  if (value instanceof PySet) return value.entries.values();
  if (value instanceof PyDict) return Array.from(value.entries.values()).flatMap((entry) => [entry.key, entry.value]);
  return [];
}
