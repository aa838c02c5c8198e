/**
 * The modules of Python's standard library that we model, for a project's `nativeModules`.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { functoolsModule } from './functools.ts';
import { itertoolsModule } from './itertools.ts';
import { mathModule } from './math.ts';

export const stdlibModules: readonly NativeModuleDefinition[] = [functoolsModule, itertoolsModule, mathModule];
