/**
 * What becomes of a check's report: one format on stdout, others in files, and the exit code.
 */
import { verdictOf, type CheckReport } from '../gate/checkReport.ts';
import { checkToJson } from '../gate/checkJson.ts';
import { assertNever } from '../base/assert.ts';
import { productVersion } from '../node/productFiles.ts';
import type { OutputFlags } from './checkFlags.ts';
import { EXIT_BUG, EXIT_FAILED, EXIT_OK, EXIT_USAGE, type CommandOutput } from './commandOutput.ts';
import { deliver } from './reportFormats.ts';
import { checkToGithub } from './reporters/checkGithub.ts';
import { checkToJunit } from './reporters/checkJunit.ts';
import { checkToMarkdown } from './reporters/checkMarkdown.ts';
import { checkToSarif } from './reporters/checkSarif.ts';
import { checkToText } from './reporters/checkText.ts';
import { COMMENT_BYTES, SUMMARY_BYTES } from './reporters/markdownPage.ts';

export function deliverCheck(report: CheckReport, flags: OutputFlags, notes: readonly string[]): CommandOutput {
  const printers = {
    text: (hasColors: boolean) => checkToText(report, { hasColors }),
    json: () => checkToJson(report),
    markdown: () => checkToMarkdown(report, COMMENT_BYTES),
    summary: () => checkToMarkdown(report, SUMMARY_BYTES),
    sarif: () => checkToSarif(report, productVersion),
    junit: () => checkToJunit(report),
    github: () => checkToGithub(report),
  };
  return deliver(printers, flags, { exitCode: exitCodeOf(report, flags), notes });
}

function exitCodeOf(report: CheckReport, { exitZero = false }: OutputFlags): number {
  const verdict = verdictOf(report);
  switch (verdict) {
    case 'pass':
      return EXIT_OK;
    case 'fail':
      return exitZero ? EXIT_OK : EXIT_FAILED;
    case 'invalid':
      return EXIT_USAGE;
    case 'internal':
      return EXIT_BUG;
    default:
      return assertNever(verdict);
  }
}
