/**
 * Names that a body binds: source in, "locals | globals | nonlocals" out. Source: Python's symtable, by hand.
 */
import { describe, expect, it } from 'vitest';
import { loadPythonParser } from '../support/pythonParser.ts';
import {
  boundNames,
  boundNamesOfExpression,
  comprehensionNames,
  parameterNames,
} from '../../server/src/syntax/names.ts';
import type { BoundNames } from '../../server/src/syntax/names.ts';

const cases: readonly (readonly [source: string, names: string])[] = [
  ['a = b', 'a'],
  ['a = b, *c = d', 'a b c'],
  ['a, (b, [*c]), d.e, f[g] = h', 'a b c'],
  ['a += 1', 'a'],
  ['a: int', 'a'],
  ['a.b: int = c', ''],
  ['for a, b in c:\n    d = e\nelse:\n    f = g', 'a b d f'],
  ['while a:\n    b = 1', 'b'],
  ['if a:\n    b = 1\nelif c:\n    d = 2\nelse:\n    e = 3', 'b d e'],
  ['with a as b, c as (d, e), f as g.h: i = 1', 'b d e i'],
  ['try:\n    a = 1\nexcept B as c:\n    d = 1\nelse:\n    e = 1\nfinally:\n    f = 1', 'a c d e f'],
  ['import a, b.c, d.e as f', 'a b f'],
  ['from a import b, c as d', 'b d'],
  ['from a import *', ''],
  ['def f(a=(b := 1), *c: (d := 2)) -> (e := 3): g = 1', 'b d e f'],
  ['@(a := b)\ndef f(): c = 1', 'a f'],
  ['class A((b := c), d=(e := f)):\n    g = 1', 'A b e'],
  ['x = lambda a=(b := 1): (c := 2)', 'b x'],
  ['[a for b in c if (d := a)]', 'd'],
  ['{(a := 1): (b := 2) for c in (d := e)}', 'a b d'],
  ['f(a := 1, b=(c := 2))', 'a c'],
  ['f"{(a := 1):{(b := 2)}}"', 'a b'],
  [
    'match a:\n    case [b, *c] | {"d": e, **f}: g = 1\n    case H(i, j=k) as l if (m := n): pass\n    case _: pass',
    'b c e f g i k l m',
  ],
  ['del a, (b, c.d)', 'a b'],
  ['global a, b\na = 1\nc = 2', 'c | a b'],
  ['nonlocal a\na = 1\nb = a', 'b |  | a'],
  ['type A[T] = list[T]', 'A'],
  ['return (yield (a := 1))', 'a'],
  ['x.y = z; f(x); pass', ''],
];

function show({ locals, globals, nonlocals }: BoundNames): string {
  const parts = [locals, globals, nonlocals].map((names) => [...names].sort().join(' '));
  return parts.join(' | ').replace(/[ |]+$/, '');
}

describe('boundNames', () => {
  for (const [source, expected] of cases) {
    it(source, async () => {
      const parser = await loadPythonParser();
      const module = parser.parse('m.py', source);
      expect(module.problems).toEqual([]);
      expect(show(boundNames(module.chunks.map(({ chunk }) => chunk.statement)))).toBe(expected);
    });
  }
});

it('names of parameters, lambdas and comprehensions', async () => {
  const parser = await loadPythonParser();
  const module = parser.parse('m.py', 'lambda a, /, b=1, *c, d, **e: (f := a)\n[x for x, (*y, z.w) in v for u in x]');
  const [lambda, list] = module.chunks.map(
    ({ chunk }) => chunk.statement.kind === 'expression' && chunk.statement.value,
  );
  if (!lambda || lambda.kind !== 'lambda' || !list || list.kind !== 'listComprehension') throw new Error('unexpected');
  expect(parameterNames(lambda.parameters)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(show(boundNamesOfExpression(lambda.body))).toBe('f');
  expect([...comprehensionNames(list.clauses)]).toEqual(['x', 'y', 'u']);
});
