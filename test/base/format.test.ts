/** Numbers for people: value in, text out. */
import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatLatencyMs, formatMacs, significant } from '../../server/src/base/format.ts';

const tables: readonly (readonly [string, (value: number) => string, readonly (readonly [number, string])[]])[] = [
  [
    'formatCount',
    formatCount,
    [
      [0, '0'],
      [999, '999'],
      [1000, '1K'],
      [9408, '9.408K'],
      [999_949, '999.9K'],
      [999_950, '1M'],
      [11_689_512, '11.69M'],
      [1_814_073_344, '1.814G'],
      [-2500, '-2.5K'],
      [0.5, '0.5'],
      [Number.NaN, '?'],
      [Infinity, '?'],
    ],
  ],
  [
    'formatMacs',
    formatMacs,
    [
      [320, '320 MACs'],
      [1_814_073_344, '1.814 GMACs'],
      [118_013_952, '118 MMACs'],
      [Number.NaN, '? MACs'],
    ],
  ],
  [
    'formatBytes',
    formatBytes,
    [
      [0, '0 B'],
      [512, '512 B'],
      [1024, '1 KiB'],
      [1_048_575, '1 MiB'],
      [46_758_048, '44.6 MiB'],
      [2 ** 40, '1 TiB'],
      [Number.NaN, '?'],
    ],
  ],
  [
    'formatLatencyMs',
    formatLatencyMs,
    [
      [0, '0 µs'],
      [0.0853, '85.3 µs'],
      [5.67e-6, '5.67 ns'],
      [0.09999, '0.1 ms'],
      [0.1137, '0.114 ms'],
      [2.9, '2.9 ms'],
      [999.9, '1 s'],
      [1200, '1.2 s'],
    ],
  ],
];

describe.each(tables)('%s', (_, format, cases) => {
  it.each(cases)('%s -> %s', (value, text) => {
    expect(format(value)).toBe(text);
  });
});

it('rounds to significant digits', () => {
  expect(significant(118, 4)).toBe('118');
  expect(significant(0.05, 3)).toBe('0.05');
  expect(significant(0.012345, 3)).toBe('0.0123');
  expect(significant(12345, 3)).toBe('12345');
});
