/**
 * SARIF of a check: by its published schema, and by what GitHub reads of it.
 */
import type { Log } from 'sarif';
import { expect, it } from 'vitest';
import { checkToSarif } from '../../../server/src/cli/reporters/checkSarif.ts';
import { manyEntries, sampleReport } from '../../gate/sampleReport.ts';
import { sarifErrors } from './publishedSchemas.ts';

function parse(text: string): Log {
  return JSON.parse(text) as Log;
}

it.each(['plain', 'hostile'] as const)('is valid by the schema: %s', (kind) => {
  expect(sarifErrors(checkToSarif(sampleReport(kind), '1.2.3'))).toEqual([]);
});

it('would not be valid with a key that SARIF does not know', () => {
  const log = { ...parse(checkToSarif(sampleReport('plain'), '1.2.3')), extra: 1 };
  expect(sarifErrors(JSON.stringify(log))).not.toEqual([]);
});

it('has a result for each finding that somebody has to act on', () => {
  const [run] = parse(checkToSarif(sampleReport('plain'), '1.2.3')).runs;
  const rows = run?.results?.map(({ ruleId, level, locations, relatedLocations = [] }) => {
    const at = locations?.[0]?.physicalLocation;
    const related = relatedLocations.map(
      ({ message, physicalLocation }) => `${message?.text ?? ''} ${physicalLocation?.region?.startLine ?? ''}`,
    );
    return `${level} ${ruleId} ${at?.artifactLocation?.uri}:${at?.region?.startLine} <- ${related.join(', ')}`;
  });
  expect(rows).toEqual([
    'warning configuration layercost.json:7 <- ',
    'error budget-params net.py:3 <- the budget 3, head (Conv2d): 75 % 6, stem (Conv2d): 25 % 5',
    'warning budget-macs net.py:3 <- the budget 5, stem (Conv2d): 70 % 5, head (Conv2d): 30 % 6',
    'warning budget-params layercost.json:2 <- the budget 3, head (Conv2d): 75 % 6, stem (Conv2d): 25 % 5',
    'error unknown-figure net.py:3 <- the budget 3',
    'error unreadable-model gone.py:1 <- ',
  ]);
  const ids = run?.tool.driver.rules?.map(({ id }) => id) ?? [];
  expect(run?.results?.every(({ ruleId, ruleIndex }) => ids[ruleIndex ?? -1] === ruleId)).toBe(true);
});

it('keeps the fingerprint of a finding whose figures change, and tells findings apart', () => {
  const prints = (text: string): readonly unknown[] =>
    parse(text).runs[0]?.results?.map((each) => each.partialFingerprints?.['primaryLocationLineHash']) ?? [];
  const before = prints(checkToSarif(sampleReport('plain'), '1.2.3'));
  const changed = sampleReport('plain');
  const moved = {
    ...changed,
    entries: changed.entries.map((entry) => ({ ...entry, place: { file: 'net.py', line: 99 } })),
  };
  expect(prints(checkToSarif(moved, '2.0.0'))).toEqual(before);
  expect(new Set(before).size).toBe(before.length);
});

it('keeps to 25,000 results, errors first, and says so', () => {
  const [run] = parse(checkToSarif(manyEntries(13_000), '1.2.3')).runs;
  const levels = run?.results?.map(({ level }) => level) ?? [];
  expect(levels.length).toBe(25_000);
  expect(levels.filter((level) => level === 'error').length).toBe(13_000);
  expect(run?.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toContain('1000 of 26000 results');
});

it('encodes paths as URIs', () => {
  const report = sampleReport('plain');
  const entries = report.entries.map((entry) => ({ ...entry, place: { file: 'my models/nét#1.py', line: 2 } }));
  expect(checkToSarif({ ...report, entries }, '1.2.3')).toContain('"my%20models/n%C3%A9t%231.py"');
});
