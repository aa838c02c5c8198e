/**
 * The one table of operators that all front ends share: name -> { infer, work }.
 */
import { activationOperators } from './activation.ts';
import { attentionOperators } from './attention.ts';
import { convolutionOperators } from './convolution.ts';
import { creationOperators } from './creation.ts';
import { deformableConvolutionOperators } from './deformableConvolution.ts';
import { distanceOperators } from './distance.ts';
import { einsumOperators } from './einsum.ts';
import { elementwiseOperators } from './elementwise.ts';
import { embeddingOperators } from './embedding.ts';
import { expandOperators } from './expand.ts';
import { fourierOperators } from './fourier.ts';
import { gatherOperators } from './gather.ts';
import { identityOperators } from './identity.ts';
import { indexingOperators } from './indexing.ts';
import { interpolationOperators } from './interpolation.ts';
import { joinOperators } from './join.ts';
import { lossOperators } from './loss.ts';
import { matrixOperators } from './matrix.ts';
import { multiHeadAttentionOperators } from './multiHeadAttention.ts';
import { normalizationOperators } from './normalization.ts';
import type { Operator } from './operator.ts';
import { packedLinearOperators } from './packedLinear.ts';
import { paddingOperators } from './padding.ts';
import { permuteOperators } from './permute.ts';
import { pixelShuffleOperators } from './pixelShuffle.ts';
import { poolingOperators } from './pooling.ts';
import { poolingToSizeOperators } from './poolingToSize.ts';
import { recurrentOperators } from './recurrent.ts';
import { reductionOperators } from './reduction.ts';
import { reshapeOperators } from './reshape.ts';
import { sortingOperators } from './sorting.ts';
import { statisticsOperators } from './statistics.ts';
import { transposedConvolutionOperators } from './transposedConvolution.ts';
import { unfoldOperators } from './unfold.ts';

/** Every operator, family by family. Names are unique (tested). */
export const allOperators: readonly Operator[] = [
  ...convolutionOperators,
  ...transposedConvolutionOperators,
  ...deformableConvolutionOperators,
  ...matrixOperators,
  ...packedLinearOperators,
  ...einsumOperators,
  ...attentionOperators,
  ...multiHeadAttentionOperators,
  ...normalizationOperators,
  ...poolingOperators,
  ...poolingToSizeOperators,
  ...recurrentOperators,
  ...embeddingOperators,
  ...distanceOperators,
  ...fourierOperators,
  ...lossOperators,
  ...elementwiseOperators,
  ...activationOperators,
  ...identityOperators,
  ...reshapeOperators,
  ...permuteOperators,
  ...expandOperators,
  ...unfoldOperators,
  ...pixelShuffleOperators,
  ...joinOperators,
  ...indexingOperators,
  ...gatherOperators,
  ...sortingOperators,
  ...reductionOperators,
  ...paddingOperators,
  ...interpolationOperators,
  ...creationOperators,
  ...statisticsOperators,
];

/** Canonical name -> operator. */
export const operatorTable: ReadonlyMap<string, Operator> = new Map(
  allOperators.map((operator) => [operator.name, operator]),
);
