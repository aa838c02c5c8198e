/**
 * An estimate of the memory that values take: everything that makes one adds its bytes here, and the budget of the
 * execution that runs (bounds.ts) compares. `new PyList(items)` adds 64 bytes and 8 an item; nothing is taken off when a
 * value is dropped, so that the same program ends at the same place every time.
 */

/** Bytes of all values made so far, in all executions of this process. */
export const allocations = { bytes: 0 };

/** Bytes of objects, as V8 lays them out, and of one more item in an array and one more entry in a map. */
export const BYTES = {
  float: 32,
  object: 64,
  map: 360,
  instance: 340,
  function: 300,
  generator: 600,
  class: 1500,
  item: 8,
  entry: 130,
} as const;
