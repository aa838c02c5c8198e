/**
 * The module `builtins`: classes, functions and constants that every Python file sees.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { ELLIPSIS, NOT_IMPLEMENTED, type PyClass, type Value } from '../values.ts';
import { createBuiltinClasses } from './builtinClasses.ts';
import { mergeMembers } from './define.ts';

export interface Builtins {
  /** By name, with those that `builtins` does not name in Python (NoneType, function, ...). */
  readonly classes: ReadonlyMap<string, PyClass>;
  /** All names of the module, the classes among them. */
  readonly names: ReadonlyMap<string, Value>;
}

/** Made once for each project, as Python code may change classes. */
export function createBuiltins(): Builtins {
  const classes = createBuiltinClasses();
  return { classes, names: mergeMembers(classes, CONSTANTS) };
}

export const builtinsModule: NativeModuleDefinition = {
  name: 'builtins',
  members: () => createBuiltins().names,
};

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['Ellipsis', ELLIPSIS],
  ['NotImplemented', NOT_IMPLEMENTED],
  ['__debug__', true],
]);
