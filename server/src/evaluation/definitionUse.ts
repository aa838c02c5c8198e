/**
 * Which functions the texts of modules used while they ran: called them, or read their defaults or documentation. What
 * stands in the other ones cannot have been seen by any module's text.
 */

const used = new WeakSet<object>();
let isLoading = false;

/** Runs the text of a module, or (`loads` false) what is no part of one. */
export function withDefinitionUse<T>(loads: boolean, body: () => T): T {
  const outer = isLoading;
  isLoading = loads;
  try {
    return body();
  } finally {
    isLoading = outer;
  }
}

/** A function of this definition is called, or something is read of it that an edit of it may change. */
export function noteDefinitionUse(definition: object): void {
  if (isLoading) used.add(definition);
}

/** Whether the text of a module used it so far. */
export function isDefinitionUsed(definition: object): boolean {
  return used.has(definition);
}
