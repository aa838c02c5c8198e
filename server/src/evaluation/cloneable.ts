/**
 * Instances of modelled libraries with state of their own (a tensor's type, a module's identity) say how they are copied:
 * `copy.copy` takes the clone as it is, `copy.deepcopy` then replaces its attributes by deep copies.
 */
import type { PyInstance, Value } from './values.ts';

export interface Cloneable {
  /** A new object of the same class with the same state and a map of the same attributes. */
  cloneShallow(): PyInstance;
}

export function isCloneable(value: Value): value is PyInstance & Cloneable {
  return (
    value !== null && typeof value === 'object' && 'cloneShallow' in value && typeof value.cloneShallow === 'function'
  );
}
