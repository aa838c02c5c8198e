/**
 * Which models a comparison is about: those that were named, or those of the configuration, in each version as that
 * version's own configuration has them.
 */
import path from 'node:path';
import { parseTarget } from '../configuration/target.ts';
import type { InputSpec } from '../configuration/inputText.ts';
import type { EntryState, EntryStates } from '../gate/diffReport.ts';
import { placedProblem, type PlacedProblem } from '../gate/modelDigest.ts';
import { expandEntries, type ConfiguredModel } from '../node/expandEntries.ts';
import { findConfiguration, readConfiguration, type FoundConfiguration } from '../node/findConfiguration.ts';
import { revisionEntries } from '../node/git/revisionEntries.ts';
import { fileOf, readModel, underOldName, type AskedModel, type ModelVersion } from '../node/modelVersion.ts';

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

/** A device that everybody knows, where nobody named one. */
const DEFAULT_DEVICE_ID = 'rtx-4090';

export interface AskedModels {
  readonly models: readonly AskedModel[];
  readonly problems: readonly PlacedProblem[];
  readonly configuration: FoundConfiguration | undefined;
}

/** The models of one version. */
export function modelsOf(version: ModelVersion, question: ModelQuestion): Asked<AskedModels> {
  const known = version.analyzer.devices.map(({ id }) => id);
  const unknown = question.deviceIds.find((id) => !known.includes(id));
  if (unknown !== undefined) return invalid(`unknown device "${unknown}"; known are ${known.join(', ')}`);
  return question.targets.length > 0 ? namedModels(question) : configured(version, question);
}

function namedModels({ targets, inputs, args, deviceIds, cwd }: ModelQuestion): Asked<AskedModels> {
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
  return { kind: 'ok', value: { models, problems: [], configuration: undefined } };
}

function configured(version: ModelVersion, question: ModelQuestion): Asked<AskedModels> {
  const { config, cwd, deviceIds } = question;
  const { placer } = version;
  const options = {
    knownDeviceIds: version.analyzer.devices.map(({ id }) => id),
    readText: (file: string) => version.source.files.readText(file),
  };
  const found =
    config === undefined ? findConfiguration(cwd, options) : readConfiguration(path.resolve(cwd, config), options);
  if (found === undefined) {
    return invalid(
      config === undefined
        ? 'nothing to compare: there is no layercost.json and no [tool.layercost] here or in a folder above; name a model, such as net.py:Net'
        : `there is no configuration ${config}`,
    );
  }
  const expanded = expandedModels(version, found);
  const problems = [...found.problems, ...expanded.problems].map((problem) => placedProblem(problem, placer));
  const models = expanded.models.map((model) => askedModel(model, deviceIds));
  return { kind: 'ok', value: { models, problems, configuration: found } };
}

function expandedModels(
  { analyzer, revision, root }: ModelVersion,
  { configuration }: FoundConfiguration,
): ReturnType<typeof expandEntries> {
  if (configuration === undefined) return { models: [], problems: [] };
  return revision === undefined
    ? expandEntries(configuration, analyzer)
    : expandEntries(configuration, analyzer, revisionEntries(root, revision));
}

function askedModel({ name, target, absoluteTarget, entry }: ConfiguredModel, more: readonly string[]): AskedModel {
  const deviceIds = [...new Set([...entry.deviceIds, ...more])];
  return {
    name,
    target,
    request: {
      target: absoluteTarget,
      inputs: entry.inputs,
      args: entry.args,
      deviceIds: deviceIds.length === 0 ? [DEFAULT_DEVICE_ID] : deviceIds,
    },
  };
}

/**
 * Every model in both versions. The older one's own configuration says how a model was built there, and which models
 * there were; what it does not know is looked for as the newer one has it, under the name that its file had.
 */
export function statesOf(
  before: ModelVersion,
  after: ModelVersion,
  asked: AskedModels,
  question: ModelQuestion,
): readonly EntryStates[] {
  const old = asked.configuration === undefined ? [] : oldModels(before, asked.configuration, question);
  const oldByName = new Map(old.map((model) => [model.name, model]));
  const usedTargets = new Set<string>();
  const present = asked.models.map((model): EntryStates => {
    const { state, from } = readOlder(before, after, oldByName.get(model.name) ?? model);
    usedTargets.add(from.request.target);
    return { name: model.name, before: state, after: readModel(after, model) };
  });
  const names = new Set(asked.models.map(({ name }) => name));
  const gone = old.filter(({ name, request }) => !names.has(name) && !usedTargets.has(request.target));
  const removed = gone.map((model): EntryStates => ({
    name: model.name,
    before: readModel(before, model),
    after: { kind: 'absent', message: `${model.name} is not in the configuration` },
  }));
  return [...present, ...removed.filter(({ before: state }) => state.kind !== 'absent')];
}

/** Those that the older configuration names; without one, those that the newer one's globs match there. */
function oldModels(
  before: ModelVersion,
  newer: FoundConfiguration,
  { deviceIds }: ModelQuestion,
): readonly AskedModel[] {
  const options = {
    knownDeviceIds: before.analyzer.devices.map(({ id }) => id),
    readText: (file: string) => before.source.files.readText(file),
  };
  const own = before.source.files.isFile(newer.file) ? readConfiguration(newer.file, options) : undefined;
  return expandedModels(before, own?.configuration === undefined ? newer : own).models.map((model) =>
    askedModel(model, deviceIds),
  );
}

function readOlder(
  before: ModelVersion,
  after: ModelVersion,
  model: AskedModel,
): { readonly state: EntryState; readonly from: AskedModel } {
  const state = readModel(before, model);
  const renamed = state.kind === 'absent' ? underOldName(before, after, model) : undefined;
  return renamed === undefined ? { state, from: model } : { state: readModel(before, renamed), from: renamed };
}

function invalid(message: string): { readonly kind: 'invalid'; readonly message: string } {
  return { kind: 'invalid', message };
}
