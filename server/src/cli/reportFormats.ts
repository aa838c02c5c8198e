/**
 * The formats that `check`, `merge` and `diff` print and write, each made by a printer of the command's own report.
 * --report sarif=out.sarif -> { format: 'sarif', file: 'out.sarif' }
 */
import { printedLines, type Printed } from '../base/escaping/printed.ts';
import path from 'node:path';
import { isatty } from 'node:tty';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { cannotWrite, writeWhole } from '../node/writeWhole.ts';
import { EXIT_BUG, EXIT_USAGE, type CommandOutput } from './commandOutput.ts';

export const REPORT_FORMATS = ['text', 'json', 'markdown', 'summary', 'sarif', 'junit', 'github'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportFile {
  readonly format: ReportFormat;
  readonly file: string;
}

export interface ReportFlags {
  readonly format: ReportFormat;
  readonly report: readonly ReportFile[];
}

/** One function a format; only text may have colours. */
export type Printers = Readonly<Record<Exclude<ReportFormat, 'text'>, () => Printed>> & {
  readonly text: (hasColors: boolean) => Printed;
};

export function addReportOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how to print').choices(REPORT_FORMATS).default('text'))
    .option('--report <format=file>', 'also write a report to a file; may be repeated', reportFile, []);
}

/** What can be told before anything is analysed. */
export function reportMistake({ report }: ReportFlags): string | undefined {
  const files = report.map(({ file }) => path.resolve(file));
  const twice = report.find((_, index) => files.indexOf(files[index] ?? '') !== index);
  if (twice !== undefined) return `two reports are to be written to ${twice.file}`;
  return report.map(({ file }) => cannotWrite(file)).find((message) => message !== undefined);
}

/** `notes` are messages for stderr that do not change the outcome. */
export function deliver(
  printers: Printers,
  { format, report }: ReportFlags,
  { exitCode, notes }: { readonly exitCode: number; readonly notes: readonly string[] },
): CommandOutput {
  const print = (each: ReportFormat, colors: boolean): Printed =>
    each === 'text' ? printers.text(colors) : printers[each]();
  const failures = report.flatMap((each) => writeWhole(each.file, print(each.format, false)) ?? []);
  return {
    exitCode: failures.length > 0 && exitCode !== EXIT_BUG ? EXIT_USAGE : exitCode,
    stdout: print(format, hasColors()),
    stderr: printedLines([...notes, ...failures.map((message) => `error: ${message}`)]),
  };
}

const STDOUT = 1;

/** As https://no-color.org asks for. */
function hasColors(): boolean {
  const { NO_COLOR: noColor, TERM: terminal } = process.env;
  return isatty(STDOUT) && (noColor === undefined || noColor === '') && terminal !== 'dumb';
}

function reportFile(text: string, previous: readonly ReportFile[]): readonly ReportFile[] {
  const [name, ...rest] = text.split('=');
  const format = REPORT_FORMATS.find((each) => each === name);
  const file = rest.join('=');
  if (format === undefined || file === '') {
    throw new InvalidArgumentError(`FORMAT=FILE is wanted, with one of ${REPORT_FORMATS.join(', ')}`);
  }
  return [...previous, { format, file }];
}
