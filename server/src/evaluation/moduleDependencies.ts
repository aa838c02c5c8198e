/**
 * Which modules were made from which. Followed down, it tells the files that an answer rests on; followed up, what has to
 * go when a file changes: the module and whatever was made from it is dropped, and runs again when it is asked for.
 */
import type { FileTrail } from './fileTrail.ts';
import type { Journal } from './journal.ts';
import type { KnownModules } from './knownModules.ts';
import type { ModuleTrail, ModuleTrails } from './moduleTrails.ts';

export class ModuleDependencies {
  readonly #known: KnownModules;
  readonly #trails: ModuleTrails;
  readonly #journal: Journal;

  constructor(known: KnownModules, trails: ModuleTrails, journal: Journal) {
    this.#known = known;
    this.#trails = trails;
    this.#journal = journal;
  }

  /** The files and places behind a trail: modules, what these were made from, and what else changed their objects. */
  filesOf(trail: ModuleTrail): FileTrail {
    const files = new Set([...trail.modules].map(({ file }) => file));
    const probes = new Set([...trail.lookups].flat());
    for (let sizeBefore = -1; sizeBefore !== files.size;) {
      sizeBefore = files.size;
      // A set yields what is added while it is gone through.
      for (const file of files)
        for (const dependency of this.#known.entryOfFile(file)?.dependencies ?? []) files.add(dependency);
      for (const file of this.#journal.entangledWith(files)) {
        if (this.#known.entryOfFile(file) !== undefined) files.add(file);
      }
    }
    for (const file of files) {
      for (const lookup of this.#known.entryOfFile(file)?.lookups ?? []) for (const probe of lookup) probes.add(probe);
    }
    return { files, probes };
  }

  /** Drops what was made from these files' texts. `isNewFile`: modules that were missing may exist now. */
  invalidate(files: ReadonlySet<string>, isNewFile: boolean): void {
    for (const file of files) {
      const entry = this.#known.entryOfFile(file);
      if (entry?.syntax === undefined) continue;
      entry.previousSyntax = entry.syntax;
      entry.syntax = undefined;
    }
    const dropped = new Set(files);
    if (isNewFile) {
      this.#known.forgetPlaces();
      for (const entry of this.#known.fileEntries()) if (entry.isMissingModules) dropped.add(entry.file);
    }
    this.dropLoads(dropped);
  }

  /** Drops the results of running these files, and of all that were made from them. */
  dropLoads(files: ReadonlySet<string>): void {
    let dropped: ReadonlySet<string> = files;
    for (;;) {
      const next = new Set(this.#journal.entangledWith(dropped));
      for (const entry of this.#known.fileEntries()) {
        if ([...entry.dependencies].some((dependency) => next.has(dependency))) next.add(entry.file);
      }
      if (next.size === dropped.size) break;
      dropped = next;
    }
    this.#journal.undoLoads(dropped);
    for (const file of dropped) {
      const entry = this.#known.entryOfFile(file);
      if (entry === undefined || entry.status === 'new') continue;
      this.#trails.noteDropped(entry, (each) => this.#known.entryOfFile(each));
      entry.reset();
    }
  }
}
