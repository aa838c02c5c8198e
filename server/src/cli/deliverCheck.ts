/**
 * What becomes of a check's report: one format on stdout, others in files, and the exit code.
 */
import { verdictOf, type CheckReport } from '../gate/checkReport.ts';
import { checkToJson } from '../gate/checkJson.ts';
import { assertNever } from '../base/assert.ts';
import { productVersion } from '../node/productFiles.ts';
import { writeWhole } from '../node/writeWhole.ts';
import type { CheckFormat, OutputFlags } from './checkFlags.ts';
import { EXIT_BUG, EXIT_FAILED, EXIT_OK, EXIT_USAGE, type CommandOutput } from './commandOutput.ts';
import { checkToGithub } from './reporters/checkGithub.ts';
import { checkToJunit } from './reporters/checkJunit.ts';
import { checkToMarkdown } from './reporters/checkMarkdown.ts';
import { checkToSarif } from './reporters/checkSarif.ts';
import { checkToText } from './reporters/checkText.ts';
import { COMMENT_BYTES, SUMMARY_BYTES } from './reporters/markdownPage.ts';

/** `notes` are messages for stderr that do not change the outcome. */
export function deliverCheck(report: CheckReport, flags: OutputFlags, notes: readonly string[]): CommandOutput {
  const failures = flags.report.flatMap(({ format, file }) => writeWhole(file, print(report, format, false)) ?? []);
  const verdict = exitCodeOf(report, flags);
  return {
    exitCode: failures.length > 0 && verdict !== EXIT_BUG ? EXIT_USAGE : verdict,
    stdout: print(report, flags.format, hasColors()),
    stderr: [...notes, ...failures.map((message) => `error: ${message}`)].map((line) => `${line}\n`).join(''),
  };
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

function print(report: CheckReport, format: CheckFormat, isColored: boolean): string {
  switch (format) {
    case 'text':
      return checkToText(report, { hasColors: isColored });
    case 'json':
      return checkToJson(report);
    case 'markdown':
      return checkToMarkdown(report, COMMENT_BYTES);
    case 'summary':
      return checkToMarkdown(report, SUMMARY_BYTES);
    case 'sarif':
      return checkToSarif(report, productVersion);
    case 'junit':
      return checkToJunit(report);
    case 'github':
      return checkToGithub(report);
    default:
      return assertNever(format);
  }
}

/** As https://no-color.org asks for. */
function hasColors(): boolean {
  const { NO_COLOR: noColor, TERM: terminal } = process.env;
  return process.stdout.isTTY && (noColor === undefined || noColor === '') && terminal !== 'dumb';
}
