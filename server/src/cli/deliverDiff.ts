/**
 * What becomes of a comparison: one format on stdout, others in files, and the exit code: 0; 2 where a model cannot be
 * read in the newer version; 101 where the analysis itself broke.
 */
import { diffToJson } from '../features/diffJson.ts';
import { isBroken, isFailure, type DiffReport } from '../gate/diffReport.ts';
import { productVersion } from '../node/productFiles.ts';
import { EXIT_BUG, EXIT_OK, EXIT_USAGE, type CommandOutput } from './commandOutput.ts';
import { deliver, type ReportFlags } from './reportFormats.ts';
import { diffToGithub } from './reporters/diffGithub.ts';
import { diffToJunit } from './reporters/diffJunit.ts';
import { diffToMarkdown } from './reporters/diffMarkdown.ts';
import { diffToSarif } from './reporters/diffSarif.ts';
import { diffToText } from './reporters/diffText.ts';
import { COMMENT_BYTES, SUMMARY_BYTES } from './reporters/markdownPage.ts';

export function deliverDiff(report: DiffReport, flags: ReportFlags, notes: readonly string[]): CommandOutput {
  const printers = {
    text: (hasColors: boolean) => diffToText(report, { hasColors }),
    json: () => diffToJson(report),
    markdown: () => diffToMarkdown(report, COMMENT_BYTES),
    summary: () => diffToMarkdown(report, SUMMARY_BYTES),
    sarif: () => diffToSarif(report, productVersion),
    junit: () => diffToJunit(report),
    github: () => diffToGithub(report),
  };
  return deliver(printers, flags, { exitCode: exitCodeOf(report), notes });
}

function exitCodeOf({ entries, problems }: DiffReport): number {
  if (entries.some(isBroken)) return EXIT_BUG;
  const isFailed = entries.some(isFailure) || problems.some(({ severity }) => severity === 'error');
  return isFailed ? EXIT_USAGE : EXIT_OK;
}
