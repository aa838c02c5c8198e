/**
 * The one table of operators that all front ends share: name -> { infer, work }.
 */
import { attentionOperators } from './attention.ts';
import { convolutionOperators } from './convolution.ts';
import { deformableConvolutionOperators } from './deformableConvolution.ts';
import { distanceOperators } from './distance.ts';
import { fourierOperators } from './fourier.ts';
import { lossOperators } from './loss.ts';
import { einsumOperators } from './einsum.ts';
import { embeddingOperators } from './embedding.ts';
import { matrixOperators } from './matrix.ts';
import { multiHeadAttentionOperators } from './multiHeadAttention.ts';
import { normalizationOperators } from './normalization.ts';
import type { Operator } from './operator.ts';
import { packedLinearOperators } from './packedLinear.ts';
import { poolingOperators } from './pooling.ts';
import { poolingToSizeOperators } from './poolingToSize.ts';
import { recurrentOperators } from './recurrent.ts';
import { transposedConvolutionOperators } from './transposedConvolution.ts';

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
];

/** Canonical name -> operator. */
export const operatorTable: ReadonlyMap<string, Operator> = new Map(
  allOperators.map((operator) => [operator.name, operator]),
);
