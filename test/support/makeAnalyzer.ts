/**
 * The analyzer as the command line has it, from the sources: one for each list of search paths.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Analyzer } from '../../server/src/analysis/analyzer.ts';
import type { Configuration } from '../../server/src/configuration/configuration.ts';
import { parseDevice, type Device } from '../../server/src/cost/device.ts';
import { openFileByteSource } from '../../server/src/node/fileByteSource.ts';
import { nodeFiles, unreadable } from '../../server/src/node/nodeFiles.ts';
import { loadPythonParser } from './pythonParser.ts';

const analyzers = new Map<string, Promise<Analyzer>>();

export function makeAnalyzer(searchPaths: readonly string[]): Promise<Analyzer> {
  const key = searchPaths.join('\n');
  let analyzer = analyzers.get(key);
  if (analyzer === undefined) {
    analyzer = create(searchPaths);
    analyzers.set(key, analyzer);
  }
  return analyzer;
}

/** An analyzer of its own, for which one configuration holds everywhere. */
export function makeConfiguredAnalyzer(configuration: Configuration): Promise<Analyzer> {
  return create([], configuration);
}

async function create(searchPaths: readonly string[], configuration?: Configuration): Promise<Analyzer> {
  return new Analyzer({
    files: nodeFiles,
    parser: await loadPythonParser(),
    devices: devices(),
    searchPaths,
    openBytes: openFileByteSource,
    absolutePath: (given) => path.resolve(given),
    unreadable,
    configurationFor: () => configuration,
    startDeadline: () => () => false,
  });
}

/** The devices that ship. */
export function devices(): readonly Device[] {
  const folder = path.join(import.meta.dirname, '../../models/devices');
  return readdirSync(folder).map((name) => {
    const result = parseDevice(JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
    if (result.kind === 'invalid') throw new Error(`${name}: ${result.message}`);
    return result.device;
  });
}
