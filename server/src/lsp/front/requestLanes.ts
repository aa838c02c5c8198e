/**
 * Requests on their way to the worker: a few of each document at a time, so that thousands for one do not stand before one
 * for another, and what is cancelled in time is never begun.
 */
import type { MessageId } from './incoming.ts';

/** Of one document, in the hands of the worker. */
const MOST_AT_ONCE = 8;

interface Lane<T> {
  readonly active: Set<MessageId>;
  readonly queue: Map<MessageId, T>;
}

export class RequestLanes<T> {
  readonly #lanes = new Map<string, Lane<T>>();
  readonly #laneOf = new Map<MessageId, string>();
  readonly #pass: (request: T) => void;

  /** `pass` gives a request to the worker. */
  constructor(pass: (request: T) => void) {
    this.#pass = pass;
  }

  add(id: MessageId, owner: string, request: T): void {
    const lane = this.#lanes.get(owner) ?? { active: new Set(), queue: new Map() };
    this.#lanes.set(owner, lane);
    this.#laneOf.set(id, owner);
    lane.queue.set(id, request);
    this.#advance(owner, lane);
  }

  /** Takes a request out that was not passed; false where it was. */
  cancel(id: MessageId): boolean {
    const owner = this.#laneOf.get(id);
    const lane = owner === undefined ? undefined : this.#lanes.get(owner);
    if (owner === undefined || lane?.queue.delete(id) !== true) return false;
    this.#forget(id, owner, lane);
    return true;
  }

  /** It has its answer: the next one of its document is passed. */
  done(id: MessageId): void {
    const owner = this.#laneOf.get(id);
    const lane = owner === undefined ? undefined : this.#lanes.get(owner);
    if (owner === undefined || lane === undefined) return;
    lane.active.delete(id);
    this.#advance(owner, lane);
    this.#forget(id, owner, lane);
  }

  #advance(owner: string, lane: Lane<T>): void {
    for (const [id, request] of lane.queue) {
      if (lane.active.size >= MOST_AT_ONCE) return;
      lane.queue.delete(id);
      lane.active.add(id);
      this.#laneOf.set(id, owner);
      this.#pass(request);
    }
  }

  #forget(id: MessageId, owner: string, lane: Lane<T>): void {
    this.#laneOf.delete(id);
    if (lane.active.size === 0 && lane.queue.size === 0) this.#lanes.delete(owner);
  }
}
