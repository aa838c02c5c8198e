/**
 * Statements of generator functions: those that hold a `yield` run as JavaScript generators, the others as usual.
 * The `yield`s of one statement run first, left to right, and the statement then sees what was sent into them;
 * so `f(a(), (yield b))` calls `a` after the yield, which Python does before it.
 */
import { forEachChild, type SyntaxNode } from '../syntax/visit.ts';
import type { Block, Expression, For, If, Match, Statement, Try, While, With } from '../syntax/ast.ts';
import type { CodeContext } from './codeContext.ts';
import type { Executor } from './executor.ts';
import { compileExpression } from './expressions.ts';
import { BREAK, NORMAL, RETURN, type Completion, type Execute, type ExecuteGenerator, type Frame } from './frame.ts';
import { iterate } from './iteration.ts';
import { compileTest } from './loops.ts';
import { countRound } from './rounds.ts';
import { compileCases } from './patternMatching.ts';
import { compileStatement } from './statements.ts';
import { compileTarget } from './targets.ts';
import { truth } from './truth.ts';
import { compileHandler, enterGuard, findHandler, forgetHandled, guardOf, leaveGuard } from './tryStatements.ts';
import { decide } from './unknownBranches.ts';
import { compileWithItems, enterContext, exitContext } from './withStatements.ts';
import { PyIterator, PyRaise, PyUnknown, type Value } from './values.ts';

type Steps = Generator<Value, Completion, Value>;

/** A statement with a `yield` in it, or one without. */
type Step =
  { readonly kind: 'plain'; readonly run: Execute } | { readonly kind: 'yielding'; readonly run: ExecuteGenerator };

export function compileGeneratorBlock(context: CodeContext, block: Block): ExecuteGenerator {
  const steps = block.statements.map((statement) => compileStep(context, statement));
  return function* (frame): Steps {
    for (const step of steps) {
      const completion = step.kind === 'plain' ? step.run(frame) : yield* step.run(frame);
      if (completion !== NORMAL) return completion;
    }
    return NORMAL;
  };
}

function compileStep(context: CodeContext, node: Statement): Step {
  if (!containsYield(node)) return { kind: 'plain', run: compileStatement(context, node) };
  const { executor } = context;
  const run = compileYielding(context, node);
  return {
    kind: 'yielding',
    run: function* (frame): Steps {
      executor.budget.step(1);
      return yield* run(frame);
    },
  };
}

function compileYielding(context: CodeContext, node: Statement): ExecuteGenerator {
  switch (node.kind) {
    case 'if':
      return compileIf(context, node);
    case 'for':
      return compileFor(context, node);
    case 'while':
      return compileWhile(context, node);
    case 'try':
      return compileTry(context, node);
    case 'with':
      return compileWith(context, node);
    case 'match':
      return compileMatch(context, node);
    default: {
      const yields = compileYields(context, node);
      const statement = compileStatement(context, node);
      return function* (frame): Steps {
        yield* yields(frame);
        return statement(frame);
      };
    }
  }
}

function compileIf(context: CodeContext, node: If): ExecuteGenerator {
  const { executor } = context;
  const yields = compileYields(context, node.test);
  const test = compileExpression(context, node.test);
  const body = compileGeneratorBlock(context, node.body);
  const orElse = node.orElse && compileGeneratorBlock(context, node.orElse);
  return function* (frame): Steps {
    yield* yields(frame);
    const value = test(frame);
    frame.at = node.test;
    const known = truth(executor, value);
    const isTaken = typeof known === 'boolean' ? known : decide(executor, frame, node, known);
    if (isTaken) return yield* body(frame);
    return orElse === undefined ? NORMAL : yield* orElse(frame);
  };
}

function compileFor(context: CodeContext, node: For): ExecuteGenerator {
  const { executor } = context;
  const yields = compileYields(context, node.iterable);
  const iterable = compileExpression(context, node.iterable);
  const store = compileTarget(context, node.target);
  const body = compileGeneratorBlock(context, node.body);
  const orElse = node.orElse && compileGeneratorBlock(context, node.orElse);
  return function* (frame): Steps {
    yield* yields(frame);
    const value = iterable(frame);
    frame.at = node.iterable;
    let rounds = 0;
    for (const item of iterate(executor, value)) {
      countRound(executor, frame, node.iterable, ++rounds);
      store(frame, item);
      const completion = yield* body(frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
      frame.at = node.iterable;
    }
    return orElse === undefined ? NORMAL : yield* orElse(frame);
  };
}

function compileWhile(context: CodeContext, node: While): ExecuteGenerator {
  const { executor } = context;
  const yields = compileYields(context, node.test);
  const test = compileTest(context, node);
  const body = compileGeneratorBlock(context, node.body);
  const orElse = node.orElse && compileGeneratorBlock(context, node.orElse);
  return function* (frame): Steps {
    for (let rounds = 1; ; rounds++) {
      yield* yields(frame);
      if (!test(frame)) break;
      countRound(executor, frame, node.test, rounds);
      const completion = yield* body(frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
    return orElse === undefined ? NORMAL : yield* orElse(frame);
  };
}

function compileTry(context: CodeContext, node: Try): ExecuteGenerator {
  const body = compileGeneratorBlock(context, node.body);
  const handlers = node.handlers.map((handler) => ({
    ...compileHandler(context, handler),
    body: compileGeneratorBlock(context, handler.body),
  }));
  const orElse = node.orElse && compileGeneratorBlock(context, node.orElse);
  const finalBody = node.finalBody && compileGeneratorBlock(context, node.finalBody);
  const guard = guardOf(node);

  function* guarded(frame: Frame): Steps {
    let completion: Completion;
    enterGuard(frame, guard);
    try {
      completion = yield* body(frame);
    } catch (error) {
      if (!(error instanceof PyRaise)) throw error;
      const handler = findHandler(context, frame, handlers, error);
      if (handler === undefined) throw error;
      const outer = frame.handled;
      frame.handled = error;
      handler.store?.(frame, error.value);
      try {
        return yield* handler.body(frame);
      } finally {
        forgetHandled(frame, handler, outer);
      }
    } finally {
      leaveGuard(frame, guard);
    }
    return completion === NORMAL && orElse !== undefined ? yield* orElse(frame) : completion;
  }
  if (finalBody === undefined) return guarded;

  return function* (frame): Steps {
    let completion: Completion;
    try {
      completion = yield* guarded(frame);
    } catch (error) {
      if (!(error instanceof PyRaise)) throw error;
      const ending = yield* finalBody(frame);
      if (ending !== NORMAL) return ending;
      throw error;
    }
    const { returnValue } = frame;
    const ending = yield* finalBody(frame);
    if (ending !== NORMAL) return ending;
    frame.returnValue = returnValue;
    return completion;
  };
}

function compileWith(context: CodeContext, node: With): ExecuteGenerator {
  const { executor } = context;
  const yields = compileYields(context, ...node.items.map((item) => item.context));
  const items = compileWithItems(context, node);
  const body = compileGeneratorBlock(context, node.body);
  return function* (frame): Steps {
    yield* yields(frame);
    return yield* runItem(frame, 0);
  };

  function* runItem(frame: Frame, index: number): Steps {
    const item = items[index];
    if (item === undefined) return yield* body(frame);
    const entered = enterContext(executor, frame, item, node.isAsync);
    let completion: Completion;
    try {
      completion = yield* runItem(frame, index + 1);
    } catch (error) {
      if (!(error instanceof PyRaise)) throw error;
      frame.at = item.node;
      if (exitContext(executor, entered, error)) return NORMAL;
      throw error;
    }
    const { returnValue } = frame;
    frame.at = item.node;
    exitContext(executor, entered, undefined);
    frame.returnValue = returnValue;
    return completion;
  }
}

function compileMatch(context: CodeContext, node: Match): ExecuteGenerator {
  const yields = compileYields(context, node.subject);
  const select = compileCases(context, node);
  const bodies = node.cases.map((matchCase) => compileGeneratorBlock(context, matchCase.body));
  return function* (frame): Steps {
    yield* yields(frame);
    const body = bodies[select(frame)];
    return body === undefined ? NORMAL : yield* body(frame);
  };
}

/** A `yield` or `yield from`. */
interface YieldNode {
  readonly node: Expression;
  readonly isDelegating: boolean;
  readonly value: Expression | undefined;
}

/** Runs the `yield`s of some nodes, innermost and leftmost first, and keeps what was sent into them. */
function compileYields(
  context: CodeContext,
  ...nodes: readonly SyntaxNode[]
): (frame: Frame) => Generator<Value, void, Value> {
  const found: YieldNode[] = [];
  for (const node of nodes) collectYields(node, found);
  const yields = found.map(({ node, isDelegating, value }) => ({
    node,
    isDelegating,
    value: value && compileExpression(context, value),
  }));
  return function* (frame) {
    for (const { node, isDelegating, value } of yields) {
      const given = value === undefined ? null : value(frame);
      frame.at = node;
      const sent = isDelegating ? yield* delegate(context.executor, given) : yield given;
      frame.sent ??= new Map<object, Value>();
      frame.sent.set(node, sent);
    }
  };
}

/** `yield from iterable`; what is sent or thrown goes to the inner generator, whose return value is the result. */
function* delegate(executor: Executor, iterable: Value): Generator<Value, Value, Value> {
  if (iterable instanceof PyUnknown) {
    executor.omit(`\`yield from\` an unknown value yielded nothing (${iterable.reason}).`);
    return iterable;
  }
  if (!(iterable instanceof PyIterator)) {
    yield* iterate(executor, iterable);
    return null;
  }
  const { iterator } = iterable;
  let result = iterator.next(null);
  while (result.done !== true) {
    executor.budget.step(1);
    let sent: Value;
    try {
      sent = yield result.value;
    } catch (error) {
      if (iterator.throw === undefined) throw error;
      result = iterator.throw(error);
      continue;
    }
    result = iterator.next(sent);
  }
  return result.value;
}

function containsYield(node: SyntaxNode): boolean {
  const found: YieldNode[] = [];
  collectYields(node, found);
  return found.length > 0;
}

/** Postorder, as Python evaluates; without those of nested functions and classes. */
function collectYields(node: SyntaxNode, found: YieldNode[]): void {
  if (node.kind === 'lambda' || node.kind === 'functionDef' || node.kind === 'classDef') return;
  forEachChild(node, (child) => collectYields(child, found));
  if (node.kind === 'yield') found.push({ node, isDelegating: false, value: node.value });
  if (node.kind === 'yieldFrom') found.push({ node, isDelegating: true, value: node.value });
}
