/**
 * Which way to go where a condition is not known, and the note about it.
 * `if x is None: x = default()` with an unknown x: not taken; `if bad: raise ...`: not taken; `if self.training: ...`:
 * not taken, as we model inference. Otherwise the body of an `if` is not taken. Every decision is noted once a place.
 */
import { walk } from '../syntax/visit.ts';
import type { Block, Expression, If } from '../syntax/ast.ts';
import type { Executor } from './executor.ts';
import type { Frame } from './frame.ts';
import type { PyUnknown } from './values.ts';

type Branching = If | Extract<Expression, { readonly kind: 'ifExpression' }>;

/** Whether the body of an `if` (or the first value of a conditional expression) is taken. */
export function decide(executor: Executor, frame: Frame, node: Branching, unknown: PyUnknown): boolean {
  const isTaken = guess(node.test) ?? (node.kind === 'if' && guessByRaises(node)) ?? false;
  frame.at = node.test;
  const text = frame.origin.chunk.text.slice(node.test.start, node.test.end);
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  executor.assume(`\`${shown}\` is not known (${unknown.reason}); taken as ${isTaken ? 'true' : 'false'}.`);
  return isTaken;
}

/** Words in conditions that are false by modelling: we look at inference, eager, on no particular device. */
const FALSE_BY_MODELLING =
  /training|requires_grad|grad_enabled|scripting|tracing|compiling|exporting|export|cuda|is_available|quantiz/i;

/** What a condition's own form suggests; undefined where it says nothing. */
function guess(test: Expression): boolean | undefined {
  switch (test.kind) {
    case 'unary': {
      if (test.operator !== 'not') return undefined;
      const inner = guess(test.operand);
      return inner === undefined ? undefined : !inner;
    }
    case 'boolean': {
      const parts = test.values.map(guess);
      if (test.operator === 'and') return parts.includes(false) ? false : undefined;
      return parts.includes(true) ? true : undefined;
    }
    case 'compare': {
      const [operator] = test.operators;
      const [right] = test.comparators;
      const isNone = right?.kind === 'constant' && right.value.type === 'none';
      if (isNone && operator === 'is') return false;
      if (isNone && operator === 'is not') return true;
      return undefined;
    }
    default:
      return mentionsModelled(test) ? false : undefined;
  }
}

function mentionsModelled(test: Expression): boolean {
  let isMentioned = false;
  walk(test, (node) => {
    if (node.kind === 'name' || node.kind === 'attribute') isMentioned ||= FALSE_BY_MODELLING.test(node.name);
    return undefined;
  });
  return isMentioned;
}

/** The branch that does not raise; undefined where both or none do. */
function guessByRaises(node: If): boolean | undefined {
  const bodyRaises = raises(node.body);
  const elseRaises = node.orElse !== undefined && raises(node.orElse);
  return bodyRaises === elseRaises ? undefined : elseRaises;
}

/** Whether a block certainly ends in `raise` (or in `assert False`). */
function raises(block: Block): boolean {
  const last = block.statements.at(-1);
  if (last?.kind === 'raise') return true;
  return last?.kind === 'if' && last.orElse !== undefined && raises(last.body) && raises(last.orElse);
}
