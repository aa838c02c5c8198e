/**
 * What the models of one file cost in a base revision, as `layercost diff` reads it: with the imports, arguments and
 * inputs of that revision. readBase({ base: 'HEAD', file: '/work/net.py', models: [Net] }) -> commit, digest of Net.
 * Each model of a commit is analysed once.
 */
import path from 'node:path';
import type { AnalyzeRequest } from '../analysis/analyzeRequest.ts';
import type { Configuration, EntryConfiguration } from '../configuration/configuration.ts';
import { entriesForFile } from '../configuration/entryMatcher.ts';
import { parseModelPattern } from '../configuration/modelPattern.ts';
import type { EntryState } from '../gate/diffReport.ts';
import { diskSource } from './fileSource.ts';
import { readConfiguration } from './findConfiguration.ts';
import { baseCommit } from './git/comparedCommits.ts';
import { openRepository, type GitAnswer, type GitCommit, type GitRepository } from './git/repository.ts';
import { revisionSource } from './git/revisionSource.ts';
import type { AskedModel } from './askedModel.ts';
import { createModelVersion, readModel, underOldName, type ModelVersion } from './modelVersion.ts';

/** A model as it is shown now. */
export interface BaseModel {
  /** Its name in the file. */
  readonly name: string;
  /** Whether it is the file's first one, which an entry may mean that names the file alone. */
  readonly isFirst: boolean;
  /** The entry of the configuration that it is built by. */
  readonly entry: Pick<EntryConfiguration, 'name' | 'inputs' | 'args'> | undefined;
  /** Of the state that whoever asks has already: it is not sent again. */
  readonly knownKey: string | undefined;
}

export interface BaseState {
  readonly name: string;
  /** Names the commit and how the model was asked for there. */
  readonly key: string;
  /** Undefined where it is known. */
  readonly state: EntryState | undefined;
}

export interface BaseQuestion {
  /** "HEAD", "main"; "main..." is where HEAD parted from it. */
  readonly base: string;
  /** Absolute. */
  readonly file: string;
  readonly models: readonly BaseModel[];
  /** The configuration that holds for the file now. */
  readonly configurationFile: string | undefined;
  readonly workspaceFolders: readonly string[];
  readonly searchPaths: readonly string[];
}

export type BaseAnswer =
  | { readonly kind: 'none'; readonly reason: string }
  | {
      readonly kind: 'base';
      readonly base: string;
      readonly commitId: string;
      /** The repository's folder. */
      readonly root: string;
      /** By the name in the file. */
      readonly models: readonly BaseState[];
    };

export interface BaseSettings {
  /** The folder of the running program, where its files lie. */
  readonly folder: string;
  readonly knownDeviceIds: readonly string[];
  readonly timeLimitMs: number;
}

export interface BaseReader {
  read(question: BaseQuestion): Promise<BaseAnswer>;
}

/** Commits whose modules stay loaded. */
const MOST_VERSIONS = 2;

export function createBaseReader(settings: BaseSettings): BaseReader {
  const repositories = new Map<string, GitRepository>();
  const versions = new Map<string, OldVersion>();

  async function versionOf(repository: GitRepository, commit: GitCommit, question: BaseQuestion): Promise<OldVersion> {
    const { workspaceFolders, searchPaths } = question;
    const key = JSON.stringify([repository.root, commit.id, workspaceFolders, searchPaths]);
    const known = versions.get(key);
    versions.delete(key);
    const version = known ?? (await openVersion(repository, commit, question, settings));
    versions.set(key, version);
    for (const old of [...versions.keys()].slice(0, -MOST_VERSIONS)) versions.delete(old);
    return version;
  }

  return {
    async read(question) {
      const repository = openOnce(repositories, path.dirname(question.file));
      if (repository.kind === 'problem') return none(repository);
      const commit = baseCommit(repository.value, question.base);
      if (commit.kind === 'problem') return none(commit);
      const version = await versionOf(repository.value, commit.value, question);
      if (version.kind === 'unreadable') return { kind: 'none', reason: version.reason };
      const states = question.models.map((model): BaseState => {
        const asked = oldModel(version.models, model, question, settings);
        const key = `${commit.value.id} ${JSON.stringify(asked)}`;
        return { name: model.name, key, state: key === model.knownKey ? undefined : version.stateOf(asked) };
      });
      const { reachedAs: root } = repository.value;
      return { kind: 'base', base: question.base, commitId: commit.value.id, root, models: states };
    },
  };
}

/** What is no repository yet is asked about again. */
function openOnce(known: Map<string, GitRepository>, folder: string): GitAnswer<GitRepository> {
  const repository = known.get(folder);
  if (repository !== undefined) return { kind: 'ok', value: repository };
  const opened = openRepository(folder);
  if (opened.kind === 'ok') known.set(folder, opened.value);
  return opened;
}

type OldVersion =
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'version'; readonly models: ModelVersion; readonly stateOf: (model: AskedModel) => EntryState };

async function openVersion(
  repository: GitRepository,
  commit: GitCommit,
  { workspaceFolders, searchPaths }: BaseQuestion,
  { folder, timeLimitMs }: BaseSettings,
): Promise<OldVersion> {
  const source = revisionSource({ repository, commit });
  if (source.kind === 'problem') return { kind: 'unreadable', reason: source.problem.message };
  const { reachedAs: root } = repository;
  const models = await createModelVersion({
    label: commit.revision,
    revision: source.value,
    root,
    folder,
    workspaceFolders: [...new Set([...workspaceFolders, root])],
    searchPaths,
    timeLimitMs,
  });
  const states = new Map<string, EntryState>();
  return {
    kind: 'version',
    models,
    stateOf(model) {
      const key = JSON.stringify(model);
      const known = states.get(key) ?? readOld(models, model);
      states.set(key, known);
      return known;
    },
  };
}

/** Under the name that its file had, where it was moved since. */
function readOld(models: ModelVersion, model: AskedModel): EntryState {
  const state = readModel(models, model);
  const renamed = state.kind === 'absent' ? underOldName(models, { source: diskSource }, model) : undefined;
  return renamed === undefined ? state : readModel(models, renamed);
}

/** How the base's own configuration builds the model, and where that says nothing, how it is built now. */
function oldModel(version: ModelVersion, model: BaseModel, question: BaseQuestion, settings: BaseSettings): AskedModel {
  const { file } = question;
  const configuration = oldConfiguration(version, question, settings);
  const found = configuration === undefined ? undefined : oldEntry(configuration, model, file);
  const entry = found?.entry ?? model.entry;
  const name = `${version.placer.fileOf(file).file}:${model.name}`;
  const request: AnalyzeRequest = {
    target: found?.target ?? `${file}:${model.name}`,
    inputs: entry?.inputs,
    args: entry?.args,
    deviceIds: undefined,
  };
  return { name, target: name, request };
}

function oldConfiguration(
  { source }: ModelVersion,
  { configurationFile }: BaseQuestion,
  { knownDeviceIds }: BaseSettings,
): Configuration | undefined {
  if (configurationFile === undefined || !source.files.isFile(configurationFile)) return undefined;
  const readText = (file: string): string | undefined => source.files.readText(file);
  return readConfiguration(configurationFile, { knownDeviceIds, readText })?.configuration;
}

interface OldEntry {
  readonly entry: EntryConfiguration;
  /** Absolute; undefined where the model is looked for as it is called now. */
  readonly target: string | undefined;
}

function oldEntry(
  configuration: Configuration,
  { name, isFirst, entry }: BaseModel,
  file: string,
): OldEntry | undefined {
  const { named, first } = entriesForFile(configuration, file);
  const own = (named(name) ?? (isFirst ? first : undefined))?.entry;
  if (own !== undefined) return { entry: own, target: undefined };
  // An entry that kept its name may have meant another file.
  const sameName =
    entry?.name === undefined ? undefined : configuration.entries.find((each) => each.name === entry.name);
  const pattern = sameName === undefined ? undefined : parseModelPattern(sameName.model);
  if (sameName === undefined || pattern?.kind !== 'ok' || pattern.pattern.kind !== 'target') return undefined;
  const { target } = pattern.pattern;
  if (target.kind !== 'python') return undefined;
  const absolute = path.join(path.dirname(configuration.file), target.file);
  return { entry: sameName, target: target.name === undefined ? absolute : `${absolute}:${target.name}` };
}

function none({ problem }: Extract<GitAnswer<never>, { readonly kind: 'problem' }>): BaseAnswer {
  return { kind: 'none', reason: problem.message };
}
