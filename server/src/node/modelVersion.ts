/**
 * One version of a repository's models: the work tree or a revision, read by an analyzer of its own.
 * readModel(version of main, models/net.py:Net) -> its digest, or that it is not there, or why it cannot be read.
 */
import path from 'node:path';
import type { EntryState } from '../gate/diffReport.ts';
import type { PlacedProblem } from '../gate/modelDigest.ts';
import { createPlacer } from '../gate/place.ts';
import { analyzeModel, type ModelReader } from './analyzeModel.ts';
import type { AskedModel } from './askedModel.ts';
import { createNodeAnalyzer } from './createNodeAnalyzer.ts';
import { diskSource } from './fileSource.ts';
import { findOldPath } from './git/renamedFile.ts';
import type { ModelOutcome } from './modelJob.ts';
import type { RevisionSource } from './git/revisionSource.ts';
import { packageFolders, pythonSearchPaths } from './pythonEnvironment.ts';

export interface ModelVersion extends ModelReader {
  /** "main", "work tree" */
  readonly label: string;
  /** Of a revision, as paths from the root with "/"; empty for the work tree. */
  readonly filePaths: readonly string[];
  /** The repository's folder. */
  readonly root: string;
}

export interface ModelVersionOptions {
  readonly label: string;
  readonly revision: RevisionSource | undefined;
  readonly root: string;
  /** The folder of the running program. */
  readonly folder: string;
  readonly workspaceFolders: readonly string[];
  readonly searchPaths: readonly string[];
  readonly timeLimitMs: number;
}

export async function createModelVersion(options: ModelVersionOptions): Promise<ModelVersion> {
  const { label, revision, root, folder, workspaceFolders, searchPaths, timeLimitMs } = options;
  const source = revision ?? diskSource;
  const analyzer = await createNodeAnalyzer({ folder, workspaceFolders, searchPaths, timeLimitMs, source });
  const packages = packageFolders(pythonSearchPaths(workspaceFolders, searchPaths, process.env), root);
  const placer = createPlacer({ root, packageFolders: packages, readText: (file) => source.files.readText(file) });
  return { label, filePaths: revision?.filePaths ?? [], source, analyzer, placer, root, productFolder: folder };
}

export function readModel(version: ModelVersion, model: AskedModel): EntryState {
  return missingFile(version, model) ?? stateOf(analyzeModel(version, model).outcome);
}

/** Undefined where the model's file is there, or is none. */
export function missingFile(
  { source, placer }: Pick<ModelVersion, 'source' | 'placer'>,
  { request }: AskedModel,
): EntryState | undefined {
  const file = fileOf(request.target);
  if (file === undefined || source.files.isFile(file) || source.files.isDirectory(file)) return undefined;
  // Nobody can tell what a submodule has.
  if (source.problemsOf([file]).length > 0) return undefined;
  return { kind: 'absent', message: `there is no file ${placer.fileOf(file).file}` };
}

/** What a version says of what it has not: then there was no such model. */
const ABSENT = new Set(['no-such-name', 'no-model', 'module-not-found']);

export function stateOf(outcome: ModelOutcome): EntryState {
  switch (outcome.kind) {
    case 'digest': {
      const { digest } = outcome;
      // Nothing was understood of it: a file that does not parse, an exception.
      const isNothing = digest.coverage.totalNodes === 0 && digest.snapshot.coverageShare === 0;
      return isNothing ? { kind: 'unreadable', problems: digest.problems } : { kind: 'model', digest };
    }
    case 'problem': {
      const last = outcome.problems.at(-1);
      const isAbsent = last !== undefined && ABSENT.has(last.code);
      return isAbsent ? { kind: 'absent', message: last.message } : { kind: 'unreadable', problems: outcome.problems };
    }
    case 'crash':
      return { kind: 'unreadable', problems: [crashProblem(outcome.message)] };
  }
}

export function crashProblem(message: string): PlacedProblem {
  return { code: 'internal-error', severity: 'error', message, place: undefined };
}

/** The same model under the name that its file had in an older version; undefined where there is none. */
export function underOldName(
  older: Pick<ModelVersion, 'source' | 'filePaths' | 'root'>,
  newer: Pick<ModelVersion, 'source'>,
  model: AskedModel,
): AskedModel | undefined {
  const file = fileOf(model.request.target);
  const { filePaths, root } = older;
  if (file === undefined || !newer.source.files.isFile(file)) return undefined;
  const absolute = (inRoot: string): string => path.join(root, inRoot);
  const relative = path.relative(root, file).split(path.sep).join('/');
  const old = findOldPath({
    path: relative,
    oldPaths: filePaths,
    isInNew: (each) => newer.source.files.isFile(absolute(each)),
    newText: (each) => newer.source.files.readText(absolute(each)),
    oldText: (each) => older.source.files.readText(absolute(each)),
  });
  if (old === undefined) return undefined;
  const { target, request } = model;
  const name = request.target.slice(file.length);
  return {
    ...model,
    target: target.endsWith(name) ? `${old}${name}` : target,
    request: { ...request, target: `${absolute(old)}${name}` },
  };
}

/** "/work/net.py:Net" -> "/work/net.py"; undefined for a module. */
export function fileOf(target: string): string | undefined {
  return /^(.+\.(?:pyi?|onnx))(?::[^/\\]*)?$/i.exec(target)?.[1];
}
