/**
 * One value for each runtime, made when it is first asked for: the classes of a modelled library that several of its
 * modules share.
 */
import type { Runtime } from '../runtime.ts';

export function oncePerRuntime<T>(make: (runtime: Runtime) => T): (runtime: Runtime) => T {
  const made = new WeakMap<Runtime, { readonly value: T }>();
  return (runtime) => {
    let entry = made.get(runtime);
    if (entry === undefined) {
      entry = { value: make(runtime) };
      made.set(runtime, entry);
    }
    return entry.value;
  };
}
