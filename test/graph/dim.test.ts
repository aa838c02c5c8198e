/**
 * Symbolic arithmetic: tables of normal forms, and the property that a normal form evaluates to what plain
 * integer arithmetic gives for the same expression.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDims,
  ceilDivideDims,
  compareDims,
  dimBounds,
  dimSymbols,
  floorDivideDims,
  maximumDim,
  minimumDim,
  moduloDims,
  multiplyDims,
  printDim,
  substituteDim,
  subtractDims,
  symbolDim,
  unknownDim,
  unknownReason,
  type Dim,
} from '../../server/src/graph/dim.ts';

const N = symbolDim('N');
const M = symbolDim('M');
const H = symbolDim('H');

const forms: readonly (readonly [string, Dim, string])[] = [
  ['product', multiplyDims(N, 4), '4*N'],
  ['sum', addDims(multiplyDims(4, N), 1), '4*N + 1'],
  ['difference of equals', subtractDims(N, N), '0'],
  ['sum in order of names', addDims(N, M), 'M + N'],
  ['negative', subtractDims(3, N), '-N + 3'],
  ['product of sums', multiplyDims(addDims(N, 1), subtractDims(N, 1)), 'N*N - 1'],
  ['minus zero', multiplyDims(0, -1), '0'],
  ['a quotient at the end of the exact integers', floorDivideDims(2 ** 53 - 1, -3), '-3002399751580331'],
  ['one whose remainder is of the other sign', floorDivideDims(2 - 2 ** 53, 4), '-2251799813685248'],
  ['exact division', floorDivideDims(multiplyDims(N, 4), 2), '2*N'],
  ['whole part', floorDivideDims(addDims(multiplyDims(N, 4), 2), 4), 'N'],
  ['fraction', floorDivideDims(N, 2), 'floor(N / 2)'],
  ['common factor', floorDivideDims(addDims(multiplyDims(N, 2), 1), 4), 'floor(N / 2)'],
  ['convolution with stride', addDims(floorDivideDims(subtractDims(H, 1), 2), 1), 'floor((H + 1) / 2)'],
  ['fraction of a fraction', floorDivideDims(addDims(floorDivideDims(addDims(H, 1), 2), 1), 2), 'floor((H + 3) / 4)'],
  ['ceiling', ceilDivideDims(N, 7), 'floor((N + 6) / 7)'],
  ['ceiling by negation', multiplyDims(floorDivideDims(multiplyDims(N, -1), 7), -1), 'floor((N + 6) / 7)'],
  ['ceiling by a symbol', ceilDivideDims(multiplyDims(N, M), N), 'M'],
  ['negative divisor', floorDivideDims(N, -2), '-floor((N + 1) / 2)'],
  ['division by a product', floorDivideDims(multiplyDims(multiplyDims(N, M), 6), multiplyDims(N, 3)), '2*M'],
  ['division by a sum', floorDivideDims(multiplyDims(addDims(N, 1), multiplyDims(M, 64)), addDims(N, 1)), '64*M'],
  ['no division by a sum', floorDivideDims(N, addDims(N, 1)), 'floor(N / (N + 1))'],
  ['modulo', moduloDims(N, 2), 'N - 2*floor(N / 2)'],
  ['modulo of a multiple', moduloDims(multiplyDims(N, 6), 3), '0'],
  ['padding to a multiple', addDims(H, moduloDims(subtractDims(7, moduloDims(H, 7)), 7)), '7*floor((H + 6) / 7)'],
  ['maximum of neighbours', maximumDim(N, addDims(N, 1)), 'N + 1'],
  ['maximum with zero', maximumDim(subtractDims(N, 1), 0), 'N - 1'],
  ['maximum of two', maximumDim(N, M), 'max(M, N)'],
  ['maximum again', maximumDim(maximumDim(N, M), N), 'max(M, N)'],
  ['minimum', minimumDim(N, 10), 'min(N, 10)'],
  ['minimum of a minimum', minimumDim(minimumDim(N, 10), 4), 'min(N, 4)'],
  ['a quotient that has one value', maximumDim(floorDivideDims(minimumDim(N, 2), 6), 0), '0'],
  ['unknown', addDims(unknownDim('lost'), 1), '?'],
];

describe('normal form', () => {
  it.each(forms)('%s', (_, dim, text) => {
    expect(printDim(dim)).toBe(text);
    expect(Object.is(dim, -0)).toBe(false);
  });
});

describe('comparison', () => {
  const lost = unknownDim('lost');
  const comparisons: readonly (readonly [string, Dim, Dim, string])[] = [
    ['numbers', 3, 4, 'different'],
    ['one symbol', N, N, 'equal'],
    ['neighbours', N, addDims(N, 1), 'different'],
    ['a size and zero', N, 0, 'different'],
    ['a sum and one', addDims(N, 1), 1, 'different'],
    ['a symbol and a number', N, 4, 'undetermined'],
    ['two symbols', N, M, 'undetermined'],
    ['two ways to the ceiling', ceilDivideDims(N, 2), floorDivideDims(addDims(N, 1), 2), 'equal'],
    ['an unknown and itself', lost, lost, 'equal'],
    ['two unknowns', lost, unknownDim('lost'), 'undetermined'],
    ['halves of two unknowns', floorDivideDims(lost, 2), floorDivideDims(unknownDim('lost'), 2), 'undetermined'],
    ['an unknown and zero', lost, 0, 'undetermined'],
    ['names that look like products', multiplyDims(N, M), symbolDim('M*N'), 'undetermined'],
  ];
  it.each(comparisons)('%s', (_, left, right, result) => {
    expect(compareDims(left, right)).toBe(result);
  });
});

describe('limits', () => {
  it('gives up on what exceeds 2^53', () => {
    expect(unknownReason(multiplyDims(2 ** 40, 2 ** 40))).toBe('exceeds 2^53');
    expect(unknownReason(multiplyDims(multiplyDims(2 ** 40, N), 2 ** 40))).toBe('exceeds 2^53');
    expect(unknownReason(floorDivideDims(N, 0))).toBe('division by zero');
  });

  it('gives up on powers and nestings that grow without end', () => {
    let power: Dim = N;
    let nested: Dim = N;
    for (let i = 0; i < 200; i++) {
      power = multiplyDims(power, power);
      nested = floorDivideDims(addDims(multiplyDims(nested, nested), M), addDims(nested, 3));
    }
    expect(unknownReason(power)).toBe('the symbolic expression grew too large');
    expect(unknownReason(nested)).toBe('the symbolic expression grew too large');
  });

  it('keeps the reason of the first unknown in a long sum', () => {
    let sum: Dim = 0;
    for (let i = 0; i < 100; i++) sum = addDims(sum, unknownDim(`layer ${i}`));
    expect(unknownReason(sum)).toBe('layer 0');
  });

  it('divides integers near 2^53 exactly', () => {
    for (const divisor of [2, 3, 7, 11, 1001]) {
      const left = Number.MAX_SAFE_INTEGER - 1;
      expect(floorDivideDims(left, divisor)).toBe(Number(BigInt(left) / BigInt(divisor)));
    }
  });
});

/** An expression as plain data, with divisors that are never zero. */
type Tree =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'pair'; readonly operation: keyof typeof operations; readonly left: Tree; readonly right: Tree };

const floorOf = (left: number, right: number): number => Math.floor(left / right);
const operations = {
  add: { dims: addDims, numbers: (a: number, b: number) => a + b },
  subtract: { dims: subtractDims, numbers: (a: number, b: number) => a - b },
  multiply: { dims: multiplyDims, numbers: (a: number, b: number) => a * b },
  floorDivide: { dims: floorDivideDims, numbers: floorOf },
  ceilDivide: { dims: ceilDivideDims, numbers: (a: number, b: number) => Math.ceil(a / b) },
  modulo: { dims: moduloDims, numbers: (a: number, b: number) => a - b * floorOf(a, b) },
  maximum: { dims: maximumDim, numbers: (a: number, b: number) => Math.max(a, b) },
  minimum: { dims: minimumDim, numbers: (a: number, b: number) => Math.min(a, b) },
} as const;
const divisions = new Set<string>(['floorDivide', 'ceilDivide', 'modulo']);

const { tree } = fc.letrec<{ tree: Tree; leaf: Tree; pair: Tree; divisor: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 5, withCrossShrink: true }, tie('leaf'), tie('pair')),
  leaf: fc.oneof(
    fc.record({ kind: fc.constant('number' as const), value: fc.integer({ min: -9, max: 9 }) }),
    fc.record({ kind: fc.constant('symbol' as const), name: fc.constantFrom('A', 'B', 'C') }),
  ),
  divisor: fc.oneof(
    fc.record({ kind: fc.constant('number' as const), value: fc.constantFrom(-3, -1, 1, 2, 3, 4, 6) }),
    fc.record({ kind: fc.constant('symbol' as const), name: fc.constantFrom('A', 'B') }),
  ),
  pair: fc.constantFrom(...(Object.keys(operations) as (keyof typeof operations)[])).chain((operation) =>
    fc.record({
      kind: fc.constant('pair' as const),
      operation: fc.constant(operation),
      left: tie('tree'),
      right: divisions.has(operation) ? tie('divisor') : tie('tree'),
    }),
  ),
}));

function toDim(expression: Tree): Dim {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'symbol') return symbolDim(expression.name);
  return operations[expression.operation].dims(toDim(expression.left), toDim(expression.right));
}

function toNumber(expression: Tree, bindings: ReadonlyMap<string, number>): number {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'symbol') return bindings.get(expression.name) ?? Number.NaN;
  const { left, right, operation } = expression;
  return operations[operation].numbers(toNumber(left, bindings), toNumber(right, bindings));
}

const size = fc.integer({ min: 1, max: 60 });

describe('properties', () => {
  it('a normal form evaluates as integer arithmetic does', () => {
    fc.assert(
      fc.property(tree, size, size, size, (expression, a, b, c) => {
        const dim = toDim(expression);
        fc.pre(unknownReason(dim) === undefined);
        const bindings = new Map([
          ['A', a],
          ['B', b],
          ['C', c],
        ]);
        const expected = toNumber(expression, bindings);
        fc.pre(Number.isSafeInteger(expected));
        expect(substituteDim(dim, bindings)).toBe(expected + 0);
        const { low, high } = dimBounds(dim);
        expect(low <= expected && expected <= high).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('substitution by symbols gives the normal form of the substituted expression', () => {
    fc.assert(
      fc.property(tree, (expression) => {
        const dim = toDim(expression);
        fc.pre(unknownReason(dim) === undefined);
        const same = new Map<string, Dim>(dimSymbols(dim).map((name) => [name, symbolDim(name)]));
        expect(printDim(substituteDim(dim, same))).toBe(printDim(dim));
      }),
      { numRuns: 2000 },
    );
  });

  it('sums and products do not depend on order, and comparison never contradicts numbers', () => {
    fc.assert(
      fc.property(tree, tree, size, size, size, (left, right, a, b, c) => {
        const [x, y] = [toDim(left), toDim(right)];
        fc.pre(unknownReason(x) === undefined && unknownReason(y) === undefined);
        expect(printDim(addDims(x, y))).toBe(printDim(addDims(y, x)));
        expect(printDim(multiplyDims(x, y))).toBe(printDim(multiplyDims(y, x)));
        expect(printDim(maximumDim(x, y))).toBe(printDim(maximumDim(y, x)));
        const bindings = new Map([
          ['A', a],
          ['B', b],
          ['C', c],
        ]);
        const areEqual = toNumber(left, bindings) === toNumber(right, bindings);
        const comparison = compareDims(x, y);
        if (comparison === 'equal') expect(areEqual).toBe(true);
        if (comparison === 'different') expect(areEqual).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});
