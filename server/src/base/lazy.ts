/**
 * Values made when they are first asked for: of functions, `const latency = lazy(() => sum(nodes)); latency()`, and of
 * fields, `withLazyFields({ name }, { rows: () => makeRows() }).rows`.
 */

export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** `plain` with further fields, each made once. They look like others, also to JSON and to spreading. */
export function withLazyFields<T extends object, L extends object>(
  plain: T,
  makers: { readonly [K in keyof L]: () => L[K] },
): T & L {
  const object = { ...plain } as T & L;
  for (const [name, make] of Object.entries<() => unknown>(makers)) {
    Object.defineProperty(object, name, { enumerable: true, configurable: true, get: lazy(make) });
  }
  return object;
}

/** A copy with other fields, in which lazy ones stay lazy. */
export function copyWith<T extends object>(object: T, changes: Partial<T>): T {
  return Object.defineProperties({} as T, {
    ...Object.getOwnPropertyDescriptors(object),
    ...Object.getOwnPropertyDescriptors(changes),
  });
}
