/**
 * Analyses that do not fit between two answers of an editor: jobs that a host does elsewhere (node/backgroundWorker.ts),
 * while the analyzer goes on with what is quick. ask({ kind: 'report', file, name: 'Net' }) -> 'waiting', and later the report.
 */
import type { Problem } from '../base/problems.ts';
import type { AnalyzeRequest, AnalyzeResult } from './analyzeRequest.ts';
import type { Entry, Report } from './report.ts';

/** `file` is the one that a person looks at: those who wait for it are told. */
export type BackgroundJob =
  /** Reading a file, and finding its models. */
  | { readonly kind: 'file'; readonly file: string }
  /** One model; the first one where `name` is left out. */
  | { readonly kind: 'report'; readonly file: string; readonly name: string | undefined }
  /** A model as an entry of the configuration builds it. */
  | { readonly kind: 'request'; readonly file: string; readonly request: AnalyzeRequest };

export type BackgroundAnswer =
  | { readonly kind: 'file'; readonly entries: readonly Entry[]; readonly problems: readonly Problem[] }
  | { readonly kind: 'report'; readonly report: Report | undefined }
  | { readonly kind: 'request'; readonly result: AnalyzeResult };

export type BackgroundState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'answered'; readonly answer: BackgroundAnswer; readonly tookMs: number }
  /** It took too long, needed too much memory, or broke: one sentence. */
  | { readonly kind: 'failed'; readonly message: string };

export interface Background {
  /** Queues a job that is not known. */
  readonly ask: (job: BackgroundJob) => BackgroundState;
  /** The same without queueing. */
  readonly stateOf: (job: BackgroundJob) => BackgroundState | undefined;
  /** Python files that what is known of a file rests on. */
  readonly filesUnder: (file: string) => ReadonlySet<string>;
  /** What rests on them is dropped, and what is under way for them is stopped. */
  readonly textChanged: (file: string, text: string | undefined) => void;
  readonly filesChanged: (files: readonly string[]) => void;
  readonly configurationChanged: () => void;
}

export function jobKey(job: BackgroundJob): string {
  switch (job.kind) {
    case 'file':
      return `file ${job.file}`;
    case 'report':
      return `report ${job.file}:${job.name ?? ''}`;
    case 'request':
      return `request ${job.file} ${JSON.stringify(job.request)}`;
  }
}

/** The report that an answer holds, where it holds one. */
export function reportIn(answer: BackgroundAnswer): Report | undefined {
  if (answer.kind === 'report') return answer.report;
  return answer.kind === 'request' && answer.result.kind === 'report' ? answer.result.report : undefined;
}
