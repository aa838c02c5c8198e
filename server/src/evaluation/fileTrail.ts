/**
 * What an answer rests on: the files whose text was read for it, and where modules were looked for, found or not.
 * A host keeps an answer as long as these files and these places stay as they were.
 */

/** One question to the file system, with its answer. */
export interface Probe {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly isThere: boolean;
}

export interface FileTrail {
  readonly files: ReadonlySet<string>;
  readonly probes: ReadonlySet<Probe>;
}

/** Collects while something is evaluated; the module table knows which files its modules stand for. */
export class TrailCollector<Module> {
  readonly modules = new Set<Module>();
  readonly lookups = new Set<readonly Probe[]>();

  addAll(other: TrailCollector<Module>): void {
    for (const module of other.modules) this.modules.add(module);
    for (const lookup of other.lookups) this.lookups.add(lookup);
  }
}
