/** Printing, counting and comparing tensor types. */
import { describe, expect, it } from 'vitest';
import { multiplyDims, printDim, symbolDim, unknownDim, unknownReason, type Dim } from '../../server/src/graph/dim.ts';
import {
  elementCount,
  printShape,
  printType,
  shapesEqual,
  tensorBytes,
  tensorType,
  type ValueType,
} from '../../server/src/graph/tensorType.ts';

const N = symbolDim('N');

const shapes: readonly (readonly [readonly Dim[] | undefined, string])[] = [
  [[1, 3, 224, 224], '1x3x224x224'],
  [[], 'scalar'],
  [undefined, '?'],
  [[N, 3, unknownDim('lost')], 'Nx3x?'],
  [[multiplyDims(N, 4), symbolDim('batch')], '(4*N)x(batch)'],
];

it.each(shapes)('%j prints %s', (shape, text) => {
  expect(printShape(shape)).toBe(text);
});

const types: readonly (readonly [ValueType, string])[] = [
  [tensorType('float32', [1, 3]), '1x3 float32'],
  [{ kind: 'sequence', element: tensorType('int64', undefined) }, 'sequence(? int64)'],
  [{ kind: 'optional', element: tensorType('bool', []) }, 'optional(scalar bool)'],
  [{ kind: 'map', key: 'string', value: tensorType('float32', [2]) }, 'map(string, 2 float32)'],
  [{ kind: 'sparseTensor', dtype: 'float32', shape: [9, 9] }, 'sparse 9x9 float32'],
  [{ kind: 'unknown', reason: 'lost' }, '?'],
];

it.each(types)('%j prints %s', (type, text) => {
  expect(printType(type)).toBe(text);
});

describe('bytes', () => {
  it.each([
    ['float32', [2, 3], '24'],
    ['bool', [7], '7'],
    ['int4', [7], '4'],
    ['complex64', [2], '16'],
    ['float16', [N, 3], '6*N'],
    ['float32', [0, 5], '0'],
  ] as const)('%s %j: %s', (dtype, shape, text) => {
    expect(printDim(tensorBytes(tensorType(dtype, shape)))).toBe(text);
  });

  it('are unknown, with the reason, for strings and unknown ranks', () => {
    expect(unknownReason(tensorBytes(tensorType('string', [2])))).toContain('string');
    expect(unknownReason(elementCount(undefined))).toBe('the rank is unknown');
  });
});

it('compares shapes: only what is certainly equal is equal', () => {
  expect(shapesEqual([N, 3], [N, 3])).toBe(true);
  expect(shapesEqual([N, 3], [4, 3])).toBe(false);
  expect(shapesEqual([3], [3, 1])).toBe(false);
  expect(shapesEqual([], [])).toBe(true);
});
