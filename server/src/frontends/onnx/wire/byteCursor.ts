/**
 * Reads protobuf's wire format forward through a ByteSource, by windows: small after a jump (weights were skipped, only
 * the next header is wanted), doubling while it reads on. Bytes that are skipped are never read.
 * 08 96 01 -> readTag() 0x08 (field 1, varint), readInt64() 150.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
import type { ByteSource } from '../byteSource.ts';
import { CorruptBytes } from './corruptBytes.ts';
import { TextDecoding } from './textDecoding.ts';

const FIRST_WINDOW = 65_536;
const WINDOW_AFTER_JUMP = 2_048;
const LARGEST_WINDOW = 262_144;

/** Longest name or text that is kept; a longer one is cut. */
const LONGEST_TEXT = 1_048_576;
/** All text and all messages of one model: bounds memory against made-up files; no real graph comes near. */
const TEXT_BUDGET = 67_108_864;
const MESSAGE_BUDGET = 1_000_000;
const ITEM_BUDGET = 8_000_000;
const MESSAGES_BETWEEN_CHECKS = 4_096;
const DEEPEST_NESTING = 100;

const TWO_32 = 4_294_967_296;

export class ByteCursor {
  readonly #source: ByteSource;
  readonly #shouldStop: () => boolean;
  #text: TextDecoding | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #at = 0;
  #window = FIRST_WINDOW;
  #depth = 0;
  #messagesLeft = MESSAGE_BUDGET;
  #textLeft = TEXT_BUDGET;
  #itemsLeft = ITEM_BUDGET;

  /** `shouldStop` is the host's wish to end, asked every few messages. */
  constructor(source: ByteSource, shouldStop: () => boolean = () => false) {
    this.#source = source;
    this.#shouldStop = shouldStop;
  }

  /** Offset in the source of the next byte. */
  get position(): number {
    return this.#start + this.#at;
  }

  /** Jumps; free of IO until the next read. */
  seek(position: number): void {
    const at = position - this.#start;
    if (at >= 0 && at <= this.#bytes.length) {
      this.#at = at;
      return;
    }
    this.#start = position;
    this.#at = 0;
    this.#bytes = this.#bytes.subarray(0, 0);
    this.#window = WINDOW_AFTER_JUMP;
  }

  /** Enters a message: reads its length and returns its end. `leave` must follow. */
  enter(end: number): number {
    if (++this.#depth > DEEPEST_NESTING) {
      throw this.corrupt('onnx-too-deep', `messages are nested more than ${DEEPEST_NESTING} deep`);
    }
    if (--this.#messagesLeft < 0) {
      throw this.corrupt('onnx-too-large', `the graph has more than ${MESSAGE_BUDGET} parts`);
    }
    if (this.#messagesLeft % MESSAGES_BETWEEN_CHECKS === 0 && this.#shouldStop()) {
      throw this.corrupt('execution-bound', 'there was no more time to read the file');
    }
    const length = this.readLength(end);
    return this.position + length;
  }

  /** Counts a text or a number that is kept, before it is read. */
  keep(): void {
    if (--this.#itemsLeft < 0) {
      throw this.corrupt('onnx-too-large', `the graph has more than ${ITEM_BUDGET} names and numbers`);
    }
  }

  leave(end: number): void {
    this.#depth--;
    this.endAt(end);
  }

  /** Checks that reading a message has ended where the message does. */
  endAt(end: number): void {
    if (this.position !== end) throw this.corrupt('onnx-corrupt', 'a field reaches past the end of its message');
  }

  /** The next bytes, fewer at the end of the source, without moving on. */
  peek(length: number): Uint8Array {
    const available = Math.min(length, this.#source.byteLength - this.position);
    if (this.#at + available > this.#bytes.length) this.#refill(available);
    return this.#bytes.subarray(this.#at, this.#at + available);
  }

  /** How deep messages are nested now; to be restored with `restore` after a CorruptBytes was caught. */
  get depth(): number {
    return this.#depth;
  }

  restore(depth: number, position: number): void {
    this.#depth = depth;
    this.seek(position);
  }

  /** A field's key: number and wire type, `number << 3 | type`. */
  readTag(): number {
    const tag = this.#readVarint32();
    if (tag < 8) throw this.corrupt('onnx-corrupt', 'a field has number 0');
    if (tag >= TWO_32) throw this.corrupt('onnx-corrupt', 'the number of a field takes more than 32 bits');
    return tag;
  }

  /** Length of a length-delimited field, checked against the end of the message that holds it. */
  readLength(end: number): number {
    const start = this.position;
    const length = this.#readVarint32();
    if (length > end - this.position) {
      throw new CorruptBytes(
        'onnx-truncated',
        `a field of ${length} bytes reaches past the end: ${end - this.position} are left`,
        start,
      );
    }
    return length;
  }

  readText(end: number): string {
    this.keep();
    const length = this.readLength(end);
    if (length > LONGEST_TEXT) {
      const after = this.position + length;
      const text = this.#takeText(LONGEST_TEXT);
      this.seek(after);
      return text;
    }
    return this.#takeText(length);
  }

  /** A signed 64-bit integer, rounded beyond 2^53. */
  readInt64(): number {
    if (this.#at >= this.#bytes.length) this.#refill(1);
    const first = this.#bytes[this.#at] as number; // refill has checked
    if (first < 0x80) {
      this.#at++;
      return first;
    }
    return this.#readLongVarint(true);
  }

  readUint64(): number {
    return this.#readLongVarint(false);
  }

  /** A signed 32-bit integer, or an enum. */
  readInt32(): number {
    return this.readInt64() | 0;
  }

  readFloat(): number {
    return this.#fixed(4).getFloat32(0, true);
  }

  readDouble(): number {
    return this.#fixed(8).getFloat64(0, true);
  }

  /** Eight bytes as an integer, rounded beyond 2^53. */
  readFixed64(sign: 'signed' | 'unsigned'): number {
    const view = this.#fixed(8);
    const high = sign === 'signed' ? view.getInt32(4, true) : view.getUint32(4, true);
    return high * TWO_32 + view.getUint32(0, true);
  }

  readByte(): number {
    return this.#fixed(1).getUint8(0);
  }

  /** Steps over a field whose tag was just read, groups with all that they hold. */
  skip(tag: number, end: number): void {
    const position = this.position;
    switch (tag & 7) {
      case 0:
        this.#readLongVarint(false);
        break;
      case 1:
        this.seek(position + 8);
        break;
      case 2: {
        const length = this.readLength(end);
        this.seek(this.position + length);
        break;
      }
      case 3:
        this.#skipGroup(tag >>> 3, end);
        break;
      case 5:
        this.seek(position + 4);
        break;
      default:
        throw this.corrupt('onnx-corrupt', `a field has wire type ${tag & 7}`);
    }
    if (this.position > end) {
      throw new CorruptBytes('onnx-truncated', 'a field reaches past the end of its message', position);
    }
  }

  /** What is wrong here, to be thrown. */
  corrupt(code: string, message: string): CorruptBytes {
    return new CorruptBytes(code, message, this.position);
  }

  #skipGroup(field: number, end: number): void {
    const open = [field];
    while (open.length > 0) {
      if (this.position >= end) throw this.corrupt('onnx-truncated', 'a group has no end');
      const tag = this.readTag();
      if ((tag & 7) === 3) {
        if (open.length >= DEEPEST_NESTING) {
          throw this.corrupt('onnx-too-deep', `groups are nested more than ${DEEPEST_NESTING} deep`);
        }
        open.push(tag >>> 3);
      } else if ((tag & 7) === 4) {
        if (open.pop() !== tag >>> 3) throw this.corrupt('onnx-corrupt', 'a group ends that was not open');
      } else {
        this.skip(tag, end);
      }
    }
  }

  #takeText(length: number): string {
    this.#textLeft -= length;
    if (this.#textLeft < 0) throw this.corrupt('onnx-too-large', `names and texts exceed ${TEXT_BUDGET} bytes`);
    if (this.#at + length > this.#bytes.length) this.#refill(length);
    const from = this.#at;
    this.#at += length;
    this.#text ??= new TextDecoding();
    return this.#text.decode(this.#bytes, from, this.#at);
  }

  #fixed(length: number): DataView {
    if (this.#at + length > this.#bytes.length) this.#refill(length);
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, length);
    this.#at += length;
    return view;
  }

  /** Tags and lengths; a length of 4 GiB and more is read right. */
  #readVarint32(): number {
    if (this.#at >= this.#bytes.length) this.#refill(1);
    const first = this.#bytes[this.#at] as number; // refill has checked
    if (first < 0x80) {
      this.#at++;
      return first;
    }
    return this.#readLongVarint(false);
  }

  /** Up to ten bytes of seven bits, low ones first. Source: protobuf.dev, "Base 128 Varints". */
  #readLongVarint(isSigned: boolean): number {
    const start = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= this.#bytes.length) this.#refill(1);
      const byte = this.#bytes[this.#at++] as number; // refill has checked
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) return (isSigned ? high : high >>> 0) * TWO_32 + (low >>> 0);
    }
    throw new CorruptBytes('onnx-corrupt', 'a number takes more than 10 bytes', start);
  }

  /** Makes at least `needed` bytes stand in the window, or throws at the end of the source. */
  #refill(needed: number): void {
    const position = this.position;
    const available = this.#source.byteLength - position;
    if (available < needed) throw this.corrupt('onnx-truncated', 'the file ends here, in the middle of a field');
    const length = Math.min(Math.max(needed, this.#window), available);
    this.#window = Math.min(this.#window * 2, LARGEST_WINDOW);
    let bytes: Uint8Array;
    try {
      bytes = this.#source.read(position, length);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.corrupt('unreadable-file', `reading failed: ${reason}`);
    }
    if (bytes.length < needed) throw this.corrupt('onnx-truncated', 'the file is shorter than it was');
    this.#bytes = bytes;
    this.#start = position;
    this.#at = 0;
  }
}
