/**
 * Names of answers in the cache: a hash of all that an answer depends on besides the files that it was read from
 * (inputManifest.ts): the program, what is asked, and where imports are looked for.
 */
import { createHash } from 'node:crypto';
import type { JobSettings, ModelJob } from './modelJob.ts';
import { productVersion, readProductFile } from './productFiles.ts';
import { pythonSearchPaths } from './pythonEnvironment.ts';

/**
 * Answers that were made from the work tree and from a revision lie beside each other. Either serves the other, as long
 * as the files that it rests on are the same.
 */
export interface AnswerKey {
  /** Where an answer is kept. */
  readonly own: string;
  readonly other: string;
}

export interface AnswerKeys {
  ofJob(job: ModelJob): AnswerKey;
  /** The names of a file's models. */
  ofModelNames(file: string, hasArguments: boolean): AnswerKey;
}

export function answerKeys(settings: JobSettings): AnswerKeys {
  const { folder, workspaceFolders, searchPaths, root, revision } = settings;
  // The program itself counts, so that a build between two versions is not taken for either.
  const program = createHash('sha256');
  for (const name of ['checkWorker.js', 'devices.json']) program.update(readProductFile(folder, name));
  const paths = pythonSearchPaths(workspaceFolders, searchPaths, process.env);
  const common = [productVersion, program.digest('base64'), root, paths];
  const keyOf = (parts: readonly unknown[]): AnswerKey => {
    const hash = createHash('sha256')
      .update(JSON.stringify([...common, ...parts]))
      .digest('hex')
      .slice(0, 40);
    const ofRevision = `${hash}-revision`;
    return revision === undefined ? { own: hash, other: ofRevision } : { own: ofRevision, other: hash };
  };
  return {
    ofJob({ name, target, request: { target: absolute, inputs, args, deviceIds } }) {
      return keyOf(['model', name, target, absolute, inputs ?? null, args ?? null, deviceIds ?? null]);
    },
    ofModelNames: (file, hasArguments) => keyOf(['names', file, hasArguments]),
  };
}
