/**
 * What .gitignore files leave out, asked while folders are walked: isIgnored("/work/data", true) -> true where
 * /work/.gitignore has "data/". Files of parents count up to the folder of the repository; git itself is not asked.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readRegularFile } from './regularFile.ts';

/** Longer ones are not read. */
const MAX_BYTES = 2 ** 20;

export type IsIgnored = (absolutePath: string, isFolder: boolean) => boolean;

/** `onFault` is told of each file of rules that cannot be read: what it leaves out is not left out. */
export function createGitIgnore(onFault: (file: string, reason: string) => void): IsIgnored {
  const rulesByFolder = new Map<string, readonly FolderRules[]>();

  /** Rules that hold in a folder, the outermost first. */
  function rulesFor(folder: string): readonly FolderRules[] {
    const known = rulesByFolder.get(folder);
    if (known !== undefined) return known;
    const parent = path.dirname(folder);
    const isTop = parent === folder || existsSync(path.join(folder, '.git'));
    const outer = isTop ? [] : rulesFor(parent);
    const own = readRules(path.join(folder, '.gitignore'));
    const rules = own === undefined ? outer : [...outer, { folder, rules: own }];
    rulesByFolder.set(folder, rules);
    return rules;
  }

  function readRules(file: string): Ignore | undefined {
    const read = readRegularFile(file, MAX_BYTES);
    if (read.kind === 'ok') return ignore().add(read.value.toString('utf8'));
    if (!read.isAbsent) onFault(file, read.reason);
    return undefined;
  }

  return (absolutePath, isFolder) => {
    let isIgnored = false;
    for (const { folder, rules } of rulesFor(path.dirname(absolutePath))) {
      const relative = path.relative(folder, absolutePath).split(path.sep).join('/');
      const verdict = rules.test(isFolder ? `${relative}/` : relative);
      // A deeper file has the last word.
      if (verdict.ignored) isIgnored = true;
      if (verdict.unignored) isIgnored = false;
    }
    return isIgnored;
  };
}

interface FolderRules {
  readonly folder: string;
  readonly rules: Ignore;
}
