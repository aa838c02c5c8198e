/**
 * The small messages that stand everywhere: string pairs, operator sets, and lists of integers.
 */
import type { OperatorSetId, StringEntry } from '../onnxModel.ts';
import type { ByteCursor } from './byteCursor.ts';
import type { Walk } from './walk.ts';

/** StringStringEntryProto */
export function readStringEntry({ cursor }: Walk, end: number): StringEntry {
  let key = '';
  let value = '';
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 10) key = cursor.readText(end);
    else if (tag === 18) value = cursor.readText(end);
    else cursor.skip(tag, end);
  }
  return { key, value };
}

/** OperatorSetIdProto */
export function readOperatorSetId({ cursor }: Walk, end: number): OperatorSetId {
  let domain = '';
  let version = 0;
  while (cursor.position < end) {
    const tag = cursor.readTag();
    if (tag === 10) domain = cursor.readText(end);
    else if (tag === 16) version = cursor.readInt64();
    else cursor.skip(tag, end);
  }
  return { domain, version };
}

/** A packed field of 64-bit integers, whose tag was just read. */
export function readPackedInt64s(cursor: ByteCursor, end: number, values: number[]): void {
  const length = cursor.readLength(end);
  const last = cursor.position + length;
  while (cursor.position < last) {
    cursor.keep();
    values.push(cursor.readInt64());
  }
}
