/**
 * One version of a repository's models: the work tree or a revision, read by an analyzer of its own.
 * readModel(version of main, models/net.py:Net) -> its digest, or that it is not there, or why it cannot be read.
 */
import path from 'node:path';
import type { AnalyzeRequest, AnalyzeResult, Analyzer } from '../analysis/analyzer.ts';
import type { Problem } from '../base/problems.ts';
import type { EntryState } from '../gate/diffReport.ts';
import { digestOf, placedProblem } from '../gate/modelDigest.ts';
import { createPlacer, type Placer } from '../gate/place.ts';
import { createNodeAnalyzer } from './createNodeAnalyzer.ts';
import { diskSource, type FileSource } from './fileSource.ts';
import { findOldPath } from './git/renamedFile.ts';
import type { RevisionSource } from './git/revisionSource.ts';
import { packageFolders, pythonSearchPaths } from './pythonEnvironment.ts';

export interface ModelVersion {
  /** "main", "work tree" */
  readonly label: string;
  /** Undefined for the work tree. */
  readonly revision: RevisionSource | undefined;
  readonly source: FileSource;
  readonly analyzer: Analyzer;
  readonly placer: Placer;
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
  return { label, revision, source, analyzer, placer, root };
}

/** A model to look for in both versions. */
export interface AskedModel {
  readonly name: string;
  /** As reports show it: "models/net.py:Net". */
  readonly target: string;
  /** Files in it are absolute. */
  readonly request: AnalyzeRequest;
}

/** What a version says of what it has not: then there was no such model. */
const ABSENT = new Set(['no-such-name', 'no-model', 'module-not-found']);

export function readModel(version: ModelVersion, model: AskedModel): EntryState {
  const { analyzer, placer, source } = version;
  const file = fileOf(model.request.target);
  if (
    file !== undefined &&
    !source.files.isFile(file) &&
    !source.files.isDirectory(file) &&
    !isInSubmodule(source, file)
  ) {
    return { kind: 'absent', message: `there is no file ${placer.fileOf(file).file}` };
  }
  const result = analyzeSafely(analyzer, model.request);
  if (result.kind === 'problem') {
    const last = result.problems.at(-1);
    if (last !== undefined && ABSENT.has(last.code)) {
      return { kind: 'absent', message: placer.relativeText(last.message) };
    }
    return { kind: 'unreadable', problems: result.problems.map((problem) => placedProblem(problem, placer)) };
  }
  const digest = digestOf(result.report, { name: model.name, target: model.target, placer });
  // Nothing was understood of it: a file that does not parse, an exception.
  if (digest.coverage.totalNodes === 0 && digest.snapshot.coverageShare === 0) {
    return { kind: 'unreadable', problems: digest.problems };
  }
  return { kind: 'model', digest };
}

/** A mistake of ours costs one model. */
function analyzeSafely(analyzer: Analyzer, request: AnalyzeRequest): AnalyzeResult {
  try {
    return analyzer.analyze(request);
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const problem: Problem = { code: 'internal-error', severity: 'error', message, location: { kind: 'whole' } };
    return { kind: 'problem', problems: [problem] };
  }
}

/** The same model under the name that its file had in an older version; undefined where there is none. */
export function underOldName(
  older: ModelVersion,
  newer: Pick<ModelVersion, 'source'>,
  model: AskedModel,
): AskedModel | undefined {
  const file = fileOf(model.request.target);
  const { revision, root } = older;
  if (file === undefined || revision === undefined || !newer.source.files.isFile(file)) return undefined;
  const absolute = (inRoot: string): string => path.join(root, inRoot);
  const relative = path.relative(root, file).split(path.sep).join('/');
  const old = findOldPath({
    path: relative,
    oldPaths: revision.filePaths,
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

function isInSubmodule(source: FileSource, file: string): boolean {
  return source.unreadable(file)?.includes('is a submodule') ?? false;
}
