/**
 * Attributes of modules and packages (`__getattr__`, `__dir__`, names set from outside): programs of several files print
 * what CPython 3.11 prints. Truth: test/truth/data/python/moduleAttributes.json, made by
 * test/truth/python/make_module_attribute_truth.py.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { makeProject, runProgram } from './support/pythonPrograms.ts';

interface FileCases {
  readonly prelude: string;
  readonly cases: readonly {
    readonly title: string;
    readonly files: Readonly<Record<string, string>>;
    readonly printed: string;
  }[];
}

const { prelude, cases } = JSON.parse(
  readFileSync(new URL('../truth/data/python/moduleAttributes.json', import.meta.url), 'utf8'),
) as FileCases;

test.each(cases.map((each) => [each.title, each] as const))('%s', async (_title, { files, printed }) => {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(files)) {
    texts[`/work/${name}`] = name === 'main.py' ? prelude + text : text;
  }
  const project = await makeProject(texts, { nativeModules: stdlibModules });
  expect(runProgram(project, '/work/main.py').printed).toBe(printed);
});
