/**
 * Wires the analyzer to this machine: files, wasm, devices, the clock. The one place where the core meets Node.
 */
import path from 'node:path';
import { Analyzer } from '../analysis/analyzer.ts';
import type { Device } from '../cost/device.ts';
import { createPythonParser } from '../syntax/pythonParser.ts';
import { openFileByteSource } from './fileByteSource.ts';
import { nodeFiles, unreadable } from './nodeFiles.ts';
import { readDevices, readProductFile } from './productFiles.ts';
import { pythonSearchPaths } from './pythonEnvironment.ts';

export interface NodeAnalyzerOptions {
  /** The folder of the running program, where its files lie. */
  readonly folder: string;
  readonly workspaceFolders: readonly string[];
  readonly searchPaths: readonly string[];
  /** One analysis that takes longer is cut, and says so. */
  readonly timeLimitMs: number;
}

export async function createNodeAnalyzer(options: NodeAnalyzerOptions): Promise<Analyzer> {
  const { folder, workspaceFolders, searchPaths, timeLimitMs } = options;
  const parser = await createPythonParser({
    treeSitterWasm: readProductFile(folder, 'web-tree-sitter.wasm'),
    pythonWasm: readProductFile(folder, 'tree-sitter-python.wasm'),
  });
  const devices: readonly Device[] = readDevices(folder);
  return new Analyzer({
    files: nodeFiles,
    parser,
    devices,
    searchPaths: pythonSearchPaths(workspaceFolders, searchPaths, process.env),
    openBytes: openFileByteSource,
    absolutePath: (given) => path.resolve(given),
    unreadable,
    startDeadline: () => {
      const end = performance.now() + timeLimitMs;
      return () => performance.now() > end;
    },
  });
}
