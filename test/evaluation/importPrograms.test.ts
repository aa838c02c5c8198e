/**
 * Programs of several files print what Python prints. Each text in fixtures/imports/ holds the files, each after a line
 * "# file: NAME", and below `==>` what CPython 3.11 prints for main.py (test/truth/evaluation/make_import_outputs.py).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { makeProject, runProgram } from './support/pythonPrograms.ts';

const folder = new URL('fixtures/imports/', import.meta.url);
const programs = readdirSync(folder).map((name) => {
  const [text = '', printed = ''] = readFileSync(new URL(name, folder), 'utf8').split('==>\n');
  return { name: name.replace('.txt', ''), files: filesOf(text), printed };
});

test.each(programs)('$name', async ({ files, printed }) => {
  const project = await makeProject(files, { nativeModules: stdlibModules });
  const { printed: first } = runProgram(project, '/work/main.py');
  expect(first).toBe(printed);
});

function filesOf(text: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const part of text.split(/^# file: /m).slice(1)) {
    const end = part.indexOf('\n');
    files[`/work/${part.slice(0, end)}`] = part.slice(end + 1);
  }
  return files;
}
