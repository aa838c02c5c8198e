/**
 * Float repr, round, format() and `%` against what CPython 3.11 gives (fixtures/builtins/formatting.json, written by
 * makeFormatting.py beside it).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Budget, DEFAULT_BOUNDS } from '../../server/src/evaluation/bounds.ts';
import { roundToDecimals } from '../../server/src/evaluation/builtins/decimalDigits.ts';
import { reprFloat } from '../../server/src/evaluation/builtins/floatText.ts';
import { formatPlain } from '../../server/src/evaluation/builtins/format.ts';
import { percentFormat } from '../../server/src/evaluation/builtins/percentFormat.ts';
import { normalizeInteger } from '../../server/src/evaluation/builtins/integers.ts';
import type { Runtime } from '../../server/src/evaluation/runtime.ts';
import type { PyUnknown } from '../../server/src/evaluation/values.ts';
import { PyFloat, PyTuple, type Value } from '../../server/src/evaluation/values.ts';

type Encoded = string | { readonly int?: string; readonly float?: string; readonly bool?: boolean };
type Expected = string | { readonly error: string };

interface Truth {
  readonly repr: readonly (readonly [string])[];
  readonly round: readonly (readonly [string, number, string])[];
  readonly format: readonly (readonly [Encoded, string, Expected])[];
  readonly percent: readonly (readonly [string, Encoded, Expected])[];
}

const truth = JSON.parse(readFileSync(new URL('fixtures/builtins/formatting.json', import.meta.url), 'utf8')) as Truth;

class Raised extends Error {}

/** The little that formatting asks of a runtime for plain values. */
const runtime = {
  budget: new Budget(DEFAULT_BOUNDS, () => false),
  step: () => undefined,
  str: (value: Value) => (typeof value === 'string' ? value : runtime.repr(value)),
  repr: (value: Value) => {
    if (value instanceof PyFloat) return reprFloat(value.value);
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    if (typeof value === 'string') return `'${value}'`;
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
  },
  typeOf: (value: Value) => ({ name: value instanceof PyFloat ? 'float' : typeof value === 'string' ? 'str' : 'int' }),
  raise: (name: string) => {
    throw new Raised(name);
  },
} as unknown as Runtime;

describe('formatting as CPython does', () => {
  test('repr of floats', () => {
    const results = truth.repr.map(([text]) => [reprFloat(parseFloatRepr(text))]);
    expect(differing(results, truth.repr)).toEqual([]);
  });

  test('round to decimals', () => {
    const results = truth.round.map(([text, places]) => {
      return [text, places, reprFloat(roundToDecimals(Number(text), places))];
    });
    expect(differing(results, truth.round)).toEqual([]);
  });

  test('format()', () => {
    const results = truth.format.map(([value, spec]) => {
      return [value, spec, attempt(() => formatPlain(runtime, decode(value), spec))];
    });
    expect(differing(results, truth.format)).toEqual([]);
  });

  test('% formatting', () => {
    const results = truth.percent.map(([format, value]) => {
      return [format, value, attempt(() => percentFormat(runtime, format, new PyTuple([decode(value)])))];
    });
    expect(differing(results, truth.percent)).toEqual([]);
  });
});

/** Rows that are not as expected, as [got, wanted]. */
function differing(results: readonly unknown[], expected: readonly unknown[]): readonly unknown[] {
  return results.flatMap((result, index) => {
    const isSame = JSON.stringify(result) === JSON.stringify(expected[index]);
    return isSame ? [] : [[result, expected[index]]];
  });
}

function attempt(body: () => string | PyUnknown): unknown {
  try {
    return body();
  } catch (error) {
    if (error instanceof Raised) return { error: error.message };
    throw error;
  }
}

function decode(value: Encoded): Value {
  if (typeof value === 'string') return value;
  if (value.float !== undefined) return new PyFloat(parseFloatRepr(value.float));
  return value.int === undefined ? (value.bool ?? null) : normalizeInteger(BigInt(value.int));
}

function parseFloatRepr(text: string): number {
  return Number(text.replace('inf', 'Infinity').replace('nan', 'NaN'));
}
