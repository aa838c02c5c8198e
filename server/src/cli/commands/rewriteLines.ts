/**
 * Lines of one file in, lines of another out: the shape of `predict` and `export`. What cannot be read or written ends it with
 * 2 and one sentence, and leaves what the file that was to be written had.
 */
import { LineFileError, openLineWriter, readLines, type LineWriter } from '../../node/lineFiles.ts';
import { usageError, type CommandOutput } from '../commandOutput.ts';

/** `inFile` undefined: there are no lines. `-` is stdin, and stdout. */
export function rewriteLines(
  inFile: string | undefined,
  outFile: string,
  rewrite: (lines: Iterable<string>, writer: LineWriter) => CommandOutput,
): CommandOutput {
  let writer: LineWriter | undefined;
  try {
    const lines = inFile === undefined ? [] : readLines(inFile);
    writer = openLineWriter(outFile);
    const output = rewrite(lines, writer);
    writer.close();
    return output;
  } catch (error) {
    if (!(error instanceof LineFileError)) throw error;
    return usageError(error.message);
  } finally {
    writer?.discard();
  }
}
