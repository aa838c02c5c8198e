/** Budgets that are written are read back, and are never less than what they were made of, nor much more. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesBudget, countBudget, latencyBudget } from '../../server/src/configuration/budgetText.ts';
import { parseLimit } from '../../server/src/configuration/quantity.ts';

it.each([
  [countBudget(12_859_613), '12.9M'],
  [countBudget(1), '1'],
  [countBudget(999_999), '1000K'],
  [countBudget(1000), '1K'],
  [bytesBudget(20 * 2 ** 20), '20 MiB'],
  [bytesBudget(1025), '1.01 KiB'],
  [bytesBudget(7), '7 B'],
  [latencyBudget(2.512), '2.52 ms'],
  [latencyBudget(0.000_459_5), '460 ns'],
  [latencyBudget(1234), '1.24 s'],
])('%s', (text, wanted) => {
  expect(text).toBe(wanted);
});

it('reads back at least as much', () => {
  const cases = fc.oneof(
    fc.nat({ max: 2 ** 52 }).map((amount) => ['params', amount, countBudget(amount)] as const),
    fc.nat({ max: 2 ** 52 }).map((amount) => ['bytes', amount, bytesBudget(amount)] as const),
    fc
      .double({ min: 1e-4, max: 1e6, noNaN: true })
      .map((amount) => ['latency', amount, latencyBudget(amount)] as const),
  );
  fc.assert(
    fc.property(cases, ([kind, amount, text]) => {
      const result = parseLimit(kind, text);
      if (result.kind !== 'ok') throw new Error(`${text}: ${result.message}`);
      expect(result.amount).toBeGreaterThanOrEqual(amount);
      expect(result.amount).toBeLessThanOrEqual(amount * 1.02 + 1);
    }),
    { numRuns: 1000 },
  );
});
