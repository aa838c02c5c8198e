/**
 * A report through JSON and back, and parts of a check put together again; what does not fit is refused.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFromJson, checkToJson } from '../../server/src/gate/checkJson.ts';
import type { CheckReport } from '../../server/src/gate/checkReport.ts';
import { mergeReports, type NamedReport } from '../../server/src/gate/mergeReports.ts';
import { sampleReport } from './sampleReport.ts';

const whole = sampleReport('hostile');

function part(index: number, count: number): NamedReport {
  const entries = whole.entries.filter((entry) => entry.index % count === index - 1);
  return { name: `part${index}.json`, report: { ...whole, shard: { index, count }, entries } };
}

describe('JSON', () => {
  it('comes back as it was', () => {
    for (const kind of ['plain', 'hostile'] as const) {
      const report = sampleReport(kind);
      const back = checkFromJson(checkToJson(report));
      expect(back).toEqual({ kind: 'ok', value: report });
    }
  });

  it('does not depend on the order in which fields were made', () => {
    const back = checkFromJson(checkToJson(whole));
    expect(back.kind === 'ok' && checkToJson(back.value)).toBe(checkToJson(whole));
  });

  it.each([
    ['', 'it is no JSON'],
    ['[]', 'the whole is [], not an object'],
    ['{}', 'formatVersion is missing, not a number'],
    ['{"formatVersion": 2}', 'its formatVersion is 2, not 1'],
    [checkToJson(whole).replace('"status": "pass"', '"status": "great"'), 'entries[0].status is "great", not one of'],
    [checkToJson(whole).replace('"line": 3', '"line": "3"'), 'is "3", not an integer'],
    [checkToJson(whole).replace('"kind": "params"', '"kind": "shoes"'), 'metric.kind is "shoes"'],
  ])('refuses %.40j', (text, message) => {
    const result = checkFromJson(text);
    expect(result.kind === 'invalid' ? result.message : 'read').toContain(message);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('entries', 'problems', 'shard', 'entryCount'), (value, key) => {
        const json = { ...(JSON.parse(checkToJson(whole)) as object), [key]: value };
        checkFromJson(JSON.stringify(json));
      }),
    );
  });
});

describe('merging', () => {
  it('gives what one machine would have reported, in whatever order parts come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.infiniteStream(fc.nat()), (count, order) => {
        const parts = Array.from({ length: count }, (_, i) => part(i + 1, count));
        const shuffled = parts
          .map((each) => ({ each, key: order.next().value as number }))
          .sort((a, b) => a.key - b.key);
        const result = mergeReports(shuffled.map(({ each }) => each));
        expect(result.kind === 'ok' && checkToJson(result.report)).toBe(checkToJson(whole));
      }),
      { numRuns: 50 },
    );
  });

  const other: CheckReport = { ...part(2, 2).report, configuration: 'other.json' };
  it.each([
    [[], 'there is nothing to merge'],
    [[part(1, 2)], 'parts are missing: 2/2'],
    [[part(1, 2), part(1, 2)], 'part1.json and part1.json are the same part, 1/2'],
    [[part(1, 2), part(2, 3)], 'are of different checks: parts 2 and 3'],
    [[part(1, 2), { name: 'x', report: other }], 'different checks: configuration layercost.json and other.json'],
    [[part(1, 2), { name: 'x', report: { ...part(2, 2).report, entries: [] } }], 'the parts hold 3 entries of 6'],
  ])('refuses parts that do not make a whole: %#', (parts: readonly NamedReport[], message) => {
    const result = mergeReports(parts);
    expect(result.kind === 'invalid' ? result.message : 'merged').toContain(message);
  });
});
