/**
 * Comprehensions and generator expressions, each a scope of its own: [f(x) for x in xs if x > 2].
 * Over an unknown, or with a condition that is not known, a list, set or dict is unknown as a whole.
 */
import type { Comprehension, ComprehensionClause } from '../syntax/ast.ts';
import { allocations, BYTES } from './allocations.ts';
import { hashKey } from './builtins/containerCreation.ts';
import type { CodeContext } from './codeContext.ts';
import { compileExpression } from './expressions.ts';
import { CallEnvironment, Frame, NORMAL, type Completion, type Evaluate } from './frame.ts';
import { makeGenerator } from './generators.ts';
import { iterate } from './iteration.ts';
import { countRound } from './rounds.ts';
import type { Store } from './names.ts';
import { comprehensionScope } from './scopes.ts';
import { compileTarget } from './targets.ts';
import { truth } from './truth.ts';
import { PyDict, PyList, PySet, PyUnknown, type Value } from './values.ts';

interface Clause {
  readonly node: ComprehensionClause;
  readonly iterable: Evaluate;
  readonly store: Store;
  readonly conditions: readonly Evaluate[];
}

export function compileComprehension(context: CodeContext, node: Comprehension): Evaluate {
  const { executor } = context;
  const inner: CodeContext = { executor, scope: comprehensionScope(context.scope, node) };
  const [first] = node.clauses;
  if (first === undefined) return () => executor.unknown('this part of the text is not valid Python');
  // Python evaluates the first iterable in the scope around.
  const firstIterable = compileExpression(context, first.iterable);
  const clauses = node.clauses.map((clause, index): Clause => {
    return {
      node: clause,
      iterable: index === 0 ? firstIterable : compileExpression(inner, clause.iterable),
      store: compileTarget(inner, clause.target),
      conditions: clause.conditions.map((condition) => compileExpression(inner, condition)),
    };
  });
  const element = compileExpression(inner, node.element);
  const value = node.value && compileExpression(inner, node.value);
  return (frame) => {
    const iterable = firstIterable(frame);
    if (iterable instanceof PyUnknown) return iterable;
    const innerFrame = comprehensionFrame(frame);
    if (node.kind === 'generator') {
      return makeGenerator(executor, innerFrame, (running) => generate(running, 0, iterable));
    }
    return collect(innerFrame, iterable);
  };

  function comprehensionFrame(frame: Frame): Frame {
    const environment = new CallEnvironment(inner.scope.slots, frame.closure);
    const { module, origin, function_, classCell } = frame;
    const result = new Frame(environment, environment, module, origin, frame, function_, classCell);
    result.firstArgument = frame.firstArgument;
    result.importGuards = frame.importGuards;
    return result;
  }

  function collect(frame: Frame, iterable: Value): Value {
    const outer = executor.frame;
    executor.frame = frame;
    try {
      const result = emptyCollection();
      const unknown = run(frame, 0, iterable, result);
      return unknown ?? result;
    } finally {
      executor.frame = outer;
    }
  }

  function emptyCollection(): PyList | PySet | PyDict {
    if (node.kind === 'listComprehension') return new PyList([]);
    return node.kind === 'setComprehension' ? new PySet(false) : new PyDict();
  }

  /** Runs the clauses from `index` on; returns the unknown that makes the result unknown. */
  function run(frame: Frame, index: number, iterable: Value, into: PyList | PySet | PyDict): PyUnknown | undefined {
    const { node: clause, store, conditions } = clauses[index] as Clause; // called for existing clauses only
    if (iterable instanceof PyUnknown) return iterable;
    frame.at = clause.iterable;
    let rounds = 0;
    for (const item of iterate(executor, iterable)) {
      countRound(executor, frame, clause.iterable, ++rounds);
      store(frame, item);
      const verdict = test(frame, conditions);
      if (verdict instanceof PyUnknown) return verdict;
      if (!verdict) continue;
      const next = clauses[index + 1];
      const unknown = next === undefined ? add(frame, into) : run(frame, index + 1, next.iterable(frame), into);
      if (unknown !== undefined) return unknown;
    }
    return undefined;
  }

  function* generate(frame: Frame, index: number, iterable: Value): Generator<Value, Completion, Value> {
    const { node: clause, store, conditions } = clauses[index] as Clause; // called for existing clauses only
    frame.at = clause.iterable;
    for (const item of iterate(executor, iterable)) {
      executor.budget.step(1);
      store(frame, item);
      const verdict = test(frame, conditions);
      if (verdict instanceof PyUnknown) executor.omit(`A condition is not known (${verdict.reason}); taken as false.`);
      if (verdict !== true) continue;
      const next = clauses[index + 1];
      if (next === undefined) yield element(frame);
      else yield* generate(frame, index + 1, next.iterable(frame));
    }
    return NORMAL;
  }

  function test(frame: Frame, conditions: readonly Evaluate[]): boolean | PyUnknown {
    for (const condition of conditions) {
      const known = truth(executor, condition(frame));
      if (known !== true) return known;
    }
    return true;
  }

  function add(frame: Frame, into: PyList | PySet | PyDict): PyUnknown | undefined {
    const item = element(frame);
    if (into instanceof PyList) {
      allocations.bytes += 2 * BYTES.item;
      into.items.push(item);
      return undefined;
    }
    allocations.bytes += BYTES.entry;
    const itemValue = value?.(frame);
    frame.at = node;
    const key = hashKey(executor, item);
    if (key instanceof PyUnknown) return key;
    if (into instanceof PySet) {
      if (!into.entries.has(key)) into.entries.set(key, item);
    } else into.entries.set(key, { key: into.entries.get(key)?.key ?? item, value: itemValue ?? null });
    return undefined;
  }
}
