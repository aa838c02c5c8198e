/**
 * What all readers of messages share: the cursor, and the list of what was wrong and stepped over.
 */
import type { ByteCursor } from './byteCursor.ts';
import { CorruptBytes } from './corruptBytes.ts';

export interface Walk {
  readonly cursor: ByteCursor;
  readonly problems: CorruptBytes[];
}

/** Reads the fields of one message up to its end. */
export type MessageReader<T> = (walk: Walk, end: number) => T;

/** Broken messages that are stepped over before we stop reading. */
const MOST_PROBLEMS = 20;

export function readMessage<T>(walk: Walk, end: number, read: MessageReader<T>): T {
  const inner = walk.cursor.enter(end);
  const message = read(walk, inner);
  walk.cursor.leave(inner);
  return message;
}

/**
 * Reads a message of a repeated field into its list. Where its bytes make no sense, it is reported and left out, and
 * reading goes on behind it, since its length still tells where that is.
 */
export function readInto<T>(walk: Walk, end: number, list: T[], read: MessageReader<T>): void {
  const { cursor, problems } = walk;
  const depth = cursor.depth;
  const inner = cursor.enter(end);
  try {
    list.push(read(walk, inner));
    cursor.leave(inner);
  } catch (error) {
    if (!(error instanceof CorruptBytes) || isFinal(error) || problems.length >= MOST_PROBLEMS) throw error;
    problems.push(error);
    cursor.restore(depth, inner);
  }
}

function isFinal(error: CorruptBytes): boolean {
  return error.code === 'onnx-too-large' || error.code === 'execution-bound' || error.code === 'unreadable-file';
}
