/**
 * `__annotations__` of functions and classes, evaluated only when one is read: `def f(x: torch.Tensor)` does not touch
 * torch until somebody asks. Under `from __future__ import annotations` they are their source text, as in Python.
 */
import type { Expression } from '../syntax/ast.ts';
import { keyOf } from './containers.ts';
import type { Executor } from './executor.ts';
import { compileExpression } from './expressions.ts';
import { Frame } from './frame.ts';
import { codeOf } from './functions.ts';
import type { StaticScope } from './scopes.ts';
import { reprText } from './text.ts';
import { PyDict, PyRaise, PyUnknown, type DictEntry, type PyFunction, type Value } from './values.ts';

export function annotationsOf(executor: Executor, fn: PyFunction): PyDict {
  const dict = new PyDict();
  const { definition } = fn;
  const { positional, variadic, keywordOnly, keywordVariadic } = definition.parameters;
  const scope = withoutClasses(codeOf(executor, fn).parent);
  const frame = new Frame(fn.closure, fn.closure, fn.module, fn.origin, undefined, undefined, undefined);
  for (const parameter of [...positional, variadic, ...keywordOnly, keywordVariadic]) {
    if (parameter?.annotation) addAnnotation(executor, dict, parameter.name, parameter.annotation, frame, scope);
  }
  if (definition.kind === 'functionDef' && definition.returns) {
    addAnnotation(executor, dict, 'return', definition.returns, frame, scope);
  }
  return dict;
}

/** Adds an annotation that is evaluated in `frame` when its value is first read. */
export function addAnnotation(
  executor: Executor,
  dict: PyDict,
  name: string,
  annotation: Expression,
  frame: Frame,
  scope: StaticScope,
): void {
  dict.entries.set(keyOf(name), new LazyEntry(name, () => evaluate(executor, annotation, frame, scope)));
}

/** Methods do not see the names of their class. */
function withoutClasses(scope: StaticScope): StaticScope {
  return scope.kind === 'class' && scope.parent !== undefined ? withoutClasses(scope.parent) : scope;
}

class LazyEntry implements DictEntry {
  #evaluate: (() => Value) | undefined;
  #value: Value = null;

  constructor(
    readonly key: Value,
    evaluateValue: () => Value,
  ) {
    this.#evaluate = evaluateValue;
  }

  get value(): Value {
    if (this.#evaluate !== undefined) {
      this.#value = this.#evaluate();
      this.#evaluate = undefined;
    }
    return this.#value;
  }
}

function evaluate(executor: Executor, annotation: Expression, frame: Frame, scope: StaticScope): Value {
  const text = frame.origin.chunk.text.slice(annotation.start, annotation.end);
  const isText = annotation.kind === 'constant' && annotation.value.type === 'string';
  if (executor.futureAnnotations.has(frame.module)) return isText ? reprText(annotation.value.value) : text;
  try {
    return executor.inFrame(frame, () => compileExpression({ executor, scope }, annotation)(frame));
  } catch (error) {
    if (error instanceof PyRaise) return new PyUnknown(`the annotation \`${text}\` could not be evaluated`);
    throw error;
  }
}
