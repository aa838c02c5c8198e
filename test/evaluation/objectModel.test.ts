/**
 * Classes, descriptors, slots, metaclasses, protocols and dataclasses: small programs print what CPython 3.11 prints.
 * Truth: test/truth/data/python, made by test/truth/python/make_object_truth.py; `classPrograms` are generated.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import type { PrintedPrograms } from './support/printedPrograms.ts';
import { makeProject, runProgram } from './support/pythonPrograms.ts';

describe.each(['objectModel', 'classPrograms'])('%s', (name) => {
  const { prelude, cases } = JSON.parse(
    readFileSync(new URL(`../truth/data/python/${name}.json`, import.meta.url), 'utf8'),
  ) as PrintedPrograms;
  test.each(cases.map((each) => [each.title, each] as const))('%s', async (_title, { text, printed }) => {
    const project = await makeProject({ '/work/case.py': prelude + text }, { nativeModules: stdlibModules });
    expect(withoutAddresses(runProgram(project, '/work/case.py').printed)).toBe(printed);
  });
});

/** "<A object at 0x7f0000000010>" -> "<A object at 0x>" */
function withoutAddresses(text: string): string {
  return text.replace(/ at 0x[0-9a-f]+/g, ' at 0x');
}
