/**
 * Takes back what an execution changed in objects that were there before it.
 * journal.load('a', ...) keeps the changes of a module's text until `undo` takes them back; journal.load('<run>', ...) is
 * the same for an execution. Every load has its own epoch; an object of another epoch is saved before its first change,
 * and the epoch tells which load made the object: a change by another one is an effect across modules.
 */
import { epochClock, type PyMutable } from './values.ts';

/** One change that a load made to an object from before it. */
export interface Effect {
  /** The load that made the change. */
  readonly loader: string;
  /** The load that made the object, or that changed it last before; undefined for what was there from the start. */
  readonly owner: string | undefined;
  readonly object: object;
  /** When: comparable with the ticks of loads. */
  readonly tick: number;
}

interface UndoableEffect extends Effect {
  readonly undo: () => void;
}

let lastEpoch = 0;

export class Journal {
  /** Oldest first. */
  #effects: UndoableEffect[] = [];
  #loader: string | undefined;
  #loaders = new Map<number, string>();
  #tick = 0;
  /** Asked before an object is saved for its first change in a load: true where the change is taken note of otherwise. */
  onChange: (object: object, owner: string | undefined) => boolean = () => false;

  /** The load that runs. */
  get loader(): string | undefined {
    return this.#loader;
  }

  /** A moment that is later than all before it. */
  tick(): number {
    return ++this.#tick;
  }

  /** Call before changing an object in place. */
  mutating(object: PyMutable): void {
    const { epoch } = object;
    if (epoch === epochClock.now || this.onChange(object, this.#loaders.get(epoch))) return;
    const restore = object.snapshot();
    this.record(
      object,
      () => {
        restore();
        object.epoch = epoch;
      },
      epoch,
    );
    object.epoch = epochClock.now;
  }

  /** Records how to take back a change to an object; without its epoch, the load that runs counts as its owner. */
  record(object: object, undo: () => void, epoch = epochClock.now): void {
    const loader = this.#loader;
    if (loader === undefined) return;
    this.#effects.push({ loader, owner: this.#loaders.get(epoch), object, tick: this.tick(), undo });
  }

  /** Records what to take back with a load, though it is no change that another one could see. */
  recordAs(loader: string, undo: () => void): void {
    this.#effects.push({ loader, owner: loader, object: {}, tick: this.tick(), undo });
  }

  /** Runs a load; its changes stay until `undo`. May run inside of another. */
  load<T>(loader: string, body: () => T): T {
    const outerEpoch = epochClock.now;
    const outerLoader = this.#loader;
    epochClock.now = ++lastEpoch;
    this.#loaders.set(lastEpoch, loader);
    this.#loader = loader;
    try {
      return body();
    } finally {
      epochClock.now = outerEpoch;
      this.#loader = outerLoader;
    }
  }

  /** Changes to objects of other loads, since a tick. */
  effectsSince(tick: number): readonly Effect[] {
    // Later ones stand at the end.
    let first = this.#effects.length;
    while (first > 0 && (this.#effects[first - 1]?.tick ?? 0) >= tick) first--;
    return this.#effects.slice(first);
  }

  /** The loads that changed an object after one of these did: what they made goes with it. */
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

  /** Takes back what these loads changed, the latest change first; the set is closed under `entangledWith`. */
  undo(loaders: ReadonlySet<string>): void {
    const undone = this.#effects.filter((effect) => loaders.has(effect.loader));
    if (undone.length === 0) return;
    this.#effects = this.#effects.filter((effect) => !loaders.has(effect.loader));
    for (const effect of undone.reverse()) effect.undo();
  }
}
