/**
 * Which models a comparison is about: those that were named, or those of the configuration, in each version as that
 * version's own configuration has them.
 */
import path from 'node:path';
import { DEFAULT_DEVICE_ID } from '../cost/device.ts';
import { parseTarget } from '../configuration/target.ts';
import type { InputSpec } from '../configuration/inputText.ts';
import type { EntryStates } from '../gate/diffReport.ts';
import { placedProblem, type PlacedProblem } from '../gate/modelDigest.ts';
import { askedModel, configuredModels } from '../node/configuredModels.ts';
import {
  findConfiguration,
  readConfiguration,
  type FindOptions,
  type FoundConfiguration,
} from '../node/findConfiguration.ts';
import type { AskedModel } from '../node/askedModel.ts';
import { fileOf } from '../node/modelVersion.ts';
import { readModels, type Version, type VersionFiles } from '../node/version.ts';
import { goneModels, readOlderModels } from '../node/olderModels.ts';
import { readDevices } from '../node/productFiles.ts';
import { configuredVersion, type RunHost } from './runSettings.ts';

/** What was asked on the command line. */
export interface ModelQuestion {
  /** The configuration's entries where it is empty. */
  readonly targets: readonly string[];
  readonly inputs: readonly InputSpec[] | undefined;
  readonly args: string | undefined;
  readonly deviceIds: readonly string[];
  /** A configuration's file; searched for upward where it is undefined. */
  readonly config: string | undefined;
  readonly cwd: string;
}

export type Asked<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'invalid'; readonly message: string };

export interface AskedModels {
  readonly version: Version;
  readonly models: readonly AskedModel[];
  readonly problems: readonly PlacedProblem[];
  readonly configuration: FoundConfiguration | undefined;
}

/** The models of one version. */
export async function modelsOf(
  files: VersionFiles,
  question: ModelQuestion,
  host: RunHost,
): Promise<Asked<AskedModels>> {
  const known = readDevices(host.folder).map(({ id }) => id);
  const unknown = question.deviceIds.find((id) => !known.includes(id));
  if (unknown !== undefined) return invalid(`unknown device "${unknown}"; known are ${known.join(', ')}`);
  return question.targets.length > 0 ? namedModels(files, question, host) : configured(files, question, host);
}

function namedModels(files: VersionFiles, question: ModelQuestion, host: RunHost): Asked<AskedModels> {
  const { targets, inputs, args, deviceIds, cwd } = question;
  const bad = targets.find((target) => parseTarget(target) === undefined);
  if (bad !== undefined) {
    return invalid(`"${bad}" is none of file.py, file.py:Name, package.module:name and file.onnx`);
  }
  const models = targets.map((target): AskedModel => {
    const file = fileOf(target);
    const absolute = file === undefined ? target : `${path.resolve(cwd, file)}${target.slice(file.length)}`;
    return {
      name: target,
      target,
      request: { target: absolute, inputs, args, deviceIds: deviceIds.length === 0 ? [DEFAULT_DEVICE_ID] : deviceIds },
    };
  });
  const version = configuredVersion(files, undefined, host, cwd);
  return { kind: 'ok', value: { version, models, problems: [], configuration: undefined } };
}

async function configured(
  files: VersionFiles,
  { config, cwd, deviceIds }: ModelQuestion,
  host: RunHost,
): Promise<Asked<AskedModels>> {
  const options = findOptions(files, host);
  const found =
    config === undefined ? findConfiguration(cwd, options) : readConfiguration(path.resolve(cwd, config), options);
  if (found === undefined) {
    return invalid(
      config === undefined
        ? 'nothing to compare: there is no layercost.json and no [tool.layercost] here or in a folder above; name a model, such as net.py:Net'
        : `there is no configuration ${config}: ${files.source.unreadable(path.resolve(cwd, config)) ?? 'it has no table [tool.layercost]'}`,
    );
  }
  const version = configuredVersion(files, found, host, cwd);
  const expanded = await expandedModels(version, found);
  const problems = [...found.problems, ...expanded.problems].map((problem) => placedProblem(problem, version.placer));
  const models = expanded.models.map((model) => askedModel(model, [...deviceIds], DEFAULT_DEVICE_ID));
  return { kind: 'ok', value: { version, models, problems, configuration: found } };
}

function findOptions({ source, revision }: VersionFiles, { folder }: RunHost): FindOptions {
  const { files, unreadable } = source;
  const knownDeviceIds = readDevices(folder).map(({ id }) => id);
  if (revision === undefined) return { knownDeviceIds };
  return {
    knownDeviceIds,
    readText: (file) => files.readText(file),
    hindrance: (file) => (files.isFile(file) ? unreadable(file) : undefined),
  };
}

export function expandedModels(
  version: Version,
  { configuration }: FoundConfiguration,
): ReturnType<typeof configuredModels> {
  if (configuration === undefined) return Promise.resolve({ models: [], problems: [] });
  return configuredModels(configuration, version, version.entryFiles);
}

/** The older version as its own configuration has it read, with its models; without one, as the newer one's has it. */
export async function olderModels(
  files: VersionFiles,
  newer: FoundConfiguration,
  { deviceIds, cwd }: Pick<ModelQuestion, 'deviceIds' | 'cwd'>,
  host: RunHost,
): Promise<{ readonly version: Version; readonly models: readonly AskedModel[] }> {
  const own = readConfiguration(newer.file, findOptions(files, host));
  const found = own?.configuration === undefined ? newer : own;
  const version = configuredVersion(files, found, host, cwd);
  const { models } = await expandedModels(version, found);
  return { version, models: models.map((model) => askedModel(model, [...deviceIds], DEFAULT_DEVICE_ID)) };
}

/** Every model in both versions; last those that only the older one's configuration has. */
export async function statesOf(
  files: VersionFiles,
  asked: AskedModels,
  question: ModelQuestion,
  host: RunHost,
): Promise<readonly EntryStates[]> {
  const { version: after, models, configuration } = asked;
  const { version: before, models: old } =
    configuration === undefined
      ? { version: configuredVersion(files, undefined, host, question.cwd), models: [] }
      : await olderModels(files, configuration, question, host);
  const newer = await readModels(after, models);
  const older = await readOlderModels(models, { before, after, old });
  const gone = goneModels(models, older, old);
  const goneStates = await readModels(before, gone);
  const present = models.flatMap(({ name }, index): readonly EntryStates[] => {
    const [was, is] = [older[index], newer[index]];
    return was === undefined || is === undefined ? [] : [{ name, before: was.state, after: is }];
  });
  const removed = gone.flatMap(({ name }, index): readonly EntryStates[] => {
    const state = goneStates[index];
    if (state === undefined || state.kind === 'absent') return [];
    return [{ name, before: state, after: { kind: 'absent', message: `${name} is not in the configuration` } }];
  });
  return [...present, ...removed];
}

function invalid(message: string): { readonly kind: 'invalid'; readonly message: string } {
  return { kind: 'invalid', message };
}
