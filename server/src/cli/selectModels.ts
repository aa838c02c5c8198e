/**
 * Which models of the configuration are meant: by their name, by their model's text, or by a file.
 * "student", "models/net.py:StudentNet", "models/net.py" (all models of that file)
 */
import path from 'node:path';
import { nearestName } from '../base/nearestName.ts';
import type { ConfiguredModel } from '../node/expandEntries.ts';

export type Selection =
  | { readonly kind: 'ok'; readonly models: readonly ConfiguredModel[] }
  | { readonly kind: 'unknown'; readonly message: string };

export interface SelectionFolders {
  /** What files on the command line are relative to. */
  readonly cwd: string;
  /** The configuration's, which models are relative to. */
  readonly folder: string;
}

/** All models where nothing is named; in the order of the configuration in any case. */
export function selectModels(
  models: readonly ConfiguredModel[],
  wanted: readonly string[],
  { cwd, folder }: SelectionFolders,
): Selection {
  if (wanted.length === 0) return { kind: 'ok', models };
  const selected = new Set<ConfiguredModel>();
  for (const text of wanted) {
    const relative = path.relative(folder, path.resolve(cwd, text)).replaceAll('\\', '/');
    const found = models.filter(
      ({ name, target, entry }) =>
        [name, target, entry.name, entry.model].includes(text) ||
        target === relative ||
        target.replace(/:[^:/]*$/, '') === relative,
    );
    if (found.length === 0) return { kind: 'unknown', message: unknownText(text, models) };
    for (const model of found) selected.add(model);
  }
  return { kind: 'ok', models: models.filter((model) => selected.has(model)) };
}

function unknownText(text: string, models: readonly ConfiguredModel[]): string {
  if (models.length === 0) return `"${text}" is no entry of the configuration, which has none`;
  const names = models.map(({ name }) => name);
  const near = nearestName(text, names);
  const shown = names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
  return `"${text}" is no entry of the configuration${near === undefined ? '' : `; did you mean "${near}"?`} (entries: ${shown})`;
}
