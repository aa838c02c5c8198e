/**
 * Which entry of a configuration speaks for a model of a file. An entry that names the model comes before a glob, the
 * first one before later ones.
 */
import picomatch from 'picomatch/posix';
import type { Configuration, EntryConfiguration } from './configuration.ts';
import { GLOB_OPTIONS, parseModelPattern, type ModelPattern } from './modelPattern.ts';
import { folderOf, normalPath, relativePath } from './relativePath.ts';

/** The entries that may speak for models of one file. */
export interface FileEntries {
  /** Those that name it before globs. */
  readonly all: readonly MatchedEntry[];
  /** The entry of a model by its name: "Net", "models.small". */
  readonly named: (name: string) => MatchedEntry | undefined;
  /** The entry that names the file alone, which means its first model. */
  readonly first: MatchedEntry | undefined;
  /**
   * Every entry that a check holds a model to: all that name it, or the first glob; for the file's first model also
   * those that name the file alone.
   */
  readonly heldTo: (name: string, options: { readonly isFirst: boolean }) => readonly HeldEntry[];
}

export interface MatchedEntry {
  readonly entry: EntryConfiguration;
  /** Whether it names this model, and not a glob of many. */
  readonly isExact: boolean;
}

export interface HeldEntry extends MatchedEntry {
  /** It names the file, and means its first model. */
  readonly isOfFile: boolean;
}

export function entriesForFile(configuration: Configuration, file: string): FileEntries {
  const relative = relativePath(folderOf(configuration.file), file);
  const own = compiled(configuration).filter(({ matchesFile }) => relative !== undefined && matchesFile(relative));
  const ordered = [...own.filter(({ isExact }) => isExact), ...own.filter(({ isExact }) => !isExact)];
  return {
    all: ordered,
    named: (name) => ordered.find(({ matchesName }) => matchesName?.(name) === true),
    first: ordered.find(({ matchesName }) => matchesName === undefined),
    heldTo: (name, { isFirst }) => [
      ...exactOrFirst(ordered.filter(({ matchesName }) => matchesName?.(name) === true)),
      ...(isFirst ? exactOrFirst(ordered.filter(({ matchesName }) => matchesName === undefined)) : []),
    ],
  };
}

/** A glob leaves out what an entry names, and what an earlier glob found. */
function exactOrFirst(matched: readonly CompiledEntry[]): readonly HeldEntry[] {
  const exact = matched.filter(({ isExact }) => isExact);
  const held = exact.length > 0 ? exact : matched.slice(0, 1);
  return held.map(({ entry, isExact, matchesName }) => ({ entry, isExact, isOfFile: matchesName === undefined }));
}

/**
 * What reports call a model: `target` is relative to the configuration's folder, "models/net.py:Net" or "models/net.py".
 * The entry's name; of what a named glob found "zoo:models/net.py:Net".
 */
export function reportedName({ entry: { name }, isExact }: MatchedEntry, target: string): string {
  if (name === undefined) return target;
  return isExact ? name : `${name}:${target}`;
}

/** The entry of "torchvision.models:resnet50". */
export function entryForModule(configuration: Configuration, module: string, name: string): MatchedEntry | undefined {
  const entry = configuration.entries.find(({ model }) => model === `${module}:${name}`);
  return entry === undefined ? undefined : { entry, isExact: true };
}

interface CompiledEntry extends MatchedEntry {
  readonly matchesFile: (relative: string) => boolean;
  /** Undefined where the entry means the first model of a file. */
  readonly matchesName: ((name: string) => boolean) | undefined;
}

const compiledEntries = new WeakMap<Configuration, readonly CompiledEntry[]>();

function compiled(configuration: Configuration): readonly CompiledEntry[] {
  let entries = compiledEntries.get(configuration);
  if (entries === undefined) {
    entries = configuration.entries.flatMap((entry) => {
      const result = parseModelPattern(entry.model);
      return result.kind === 'ok' && entry.cell === undefined ? compile(entry, result.pattern) : [];
    });
    compiledEntries.set(configuration, entries);
  }
  return entries;
}

function compile(entry: EntryConfiguration, pattern: ModelPattern): readonly CompiledEntry[] {
  if (pattern.kind === 'glob') {
    const { files, names } = pattern;
    return [
      {
        entry,
        isExact: false,
        matchesFile: lazily(files),
        matchesName: names === undefined ? undefined : lazily(names),
      },
    ];
  }
  const { target } = pattern;
  if (target.kind === 'module') return [];
  const wanted = normalPath(target.file);
  const name = target.kind === 'python' ? target.name : undefined;
  return [
    {
      entry,
      isExact: true,
      matchesFile: (relative) => relative === wanted,
      matchesName: name === undefined ? undefined : (given) => given === name,
    },
  ];
}

/** Compiled when first asked: most entries are of other files. */
function lazily(glob: string): (text: string) => boolean {
  let matches: ((text: string) => boolean) | undefined;
  return (text) => (matches ??= picomatch(glob, GLOB_OPTIONS))(text);
}
