/**
 * Which way to go where a condition is not known, and the note about it.
 * `if x is None: x = default()` with an unknown x: not taken; `if bad: raise ...`: not taken; `if self.training: ...`:
 * not taken, as we model inference. Otherwise the body of an `if` is not taken. Every decision is noted once a place.
 * Where nothing but habit speaks for a way, and the other one may do work (`if u: x = self.more(x)`), what it would
 * have done is left out, so that no count is exact.
 */
import { walk } from '../syntax/visit.ts';
import type { Block, Expression, If, Statement } from '../syntax/ast.ts';
import type { Executor } from './executor.ts';
import { CallEnvironment, type Frame } from './frame.ts';
import type { PyUnknown } from './values.ts';

type Branching = If | Extract<Expression, { readonly kind: 'ifExpression' }>;

/** Whether the body of an `if` (or the first value of a conditional expression) is taken. */
export function decide(executor: Executor, frame: Frame, node: Branching, unknown: PyUnknown): boolean {
  const modelled = guess(node.test);
  const byRaises = node.kind === 'if' ? guessByRaises(node) : undefined;
  const isTaken = modelled ?? byRaises ?? guessByNone(node.test) ?? false;
  frame.at = node.test;
  const text = frame.origin.chunk.text.slice(node.test.start, node.test.end);
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  const message = `\`${shown}\` is not known (${unknown.reason}); taken as ${isTaken ? 'true' : 'false'}.`;
  const isSure = modelled !== undefined || byRaises !== undefined;
  // What a module or class leaves out are names, and who looks for one is told that it is missing.
  if (isSure || !(frame.environment instanceof CallEnvironment) || !mayWork(node, isTaken)) executor.assume(message);
  else executor.omit(message);
  return isTaken;
}

/** Whether the way that is not taken, or what it jumps over, may make layers or call them. */
function mayWork(node: Branching, isTaken: boolean): boolean {
  const other = isTaken ? node.orElse : node.body;
  if (other === undefined) return false;
  if (!('statements' in other)) return works(other);
  return other.statements.some(works);
}

/** Functions that only look at values, write, or check. */
const HARMLESS =
  /^(print|warn|warn_once|warning|warning_once|info|debug|error|isinstance|issubclass|hasattr|getattr|len|int|float|bool|str|repr|min|max|abs|round|format|range|tuple|list|dict|set|size|dim|item|keys|values|items|get|join|is_tensor|is_floating_point)$/;

function works(root: Statement | Expression): boolean {
  let isFound = false;
  walk(root, (node) => {
    if (isFound || node.kind === 'raise') return 'skip';
    if (node.kind === 'call') {
      const { callee } = node;
      const name = callee.kind === 'name' || callee.kind === 'attribute' ? callee.name : '';
      isFound = !HARMLESS.test(name);
    } else if (node.kind === 'binary') isFound = node.operator === '@';
    else isFound = ['return', 'break', 'continue', 'for', 'while', 'functionDef', 'yield'].includes(node.kind);
    return undefined;
  });
  return isFound;
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
    case 'compare':
      return undefined;
    default:
      return mentionsModelled(test) ? false : undefined;
  }
}

/** Something unknown is something: it is rather not None. */
function guessByNone(test: Expression): boolean | undefined {
  if (test.kind === 'unary' && test.operator === 'not') {
    const inner = guessByNone(test.operand);
    return inner === undefined ? undefined : !inner;
  }
  if (test.kind === 'boolean') {
    const parts = test.values.map((part) => guess(part) ?? guessByNone(part));
    if (test.operator === 'and') return parts.includes(false) ? false : undefined;
    return parts.includes(true) ? true : undefined;
  }
  if (test.kind !== 'compare') return undefined;
  const [operator] = test.operators;
  const [right] = test.comparators;
  if (right?.kind !== 'constant' || right.value.type !== 'none') return undefined;
  return operator === 'is' ? false : operator === 'is not' ? true : undefined;
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
