/**
 * What the compiler knows while it turns syntax into closures: the executor that will run them, and the scope of names.
 */
import type { Executor } from './executor.ts';
import type { StaticScope } from './scopes.ts';

export interface CodeContext {
  readonly executor: Executor;
  readonly scope: StaticScope;
}
