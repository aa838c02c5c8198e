/**
 * What is asked of a target as a person typed it, and the answer: { target: "net.py:Net", ... } -> a report, or problems.
 */
import type { Problem } from '../base/problems.ts';
import type { InputSpec } from '../configuration/inputText.ts';
import type { Report } from './report.ts';

export interface AnalyzeRequest {
  /** See target.ts. */
  readonly target: string;
  readonly inputs: readonly InputSpec[] | undefined;
  /** Python text of arguments: "num_classes=10". */
  readonly args: string | undefined;
  /** Devices to give latencies for; all where left out. */
  readonly deviceIds: readonly string[] | undefined;
  /** What the configuration says of the model does not count: one of several entries for it is asked about. */
  readonly ignoresConfiguration?: true;
}

export type AnalyzeResult =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'problem'; readonly problems: readonly Problem[] };
