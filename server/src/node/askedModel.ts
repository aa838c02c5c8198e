/**
 * A model that somebody asks for, as plain data: "models/net.py:Net" with its inputs, or a NAS cell of the configuration.
 */
import type { AnalyzeRequest } from '../analysis/analyzeRequest.ts';
import type { SourceRange } from '../base/text.ts';
import type { CellConfiguration } from '../configuration/configuration.ts';

/** A model to look for in a version. */
export interface AskedModel {
  readonly name: string;
  /** As reports show it: "models/net.py:Net". */
  readonly target: string;
  /** Files in it are absolute. */
  readonly request: AnalyzeRequest;
  /** A NAS cell in place of what the request's target names. */
  readonly cell?: AskedCell | undefined;
}

export interface AskedCell extends CellConfiguration {
  /** Of its text in the configuration. */
  readonly range: SourceRange;
}
