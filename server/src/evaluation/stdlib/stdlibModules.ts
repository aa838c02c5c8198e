/**
 * The modules of Python's standard library that we model, for a project's `nativeModules`.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import { abcModule } from './abc.ts';
import { argparseModule } from './argparse.ts';
import { collectionsModule } from './collections.ts';
import { collectionsAbcModule } from './collectionsAbc.ts';
import { contextlibModule } from './contextlib.ts';
import { copyModule } from './copy.ts';
import { dataclassesModule } from './dataclasses.ts';
import { enumModule } from './enum.ts';
import { functoolsModule } from './functools.ts';
import { futureModule, importlibModule, importlibMetadataModule, importlibUtilModule } from './importlib.ts';
import { inspectModule } from './inspect.ts';
import { itertoolsModule } from './itertools.ts';
import { jsonModule } from './json.ts';
import { loggingHandlersModule, loggingModule } from './logging.ts';
import { mathModule } from './math.ts';
import { numbersModule } from './numbers.ts';
import { operatorModule } from './operatorModule.ts';
import { osModule, osPathModule, posixPathModule } from './os.ts';
import { pathlibModule } from './pathlib.ts';
import { reModule } from './re.ts';
import { bisectModule, heapqModule } from './sortedLists.ts';
import { statisticsModule } from './statistics.ts';
import { stringModule, textwrapModule } from './string.ts';
import { platformModule, sysModule } from './sys.ts';
import { typesModule } from './types.ts';
import { typingExtensionsModule, typingModule } from './typing.ts';
import { unknownModules } from './unknownModules.ts';
import { tracebackModule, warningsModule } from './warnings.ts';
import { weakrefModule } from './weakref.ts';

export const stdlibModules: readonly NativeModuleDefinition[] = [
  abcModule,
  argparseModule,
  collectionsModule,
  collectionsAbcModule,
  contextlibModule,
  copyModule,
  dataclassesModule,
  enumModule,
  functoolsModule,
  futureModule,
  importlibModule,
  importlibMetadataModule,
  importlibUtilModule,
  inspectModule,
  itertoolsModule,
  jsonModule,
  loggingHandlersModule,
  loggingModule,
  mathModule,
  numbersModule,
  operatorModule,
  osModule,
  osPathModule,
  posixPathModule,
  pathlibModule,
  reModule,
  bisectModule,
  heapqModule,
  statisticsModule,
  stringModule,
  textwrapModule,
  platformModule,
  sysModule,
  typesModule,
  typingExtensionsModule,
  typingModule,
  ...unknownModules,
  tracebackModule,
  warningsModule,
  weakrefModule,
];
