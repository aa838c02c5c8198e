/**
 * Asks about base revisions in a worker thread, so that no keystroke waits for git or for the analysis of another
 * version. The worker is started for the first question, ends after a while without any, and is given up where it dies.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BaseAnswer, BaseQuestion, BaseReader, BaseSettings } from './baseModels.ts';
import type { BaseReply, BaseRequest, WorkerPurpose } from './workerMessages.ts';

/** Of JavaScript's heap: one version's modules and reports. */
const HEAP_MB = 256;
const IDLE_LIMIT_MS = 5 * 60_000;
/** What broke so often will break again. */
const MOST_DEATHS = 3;

export interface BaseWorker extends BaseReader {
  /** Gives back its memory; what is under way has no answer. */
  readonly giveBack: () => void;
}

export function createBaseWorker(settings: BaseSettings): BaseWorker {
  const waiting = new Map<number, (answer: BaseAnswer) => void>();
  let worker: Worker | undefined;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  let lastId = 0;
  let deathCount = 0;

  function started(): Worker {
    if (worker !== undefined) return worker;
    const purpose: WorkerPurpose = { kind: 'base', settings };
    const made = new Worker(path.join(settings.folder, 'checkWorker.js'), {
      workerData: purpose,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    let reason = 'it ended';
    made.on('message', ({ id, answer }: BaseReply) => answered(id, answer));
    made.on('error', (error) => (reason = error.message));
    made.on('exit', () => {
      if (worker !== made) return;
      worker = undefined;
      deathCount++;
      for (const id of [...waiting.keys()]) answered(id, { kind: 'none', reason: `the analysis broke: ${reason}` });
    });
    // The server need not live on for it.
    made.unref();
    worker = made;
    return made;
  }

  function answered(id: number, answer: BaseAnswer): void {
    waiting.get(id)?.(answer);
    waiting.delete(id);
    if (waiting.size === 0) restIdle();
  }

  function restIdle(): void {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(stop, IDLE_LIMIT_MS);
    idleTimer.unref();
  }

  function stop(): void {
    const old = worker;
    worker = undefined;
    void old?.terminate();
  }

  return {
    giveBack() {
      stop();
      const answer: BaseAnswer = { kind: 'none', reason: 'the server had no more memory for it' };
      for (const id of [...waiting.keys()]) answered(id, answer);
    },
    read(question: BaseQuestion): Promise<BaseAnswer> {
      if (deathCount >= MOST_DEATHS) return Promise.resolve({ kind: 'none', reason: 'the analysis broke too often' });
      clearTimeout(idleTimer);
      const request: BaseRequest = { id: ++lastId, question };
      return new Promise((resolve) => {
        waiting.set(request.id, resolve);
        started().postMessage(request);
      });
    },
  };
}
