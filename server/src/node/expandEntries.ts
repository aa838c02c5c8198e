/**
 * The models that the entries of a configuration name, globs expanded:
 * "models/**\/*.py:*Net" -> models/a.py:ANet, models/b.py:BNet. A glob that matches nothing is a problem, not a pass.
 */
import path from 'node:path';
import picomatch from 'picomatch/posix';
import { textProblem, type Problem } from '../base/problems.ts';
import type { Configuration, EntryConfiguration } from '../configuration/configuration.ts';
import { reportedName, type MatchedEntry } from '../configuration/entryMatcher.ts';
import { GLOB_OPTIONS, parseModelPattern, type ModelPattern } from '../configuration/modelPattern.ts';
import { normalPath } from '../configuration/relativePath.ts';
import type { Target } from '../configuration/target.ts';
import { assertNever } from '../base/assert.ts';
import { matchingFiles, type MatchingFiles, type WalkFault } from './matchingFiles.ts';
import { unreadable } from './nodeFiles.ts';

/** One model that an entry names. */
export interface ConfiguredModel {
  /** What reports call it: the entry's name, or "models/net.py:Net", or of a named glob "zoo:models/net.py:Net". */
  readonly name: string;
  /** Relative to the configuration's folder: "models/net.py:Net", "exports/a.onnx", "torchvision.models:resnet50". */
  readonly target: string;
  /** The same for `Analyzer.analyze`, with an absolute path. */
  readonly absoluteTarget: string;
  readonly entry: EntryConfiguration;
}

export interface ExpandedEntries {
  /** In the order of the entries; those of one glob by code points. */
  readonly models: readonly ConfiguredModel[];
  readonly problems: readonly Problem[];
}

/** Tells the models of a Python file; the analyzer does. */
export interface ModelLister {
  readonly modelNames: (file: string, options: { readonly hasArguments: boolean }) => readonly string[];
}

/** Where entries are looked for: on disk, or in a revision. */
export interface EntryFiles {
  readonly matchingFiles: (folder: string, glob: string) => MatchingFiles;
  /** One sentence where an absolute path cannot be read. */
  readonly unreadable: (file: string) => string | undefined;
}

export const DISK_ENTRIES: EntryFiles = { matchingFiles, unreadable };

/** A NAS cell stands in no file. */
const CELL: { readonly kind: 'cell' } = { kind: 'cell' };

interface Pattern {
  readonly entry: EntryConfiguration;
  readonly pattern: ModelPattern | { readonly kind: 'cell' };
}

/** Models that one glob may match. */
const MAX_MODELS = 10_000;
/** Places that one glob reports: more say the same. */
const MOST_FAULTS = 20;

/** An entry that names a model itself, or an earlier glob, takes it from globs. */
export function expandEntries(
  configuration: Configuration,
  analyzer: ModelLister,
  files: EntryFiles = DISK_ENTRIES,
): ExpandedEntries {
  const folder = path.dirname(configuration.file);
  const patterns = configuration.entries.flatMap((entry): readonly Pattern[] => {
    if (entry.cell !== undefined) return [{ entry, pattern: CELL }];
    const result = parseModelPattern(entry.model);
    return result.kind === 'ok' ? [{ entry, pattern: result.pattern }] : [];
  });
  const taken = new Set(patterns.flatMap(({ pattern }) => (pattern.kind === 'target' ? [textOf(pattern.target)] : [])));
  const problems: Problem[] = [];
  const models = patterns.flatMap(({ entry, pattern }): readonly ConfiguredModel[] => {
    if (pattern.kind === 'cell') return [configuredModel(folder, { entry, isExact: true }, entry.model)];
    if (pattern.kind === 'target') {
      const missing = missingTarget(folder, entry, pattern.target, files);
      if (missing !== undefined) {
        problems.push(missing);
        return [];
      }
      return [configuredModel(folder, { entry, isExact: true }, textOf(pattern.target))];
    }
    const expanded = expandGlob(folder, entry, pattern, { analyzer, files });
    problems.push(...expanded.problems);
    if (expanded.kind === 'none') {
      problems.push(problemOf('no-match', `The model "${entry.model}" ${expanded.message}.`, entry));
      return [];
    }
    return expanded.targets.flatMap((target) => {
      if (taken.has(target)) return [];
      taken.add(target);
      return [configuredModel(folder, { entry, isExact: false }, target)];
    });
  });
  return { models, problems };
}

/** Entries that name no file at all: what can be told without reading Python. */
export function missingFiles(configuration: Configuration): readonly Problem[] {
  const folder = path.dirname(configuration.file);
  return configuration.entries.flatMap((entry) => {
    const result = parseModelPattern(entry.model);
    if (result.kind !== 'ok' || entry.cell !== undefined) return [];
    const { pattern } = result;
    if (pattern.kind === 'target') return missingTarget(folder, entry, pattern.target, DISK_ENTRIES) ?? [];
    const { files, isCut, faults } = matchingFiles(folder, pattern.files);
    const problems = walkProblems(faults, entry);
    return files.length > 0 || isCut
      ? problems
      : [...problems, problemOf('no-match', `The model "${entry.model}" matches no file.`, entry)];
  });
}

function configuredModel(folder: string, matched: MatchedEntry, target: string): ConfiguredModel {
  const isFile = matched.entry.cell === undefined && /\.(pyi?|onnx)(:|$)/i.test(target);
  const absoluteTarget = isFile ? path.join(folder, target) : target;
  return { name: reportedName(matched, target), target, absoluteTarget, entry: matched.entry };
}

type Expansion = (
  { readonly kind: 'some'; readonly targets: readonly string[] } | { readonly kind: 'none'; readonly message: string }
) & {
  /** What the glob could not look at. */
  readonly problems: readonly Problem[];
};

type GlobPattern = Extract<ModelPattern, { kind: 'glob' }>;

function expandGlob(
  folder: string,
  entry: EntryConfiguration,
  { files: glob, isOnnx, names }: GlobPattern,
  within: { readonly analyzer: ModelLister; readonly files: EntryFiles },
): Expansion {
  const { analyzer } = within;
  const { files, isCut, faults } = within.files.matchingFiles(folder, glob);
  const problems = walkProblems(faults, entry);
  const none = (message: string): Expansion => ({ kind: 'none', message, problems });
  const limited = (targets: readonly string[]): Expansion =>
    targets.length <= MAX_MODELS
      ? { kind: 'some', targets, problems }
      : none(`matches ${targets.length} models; over ${MAX_MODELS} are not read`);
  if (isCut) return none('walks more files than we look at; name a folder in it');
  if (files.length === 0) return none('matches no file');
  if (isOnnx) return limited(files);
  const matches = names === undefined ? undefined : picomatch(names, GLOB_OPTIONS);
  const targets = files.flatMap((file) => {
    const models = analyzer.modelNames(path.join(folder, file), { hasArguments: entry.args !== undefined });
    if (matches === undefined) return models.length === 0 ? [] : [file];
    return models.filter((name) => matches(name)).map((name) => `${file}:${name}`);
  });
  if (targets.length > 0) return limited(targets);
  const what = names === undefined ? 'a model' : `a model called "${names}"`;
  return none(`matches ${countText(files.length)}, and none has ${what}`);
}

/** A folder that cannot be listed may hold models: then the glob is not known to be checked in full. */
function walkProblems(faults: readonly WalkFault[], { model, modelRange }: EntryConfiguration): readonly Problem[] {
  return faults
    .slice(0, MOST_FAULTS)
    .map(({ kind, path: place, reason }) =>
      kind === 'folder'
        ? textProblem('unreadable-file', 'error', `The model "${model}" leaves out "${place}": ${reason}.`, modelRange)
        : textProblem('unreadable-file', 'warning', `"${place}" is not heeded: ${reason}.`, modelRange),
    );
}

function countText(fileCount: number): string {
  return fileCount === 1 ? 'one file' : `${fileCount} files`;
}

/** A target as reports show it, its path without detours. */
function textOf(target: Target): string {
  switch (target.kind) {
    case 'module':
      return `${target.module}:${target.name}`;
    case 'onnx':
      return normalPath(target.file);
    case 'python':
      return normalPath(target.file) + (target.name === undefined ? '' : `:${target.name}`);
    default:
      return assertNever(target);
  }
}

/** Modules are looked for in the search paths, later. */
function missingTarget(
  folder: string,
  entry: EntryConfiguration,
  target: Target,
  files: EntryFiles,
): Problem | undefined {
  const reason = target.kind === 'module' ? undefined : files.unreadable(path.join(folder, target.file));
  if (reason === undefined) return undefined;
  return problemOf('unreadable-file', `The model "${entry.model}" cannot be read: ${reason}.`, entry);
}

function problemOf(code: string, message: string, { modelRange }: EntryConfiguration): Problem {
  return textProblem(code, 'error', message, modelRange);
}
