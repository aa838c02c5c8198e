/**
 * How a command's analyses run, from its flags: where imports are looked for, where answers are kept, on how many threads.
 */
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { FoundConfiguration } from '../node/findConfiguration.ts';
import { versionOf, type Version, type VersionFiles } from '../node/version.ts';
import { defaultCacheFolder } from '../node/cacheFolder.ts';
import { faultText } from '../node/fileFaults.ts';
import { openCacheFolder, type OpenedCache } from '../node/resultCache.ts';
import { collect } from './commandOptions.ts';

export interface RunFlags {
  readonly path: readonly string[];
  readonly jobs?: number;
  readonly cache: boolean;
  readonly cacheDir?: string;
}

export interface RunHost {
  /** The folder of the running program, where its files lie. */
  readonly folder: string;
  /** Of the command line; those of a configuration come behind them. */
  readonly searchPaths: readonly string[];
  readonly cacheFolder: string | undefined;
  readonly workerCount: number | undefined;
  /** What is to be told on stderr, and changes nothing. */
  readonly notes: readonly string[];
}

/** Of one model that a person waits for: the largest take a second or two. */
export const ONE_MODEL_LIMIT_MS = 10_000;
/** Of many: long, so that a slow machine reports what a fast one does; steps are bounded anyway. */
const TIME_LIMIT_MS = 60_000;

export function addRunOptions(command: Command): Command {
  return command
    .option('--path <dir>', 'folder to resolve imports from; may be repeated', collect, [])
    .option('--jobs <n>', 'threads to analyse on', jobCount)
    .option('--no-cache', 'analyse everything anew')
    .option('--cache-dir <dir>', 'where answers are kept');
}

export function runHost(flags: RunFlags, folder: string): RunHost {
  const opened = flags.cache ? openedCache(flags.cacheDir) : undefined;
  return {
    folder,
    searchPaths: flags.path.map((each) => path.resolve(each)),
    cacheFolder: opened?.kind === 'ok' ? opened.folder : undefined,
    workerCount: flags.jobs,
    notes: opened?.kind === 'unusable' ? [`note: answers are not kept: ${opened.message}`] : [],
  };
}

function openedCache(given: string | undefined): OpenedCache {
  try {
    return openCacheFolder(given ?? defaultCacheFolder(process.env, process.platform));
  } catch (error) {
    // A user without a home.
    return { kind: 'unusable', message: faultText(error) };
  }
}

/** A version as its configuration has it read; without one, from `cwd` and the repository's folder. */
export function configuredVersion(
  files: VersionFiles,
  found: FoundConfiguration | undefined,
  { folder, searchPaths, cacheFolder, workerCount }: RunHost,
  cwd: string,
): Version {
  const base = found === undefined ? cwd : path.dirname(found.file);
  const configured = (found?.configuration?.searchPaths ?? []).map((each) => path.resolve(base, each));
  const settings = {
    folder,
    workspaceFolders: found === undefined ? [...new Set([cwd, files.root])] : [base],
    searchPaths: [...searchPaths, ...configured],
    timeLimitMs: TIME_LIMIT_MS,
    cacheFolder,
  };
  return versionOf(files, settings, workerCount);
}

const MOST_JOBS = 64;

function jobCount(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_JOBS) return count;
  throw new InvalidArgumentError(`a number from 1 to ${MOST_JOBS} is wanted`);
}
