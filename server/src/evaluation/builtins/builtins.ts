/**
 * The module `builtins`: classes, functions and constants that every Python file sees.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { ELLIPSIS, NOT_IMPLEMENTED, type PyClass, type Value } from '../values.ts';
import { createBuiltinClasses } from './builtinClasses.ts';
import { characterFunctions } from './characterFunctions.ts';
import { mergeMembers } from './define.ts';
import { iterationFunctions } from './iterationFunctions.ts';
import { numberFunctions } from './numberFunctions.ts';
import { objectFunctions } from './objectFunctions.ts';
import { outsideFunctions } from './outsideFunctions.ts';

export interface Builtins {
  /** By name, with those that `builtins` does not name in Python (NoneType, function, ...). */
  readonly classes: ReadonlyMap<string, PyClass>;
  /** All names of the module, the classes among them. */
  readonly names: ReadonlyMap<string, Value>;
}

/** Made once for each project, as Python code may change classes. */
export function createBuiltins(): Builtins {
  const classes = createBuiltinClasses();
  const aliases = new Map(ALIASES.map(([name, original]): [string, Value] => [name, classes.get(original) ?? null]));
  return { classes, names: mergeMembers(classes, aliases, ...FUNCTIONS, CONSTANTS) };
}

export const builtinsModule: NativeModuleDefinition = {
  name: 'builtins',
  members: () => createBuiltins().names,
};

const FUNCTIONS = [iterationFunctions, numberFunctions, characterFunctions, objectFunctions, outsideFunctions];

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['Ellipsis', ELLIPSIS],
  ['NotImplemented', NOT_IMPLEMENTED],
  ['__debug__', true],
]);

/** Other names of classes. */
const ALIASES = [
  ['IOError', 'OSError'],
  ['EnvironmentError', 'OSError'],
] as const;
