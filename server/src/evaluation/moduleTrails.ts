/**
 * What rests on which modules: while an answer is evaluated, its trail collects the modules that are read and the places
 * where modules are looked for; while a module is made, the module's own entry collects the same.
 */
import { TrailCollector, type Probe } from './fileTrail.ts';
import type { FileEntry, NamespaceEntry } from './moduleEntry.ts';

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

  /** A module is imported, or a name of it is used. */
  noteUse(entry: FileEntry): void {
    this.noteText(entry);
    if (this.#dependent !== undefined && this.#dependent !== entry) this.#dependent.imports.add(entry);
  }

  noteNamespace(entry: NamespaceEntry): void {
    this.#dependent?.namespaces.add(entry);
  }

  /** What a native module holds is read, and may be changed by a program. */
  noteNativeRead(object: object): void {
    this.#dependent?.nativeReads.add(object);
  }

  noteLookup(probes: readonly Probe[]): void {
    this.#trail?.lookups.add(probes);
    this.#dependent?.lookups.add(probes);
  }

  /** An absolute name is imported: `file` is what it means now. */
  noteName(name: string, file: string | undefined): void {
    this.#dependent?.resolvedNames.set(name, file);
  }

  /** The module whose text runs now. */
  get running(): FileEntry | undefined {
    return this.#dependent;
  }

  /** What is evaluated now may rest on a module that is dropped at its end: that knows no longer what it was made from. */
  noteDropped({ imports, lookups }: FileEntry): void {
    if (this.#trail === undefined) return;
    for (const imported of imports) this.#trail.modules.add(imported);
    for (const lookup of lookups) this.#trail.lookups.add(lookup);
  }
}
