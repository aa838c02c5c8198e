/**
 * `layercost diff` and `layercost baseline` as commander knows them.
 */
import { printedLines } from '../base/escaping/printed.ts';
import type { Command } from 'commander';
import type { InputSpec } from '../configuration/inputText.ts';
import { BASELINE_FILE } from '../gate/writeBaseline.ts';
import { writeWhole } from '../node/writeWhole.ts';
import type { ModelQuestion } from './askedModels.ts';
import { collect, inputs } from './commandOptions.ts';
import { EXIT_OK, usageError, type CommandHost, type CommandOutput } from './commandOutput.ts';
import { compareBaseline, compareRevisions, writtenBaseline } from './commands/diff.ts';
import { deliverDiff } from './deliverDiff.ts';
import { addReportOptions, reportMistake, type ReportFlags } from './reportFormats.ts';
import { parseDiffArguments } from './diffArguments.ts';
import { addRunOptions, runHost, type RunFlags } from './runSettings.ts';

export interface DiffCommandsHost extends CommandHost {
  /** The arguments of the process, for what stands behind "--". */
  readonly argv: readonly string[];
}

interface ModelFlags extends RunFlags {
  readonly config?: string;
  readonly input?: readonly InputSpec[];
  readonly args?: string;
  readonly device: readonly string[];
}

interface DiffFlags extends ModelFlags, ReportFlags {
  readonly target: readonly string[];
  readonly baseline?: string;
}

interface BaselineFlags extends ModelFlags {
  readonly output: string;
  readonly revision?: string;
}

export function addDiffCommands(root: Command, host: DiffCommandsHost): void {
  const { finish, folder } = host;
  const command = root
    .command('diff')
    .description('compare what models cost in two revisions, or in one and the work tree')
    .argument(
      '[what...]',
      'BASE, HEAD and models: "main", "main HEAD net.py:Net", "main...HEAD"; behind "--" only models',
    );
  addReportOptions(addModelOptions(command))
    .option('--target <model>', 'a model to compare; may be repeated', collect, [])
    .option('--baseline <file>', 'compare with what "layercost baseline" wrote, instead of a revision')
    .action((what: readonly string[], flags: DiffFlags) => finish(() => runDiff(what, flags, host)));
  addModelOptions(
    root
      .command('baseline')
      .description('write what models cost to a file, to compare with later')
      .argument('[targets...]', 'models; those of the configuration where left out'),
  )
    .option('-o, --output <file>', 'the file to write', BASELINE_FILE)
    .option('--revision <revision>', 'read a revision instead of the work tree')
    .action((targets: readonly string[], flags: BaselineFlags) => finish(() => runBaseline(targets, flags, folder)));
}

function addModelOptions(command: Command): Command {
  return addRunOptions(command)
    .option('--config <file>', 'the configuration; searched for upward where left out')
    .option('--input <shapes>', 'input shapes of the models that are named: 1x3x224x224', inputs)
    .option('--args <arguments>', 'arguments of the models that are named, as in Python: "num_classes=10"')
    .option('--device <id>', 'device for latencies; may be repeated', collect, []);
}

async function runDiff(
  what: readonly string[],
  flags: DiffFlags,
  { folder, argv }: DiffCommandsHost,
): Promise<CommandOutput> {
  const hindrance = reportMistake(flags);
  if (hindrance !== undefined) return usageError(hindrance);
  const dashes = argv.indexOf('--');
  const parsed = parseDiffArguments(what, dashes === -1 ? 0 : Math.min(what.length, argv.length - dashes - 1));
  if (parsed.kind === 'invalid') return usageError(parsed.message);
  const { base, head } = parsed.arguments;
  const question = questionOf([...parsed.arguments.targets, ...flags.target], flags);
  const host = runHost(flags, folder);
  if (flags.baseline === undefined) {
    const report = await compareRevisions(parsed.arguments, question, host);
    return report.kind === 'invalid' ? usageError(report.message) : deliverDiff(report.value, flags, host.notes);
  }
  if (head !== undefined) return usageError(`--baseline takes the place of "${base}": name one revision at the most`);
  const revisions = what.length - parsed.arguments.targets.length;
  const report = await compareBaseline(flags.baseline, revisions === 0 ? undefined : base, question, host);
  return report.kind === 'invalid' ? usageError(report.message) : deliverDiff(report.value, flags, host.notes);
}

async function runBaseline(targets: readonly string[], flags: BaselineFlags, folder: string): Promise<CommandOutput> {
  const host = runHost(flags, folder);
  const text = await writtenBaseline(flags.revision, questionOf(targets, flags), host);
  if (text.kind === 'invalid') return usageError(text.message);
  const failure = writeWhole(flags.output, text.value);
  return failure === undefined
    ? { exitCode: EXIT_OK, stdout: printedLines([`wrote ${flags.output}`]), stderr: printedLines(host.notes) }
    : usageError(failure);
}

function questionOf(targets: readonly string[], { input, args, device, config }: ModelFlags): ModelQuestion {
  return { targets, inputs: input, args, deviceIds: device, config, cwd: process.cwd() };
}
