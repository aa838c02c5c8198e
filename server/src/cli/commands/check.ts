/**
 * `layercost check [TARGETS...]`: finds the configuration, analyses its models, and reports which budgets are not met.
 */
import path from 'node:path';
import type { EntryCheck, CheckReport } from '../../gate/checkReport.ts';
import { checkEntry, failedEntry, type EntryContext } from '../../gate/checkEntry.ts';
import { placedProblem } from '../../gate/modelDigest.ts';
import { askedModel } from '../../node/configuredModels.ts';
import { analyzeModels } from '../../node/analyzeModels.ts';
import type { ConfiguredModel } from '../../node/expandEntries.ts';
import { findConfiguration, readConfiguration } from '../../node/findConfiguration.ts';
import type { ModelJob, ModelOutcome } from '../../node/modelJob.ts';
import { crashProblem } from '../../node/modelVersion.ts';
import { unreadable } from '../../node/nodeFiles.ts';
import { workTreeFiles, type Version } from '../../node/version.ts';
import { readDevices } from '../../node/productFiles.ts';
import { repositoryRoot } from '../../node/repositoryRoot.ts';
import { chunksOf } from '../../node/workerPool.ts';
import { expandedModels } from '../askedModels.ts';
import type { CheckFlags, Shard } from '../checkFlags.ts';
import { usageError, type CommandOutput } from '../commandOutput.ts';
import { deliverCheck } from '../deliverCheck.ts';
import { growthBases, type GrowthBases } from '../growthBases.ts';
import { reportMistake } from '../reportFormats.ts';
import { configuredVersion, runHost } from '../runSettings.ts';
import { selectModels } from '../selectModels.ts';

export async function checkCommand(
  targets: readonly string[],
  flags: CheckFlags,
  folder: string,
): Promise<CommandOutput> {
  const mistake = reportMistake(flags);
  if (mistake !== undefined) return usageError(mistake);
  if (flags.base !== undefined && flags.baseline !== undefined)
    return usageError('give --base or --baseline, not both');
  const knownDeviceIds = readDevices(folder).map(({ id }) => id);
  const unknown = flags.device?.find((id) => !knownDeviceIds.includes(id));
  if (unknown !== undefined) return usageError(`unknown device "${unknown}"; known are ${knownDeviceIds.join(', ')}`);

  const found =
    flags.config === undefined
      ? findConfiguration(process.cwd(), { knownDeviceIds })
      : readConfiguration(path.resolve(flags.config), { knownDeviceIds });
  if (found === undefined) return usageError(nothingFound(flags.config));

  const host = runHost(flags, folder);
  const configurationFolder = path.dirname(found.file);
  const files = workTreeFiles(repositoryRoot(configurationFolder) ?? configurationFolder);
  const version = configuredVersion(files, found, host, process.cwd());
  const { placer } = version;
  const { models, problems } = await expandedModels(version, found);
  const selected = selectModels(models, targets, { cwd: process.cwd(), folder: configurationFolder });
  if (selected.kind === 'unknown') return usageError(selected.message);

  const more = flags.device ?? [];
  const jobs = selected.models.map((model, index) => ({ index, ...askedModel(model, more) }));
  const part = flags.shard === undefined ? jobs : shardOf(jobs, flags.shard);
  const bases = await growthBases(
    version,
    {
      base: flags.base,
      baseline: flags.baseline,
      configuration: found,
      all: models.map((model) => askedModel(model, more)),
      growing: part.filter(({ index }) => hasGrowth(selected.models[index])),
      deviceIds: more,
    },
    host,
  );
  const report: CheckReport = {
    configuration: placer.fileOf(found.file).file,
    entryCount: jobs.length,
    shard: flags.shard,
    base: bases?.report,
    entries: await checkJobs(part, selected.models, version, bases),
    problems: [...found.problems, ...problems].map((problem) => placedProblem(problem, placer)),
  };
  return deliverCheck(report, flags, host.notes);
}

function nothingFound(config: string | undefined): string {
  if (config !== undefined)
    return `there is no configuration ${config}: ${unreadable(config) ?? 'it has no table [tool.layercost]'}`;
  return (
    'there is neither a layercost.json nor a pyproject.toml with [tool.layercost] here or in a folder above; ' +
    '"layercost analyze FILE" needs none'
  );
}

function hasGrowth(model: Pick<ConfiguredModel, 'entry'> | undefined): boolean {
  return model?.entry.budgets.some(({ kind }) => kind === 'growth') ?? false;
}

/** Models that share modules stay together, as far as parts stay even. */
function shardOf(jobs: readonly ModelJob[], { index, count }: Shard): readonly ModelJob[] {
  return chunksOf(jobs)
    .filter((_, position) => position % count === index - 1)
    .flatMap((chunk) => chunk.jobs)
    .sort((a, b) => a.index - b.index);
}

async function checkJobs(
  jobs: readonly ModelJob[],
  models: readonly ConfiguredModel[],
  version: Version,
  bases: GrowthBases | undefined,
): Promise<readonly EntryCheck[]> {
  const { placer, workerCount } = version;
  const checked = new Map<number, EntryCheck>();
  const onOutcome = ({ index, name, target }: ModelJob, outcome: ModelOutcome): void => {
    const entry = models[index]?.entry;
    if (entry !== undefined) checked.set(index, entryOf({ index, name, target, entry, placer }, outcome, bases));
  };
  await analyzeModels(jobs, { place: version, workerCount, onOutcome });
  return jobs.flatMap(({ index }) => checked.get(index) ?? []);
}

function entryOf(context: EntryContext, outcome: ModelOutcome, bases: GrowthBases | undefined): EntryCheck {
  switch (outcome.kind) {
    case 'digest': {
      const { digest } = outcome;
      const base = hasGrowth(context) ? bases?.baseOf(context.name, digest.snapshot) : undefined;
      return checkEntry(digest, { ...context, base });
    }
    case 'problem':
      return failedEntry(context, 'input', outcome.problems);
    case 'crash':
      return failedEntry(context, 'internal', [crashProblem(outcome.message)]);
  }
}
