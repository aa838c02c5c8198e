/**
 * Tests as JUnit's XML, which GitLab and Jenkins show. Valid by the Jenkins schema (junit-4.xsd of its dtkit).
 */
import type { PlacedProblem } from '../../gate/modelDigest.ts';

export interface TestCase {
  readonly name: string;
  readonly outcome:
    | { readonly kind: 'passed'; readonly output: string }
    | { readonly kind: 'skipped'; readonly message: string }
    | { readonly kind: 'failure' | 'error'; readonly type: string; readonly message: string; readonly details: string };
}

export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/** Suites without tests are left out. */
export function junitXml(given: readonly TestSuite[]): string {
  const suites = given.filter(({ cases }) => cases.length > 0);
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="layercost" ${counts(all)}>`,
    ...suites.map(({ name, cases }) =>
      [
        `  <testsuite name="${escape(name)}" ${counts(cases)} skipped="${count(cases, 'skipped')}">`,
        ...cases.map((each) => caseText(name, each)),
        '  </testsuite>',
      ].join('\n'),
    ),
    '</testsuites>',
    '',
  ].join('\n');
}

/** Problems that are of no model, as tests that fail where they are errors. */
export function problemCases(type: string, problems: readonly PlacedProblem[]): readonly TestCase[] {
  return problems.map(({ code, severity, message, place }) => {
    const at = place === undefined ? '' : `${place.file}:${place.line}`;
    return {
      name: `${code} ${at}`.trim(),
      outcome:
        severity === 'error' ? { kind: 'error', type, message, details: at } : { kind: 'passed', output: message },
    };
  });
}

function caseText(suite: string, { name, outcome }: TestCase): string {
  const head = `    <testcase classname="${escape(suite)}" name="${escape(name)}"`;
  const close = '    </testcase>';
  switch (outcome.kind) {
    case 'passed':
      if (outcome.output === '') return `${head}/>`;
      return [`${head}>`, `      <system-out>${escape(outcome.output)}</system-out>`, close].join('\n');
    case 'skipped':
      return [`${head}>`, `      <skipped>${escape(outcome.message)}</skipped>`, close].join('\n');
    case 'failure':
    case 'error': {
      const { kind, type, message, details } = outcome;
      const element = `<${kind} type="${escape(type)}" message="${escape(message)}">${escape(details)}</${kind}>`;
      return [`${head}>`, `      ${element}`, close].join('\n');
    }
  }
}

function counts(cases: readonly TestCase[]): string {
  return `tests="${cases.length}" failures="${count(cases, 'failure')}" errors="${count(cases, 'error')}"`;
}

function count(cases: readonly TestCase[], kind: TestCase['outcome']['kind']): number {
  return cases.filter(({ outcome }) => outcome.kind === kind).length;
}

/** Characters that XML 1.0 cannot hold become U+FFFD. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
