/**
 * Elementwise operations and bytes of data-movement and elementwise operators, worked out by hand from the
 * conventions that their files document. Elements are float32 (4 bytes) unless the shape says otherwise.
 */
import { expect, test } from 'vitest';
import { printDim } from '../../server/src/graph/dim.ts';
import { activations, glu, prelu, softmax } from '../../server/src/operators/activation.ts';
import { arange, full, fullLike, random } from '../../server/src/operators/creation.ts';
import { cast, elementwise } from '../../server/src/operators/elementwise.ts';
import { expand, repeat } from '../../server/src/operators/expand.ts';
import { gather, indexSelect, scatter, take } from '../../server/src/operators/gather.ts';
import { contiguous, dropout, identity } from '../../server/src/operators/identity.ts';
import { advancedIndex, indexPut } from '../../server/src/operators/indexing.ts';
import { gridSample, interpolate, roiAlign } from '../../server/src/operators/interpolation.ts';
import { concat, split } from '../../server/src/operators/join.ts';
import type { Application } from '../../server/src/operators/operator.ts';
import { pad } from '../../server/src/operators/padding.ts';
import { permute } from '../../server/src/operators/permute.ts';
import { cumsum, reductions } from '../../server/src/operators/reduction.ts';
import { reshape } from '../../server/src/operators/reshape.ts';
import { sort, topk } from '../../server/src/operators/sorting.ts';
import { fold } from '../../server/src/operators/unfold.ts';
import { call } from './describeCall.ts';

/** Operations, bytes read, bytes written. */
type Row = readonly [what: string, Application, ops: string, bytesRead: string, bytesWritten: string];

const rows: readonly Row[] = [
  ['a sum: one an element', call(elementwise.add, '2x3, 3', {}), '6', '36', '24'],
  ['with a Python number', call(elementwise.mul, '2x3', { scalars: ['float'] }), '6', '24', '24'],
  ['a comparison writes bytes', call(elementwise.lt, '2x3, 2x3', {}), '6', '48', '6'],
  ['clamp: one a bound', call(elementwise.clamp, '2x3', { scalars: ['int', 'int'] }), '12', '24', '24'],
  ['a sum of three', call(elementwise.sumOf, '2x3, 2x3, 2x3', {}), '12', '72', '24'],
  ['of one', call(elementwise.sumOf, '2x3', {}), '0', '24', '24'],
  ['symbolic', call(elementwise.exp, 'NxC', {}), 'C*N', '4*C*N', '4*C*N'],
  ['a change of type', call(cast, '2x3', { dtype: 'float16' }), '0', '24', '12'],
  ['relu', call(activations.relu, '2x3', {}), '6', '24', '24'],
  ['gelu: five', call(activations.gelu, '2x3', {}), '30', '24', '24'],
  ['prelu: two', call(prelu, '2x3, 1', {}), '12', '28', '24'],
  ['softmax: five', call(softmax, '2x3', { dim: -1 }), '30', '24', '24'],
  ['glu: five an output', call(glu, '2x4', { dim: 1 }), '20', '32', '16'],
  ['a view', call(reshape, '2x3', { shape: [6] }), '0', '0', '0'],
  ['a permutation is a view', call(permute, '2x3', { dims: [1, 0] }), '0', '0', '0'],
  ['an expansion is a view', call(expand, '1x3', { shape: [8, 3] }), '0', '0', '0'],
  ['a split is a view', call(split, '4x3', { dim: 0, sizes: 2 }), '0', '0', '0'],
  ['nothing', call(identity, '2x3', {}), '0', '0', '0'],
  ['dropout at inference', call(dropout, '2x3', { p: 0.5 }), '0', '0', '0'],
  ['a copy', call(contiguous, '2x3', {}), '0', '24', '24'],
  ['repeats are written', call(repeat, '1x3', { repeats: [8, 1] }), '0', '12', '96'],
  ['a join', call(concat, '2x3, 2x5', { dim: 1 }), '0', '64', '64'],
  ['padding', call(pad, '2x3', { before: [1], after: [1], mode: 'constant' }), '0', '24', '40'],
  ['rows that are taken', call(take, '1000x64, 5 int64', { dim: 0 }), '0', String(40 + 1280), '1280'],
  ['elements that are gathered', call(gather, '4x5, 4x2 int64', { dim: 1 }), '0', String(64 + 32), '32'],
  ['rows that are selected', call(indexSelect, '1000x64, 5 int32', { dim: 0 }), '0', String(20 + 1280), '1280'],
  [
    'an index by a tensor',
    call(advancedIndex, '1000x64, 5 int64', { items: [{ kind: 'tensor' }] }),
    '0',
    String(40 + 1280),
    '1280',
  ],
  [
    'an assignment to a part',
    call(indexPut, '1000x64, 64', { items: [{ kind: 'integer', index: 0 }] }),
    '0',
    '256',
    '256',
  ],
  ['a scatter that adds', call(scatter, '4x5, 4x2 int64, 4x2', { dim: 1, reduce: 'add' }), '8', '176', '80'],
  ['fold adds every column', call(fold, '1x12x4', foldWindows()), '48', '192', '192'],
  ['a mean: a sum and a division', call(reductions.mean, '2x3', { dims: [1] }), '8', '24', '8'],
  ['a variance: four and two', call(reductions.variance, '2x3', { dims: [1] }), '28', '24', '8'],
  ['a running sum', call(cumsum, '2x3', { dim: 1 }), '6', '24', '24'],
  ['a selection of the largest', call(topk, '2x8', { k: 2, dim: 1 }), '16', '64', String(16 + 32)],
  ['a sort: n log n', call(sort, '2x8', { dim: 1 }), String(16 * 3), '64', String(64 + 128)],
  ['nearest', call(interpolate, '1x1x2x2', { scaleFactors: [2, 2], mode: 'nearest' }), '0', '16', '64'],
  ['bilinear: seven', call(interpolate, '1x1x2x2', { sizes: [4, 4], mode: 'bilinear' }), '112', '16', '64'],
  ['bicubic: thirty-one', call(interpolate, '1x1x2x2', { sizes: [4, 4], mode: 'bicubic' }), '496', '16', '64'],
  ['linear along what changes', call(interpolate, '1x1x2x2', { sizes: [2, 4], mode: 'linear' }), '24', '16', '32'],
  ['a grid sample', call(gridSample, '1x1x4x4, 1x2x2x2', { mode: 'bilinear' }), '28', '96', '16'],
  [
    'regions: eight a sample',
    call(roiAlign, '1x2x8x8, 3x5', { outputSize: [2, 2], samplingRatio: 2 }),
    String(24 * 4 * 8),
    String(512 + 60),
    '96',
  ],
  ['a fill', call(full, '-', { shape: [2, 3], dtype: 'float32' }), '0', '0', '24'],
  ['in the likeness of another, which is not read', call(fullLike, '2x3', {}), '0', '0', '24'],
  ['random numbers', call(random, '-', { shape: [2, 3], dtype: 'float32' }), '6', '0', '24'],
  ['a range', call(arange, '-', { start: 0, end: 4, step: 1, dtype: 'int64' }), '0', '0', '32'],
  ['what fits not', call(elementwise.add, '2, 3', {}), '?', '?', '?'],
];

test.each(rows)('%s', (_, { work }, ops, bytesRead, bytesWritten) => {
  expect([work.elementwiseOps, work.bytesRead, work.bytesWritten].map(printDim)).toEqual([
    ops,
    bytesRead,
    bytesWritten,
  ]);
});

function foldWindows(): Parameters<typeof fold.infer>[1] {
  return { kernelSize: [2, 2], dilation: [1, 1], padding: [0, 0], stride: [2, 2], outputSize: [4, 4] };
}
