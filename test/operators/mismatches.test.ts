/**
 * What we say where shapes do not fit: the message quotes what was expected and what came.
 */
import { expect, test } from 'vitest';
import { printDim } from '../../server/src/graph/dim.ts';
import { printShape } from '../../server/src/graph/tensorType.ts';
import { scaledDotProductAttention } from '../../server/src/operators/attention.ts';
import { convolution } from '../../server/src/operators/convolution.ts';
import { deformableConvolution } from '../../server/src/operators/deformableConvolution.ts';
import { einsum } from '../../server/src/operators/einsum.ts';
import { embedding, embeddingBag, oneHot } from '../../server/src/operators/embedding.ts';
import { batchMatmul, bilinear, gemm, linear, matmul, outer, tensordot } from '../../server/src/operators/matrix.ts';
import { multiHeadAttention, projectedAttention } from '../../server/src/operators/multiHeadAttention.ts';
import {
  batchNorm,
  groupNorm,
  instanceNorm,
  layerNorm,
  lpNormalize,
  skipLayerNorm,
} from '../../server/src/operators/normalization.ts';
import type { Application } from '../../server/src/operators/operator.ts';
import { packedLinear } from '../../server/src/operators/packedLinear.ts';
import { averagePool, maxPool } from '../../server/src/operators/pooling.ts';
import {
  adaptiveAveragePool,
  fractionalMaxPool,
  globalAveragePool,
  maxUnpool,
} from '../../server/src/operators/poolingToSize.ts';
import { gru, lstm, lstmCell, rnnCell } from '../../server/src/operators/recurrent.ts';
import { transposedConvolution } from '../../server/src/operators/transposedConvolution.ts';
import { call } from './describeCall.ts';

const cases: readonly (readonly [Application, message: string, outputs: string])[] = [
  [
    call(convolution, '1x32x56x56, 128x64x3x3', {}),
    'expected 64 input channels (weight 128x64x3x3), got 1x32x56x56',
    '1x128x54x54',
  ],
  [
    call(convolution, '1x32x56x56, 128x32x3x3', { groups: 2 }),
    'expected 64 input channels (weight 128x32x3x3, 2 groups), got 1x32x56x56',
    '1x128x54x54',
  ],
  [call(convolution, '1xCx8x8, 4x3x12x3', {}), 'the kernel 12x3 is larger than the input 8x8 (axis 0: 8)', '1x4x?x?'],
  [
    call(convolution, '1x3x8x8, 4x3x5x5', { dilation: [2], padding: [[0, 0]] }),
    'the kernel 5x5 (spanning 9) is larger than the input 8x8 (axis 0: 8)',
    '1x4x?x?',
  ],
  [
    call(convolution, '1x3x4x4, 4x3x7x7', { padding: [[1, 1]] }),
    'the kernel 7x7 is larger than the input 4x4 (axis 0: 4, 6 with padding)',
    '1x4x?x?',
  ],
  [call(convolution, '1x3x8x8, 5x1x3x3', { groups: 3 }), '5 output channels do not divide into 3 groups', '1x5x6x6'],
  [call(convolution, '1x3x8x8, 4x3x3x3, 5', {}), 'expected a bias of 4 output channels, got bias 5', '1x4x6x6'],
  [call(convolution, '1x3x8x8, 4x3x3x3', { stride: [1, 2, 3] }), 'stride has 3 entries for 2 spatial axes', '1x4x?x?'],
  [call(convolution, '1x3x8x8, 4x3x3x3', { stride: [0] }), 'the stride must be positive, got 0', '1x4x?x?'],
  [
    call(convolution, '1x3x8x8, 4x3x3x3', { stride: [2], padding: 'same' }),
    "padding 'same' needs stride 1, got stride 2",
    '1x4x?x?',
  ],
  [call(convolution, '3x224, 64x3x7x7', {}), 'expected an input of 3 or 4 axes (weight 64x3x7x7), got 3x224', '?'],
  [call(convolution, '1x3x224x224, 64x3', {}), 'expected a weight of at least 3 axes, got weight 64x3', '?'],
  [
    call(transposedConvolution, '1x32x7x7, 64x32x2x2', {}),
    'expected 64 input channels (weight 64x32x2x2), got 1x32x7x7',
    '1x32x8x8',
  ],
  [
    call(transposedConvolution, '1x4x7x7, 4x2x2x2', { groups: 3 }),
    '4 input channels do not divide into 3 groups',
    '1x6x8x8',
  ],
  [
    call(transposedConvolution, '1x4x7x7, 4x2x2x2', { stride: [2], outputPadding: [2] }),
    'the output padding 2 must be smaller than the stride 2 or the dilation 1',
    '1x2x?x?',
  ],
  [
    call(transposedConvolution, '1x4x1x1, 4x2x2x2', { padding: [[1, 1]] }),
    'the padding leaves nothing of the output: input 1x1, kernel 2x2',
    '1x2x?x?',
  ],
  [
    call(transposedConvolution, '1x4x7x7, 4x2x2x2', { outputShape: [9] }),
    'the output shape 9 has fewer axes than 7x7',
    '1x2x?x?',
  ],
  [
    call(deformableConvolution, '1x3x10x10, 5x3x3x3, 1x18x9x8', {}),
    "the offset 1x18x9x8 does not cover the output's 8x8",
    '1x5x8x8',
  ],
  [
    call(deformableConvolution, '1x3x10x10, 5x3x3x3, 1x17x8x8', {}),
    "the offset's channels must be a multiple of 18, got offset 1x17x8x8",
    '1x5x8x8',
  ],
  [
    call(deformableConvolution, '1x3x10x10, 5x3x3x3, 18x8x8', {}),
    'expected 4 axes in the offset, got offset 18x8x8',
    '1x5x8x8',
  ],
  [call(matmul, '4x5, 6x7', {}), 'cannot multiply 4x5 by 6x7: 5 columns against 6 rows', '4x7'],
  [call(matmul, '2x4x5, 3x5x6', {}), 'cannot multiply 2x4x5 by 3x5x6: the batch axes do not broadcast', '?'],
  [call(matmul, 'scalar, 5x6', {}), 'cannot multiply scalar by 5x6: a scalar is no matrix', '?'],
  [call(linear, '8x256, 1000x512, 1000', {}), 'expected 512 input features (weight 1000x512), got 8x256', '8x1000'],
  [call(linear, '8x512, 1000x512, 999', {}), 'expected a bias of 1000 output features, got bias 999', '8x1000'],
  [call(linear, '8x512, 10x1000x512', {}), 'expected a weight of 1 or 2 axes, got weight 10x1000x512', '?'],
  [
    call(packedLinear, '1x8x4096', { inFeatures: 2048, outFeatures: 11008 }),
    'expected 2048 input features (packed weight 11008x2048), got 1x8x4096',
    '1x8x11008',
  ],
  [call(gemm, '4x5, 4x6', {}), 'cannot multiply 4x5 by 4x6: 5 columns against 4 rows', '4x6'],
  [call(gemm, '4x5, 5x6, 5', {}), 'cannot add 5 to the product 4x6', '4x6'],
  [call(gemm, '1x4x5, 5x6', {}), 'expected two matrices, got 1x4x5 and 5x6', '?'],
  [call(batchMatmul, '3x4x5, 2x5x6', {}), 'the batch sizes differ: 3x4x5 and 2x5x6', '?'],
  [call(batchMatmul, '4x5, 5x6', {}), 'expected two batches of matrices, got 4x5 and 5x6', '?'],
  [call(bilinear, '8x4, 8x6, 7x5x6', {}), 'the inputs do not fit the bilinear weight 7x5x6, got 8x4 and 8x6', '8x7'],
  [call(outer, '4x1, 5', {}), 'expected two vectors, got 4x1 and 5', '?'],
  [
    call(tensordot, '3x4, 5x4', { leftAxes: [0], rightAxes: [0] }),
    'the axes to sum over do not fit: 3x4 over axes [0] and 5x4 over [0]',
    '?',
  ],
  [call(einsum, '4x5, 6x7', { equation: 'ij,jk->ik' }), 'einsum "ij,jk->ik": "j" is 5 and 6', '?'],
  [call(einsum, '2x3x5, 3x3x5', { equation: '...i,...i' }), 'einsum "...i,...i": an axis of "..." is 2 and 3', '?'],
  [call(einsum, '4x5x6, 5x6', { equation: 'ij,jk->ik' }), 'einsum "ij,jk->ik": "ij" names 2 axes, got 4x5x6', '?'],
  [call(einsum, '4x5', { equation: 'ij,jk->ik' }), 'einsum "ij,jk->ik": has 2 operands, got 1 tensors', '?'],
  [
    call(einsum, '4x5, 5x6', { equation: 'ij,jk->il' }),
    'einsum "ij,jk->il": the output\'s "l" stands in no operand',
    '?',
  ],
  [call(einsum, '4x5, 5x6', { equation: 'ij,jk->ii' }), 'einsum "ij,jk->ii": the output names "i" twice', '?'],
  [call(einsum, '4x5', { equation: 'ii' }), 'einsum "ii": "i" is 4 and 5 in 4x5', '?'],
  [call(einsum, '4x5', { equation: 'i1->i' }), 'einsum "i1->i": cannot read "i1"', '?'],
  [call(einsum, '4x5', { equation: 'ij->j->' }), 'einsum "ij->j->": cannot read "ij->j->"', '?'],
  [
    call(scaledDotProductAttention, '2x4x10x16, 2x4x20x8, 2x4x20x16', {}),
    'the widths of query and key differ: query 2x4x10x16, key 2x4x20x8, value 2x4x20x16',
    '2x4x10x16',
  ],
  [
    call(scaledDotProductAttention, '2x4x10x16, 2x4x20x16, 2x4x21x16', {}),
    'the lengths of key and value differ: query 2x4x10x16, key 2x4x20x16, value 2x4x21x16',
    '2x4x10x16',
  ],
  [
    call(scaledDotProductAttention, '2x8x10x16, 2x2x20x16, 2x2x20x16', {}),
    'the batch axes of query, key and value do not broadcast: query 2x8x10x16, key 2x2x20x16, value 2x2x20x16',
    '?',
  ],
  [
    call(scaledDotProductAttention, '2x8x10x16, 2x3x20x16, 2x3x20x16', { enableGqa: true }),
    '8 query heads do not divide into 3 key and value heads: query 2x8x10x16, key 2x3x20x16, value 2x3x20x16',
    '?',
  ],
  [
    call(scaledDotProductAttention, '2x2x10x16, 2x4x20x16, 2x4x20x16', { enableGqa: true }),
    '2 query heads do not divide into 4 key and value heads: query 2x2x10x16, key 2x4x20x16, value 2x4x20x16',
    '?',
  ],
  [
    call(scaledDotProductAttention, '2x4x10x16, 2x4x20x16, 2x4x20x16, 10x21', {}),
    'the mask 10x21 does not broadcast to the scores 2x4x10x20',
    '2x4x10x16',
  ],
  [
    call(scaledDotProductAttention, '16, 16, 16', {}),
    'attention needs at least 2 axes, got query 16, key 16, value 16',
    '?',
  ],
  [
    call(multiHeadAttention, '2x10x128, 2x12x64, 2x12x64', { qNumHeads: 8 }),
    'the widths of query and key heads differ: 2x10x128, 2x12x64, 2x12x64',
    '?x?x?',
  ],
  [
    call(multiHeadAttention, '2x10x128, 2x12x48, 2x12x48', { qNumHeads: 8, kvNumHeads: 3 }),
    '8 query heads do not divide into 3 key and value heads: 2x10x128, 2x12x48, 2x12x48',
    '?x?x?',
  ],
  [
    call(multiHeadAttention, '2x10x128, 2x12x128, 2x12x128', { outputCount: 3 }),
    'expected a query of 3 axes with a number of heads, or of 4, got query, key, value 2x10x128, 2x12x128, 2x12x128',
    '?x?x?, ?x?x?x?, ?x?x?x?',
  ],
  [
    call(multiHeadAttention, '2x10x128, 2x12x128, 2x12x128, 2x8x9x12', { qNumHeads: 8 }),
    'the mask 2x8x9x12 does not broadcast to the scores 2x8x10x12',
    '?x?x?',
  ],
  [
    call(projectedAttention, '2x10x64, 128x192', { numHeads: 4 }),
    'the input 2x10x64 does not fit the weight 128x192',
    '?',
  ],
  [
    call(multiHeadAttention, '2x10x130, 2x12x130, 2x12x130', { qNumHeads: 8 }),
    'a width of 130 does not divide into 8 heads, got query, key, value 2x10x130, 2x12x130, 2x12x130',
    '?x?x?',
  ],
  [
    call(projectedAttention, '2x10x64, 64x192', { numHeads: 5 }),
    'a width of 64 does not divide into 5 heads, weight 64x192',
    '?',
  ],
  [call(batchNorm, '1x32x56x56, 64, 64, 64, 64', {}), 'expected 64 channels, got 1x32x56x56', '1x32x56x56'],
  [call(batchNorm, '64, 64', {}), 'expected a batch and a channel axis, got 64', '64'],
  [call(layerNorm, '8x128x768', { normalizedShape: [512] }), 'expected trailing axes 512, got 8x128x768', '8x128x768'],
  [call(layerNorm, '768', { normalizedShape: [128, 768] }), 'expected trailing axes 128x768, got 768', '768'],
  [
    call(layerNorm, '8x128x768, 512', { normalizedShape: [768] }),
    'expected trailing axes 512, got 8x128x768',
    '8x128x768',
  ],
  [call(layerNorm, '8x128x768', { axis: 3 }), 'expected an axis 3, got 8x128x768', '8x128x768'],
  [call(skipLayerNorm, '2x10x64, 2x10x32, 64', {}), 'cannot add 2x10x32 to 2x10x64', '2x10x64'],
  [call(groupNorm, '2x30x8', { numGroups: 8 }), '30 channels do not divide into 8 groups, got 2x30x8', '2x30x8'],
  [call(groupNorm, '2x32x8, 30', { numGroups: 8 }), 'expected 30 channels, got 2x32x8', '2x32x8'],
  [call(instanceNorm, '2x3x8x8, 5', {}), 'expected 5 channels, got 2x3x8x8', '2x3x8x8'],
  [call(lpNormalize, '2x8x5', { axis: 3 }), 'there is no axis 3 in 2x8x5', '2x8x5'],
  [
    call(maxPool, '1x3x1x1', { kernel: [2, 2], returnIndices: true }),
    'the kernel 2x2 is larger than the input 1x1 (axis 0: 1)',
    '1x3x?x?, 1x3x?x?',
  ],
  [call(maxPool, '8x8', { kernel: [2, 2] }), 'expected an input of 3 or 4 axes for 2d pooling, got 8x8', '?'],
  [call(maxPool, '1x3x8x8', { kernel: [0, 2] }), 'a kernel of size 0 covers nothing', '1x3x?x?'],
  [
    call(maxPool, '1x3x8x8', {
      kernel: [2, 2],
      padding: [
        [0, 0],
        [2, 2],
      ],
    }),
    'the padding 2 is as large as the kernel 2',
    '1x3x?x?',
  ],
  [call(averagePool, '1x3x8x8', { kernel: [2, 2], dilation: [0] }), 'the dilation must be positive, got 0', '1x3x?x?'],
  [
    call(adaptiveAveragePool, '7x7', { outputSize: [1, 1] }),
    'expected an input of 3 or 4 axes for 2d pooling, got 7x7',
    '?',
  ],
  [call(adaptiveAveragePool, '1x3x0x7', { outputSize: [3, 3] }), 'there is nothing to pool in 1x3x0x7', '1x3x3x3'],
  [call(globalAveragePool, '7', {}), 'expected a batch and a channel axis, got 7', '?'],
  [
    call(maxUnpool, '1x2x1x1, 1x2x1x1', { kernel: [2, 2], stride: [2], padding: [1, 1] }),
    'the padding leaves nothing of the output 1x2x0x0',
    '1x2x0x0',
  ],
  [
    call(fractionalMaxPool, '1x2x5x5', { kernel: [3, 3], outputSize: [4, 4] }),
    'the kernel 3x3 is too large to pool 1x2x5x5 to 4x4',
    '1x2x4x4',
  ],
  [
    call(lstm, '5x3x9', { hiddenSize: 20, inputSize: 10 }),
    'expected 10 input features, got 5x3x9',
    '5x3x20, 1x3x20, 1x3x20',
  ],
  [
    call(lstm, '5x3x10, 1x4x20, 1x4x20', { hiddenSize: 20 }),
    'expected an initial hidden state 1x3x20, got 1x4x20',
    '5x3x20, 1x3x20, 1x3x20',
  ],
  [
    call(lstm, '5x3x10, 1x3x20, 1x4x20', { hiddenSize: 20 }),
    'expected an initial cell state 1x3x20, got 1x4x20',
    '5x3x20, 1x3x20, 1x3x20',
  ],
  [call(gru, '5', { hiddenSize: 20 }), 'expected a sequence of 2 or 3 axes, got 5', '?, ?'],
  [call(lstmCell, '3x9', { hiddenSize: 20, inputSize: 10 }), 'expected 10 input features, got 3x9', '3x20, 3x20'],
  [call(rnnCell, '1x3x10', { hiddenSize: 20 }), 'expected an input of 1 or 2 axes, got 1x3x10', '?'],
  [call(embedding, '5 int64, 100x16x2', {}), 'expected a weight of rows and columns, got 100x16x2', '?'],
  [call(embeddingBag, '20 int64, 100x16', {}), 'ids of one axis need offsets', '?x?'],
  [call(embeddingBag, '2x3x4 int64, 100x16', {}), 'expected ids of 1 or 2 axes, got 2x3x4', '?x?'],
  [call(oneHot, '2x3 int64', { numClasses: 7, axis: 4 }), 'there is no place 4 for a new axis in 2x3', '?'],
];

test.each(cases)('%#', (application, message, outputs) => {
  expect(application.mismatch).toBe(message);
  expect(application.outputs.map(({ shape }) => printShape(shape)).join(', ')).toBe(outputs);
  expect(printDim(application.work.macs)).toBe('?');
});
