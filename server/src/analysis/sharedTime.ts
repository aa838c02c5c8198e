/**
 * How the models of an editor share time: each is tried within the turn of its document; one that does not get through
 * goes to the background, and is sent there at once from then on, until it proves to be quick.
 *
 *   sharedTime.within({ kind: 'report', file, name }, () => makeReport(), fromAnswer)
 *   // -> the report; or undefined, and progressOf(file) says whether to ask again soon or once the background is through
 */
import { jobKey, type Background, type BackgroundJob, type BackgroundState } from './background.ts';

/** The clock of a host that gives turns: see lsp/turns.ts. */
export interface TurnClock {
  /** Whether there is time left to begin something. */
  readonly hasTime: () => boolean;
  /** Runs something, and tells whether the clock cut it: late in a turn, or though it had a whole one. */
  readonly watch: <T>(body: () => T) => { readonly value: T; readonly cut: 'none' | 'late' | 'whole' };
}

/** Of a file: all is known; there is more to do here in another turn; the background is at it. */
export type Progress = 'done' | 'continue' | 'background';

export type Finished = Exclude<BackgroundState, { readonly kind: 'waiting' }>;

/** Turns for a file whose imports are read for the first time: those that were read stay. */
const TURNS_OF_FILE = 3;
/** What the background does in so little time is tried here again. */
const QUICK_MS = 100;

export class SharedTime {
  readonly background: Background;
  readonly #clock: TurnClock;
  readonly #slow = new Set<string>();
  readonly #turns = new Map<string, number>();
  /** What jobs took in the background, in milliseconds. */
  readonly #took = new Map<string, number>();
  readonly #progress = new Map<string, Progress>();

  constructor(clock: TurnClock, background: Background) {
    this.#clock = clock;
    this.background = background;
  }

  /** Begins to look at a file: what is missing is noted from here on. */
  look(file: string): void {
    this.#progress.delete(file);
  }

  progressOf(file: string): Progress {
    return this.#progress.get(file) ?? 'done';
  }

  isSlow(job: BackgroundJob): boolean {
    return this.#slow.has(jobKey(job));
  }

  /** It is not tried here: it is known to be slow, or large. */
  markSlow(job: BackgroundJob): void {
    this.#slow.add(jobKey(job));
  }

  /** Undefined where it is not known yet. */
  within<T>(job: BackgroundJob, make: () => T, fromBackground: (state: Finished) => T): T | undefined {
    const key = jobKey(job);
    if (this.#slow.has(key)) return this.#elsewhere(job, fromBackground);
    if (!this.#clock.hasTime()) {
      this.#miss(job.file, 'continue');
      return undefined;
    }
    const { value, cut } = this.#clock.watch(make);
    if (cut === 'none') {
      this.#turns.delete(key);
      return value;
    }
    const turns = (this.#turns.get(key) ?? 0) + (cut === 'whole' ? 1 : 0);
    this.#turns.set(key, turns);
    if (turns < (job.kind === 'file' ? TURNS_OF_FILE : 1)) {
      this.#miss(job.file, 'continue');
      return undefined;
    }
    this.#turns.delete(key);
    this.#slow.add(key);
    return this.#elsewhere(job, fromBackground);
  }

  /** The texts are others now: what was quick in the background is tried here again. */
  forgive(): void {
    for (const key of this.#slow) {
      const tookMs = this.#took.get(key);
      if (tookMs !== undefined && tookMs < QUICK_MS) this.#slow.delete(key);
    }
    this.#took.clear();
  }

  #elsewhere<T>(job: BackgroundJob, fromBackground: (state: Finished) => T): T | undefined {
    const state = this.background.ask(job);
    if (state.kind === 'waiting') {
      this.#miss(job.file, 'background');
      return undefined;
    }
    if (state.kind === 'answered') this.#took.set(jobKey(job), state.tookMs);
    return fromBackground(state);
  }

  #miss(file: string, progress: Progress): void {
    if (this.#progress.get(file) !== 'continue') this.#progress.set(file, progress);
  }
}
