/**
 * The editor's side of the background: one worker thread that does jobs one after another, fairly across files. A job
 * that takes the worker down costs itself: it has failed until what it rests on changes, and the next one has a new worker.
 * Texts are sent with the next job, so that typing costs nothing here.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { jobKey, reportIn, type Background, type BackgroundJob, type BackgroundState } from '../analysis/background.ts';
import { MAX_PARTS, partsOf } from '../analysis/keptReports.ts';
import { FairQueue } from './fairQueue.ts';
import { MAX_TEXT_BYTES } from './nodeFiles.ts';
import type { BackgroundReply, BackgroundRequest, BackgroundSettings, WorkerPurpose } from './workerMessages.ts';

export interface BackgroundWorkerOptions extends Omit<BackgroundSettings, 'stoppedId'> {
  /** Something more is known of a file. */
  readonly onAnswer: (file: string) => void;
}

export interface BackgroundWorker extends Background {
  /** Text of an open configuration; undefined closes it. */
  readonly configurationText: (file: string, text: string | undefined) => void;
  /** Gives back its memory: a job that is under way has failed. */
  readonly giveBack: () => void;
  readonly dispose: () => void;
}

/** Of JavaScript's heap. */
const HEAP_MB = 256;
/** Beyond the limit, for what cannot be interrupted. */
const GRACE_MS = 1500;
/** A worker that starts reads its program and the grammar. */
const START_MS = 10_000;
const IDLE_LIMIT_MS = 60_000;
/** Jobs of one file that wait. */
const MOST_JOBS = 1000;

interface Known {
  readonly job: BackgroundJob;
  state: BackgroundState;
  /** Undefined where that is not known: all may matter. */
  restsOn: { readonly files: ReadonlySet<string>; readonly probedPaths: readonly string[] } | undefined;
}

interface Running {
  readonly id: number;
  readonly known: Known;
  readonly startedAt: number;
  /** Files that changed meanwhile. */
  readonly changed: Set<string>;
  isStale: boolean;
  readonly timer: ReturnType<typeof setTimeout>;
}

export function createBackgroundWorker(options: BackgroundWorkerOptions): BackgroundWorker {
  const { onAnswer, ...settings } = options;
  const { folder, timeLimitMs } = settings;
  const known = new Map<string, Known>();
  const queue = new FairQueue<Known>();
  const openTexts = new Map<string, string>();
  const configurationTexts = new Map<string, string>();
  /** What the worker was not sent yet. */
  const news = { texts: new Set<string>(), configurations: new Set<string>(), files: new Set<string>(), isNew: false };
  const stoppedId = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let worker: Worker | undefined;
  let isReady = false;
  let running: Running | undefined;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  let lastId = 0;
  let isDisposed = false;

  function started(): Worker {
    if (worker !== undefined) return worker;
    const purpose: WorkerPurpose = { kind: 'background', settings: { ...settings, stoppedId } };
    const made = new Worker(path.join(folder, 'checkWorker.js'), {
      workerData: purpose,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    let reason = 'it broke';
    made.on('message', (reply: BackgroundReply) => {
      if (worker === made) answered(reply);
    });
    made.on('error', (error) => (reason = deathText(error)));
    made.on('exit', () => {
      if (worker === made) lost(reason);
    });
    // The server need not live on for it.
    made.unref();
    worker = made;
    isReady = false;
    for (const file of openTexts.keys()) news.texts.add(file);
    for (const file of configurationTexts.keys()) news.configurations.add(file);
    return made;
  }

  function next(): void {
    if (running !== undefined || isDisposed) return;
    const found = queue.next();
    clearTimeout(idleTimer);
    if (found === undefined) {
      idleTimer = setTimeout(stopWorker, IDLE_LIMIT_MS);
      idleTimer.unref();
      return;
    }
    const target = started();
    const id = ++lastId;
    const limitMs = timeLimitMs + GRACE_MS + (isReady ? 0 : START_MS);
    const timer = setTimeout(() => lost(`it took longer than ${timeLimitMs / 1000} s`), limitMs);
    timer.unref();
    running = { id, known: found.item, startedAt: performance.now(), changed: new Set(), isStale: false, timer };
    target.postMessage(requestOf(id, found.item.job));
  }

  function requestOf(id: number, job: BackgroundJob): BackgroundRequest {
    const request: BackgroundRequest = {
      id,
      job,
      texts: [...news.texts].map((file) => [file, openTexts.get(file)]),
      configurationTexts: [...news.configurations].map((file) => [file, configurationTexts.get(file)]),
      changedFiles: [...news.files],
      hasNewConfiguration: news.isNew || news.configurations.size > 0,
    };
    news.texts.clear();
    news.configurations.clear();
    news.files.clear();
    news.isNew = false;
    return request;
  }

  function answered({ id, outcome, tookMs, files, probedPaths }: BackgroundReply): void {
    isReady = true;
    if (running?.id !== id) return;
    const state: BackgroundState =
      outcome.kind === 'failed' ? outcome : { kind: 'answered', answer: outcome.answer, tookMs };
    finish(state, { files: new Set([...files, running.known.job.file]), probedPaths });
  }

  /** The worker is gone, or is given up; so is the job that it had. */
  function lost(reason: string): void {
    stopWorker();
    if (running !== undefined) finish({ kind: 'failed', message: reason }, underFile(running.known.job.file));
  }

  function finish(state: BackgroundState, restsOn: Known['restsOn']): void {
    const done = running;
    if (done === undefined) return;
    running = undefined;
    clearTimeout(done.timer);
    const { job } = done.known;
    queue.charge(job.file, performance.now() - done.startedAt);
    done.known.state = fits(state) ? state : { kind: 'failed', message: 'there is no memory for more reports' };
    done.known.restsOn = restsOn;
    const isOutdated = done.isStale || [...done.changed].some((file) => rests(done.known, file));
    if (isOutdated && known.get(jobKey(job)) === done.known) known.delete(jobKey(job));
    onAnswer(job.file);
    next();
  }

  /** Whether an answer can be kept beside the others. */
  function fits(state: BackgroundState): boolean {
    const held = [...known.values()].reduce((sum, { state: other }) => sum + partsIn(other), 0);
    return held + partsIn(state) <= MAX_PARTS;
  }

  /** What other answers about the file rest on, as the one that was lost says nothing. */
  function underFile(file: string): Known['restsOn'] {
    const others = [...known.values()].filter(({ job, restsOn }) => job.file === file && restsOn !== undefined);
    if (others.length === 0) return undefined;
    return {
      files: new Set([file, ...others.flatMap(({ restsOn }) => [...(restsOn?.files ?? [])])]),
      probedPaths: others.flatMap(({ restsOn }) => restsOn?.probedPaths ?? []),
    };
  }

  function stopWorker(): void {
    const old = worker;
    worker = undefined;
    void old?.terminate();
  }

  /** What rests on a file is not known any more. */
  function drop(file: string): void {
    for (const [key, entry] of known) {
      if (entry === running?.known || !rests(entry, file)) continue;
      // What waits will be done with the newest texts, and somebody waits for it.
      if (entry.state.kind === 'waiting' && entry.job.file !== file) continue;
      known.delete(key);
      queue.remove(entry.job.file, (item) => item === entry);
    }
    if (running === undefined) return;
    running.changed.add(file);
    if (running.known.job.file === file) stopRunning(running);
  }

  function stopRunning(job: Running): void {
    job.isStale = true;
    Atomics.store(stoppedId, 0, job.id);
  }

  return {
    ask(job) {
      const key = jobKey(job);
      const found = known.get(key);
      // An answer to an older text is of no use.
      if (found !== undefined && !(found === running?.known && running.isStale)) return found.state;
      const made: Known = { job, state: { kind: 'waiting' }, restsOn: undefined };
      known.set(key, made);
      const others = [...known.values()].filter(({ job: other }) => other.file === job.file).length;
      if (others > MOST_JOBS) made.state = { kind: 'failed', message: 'there are too many models in this file' };
      else queue.add(job.file, made);
      // Jobs that are asked for together go by the fair order.
      setImmediate(next);
      return made.state;
    },
    stateOf: (job) => known.get(jobKey(job))?.state,
    filesUnder: (file) =>
      new Set(
        [...known.values()].flatMap(({ job, restsOn }) => (job.file === file ? [...(restsOn?.files ?? [])] : [])),
      ),
    textChanged(file, text) {
      if (text === undefined || text.length > MAX_TEXT_BYTES) openTexts.delete(file);
      else openTexts.set(file, text);
      news.texts.add(file);
      drop(file);
    },
    filesChanged(files) {
      for (const file of files) {
        news.files.add(file);
        drop(file);
      }
    },
    configurationText(file, text) {
      if (text === undefined) configurationTexts.delete(file);
      else configurationTexts.set(file, text);
      news.configurations.add(file);
    },
    configurationChanged() {
      news.isNew = true;
      known.clear();
      for (const file of [...queue.owners()]) queue.remove(file);
      if (running !== undefined) stopRunning(running);
    },
    giveBack() {
      if (running === undefined) stopWorker();
      else lost('the server had no more memory for it');
    },
    dispose() {
      isDisposed = true;
      clearTimeout(idleTimer);
      if (running !== undefined) clearTimeout(running.timer);
      stopWorker();
    },
  };
}

function rests({ job, restsOn }: Known, file: string): boolean {
  if (job.file === file || restsOn === undefined) return true;
  if (restsOn.files.has(file)) return true;
  return restsOn.probedPaths.some((path_) => path_ === file || file.startsWith(`${path_}${path.sep}`));
}

function partsIn(state: BackgroundState): number {
  if (state.kind !== 'answered') return 0;
  const report = reportIn(state.answer);
  return report === undefined ? 0 : partsOf(report);
}

function deathText(error: NodeJS.ErrnoException): string {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return `it needs more than ${HEAP_MB} MB of memory`;
  return `it broke (${error.message})`;
}
