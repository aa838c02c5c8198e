/**
 * `layercost analyze` as commander knows it: a model, an ONNX file, a cell, or a file of cells.
 */
import { joinPrinted } from '../base/escaping/printed.ts';
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { InputSpec } from '../configuration/inputText.ts';
import { parseTarget } from '../configuration/target.ts';
import { DEFAULT_DEVICE_ID } from '../cost/device.ts';
import { findCells } from '../frontends/nasCell/findCells.ts';
import type { Dataset } from '../frontends/nasCell/network/datasets.ts';
import { configuredSearchPaths, createConfigurationStore } from '../node/configurationStore.ts';
import { createNodeAnalyzer } from '../node/createNodeAnalyzer.ts';
import { loadCellPredictor } from '../node/loadPredictor.ts';
import { diskFaults, readTextFile, unreadable } from '../node/nodeFiles.ts';
import { readDevices } from '../node/productFiles.ts';
import { collect, datasetOption, formatOption, inputs, type Format } from './commandOptions.ts';
import { usageError, type CommandHost, type CommandOutput } from './commandOutput.ts';
import { resultOutput } from './commands/analyze.ts';
import { analyzeCellCommand } from './commands/analyzeCell.ts';
import { analyzeCellFile, isCellFile } from './commands/analyzeCellFile.ts';
import { unknownDevice } from './commands/devices.ts';
import { problemsText } from './reporters/textReporter.ts';
import { ONE_MODEL_LIMIT_MS } from './runSettings.ts';

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

export function addAnalyzeCommand(root: Command, { folder, finish }: CommandHost): void {
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
    .action((target: string | undefined, flags: AnalyzeFlags) => finish(() => analyze(target, flags, folder)));
}

async function analyze(target: string | undefined, flags: AnalyzeFlags, folder: string): Promise<CommandOutput> {
  if ((target === undefined) === (flags.cell === undefined))
    return usageError('name a target, or a cell by --cell TEXT');
  if (target === undefined) return analyzeOneCell(flags.cell ?? '', flags, folder);
  if (isCellFile(target)) return analyzeCells(target, flags, folder);
  const configurations = createConfigurationStore(readDevices(folder).map(({ id }) => id));
  const found = configurations.foundFor(folderOfTarget(target));
  const analyzer = await createNodeAnalyzer({
    folder,
    workspaceFolders: [process.cwd()],
    searchPaths: [...flags.path.map((each) => path.resolve(each)), ...configuredSearchPaths(found?.configuration)],
    timeLimitMs: ONE_MODEL_LIMIT_MS,
    configurations,
  });
  const unknown = unknownDevice(analyzer.devices, flags.device);
  if (unknown !== undefined) return usageError(unknown);
  const { value: result, trail } = analyzer.withTrail(() =>
    analyzer.analyze({ target, inputs: flags.input, args: flags.args, deviceIds: flags.device }),
  );
  const hasNoModel = result.kind === 'problem' && result.problems.some(({ code }) => code === 'no-model');
  if (hasNoModel && findCells(readTextFile(target) ?? '').cells.length > 0) return analyzeCells(target, flags, folder);
  const output = resultOutput(result, { format: flags.format, depth: flags.depth }, readTextFile);
  // What the model itself says needs no second word.
  const own = path.resolve(target.replace(/:[^:]*$/, ''));
  const lookedFor = [...trail.files, ...[...trail.probes].map((probe) => probe.path)];
  const problems = [...(found?.problems ?? []), ...diskFaults(lookedFor.filter((file) => file !== own))];
  if (problems.length === 0) return output;
  return { ...output, stderr: joinPrinted([problemsText(problems, readTextFile), output.stderr]) };
}

/** Where the search for the configuration begins: beside the file, or here for a module of the search paths. */
function folderOfTarget(text: string): string {
  const target = parseTarget(text);
  return target === undefined || target.kind === 'module' ? '.' : path.dirname(target.file);
}

function analyzeOneCell(
  text: string,
  { dataset: chosen, device, format, depth: deepest }: AnalyzeFlags,
  folder: string,
): CommandOutput {
  const devices = readDevices(folder);
  const unknown = unknownDevice(devices, device);
  if (unknown !== undefined) return usageError(unknown);
  const asked = device === undefined ? devices : devices.filter(({ id }) => device.includes(id));
  const predictor = loadCellPredictor(folder);
  return analyzeCellCommand({ text, dataset: chosen, devices: asked, predictor }, { format, depth: deepest });
}

/** All cells of a file. */
function analyzeCells(file: string, { dataset: chosen, device, format }: AnalyzeFlags, folder: string): CommandOutput {
  const devices = readDevices(folder);
  const unknown = unknownDevice(devices, device);
  if (unknown !== undefined) return usageError(unknown);
  const reason = unreadable(file);
  if (reason !== undefined) return usageError(`${file}: ${reason}`);
  const asked = device === undefined ? devices : devices.filter(({ id }) => device.includes(id));
  const deviceId = device?.[0] ?? DEFAULT_DEVICE_ID;
  const request = { file, text: readTextFile(file) ?? '', dataset: chosen, devices: asked, deviceId };
  return analyzeCellFile({ ...request, predictor: loadCellPredictor(folder) }, format);
}

function depth(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number from 0 is wanted');
  return Number(text);
}
