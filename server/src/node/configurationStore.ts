/**
 * The configurations of a workspace, each read once until something changes: configurationFor("/work/models/net.py") ->
 * that of /work/layercost.json. Open documents hide files on disk.
 */
import path from 'node:path';
import type { Configuration } from '../configuration/configuration.ts';
import { configurationIn, readConfiguration, type FoundConfiguration } from './findConfiguration.ts';
import { readTextFile } from './nodeFiles.ts';

export interface ConfigurationStore {
  /** The nearest one in the folder of a file or above it. */
  readonly configurationFor: (file: string) => Configuration | undefined;
  /** The same for a folder, with its problems. */
  readonly foundFor: (folder: string) => FoundConfiguration | undefined;
  /** One file by itself, and with it what is beside it: its problems. */
  readonly ofFile: (file: string) => FoundConfiguration | undefined;
  /** The text of an open document; undefined closes it. */
  readonly setText: (file: string, text: string | undefined) => void;
  /** Files on disk changed. */
  readonly forget: () => void;
}

export function createConfigurationStore(knownDeviceIds: readonly string[]): ConfigurationStore {
  const texts = new Map<string, string>();
  const byFolder = new Map<string, FoundConfiguration | undefined>();
  const options = { knownDeviceIds, readText: (file: string) => texts.get(file) ?? readTextFile(file) };

  function foundFor(folder: string): FoundConfiguration | undefined {
    if (byFolder.has(folder)) return byFolder.get(folder);
    const parent = path.dirname(folder);
    const found = configurationIn(folder, options) ?? (parent === folder ? undefined : foundFor(parent));
    byFolder.set(folder, found);
    return found;
  }

  return {
    configurationFor: (file) => foundFor(path.dirname(path.resolve(file)))?.configuration,
    foundFor: (folder) => foundFor(path.resolve(folder)),
    ofFile: (file) => {
      const own = readConfiguration(file, options);
      const ofFolder = configurationIn(path.dirname(file), options);
      if (own === undefined || ofFolder === undefined || ofFolder.file === file) return ofFolder ?? own;
      const about = ofFolder.problems.filter(({ location }) => location.file === file);
      return { ...own, problems: [...own.problems, ...about] };
    },
    setText: (file, text) => {
      if (text === undefined) texts.delete(file);
      else texts.set(file, text);
      byFolder.clear();
    },
    forget: () => byFolder.clear(),
  };
}

/** Folders that a configuration names to resolve imports from, absolute. */
export function configuredSearchPaths(configuration: Configuration | undefined): readonly string[] {
  if (configuration === undefined) return [];
  const folder = path.dirname(configuration.file);
  return configuration.searchPaths.map((given) => path.resolve(folder, given));
}
