/**
 * The modules of Python's standard library that we model, for a project's `nativeModules`.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { abcModule } from './abc.ts';
import { collectionsModule } from './collections.ts';
import { collectionsAbcModule } from './collectionsAbc.ts';
import { copyModule } from './copy.ts';
import { dataclassesModule } from './dataclasses.ts';
import { enumModule } from './enum.ts';
import { contextlibModule } from './contextlib.ts';
import { functoolsModule } from './functools.ts';
import { inspectModule } from './inspect.ts';
import { itertoolsModule } from './itertools.ts';
import { mathModule } from './math.ts';
import { operatorModule } from './operatorModule.ts';
import { systemModules } from './systemModules.ts';
import { typesModule } from './types.ts';
import { typingExtensionsModule, typingModule } from './typing.ts';

export const stdlibModules: readonly NativeModuleDefinition[] = [
  abcModule,
  collectionsModule,
  collectionsAbcModule,
  contextlibModule,
  copyModule,
  dataclassesModule,
  enumModule,
  functoolsModule,
  inspectModule,
  itertoolsModule,
  mathModule,
  operatorModule,
  ...systemModules,
  typesModule,
  typingExtensionsModule,
  typingModule,
];
