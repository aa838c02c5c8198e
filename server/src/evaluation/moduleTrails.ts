/**
 * What rests on which modules: while an answer is evaluated, its trail collects the modules that are read and the places
 * where modules are looked for; while a module is made, the module's own entry collects the same.
 */
import { TrailCollector, type Probe } from './fileTrail.ts';
import type { FileEntry } from './moduleEntry.ts';

/** Which modules an answer rests on, while these are loaded. */
export type ModuleTrail = TrailCollector<FileEntry>;

export class ModuleTrails {
  /** The module that is being made from what is asked for now. */
  #dependent: FileEntry | undefined;
  /** What is evaluated now is told where it looks. */
  #trail: ModuleTrail | undefined;

  /** Evaluates something and tells what it rests on, as far as it came; may stand inside of another. */
  collect<T>(body: () => T): { readonly value: T; readonly trail: ModuleTrail } {
    const outer = this.#trail;
    const trail = new TrailCollector<FileEntry>();
    this.#trail = trail;
    try {
      return { value: body(), trail };
    } finally {
      this.#trail = outer;
      outer?.addAll(trail);
    }
  }

  /** Something that was remembered is used again: what it rests on counts. */
  follow(trail: ModuleTrail): void {
    this.#trail?.addAll(trail);
  }

  /** Evaluates what makes a module, or a part of it: the module depends on what that uses. */
  making<T>(entry: FileEntry, body: () => T): T {
    const outer = this.#dependent;
    this.#dependent = entry;
    try {
      return body();
    } finally {
      this.#dependent = outer;
    }
  }

  /** The text of a module is read, or its name asked for. */
  noteText(entry: FileEntry): void {
    this.#trail?.modules.add(entry);
  }

  /** What running a module made is used. */
  noteUse(entry: FileEntry): void {
    this.noteText(entry);
    if (this.#dependent !== undefined && this.#dependent !== entry) this.#dependent.dependencies.add(entry.file);
  }

  noteLookup(probes: readonly Probe[]): void {
    this.#trail?.lookups.add(probes);
    this.#dependent?.lookups.add(probes);
  }

  /** A module was asked for that does not exist. */
  noteMissing(): void {
    if (this.#dependent !== undefined) this.#dependent.isMissingModules = true;
  }

  /** What is evaluated now may rest on a module that is dropped at its end: that knows no longer what it was made from. */
  noteDropped({ dependencies, lookups }: FileEntry, entryOf: (file: string) => FileEntry | undefined): void {
    if (this.#trail === undefined) return;
    for (const file of dependencies) {
      const dependency = entryOf(file);
      if (dependency !== undefined) this.#trail.modules.add(dependency);
    }
    for (const lookup of lookups) this.#trail.lookups.add(lookup);
  }
}
