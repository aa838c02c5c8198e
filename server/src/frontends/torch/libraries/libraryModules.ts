/**
 * Thin models of libraries that model code imports beside torch; they win over files on disk.
 * timm, torchvision and transformers are read from their sources and are not here.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../../evaluation/nativeModule.ts';
import type { Value } from '../../../evaluation/values.ts';
import { reModule } from '../../../evaluation/stdlib/re.ts';
import { arrayTypeModules } from './arrayTypes.ts';
import { einopsFunctions } from './einops/einopsFunctions.ts';
import { einopsLayers } from './einops/einopsLayers.ts';
import { numpyModules } from './numpy/numpyModule.ts';

export const libraryModules: readonly NativeModuleDefinition[] = [
  { name: 'einops', members: () => new Map(einopsFunctions.map((entry): [string, Value] => [entry.name, entry])) },
  {
    name: 'einops.einops',
    members: () => new Map(einopsFunctions.map((entry): [string, Value] => [entry.name, entry])),
  },
  { name: 'einops.layers', members: () => new Map() },
  { name: 'einops.layers.torch', members: einopsLayers },
  ...numpyModules,
  ...arrayTypeModules,
  // Compiled, with the interface of `re`.
  { ...reModule, name: 'regex' },
  {
    // Its own sources look for a compiled library, and refuse every operator where they find none.
    name: 'torchvision.extension',
    members: () =>
      members('torchvision.extension', {
        '_has_ops()': () => true,
        '_assert_has_ops()': () => null,
        '_check_cuda_version()': () => null,
      }),
  },
];
