/**
 * Open texts that are too large to be read between two answers of an editor: these are left to the background, and those
 * that are larger still are not analysed. take("net.py", 10 MB of text) -> problemOf("net.py") says so.
 */
import { textProblem, type Problem } from '../base/problems.ts';

/** Beyond either, reading may take longer than an answer. The longest module of a well-known library has half of it. */
const LARGE_LENGTH = 512 * 1024;
const LARGE_LINES = 15_000;
/** Nobody writes such a module by hand. */
const MOST_LENGTH = 4 * 2 ** 20;

export class LargeFiles {
  readonly #lengths = new Map<string, number>();

  /** The text of an open document; undefined closes it. */
  take(file: string, text: string | undefined): void {
    if (text !== undefined && isLarge(text)) this.#lengths.set(file, text.length);
    else this.#lengths.delete(file);
  }

  isLarge(file: string): boolean {
    return this.#lengths.has(file);
  }

  problemOf(file: string): Problem | undefined {
    const length = this.#lengths.get(file) ?? 0;
    if (length <= MOST_LENGTH) return undefined;
    const message = `The text has ${length} characters; models are looked for in up to ${MOST_LENGTH}.`;
    return textProblem('document-too-large', 'warning', message, { file, start: 0, end: 0 });
  }
}

function isLarge(text: string): boolean {
  if (text.length > LARGE_LENGTH) return true;
  // Every line has a character at least: its end.
  if (text.length < LARGE_LINES) return false;
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines > LARGE_LINES;
}
