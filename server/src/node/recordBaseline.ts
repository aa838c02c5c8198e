/**
 * Records the models of a configuration as they lie on disk: layercost.json -> layercost-baseline.json beside it, the
 * same that `layercost baseline` writes there.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { DEFAULT_DEVICE_ID } from '../cost/device.ts';
import { placedProblem } from '../gate/modelDigest.ts';
import { BASELINE_FILE, writeBaseline } from '../gate/writeBaseline.ts';
import { askedModel, configuredModels } from './configuredModels.ts';
import { configuredSearchPaths } from './configurationStore.ts';
import { readConfiguration } from './findConfiguration.ts';
import { openRepository } from './git/repository.ts';
import { readModels, versionOf, workTreeFiles } from './version.ts';
import type { BaselineRequest, WorkerPurpose } from './workerMessages.ts';
import { writeWhole } from './writeWhole.ts';

export type RecordedBaseline =
  | { readonly kind: 'written'; readonly file: string; readonly modelCount: number }
  | { readonly kind: 'failed'; readonly message: string };

/** As the command line has it: a slow machine records what a fast one does. */
const TIME_LIMIT_MS = 60_000;

export async function recordBaseline(request: BaselineRequest): Promise<RecordedBaseline> {
  const { folder, knownDeviceIds, configurationFile } = request;
  const found = readConfiguration(configurationFile, { knownDeviceIds });
  if (found?.configuration === undefined) return failed(`${configurationFile} cannot be read as a configuration`);
  const base = path.dirname(configurationFile);
  const repository = openRepository(base);
  const files = workTreeFiles(repository.kind === 'ok' ? repository.value.reachedAs : base);
  const settings = {
    folder,
    workspaceFolders: [base],
    searchPaths: configuredSearchPaths(found.configuration),
    timeLimitMs: TIME_LIMIT_MS,
    cacheFolder: undefined,
  };
  const version = versionOf(files, settings, 1);
  const expanded = await configuredModels(found.configuration, version, version.entryFiles);
  const models = expanded.models.map((model) => askedModel(model, [], DEFAULT_DEVICE_ID));
  const problems = [...found.problems, ...expanded.problems].map((problem) => placedProblem(problem, version.placer));
  const written = writeBaseline(models, await readModels(version, models), problems);
  if (written.kind === 'invalid') return failed(written.message);
  const file = path.join(base, BASELINE_FILE);
  const hindrance = writeWhole(file, written.value);
  return hindrance === undefined ? { kind: 'written', file, modelCount: models.length } : failed(hindrance);
}

/** The same in a thread that ends with it. */
export function recordBaselineInWorker(request: BaselineRequest): Promise<RecordedBaseline> {
  const purpose: WorkerPurpose = { kind: 'baseline', request };
  return new Promise((resolve) => {
    const worker = new Worker(path.join(request.folder, 'checkWorker.js'), { workerData: purpose });
    worker.once('message', (recorded: RecordedBaseline) => {
      resolve(recorded);
      void worker.terminate();
    });
    worker.once('error', (error) => resolve(failed(error.message)));
    worker.once('exit', () => resolve(failed('the analysis ended')));
  });
}

function failed(message: string): RecordedBaseline {
  return { kind: 'failed', message };
}
