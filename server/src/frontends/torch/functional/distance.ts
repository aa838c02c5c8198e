/**
 * Distances of torch.nn.functional. cosine_similarity(8x64, 8x64) -> 8; pdist(5x3) -> 10.
 */
import type { NativeFunction } from '../../../evaluation/values.ts';
import { cosineSimilarity, pairwiseDistance, selfDistances } from '../../../operators/distance.ts';
import { torchFunction } from '../torchNatives.ts';
import { FUNCTIONAL } from './functionArguments.ts';

export const distanceFunctions: readonly NativeFunction[] = [
  torchFunction('cosine_similarity(x1, x2, dim=1, eps=1e-08)', FUNCTIONAL, (call) =>
    call.record(cosineSimilarity, { dim: call.int('dim') }, [call.tensor('x1'), call.tensor('x2')]),
  ),
  torchFunction('pairwise_distance(x1, x2, p=2.0, eps=1e-06, keepdim=False)', FUNCTIONAL, (call) =>
    call.record(pairwiseDistance, { dim: -1, keepDim: call.boolean('keepdim') }, [
      call.tensor('x1'),
      call.tensor('x2'),
    ]),
  ),
  torchFunction('pdist(input, p=2.0)', FUNCTIONAL, (call) => call.record(selfDistances, {}, [call.tensor('input')])),
];
