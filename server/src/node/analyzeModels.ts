/**
 * Analyses many models: answers that still hold come from the cache, a few are made in this thread, many on workers.
 * Outcomes come as they are made, in no order; each job has exactly one.
 */
import os from 'node:os';
import { createJobAnalyzer, openCaches, type JobPlace } from './jobAnalyzer.ts';
import type { ModelJob, ModelOutcome } from './modelJob.ts';
import { pruneCache } from './resultCache.ts';
import { chunksOf, runOnWorkers } from './workerPool.ts';

/** Up to so many are done before workers have read their program. */
const MOST_IN_THREAD = 3;
/** Each worker takes memory of its own: more than these are for who asks for them. */
const MOST_WORKERS_UNASKED = 4;

export interface AnalyzeModelsOptions {
  readonly place: JobPlace;
  /** Undefined: as many as pay. */
  readonly workerCount: number | undefined;
  /** Called once for each job. */
  readonly onOutcome: (job: ModelJob, outcome: ModelOutcome) => void;
}

export async function analyzeModels(jobs: readonly ModelJob[], options: AnalyzeModelsOptions): Promise<void> {
  const { place, workerCount, onOutcome } = options;
  const { settings } = place;
  const open = takeCached(jobs, options);
  if (open.length === 0) return;
  if (open.length <= MOST_IN_THREAD) {
    const analyzer = await createJobAnalyzer(place);
    for (const job of open) onOutcome(job, analyzer.analyze(job));
  } else {
    const unasked = Math.min(os.availableParallelism(), MOST_WORKERS_UNASKED, chunksOf(open).length);
    await runOnWorkers(open, { settings, workerCount: workerCount ?? unasked, onOutcome });
  }
  if (settings.cacheFolder !== undefined) pruneCache(settings.cacheFolder, Date.now());
}

/** What the cache does not know. */
function takeCached(jobs: readonly ModelJob[], { place, onOutcome }: AnalyzeModelsOptions): readonly ModelJob[] {
  const caches = openCaches(place);
  if (caches === undefined) return jobs;
  return jobs.filter((job) => {
    const digest = job.cell === undefined ? caches.digests.get(caches.keys.ofJob(job)) : undefined;
    if (digest !== undefined) onOutcome(job, { kind: 'digest', digest });
    return digest === undefined;
  });
}
