/**
 * Cuts a stream of bytes into messages: "Content-Length: 2\r\n\r\n{}" -> "{}". Never throws and keeps no more than one
 * message: what has no length, or is too large, is skipped and reported, and reading goes on at the next header.
 */

export type Framed =
  { readonly kind: 'message'; readonly text: string } | { readonly kind: 'broken'; readonly reason: string };

/** Of one message: a document of 16 MB fits, whatever has to be escaped in it. */
const MOST_BYTES = 64 * 2 ** 20;
/** Of the lines before a message. */
const MOST_HEADER_BYTES = 4096;
const HEADER_END = '\r\n\r\n';

type State =
  | { readonly kind: 'header' }
  | { readonly kind: 'body'; readonly length: number }
  | { readonly kind: 'skipped'; left: number };

export class MessageFraming {
  #state: State = { kind: 'header' };
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(private readonly mostBytes = MOST_BYTES) {}

  push(bytes: Buffer): readonly Framed[] {
    const found: Framed[] = [];
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    while (this.#step(found));
    return found;
  }

  /** False where more bytes are needed. */
  #step(found: Framed[]): boolean {
    const state = this.#state;
    switch (state.kind) {
      case 'header':
        return this.#readHeader(found);
      case 'body': {
        if (this.#size < state.length) return false;
        found.push({ kind: 'message', text: this.#take(state.length).toString('utf8') });
        this.#state = { kind: 'header' };
        return this.#size > 0;
      }
      case 'skipped': {
        const skipped = Math.min(state.left, this.#size);
        this.#take(skipped);
        state.left -= skipped;
        if (state.left === 0) this.#state = { kind: 'header' };
        return state.left === 0 && this.#size > 0;
      }
    }
  }

  #readHeader(found: Framed[]): boolean {
    if (this.#size === 0) return false;
    const bytes = this.#joined();
    const end = bytes.indexOf(HEADER_END);
    if (end < 0) {
      if (bytes.length > MOST_HEADER_BYTES) {
        found.push({ kind: 'broken', reason: `no header within ${MOST_HEADER_BYTES} bytes` });
        // The end of what is dropped may be the beginning of a header.
        this.#take(bytes.length - MOST_HEADER_BYTES / 4);
      }
      return false;
    }
    const header = bytes.toString('latin1', Math.max(0, end - MOST_HEADER_BYTES), end);
    this.#take(end + HEADER_END.length);
    // The last one: what stands before it may be the rest of a message that was longer than it said.
    const length = [...header.matchAll(/Content-Length: *(\d{1,15})(?!\d)/gi)].at(-1)?.[1];
    if (length === undefined) {
      found.push({ kind: 'broken', reason: 'a header without "Content-Length"' });
    } else if (Number(length) > this.mostBytes) {
      found.push({ kind: 'broken', reason: `a message of ${length} bytes; up to ${this.mostBytes} are read` });
      this.#state = { kind: 'skipped', left: Number(length) };
    } else this.#state = { kind: 'body', length: Number(length) };
    return true;
  }

  #joined(): Buffer {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    if (bytes !== undefined) return bytes;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #take(length: number): Buffer {
    const bytes = this.#joined();
    const rest = bytes.subarray(length);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
    return bytes.subarray(0, length);
  }
}

/** The bytes of a message, with its header. */
export function frameMessage(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}${HEADER_END}`, 'latin1'), body]);
}
