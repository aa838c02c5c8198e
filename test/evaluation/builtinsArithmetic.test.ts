/**
 * Integer arithmetic against BigInt for any size and sign, floats against properties that CPython's obey, and symbolic
 * dimensions against the integers that they stand for.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reprFloat, parseFloatText } from '../../server/src/evaluation/builtins/floatText.ts';
import { normalizeInteger } from '../../server/src/evaluation/builtins/integers.ts';
import { Fault } from '../../server/src/evaluation/builtins/fault.ts';
import { arithmetic, compareNumbers } from '../../server/src/evaluation/builtins/numbers.ts';
import { PyFloat, PySymbolicInt, type Value } from '../../server/src/evaluation/values.ts';
import { substituteDim, symbolDim } from '../../server/src/graph/dim.ts';

const integer = fc.oneof(
  fc.bigInt({ min: -100n, max: 100n }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }),
  fc.constantFrom(2n ** 53n, -(2n ** 53n), 2n ** 53n - 1n, 1n - 2n ** 53n, 0n),
);

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

const REFERENCE = {
  '+': (a: bigint, b: bigint) => a + b,
  '-': (a: bigint, b: bigint) => a - b,
  '*': (a: bigint, b: bigint) => a * b,
  '//': floorDivide,
  '%': (a: bigint, b: bigint) => a - floorDivide(a, b) * b,
  '&': (a: bigint, b: bigint) => a & b,
  '|': (a: bigint, b: bigint) => a | b,
  '^': (a: bigint, b: bigint) => a ^ b,
} as const;

test.for(Object.entries(REFERENCE))('integers: %s as BigInt does, normalised', ([operator, reference]) => {
  fc.assert(
    fc.property(integer, integer, (a, b) => {
      const isDivision = operator === '//' || operator === '%';
      const result = arithmetic(operator as keyof typeof REFERENCE, normalizeInteger(a), normalizeInteger(b));
      if (isDivision && b === 0n) expect(result).toBeInstanceOf(Fault);
      else expect(result).toBe(normalizeInteger(reference(a, b)));
    }),
    { numRuns: 400 },
  );
});

test('integers: shifts and powers', () => {
  fc.assert(
    fc.property(integer, fc.integer({ min: 0, max: 200 }), (a, n) => {
      expect(arithmetic('<<', normalizeInteger(a), n)).toBe(normalizeInteger(a << BigInt(n)));
      expect(arithmetic('>>', normalizeInteger(a), n)).toBe(normalizeInteger(a >> BigInt(n)));
      expect(arithmetic('**', normalizeInteger(a), n % 12)).toBe(normalizeInteger(a ** BigInt(n % 12)));
    }),
  );
});

test('true division of integers is the nearest double', () => {
  fc.assert(
    fc.property(integer, integer, (a, b) => {
      if (b === 0n) return;
      const result = arithmetic('/', normalizeInteger(a), normalizeInteger(b));
      if (!(result instanceof PyFloat)) return;
      // The error against the exact quotient is at most half a unit in the last place.
      const scale = 2n ** 1200n;
      const exact = (a * scale) / b;
      const error = toFraction(result.value, scale) - exact;
      const unit = toFraction(ulp(result.value), scale);
      expect((error < 0n ? -error : error) * 2n <= unit + 4n).toBe(true);
    }),
  );
});

test('divmod of doubles: the remainder has the sign of the divisor and is smaller', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      if (b === 0) return;
      const remainder = arithmetic('%', new PyFloat(a), new PyFloat(b));
      if (!(remainder instanceof PyFloat)) throw new Error('not a float');
      expect(Math.abs(remainder.value) <= Math.abs(b)).toBe(true);
      expect(remainder.value === 0 || remainder.value < 0 === b < 0).toBe(true);
    }),
  );
});

test('repr of a double reads back as the same double', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(parseFloatText(reprFloat(value))).toBe(value);
    }),
    { numRuns: 1000 },
  );
});

test('integers and floats compare exactly', () => {
  fc.assert(
    fc.property(integer, fc.double({ noNaN: true, noDefaultInfinity: true }), (a, b) => {
      const exact = toFraction(b, 2n ** 1100n);
      const difference = a * 2n ** 1100n - exact;
      const sign = difference < 0n ? -1 : difference > 0n ? 1 : 0;
      expect(compareNumbers(normalizeInteger(a), new PyFloat(b))).toBe(sign);
    }),
  );
});

test('symbolic dimensions compute what their integers do', () => {
  const operators = fc.array(fc.tuple(fc.constantFrom('+', '-', '*', '//', '%'), fc.integer({ min: 1, max: 9 })), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(operators, fc.integer({ min: 0, max: 1000 }), (steps, n) => {
      let symbolic: Value = new PySymbolicInt(symbolDim('N'));
      let plain: Value = n;
      for (const [operator, operand] of steps) {
        symbolic = valueOf(arithmetic(operator, symbolic, operand));
        plain = valueOf(arithmetic(operator, plain, operand));
      }
      const bindings = new Map([['N', n]]);
      expect(symbolic instanceof PySymbolicInt ? substituteDim(symbolic.dim, bindings) : symbolic).toBe(plain);
    }),
  );
});

function valueOf(result: Value | Fault | undefined): Value {
  if (result === undefined || result instanceof Fault) throw new Error('no number');
  return result;
}

/** The exact value of a double times `scale`, for a scale that holds all of its bits. */
function toFraction(value: number, scale: bigint): bigint {
  let exponent = 0;
  let mantissa = value;
  while (!Number.isInteger(mantissa)) [mantissa, exponent] = [mantissa * 2, exponent + 1];
  return (BigInt(mantissa) * scale) / 2n ** BigInt(exponent);
}

function ulp(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return view.getFloat64(0) - Math.abs(value);
}
