/**
 * The command line: parses arguments, runs one command, writes its output and sets the exit code.
 * `layercost analyze models/net.py:Net --input 1x3x224x224 --device t4 --format json`
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { productVersion, readDevices } from '../node/productFiles.ts';
import { addAnalyzeCommand } from './analyzeCommand.ts';
import { addCellCommands } from './cellCommands.ts';
import { addCheckCommands } from './checkCommands.ts';
import { formatOption, type Format } from './commandOptions.ts';
import { EXIT_BUG, EXIT_OK, EXIT_USAGE, type CommandHost, type CommandOutput } from './commandOutput.ts';
import { devicesJson, devicesText } from './commands/devices.ts';
import { addDiffCommands } from './diffCommands.ts';
import { addInitCommand } from './initCommand.ts';

const productFolder = path.dirname(fileURLToPath(import.meta.url));

function program(): Command {
  const root = new Command('layercost')
    .description('What a neural network costs, read statically: shapes, parameters, MACs, memory and latency.')
    .version(productVersion)
    .exitOverride()
    .showHelpAfterError();
  const host: CommandHost = { folder: productFolder, finish };
  // In the order of the help.
  addAnalyzeCommand(root, host);
  addDiffCommands(root, { ...host, argv: process.argv.slice(2) });
  addCheckCommands(root, host);
  addInitCommand(root, host);
  root
    .command('devices')
    .description('list the devices that latencies can be asked for')
    .addOption(formatOption())
    .action(({ format }: { readonly format: Format }) => finish(() => listDevices(format)));
  addCellCommands(root, host);
  root
    .command('serve')
    .description('run the language server for an editor')
    .option('--stdio', 'speak over stdin and stdout (the only way there is)')
    .action(() => finish(serve));
  return root;
}

function listDevices(format: Format): Promise<CommandOutput> {
  const devices = readDevices(productFolder);
  const stdout = format === 'json' ? devicesJson(devices) : devicesText(devices);
  return Promise.resolve({ exitCode: EXIT_OK, stdout, stderr: '' });
}

/** The server is a program of its own, so that `analyze` need not load it. */
function serve(): Promise<undefined> {
  createRequire(import.meta.url)('./server.js');
  return Promise.resolve(undefined);
}

async function finish(run: () => Promise<CommandOutput | undefined>): Promise<void> {
  const output = await run();
  if (output === undefined) return;
  process.stderr.write(output.stderr);
  process.stdout.write(output.stdout);
  process.exitCode = output.exitCode;
}

/** Commander has said what was wrong by then. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  process.stderr.write(
    `layercost: an internal error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return EXIT_BUG;
}

// A reader that closes early (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

program()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    process.exitCode = exitCodeOf(error);
  });
