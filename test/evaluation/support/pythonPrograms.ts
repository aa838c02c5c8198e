/**
 * Runs Python source through the executor and gives what it printed: `print(1 + 1)` -> "2\n".
 * An uncaught exception ends the output with a line "!! ValueError: ...".
 */
import { PythonProject, type ExecutionOptions, type ModuleState } from '../../../server/src/evaluation/project.ts';
import type { Bounds } from '../../../server/src/evaluation/bounds.ts';
import type { FileProvider } from '../../../server/src/evaluation/moduleFinder.ts';
import type { NativeModuleDefinition } from '../../../server/src/evaluation/nativeModule.ts';
import { loadPythonParser } from '../../support/pythonParser.ts';

/** Files by absolute path, in memory. */
export function memoryFiles(texts: Readonly<Record<string, string>>): FileProvider {
  const directories = new Set<string>();
  for (const path of Object.keys(texts)) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) directories.add(path.slice(0, at));
  }
  return {
    readText: (path) => texts[path],
    isFile: (path) => path in texts,
    isDirectory: (path) => directories.has(path),
  };
}

export interface ProjectSetup {
  readonly searchPaths?: readonly string[];
  readonly nativeModules?: readonly NativeModuleDefinition[];
  readonly bounds?: Partial<Bounds>;
  readonly smallestParted?: number;
}

export async function makeProject(
  texts: Readonly<Record<string, string>>,
  setup: ProjectSetup = {},
): Promise<PythonProject> {
  return new PythonProject({
    files: memoryFiles(texts),
    searchPaths: setup.searchPaths ?? ['/work'],
    nativeModules: setup.nativeModules ?? [],
    parser: await loadPythonParser(),
    ...(setup.smallestParted === undefined ? {} : { smallestParted: setup.smallestParted }),
    ...(setup.bounds === undefined ? {} : { bounds: setup.bounds }),
  });
}

export interface ProgramResult {
  readonly printed: string;
  readonly state: ModuleState;
}

/** Runs the top level of `file` and collects what it prints. */
export function runProgram(project: PythonProject, file: string, options: ExecutionOptions = {}): ProgramResult {
  let printed = '';
  const state = project.module(file, {
    ...options,
    print: (text) => {
      printed += text;
    },
  });
  const failure = state.problems.find(({ code }) => code === 'python-exception');
  if (failure !== undefined) printed += `!! ${failure.message}\n`;
  return { printed, state };
}
