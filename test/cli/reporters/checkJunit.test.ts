/**
 * JUnit of a check: by the Jenkins schema, with xmllint.
 */
import { expect, it } from 'vitest';
import { checkToJunit } from '../../../server/src/cli/reporters/checkJunit.ts';
import { sampleReport } from '../../gate/sampleReport.ts';
import { junitErrors } from './publishedSchemas.ts';

it.each(['plain', 'hostile'] as const)('is valid by the schema: %s', async (kind) => {
  expect(await junitErrors(checkToJunit(sampleReport(kind)))).toEqual([]);
});

it('would not be valid with an element that the schema does not know', async () => {
  expect(await junitErrors(checkToJunit(sampleReport('plain')).replaceAll('failure', 'mishap'))).not.toEqual([]);
});

it('makes a suite of each entry and a test of each budget', async () => {
  await expect(checkToJunit(sampleReport('plain'))).toMatchFileSnapshot('golden/junit.xml');
});
