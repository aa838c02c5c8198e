/**
 * What becomes of a comparison: one format on stdout, others in files, and the exit code: 0, or 2 where a model cannot
 * be read in the newer version.
 */
import { assertNever } from '../base/assert.ts';
import { diffToJson } from '../features/diffJson.ts';
import { isFailure, type DiffReport } from '../gate/diffReport.ts';
import { writeWhole } from '../node/writeWhole.ts';
import { EXIT_OK, EXIT_USAGE, type CommandOutput } from './commandOutput.ts';
import { diffToGithub } from './reporters/diffGithub.ts';
import { diffToMarkdown } from './reporters/diffMarkdown.ts';
import { diffToText } from './reporters/diffText.ts';
import { COMMENT_BYTES, SUMMARY_BYTES } from './reporters/markdownPage.ts';

export const DIFF_FORMATS = ['text', 'json', 'markdown', 'summary', 'github'] as const;
export type DiffFormat = (typeof DIFF_FORMATS)[number];

export interface DiffOutputFlags {
  readonly format: DiffFormat;
  readonly report: readonly { readonly format: DiffFormat; readonly file: string }[];
}

export function deliverDiff(report: DiffReport, flags: DiffOutputFlags, notes: readonly string[]): CommandOutput {
  const failures = flags.report.flatMap(({ format, file }) => writeWhole(file, print(report, format, false)) ?? []);
  const isBroken = report.entries.some(isFailure) || report.problems.some(({ severity }) => severity === 'error');
  return {
    exitCode: isBroken || failures.length > 0 ? EXIT_USAGE : EXIT_OK,
    stdout: print(report, flags.format, process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''),
    stderr: [...notes, ...failures.map((message) => `error: ${message}`)].map((line) => `${line}\n`).join(''),
  };
}

function print(report: DiffReport, format: DiffFormat, hasColors: boolean): string {
  switch (format) {
    case 'text':
      return diffToText(report, { hasColors });
    case 'json':
      return diffToJson(report);
    case 'markdown':
      return diffToMarkdown(report, COMMENT_BYTES);
    case 'summary':
      return diffToMarkdown(report, SUMMARY_BYTES);
    case 'github':
      return diffToGithub(report);
    default:
      return assertNever(format);
  }
}
