/**
 * What worker threads are started for, and what they and their masters say to each other.
 */
import type { BackgroundAnswer, BackgroundJob } from '../analysis/background.ts';
import type { BaseAnswer, BaseQuestion, BaseSettings } from './baseModels.ts';
import type { JobSettings, ModelJob, ModelOutcome } from './modelJob.ts';

/** What a worker is for: jobs of a check, the base revisions that the editor compares with, or one baseline file. */
export type WorkerPurpose =
  | { readonly kind: 'jobs'; readonly settings: JobSettings }
  | { readonly kind: 'base'; readonly settings: BaseSettings }
  | { readonly kind: 'baseline'; readonly request: BaselineRequest }
  | { readonly kind: 'background'; readonly settings: BackgroundSettings };

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

/** The analyses of an editor that take long: see backgroundWorker.ts. */
export interface BackgroundSettings {
  /** The folder of the running program, where its files lie. */
  readonly folder: string;
  readonly knownDeviceIds: readonly string[];
  readonly workspaceFolders: readonly string[];
  readonly searchPaths: readonly string[];
  readonly timeLimitMs: number;
  /** Holds the id of a job that is to be stopped. */
  readonly stoppedId: Int32Array;
}

/** What changed since the last job, and the next one. */
export interface BackgroundRequest {
  readonly id: number;
  readonly job: BackgroundJob;
  /** Of open documents; undefined where they were closed. */
  readonly texts: readonly (readonly [file: string, text: string | undefined])[];
  readonly configurationTexts: readonly (readonly [file: string, text: string | undefined])[];
  /** On disk. */
  readonly changedFiles: readonly string[];
  readonly hasNewConfiguration: boolean;
}

export interface BackgroundReply {
  readonly id: number;
  readonly outcome:
    | { readonly kind: 'answer'; readonly answer: BackgroundAnswer }
    | { readonly kind: 'failed'; readonly message: string };
  readonly tookMs: number;
  /** Files that were read, and paths that were looked for. */
  readonly files: readonly string[];
  readonly probedPaths: readonly string[];
}
