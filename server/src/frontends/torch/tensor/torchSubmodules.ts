/**
 * Submodules of torch that hold tensor functions: torch.fft, torch.linalg, torch.special, torch.ops, torch.version.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { NativeModuleDefinition } from '../../../evaluation/nativeModule.ts';
import type { Value } from '../../../evaluation/values.ts';
import { operatorNamespaces } from '../libraries/torchOperators.ts';
import { fourierOperations } from './complexOperations.ts';
import { linearAlgebraOperations } from './linearAlgebra.ts';
import { functionsOf } from './operation.ts';
import { tensorClass } from './tensorClass.ts';
import { tensorOperations } from './tensorOperations.ts';

/** torch.special's name -> torch's. */
const SPECIAL: Readonly<Record<string, string>> = {
  expit: 'sigmoid',
  erf: 'erf',
  erfc: 'erfc',
  erfinv: 'erfinv',
  exp2: 'exp2',
  expm1: 'expm1',
  log1p: 'log1p',
  logit: 'logit',
  gammaln: 'lgamma',
  digamma: 'digamma',
  logsumexp: 'logsumexp',
  softmax: 'softmax',
  log_softmax: 'log_softmax',
  xlogy: 'xlogy',
  round: 'round',
  sinc: 'sinc',
};

function special(): ReadonlyMap<string, Value> {
  const functions = functionsOf(tensorOperations);
  return new Map(Object.entries(SPECIAL).map(([name, original]) => [name, functions.get(original) ?? null]));
}

export const torchSubmodules: readonly NativeModuleDefinition[] = [
  { name: 'torch.fft', members: () => functionsOf(fourierOperations, 'torch.fft') },
  { name: 'torch.linalg', members: () => functionsOf(linearAlgebraOperations, 'torch.linalg') },
  { name: 'torch.special', members: special },
  { name: 'torch.functional', members: () => functionsOf(tensorOperations) },
  { name: 'torch._tensor', members: (runtime) => new Map([['Tensor', tensorClass(runtime)]]) },
  { name: 'torch.types', members: (runtime) => new Map([['Tensor', tensorClass(runtime)]]) },
  {
    name: 'torch.version',
    members: () =>
      new Map<string, Value>([
        ['__version__', '2.14.1'],
        ['cuda', null],
        ['hip', null],
        ['git_version', null],
      ]),
  },
  {
    name: 'torch.random',
    members: () =>
      members('torch.random', {
        'manual_seed(seed)': () => null,
        'seed()': () => 0,
        'initial_seed()': () => 0,
      }),
  },
  ...operatorNamespaces,
];
