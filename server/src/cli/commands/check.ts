/**
 * `layercost check [TARGETS...]`: finds the configuration, analyses its models, and reports which budgets are not met.
 */
import path from 'node:path';
import type { EntryCheck, CheckReport } from '../../gate/checkReport.ts';
import { checkEntry, failedEntry, type EntryContext } from '../../gate/checkEntry.ts';
import { placedProblem, type PlacedProblem } from '../../gate/modelDigest.ts';
import type { Placer } from '../../gate/place.ts';
import { analyzeModels } from '../../node/analyzeModels.ts';
import { configuredModels } from '../../node/configuredModels.ts';
import type { ConfiguredModel } from '../../node/expandEntries.ts';
import { findConfiguration, readConfiguration, type FoundConfiguration } from '../../node/findConfiguration.ts';
import { jobPlacer } from '../../node/jobAnalyzer.ts';
import type { JobSettings, ModelJob, ModelOutcome } from '../../node/modelJob.ts';
import { readDevices } from '../../node/productFiles.ts';
import { repositoryRoot } from '../../node/repositoryRoot.ts';
import { defaultCacheFolder, openCacheFolder } from '../../node/resultCache.ts';
import { chunksOf } from '../../node/workerPool.ts';
import { cannotWrite } from '../../node/writeWhole.ts';
import type { CheckFlags, Shard } from '../checkFlags.ts';
import { usageError, type CommandOutput } from '../commandOutput.ts';
import { deliverCheck } from '../deliverCheck.ts';
import { selectModels } from '../selectModels.ts';

/** Long, so that a slow machine reports what a fast one does: steps are bounded anyway. */
const TIME_LIMIT_MS = 60_000;

export async function checkCommand(
  targets: readonly string[],
  flags: CheckFlags,
  folder: string,
): Promise<CommandOutput> {
  const mistake = mistakeIn(flags);
  if (mistake !== undefined) return usageError(mistake);
  const knownDeviceIds = readDevices(folder).map(({ id }) => id);
  const unknown = flags.device?.find((id) => !knownDeviceIds.includes(id));
  if (unknown !== undefined) return usageError(`unknown device "${unknown}"; known are ${knownDeviceIds.join(', ')}`);

  const found =
    flags.config === undefined
      ? findConfiguration(process.cwd(), { knownDeviceIds })
      : readConfiguration(path.resolve(flags.config), { knownDeviceIds });
  if (found === undefined) return usageError(nothingFound(flags.config));

  const { settings, notes } = settingsOf(found, flags, folder);
  const placer = jobPlacer(settings);
  const { configuration } = found;
  const { models, problems } =
    configuration === undefined ? { models: [], problems: [] } : await configuredModels(configuration, settings);
  const selected = selectModels(models, targets, { cwd: process.cwd(), folder: path.dirname(found.file) });
  if (selected.kind === 'unknown') return usageError(selected.message);

  const jobs = selected.models.map((model, index) => jobOf(model, index, flags.device ?? []));
  const part = flags.shard === undefined ? jobs : shardOf(jobs, flags.shard);
  const entries = await checkJobs(part, selected.models, { settings, placer, workerCount: flags.jobs });
  const report: CheckReport = {
    configuration: placer.fileOf(found.file).file,
    entryCount: jobs.length,
    shard: flags.shard,
    entries,
    problems: [...found.problems, ...problems].map((problem) => placedProblem(problem, placer)),
  };
  return deliverCheck(report, flags, notes);
}

/** What can be told before anything is analysed. */
function mistakeIn({ report }: CheckFlags): string | undefined {
  const files = report.map(({ file }) => path.resolve(file));
  const twice = report.find((_, index) => files.indexOf(files[index] ?? '') !== index);
  if (twice !== undefined) return `two reports are to be written to ${twice.file}`;
  return report.map(({ file }) => cannotWrite(file)).find((message) => message !== undefined);
}

function nothingFound(config: string | undefined): string {
  if (config !== undefined) return `there is no configuration ${config}`;
  return (
    'there is neither a layercost.json nor a pyproject.toml with [tool.layercost] here or in a folder above; ' +
    '"layercost analyze FILE" needs none'
  );
}

function settingsOf(
  { file, configuration }: FoundConfiguration,
  flags: CheckFlags,
  folder: string,
): { readonly settings: JobSettings; readonly notes: readonly string[] } {
  const configurationFolder = path.dirname(file);
  const opened = flags.cache
    ? openCacheFolder(flags.cacheDir ?? defaultCacheFolder(process.env, process.platform))
    : undefined;
  return {
    settings: {
      folder,
      workspaceFolders: [configurationFolder],
      searchPaths: [
        ...flags.path.map((each) => path.resolve(each)),
        ...(configuration?.searchPaths ?? []).map((each) => path.resolve(configurationFolder, each)),
      ],
      root: repositoryRoot(configurationFolder) ?? configurationFolder,
      timeLimitMs: TIME_LIMIT_MS,
      cacheFolder: opened?.kind === 'ok' ? opened.folder : undefined,
    },
    notes: opened?.kind === 'unusable' ? [`note: answers are not kept: ${opened.message}`] : [],
  };
}

function jobOf(
  { name, target, absoluteTarget, entry }: ConfiguredModel,
  index: number,
  more: readonly string[],
): ModelJob {
  const { inputs, args, deviceIds } = entry;
  const request = { target: absoluteTarget, inputs, args, deviceIds: [...new Set([...deviceIds, ...more])] };
  return { index, name, target, request };
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
  options: { readonly settings: JobSettings; readonly placer: Placer; readonly workerCount: number | undefined },
): Promise<readonly EntryCheck[]> {
  const { settings, placer, workerCount } = options;
  const checked = new Map<number, EntryCheck>();
  const onOutcome = ({ index, name, target }: ModelJob, outcome: ModelOutcome): void => {
    const entry = models[index]?.entry;
    if (entry !== undefined) checked.set(index, entryOf({ index, name, target, entry, placer }, outcome));
  };
  await analyzeModels(jobs, { settings, workerCount, onOutcome });
  return jobs.flatMap(({ index }) => checked.get(index) ?? []);
}

function entryOf(context: EntryContext, outcome: ModelOutcome): EntryCheck {
  if (outcome.kind === 'digest') return checkEntry(outcome.digest, context);
  if (outcome.kind === 'problem') return failedEntry(context, 'input', outcome.problems);
  const problem: PlacedProblem = {
    code: 'internal-error',
    severity: 'error',
    message: outcome.message,
    place: undefined,
  };
  return failedEntry(context, 'internal', [problem]);
}
