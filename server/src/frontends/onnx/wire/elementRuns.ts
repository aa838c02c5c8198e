/**
 * Collects where the elements of repeated numbers or bytes stand, without reading them: neighbours grow into one run.
 * float_data in one packed field -> one run; ten million unpacked ints -> one tagged run.
 */
import type { OnnxPayload, PayloadEncoding, PayloadRun } from '../onnxModel.ts';
import type { ByteCursor } from './byteCursor.ts';

export class ElementRuns {
  readonly #encoding: PayloadEncoding;
  readonly #runs: { offset: number; length: number; isTagged: boolean }[] = [];

  constructor(encoding: PayloadEncoding) {
    this.#encoding = encoding;
  }

  /** Steps over a packed field (or a field of bytes), whose tag was just read. */
  skipPacked(cursor: ByteCursor, end: number): void {
    const length = cursor.readLength(end);
    this.#runs.push({ offset: cursor.position, length, isTagged: false });
    cursor.seek(cursor.position + length);
  }

  /** Steps over one element that has its own tag, just read, which starts at `tagOffset`. */
  skipTagged(cursor: ByteCursor, end: number, tag: number, tagOffset: number): void {
    cursor.skip(tag, end);
    const last = this.#runs.at(-1);
    if (last?.isTagged === true && last.offset + last.length === tagOffset) {
      last.length = cursor.position - last.offset;
    } else {
      this.#runs.push({ offset: tagOffset, length: cursor.position - tagOffset, isTagged: true });
    }
  }

  payload(): OnnxPayload {
    const runs: readonly PayloadRun[] = this.#runs;
    return { encoding: this.#encoding, runs };
  }
}
