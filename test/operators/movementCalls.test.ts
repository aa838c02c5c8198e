/**
 * Data-movement and elementwise operators with symbols, unknown ranks, and shapes that do not fit: outputs as they
 * print, or the message. Numeric shapes are checked against PyTorch in shapeTruth.test.ts.
 */
import { describe, expect, test } from 'vitest';
import { multiplyDims, subtractDims, symbolDim, unknownDim } from '../../server/src/graph/dim.ts';
import { printType, tensorType } from '../../server/src/graph/tensorType.ts';
import { glu, prelu, softmax } from '../../server/src/operators/activation.ts';
import { broadcastShapes } from '../../server/src/operators/broadcast.ts';
import { arange, diagonal, full, fullLike, meshgrid, trilIndices } from '../../server/src/operators/creation.ts';
import { cast, elementwise } from '../../server/src/operators/elementwise.ts';
import { broadcastTo, expand, repeat, repeatInterleave } from '../../server/src/operators/expand.ts';
import {
  compress,
  gather,
  gatherNd,
  indexAdd,
  indexSelect,
  maskedFill,
  maskedSelect,
  nonzero,
  scatter,
  scatterNd,
  take,
} from '../../server/src/operators/gather.ts';
import { dropout } from '../../server/src/operators/identity.ts';
import type { IndexItem } from '../../server/src/operators/indexShape.ts';
import { advancedIndex, index, indexPut, select, slice } from '../../server/src/operators/indexing.ts';
import { affineGrid, interpolate, nonMaximumSuppression, roiAlign } from '../../server/src/operators/interpolation.ts';
import { chunk, concat, split, splitEvenly, stack, tensorSplit, unbind } from '../../server/src/operators/join.ts';
import type { Application } from '../../server/src/operators/operator.ts';
import { centerCropPad, pad } from '../../server/src/operators/padding.ts';
import { flip, permute, transpose } from '../../server/src/operators/permute.ts';
import { channelShuffle, depthToSpace, pixelShuffle } from '../../server/src/operators/pixelShuffle.ts';
import { argmax, maxWithIndices, reductions } from '../../server/src/operators/reduction.ts';
import {
  flatten,
  flattenToMatrix,
  reshape,
  squeeze,
  unflatten,
  unsqueeze,
} from '../../server/src/operators/reshape.ts';
import { topk, unique } from '../../server/src/operators/sorting.ts';
import { fold, unfold, unfoldDim } from '../../server/src/operators/unfold.ts';
import { call } from './describeCall.ts';

const N = symbolDim('N');
const H = symbolDim('H');

/** Types of the outputs, float32 left out; the message where shapes do not fit. */
function summary({ outputs, mismatch }: Application): string {
  return mismatch ?? outputs.map((type) => printType(type).replace(' float32', '')).join(', ');
}

type Table = readonly (readonly [Application, string])[];

const all: IndexItem = { kind: 'slice', start: null, stop: null, step: null };
const tensor: IndexItem = { kind: 'tensor' };
const range = (start: IndexItem & { kind: 'slice' }): IndexItem => start;
const from = (start: number): IndexItem => range({ kind: 'slice', start, stop: null, step: null });
const windows = { kernelSize: [3, 3], dilation: [1, 1], padding: [1, 1], stride: [2, 2] };

const symbolic: Table = [
  [call(elementwise.add, 'Nx3x8x8, 3x1x1', {}), 'Nx3x8x8'],
  [call(elementwise.add, 'Nx3, 4x3', {}), '4x3'],
  [call(elementwise.add, 'Nx3, Mx3', {}), '(max(M, N))x3'],
  [call(elementwise.mul, 'Nx1, 1xM', {}), 'NxM'],
  [call(elementwise.add, 'Nx3, ?', {}), '?'],
  [call(elementwise.add, 'Nx3, ?', { isInPlace: true }), 'Nx3'],
  [call(elementwise.div, 'Nx3 int64', { scalars: ['int'] }), 'Nx3'],
  [call(elementwise.where, 'NxN bool, N', { scalars: ['float'] }), 'NxN'],
  [call(elementwise.eq, 'N int64, scalar int64', {}), 'N bool'],
  [call(cast, 'Nx?', { dtype: 'int64' }), 'Nx? int64'],
  [call(dropout, 'NxC', { hasMask: true }), 'NxC, NxC bool'],
  [call(softmax, 'NxC', { dim: -1 }), 'NxC'],
  [call(glu, 'NxC', { dim: 1 }), 'Nx(floor(C / 2))'],
  [call(reshape, 'Nx64x7x7', { shape: [N, -1] }), 'Nx3136'],
  [call(reshape, 'Nx64x7x7', { shape: [-1, 3136] }), 'Nx3136'],
  [call(reshape, 'NxTx64', { shape: [0, 0, 8, 8], zeroCopies: true }), 'NxTx8x8'],
  [call(reshape, 'NxTx64', { shape: [multiplyDims(N, symbolDim('T')), -1] }), '(N*T)x64'],
  [call(reshape, '?', { shape: [4, 16] }), '4x16'],
  [call(reshape, '?', { shape: [4, -1] }), '?'],
  [call(reshape, 'NxC', { shape: [-1, 5] }), '(floor(C*N / 5))x5'],
  [call(flatten, 'Nx64x7x7', { startDim: 1, endDim: -1 }), 'Nx3136'],
  [call(flatten, 'NxCxHxW', { startDim: 2, endDim: 3 }), 'NxCx(H*W)'],
  [call(flattenToMatrix, 'NxCxHxW', { axis: 1 }), 'Nx(C*H*W)'],
  [call(unflatten, 'Nx64', { dim: 1, sizes: [8, -1] }), 'Nx8x8'],
  [call(squeeze, 'Nx1x1', {}), 'N'],
  [call(squeeze, 'Nx1', { dims: [0] }), 'Nx1'],
  [call(squeeze, 'NxM', { dims: [0], isStrict: true }), 'M'],
  [call(unsqueeze, 'NxC', { dims: [0, -1] }), '1xNxCx1'],
  [call(permute, 'NxHxWxC', { dims: [0, 3, 1, 2] }), 'NxCxHxW'],
  [call(permute, '?', { dims: [1, 0] }), '?'],
  [call(expand, '1xC', { shape: [N, -1] }), 'NxC'],
  [call(expand, '3xC', { shape: [N, -1] }), '3xC'],
  [call(broadcastTo, 'NxC', { shape: [2, 1, 1] }), '2xNxC'],
  [call(repeat, 'NxC', { repeats: [2, 3] }), '(2*N)x(3*C)'],
  [call(repeatInterleave, 'NxC', { repeats: null, dim: 0 }), '?xC'],
  [call(unfold, 'Nx3xHxW', windows), 'Nx27x(floor((H + 1) / 2)*floor((W + 1) / 2))'],
  [call(fold, 'Nx27x16', { ...windows, outputSize: [8, 8] }), 'Nx3x8x8'],
  [call(unfoldDim, 'NxT', { dim: 1, size: 4, step: 4 }), 'Nx(floor(T / 4))x4'],
  [call(pixelShuffle, 'NxCxHxW', { factor: 2 }), 'Nx(floor(C / 4))x(2*H)x(2*W)'],
  [call(depthToSpace, 'Nx12xHxW', { blockSize: 2 }), 'Nx3x(2*H)x(2*W)'],
  [call(concat, 'NxC, NxD', { dim: 1 }), 'Nx(C + D)'],
  [call(concat, 'Nx3, 4x3', { dim: 1 }), '4x6'],
  [call(concat, 'Nx3, ?', { dim: 1 }), 'Nx?'],
  [call(stack, 'NxC, NxC', { dim: 0 }), '2xNxC'],
  [call(split, 'NxC', { dim: 1, sizes: [1, subtractDims(symbolDim('C'), 1)] }), 'Nx1, Nx(C - 1)'],
  [call(split, 'NxC', { dim: 1, sizes: 4 }), ''],
  [call(split, 'NxC', { dim: 1, sizes: 4, count: 2 }), 'Nx4, Nx(C - 4)'],
  [call(chunk, 'NxC', { dim: 1, chunks: 2 }), 'Nx(floor((C + 1) / 2)), Nx(C - floor((C + 1) / 2))'],
  [call(splitEvenly, 'Nx7', { dim: 1, count: 3 }), 'Nx3, Nx3, Nx1'],
  [call(tensorSplit, 'NxC', { dim: 1, sections: 2 }), 'Nx(floor((C + 1) / 2)), Nx(floor(C / 2))'],
  [call(unbind, '3xN', { dim: 0 }), 'N, N, N'],
  [call(unbind, 'Nx3', { dim: 0 }), ''],
  [call(index, 'NxTxC', { items: [all, from(1)] }), 'Nx(T - 1)xC'],
  [call(index, 'NxTxC', { items: [all, { kind: 'integer', index: 0 }] }), 'NxC'],
  [call(index, 'NxT', { items: [{ kind: 'slice', start: null, stop: 5, step: null }] }), '(min(N, 5))xT'],
  [call(index, 'NxT', { items: [{ kind: 'slice', start: null, stop: null, step: 2 }] }), '(floor((N + 1) / 2))xT'],
  [call(index, 'NxT', { items: [{ kind: 'slice', start: null, stop: subtractDims(H, 3), step: null }] }), '?xT'],
  [call(index, 'NxT', { items: [{ kind: 'slice', start: null, stop: -1, step: null }] }), '(N - 1)xT'],
  [call(index, '?', { items: [all] }), '?'],
  [call(advancedIndex, 'NxTxC, KxM int64', { items: [all, tensor] }), 'NxKxMxC'],
  [call(advancedIndex, 'NxTxC, NxT bool', { items: [tensor] }), '?xC'],
  [call(advancedIndex, 'NxTxC, K int64, K int64', { items: [tensor, all, tensor] }), 'KxT'],
  [call(indexPut, 'NxC, C, K int64', { items: [tensor] }), 'NxC'],
  [call(slice, 'NxT', { slices: [{ dim: 1, start: 0, stop: 2 ** 31 - 1, step: 1 }] }), 'NxT'],
  [call(slice, 'NxT', { slices: [{ dim: 1, start: 1, stop: Number.MAX_SAFE_INTEGER, step: 1 }] }), 'Nx(T - 1)'],
  [call(slice, 'NxT', { slices: [{ dim: 1, start: -1, stop: -(2 ** 31), step: -1 }] }), 'NxT'],
  [call(select, 'NxTxC', { dim: 1, index: -1 }), 'NxC'],
  [call(gather, 'NxC, NxK int64', { dim: 1 }), 'NxK'],
  [call(take, '1000xC, NxT int64', { dim: 0 }), 'NxTxC'],
  [call(take, '1000xC, scalar int64', { dim: 0 }), 'C'],
  [call(indexSelect, 'NxC, K int64', { dim: 0 }), 'KxC'],
  [call(gatherNd, 'NxTxC, NxKx1 int64', { batchDims: 1 }), 'NxKxC'],
  [call(gatherNd, '5x4x3, 7x2 int64', { batchDims: 0 }), '7x3'],
  [call(scatter, 'NxC, NxK int64', { dim: 1 }), 'NxC'],
  [call(scatterNd, 'NxC, Kx1 int64, KxC', {}), 'NxC'],
  [call(maskedFill, 'Nx8xTxT, TxT bool', {}), 'Nx8xTxT'],
  [call(maskedSelect, 'NxC, NxC bool', {}), '?'],
  [call(compress, 'NxC, N bool', { dim: 0 }), '?xC'],
  [call(nonzero, 'NxC', { layout: 'rows' }), '?x2 int64'],
  [call(nonzero, 'NxC', { layout: 'columns' }), '2x? int64'],
  [call(nonzero, 'NxC', { layout: 'tuple' }), '? int64, ? int64'],
  [call(reductions.mean, 'NxCxHxW', { dims: [2, 3] }), 'NxC'],
  [call(reductions.sum, '?', {}), 'scalar'],
  [call(reductions.sum, '?', { dims: [1] }), '?'],
  [call(reductions.sum, 'Nx3 int32', { dims: [0], keepsType: true, keepDim: true }), '1x3 int32'],
  [call(argmax, 'NxC', { dim: 1 }), 'N int64'],
  [call(maxWithIndices, 'NxC', { dim: 1, keepDim: true }), 'Nx1, Nx1 int64'],
  [call(topk, 'NxC', { k: 5, dim: -1 }), 'Nx5, Nx5 int64'],
  [call(unique, 'NxC', { outputs: ['inverse', 'counts'] }), '?, NxC int64, ? int64'],
  [call(pad, 'NxCxHxW', { before: [1, 0], after: [1, symbolDim('P')], mode: 'constant' }), 'NxCx(H + 2)x(P + W)'],
  [call(centerCropPad, 'NxHxW', { shape: [8, 8], axes: [1, 2] }), 'Nx8x8'],
  [call(interpolate, 'NxCxHxW', { scaleFactors: [2, 2], mode: 'nearest' }), 'NxCx(2*H)x(2*W)'],
  [
    call(interpolate, 'NxCxHxW', { scaleFactors: [0.5, 1.5], mode: 'nearest' }),
    'NxCx(floor(H / 2))x(W + floor(W / 2))',
  ],
  [call(interpolate, 'NxCxHxW', { scaleFactors: [0.3, 1], mode: 'nearest' }), 'NxCx?xW'],
  [call(interpolate, 'NxCxHxW', { sizes: [7, 7], mode: 'bilinear' }), 'NxCx7x7'],
  [call(interpolate, '1x3x10x20', { sizes: [5, 5], mode: 'nearest', aspectRatio: 'notLarger' }), '1x3x3x5'],
  [call(interpolate, '1x3x10x20', { sizes: [5, 5], mode: 'nearest', aspectRatio: 'notSmaller' }), '1x3x5x10'],
  [call(affineGrid, 'Nx2x3', { shape: [N, 3, H, H] }), 'NxHxHx2'],
  [call(roiAlign, 'NxCxHxW, Kx5', { outputSize: [7, 7], samplingRatio: 2 }), 'KxCx7x7'],
  [call(nonMaximumSuppression, 'Kx4, K', {}), '? int64'],
  [call(nonMaximumSuppression, '1xKx4, 1x80xK', { isBatched: true }), '?x3 int64'],
  [call(full, '-', { shape: [N, 3], dtype: 'bool' }), 'Nx3 bool'],
  [call(fullLike, '?', {}), '?'],
  [call(arange, '-', { start: 0, end: N, step: 1, dtype: 'int64' }), 'N int64'],
  [call(arange, '-', { start: 0, end: N, step: 2, dtype: 'int64' }), '(floor((N + 1) / 2)) int64'],
  [call(arange, '-', { start: 0, end: N, step: 0.5, dtype: 'float32' }), '?'],
  [call(arange, '-', { start: 5, end: 0, step: 1, dtype: 'int64', mayBeEmpty: true }), '0 int64'],
  [call(diagonal, 'NxTxT', { offset: 1, dim0: 1, dim1: 2 }), 'Nx(T - 1)'],
  [call(trilIndices, '-', { rows: N, columns: N, offset: 0, dtype: 'int64' }), '2x? int64'],
  [call(meshgrid, 'N, M', { indexing: 'xy' }), 'MxN, MxN'],
];

const mismatches: Table = [
  [call(elementwise.add, '2x3, 4', {}), '2x3 and 4 do not broadcast: 3 against 4 in axis -1'],
  [call(elementwise.add, 'Nx3, 2xNx4', {}), 'Nx3 and 2xNx4 do not broadcast: 3 against 4 in axis -1'],
  [
    call(elementwise.add, '3, 2x3', { isInPlace: true }),
    'cannot write a result of 2x3 into 3, which does not broadcast',
  ],
  [call(softmax, '2x3', { dim: 2 }), '2x3 has no axis 2'],
  [call(glu, '2x3', { dim: 1 }), 'glu halves axis 1 of 2x3, which is odd'],
  [call(prelu, '1x3x8x8, 4', {}), '4 slopes for 3 channels of 1x3x8x8'],
  [call(reshape, '2x3', { shape: [4, -1] }), 'cannot reshape 2x3 into [4, -1]: 6 elements are not a multiple of 4'],
  [call(reshape, '2x3', { shape: [5] }), 'cannot reshape 2x3 into [5]: 6 elements are not 5'],
  [call(reshape, 'Nx64', { shape: [N, 32] }), 'cannot reshape Nx64 into [N, 32]: 64*N elements are not 32*N'],
  [call(reshape, '2x3', { shape: [-1, -1] }), 'cannot reshape 2x3 into [-1, -1]: only one size can be -1'],
  [call(flatten, '2x3', { startDim: 1, endDim: 0 }), 'cannot flatten 2x3 from axis 1 to 0, which is before'],
  [call(squeeze, '2x3', { dims: [1], isStrict: true }), 'cannot squeeze axis 1 of 2x3: its size is not 1'],
  [call(permute, '2x3', { dims: [0] }), 'cannot permute 2x3 by [0]: it has 2 axes'],
  [call(permute, '2x3', { dims: [1, -1] }), 'axis -1 of 2x3 is named twice in [1, -1]'],
  [call(transpose, '2x3', { dim0: 0, dim1: 2 }), '2x3 has no axis 2'],
  [call(flip, '2x3', { dims: [5] }), '2x3 has no axis 5'],
  [call(expand, '2x3', { shape: [4, 3] }), 'cannot expand 2x3 to [4, 3]: 2 against 4 in axis 0'],
  [call(repeat, '2x3', { repeats: [2] }), 'cannot repeat 2x3 by [2]: too few repeats'],
  [
    call(unfold, '1x3x2x2', { ...windows, kernelSize: [5, 5], padding: [0, 0] }),
    'the kernel 5x5 is larger than the input 2x2 (axis 0: 2)',
  ],
  [call(pixelShuffle, '1x6x4x4', { factor: 2 }), 'axis 1 of 1x6x4x4 is 6, which the square factor 4 does not divide'],
  [call(channelShuffle, '1x6x4x4', { groups: 4 }), 'axis 1 of 1x6x4x4 is 6, which the groups 4 does not divide'],
  [call(concat, '2x3, 4x5', { dim: 0 }), 'cannot concatenate 2x3 and 4x5 along axis 0: 3 against 5 in axis 1'],
  [call(concat, '2x3, 2x3x1', { dim: 0 }), 'cannot concatenate 2x3 and 2x3x1: they have 2 and 3 axes'],
  [call(stack, '2x3, 2x4', { dim: 0 }), 'cannot stack 2x3 and 2x4: 3 against 4 in axis 1'],
  [call(split, '2x8', { dim: 1, sizes: [3, 3] }), 'cannot split axis 1 of 2x8: sizes [3, 3] sum up to 6, not 8'],
  [call(index, '2x3', { items: [all, all, all] }), 'too many indices for 2x3: 3'],
  [call(index, '2x3', { items: [{ kind: 'integer', index: 2 }] }), 'index 2 is out of range for axis 0 of 2x3'],
  [call(advancedIndex, '4x5, 4x6 bool', { items: [tensor] }), 'the mask 4x6 does not fit 4x5 at axis 1'],
  [
    call(advancedIndex, '4x5, 2 int64, 3 int64', { items: [tensor, tensor] }),
    'the index tensors 2 and 3 do not broadcast: 2 against 3 in axis -1',
  ],
  [call(indexPut, '4x5, 3', { items: [from(1)] }), 'cannot assign 3 to the indexed part, 3x5'],
  [call(gather, '4x5, 5x2 int64', { dim: 1 }), 'the index 5x2 is larger than 4x5 in axis 0'],
  [call(scatterNd, '4x5, 2x1 int64, 2x6', {}), 'updates 2x6 do not have the shape of the indexed part, 2x5'],
  [call(indexAdd, '4x5, 2 int64, 3x5', { dim: 0 }), 'source 3x5 does not have the shape of the indexed part, 2x5'],
  [call(reductions.mean, '2x3 int64', {}), 'mean needs floating point or complex numbers, got 2x3 int64'],
  [call(reductions.amax, '2x0', { dims: [1] }), 'amax over axis 1 of 2x0, which is empty'],
  [call(topk, '2x3', { k: 4, dim: 1 }), 'cannot pick 4 of axis 1 of 2x3'],
  [
    call(pad, '1x2x3', { before: [3], after: [0], mode: 'reflect' }),
    'reflecting pads 3 and 0 of axis 2 of 1x2x3 needs more elements than it has',
  ],
  [call(interpolate, '1x2x3', { scaleFactors: [0.1], mode: 'nearest' }), 'cannot resize 1x2x3 to 0'],
  [call(full, '-', { shape: [2, -3], dtype: 'float32' }), 'a tensor cannot have the size -3 (2, -3)'],
  [call(arange, '-', { start: 5, end: 0, step: 1, dtype: 'int64' }), 'no step of 1 leads from 5 to 0'],
];

describe('symbols and unknown ranks', () => {
  test.each(symbolic.map(([application, text], i) => [i, text, application] as const))(
    '%i: %s',
    (_, text, application) => {
      expect(summary(application)).toBe(text);
    },
  );
});

describe('shapes that do not fit', () => {
  test.each(mismatches.map(([application, text]) => [text, application] as const))('%s', (text, application) => {
    expect(summary(application)).toBe(text);
  });
});

test('an unknown size is taken from what it broadcasts with, where that is certain', () => {
  const unknown = unknownDim('lost');
  expect(
    broadcastShapes([
      [unknown, 3],
      [4, 3],
    ]),
  ).toEqual({ kind: 'ok', shape: [4, 3] });
  expect(
    broadcastShapes([
      [unknown, 3],
      [1, 3],
    ]),
  ).toEqual({ kind: 'ok', shape: [unknown, 3] });
  expect(broadcastShapes([[unknown], [N]])).toEqual({ kind: 'ok', shape: [unknown] });
});

test('an unknown size decides the rank of a squeeze', () => {
  const squeezed = squeeze.infer([tensorType('float32', [unknownDim('lost'), 3])], {});
  expect(squeezed.outputs[0]?.shape).toBeUndefined();
});

test('attributes and inputs of hostile length end in a value or a message', () => {
  const many = Array.from({ length: 200_000 }, (_, i) => i);
  const wide = tensorType(
    'float32',
    many.map(() => 1),
  );
  const applications = [
    elementwise.sumOf.infer(
      Array.from({ length: 200_000 }, () => tensorType('float32', [2])),
      {},
    ),
    concat.infer(
      Array.from({ length: 200_000 }, () => tensorType('float32', [2])),
      { dim: 0 },
    ),
    permute.infer([wide], { dims: many }),
    squeeze.infer([wide], { dims: many }),
    unsqueeze.infer([wide], { dims: many }),
    reductions.sum.infer([wide], { dims: many }),
    slice.infer([wide], { slices: many.map((dim) => ({ dim, start: 0, stop: 1, step: 1 })) }),
    split.infer([tensorType('float32', [2 ** 40])], { dim: 0, sizes: 1 }),
    unbind.infer([tensorType('float32', [2 ** 40])], { dim: 0 }),
    interpolate.infer([wide], { sizes: many, mode: 'nearest', aspectRatio: 'notLarger' }),
    reshape.infer([tensorType('float32', [2 ** 40, 2 ** 40])], { shape: [-1] }),
  ];
  for (const { kind } of applications) expect(['ok', 'mismatch']).toContain(kind);
});
