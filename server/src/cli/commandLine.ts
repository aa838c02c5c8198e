/**
 * A command line from its arguments to its exit code: ['analyze', 'net.py'] -> 0, with a report on stdout. What the system
 * refuses is 2 and one line on stderr; 101 is for mistakes of ours alone.
 */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { NOTHING, printedLines, printedText, type Printed } from '../base/escaping/printed.ts';
import { faultText, isFileSystemError } from '../node/fileFaults.ts';
import { productVersion, readDevices } from '../node/productFiles.ts';
import type { WriteResult } from '../node/writeAll.ts';
import { addAnalyzeCommand } from './analyzeCommand.ts';
import { addCellCommands } from './cellCommands.ts';
import { addCheckCommands } from './checkCommands.ts';
import { formatOption, type Format } from './commandOptions.ts';
import { EXIT_BUG, EXIT_OK, EXIT_USAGE, type CommandHost, type CommandOutput } from './commandOutput.ts';
import { devicesJson, devicesText } from './commands/devices.ts';
import { addDiffCommands } from './diffCommands.ts';
import { addInitCommand } from './initCommand.ts';

export interface CommandLineHost {
  /** The folder of the running program, where its files lie. */
  readonly folder: string;
  readonly writeOut: (text: Printed) => WriteResult;
  readonly writeError: (text: Printed) => WriteResult;
}

/** The exit code; undefined where the language server runs on. */
export async function runCommandLine(argv: readonly string[], host: CommandLineHost): Promise<number | undefined> {
  const output = createOutput(host);
  try {
    await program(argv, host.folder, output).parseAsync(argv, { from: 'user' });
  } catch (error) {
    output.finish(failureOf(error));
  }
  return output.exitCode();
}

interface Output {
  /** Writes what a command gives. */
  readonly finish: (given: CommandOutput) => void;
  readonly writeOut: (text: Printed) => void;
  readonly writeError: (text: Printed) => void;
  readonly exitCode: () => number | undefined;
}

/** What could not be written in full is never a success. A reader that closes early (`| head`) is no error. */
function createOutput({ writeOut, writeError }: CommandLineHost): Output {
  let code: number | undefined;
  let hasFailed = false;
  const write = (stream: CommandLineHost['writeOut'], text: Printed): WriteResult => {
    const result: WriteResult = text === '' || hasFailed ? { kind: 'closed' } : stream(text);
    if (result.kind !== 'fault') return result;
    hasFailed = true;
    // Where stderr itself fails, the exit code alone says so.
    if (stream === writeOut) writeError(printedLines([`error: stdout cannot be written: ${result.reason}`]));
    return result;
  };
  return {
    finish({ exitCode, stdout, stderr }) {
      code = exitCode;
      // First, so that nothing but the failure is said where it fails.
      write(writeOut, stdout);
      write(writeError, stderr);
    },
    writeOut: (text) => void write(writeOut, text),
    writeError: (text) => void write(writeError, text),
    exitCode: () => (hasFailed && code !== EXIT_BUG ? EXIT_USAGE : code),
  };
}

function program(argv: readonly string[], folder: string, output: Output): Command {
  const host: CommandHost = {
    folder,
    async finish(run) {
      const given = await run();
      if (given !== undefined) output.finish(given);
    },
  };
  const root = new Command('layercost')
    .description('What a neural network costs, read statically: shapes, parameters, MACs, memory and latency.')
    .version(productVersion)
    .exitOverride()
    .showHelpAfterError()
    .configureOutput({
      writeOut: (text) => output.writeOut(printedText(text)),
      writeErr: (text) => output.writeError(printedText(text)),
    });
  // In the order of the help.
  addAnalyzeCommand(root, host);
  addDiffCommands(root, { ...host, argv });
  addCheckCommands(root, host);
  addInitCommand(root, host);
  root
    .command('devices')
    .description('list the devices that latencies can be asked for')
    .addOption(formatOption())
    .action(({ format }: { readonly format: Format }) => host.finish(() => listDevices(format, folder)));
  addCellCommands(root, host);
  root
    .command('serve')
    .description('run the language server for an editor')
    .option('--stdio', 'speak over stdin and stdout (the only way there is)')
    .action(() => host.finish(serve));
  return root;
}

function listDevices(format: Format, folder: string): Promise<CommandOutput> {
  const devices = readDevices(folder);
  const stdout = format === 'json' ? devicesJson(devices) : devicesText(devices);
  return Promise.resolve({ exitCode: EXIT_OK, stdout, stderr: NOTHING });
}

/** The server is a program of its own, so that `analyze` need not load it. */
function serve(): Promise<undefined> {
  createRequire(import.meta.url)('./server.js');
  return Promise.resolve(undefined);
}

function failureOf(error: unknown): CommandOutput {
  // Commander has said what was wrong by then.
  if (error instanceof CommanderError) {
    return { exitCode: error.exitCode === 0 ? EXIT_OK : EXIT_USAGE, stdout: NOTHING, stderr: NOTHING };
  }
  if (isFileSystemError(error)) {
    const { path = 'the working folder' } = error;
    return {
      exitCode: EXIT_USAGE,
      stdout: NOTHING,
      stderr: printedLines([`error: ${path} cannot be used: ${faultText(error)}`]),
    };
  }
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: EXIT_BUG,
    stdout: NOTHING,
    stderr: printedText(`layercost: an internal error, please report it: ${said}\n`),
  };
}
