/**
 * A worker thread of `layercost check`: one analyzer, jobs in order, a reply to each. dist/checkWorker.js is this.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createJobAnalyzer } from './jobAnalyzer.ts';
import type { JobSettings } from './modelJob.ts';
import type { WorkerReply, WorkerRequest } from './workerMessages.ts';

// The pool passes its settings.
const analyzer = await createJobAnalyzer(workerData as JobSettings);

parentPort?.on('message', ({ jobs }: WorkerRequest) => {
  for (const job of jobs) {
    const reply: WorkerReply = { index: job.index, outcome: analyzer.analyze(job) };
    parentPort?.postMessage(reply);
  }
});
