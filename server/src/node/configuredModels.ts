/**
 * The models of a configuration, globs expanded, with what was remembered of which models files have: where nothing
 * changed, no Python is read for it.
 */
import type { Configuration } from '../configuration/configuration.ts';
import { expandEntries, type ExpandedEntries } from './expandEntries.ts';
import { createJobAnalyzer, openCaches } from './jobAnalyzer.ts';
import type { JobSettings } from './modelJob.ts';

export async function configuredModels(configuration: Configuration, settings: JobSettings): Promise<ExpandedEntries> {
  const caches = openCaches(settings);
  const remembered = (file: string, hasArguments: boolean): readonly string[] | undefined =>
    caches?.names.get(caches.keys.ofModelNames(file, hasArguments));
  const unknownFiles = new Set<string>();
  const expanded = expandEntries(configuration, {
    modelNames(file, { hasArguments }) {
      const names = remembered(file, hasArguments);
      if (names === undefined) unknownFiles.add(file);
      return names ?? [];
    },
  });
  if (unknownFiles.size === 0) return expanded;
  const analyzer = await createJobAnalyzer(settings);
  return expandEntries(configuration, {
    modelNames: (file, options) => remembered(file, options.hasArguments) ?? analyzer.modelNames(file, options),
  });
}
