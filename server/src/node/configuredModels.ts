/**
 * The models of a configuration, globs expanded, with what was remembered of which models files have: where nothing
 * changed, no Python is read for it.
 */
import type { Configuration } from '../configuration/configuration.ts';
import type { AskedModel } from './askedModel.ts';
import {
  expandEntries,
  type ConfiguredModel,
  type EntryFiles,
  type ExpandedEntries,
  type ModelLister,
} from './expandEntries.ts';
import { createJobAnalyzer, openCaches, type JobPlace } from './jobAnalyzer.ts';

export async function configuredModels(
  configuration: Configuration,
  place: JobPlace,
  files: EntryFiles,
): Promise<ExpandedEntries> {
  const caches = openCaches(place);
  const remembered = (file: string, hasArguments: boolean): readonly string[] | undefined =>
    caches?.names.get(caches.keys.ofModelNames(file, hasArguments));
  const unknownFiles = new Set<string>();
  const known: ModelLister = {
    modelNames(file, { hasArguments }) {
      const names = remembered(file, hasArguments);
      if (names === undefined) unknownFiles.add(file);
      return names ?? [];
    },
  };
  const expanded = expandEntries(configuration, known, files);
  if (unknownFiles.size === 0) return expanded;
  const analyzer = await createJobAnalyzer(place);
  const all: ModelLister = {
    modelNames: (file, options) => remembered(file, options.hasArguments) ?? analyzer.modelNames(file, options),
  };
  return expandEntries(configuration, all, files);
}

/** `fallback` where neither the entry nor anybody else names a device. */
export function askedModel(
  { name, target, absoluteTarget, entry }: ConfiguredModel,
  more: readonly string[],
  fallback?: string,
): AskedModel {
  const { inputs, args } = entry;
  const named = [...new Set([...entry.deviceIds, ...more])];
  const deviceIds = named.length === 0 && fallback !== undefined ? [fallback] : named;
  const cell = entry.cell === undefined ? undefined : { ...entry.cell, range: entry.modelRange };
  return { name, target, request: { target: absoluteTarget, inputs, args, deviceIds }, cell };
}
