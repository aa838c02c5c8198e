/**
 * The command line: parses arguments, runs one command, writes its output and sets the exit code.
 * `layercost analyze models/net.py:Net --input 1x3x224x224 --device t4 --format json`
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { parseInputText, type InputSpec } from '../configuration/inputText.ts';
import { findCells } from '../frontends/nasCell/findCells.ts';
import { DATASETS, datasetById, DEFAULT_DATASET, type Dataset } from '../frontends/nasCell/network/datasets.ts';
import { parseTarget } from '../configuration/target.ts';
import { configuredSearchPaths, createConfigurationStore } from '../node/configurationStore.ts';
import { DEFAULT_DEVICE_ID } from '../cost/device.ts';
import { createNodeAnalyzer } from '../node/createNodeAnalyzer.ts';
import { loadCellPredictor } from '../node/loadPredictor.ts';
import { readTextFile, unreadable } from '../node/nodeFiles.ts';
import { productVersion, readDevices } from '../node/productFiles.ts';
import type { Device } from '../cost/device.ts';
import { resultOutput } from './commands/analyze.ts';
import { analyzeCellCommand } from './commands/analyzeCell.ts';
import { analyzeCellFile, isCellFile } from './commands/analyzeCellFile.ts';
import { addCheckCommands } from './checkCommands.ts';
import { problemsText } from './reporters/textReporter.ts';
import { devicesJson, devicesText } from './commands/devices.ts';
import { initCommand } from './commands/init.ts';
import { predictCells } from './commands/predictCells.ts';
import { addDiffCommands } from './diffCommands.ts';
import { exportFeatures } from './commands/exportFeatures.ts';
import { collect } from './runSettings.ts';
import { EXIT_BUG, EXIT_OK, EXIT_USAGE, usageError, type CommandOutput } from './commandOutput.ts';

type Format = 'text' | 'json';

interface AnalyzeFlags {
  readonly cell?: string;
  readonly dataset?: Dataset;
  readonly input?: readonly InputSpec[];
  readonly args?: string;
  readonly device?: readonly string[];
  readonly depth?: number;
  readonly format: Format;
  readonly path: readonly string[];
}

interface InitFlags {
  readonly device: string;
  readonly path: readonly string[];
  readonly force?: boolean;
}

interface ExportFlags {
  readonly cells?: string;
  readonly cell: readonly string[];
  readonly out: string;
  readonly dataset?: Dataset;
}

interface PredictFlags {
  readonly batch: string;
  readonly out: string;
  readonly model?: string;
}

const productFolder = path.dirname(fileURLToPath(import.meta.url));

function program(): Command {
  const root = new Command('layercost')
    .description('What a neural network costs, read statically: shapes, parameters, MACs, memory and latency.')
    .version(productVersion)
    .exitOverride()
    .showHelpAfterError();
  root
    .command('analyze')
    .description('report one model')
    .argument('[target]', 'file.py, file.py:Name, package.module:name, file.onnx, or a .json or .txt file of NAS cells')
    .option(
      '--cell <text>',
      'a NAS cell in place of a target: NAS-Bench-201, NAS-Bench-101 or DARTS (docs/predictor.md)',
    )
    .addOption(datasetOption())
    .option('--input <shapes>', 'input shapes: 1x3x224x224, 1x128:int64, name=1x3x32x32; several with commas', inputs)
    .option('--args <arguments>', 'arguments of the class or function, as in Python: "num_classes=10, width=0.5"')
    .option('--device <id>', 'device for latencies; may be repeated', collect)
    .option('--depth <n>', 'fold the table to modules of this depth', depth)
    .option('--path <dir>', 'folder to resolve imports from; may be repeated', collect, [])
    .addOption(formatOption())
    .action((target: string | undefined, flags: AnalyzeFlags) => finish(() => analyze(target, flags)));
  addDiffCommands(root, { folder: productFolder, argv: process.argv.slice(2), finish });
  addCheckCommands(root, { folder: productFolder, finish });
  root
    .command('init')
    .description(
      'write a first layercost.json: the models below this folder, each with what it costs now and 10 % more',
    )
    .option('--device <id>', 'device whose roofline latency is limited', DEFAULT_DEVICE_ID)
    .option('--path <dir>', 'folder to resolve imports from; may be repeated', collect, [])
    .option('--force', 'write over a layercost.json that is there')
    .action((flags: InitFlags) => finish(() => init(flags)));
  root
    .command('devices')
    .description('list the devices that latencies can be asked for')
    .addOption(formatOption())
    .action(({ format }: { readonly format: Format }) => finish(() => listDevices(format)));
  root
    .command('export')
    .description("write what training reads of cells: the predictor's features, as JSON lines")
    .requiredOption('--features', 'features of NAS cells (docs/predictor.md)')
    .option('--cells <file>', 'a file with a cell a line; "-" is stdin')
    .option('--cell <text>', 'a cell; may be repeated', collect, [])
    .option('--out <file>', 'where to write; stdout where left out', '-')
    .addOption(datasetOption())
    .action((flags: ExportFlags) => finish(() => Promise.resolve(exportCells(flags))));
  root
    .command('predict')
    .description('accuracy and latency of NAS cells, each with an interval')
    .requiredOption('--batch <file>', 'lines such as {"cell": "|...|", "dataset": "cifar10"}; "-" is stdin')
    .option('--out <file>', 'where to write each line back with its figures; stdout where left out', '-')
    .option('--model <folder>', 'another model than the one that ships: a folder with model.json')
    .action((flags: PredictFlags) => finish(() => Promise.resolve(predict(flags))));
  root
    .command('serve')
    .description('run the language server for an editor')
    .option('--stdio', 'speak over stdin and stdout (the only way there is)')
    .action(() => finish(serve));
  return root;
}

/** Nobody waits for the next keystroke here, and the largest models take a second or two. */
const TIME_LIMIT_MS = 10_000;

async function analyze(target: string | undefined, flags: AnalyzeFlags): Promise<CommandOutput> {
  if ((target === undefined) === (flags.cell === undefined))
    return usageError('name a target, or a cell by --cell TEXT');
  if (target === undefined) return analyzeOneCell(flags.cell ?? '', flags);
  if (isCellFile(target)) return analyzeCells(target, flags);
  const configurations = createConfigurationStore(readDevices(productFolder).map(({ id }) => id));
  const found = configurations.foundFor(folderOfTarget(target));
  const analyzer = await createNodeAnalyzer({
    folder: productFolder,
    workspaceFolders: [process.cwd()],
    searchPaths: [...flags.path.map((folder) => path.resolve(folder)), ...configuredSearchPaths(found?.configuration)],
    timeLimitMs: TIME_LIMIT_MS,
    configurations,
  });
  const unknown = unknownDevice(analyzer.devices, flags.device);
  if (unknown !== undefined) return usageError(unknown);
  const result = analyzer.analyze({ target, inputs: flags.input, args: flags.args, deviceIds: flags.device });
  const hasNoModel = result.kind === 'problem' && result.problems.some(({ code }) => code === 'no-model');
  if (hasNoModel && findCells(readTextFile(target) ?? '').cells.length > 0) return analyzeCells(target, flags);
  const output = resultOutput(result, { format: flags.format, depth: flags.depth }, readTextFile);
  if (found === undefined || found.problems.length === 0) return output;
  return { ...output, stderr: `${problemsText(found.problems, readTextFile)}\n${output.stderr}` };
}

async function init(flags: InitFlags): Promise<CommandOutput> {
  const folder = process.cwd();
  const analyzer = await createNodeAnalyzer({
    folder: productFolder,
    workspaceFolders: [folder],
    searchPaths: flags.path.map((given) => path.resolve(given)),
    timeLimitMs: TIME_LIMIT_MS,
  });
  const known = analyzer.devices.map(({ id }) => id);
  if (!known.includes(flags.device)) {
    return usageError(`unknown device "${flags.device}"; known are ${known.join(', ')}`);
  }
  return initCommand(analyzer, { folder, deviceId: flags.device, isForced: flags.force === true });
}

/** Where the search for the configuration begins: beside the file, or here for a module of the search paths. */
function folderOfTarget(text: string): string {
  const target = parseTarget(text);
  return target === undefined || target.kind === 'module' ? '.' : path.dirname(target.file);
}

function analyzeOneCell(
  text: string,
  { dataset: chosen, device, format, depth: deepest }: AnalyzeFlags,
): CommandOutput {
  const devices = readDevices(productFolder);
  const unknown = unknownDevice(devices, device);
  if (unknown !== undefined) return usageError(unknown);
  const asked = device === undefined ? devices : devices.filter(({ id }) => device.includes(id));
  const predictor = loadCellPredictor(productFolder);
  return analyzeCellCommand({ text, dataset: chosen, devices: asked, predictor }, { format, depth: deepest });
}

/** All cells of a file. */
function analyzeCells(file: string, { dataset: chosen, device, format }: AnalyzeFlags): CommandOutput {
  const devices = readDevices(productFolder);
  const unknown = unknownDevice(devices, device);
  if (unknown !== undefined) return usageError(unknown);
  const reason = unreadable(file);
  if (reason !== undefined) return usageError(`${file}: ${reason}`);
  const asked = device === undefined ? devices : devices.filter(({ id }) => device.includes(id));
  const deviceId = device?.[0] ?? DEFAULT_DEVICE_ID;
  const request = { file, text: readTextFile(file) ?? '', dataset: chosen, devices: asked, deviceId };
  return analyzeCellFile({ ...request, predictor: loadCellPredictor(productFolder) }, format);
}

function unknownDevice(devices: readonly Device[], asked: readonly string[] | undefined): string | undefined {
  const known = devices.map(({ id }) => id);
  const unknown = asked?.find((id) => !known.includes(id));
  return unknown === undefined ? undefined : `unknown device "${unknown}"; known are ${known.join(', ')}`;
}

function listDevices(format: Format): Promise<CommandOutput> {
  const devices = readDevices(productFolder);
  const stdout = format === 'json' ? devicesJson(devices) : devicesText(devices);
  return Promise.resolve({ exitCode: EXIT_OK, stdout, stderr: '' });
}

function exportCells({ cells, cell, out, dataset }: ExportFlags): CommandOutput {
  if (cells === undefined && cell.length === 0) return usageError('name cells: --cells FILE or --cell TEXT');
  return exportFeatures({ cells: cell, cellFile: cells, outFile: out, dataset });
}

function predict({ batch, out, model }: PredictFlags): CommandOutput {
  return predictCells({ inFile: batch, outFile: out }, loadCellPredictor(productFolder, model));
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

function inputs(text: string): readonly InputSpec[] {
  const result = parseInputText(text);
  if (result.kind === 'invalid') throw new InvalidArgumentError(result.message);
  return result.inputs;
}

function depth(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number from 0 is wanted');
  return Number(text);
}

function datasetOption(): Option {
  const ids = DATASETS.map(({ id }) => id).join(', ');
  return new Option(
    '--dataset <name>',
    `the data set that cells are built for: ${ids} (${DEFAULT_DATASET.id} where left out)`,
  ).argParser(dataset);
}

function dataset(text: string): Dataset {
  const found = datasetById(text);
  if (found === undefined) throw new InvalidArgumentError(`known are ${DATASETS.map(({ id }) => id).join(', ')}`);
  return found;
}

function formatOption(): Option {
  return new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text');
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
