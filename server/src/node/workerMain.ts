/**
 * A worker thread: jobs of `layercost check`, a reply to each; questions of the editor about a base revision; models that
 * take it long; a baseline.
 * dist/checkWorker.js is this.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../base/assert.ts';
import { createBaseReader, type BaseAnswer } from './baseModels.ts';
import { createBackgroundAnalyzer } from './backgroundAnalyzer.ts';
import { createJobAnalyzer, openJobPlace, type JobAnalyzer } from './jobAnalyzer.ts';
import { recordBaseline } from './recordBaseline.ts';
import type {
  BackgroundRequest,
  BaseReply,
  BaseRequest,
  WorkerPurpose,
  WorkerReply,
  WorkerRequest,
} from './workerMessages.ts';

// Whoever starts it passes its purpose.
const purpose = workerData as WorkerPurpose;

switch (purpose.kind) {
  case 'jobs':
    // Messages wait until somebody listens. What goes wrong here ends the worker, of which the pool tells.
    void createJobAnalyzer(openJobPlace(purpose.settings)).then(answerJobs);
    break;
  case 'base': {
    const reader = createBaseReader(purpose.settings);
    let last = Promise.resolve();
    parentPort?.on('message', ({ id, question }: BaseRequest) => {
      // One after the other: they share an analyzer.
      last = last.then(async () => {
        const answer = await reader.read(question).catch(broken);
        const reply: BaseReply = { id, answer };
        parentPort?.postMessage(reply);
      });
    });
    break;
  }
  case 'baseline':
    void recordBaseline(purpose.request).then((answer) => parentPort?.postMessage(answer));
    break;
  case 'background':
    void createBackgroundAnalyzer(purpose.settings).then((answer) => {
      parentPort?.on('message', (request: BackgroundRequest) => parentPort?.postMessage(answer(request)));
    });
    break;
  default:
    assertNever(purpose);
}

function answerJobs(analyzer: JobAnalyzer): void {
  parentPort?.on('message', (request: WorkerRequest) => {
    if (request.kind === 'end') {
      parentPort?.close();
      return;
    }
    for (const job of request.jobs) {
      const reply: WorkerReply = { index: job.index, outcome: analyzer.analyze(job) };
      parentPort?.postMessage(reply);
    }
  });
}

/** A mistake of ours costs one answer. */
function broken(error: unknown): BaseAnswer {
  return { kind: 'none', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
