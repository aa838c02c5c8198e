/**
 * `layercost export` and `layercost predict` as commander knows them: what training reads of cells, and what its weights say.
 */
import type { Command } from 'commander';
import type { Dataset } from '../frontends/nasCell/network/datasets.ts';
import { loadCellPredictor } from '../node/loadPredictor.ts';
import { collect, datasetOption } from './commandOptions.ts';
import { usageError, type CommandHost, type CommandOutput } from './commandOutput.ts';
import { exportFeatures } from './commands/exportFeatures.ts';
import { predictCells } from './commands/predictCells.ts';

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

export function addCellCommands(root: Command, { folder, finish }: CommandHost): void {
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
    .action((flags: PredictFlags) => finish(() => Promise.resolve(predict(flags, folder))));
}

function exportCells({ cells, cell, out, dataset }: ExportFlags): CommandOutput {
  if (cells === undefined && cell.length === 0) return usageError('name cells: --cells FILE or --cell TEXT');
  return exportFeatures({ cells: cell, cellFile: cells, outFile: out, dataset });
}

function predict({ batch, out, model }: PredictFlags, folder: string): CommandOutput {
  return predictCells({ inFile: batch, outFile: out }, loadCellPredictor(folder, model));
}
