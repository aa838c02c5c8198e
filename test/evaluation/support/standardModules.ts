/**
 * The modelled modules of Python's own library, as the programs of the tests import them.
 */
import type { NativeModuleDefinition } from '../../../server/src/evaluation/nativeModule.ts';
import { functoolsModule } from '../../../server/src/evaluation/stdlib/functools.ts';
import { itertoolsModule } from '../../../server/src/evaluation/stdlib/itertools.ts';
import { mathModule } from '../../../server/src/evaluation/stdlib/math.ts';

export const allStandardModules: readonly NativeModuleDefinition[] = [functoolsModule, itertoolsModule, mathModule];
