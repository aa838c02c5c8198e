/**
 * All functions of torch.nn.functional by name, for the module of that name and for the layers of torch.nn:
 * runtime.call(functionalFunction('conv2d'), [x, weight, bias, stride, padding, dilation, groups]).
 */
import { invariant } from '../../../base/assert.ts';
import type { NativeFunction } from '../../../evaluation/values.ts';
import { activationFunctions } from './activation.ts';
import { attentionFunctions } from './attention.ts';
import { convolutionFunctions } from './convolution.ts';
import { distanceFunctions } from './distance.ts';
import { dropoutFunctions } from './dropout.ts';
import { linearFunctions } from './linear.ts';
import { lossFunctions } from './loss.ts';
import { normalizationFunctions } from './normalization.ts';
import { poolingFunctions } from './pooling.ts';
import { resamplingFunctions } from './resampling.ts';

/** "conv2d" -> torch.nn.functional.conv2d, with PyTorch's Python signature. */
export const functionalTable: ReadonlyMap<string, NativeFunction> = new Map(
  [
    ...convolutionFunctions,
    ...linearFunctions,
    ...activationFunctions,
    ...normalizationFunctions,
    ...poolingFunctions,
    ...resamplingFunctions,
    ...dropoutFunctions,
    ...attentionFunctions,
    ...lossFunctions,
    ...distanceFunctions,
  ].map((entry) => [entry.name, entry]),
);

/** A function that the table has; asking for another one is our own mistake. */
export function functionalFunction(name: string): NativeFunction {
  const found = functionalTable.get(name);
  invariant(found !== undefined, `torch.nn.functional.${name} is in the table`);
  return found;
}
