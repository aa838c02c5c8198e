/**
 * What worker threads are started for, and what they and their masters say to each other.
 */
import type { BaseAnswer, BaseQuestion, BaseSettings } from './baseModels.ts';
import type { JobSettings, ModelJob, ModelOutcome } from './modelJob.ts';

/** What a worker is for: jobs of a check, the base revisions that the editor compares with, or one baseline file. */
export type WorkerPurpose =
  | { readonly kind: 'jobs'; readonly settings: JobSettings }
  | { readonly kind: 'base'; readonly settings: BaseSettings }
  | { readonly kind: 'baseline'; readonly request: BaselineRequest };

/** The baseline to record. */
export interface BaselineRequest {
  /** The folder of the running program, where its files lie. */
  readonly folder: string;
  readonly knownDeviceIds: readonly string[];
  /** Absolute. */
  readonly configurationFile: string;
}

/** To a worker: analyse these, in order; or end. */
export type WorkerRequest = { readonly kind: 'analyze'; readonly jobs: readonly ModelJob[] } | { readonly kind: 'end' };

/** From a worker, after each job. */
export interface WorkerReply {
  readonly index: number;
  readonly outcome: ModelOutcome;
}

export interface BaseRequest {
  readonly id: number;
  readonly question: BaseQuestion;
}

export interface BaseReply {
  readonly id: number;
  readonly answer: BaseAnswer;
}
