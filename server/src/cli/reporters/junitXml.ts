/**
 * Tests as JUnit's XML, which GitLab and Jenkins show. Valid by the Jenkins schema (junit-4.xsd of its dtkit).
 */
import { printedMarkup } from '../../base/escaping/markup.ts';
import type { Printed } from '../../base/escaping/printed.ts';
import { joinXml, inXml, xmlLines, type Xml } from '../../base/escaping/xml.ts';
import type { PlacedProblem } from '../../gate/modelDigest.ts';

export interface TestCase {
  readonly name: string;
  readonly outcome:
    | { readonly kind: 'passed'; readonly output: string }
    | { readonly kind: 'skipped'; readonly message: string }
    | {
        readonly kind: 'failure' | 'error';
        readonly type: string;
        readonly message: string;
        readonly details: readonly string[];
      };
}

export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/** Suites without tests are left out. */
export function junitXml(given: readonly TestSuite[]): Printed {
  const suites = given.filter(({ cases }) => cases.length > 0);
  const all = suites.flatMap(({ cases }) => cases);
  const lines = [
    inXml`<?xml version="1.0" encoding="UTF-8"?>`,
    inXml`<testsuites name="layercost" ${counts(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      inXml`  <testsuite name="${name}" ${counts(cases)} skipped="${count(cases, 'skipped')}">`,
      ...cases.flatMap((each) => caseLines(name, each)),
      inXml`  </testsuite>`,
    ]),
    inXml`</testsuites>`,
    inXml``,
  ];
  return printedMarkup(joinXml(lines, '\n'));
}

/** Problems that are of no model, as tests that fail where they are errors. */
export function problemCases(type: string, problems: readonly PlacedProblem[]): readonly TestCase[] {
  return problems.map(({ code, severity, message, place }) => {
    const at = place === undefined ? '' : `${place.file}:${place.line}`;
    return {
      name: `${code} ${at}`.trim(),
      outcome:
        severity === 'error' ? { kind: 'error', type, message, details: [at] } : { kind: 'passed', output: message },
    };
  });
}

function caseLines(suite: string, { name, outcome }: TestCase): readonly Xml[] {
  const head = inXml`    <testcase classname="${suite}" name="${name}"`;
  const close = inXml`    </testcase>`;
  switch (outcome.kind) {
    case 'passed':
      if (outcome.output === '') return [inXml`${head}/>`];
      return [inXml`${head}>`, inXml`      <system-out>${outcome.output}</system-out>`, close];
    case 'skipped':
      return [inXml`${head}>`, inXml`      <skipped>${outcome.message}</skipped>`, close];
    case 'failure':
    case 'error': {
      const { kind, type, message, details } = outcome;
      const element = inXml`<${kind} type="${type}" message="${message}">${xmlLines(details)}</${kind}>`;
      return [inXml`${head}>`, inXml`      ${element}`, close];
    }
  }
}

function counts(cases: readonly TestCase[]): Xml {
  return inXml`tests="${cases.length}" failures="${count(cases, 'failure')}" errors="${count(cases, 'error')}"`;
}

function count(cases: readonly TestCase[], kind: TestCase['outcome']['kind']): number {
  return cases.filter(({ outcome }) => outcome.kind === kind).length;
}
