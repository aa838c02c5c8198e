/**
 * Finds the configuration that holds in a folder, searching upward: `layercost.json` first, then a `pyproject.toml`
 * with `[tool.layercost]`. The nearest one counts alone.
 */
import path from 'node:path';
import { textProblem, wholeProblem } from '../base/problems.ts';
import { parseConfiguration, type ParsedConfiguration } from '../configuration/parseConfiguration.ts';
import { hindrance, readTextFile } from './nodeFiles.ts';

export const CONFIGURATION_FILE = 'layercost.json';
export const PYPROJECT_FILE = 'pyproject.toml';

/** Whether a file is one by its name. */
export function isConfigurationFile(file: string): boolean {
  return /(^|[\\/])(layercost\.json|pyproject\.toml)$/.test(file);
}

export interface FoundConfiguration extends ParsedConfiguration {
  /** The file that was read, absolute. */
  readonly file: string;
}

export interface FindOptions {
  readonly knownDeviceIds: readonly string[];
  /** Reads a file's text, an open document's perhaps; undefined where it cannot be read. */
  readonly readText?: (file: string) => string | undefined;
  /** Why the file of this name cannot be read; undefined where there is none. The disk's where left out. */
  readonly hindrance?: (file: string) => string | undefined;
}

/** Undefined where no folder up to the root has one. */
export function findConfiguration(folder: string, options: FindOptions): FoundConfiguration | undefined {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const found = configurationIn(current, options);
    if (found !== undefined || current === path.dirname(current)) return found;
  }
}

/** The configuration of one folder; two are a problem. */
export function configurationIn(folder: string, options: FindOptions): FoundConfiguration | undefined {
  const own = readConfiguration(path.join(folder, CONFIGURATION_FILE), options);
  const project = readConfiguration(path.join(folder, PYPROJECT_FILE), options);
  if (own === undefined) return project;
  const other = project?.configuration?.range;
  if (other === undefined) return own;
  const message = `${CONFIGURATION_FILE} beside this file is read, and this table is not: remove one of the two.`;
  const problem = textProblem('two-configurations', 'error', message, other);
  return { ...own, problems: [...own.problems, problem] };
}

/**
 * One file read by its name; undefined where it is not there, or is a pyproject.toml without a table of ours. What has the
 * name and cannot be read (a link to itself, a pipe) is a problem: it is not known what it would have said.
 */
export function readConfiguration(file: string, options: FindOptions): FoundConfiguration | undefined {
  const kind = path.extname(file) === '.toml' ? 'pyproject' : 'json';
  const { readText = readTextFile, hindrance: hindranceOf = hindrance, knownDeviceIds } = options;
  const text = readText(file);
  if (text === undefined) {
    const reason = hindranceOf(file);
    if (reason === undefined) return undefined;
    const message = `The configuration cannot be read: ${reason}.`;
    return { file, configuration: undefined, problems: [wholeProblem('unreadable-file', 'error', message, file)] };
  }
  const parsed = parseConfiguration(text, file, { kind, knownDeviceIds });
  const isOurs = kind === 'json' || parsed.configuration !== undefined || parsed.problems.length > 0;
  return isOurs ? { file, ...parsed } : undefined;
}
