/**
 * `layercost check` and `layercost merge` as commander knows them.
 */
import type { Command } from 'commander';
import { shard, type CheckFlags, type OutputFlags } from './checkFlags.ts';
import { collect } from './commandOptions.ts';
import type { CommandHost } from './commandOutput.ts';
import { checkCommand } from './commands/check.ts';
import { addReportOptions } from './reportFormats.ts';
import { addRunOptions } from './runSettings.ts';
import { mergeCommand } from './commands/merge.ts';

export function addCheckCommands(root: Command, { folder, finish }: CommandHost): void {
  addRunOptions(
    addOutputOptions(
      root
        .command('check')
        .description('hold the models of the configuration against their budgets')
        .argument('[targets...]', 'names, files or models of entries; all entries where left out'),
    ),
  )
    .option('--config <file>', 'the configuration; searched for upward where left out')
    .option('--device <id>', 'device for latencies besides those of the configuration; may be repeated', collect)
    .option('--base <revision>', 'measure growth against this revision; "main..." is where HEAD parted from main')
    .option('--baseline <file>', 'measure growth against what "layercost baseline" wrote')
    .option('--shard <part>', 'check a part only, such as 1/8; put together by "layercost merge"', shard)
    .action((targets: readonly string[], flags: CheckFlags) => finish(() => checkCommand(targets, flags, folder)));
  addOutputOptions(
    root
      .command('merge')
      .description('put the parts of a check together')
      .argument('<parts...>', 'JSON reports of "layercost check --shard"'),
  ).action((parts: readonly string[], flags: OutputFlags) => finish(() => mergeCommand(parts, flags)));
}

function addOutputOptions(command: Command): Command {
  return addReportOptions(command).option('--exit-zero', 'end with 0 where a budget is not met');
}
