/**
 * Runs a program with the code that V8 compiled when it ran before, which saves most of the time that loading takes:
 * `runWithCodeCache({ file, digest, folder })`. The cache lies in the user's own folder, holds the program's digest in
 * its name and a checksum of its own, and counts as absent where it cannot be read, is damaged, or is another V8's.
 * Node's module.enableCompileCache does the like from Node 22 on.
 */
import { createHash } from 'node:crypto';
import { fstatSync, readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { getHeapCodeStatistics } from 'node:v8';
import { Script } from 'node:vm';
import { readCacheFile, removeOldCacheFiles, writeCacheFile } from './cacheFiles.ts';
import { closeQuietly, openRegularFile } from './regularFile.ts';

export interface CachedProgram {
  /** A CommonJS file, bundled, in ASCII. */
  readonly file: string;
  /** Of its text: a cache of another text is never asked for. */
  readonly digest: string;
  /** What the program sees as its own file. */
  readonly filename: string;
  /** Where this user's caches lie, made where it is missing; undefined to do without. */
  readonly folder: string | undefined;
}

const SIZE_BYTES = 8;
/** Compiled code is a few times as long as the program. */
const MAX_BYTES = 128 * 2 ** 20;
const CODE_FILE = /^[\w.-]+-[0-9a-f]+-v\d[\w.]*-\w+(?:-[0-9a-f]{8})?$/;
const WRITABLE_BY_OTHERS = 0o022;
const OWN_MODES = { folder: 0o700, file: 0o600 };
/** Kept anew when a run compiled so much more than the cache held. */
const GROWTH = 1.1;
/** Programs that stay, as the server does, are kept by then: an editor may kill them. */
const KEEP_AFTER_MS = 20_000;

type Wrapped = (exports: object, require: NodeJS.Require, module: object, filename: string, dirname: string) => void;

/** Never throws for the sake of the cache; what the program throws passes through. */
export function runWithCodeCache({ file, digest, filename, folder }: CachedProgram): void {
  // V8 takes no code that was compiled under other flags.
  const flags = createHash('sha1').update(process.execArgv.join(' ')).digest('hex').slice(0, 8);
  const name = `${path.basename(file, '.js')}-${digest}-${process.version}-${process.arch}-${flags}`;
  const cacheFile = folder === undefined ? undefined : path.join(folder, 'code', name);
  const cached = cacheFile === undefined ? undefined : readCache(cacheFile);
  const script = new Script(Module.wrap(readFileSync(file, 'latin1')), { filename: file, cachedData: cached?.data });
  const heldBytes = cached === undefined || script.cachedDataRejected === true ? 0 : cached.codeBytes;
  if (cacheFile !== undefined) keepWhatGrew(script, cacheFile, heldBytes);
  const module = { exports: {} };
  const run = script.runInThisContext() as Wrapped;
  run(module.exports, createRequire(filename), module, filename, path.dirname(filename));
}

function keepWhatGrew(script: Script, cacheFile: string, heldBytes: number): void {
  let isKept = false;
  const keep = (): void => {
    if (isKept) return;
    isKept = true;
    const codeBytes = getHeapCodeStatistics().bytecode_and_metadata_size;
    if (codeBytes > heldBytes * GROWTH) writeCache(cacheFile, codeBytes, script.createCachedData());
  };
  process.on('exit', keep);
  setTimeout(keep, KEEP_AFTER_MS).unref();
}

/** Bytes of code in the heap when it was kept, what V8 made. */
function readCache(file: string): { readonly codeBytes: number; readonly data: Buffer } | undefined {
  const content = readCacheFile(file, readOwnFile);
  if (content === undefined || content.length <= SIZE_BYTES) return undefined;
  const codeBytes = content.readDoubleLE(0);
  if (!Number.isSafeInteger(codeBytes) || codeBytes < 0) return undefined;
  return { codeBytes, data: content.subarray(SIZE_BYTES) };
}

/** Undefined where somebody else wrote it or may: it will be run. */
function readOwnFile(file: string): Buffer | undefined {
  const opened = openRegularFile(file);
  if (opened.kind === 'fault') return undefined;
  const { descriptor, byteLength } = opened.value;
  try {
    const { uid, mode } = fstatSync(descriptor);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & WRITABLE_BY_OTHERS) === 0);
    return isOwn && byteLength <= MAX_BYTES ? readFileSync(descriptor) : undefined;
  } finally {
    closeQuietly(descriptor);
  }
}

/** Without it the next run compiles again. */
function writeCache(file: string, codeBytes: number, data: Buffer): void {
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeDoubleLE(codeBytes);
  const isWritten = writeCacheFile(file, Buffer.concat([size, data]), OWN_MODES);
  if (isWritten) removeOldCacheFiles(path.dirname(file), Date.now(), CODE_FILE, file);
}
