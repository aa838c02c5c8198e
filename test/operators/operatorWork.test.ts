/**
 * Elementwise operations and bytes of single calls: the constants that the operators' files document, worked out by
 * hand. Bytes are float32 unless the shape says otherwise.
 */
import { expect, test } from 'vitest';
import { printDim, symbolDim } from '../../server/src/graph/dim.ts';
import { scaledDotProductAttention } from '../../server/src/operators/attention.ts';
import { convolution } from '../../server/src/operators/convolution.ts';
import { deformableConvolution } from '../../server/src/operators/deformableConvolution.ts';
import { einsum } from '../../server/src/operators/einsum.ts';
import { embedding, embeddingBag, oneHot } from '../../server/src/operators/embedding.ts';
import { gemm, linear, matmul } from '../../server/src/operators/matrix.ts';
import { projectedAttention } from '../../server/src/operators/multiHeadAttention.ts';
import {
  batchNorm,
  instanceNorm,
  layerNorm,
  localResponseNorm,
  lpNormalize,
  meanVarianceNorm,
  rmsNorm,
  skipLayerNorm,
} from '../../server/src/operators/normalization.ts';
import type { Application } from '../../server/src/operators/operator.ts';
import { packedLinear } from '../../server/src/operators/packedLinear.ts';
import { lpPool, maxPool } from '../../server/src/operators/pooling.ts';
import { adaptiveAveragePool, globalAveragePool, maxUnpool } from '../../server/src/operators/poolingToSize.ts';
import { gru, lstm, rnn } from '../../server/src/operators/recurrent.ts';
import { transposedConvolution } from '../../server/src/operators/transposedConvolution.ts';
import { call } from './describeCall.ts';

const N = symbolDim('N');

const elementwise: readonly (readonly [what: string, Application, elementwiseOps: string])[] = [
  ['no bias', call(convolution, '1x3x8x8, 4x3x3x3', {}), '0'],
  ['bias: one an output element', call(convolution, '1x3x8x8, 4x3x3x3, 4', {}), String(4 * 36)],
  ['transposed bias', call(transposedConvolution, '1x3x4x4, 3x2x2x2, 2', { stride: [2] }), String(2 * 64)],
  [
    'deformable: 8 a sample, and 1 for the mask',
    call(deformableConvolution, '1x3x10x10, 5x3x3x3, 1x18x8x8, -, 1x9x8x8', {}),
    String(64 * 3 * 9 * 9),
  ],
  ['matmul', call(matmul, '4x5, 5x6', {}), '0'],
  ['linear bias', call(linear, 'Nx5, 6x5, 6', {}), '6*N'],
  ['gemm: addend, alpha, beta', call(gemm, '4x5, 5x6, 6', { alpha: 2, beta: 3 }), String(24 + 24 + 6)],
  ['unpacking', call(packedLinear, '1x5', { inFeatures: 5, outFeatures: 6 }), '30'],
  ['einsum without a sum', call(einsum, '4, 5', { equation: 'i,j->ij' }), '20'],
  ['einsum of one operand that sums', call(einsum, '4x5', { equation: 'ij->i' }), '20'],
  ['einsum that transposes', call(einsum, '4x5', { equation: 'ij->ji' }), '0'],
  ['attention: 6 a score', call(scaledDotProductAttention, '2x3x4x8, 2x3x5x8, 2x3x5x8', {}), String(2 * 3 * 4 * 5 * 6)],
  [
    'masked attention: 7 a score',
    call(scaledDotProductAttention, '2x3x4x8, 2x3x5x8, 2x3x5x8, 4x5', {}),
    String(2 * 3 * 4 * 5 * 7),
  ],
  [
    'projections with bias',
    call(projectedAttention, '1x4x8, 8x24, 24', { numHeads: 2 }),
    String(4 * 24 + 2 * 4 * 4 * 6),
  ],
  ['batch norm: folded', call(batchNorm, 'Nx64x7x7, 64, 64, 64, 64', {}), '6272*N'],
  ['batch norm in training', call(batchNorm, '2x3, 3, 3', { training: true }), String(6 * 7)],
  ['layer norm with weight and bias', call(layerNorm, '8x128x768, 768, 768', { axis: -1 }), String(8 * 128 * 768 * 7)],
  ['layer norm without', call(layerNorm, '2x3', { axis: -1 }), String(6 * 5)],
  ['rms norm', call(rmsNorm, '2x3, 3', { axis: -1 }), String(6 * 4)],
  ['skip layer norm', call(skipLayerNorm, '1x2x3, 1x2x3, 3, 3, 3', {}), String(6 * 9)],
  ['skip rms norm', call(skipLayerNorm, '1x2x3, 1x2x3, 3', { isRms: true }), String(6 * 5)],
  ['instance norm with stored statistics', call(instanceNorm, '1x3x4, 3, 3, 3, 3', { usesRunningStats: true }), '24'],
  ['local response norm of 5', call(localResponseNorm, '1x8x2x2', { size: 5 }), String(32 * 10)],
  ['normalize', call(lpNormalize, '2x8', { axis: 1 }), String(16 * 3)],
  ['mean variance norm', call(meanVarianceNorm, '1x2x3x4', {}), String(24 * 5)],
  ['pool: one a window element', call(maxPool, '1x1x4x4', { kernel: [2, 2] }), String(4 * 4)],
  ['Lp pool: two', call(lpPool, '1x1x4x4', { kernel: [2, 2] }), String(4 * 4 * 2)],
  ['adaptive pool that divides', call(adaptiveAveragePool, '1x2x6x6', { outputSize: [3, 2] }), String(2 * 36)],
  ['adaptive pool that overlaps: 7 to 3 reads 9', call(adaptiveAveragePool, '1x1x7', { outputSize: [3] }), '9'],
  ['adaptive pool to one', call(adaptiveAveragePool, 'NxCxHxW', { outputSize: [1, 1] }), 'C*H*N*W'],
  ['adaptive pool of a symbol', call(adaptiveAveragePool, '1x1xH', { outputSize: [7] }), '?'],
  ['global pool', call(globalAveragePool, '2x3x4x5', {}), '120'],
  ['unpooling', call(maxUnpool, '1x2x3x3, 1x2x3x3', { kernel: [2, 2] }), '0'],
  ['rnn: 2 and 2 biases', call(rnn, '5x3x10', { hiddenSize: 20 }), String(5 * 3 * 20 * 4)],
  ['gru: 11 and 6 biases', call(gru, '5x3x10', { hiddenSize: 20 }), String(5 * 3 * 20 * 17)],
  ['lstm: 13 and 8 biases', call(lstm, '5x3x10', { hiddenSize: 20 }), String(5 * 3 * 20 * 21)],
  ['lstm without bias', call(lstm, '5x3x10', { hiddenSize: 20, hasBias: false }), String(5 * 3 * 20 * 13)],
  ['lookup', call(embedding, '8x128 int64, 30522x768', {}), '0'],
  ['mean of bags', call(embeddingBag, '8x5 int64, 100x16', {}), String(8 * 5 * 16 + 8 * 16)],
  ['weighted sum of bags', call(embeddingBag, '8x5 int64, 100x16, -, 8x5', { mode: 'sum' }), String(8 * 5 * 16 * 2)],
  ['one-hot', call(oneHot, '8 int64', { numClasses: N }), '0'],
];

test.each(elementwise)('elementwise operations: %s', (_, application, expected) => {
  expect(application.mismatch).toBeUndefined();
  expect(printDim(application.work.elementwiseOps)).toBe(expected);
});

const bytes: readonly (readonly [what: string, Application, read: string, written: string])[] = [
  ['all inputs', call(convolution, '1x3x8x8, 4x3x3x3, 4', {}), String((192 + 108 + 4) * 4), String(144 * 4)],
  ['half precision', call(linear, '8x512 float16, 10x512 float16', {}), String((4096 + 5120) * 2), '160'],
  ['packed weights', call(packedLinear, '1x64, 32x2x16 uint8, 64', { inFeatures: 64, outFeatures: 32 }), '1536', '128'],
  ['only the rows that are looked up', call(embedding, '8x128 int64, 30522x768', {}), '3153920', '3145728'],
  ['no more rows than there are', call(embedding, '1000 int64, 10x4', {}), '8160', '16000'],
  ['symbolic lookups', call(embedding, 'T int64, 100x4', {}), '8*T + 16*min(T, 100)', '16*T'],
  ['lookups of unknown number', call(embedding, '?, 100x4', {}), '?', '?'],
  ['bags with offsets', call(embeddingBag, '20 int64, 100x4, 4 int64', {}), String(160 + 32 + 320), '64'],
  ['indices are int64', call(maxPool, '1x1x4x4', { kernel: [2, 2], returnIndices: true }), '64', '48'],
];

test.each(bytes)('bytes: %s', (_, { work }, read, written) => {
  expect([printDim(work.bytesRead), printDim(work.bytesWritten)]).toEqual([read, written]);
});

test('element types follow the inputs, or what the front end says', () => {
  const types = ({ outputs }: Application) => outputs.map(({ dtype }) => dtype).join(' ');
  expect(types(call(convolution, '1x3x8x8 bfloat16, 4x3x3x3 bfloat16', {}))).toBe('bfloat16');
  expect(types(call(convolution, '1x3x8x8 uint8, 4x3x3x3 int8', { outputDtype: 'int32' }))).toBe('int32');
  expect(types(call(matmul, '4x5 uint8, 5x6 int8', { outputDtype: 'int32' }))).toBe('int32');
  expect(types(call(linear, '4x5 unknown, 6x5 float16', {}))).toBe('float16');
  expect(types(call(embedding, '4x5 int32, 100x8 float16', {}))).toBe('float16');
  expect(types(call(oneHot, '4 int32', { numClasses: 3 }))).toBe('int64');
  expect(types(call(oneHot, '4 int32', { numClasses: 3, outputDtype: 'float32' }))).toBe('float32');
  expect(types(call(lstm, '5x3x10 float64', { hiddenSize: 2 }))).toBe('float64 float64 float64');
});
