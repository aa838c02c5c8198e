/**
 * Takes back what an execution changed in objects that were there before it.
 * journal.run(() => registry.append(x)) leaves `registry` as it was; journal.load('a', ...) keeps the change until
 * module `a` is dropped. Every run and load has an epoch of its own; an object whose epoch is another one is saved
 * before its first change.
 */
import { epochClock, type PyMutable } from './values.ts';

/** One change that a module's loading made to an object of other code. */
interface Effect {
  readonly loader: string;
  readonly object: object;
  readonly undo: () => void;
}

let lastEpoch = 0;

export class Journal {
  /** Effects of loads, oldest first. */
  #effects: Effect[] = [];
  /** Undo functions of the run that is under way, and the objects that they belong to. */
  #runUndo: (() => void)[] = [];
  readonly #runObjects = new Set<object>();
  #loader: string | undefined;
  #isRunning = false;
  /** Modules that changed, while loading, what the run had changed before; they must be dropped with the run. */
  readonly #entangled = new Set<string>();

  /** Call before changing an object in place. */
  mutating(object: PyMutable): void {
    if (object.epoch === epochClock.now) return;
    this.record(object, object.snapshot());
    object.epoch = epochClock.now;
  }

  /** Records how to take back a change to something that is no PyMutable. */
  record(object: object, undo: () => void): void {
    if (this.#loader !== undefined) {
      if (this.#runObjects.has(object)) this.#entangled.add(this.#loader);
      this.#effects.push({ loader: this.#loader, object, undo });
    } else if (this.#isRunning) {
      this.#runObjects.add(object);
      this.#runUndo.push(undo);
    }
  }

  /**
   * Runs an execution whose changes are taken back at its end.
   * `drop` gets the modules whose loading cannot stay, as it built on changes that are taken back.
   */
  run<T>(body: () => T, drop: (loaders: ReadonlySet<string>) => void): T {
    const outer = epochClock.now;
    epochClock.now = ++lastEpoch;
    this.#isRunning = true;
    try {
      return body();
    } finally {
      for (const undo of this.#runUndo.reverse()) undo();
      this.#runUndo = [];
      this.#runObjects.clear();
      this.#isRunning = false;
      epochClock.now = outer;
      if (this.#entangled.size > 0) {
        const loaders = new Set(this.#entangled);
        this.#entangled.clear();
        drop(loaders);
      }
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

  /** The module that is loading now. */
  get loader(): string | undefined {
    return this.#loader;
  }

  /** Which modules must go with these: those that later changed an object that these changed. */
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

  /** Takes back what these modules' loading changed; the set is closed under `entangledWith`. */
  undoLoads(loaders: ReadonlySet<string>): void {
    const undone = this.#effects.filter((effect) => loaders.has(effect.loader));
    this.#effects = this.#effects.filter((effect) => !loaders.has(effect.loader));
    for (const effect of undone.reverse()) effect.undo();
  }
}
