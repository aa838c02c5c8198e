/**
 * Counts the rounds of a loop or a comprehension, and ends the execution at what makes it go on where they are too many.
 */
import type { TextRange } from '../base/text.ts';
import { BoundExceeded } from './bounds.ts';
import type { Executor } from './executor.ts';
import type { Frame } from './frame.ts';

/** `at` is the iterable or the condition. */
export function countRound(executor: Executor, frame: Frame, at: TextRange, rounds: number): void {
  executor.budget.step(1);
  if (rounds <= executor.budget.bounds.loopRounds) return;
  frame.at = at;
  throw new BoundExceeded('loopRounds', `Stopped after ${rounds - 1} rounds of a loop.`);
}
