/**
 * What one execution may cost. `while True: pass` ends after `steps` statements with BoundExceeded, which no Python
 * code can catch; whoever started the execution reports it as `execution-bound` at the place where it stood.
 * Memory is estimated (allocations.ts): `[[] for _ in range(10**9)]` ends after `memoryBytes`.
 */
import { allocations } from './allocations.ts';

export interface Bounds {
  /** Statements, calls and loop rounds of one execution, and of one module's top level. */
  readonly steps: number;
  /** Nested Python calls. */
  readonly callDepth: number;
  /** Rounds of one loop. */
  readonly loopRounds: number;
  /** Items of one list, dict, set or text that an operation makes at once. */
  readonly collectionSize: number;
  /** Estimated bytes of everything that one execution makes, with what it imports. */
  readonly memoryBytes: number;
  /** Layers that one execution makes. */
  readonly layers: number;
  /** Operations of one graph. */
  readonly graphNodes: number;
}

export const DEFAULT_BOUNDS: Bounds = {
  steps: 10_000_000,
  callDepth: 250,
  loopRounds: 1_000_000,
  collectionSize: 2_000_000,
  memoryBytes: 256 * 2 ** 20,
  layers: 50_000,
  graphNodes: 100_000,
};

/** Which bound ended an execution; `cancelled` is the host's wish, `stack` JavaScript's own limit. */
export type BoundName = keyof Bounds | 'cancelled' | 'stack' | 'classDepth';

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

/** Steps between two questions to the host whether to stop: a few milliseconds. */
const STEPS_BETWEEN_CHECKS = 10_000;

/** Estimated bytes between two such questions: making them takes a few milliseconds, too. */
const BYTES_BETWEEN_CHECKS = 4 * 2 ** 20;

/** What an execution and the modules that it loads have used together. */
interface Account {
  /** `allocations.bytes` beyond which the memory is spent. */
  memoryEnd: number;
  /** It may be moved up to here. */
  readonly lastMemoryEnd: number;
  layersLeft: number;
}

/** What is left of the bounds in one execution. */
export class Budget {
  #stepsLeft: number;
  #slice: number;
  #untilCheck: number;
  #nextByteCheck: number;
  readonly #account: Account;
  readonly #texts: string[] = [];
  #nextText = 0;

  constructor(
    readonly bounds: Bounds,
    readonly shouldStop: () => boolean,
    outer?: Budget,
  ) {
    this.#stepsLeft = bounds.steps;
    this.#slice = Math.min(STEPS_BETWEEN_CHECKS, bounds.steps);
    this.#untilCheck = this.#slice;
    this.#account = outer === undefined ? newAccount(bounds) : outer.#account;
    this.#nextByteCheck = this.#byteCheck();
  }

  /** A budget of steps of its own, that draws on the same memory and layers: for a module that this execution loads. */
  nested(bounds: Bounds = this.bounds): Budget {
    return new Budget(bounds, this.shouldStop, this);
  }

  /** Counts work before it is done; one step is some 100 nanoseconds. */
  step(count: number): void {
    this.#untilCheck -= count;
    if (this.#untilCheck < 0 || allocations.bytes > this.#nextByteCheck) this.#check();
  }

  /** What is left for the rest of a module after one statement of it was cut off: a share of everything. */
  afterCut(share: number): Budget {
    const { steps, memoryBytes } = this.bounds;
    const account = this.#account;
    account.memoryEnd = Math.min(
      account.lastMemoryEnd,
      Math.max(account.memoryEnd, allocations.bytes + memoryBytes * share),
    );
    return this.nested({ ...this.bounds, steps: Math.ceil(steps * share) });
  }

  #check(): void {
    this.#stepsLeft -= this.#slice - this.#untilCheck;
    this.#slice = 0;
    this.#untilCheck = 0;
    if (this.#stepsLeft <= 0) throw new BoundExceeded('steps', `Stopped after ${this.bounds.steps} steps.`);
    if (allocations.bytes > this.#account.memoryEnd) {
      const size = `${Math.round(this.bounds.memoryBytes / 2 ** 20)} MB`;
      throw new BoundExceeded('memoryBytes', `Stopped after making values of more than ${size}.`);
    }
    if (this.shouldStop()) throw new BoundExceeded('cancelled', 'Stopped, as there was no more time for it.');
    this.#slice = Math.min(STEPS_BETWEEN_CHECKS, this.#stepsLeft);
    this.#untilCheck = this.#slice;
    this.#nextByteCheck = this.#byteCheck();
  }

  #byteCheck(): number {
    return Math.min(this.#account.memoryEnd, allocations.bytes + BYTES_BETWEEN_CHECKS);
  }

  /** Counts memory before it is taken, where no constructor of a value counts it. */
  allocate(bytes: number): void {
    allocations.bytes += bytes;
    this.step(0);
  }

  /**
   * Counts the items that an object in place gets at once, and ends the execution where they are too many. What makes a
   * new object asks `isTooLarge`, and gives an unknown one.
   */
  grow(items: number): void {
    if (this.isTooLarge(items)) {
      throw new BoundExceeded('collectionSize', `Stopped before making a collection of ${items} items.`);
    }
    this.allocate(items * ITEM_BYTES);
  }

  /**
   * Counts a look at every character of a text. Joined texts share their parts until then, and are copied now: their
   * bytes count, but for texts that were looked at just before.
   */
  readText(text: string): void {
    const { length } = text;
    if (length < SHORT_TEXT) return;
    if (!this.#texts.includes(text)) {
      this.#texts[this.#nextText++ % KEPT_TEXTS] = text;
      allocations.bytes += length;
    }
    this.step(length >> 6);
  }

  /** Ends the execution where a text gets too long, for what must give a text: `repr`. */
  checkText(length: number): void {
    if (this.isTooLarge(length)) {
      throw new BoundExceeded('collectionSize', `Stopped before making a text of ${length} characters.`);
    }
  }

  isTooLarge(items: number): boolean {
    return items > this.bounds.collectionSize;
  }

  /** Counts a layer of a model, with its scope in the graph and its row in the report. */
  addLayer(): void {
    this.allocate(LAYER_BYTES);
    if (--this.#account.layersLeft < 0) {
      throw new BoundExceeded('layers', `Stopped after making more than ${this.bounds.layers} layers.`);
    }
  }
}

const LAYER_BYTES = 2000;

function newAccount({ memoryBytes, layers }: Bounds): Account {
  const memoryEnd = allocations.bytes + memoryBytes;
  return { memoryEnd, lastMemoryEnd: memoryEnd + memoryBytes / 2, layersLeft: layers };
}

const ITEM_BYTES = 16;

/** Shorter texts cost no more than the step that reads them. */
const SHORT_TEXT = 256;

const KEPT_TEXTS = 4;

/** JavaScript's own limits, told as ours: stack overflow, and arrays or texts that are too long. */
export function boundOfError(error: unknown): BoundExceeded | undefined {
  if (error instanceof BoundExceeded) return error;
  if (!(error instanceof RangeError)) return undefined;
  if (/call stack/i.test(error.message)) return new BoundExceeded('stack', 'Stopped: calls are nested too deeply.');
  if (
    /invalid (array|string) length|invalid count value|(map|set) maximum size|too many arguments/i.test(error.message)
  ) {
    return new BoundExceeded('collectionSize', 'Stopped before making a collection that is too large.');
  }
  return undefined;
}
