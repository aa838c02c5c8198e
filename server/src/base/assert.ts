/**
 * Assertions for our own invariants. User mistakes never come here: they are values (see problems.ts).
 */

/** Marks a switch as exhaustive: does not compile while a case is missing. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value: ${JSON.stringify(value)}`);
}

/** Throws when something that our own code promised does not hold. */
export function invariant(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new InvariantError(promise);
}

/** A broken promise of our own code: never caused by user code alone. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}
