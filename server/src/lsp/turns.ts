/**
 * Turns of the one thread that all documents share: work is done for one document at a time, next for the one that had the
 * least time so far, and never before messages that wait. A turn is cut after a slice where something else waits, and
 * after a limit in any case.
 *
 *   const entries = await turns.take(uri, () => analyzer.hintReports(file));
 */
import type { TurnClock } from '../analysis/sharedTime.ts';
import { FairQueue } from '../node/fairQueue.ts';

export interface TurnsHost {
  /** Whether the client sent something that was not looked at. */
  readonly hasMessages: () => boolean;
  /** A turn begins. */
  readonly worksOn: (uri: string) => void;
}

export interface Turns extends TurnClock {
  /** Runs `body`, which does not wait for anything, when it is the document's turn. */
  readonly take: <T>(uri: string, body: () => T) => Promise<T>;
  /** Asked now and then in an analysis; true ends it. */
  readonly startDeadline: () => () => boolean;
  /** While held, no turn begins. */
  readonly hold: (isHeld: boolean) => void;
}

/** Others wait no longer than this for a turn to end, and an analysis has this much time in any case. */
const SLICE_MS = 250;
/** Where nothing waits. */
const LIMIT_MS = 1000;
/** An analysis that began so late in a turn did not have a whole one. */
const LATE_MS = 50;

export function createTurns({ hasMessages, worksOn }: TurnsHost): Turns {
  const queue = new FairQueue<() => void>();
  let isPumping = false;
  let isHeld = false;
  let owner: string | undefined;
  /** Undefined between turns: what runs then has a turn of its own, until other things get to run. */
  let startedAt: number | undefined;
  let cuts = 0;

  function pump(): void {
    isPumping = false;
    if (isHeld || queue.isEmpty) return;
    if (hasMessages()) {
      plan();
      return;
    }
    const next = queue.next();
    if (next === undefined) return;
    ({ owner } = next);
    worksOn(next.owner);
    const start = performance.now();
    startedAt = start;
    next.item();
    startedAt = undefined;
    owner = undefined;
    queue.charge(next.owner, performance.now() - start);
    plan();
  }

  /** By setImmediate, between two of which messages and timers come in. */
  function plan(): void {
    if (isPumping || isHeld || queue.isEmpty) return;
    isPumping = true;
    setImmediate(pump);
  }

  function start(): number {
    if (startedAt === undefined) {
      startedAt = performance.now();
      setImmediate(() => (startedAt = undefined));
    }
    return startedAt;
  }

  const othersWait = (): boolean => hasMessages() || (owner === undefined ? !queue.isEmpty : queue.hasOthers(owner));

  return {
    take: (uri, body) =>
      new Promise((resolve, reject) => {
        queue.add(uri, () => {
          try {
            resolve(body());
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
        plan();
      }),
    hold(held) {
      isHeld = held;
      plan();
    },
    hasTime: () => performance.now() - start() < SLICE_MS,
    watch(body) {
      const beganAt = performance.now() - start();
      const outer = cuts;
      const value = body();
      const cut = cuts === outer ? 'none' : beganAt > LATE_MS ? 'late' : 'whole';
      return { value, cut };
    },
    startDeadline() {
      const startedTurn = start();
      return () => {
        const passed = performance.now() - startedTurn;
        if (passed < SLICE_MS || (passed < LIMIT_MS && !othersWait())) return false;
        cuts++;
        return true;
      };
    },
  };
}
