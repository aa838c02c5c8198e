/**
 * `layercost analyze TARGET`: one report as text or JSON. Data goes to stdout, what hinders it to stderr.
 */
import { NOTHING } from '../../base/escaping/printed.ts';
import { printedJson } from '../../base/escaping/printedJson.ts';
import type { AnalyzeResult } from '../../analysis/analyzeRequest.ts';
import { problemsToJson, reportToJson, type ReadText } from '../../features/reportJson.ts';
import { problemsText, reportToText } from '../reporters/textReporter.ts';
import { EXIT_OK, EXIT_USAGE, type CommandOutput } from '../commandOutput.ts';

export interface AnalyzeOptions {
  readonly format: 'text' | 'json';
  readonly depth: number | undefined;
}

/** A report as it was asked for, or why there is none. */
export function resultOutput(result: AnalyzeResult, options: AnalyzeOptions, readText: ReadText): CommandOutput {
  if (result.kind === 'problem') return failure(result, options, readText);
  const { report } = result;
  // A model that could not be read has no share; an empty one is understood in full.
  const isReadable = report.coverage.totalNodes > 0 || report.coverage.share > 0;
  const stdout =
    options.format === 'json'
      ? printedJson(reportToJson(report, readText), 2)
      : reportToText(report, { depth: options.depth, readText });
  return { exitCode: isReadable ? EXIT_OK : EXIT_USAGE, stdout, stderr: NOTHING };
}

/** Nothing to report on: JSON consumers get the problems in the same field as ever. */
function failure(
  { problems }: Extract<AnalyzeResult, { kind: 'problem' }>,
  { format }: AnalyzeOptions,
  readText: ReadText,
): CommandOutput {
  const stderr = problemsText(problems, readText);
  const stdout =
    format === 'json' ? printedJson({ formatVersion: 1, problems: problemsToJson(problems, readText) }, 2) : NOTHING;
  return { exitCode: EXIT_USAGE, stdout, stderr };
}
