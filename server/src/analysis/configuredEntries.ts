/**
 * What the configuration says of the models of a file: an entry for "net.py:Net" gives Net its arguments and input,
 * before the comment on the class and before how the file uses it.
 */
import type { Configuration } from '../configuration/configuration.ts';
import { entriesForFile, entryForModule, type MatchedEntry } from '../configuration/entryMatcher.ts';
import type { EntrySettings } from './directive.ts';

export interface ConfiguredEntries {
  readonly named: (name: string) => EntrySettings | undefined;
  /** Of the entry that names the file alone: its first model. */
  readonly first: EntrySettings | undefined;
}

export const NOTHING_CONFIGURED: ConfiguredEntries = { named: () => undefined, first: undefined };

export function configuredEntries(configuration: Configuration | undefined, file: string): ConfiguredEntries {
  if (configuration === undefined) return NOTHING_CONFIGURED;
  const { named, first } = entriesForFile(configuration, file);
  return { named: (name) => settingsOf(named(name)), first: settingsOf(first) };
}

/** Of "torchvision.models:resnet50". */
export function configuredModule(
  configuration: Configuration | undefined,
  module: string,
  name: string,
): EntrySettings | undefined {
  return configuration === undefined ? undefined : settingsOf(entryForModule(configuration, module, name));
}

/** What the configuration leaves open, the comment on the model may say. */
export function mergeSettings(configured: EntrySettings | undefined, own: EntrySettings): EntrySettings {
  if (configured === undefined) return own;
  const inputs = configured.inputs ?? own.inputs;
  const args = configured.args ?? own.args;
  return { inputs, args, problems: own.problems, configured: configured.configured };
}

/** What a request says goes before what the configuration or the file says. */
export function requestedSettings(
  settings: EntrySettings,
  request: Pick<EntrySettings, 'inputs' | 'args'>,
): EntrySettings {
  const { configured } = settings;
  return {
    inputs: request.inputs ?? settings.inputs,
    args: request.args ?? settings.args,
    problems: settings.problems,
    configured: configured && {
      ...configured,
      hasInput: configured.hasInput && request.inputs === undefined,
      hasArguments: configured.hasArguments && request.args === undefined,
    },
  };
}

function settingsOf(matched: MatchedEntry | undefined): EntrySettings | undefined {
  if (matched === undefined) return undefined;
  const { entry, isExact } = matched;
  const { inputs, args, range } = entry;
  const configured = { file: range.file, hasInput: inputs !== undefined, hasArguments: args !== undefined, isExact };
  return { inputs, args, problems: [], configured };
}
