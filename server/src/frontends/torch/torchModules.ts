/**
 * Every module of torch that we model, and numpy, by full name, for the executor: they win over files on disk, so
 * that `import torch` never reads PyTorch's own sources.
 */
import { mergeMembers } from '../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../evaluation/nativeModule.ts';
import { functionalTable } from './functional/functionalTable.ts';
import { libraryModules } from './libraries/libraryModules.ts';
import { nnModules } from './nnModules.ts';
import { autogradModules } from './support/autograd.ts';
import { compilationModules } from './support/compilation.ts';
import { deviceModules } from './support/devices.ts';
import { quantizationModules } from './support/quantization.ts';
import { torchTopLevel } from './support/torchTopLevel.ts';
import { torchMembers } from './tensor/torchMembers.ts';
import { torchSubmodules } from './tensor/torchSubmodules.ts';
import { UNMODELLED_MODULES, utilityModules } from './support/torchUtilities.ts';

export const torchModules: readonly NativeModuleDefinition[] = [
  { name: 'torch', members: (runtime) => mergeMembers(torchMembers(runtime), torchTopLevel(runtime)) },
  { name: 'torch.nn.functional', members: () => functionalTable },
  ...nnModules,
  ...compilationModules,
  ...autogradModules,
  ...deviceModules,
  ...quantizationModules,
  ...utilityModules,
  ...libraryModules,
  ...torchSubmodules,
  ...UNMODELLED_MODULES.map((name): NativeModuleDefinition => ({ name, members: () => new Map() })),
];
