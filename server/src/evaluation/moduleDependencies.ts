/**
 * Which modules were made from which. Followed down, it tells the files that an answer rests on; followed up, what has to
 * go when a file changes: the module and whatever was made from it is dropped, and runs again when it is asked for.
 */
import type { FileTrail, Probe } from './fileTrail.ts';
import type { Journal } from './journal.ts';
import type { KnownModules } from './knownModules.ts';
import type { FileProvider } from './moduleFinder.ts';
import { closureOf } from './loadScope.ts';
import type { FileEntry } from './moduleEntry.ts';
import type { ModuleTrail, ModuleTrails } from './moduleTrails.ts';

export class ModuleDependencies {
  readonly #known: KnownModules;
  readonly #trails: ModuleTrails;
  readonly #journal: Journal;
  readonly #files: FileProvider;

  constructor(known: KnownModules, trails: ModuleTrails, journal: Journal, files: FileProvider) {
    this.#known = known;
    this.#trails = trails;
    this.#journal = journal;
    this.#files = files;
  }

  /** The files and places behind a trail: modules, what these were made from, and what else changed their objects. */
  filesOf(trail: ModuleTrail): FileTrail {
    const entries = new Set<FileEntry>();
    for (const module of trail.modules) for (const entry of closureOf(module)) entries.add(entry);
    for (const { unit } of [...entries])
      if (unit !== undefined) for (const entry of closureOf(unit)) entries.add(entry);
    const files = new Set([...entries].map(({ file }) => file));
    const probes = new Set([...trail.lookups].flat());
    for (const record of new Set([...entries].flatMap(({ partOf }) => partOf ?? []))) {
      for (const [file, { lookups }] of record.modules) {
        files.add(file);
        for (const probe of [...lookups].flat()) probes.add(probe);
      }
    }
    for (const { lookups } of entries) for (const lookup of lookups) for (const probe of lookup) probes.add(probe);
    return { files, probes };
  }

  /**
   * The modules that files which changed, came or went take with them: their own, those that looked for one in vain or
   * would find another one now, and all that imported these.
   */
  affectedBy(files: ReadonlySet<string>): ReadonlySet<FileEntry> {
    const affected = new Set<FileEntry>();
    // With `__init__.py` a folder becomes a package, and all below it have other names.
    const folders = [...files].map((file) => file.replace(/\/__init__\.py$/, ''));
    for (const entry of this.#known.fileEntries()) {
      if (files.has(entry.file) || folders.some((folder) => isBelow(entry.file, folder))) affected.add(entry);
      else if (entry.status !== 'new' && this.findsOthers(entry, files)) affected.add(entry);
    }
    return affected;
  }

  /**
   * Reads these modules' texts again when they are next asked for. What is broken in a document that is open (`isTyped`) keeps
   * its last good version.
   */
  forgetTexts(entries: Iterable<FileEntry>, isTyped: (file: string) => boolean): void {
    for (const entry of entries) {
      if (entry.syntax === undefined) continue;
      entry.previousSyntax = isTyped(entry.file) ? entry.syntax : undefined;
      entry.syntax = undefined;
    }
  }

  /** Drops what running these modules made, and of all that were made from them. */
  drop(entries: Iterable<FileEntry>): void {
    const dropped = this.#withDependents(entries);
    this.#journal.undo(new Set([...dropped].map(({ file }) => file)));
    for (const entry of dropped) {
      if (entry.status === 'new') continue;
      this.#trails.noteDropped(entry);
      entry.reset();
    }
  }

  #withDependents(entries: Iterable<FileEntry>): ReadonlySet<FileEntry> {
    const dropped = new Set(entries);
    const all = [...this.#known.fileEntries()].filter(({ status }) => status !== 'new');
    for (let sizeBefore = -1; sizeBefore !== dropped.size;) {
      sizeBefore = dropped.size;
      const units = new Set([...dropped].flatMap(({ unit }) => unit ?? []));
      for (const entry of all) {
        const goesWithUnit = entry.unit !== undefined && units.has(entry.unit);
        if (goesWithUnit || [...entry.imports].some((imported) => dropped.has(imported))) dropped.add(entry);
      }
      for (const file of this.#journal.entangledWith(new Set([...dropped].map((entry) => entry.file)))) {
        const entry = this.#known.entryOfFile(file);
        if (entry !== undefined) dropped.add(entry);
      }
    }
    return dropped;
  }

  /** Whether a place where this module looked for others answers otherwise, now that these files changed. */
  findsOthers({ lookups }: { readonly lookups: ReadonlySet<readonly Probe[]> }, files: ReadonlySet<string>): boolean {
    for (const lookup of lookups) {
      for (const probe of lookup) {
        const isConcerned = [...files].some(
          (file) => file === probe.path || isBelow(probe.path, file) || isBelow(file, probe.path),
        );
        if (isConcerned && this.#answers(probe) !== probe.isThere) return true;
      }
    }
    return false;
  }

  #answers({ kind, path }: Probe): boolean {
    return kind === 'file' ? this.#files.isFile(path) : this.#files.isDirectory(path);
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.length > folder.length && path.charAt(folder.length) === '/' && path.startsWith(folder);
}
