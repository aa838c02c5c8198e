/**
 * Watches the worker that holds the server while there is something to wait for: it has to answer a ping within a while,
 * which is short where other documents wait; and the memory of the whole process has to stay below 1 GB. Time is counted
 * in ticks of the front's own clock, so that a machine that stood still stops nothing.
 */

export interface WatchHost {
  readonly ping: (number: number) => void;
  /** Asks for memory that can be had at once. */
  readonly giveBack: () => void;
  readonly isBusy: () => boolean;
  /** Whether requests for documents wait that it does not work on. */
  readonly othersWait: () => boolean;
  readonly stop: () => void;
}

export interface Watch {
  readonly started: () => void;
  readonly posted: () => void;
  readonly pong: (number: number) => void;
}

const TICK_MS = 50;
/** Without an answer: where other documents wait, and where none does. */
const SHORT_TICKS = 18;
const LONG_TICKS = 120;
/** A worker that starts reads its program and the grammar. */
const START_TICKS = 200;
/** After the last message there may be work that nobody waits for. */
const QUIET_TICKS = 100;
/** Of the process, in bytes. */
const MUCH_MEMORY = 700 * 2 ** 20;
const MOST_MEMORY = 900 * 2 ** 20;
/** Memory that is given back takes a moment to go. */
const GIVE_BACK_TICKS = 20;

export function createWatch({ ping, giveBack, isBusy, othersWait, stop }: WatchHost): Watch {
  let timer: ReturnType<typeof setInterval> | undefined;
  let hasStarted = false;
  let number = 0;
  let unanswered = 0;
  let quiet = 0;
  let sinceGiveBack = GIVE_BACK_TICKS;

  function tick(): void {
    quiet = isBusy() ? 0 : quiet + 1;
    if (quiet > QUIET_TICKS && unanswered === 0) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    if (unanswered === 0) ping(++number);
    unanswered++;
    const limit = hasStarted ? (othersWait() ? SHORT_TICKS : LONG_TICKS) : START_TICKS;
    if (unanswered > limit) halt();
    else lookAtMemory();
  }

  function lookAtMemory(): void {
    sinceGiveBack++;
    const bytes = process.memoryUsage.rss();
    if (bytes < MUCH_MEMORY) return;
    if (sinceGiveBack > GIVE_BACK_TICKS) {
      sinceGiveBack = 0;
      giveBack();
    } else if (bytes > MOST_MEMORY && sinceGiveBack > 2) halt();
  }

  function halt(): void {
    unanswered = 0;
    sinceGiveBack = 0;
    stop();
  }

  function run(): void {
    quiet = 0;
    if (timer !== undefined) return;
    timer = setInterval(tick, TICK_MS);
    timer.unref();
  }

  return {
    started() {
      hasStarted = false;
      unanswered = 0;
      run();
    },
    posted: run,
    pong(answered) {
      if (answered !== number) return;
      hasStarted = true;
      unanswered = 0;
    },
  };
}
