/**
 * Jobs on worker threads: groups that share modules are handed out as workers become free. A worker that dies costs the
 * job that it had in hand a second try, alone and with more memory; what dies again is a crash, and the rest goes on.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { groupKey, type JobSettings, type ModelJob, type ModelOutcome } from './modelJob.ts';
import { faultText, isFileSystemError } from './fileFaults.ts';
import type { WorkerPurpose, WorkerReply, WorkerRequest } from './workerMessages.ts';

/** Of one worker, for JavaScript's heap; models beyond it are tried again with the larger one. */
export interface WorkerHeap {
  readonly firstMb: number;
  readonly secondMb: number;
}

const WORKER_HEAP: WorkerHeap = { firstMb: 384, secondMb: 1536 };
/** Jobs that a worker gets at once: enough to use loaded modules again, few enough to share the work evenly. */
const CHUNK = 8;

interface Chunk {
  readonly jobs: readonly ModelJob[];
  readonly isSecondTry: boolean;
}

export interface PoolOptions {
  readonly settings: JobSettings;
  readonly workerCount: number;
  /** What pays for nearly all models where left out. */
  readonly heap?: WorkerHeap;
  /** Called once for each job. */
  readonly onOutcome: (job: ModelJob, outcome: ModelOutcome) => void;
}

export function runOnWorkers(jobs: readonly ModelJob[], options: PoolOptions): Promise<void> {
  const { workerCount, onOutcome } = options;
  const queue = chunksOf(jobs);
  const secondTries: Chunk[] = [];
  const next = (): Chunk | undefined => queue.shift() ?? secondTries.shift();
  const onDeath = (chunk: Chunk, undone: readonly ModelJob[], reason: ModelOutcome): void => {
    const [victim, ...rest] = undone;
    if (rest.length > 0) queue.unshift({ jobs: rest, isSecondTry: false });
    if (victim === undefined) return;
    if (chunk.isSecondTry) onOutcome(victim, reason);
    else secondTries.push({ jobs: [victim], isSecondTry: true });
  };
  const count = Math.max(1, Math.min(workerCount, queue.length));
  return Promise.all(Array.from({ length: count }, () => work(next, onDeath, options))).then(() => undefined);
}

/** One place of the pool: a worker, and another one when that dies. */
async function work(
  next: () => Chunk | undefined,
  onDeath: (chunk: Chunk, undone: readonly ModelJob[], reason: ModelOutcome) => void,
  { settings, heap = WORKER_HEAP, onOutcome }: PoolOptions,
): Promise<void> {
  let worker: Worker | undefined;
  for (let chunk = next(); chunk !== undefined; chunk = next()) {
    const heapMb = chunk.isSecondTry ? heap.secondMb : heap.firstMb;
    if (chunk.isSecondTry) await ended(worker);
    if (worker === undefined || chunk.isSecondTry) worker = startWorker(settings, heapMb);
    const result = await runChunk(worker, chunk, { heapMb, onOutcome });
    if (result.kind === 'died') {
      onDeath(chunk, result.undone, result.reason);
      worker = undefined;
    } else if (chunk.isSecondTry) {
      await ended(worker);
      worker = undefined;
    }
  }
  await ended(worker);
}

/** It ends by itself, so that it can keep its code cache. */
function ended(worker: Worker | undefined): Promise<void> {
  if (worker === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    const request: WorkerRequest = { kind: 'end' };
    worker.postMessage(request);
  });
}

function startWorker(settings: JobSettings, heapMb: number): Worker {
  const purpose: WorkerPurpose = { kind: 'jobs', settings };
  return new Worker(path.join(settings.folder, 'checkWorker.js'), {
    workerData: purpose,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
}

type ChunkResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'died'; readonly undone: readonly ModelJob[]; readonly reason: ModelOutcome };

function runChunk(
  worker: Worker,
  { jobs }: Chunk,
  { heapMb, onOutcome }: Pick<PoolOptions, 'onOutcome'> & { readonly heapMb: number },
): Promise<ChunkResult> {
  return new Promise((resolve) => {
    const undone = [...jobs];
    let reason: ModelOutcome | undefined;
    const onMessage = ({ index, outcome }: WorkerReply): void => {
      const position = undone.findIndex((job) => job.index === index);
      const [job] = position < 0 ? [] : undone.splice(position, 1);
      if (job !== undefined) onOutcome(job, outcome);
      if (undone.length === 0) finish({ kind: 'done' });
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      reason = outcomeOfDeath(error, heapMb);
    };
    const onExit = (code: number): void => {
      finish({ kind: 'died', undone, reason: reason ?? crash(`the analysis ended with code ${code}`) });
    };
    // Not all listeners: the worker has some of its own.
    const finish = (result: ChunkResult): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(result);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    const request: WorkerRequest = { kind: 'analyze', jobs };
    worker.postMessage(request);
  });
}

/** A model that needs too much, and what the system refuses, are no mistakes of ours. */
function outcomeOfDeath(error: NodeJS.ErrnoException, heapMb: number): ModelOutcome {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return refused('execution-bound', `the analysis needs more than ${heapMb} MB of memory`);
  }
  if (isFileSystemError(error)) {
    return refused('unreadable-file', `${error.path ?? 'a file of the program'} cannot be used: ${faultText(error)}`);
  }
  return crash(`${error.name}: ${error.message}`);
}

function refused(code: string, message: string): ModelOutcome {
  return { kind: 'problem', problems: [{ code, severity: 'error', message, place: undefined }] };
}

function crash(message: string): ModelOutcome {
  return { kind: 'crash', message };
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
