/** Budgets that are written are read back, and are never less than what they were made of, nor much more. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  allowedBudget,
  allowedGrowth,
  bytesBudget,
  countBudget,
  latencyBudget,
} from '../../server/src/configuration/budgetText.ts';
import { parseGrowth } from '../../server/src/configuration/growthText.ts';
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
  [allowedBudget({ kind: 'params' }, 100), '110'],
  [allowedBudget({ kind: 'weights' }, 2 ** 20), '1.11 MiB'],
  [allowedBudget({ kind: 'macs' }, 0), undefined],
  [allowedGrowth({ kind: 'params' }, 'relative', { actual: 99, baseline: 90 }), '+11 %'],
  [allowedGrowth({ kind: 'params' }, 'absolute', { actual: 100, baseline: 90 }), '+11'],
  [allowedGrowth({ kind: 'latency' }, 'relative', { actual: 3, baseline: 1 }), '+220 %'],
  [allowedGrowth({ kind: 'latency' }, 'absolute', { actual: 3, baseline: 1 }), '+2.2 ms'],
  [allowedGrowth({ kind: 'macs' }, 'relative', { actual: 1e9 + 1, baseline: 1e9 }), '+0.001 %'],
  [allowedGrowth({ kind: 'macs' }, 'relative', { actual: 5, baseline: 0 }), undefined],
  [allowedGrowth({ kind: 'macs' }, 'relative', { actual: 5, baseline: 5 }), undefined],
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

it('a growth reads back at least as much as there is', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }));
  fc.assert(
    fc.property(sizes, fc.constantFrom('relative', 'absolute'), ([baseline, more], kind) => {
      const text = allowedGrowth({ kind: 'params' }, kind, { actual: baseline + more, baseline }) ?? '';
      const result = parseGrowth('params', text);
      if (result.kind !== 'ok') throw new Error(`${text}: ${result.message}`);
      const { growth } = result;
      const accepted = growth.kind === 'relative' ? baseline * growth.share : growth.amount;
      expect(accepted).toBeGreaterThanOrEqual(more);
    }),
    { seed: 5, numRuns: 500 },
  );
});
