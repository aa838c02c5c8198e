/**
 * Text files line by line, in and out, for inputs of any length: `-` is stdin or stdout. What cannot be read or written is a
 * LineFileError, whose message is for people: "cells.txt cannot be read: there is no such file".
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { faultText, isFileSystemError } from './fileFaults.ts';
import { openReplacement, type Replacement } from './replaceFile.ts';
import { closeQuietly, lookAt, NEVER_WAIT, openRegularFile } from './regularFile.ts';
import { pauseForReader, writeAll } from './writeAll.ts';
import { placeOf, writeHindrance } from './writeWhole.ts';

export class LineFileError extends Error {}

/** Longer lines are cut: nobody means them. */
const MAX_LINE_BYTES = 2 ** 20;
const CHUNK_BYTES = 2 ** 16;
const STDIN = 0;
const STDOUT = 1;

/** Lines without their ends, empty ones too. The file is opened at once, and closed when the loop ends. */
export function readLines(path: string): Generator<string> {
  const name = path === '-' ? 'stdin' : path;
  return linesOf(path === '-' ? STDIN : openToRead(path), name);
}

function* linesOf(descriptor: number, name: string): Generator<string> {
  const decoder = new TextDecoder('utf-8');
  const chunk = new Uint8Array(CHUNK_BYTES);
  let rest = '';
  try {
    for (let count = readSome(descriptor, chunk, name); count > 0; count = readSome(descriptor, chunk, name)) {
      const lines = (rest + decoder.decode(chunk.subarray(0, count), { stream: true })).split(/\r?\n/);
      rest = (lines.pop() ?? '').slice(0, MAX_LINE_BYTES);
      yield* lines;
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  } finally {
    if (descriptor !== STDIN) closeQuietly(descriptor);
  }
}

export interface LineWriter {
  /** Adds an end of line. */
  write(line: string): void;
  /** Whoever reads it went away: nothing more need be written. */
  readonly isClosed: boolean;
  /** Only now is there a file of that name with the lines. */
  close(): void;
  /** Leaves what was there; nothing after `close`. */
  discard(): void;
}

/** Lines reach the file in large pieces. */
export function openLineWriter(path: string): LineWriter {
  const name = path === '-' ? 'stdout' : path;
  const target = openToWrite(path);
  let pending: string[] = [];
  let pendingLength = 0;
  let isClosed = false;
  const flush = (): void => {
    const bytes = Buffer.from(pending.join(''));
    pending = [];
    pendingLength = 0;
    const result = isClosed ? undefined : writeAll(target.descriptor, bytes);
    if (result?.kind === 'closed') isClosed = true;
    if (result?.kind === 'fault') throw notWritten(name, result.reason);
  };
  return {
    write(line) {
      pending.push(line, '\n');
      pendingLength += line.length + 1;
      if (pendingLength >= CHUNK_BYTES) flush();
    },
    get isClosed() {
      return isClosed;
    },
    close() {
      flush();
      try {
        target.commit();
      } catch (error) {
        throw notWritten(name, faultText(error));
      }
    },
    discard: () => target.discard(),
  };
}

/** A named pipe in a folder may have no writer for ever; one that the shell opened (`<(...)`) lies in /dev or /proc. */
function openToRead(path: string): number {
  const isOfShell = /^\/(?:dev|proc)\//.test(path);
  const seen = lookAt(path);
  try {
    if (isOfShell && seen.kind === 'ok' && !seen.value.isDirectory()) {
      return openSync(path, constants.O_RDONLY | NEVER_WAIT);
    }
  } catch (error) {
    throw notRead(path, faultText(error));
  }
  const opened = openRegularFile(path);
  if (opened.kind === 'fault') throw notRead(path, opened.reason);
  return opened.value.descriptor;
}

function openToWrite(path: string): Replacement {
  if (path === '-') return inPlace(STDOUT);
  const hindrance = writeHindrance(path);
  if (hindrance !== undefined) throw notWritten(path, hindrance);
  const seen = lookAt(path);
  try {
    if (seen.kind === 'fault' || seen.value.isFile()) return openReplacement(placeOf(path));
    const descriptor = openSync(path, constants.O_WRONLY | NEVER_WAIT);
    return inPlace(descriptor);
  } catch (error) {
    throw notWritten(path, faultText(error));
  }
}

/** A pipe or a terminal has no place to take. */
function inPlace(descriptor: number): Replacement {
  let isOpen = descriptor !== STDOUT;
  return {
    descriptor,
    commit() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
    discard() {
      if (isOpen) closeQuietly(descriptor);
      isOpen = false;
    },
  };
}

/** 0 at the end; a terminal or pipe that is not ready is asked again. */
function readSome(descriptor: number, chunk: Uint8Array, name: string): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      if (!isFileSystemError(error)) throw error;
      if (error.code === 'EOF') return 0;
      if (error.code !== 'EAGAIN') throw notRead(name, faultText(error));
      pauseForReader();
    }
  }
}

function notRead(name: string, reason: string): LineFileError {
  return new LineFileError(`${name} cannot be read: ${reason}`);
}

function notWritten(name: string, reason: string): LineFileError {
  return new LineFileError(`${name} cannot be written: ${reason}`);
}
