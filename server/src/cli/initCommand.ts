/**
 * `layercost init` as commander knows it.
 */
import path from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_DEVICE_ID } from '../cost/device.ts';
import { createNodeAnalyzer } from '../node/createNodeAnalyzer.ts';
import { collect } from './commandOptions.ts';
import { usageError, type CommandHost, type CommandOutput } from './commandOutput.ts';
import { unknownDevice } from './commands/devices.ts';
import { initCommand } from './commands/init.ts';
import { ONE_MODEL_LIMIT_MS } from './runSettings.ts';

interface InitFlags {
  readonly device: string;
  readonly path: readonly string[];
  readonly force?: boolean;
}

export function addInitCommand(root: Command, { folder, finish }: CommandHost): void {
  root
    .command('init')
    .description(
      'write a first layercost.json: the models below this folder, each with what it costs now and 10 % more',
    )
    .option('--device <id>', 'device whose roofline latency is limited', DEFAULT_DEVICE_ID)
    .option('--path <dir>', 'folder to resolve imports from; may be repeated', collect, [])
    .option('--force', 'write over a layercost.json that is there')
    .action((flags: InitFlags) => finish(() => init(flags, folder)));
}

async function init(flags: InitFlags, productFolder: string): Promise<CommandOutput> {
  const folder = process.cwd();
  const analyzer = await createNodeAnalyzer({
    folder: productFolder,
    workspaceFolders: [folder],
    searchPaths: flags.path.map((given) => path.resolve(given)),
    timeLimitMs: ONE_MODEL_LIMIT_MS,
  });
  const unknown = unknownDevice(analyzer.devices, [flags.device]);
  if (unknown !== undefined) return usageError(unknown);
  return initCommand(analyzer, { folder, deviceId: flags.device, isForced: flags.force === true });
}
