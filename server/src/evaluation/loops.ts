/**
 * `for` and `while`, with `break`, `continue` and `else`. Over what is not known they run no times, and that is noted.
 */
import type { For, While } from '../syntax/ast.ts';
import type { CodeContext } from './codeContext.ts';
import { compileExpression } from './expressions.ts';
import { BREAK, NORMAL, RETURN, type Evaluate, type Execute, type Frame } from './frame.ts';
import { iterate } from './iteration.ts';
import { countRound } from './rounds.ts';
import { compileBlock } from './statements.ts';
import { compileTarget } from './targets.ts';
import { truth } from './truth.ts';

export function compileFor(context: CodeContext, node: For): Execute {
  const { executor } = context;
  const iterable = compileExpression(context, node.iterable);
  const store = compileTarget(context, node.target);
  const body = compileBlock(context, node.body);
  const orElse = node.orElse && compileBlock(context, node.orElse);
  return (frame) => {
    const value = iterable(frame);
    frame.at = node.iterable;
    let rounds = 0;
    for (const item of iterate(executor, value)) {
      countRound(executor, frame, node.iterable, ++rounds);
      store(frame, item);
      const completion = body(frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
      // So that a problem in the iterator itself is told at the loop.
      frame.at = node.iterable;
    }
    return orElse === undefined ? NORMAL : orElse(frame);
  };
}

export function compileWhile(context: CodeContext, node: While): Execute {
  const { executor } = context;
  const test = compileTest(context, node);
  const body = compileBlock(context, node.body);
  const orElse = node.orElse && compileBlock(context, node.orElse);
  return (frame) => {
    for (let rounds = 1; test(frame); rounds++) {
      countRound(executor, frame, node.test, rounds);
      const completion = body(frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
    return orElse === undefined ? NORMAL : orElse(frame);
  };
}

/** The condition of a `while`; not known is false. */
export function compileTest(context: CodeContext, node: While): (frame: Frame) => boolean {
  const { executor } = context;
  const test: Evaluate = compileExpression(context, node.test);
  return (frame) => {
    const value = test(frame);
    frame.at = node.test;
    const known = truth(executor, value);
    if (typeof known === 'boolean') return known;
    executor.omit(`The condition of this loop is not known (${known.reason}); taken as false.`);
    return false;
  };
}
