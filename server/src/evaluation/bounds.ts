/**
 * What one execution may cost. `while True: pass` ends after `steps` statements with BoundExceeded, which no Python
 * code can catch; whoever started the execution reports it as `execution-bound` at the place where it stood.
 */

export interface Bounds {
  /** Statements, calls and loop rounds of one execution, and of one module's top level. */
  readonly steps: number;
  /** Nested Python calls. */
  readonly callDepth: number;
  /** Rounds of one loop. */
  readonly loopRounds: number;
  /** Items of one list, dict, set or text that an operation makes at once. */
  readonly collectionSize: number;
  /** Items of everything that one execution makes. */
  readonly totalItems: number;
}

export const DEFAULT_BOUNDS: Bounds = {
  steps: 30_000_000,
  callDepth: 250,
  loopRounds: 1_000_000,
  collectionSize: 2_000_000,
  totalItems: 20_000_000,
};

/** Which bound ended an execution; `cancelled` is the host's wish, `stack` JavaScript's own limit. */
export type BoundName = keyof Bounds | 'cancelled' | 'stack';

/** No PyRaise: Python code cannot catch it. */
export class BoundExceeded extends Error {
  override readonly name = 'BoundExceeded';
  constructor(
    readonly bound: BoundName,
    message: string,
  ) {
    super(message);
  }
}

/** Steps between two questions to the host whether to stop. */
const STEPS_BETWEEN_CHECKS = 10_000;

/** What is left of the bounds in one execution. */
export class Budget {
  #stepsLeft: number;
  #itemsLeft: number;
  #slice: number;
  #untilCheck: number;

  constructor(
    readonly bounds: Bounds,
    readonly shouldStop: () => boolean,
  ) {
    this.#stepsLeft = bounds.steps;
    this.#itemsLeft = bounds.totalItems;
    this.#slice = Math.min(STEPS_BETWEEN_CHECKS, bounds.steps);
    this.#untilCheck = this.#slice;
  }

  step(count: number): void {
    this.#untilCheck -= count;
    if (this.#untilCheck < 0) this.#check();
  }

  #check(): void {
    this.#stepsLeft -= this.#slice - this.#untilCheck;
    this.#slice = 0;
    this.#untilCheck = 0;
    if (this.#stepsLeft <= 0) throw new BoundExceeded('steps', `Stopped after ${this.bounds.steps} steps.`);
    if (this.shouldStop()) throw new BoundExceeded('cancelled', 'Stopped, as there was no more time for it.');
    this.#slice = Math.min(STEPS_BETWEEN_CHECKS, this.#stepsLeft);
    this.#untilCheck = this.#slice;
  }

  /** Counts a collection of so many items before it is made. */
  allocate(items: number): void {
    if (items > this.bounds.collectionSize) {
      throw new BoundExceeded('collectionSize', `Stopped before making a collection of ${items} items.`);
    }
    this.#itemsLeft -= items;
    if (this.#itemsLeft < 0) {
      throw new BoundExceeded('totalItems', `Stopped after making ${this.bounds.totalItems} items.`);
    }
  }
}

/** JavaScript's own limits, told as ours: stack overflow, and arrays or texts that are too long. */
export function boundOfError(error: unknown): BoundExceeded | undefined {
  if (error instanceof BoundExceeded) return error;
  if (!(error instanceof RangeError)) return undefined;
  if (/call stack/i.test(error.message)) return new BoundExceeded('stack', 'Stopped: calls are nested too deeply.');
  if (/invalid (array|string) length|invalid count value/i.test(error.message)) {
    return new BoundExceeded('collectionSize', 'Stopped before making a collection that is too large.');
  }
  return undefined;
}
