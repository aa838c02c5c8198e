/**
 * `layercost export --features --cells cells.txt --out features.jsonl`: what training reads (docs/predictor.md). A line of
 * the input is a cell as it is written, or a JSON object whose "cell" is one.
 */
import { NOTHING } from '../../base/escaping/printed.ts';
import { DEFAULT_DATASET, type Dataset } from '../../frontends/nasCell/network/datasets.ts';
import { featureHeader, featureLine } from '../../predictor/featureLines.ts';
import { EXIT_OK, type CommandOutput } from '../commandOutput.ts';
import { cellOfLine } from './cellLine.ts';
import { rewriteLines } from './rewriteLines.ts';

export interface ExportRequest {
  /** Cells of the command line, before those of the file. */
  readonly cells: readonly string[];
  /** A file with a cell a line; `-` is stdin. */
  readonly cellFile: string | undefined;
  readonly outFile: string;
  readonly dataset: Dataset | undefined;
}

export function exportFeatures({ cells, cellFile, outFile, dataset = DEFAULT_DATASET }: ExportRequest): CommandOutput {
  return rewriteLines(cellFile, outFile, (lines, writer) => {
    writer.write(featureHeader(dataset));
    for (const cell of cells) writer.write(featureLine(cell, dataset));
    for (const line of lines) {
      if (writer.isClosed) break;
      if (line.trim() !== '') writer.write(featureLine(cellOfLine(line), dataset));
    }
    return { exitCode: EXIT_OK, stdout: NOTHING, stderr: NOTHING };
  });
}
