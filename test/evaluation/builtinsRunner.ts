/**
 * Runs small Python programs for the tests of builtins and the standard library:
 * runProgram('print(1 + 1)') -> { printed: '2\n', problems: [] }.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { PythonProject } from '../../server/src/evaluation/project.ts';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { loadPythonParser } from '../support/pythonParser.ts';

export interface ProgramResult {
  readonly printed: string;
  /** "code: message" each. */
  readonly problems: readonly string[];
}

export async function runProgram(text: string): Promise<ProgramResult> {
  const parser = await loadPythonParser();
  const file = '/program/main.py';
  const project = new PythonProject({
    files: {
      readText: (path) => (path === file ? text : undefined),
      isFile: (path) => path === file,
      isDirectory: (path) => path === '/program',
    },
    searchPaths: ['/program'],
    nativeModules: stdlibModules,
    parser,
  });
  let printed = '';
  const { problems } = project.module(file, { print: (part) => (printed += part) });
  return { printed, problems: problems.map(({ code, message }) => `${code}: ${message}`) };
}

/** [name, program, what CPython 3.11 prints] of every fixture; makeOutputs.sh writes the outputs. */
export function programFixtures(folder: 'builtins' | 'stdlib'): readonly (readonly [string, string, string])[] {
  const directory = new URL(`fixtures/${folder}/`, import.meta.url);
  const names = readdirSync(directory).filter((name) => name.endsWith('.out'));
  return names.map((name) => {
    const base = name.replace(/\.out$/, '');
    const [program, output] = [`${base}.py`, name].map((path) => readFileSync(new URL(path, directory), 'utf8'));
    return [base, program ?? '', output ?? ''];
  });
}
