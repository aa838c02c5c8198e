/**
 * Symbols and unknown ranks on the way through an operator, as they print.
 */
import { expect, test } from 'vitest';
import { symbolDim } from '../../server/src/graph/dim.ts';
import { scaledDotProductAttention } from '../../server/src/operators/attention.ts';
import { convolution } from '../../server/src/operators/convolution.ts';
import { deformableConvolution } from '../../server/src/operators/deformableConvolution.ts';
import { einsum } from '../../server/src/operators/einsum.ts';
import { embedding, embeddingBag, oneHot } from '../../server/src/operators/embedding.ts';
import { batchMatmul, bilinear, gemm, linear, matmul, outer, tensordot } from '../../server/src/operators/matrix.ts';
import { multiHeadAttention, projectedAttention } from '../../server/src/operators/multiHeadAttention.ts';
import { batchNorm, groupNorm, layerNorm, skipLayerNorm } from '../../server/src/operators/normalization.ts';
import type { Application } from '../../server/src/operators/operator.ts';
import { packedLinear } from '../../server/src/operators/packedLinear.ts';
import { averagePool, maxPool } from '../../server/src/operators/pooling.ts';
import {
  adaptiveAveragePool,
  fractionalMaxPool,
  globalAveragePool,
  maxUnpool,
} from '../../server/src/operators/poolingToSize.ts';
import { gru, lstm, lstmCell } from '../../server/src/operators/recurrent.ts';
import { transposedConvolution } from '../../server/src/operators/transposedConvolution.ts';
import { call, summary } from './describeCall.ts';

const N = symbolDim('N');

const cases: readonly (readonly [Application, string])[] = [
  [call(convolution, 'Nx3x224x224, 64x3x7x7', { stride: [2], padding: [[3, 3]] }), 'Nx64x112x112; 118013952*N MACs'],
  [call(convolution, '1x3xHxW, 64x3x3x3', { padding: [[1, 1]] }), '1x64xHxW; 1728*H*W MACs'],
  [call(convolution, '1x3xHxW, 64x3x3x3', { padding: 'same' }), '1x64xHxW; 1728*H*W MACs'],
  [
    call(convolution, '1x3xH, 64x3x3', { padding: 'sameUpper', stride: [2] }),
    '1x64x(floor((H + 1) / 2)); 576*floor((H + 1) / 2) MACs',
  ],
  [call(convolution, '1xCx8x8, 64x3x3x3', {}), '1x64x6x6; 62208 MACs'],
  [call(convolution, '1xCx8x8, Cx1x3x3', { groups: symbolDim('C') }), '1xCx6x6; 324*C MACs'],
  [call(convolution, '1x3x8x8, OxCxKxK', {}), '1xOx(-K + 9)x(-K + 9); C*K*K*K*K*O - 18*C*K*K*K*O + 81*C*K*K*O MACs'],
  [call(convolution, '?, 64x3x3x3', {}), '?; ? MACs'],
  [call(convolution, '1x3x8x8, ?', {}), '?x?x?x?; ? MACs'],
  [call(transposedConvolution, 'Nx4xHxW, 4x2x2x2, 2', { stride: [2] }), 'Nx2x(2*H)x(2*W); 32*H*N*W MACs'],
  [call(transposedConvolution, '1x4xH, 4x2x3', { stride: [2], padding: 'sameUpper' }), '1x2x(2*H); 24*H MACs'],
  [call(transposedConvolution, '?, 4x2x2x2', {}), '?; ? MACs'],
  [call(deformableConvolution, 'Nx3xHxW, 5x3x3x3, Nx18xHxW', { padding: [[1, 1]] }), 'Nx5xHxW; 135*H*N*W MACs'],
  [call(deformableConvolution, '?, 5x3x3x3, ?', {}), '?; ? MACs'],
  [call(matmul, 'BxTx64, 64xV', {}), 'BxTxV; 64*B*T*V MACs'],
  [call(matmul, 'BxNxD, BxDxM', {}), 'BxNxM; B*D*M*N MACs'],
  [call(matmul, 'BxNxK, Bx64xM', {}), 'BxNxM; 64*B*M*N MACs'],
  [call(matmul, '?, 64xV', {}), '?; ? MACs'],
  [call(linear, 'BxTx64, 10x64, 10', {}), 'BxTx10; 640*B*T MACs'],
  [call(linear, 'BxTxD, 10x64', {}), 'BxTx10; 640*B*T MACs'],
  [call(linear, 'BxTx64, ?', {}), '?; ? MACs'],
  [call(packedLinear, 'BxTx4096', { inFeatures: 4096, outFeatures: 11008 }), 'BxTx11008; 45088768*B*T MACs'],
  [call(packedLinear, '?', { inFeatures: 4096, outFeatures: 11008 }), '?; ? MACs'],
  [call(gemm, 'Nx64, 64x10, 10', {}), 'Nx10; 640*N MACs'],
  [call(gemm, '?, 64x10', {}), '?; ? MACs'],
  [call(batchMatmul, 'BxNx64, Bx64xN', {}), 'BxNxN; 64*B*N*N MACs'],
  [call(batchMatmul, '?, Bx64xN', {}), '?; ? MACs'],
  [call(bilinear, 'Nx5, Nx6, 7x5x6', {}), 'Nx7; 252*N MACs'],
  [call(outer, 'N, M', {}), 'NxM; 0 MACs'],
  [call(tensordot, 'Nx4x5, 4x5xM', { leftAxes: [1, 2], rightAxes: [0, 1] }), 'NxM; 20*M*N MACs'],
  [call(einsum, 'BxHxQxD, BxHxKxD', { equation: 'bhqd,bhkd->bhqk' }), 'BxHxQxK; B*D*H*K*Q MACs'],
  [call(einsum, 'BxT, ?', { equation: 'bt,td->bd' }), 'Bx?; ? MACs'],
  [call(einsum, 'BxT, ?', { equation: 'bt,...' }), '?; ? MACs'],
  [call(scaledDotProductAttention, 'Bx8xTx64, Bx8xSx64, Bx8xSx64, TxS', {}), 'Bx8xTx64; 1024*B*S*T MACs'],
  [call(scaledDotProductAttention, 'Bx8xTx64, Bx2xTx64, Bx2xTx64', { enableGqa: true }), 'Bx8xTx64; 1024*B*T*T MACs'],
  [call(scaledDotProductAttention, '?, Bx8xSx64, Bx8xSx64', {}), '?; ? MACs'],
  [
    call(multiHeadAttention, 'BxSx512, BxLx512, BxLx512', { qNumHeads: 8, outputCount: 3 }),
    'BxSx512, Bx8xLx64, Bx8xLx64; 1024*B*L*S MACs',
  ],
  [
    call(multiHeadAttention, '1xSx512, 1xSx128, 1xSx128, -, 1x2xPx64, 1x2xPx64', {
      qNumHeads: 8,
      kvNumHeads: 2,
      outputCount: 3,
    }),
    '1xSx512, 1x2x(P + S)x64, 1x2x(P + S)x64; 1024*P*S + 1024*S*S MACs',
  ],
  [
    call(multiHeadAttention, '1xSx512, 1xSx128, 1xSx128, -, 1x2xPx64, 1x2xPx64', {
      qNumHeads: 8,
      kvNumHeads: 2,
      outputCount: 3,
      totalSequence: symbolDim('T'),
    }),
    '1xSx512, 1x2xTx64, 1x2xTx64; 1024*S*T MACs',
  ],
  [call(multiHeadAttention, '2x10x8x3x64', { qNumHeads: 8 }), '2x10x512; 204800 MACs'],
  [call(multiHeadAttention, '2x10x768', { qNumHeads: 8, kvNumHeads: 2 }), '2x10x512; 204800 MACs'],
  [call(multiHeadAttention, '2x10x512, 2x12x8x2x64', { qNumHeads: 8 }), '2x10x512; 245760 MACs'],
  [call(multiHeadAttention, '?, 2x12x512, 2x12x512', { qNumHeads: 8 }), '?; ? MACs'],
  [
    call(projectedAttention, 'BxSx64, 64x192, 192, -, 2xBx4xPx16', { numHeads: 4, outputCount: 2 }),
    'BxSx64, 2xBx4x(P + S)x16; 128*B*P*S + 12288*B*S + 128*B*S*S MACs',
  ],
  [call(projectedAttention, '?, 64x192', { numHeads: 4, outputCount: 2 }), '?, ?; ? MACs'],
  [call(batchNorm, 'Nx64xHxW, 64, 64, 64, 64', {}), 'Nx64xHxW; 0 MACs'],
  [call(layerNorm, 'BxTx768, 768', { normalizedShape: [768], outputCount: 3 }), 'BxTx768, BxTx1, BxTx1; 0 MACs'],
  [call(layerNorm, '?, 768', { normalizedShape: [768] }), '?; 0 MACs'],
  [call(skipLayerNorm, 'BxTx64, BxTx64, 64', { outputCount: 4 }), 'BxTx64, BxTx1, BxTx1, BxTx64; 0 MACs'],
  [call(groupNorm, 'NxCxHxW', { numGroups: 8 }), 'NxCxHxW; 0 MACs'],
  [
    call(maxPool, 'Nx64xHxW', { kernel: [3, 3], stride: [2], padding: [[1, 1]], returnIndices: true }),
    'Nx64x(floor((H + 1) / 2))x(floor((W + 1) / 2)), Nx64x(floor((H + 1) / 2))x(floor((W + 1) / 2)); 0 MACs',
  ],
  [call(maxPool, 'Nx64xH', { kernel: [2], ceilMode: true }), 'Nx64x(floor((H + 1) / 2)); 0 MACs'],
  [
    call(averagePool, 'Nx64xH', { kernel: [3], stride: [2], padding: [[1, 1]], ceilMode: true }),
    'Nx64x(floor(H / 2) + 1); 0 MACs',
  ],
  [
    call(averagePool, 'Nx64xH', { kernel: [2], stride: [3], padding: [[1, 1]], ceilMode: true }),
    'Nx64x(min(floor((H + 2) / 3) + 1, floor(H / 3) + 1)); 0 MACs',
  ],
  [call(averagePool, '?', { kernel: [2] }), '?; 0 MACs'],
  [call(adaptiveAveragePool, 'Nx512xHxW', { outputSize: [1, null] }), 'Nx512x1xW; 0 MACs'],
  [call(globalAveragePool, 'NxCxHxW', {}), 'NxCx1x1; 0 MACs'],
  [call(maxUnpool, 'NxCxHxW, NxCxHxW', { kernel: [2, 2] }), 'NxCx(2*H)x(2*W); 0 MACs'],
  [call(fractionalMaxPool, '1xCxHx20', { kernel: [2, 2], outputRatio: [0.5, 0.7] }), '1xCx(floor(H / 2))x14; 0 MACs'],
  [call(fractionalMaxPool, '1xCxHx20', { kernel: [2, 2], outputRatio: [0.7] }), '1xCx?x14; 0 MACs'],
  [
    call(lstm, 'TxBx10', { hiddenSize: 20, numLayers: 2, isBidirectional: true }),
    'TxBx40, 4xBx20, 4xBx20; 14400*B*T MACs',
  ],
  [call(lstm, '?', { hiddenSize: 20 }), '?, ?, ?; ? MACs'],
  [call(gru, 'BxTx10', { hiddenSize: N, isBatchFirst: true }), 'BxTxN, 1xBxN; 3*B*N*N*T + 30*B*N*T MACs'],
  [call(lstmCell, 'Bx10', { hiddenSize: 20 }), 'Bx20, Bx20; 2400*B MACs'],
  [call(embedding, 'BxT int64, 30522x768', {}), 'BxTx768; 0 MACs'],
  [call(embedding, 'BxT int64, ?', {}), 'BxTx?; 0 MACs'],
  [call(embedding, '?, 30522x768', {}), '?; 0 MACs'],
  [call(embeddingBag, 'L int64, 100x16, B int64', { includeLastOffset: true }), '(B - 1)x16; 0 MACs'],
  [call(oneHot, 'BxT int64', { numClasses: N, axis: 1 }), 'BxNxT; 0 MACs'],
  [call(oneHot, '? int64', { numClasses: 4 }), '?; 0 MACs'],
];

test.each(cases)('%#', (application, expected) => {
  expect(summary(application)).toBe(expected);
});
