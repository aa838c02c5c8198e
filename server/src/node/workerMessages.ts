/**
 * What the pool and its workers say to each other.
 */
import type { ModelJob, ModelOutcome } from './modelJob.ts';

/** To a worker: analyse these, in order. */
export interface WorkerRequest {
  readonly jobs: readonly ModelJob[];
}

/** From a worker, after each job. */
export interface WorkerReply {
  readonly index: number;
  readonly outcome: ModelOutcome;
}
