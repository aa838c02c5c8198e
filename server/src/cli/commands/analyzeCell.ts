/**
 * `layercost analyze --cell '|nor_conv_3x3~0|+|...|' --dataset cifar10`: the report of a NAS cell given on the command line.
 */
import { analyzeCell, type CellRequest } from '../../analysis/analyzeCell.ts';
import type { CommandOutput } from '../commandOutput.ts';
import { resultOutput, type AnalyzeOptions } from './analyze.ts';

/** What stands for the name of a file in reports and problems. */
const CELL_NAME = '--cell';

export function analyzeCellCommand(
  request: Omit<CellRequest, 'file' | 'start'>,
  options: AnalyzeOptions,
): CommandOutput {
  const result = analyzeCell({ ...request, file: CELL_NAME, start: 0 });
  return resultOutput(result, options, (file) => (file === CELL_NAME ? request.text : undefined));
}
