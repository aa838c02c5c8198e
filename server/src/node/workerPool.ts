/**
 * Jobs on worker threads: groups that share modules are handed out as workers become free. A worker that dies costs the
 * job that it had in hand a second try, alone and with more memory; what dies again is a crash, and the rest goes on.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { groupKey, type JobSettings, type ModelJob, type ModelOutcome } from './modelJob.ts';
import type { WorkerPurpose, WorkerReply, WorkerRequest } from './workerMessages.ts';

/** Of one worker, for JavaScript's heap; models beyond it are tried again with the larger one. */
const HEAP_MB = 384;
const LARGE_HEAP_MB = 1536;
/** Jobs that a worker gets at once: enough to use loaded modules again, few enough to share the work evenly. */
const CHUNK = 8;

interface Chunk {
  readonly jobs: readonly ModelJob[];
  readonly isSecondTry: boolean;
}

export function runOnWorkers(
  jobs: readonly ModelJob[],
  settings: JobSettings,
  workerCount: number,
  onOutcome: (job: ModelJob, outcome: ModelOutcome) => void,
): Promise<void> {
  const queue = chunksOf(jobs);
  const secondTries: Chunk[] = [];
  const next = (): Chunk | undefined => queue.shift() ?? secondTries.shift();
  const onDeath = (chunk: Chunk, undone: readonly ModelJob[], reason: string): void => {
    const [victim, ...rest] = undone;
    if (rest.length > 0) queue.unshift({ jobs: rest, isSecondTry: false });
    if (victim === undefined) return;
    if (chunk.isSecondTry) onOutcome(victim, { kind: 'crash', message: reason });
    else secondTries.push({ jobs: [victim], isSecondTry: true });
  };
  const count = Math.max(1, Math.min(workerCount, queue.length));
  return Promise.all(Array.from({ length: count }, () => work(next, onDeath, settings, onOutcome))).then(
    () => undefined,
  );
}

/** One place of the pool: a worker, and another one when that dies. */
async function work(
  next: () => Chunk | undefined,
  onDeath: (chunk: Chunk, undone: readonly ModelJob[], reason: string) => void,
  settings: JobSettings,
  onOutcome: (job: ModelJob, outcome: ModelOutcome) => void,
): Promise<void> {
  let worker: Worker | undefined;
  for (let chunk = next(); chunk !== undefined; chunk = next()) {
    if (chunk.isSecondTry) await worker?.terminate();
    if (worker === undefined || chunk.isSecondTry) worker = startWorker(settings, chunk);
    const result = await runChunk(worker, chunk, onOutcome);
    if (result.kind === 'died') {
      onDeath(chunk, result.undone, result.reason);
      worker = undefined;
    } else if (chunk.isSecondTry) {
      await worker.terminate();
      worker = undefined;
    }
  }
  await worker?.terminate();
}

function startWorker(settings: JobSettings, { isSecondTry }: Chunk): Worker {
  const purpose: WorkerPurpose = { kind: 'jobs', settings };
  return new Worker(path.join(settings.folder, 'checkWorker.js'), {
    workerData: purpose,
    resourceLimits: { maxOldGenerationSizeMb: isSecondTry ? LARGE_HEAP_MB : HEAP_MB },
  });
}

type ChunkResult =
  { readonly kind: 'done' } | { readonly kind: 'died'; readonly undone: readonly ModelJob[]; readonly reason: string };

function runChunk(
  worker: Worker,
  { jobs }: Chunk,
  onOutcome: (job: ModelJob, outcome: ModelOutcome) => void,
): Promise<ChunkResult> {
  return new Promise((resolve) => {
    const undone = [...jobs];
    let reason: string | undefined;
    const onMessage = ({ index, outcome }: WorkerReply): void => {
      const position = undone.findIndex((job) => job.index === index);
      const [job] = position < 0 ? [] : undone.splice(position, 1);
      if (job !== undefined) onOutcome(job, outcome);
      if (undone.length === 0) finish({ kind: 'done' });
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      reason = deathText(error);
    };
    const onExit = (code: number): void => {
      finish({ kind: 'died', undone, reason: reason ?? `the analysis ended with code ${code}` });
    };
    // Not all listeners: the worker has some of its own.
    const finish = (result: ChunkResult): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(result);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    const request: WorkerRequest = { jobs };
    worker.postMessage(request);
  });
}

function deathText(error: NodeJS.ErrnoException): string {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return `the analysis needs more than ${LARGE_HEAP_MB} MB of memory`;
  return `${error.name}: ${error.message}`;
}

/** In order of first appearance; jobs of one group together, in chunks. */
export function chunksOf(jobs: readonly ModelJob[]): Chunk[] {
  const groups = new Map<string, ModelJob[]>();
  for (const job of jobs) {
    const key = groupKey(job);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [job]);
    else group.push(job);
  }
  const chunks: Chunk[] = [];
  for (const group of groups.values()) {
    for (let start = 0; start < group.length; start += CHUNK) {
      chunks.push({ jobs: group.slice(start, start + CHUNK), isSecondTry: false });
    }
  }
  return chunks;
}
