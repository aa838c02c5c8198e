/**
 * Text files line by line, in and out, for inputs of any length: `-` is stdin or stdout.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Longer lines are cut: nobody means them. */
const MAX_LINE_BYTES = 2 ** 20;
const CHUNK_BYTES = 2 ** 16;
const STDIN = 0;
const STDOUT = 1;

/** Lines without their ends, empty ones too. Throws as fs.openSync does; the file is closed when the loop ends. */
export function* readLines(path: string): Generator<string> {
  const descriptor = path === '-' ? STDIN : openSync(path, 'r');
  const decoder = new TextDecoder('utf-8');
  const chunk = new Uint8Array(CHUNK_BYTES);
  let rest = '';
  try {
    for (let count = readSome(descriptor, chunk); count > 0; count = readSome(descriptor, chunk)) {
      const lines = (rest + decoder.decode(chunk.subarray(0, count), { stream: true })).split(/\r?\n/);
      rest = (lines.pop() ?? '').slice(0, MAX_LINE_BYTES);
      yield* lines;
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  } finally {
    if (descriptor !== STDIN) closeSync(descriptor);
  }
}

export interface LineWriter {
  /** Adds an end of line. */
  write(line: string): void;
  close(): void;
}

/** Throws as fs.openSync does. Lines reach the file in large pieces. */
export function openLineWriter(path: string): LineWriter {
  const descriptor = path === '-' ? STDOUT : openSync(path, 'w');
  let pending: string[] = [];
  let pendingLength = 0;
  const flush = (): void => {
    writeAll(descriptor, Buffer.from(pending.join('')));
    pending = [];
    pendingLength = 0;
  };
  return {
    write(line) {
      pending.push(line, '\n');
      pendingLength += line.length + 1;
      if (pendingLength >= CHUNK_BYTES) flush();
    },
    close() {
      flush();
      if (descriptor !== STDOUT) closeSync(descriptor);
    },
  };
}

/** 0 at the end; a terminal or pipe that is not ready is asked again. */
function readSome(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      if (codeOf(error) === 'EOF') return 0;
      if (codeOf(error) !== 'EAGAIN') throw error;
      pause();
    }
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      // Whoever reads our stdout went away: no error.
      if (codeOf(error) === 'EPIPE') return;
      if (codeOf(error) !== 'EAGAIN') throw error;
      pause();
    }
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
