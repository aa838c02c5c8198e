/**
 * Takes back what an execution changed in objects that were there before it.
 * journal.run(() => registry.append(x)) leaves `registry` as it was; journal.load('a', ...) keeps the change until
 * module `a` is dropped. Every run and load has an epoch of its own; an object whose epoch is another one is saved
 * before its first change.
 */
import { epochClock, type PyMutable } from './values.ts';

/** One change that a module's loading, or the run that is under way, made to an object from before. */
interface Effect {
  readonly loader: string;
  readonly object: object;
  readonly undo: () => void;
}

/** Stands for the run among the loaders; no file has this name. */
const RUN = '<run>';

let lastEpoch = 0;

export class Journal {
  /** Oldest first. */
  #effects: Effect[] = [];
  #loader: string | undefined;

  /** Call before changing an object in place. */
  mutating(object: PyMutable): void {
    if (object.epoch === epochClock.now) return;
    this.record(object, object.snapshot());
    object.epoch = epochClock.now;
  }

  /** Records how to take back a change to something that is no PyMutable. */
  record(object: object, undo: () => void): void {
    if (this.#loader !== undefined) this.#effects.push({ loader: this.#loader, object, undo });
  }

  /**
   * Runs an execution whose changes are taken back at its end. Modules whose loading built on such a change go with it:
   * `drop` gets them, and calls `undoLoads`.
   */
  run<T>(body: () => T, drop: (loaders: ReadonlySet<string>) => void): T {
    try {
      return this.load(RUN, body);
    } finally {
      const loaders = this.entangledWith(new Set([RUN]));
      if (loaders.size > 1) drop(loaders);
      else this.undoLoads(loaders);
    }
  }

  /** Runs the loading of a module: its changes stay until the module is dropped. May stand inside of a run or a load. */
  load<T>(loader: string, body: () => T): T {
    const outerEpoch = epochClock.now;
    const outerLoader = this.#loader;
    epochClock.now = ++lastEpoch;
    this.#loader = loader;
    try {
      return body();
    } finally {
      epochClock.now = outerEpoch;
      this.#loader = outerLoader;
    }
  }

  /** Which loaders must go with these: those that later changed an object that these changed. */
  entangledWith(loaders: ReadonlySet<string>): ReadonlySet<string> {
    const all = new Set(loaders);
    for (;;) {
      const sizeBefore = all.size;
      const touched = new Set<object>();
      for (const { loader, object } of this.#effects) {
        if (touched.has(object)) all.add(loader);
        if (all.has(loader)) touched.add(object);
      }
      if (all.size === sizeBefore) return all;
    }
  }

  /** Takes back what these loaders changed; the set is closed under `entangledWith`. */
  undoLoads(loaders: ReadonlySet<string>): void {
    const undone = this.#effects.filter((effect) => loaders.has(effect.loader));
    this.#effects = this.#effects.filter((effect) => !loaders.has(effect.loader));
    for (const effect of undone.reverse()) effect.undo();
  }
}
