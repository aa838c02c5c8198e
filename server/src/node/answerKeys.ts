/**
 * Names of answers in the cache: a hash of all that an answer depends on besides the files that it was read from
 * (inputManifest.ts): the program, what is asked, and where imports are looked for.
 */
import { createHash } from 'node:crypto';
import type { JobSettings, ModelJob } from './modelJob.ts';
import { productVersion, readProductFile } from './productFiles.ts';
import { pythonSearchPaths } from './pythonEnvironment.ts';

export interface AnswerKeys {
  ofJob(job: ModelJob): string;
  /** The names of a file's models. */
  ofModelNames(file: string, hasArguments: boolean): string;
}

export function answerKeys(settings: JobSettings): AnswerKeys {
  const { folder, workspaceFolders, searchPaths, root } = settings;
  // The program itself counts, so that a build between two versions is not taken for either.
  const program = createHash('sha256');
  for (const name of ['checkWorker.js', 'devices.json']) program.update(readProductFile(folder, name));
  const paths = pythonSearchPaths(workspaceFolders, searchPaths, process.env);
  const common = [productVersion, program.digest('base64'), root, paths];
  const keyOf = (parts: readonly unknown[]): string =>
    createHash('sha256')
      .update(JSON.stringify([...common, ...parts]))
      .digest('hex')
      .slice(0, 40);
  return {
    ofJob({ name, target, request: { target: absolute, inputs, args, deviceIds } }) {
      return keyOf(['model', name, target, absolute, inputs ?? null, args ?? null, deviceIds ?? null]);
    },
    ofModelNames: (file, hasArguments) => keyOf(['names', file, hasArguments]),
  };
}
