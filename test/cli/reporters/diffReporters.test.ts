/**
 * A comparison as SARIF and JUnit, valid by their published schemas, and as GitHub's annotations: golden/diff*, refreshed
 * by `npx vitest run test/cli/reporters -u` and read.
 */
import type { Log } from 'sarif';
import { expect, it } from 'vitest';
import { diffToGithub } from '../../../server/src/cli/reporters/diffGithub.ts';
import { diffToJunit } from '../../../server/src/cli/reporters/diffJunit.ts';
import { diffToSarif } from '../../../server/src/cli/reporters/diffSarif.ts';
import { diffEntries, type DiffReport, type EntryState } from '../../../server/src/gate/diffReport.ts';
import type { PlacedProblem } from '../../../server/src/gate/modelDigest.ts';
import { digest, layer, snapshot } from '../../gate/samples.ts';
import { junitErrors, sarifErrors } from './publishedSchemas.ts';

const HOSTILE = '<b>|`x`|\n::error::%0A,@team "&\' \u0007\uD800 日本 ]]>';

/** A model of each outcome, names and messages hostile where `kind` says so. */
function sampleDiff(kind: 'plain' | 'hostile'): DiffReport {
  const suffix = kind === 'hostile' ? HOSTILE : '';
  const problem = (code: string, severity: PlacedProblem['severity'], file = 'net.py'): PlacedProblem => ({
    code,
    severity,
    message: `it went wrong${suffix}`,
    place: { file, line: 7 },
  });
  const model = (name: string, changes = {}, problems: readonly PlacedProblem[] = []): EntryState => ({
    kind: 'model',
    digest: digest({ snapshot: snapshot({ name: `${name}${suffix}`, ...changes }), problems }),
  });
  const grown = {
    totals: { ...snapshot().totals, paramCount: 5000 },
    layers: [layer('stem', 1000, 700_000), layer('head', 4000, 300_000), layer(`extra${suffix}`, 0, 0)],
  };
  const absent: EntryState = { kind: 'absent', message: 'it is not there' };
  const states: readonly (readonly [string, EntryState, EntryState])[] = [
    ['grown', model('grown'), model('grown', grown)],
    ['same', model('same'), model('same')],
    ['fresh', absent, model('fresh')],
    ['gone', model('gone', { layers: [layer('only', 1, 1)] }), absent],
    ['broken', model('broken'), { kind: 'unreadable', problems: [problem('syntax-error', 'error')] }],
    ['mended', { kind: 'unreadable', problems: [problem('syntax-error', 'error', 'old.py')] }, model('mended')],
    ['doubtful', model('doubtful'), model('doubtful', {}, [problem('shape-mismatch', 'error')])],
    ['crashed', model('crashed'), { kind: 'unreadable', problems: [problem('internal-error', 'error')] }],
  ];
  return {
    before: { label: `main${suffix}`, commitId: 'a'.repeat(40) },
    after: { label: 'work tree', commitId: undefined },
    entries: diffEntries(states.map(([name, before, after]) => ({ name: `${name}${suffix}`, before, after }))),
    problems: [problem('unknown-key', 'error', 'layercost.json'), problem('submodule-not-read', 'warning', 'library')],
  };
}

it.each(['plain', 'hostile'] as const)('is valid by the schemas: %s', async (kind) => {
  expect(sarifErrors(diffToSarif(sampleDiff(kind), '1.2.3'))).toEqual([]);
  expect(await junitErrors(diffToJunit(sampleDiff(kind)))).toEqual([]);
});

it('has a SARIF result for each model that changed, with the layers that did', () => {
  const [run] = (JSON.parse(diffToSarif(sampleDiff('plain'), '1.2.3')) as Log).runs;
  const rows = run?.results?.map(({ ruleId, level, locations, relatedLocations = [] }) => {
    const at = locations?.[0]?.physicalLocation;
    const place = at === undefined ? 'nowhere' : `${at.artifactLocation?.uri}:${at.region?.startLine}`;
    return `${level} ${ruleId} ${place} <- ${relatedLocations.map(({ message }) => message?.text).join(', ')}`;
  });
  expect(rows).toEqual([
    'error configuration layercost.json:7 <- ',
    'warning unreadable-base library:7 <- ',
    'note model-changed net.py:5 <- ~ head: params 3K -> 4K, + extra: 1x8x4x4',
    'note model-added net.py:5 <- ',
    'error unreadable-model net.py:7 <- ',
    'warning unreadable-model old.py:7 <- ',
    'error unknown-model net.py:7 <- ',
    'error internal-error net.py:7 <- ',
    'note model-removed nowhere <- ',
  ]);
  const ids = run?.tool.driver.rules?.map(({ id }) => id) ?? [];
  expect(run?.results?.every(({ ruleId, ruleIndex }) => ids[ruleIndex ?? -1] === ruleId)).toBe(true);
  expect(run?.invocations?.[0]?.executionSuccessful).toBe(false);
  const prints = run?.results?.map(({ partialFingerprints }) => partialFingerprints?.['primaryLocationLineHash']);
  expect(new Set(prints).size).toBe(rows?.length);
});

it('makes a suite of each model and a test of each figure', async () => {
  await expect(diffToJunit(sampleDiff('plain'))).toMatchFileSnapshot('golden/diffJunit.xml');
});

it('annotates the changed files, whatever the names', async () => {
  await expect(diffToGithub(sampleDiff('plain'))).toMatchFileSnapshot('golden/diffGithub.txt');
  const lines = diffToGithub(sampleDiff('hostile')).trimEnd().split('\n');
  expect(lines.slice(0, -1).every((line) => /^::(error|warning|notice) [^\n]*::[^\r]*$/.test(line))).toBe(true);
  expect(lines.length).toBe(diffToGithub(sampleDiff('plain')).trimEnd().split('\n').length);
});
