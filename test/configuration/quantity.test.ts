/**
 * Amounts of budgets as people write them, and in the metric's own unit; a part of the message where they are none.
 */
import { expect, it } from 'vitest';
import { parseLimit, type QuantityKind } from '../../server/src/configuration/quantity.ts';

const CASES: readonly (readonly [QuantityKind, string, number | string])[] = [
  ['params', '5M', 5e6],
  ['params', ' 5 M ', 5e6],
  ['params', '1.1G', 1.1e9],
  ['params', '7B', 7e9],
  ['params', '300k', 3e5],
  ['params', '300K params', 3e5],
  ['params', '5000000', 5_000_000],
  ['params', '5e6', 5e6],
  ['params', '<= 5M', 5e6],
  ['params', '≤5M', 5e6],
  ['params', '0', 0],
  ['params', '0.5', 'no whole number'],
  ['params', '5m', 'did you mean "5M"?'],
  ['params', '5 MACs', 'has the unit "MACs"'],
  ['params', '5,000,000', 'has the unit ",000,000"'],
  ['params', 'many', '"many" is not a count'],
  ['params', '', '"" is not a count'],
  ['params', '1e999', 'too large'],
  ['params', '> 5M', 'begins with ">"'],
  ['macs', '300 MMACs', 3e8],
  ['macs', '300M MACs', 3e8],
  ['macs', '1.814 GMACs', 1_814_000_000],
  ['macs', '5 MACs', 5],
  ['macs', '2T', 2e12],
  ['macs', '3B', 'has the unit "B"'],
  ['macs', '3.6 GFLOPs', '2 FLOPs are one MAC'],
  ['bytes', '20 MiB', 20 * 2 ** 20],
  ['bytes', '20MB', 2e7],
  ['bytes', '1.5 GiB', 1.5 * 2 ** 30],
  ['bytes', '4 kB', 4000],
  ['bytes', '512 B', 512],
  ['bytes', '4 KB', 'kB for 1000 bytes'],
  ['bytes', '4', 'has no unit'],
  ['bytes', '4 Mb', 'has the unit "Mb"'],
  ['bytes', '4 ms', 'has the unit "ms"'],
  ['latency', '2.5 ms', 2.5],
  ['latency', '300 us', 0.3],
  ['latency', '300 µs', 0.3],
  ['latency', '300 μs', 0.3],
  ['latency', '50ns', 0.00005],
  ['latency', '1 s', 1000],
  ['latency', '.5 s', 500],
  ['latency', '2.5', 'has no unit'],
  ['latency', '-2.5 ms', 'is negative'],
  ['latency', '1 min', 'has the unit "min"'],
  ['latency', '1 constructor', 'has the unit "constructor"'],
  ['accuracy', '>= 74 %', 0.74],
  ['accuracy', '≥74.5%', 0.745],
  ['accuracy', '74', 'no percent sign'],
  ['accuracy', '174 %', 'more than 100 %'],
  ['accuracy', '<= 74 %', 'at least'],
];

it.each(CASES)('%s "%s"', (kind, text, wanted) => {
  const result = parseLimit(kind, text);
  if (typeof wanted === 'number') expect(result).toEqual({ kind: 'ok', amount: wanted });
  else expect(result.kind === 'ok' ? result.amount : result.message).toContain(wanted);
});
