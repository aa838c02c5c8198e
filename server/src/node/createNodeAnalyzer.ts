/**
 * Wires the analyzer to this machine: files, wasm, devices, the clock. The one place where the core meets Node.
 */
import path from 'node:path';
import { Analyzer } from '../analysis/analyzer.ts';
import type { SharedTime } from '../analysis/sharedTime.ts';
import type { Device } from '../cost/device.ts';
import { createPythonParser } from '../syntax/pythonParser.ts';
import type { ConfigurationStore } from './configurationStore.ts';
import { diskSource, type FileSource } from './fileSource.ts';
import { readDevices, readProductFile } from './productFiles.ts';
import { pythonSearchPaths } from './pythonEnvironment.ts';

export interface NodeAnalyzerOptions {
  /** The folder of the running program, where its files lie. */
  readonly folder: string;
  readonly workspaceFolders: readonly string[];
  readonly searchPaths: readonly string[];
  /** One analysis that takes longer is cut, and says so; a clock of the caller's may be given instead. */
  readonly timeLimitMs: number | (() => () => boolean);
  /** The disk where left out. */
  readonly source?: FileSource;
  /** Of an editor. */
  readonly sharedTime?: SharedTime | undefined;
  /** Says how to build models; undefined where no configuration counts. */
  readonly configurations?: ConfigurationStore | undefined;
}

export async function createNodeAnalyzer(options: NodeAnalyzerOptions): Promise<Analyzer> {
  const {
    folder,
    workspaceFolders,
    searchPaths,
    timeLimitMs,
    source = diskSource,
    configurations,
    sharedTime,
  } = options;
  const parser = await createPythonParser({
    treeSitterWasm: readProductFile(folder, 'web-tree-sitter.wasm'),
    pythonWasm: readProductFile(folder, 'tree-sitter-python.wasm'),
  });
  const devices: readonly Device[] = readDevices(folder);
  return new Analyzer({
    files: source.files,
    parser,
    devices,
    searchPaths: pythonSearchPaths(workspaceFolders, searchPaths, process.env),
    openBytes: source.openBytes,
    absolutePath: (given) => path.resolve(given),
    unreadable: source.unreadable,
    configurationFor: configurations?.configurationFor,
    startDeadline: typeof timeLimitMs === 'number' ? deadlineAfter(timeLimitMs) : timeLimitMs,
    sharedTime,
  });
}

function deadlineAfter(limitMs: number): () => () => boolean {
  return () => {
    const end = performance.now() + limitMs;
    return () => performance.now() > end;
  };
}
