/**
 * Compiles expressions into closures: `a.b + 1` -> a function of the frame that reads `a`, its attribute, and adds.
 * Every closure that can fail or call sets `frame.at` first, so that problems and call sites know their place.
 */
import { assertNever } from '../base/assert.ts';
import type { Constant, Expression } from '../syntax/ast.ts';
import { BYTES } from './allocations.ts';
import { getAttribute } from './attributes.ts';
import { binary } from './binaryOperators.ts';
import { compileCall } from './callExpressions.ts';
import type { CodeContext } from './codeContext.ts';
import { compare } from './comparisons.ts';
import { compileComprehension } from './comprehensions.ts';
import { entriesOf, hashKey } from './builtins/containerCreation.ts';
import type { Executor } from './executor.ts';
import { compileFString } from './fStrings.ts';
import type { Evaluate, Frame } from './frame.ts';
import { compileFunction } from './functions.ts';
import { isIterable, iterate } from './iteration.ts';
import { compileLoad, compileStore } from './names.ts';
import { mangle } from './scopes.ts';
import { getItem } from './subscripts.ts';
import { truth, unary } from './truth.ts';
import { decide } from './unknownBranches.ts';
import {
  ELLIPSIS,
  PyBytes,
  PyComplex,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  PyRaise,
  PySet,
  PySlice,
  PyTuple,
  PyUnknown,
  type Value,
} from './values.ts';

export function compileExpression(context: CodeContext, node: Expression): Evaluate {
  switch (node.kind) {
    case 'name':
      return compileLoad(context, node.name, node);
    case 'constant':
      return compileConstant(node);
    case 'fString':
      return compileFString(context, node);
    case 'call':
      return compileCall(context, node);
    case 'attribute':
      return compileAttribute(context, node);
    case 'subscript':
      return compileSubscript(context, node);
    case 'lambda':
      return compileFunction(context, node);
    case 'listComprehension':
    case 'setComprehension':
    case 'dictComprehension':
    case 'generator':
      return compileComprehension(context, node);
    case 'tuple': {
      const items = compileItems(context, node.elements);
      return (frame) => {
        const values = items(frame);
        return values instanceof PyUnknown ? values : new PyTuple(values);
      };
    }
    case 'list': {
      const items = compileItems(context, node.elements);
      return (frame) => {
        const values = items(frame);
        return values instanceof PyUnknown ? values : new PyList(values);
      };
    }
    case 'set':
      return compileSet(context, node);
    case 'dict':
      return compileDict(context, node);
    case 'unary':
      return compileUnary(context, node);
    case 'binary':
      return compileBinary(context, node);
    case 'boolean':
      return compileBoolean(context, node);
    case 'compare':
      return compileCompare(context, node);
    case 'ifExpression':
      return compileIfExpression(context, node);
    case 'slice':
      return compileSlice(context, node);
    case 'await':
      // An async function runs like a plain one, so its result is there.
      return compileExpression(context, node.value);
    case 'yield':
    case 'yieldFrom':
      // Ran before the statement that it stands in; see generatorStatements.ts.
      return (frame) => frame.sent?.get(node) ?? null;
    case 'namedExpression': {
      const value = compileExpression(context, node.value);
      const store = compileStore(context, node.name);
      return (frame) => {
        const result = value(frame);
        store(frame, result);
        return result;
      };
    }
    case 'starred':
    case 'error': {
      const { executor } = context;
      return (frame) => {
        frame.at = node;
        return executor.unknown('this part of the text is not valid Python');
      };
    }
    default:
      return assertNever(node);
  }
}

/** Values of a display or of arguments, starred ones spread out; unknown where a starred one is. */
export function compileItems(
  context: CodeContext,
  elements: readonly Expression[],
): (frame: Frame) => Value[] | PyUnknown {
  const { executor } = context;
  if (elements.every((element) => element.kind !== 'starred')) {
    const evaluates = elements.map((element) => compileExpression(context, element));
    return (frame) => {
      const values: Value[] = [];
      for (const evaluate of evaluates) values.push(evaluate(frame));
      return values;
    };
  }
  const parts = elements.map((element) => ({
    node: element,
    isStarred: element.kind === 'starred',
    evaluate: compileExpression(context, element.kind === 'starred' ? element.value : element),
  }));
  return (frame) => {
    const values: Value[] = [];
    let unknown: PyUnknown | undefined;
    for (const { node, isStarred, evaluate } of parts) {
      const value = evaluate(frame);
      if (!isStarred) values.push(value);
      else if (value instanceof PyUnknown) unknown ??= value;
      else {
        frame.at = node;
        if (!isIterable(executor, value)) {
          const { name } = executor.typeOf(value);
          executor.raise('TypeError', `Value after * must be an iterable, not ${name}`);
        }
        for (const item of iterate(executor, value)) values.push(item);
      }
    }
    return unknown ?? values;
  };
}

function compileConstant({ value }: Constant): Evaluate {
  switch (value.type) {
    case 'none':
      return () => null;
    case 'ellipsis':
      return () => ELLIPSIS;
    case 'bool':
    case 'string':
    case 'int': {
      const constant = value.value;
      return () => constant;
    }
    case 'float': {
      const constant = new PyFloat(value.value);
      return () => constant;
    }
    case 'imaginary': {
      const constant = new PyComplex(0, value.value);
      return () => constant;
    }
    case 'bytes': {
      const constant = new PyBytes(value.value);
      return () => constant;
    }
    default:
      return assertNever(value);
  }
}

type NodeOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;
type Display = Extract<Expression, { readonly kind: 'tuple' | 'list' | 'set' }>;

function compileAttribute(context: CodeContext, node: NodeOf<'attribute'>): Evaluate {
  const { executor, scope } = context;
  const object = compileExpression(context, node.object);
  const name = mangle(scope, node.name);
  return (frame) => {
    const value = object(frame);
    frame.at = node;
    return getAttribute(executor, value, name);
  };
}

function compileSubscript(context: CodeContext, node: NodeOf<'subscript'>): Evaluate {
  const { executor } = context;
  const object = compileExpression(context, node.object);
  const index = compileExpression(context, node.index);
  return (frame) => {
    const container = object(frame);
    const key = index(frame);
    frame.at = node;
    const result = getItem(executor, container, key);
    noteResult(executor, frame, result);
    return result;
  };
}

function compileSlice(context: CodeContext, node: NodeOf<'slice'>): Evaluate {
  const none: Evaluate = () => null;
  const [lower, upper, step] = [node.lower, node.upper, node.step].map((part) =>
    part === undefined ? none : compileExpression(context, part),
  ) as [Evaluate, Evaluate, Evaluate]; // map keeps the length
  return (frame) => new PySlice(lower(frame), upper(frame), step(frame));
}

function compileSet(context: CodeContext, node: Display): Evaluate {
  const { executor } = context;
  const items = compileItems(context, node.elements);
  return (frame) => {
    const values = items(frame);
    if (values instanceof PyUnknown) return values;
    const set = new PySet(false);
    frame.at = node;
    for (const value of values) {
      const key = hashKey(executor, value);
      if (key instanceof PyUnknown) return key;
      if (!set.entries.has(key)) set.entries.set(key, value);
    }
    executor.budget.allocate(BYTES.entry * set.entries.size);
    return set;
  };
}

function compileDict(context: CodeContext, node: NodeOf<'dict'>): Evaluate {
  const { executor } = context;
  const entries = node.entries.map(({ key, value }) => ({
    key: key && compileExpression(context, key),
    value: compileExpression(context, value),
    at: key ?? value,
  }));
  return (frame) => {
    const dict = new PyDict();
    let unknown: PyUnknown | undefined;
    for (const entry of entries) {
      if (entry.key === undefined) {
        const source = entry.value(frame);
        frame.at = entry.at;
        const spread = entriesOf(executor, source);
        if (spread instanceof PyUnknown) unknown ??= spread;
        else for (const { key, value } of spread) dict.entries.set(hashKey(executor, key), { key, value });
        continue;
      }
      const key = entry.key(frame);
      const value = entry.value(frame);
      frame.at = entry.at;
      const mapKey = hashKey(executor, key);
      if (mapKey instanceof PyUnknown) unknown ??= mapKey;
      else dict.entries.set(mapKey, { key: dict.entries.get(mapKey)?.key ?? key, value });
    }
    executor.budget.allocate(BYTES.entry * dict.entries.size);
    return unknown ?? dict;
  };
}

function compileUnary(context: CodeContext, node: NodeOf<'unary'>): Evaluate {
  const { executor } = context;
  const { operator } = node;
  const operand = compileExpression(context, node.operand);
  return (frame) => {
    const value = operand(frame);
    frame.at = node;
    const result = unary(executor, operator, value);
    noteResult(executor, frame, result);
    return result;
  };
}

function compileBinary(context: CodeContext, node: NodeOf<'binary'>): Evaluate {
  const { executor } = context;
  const { operator } = node;
  const left = compileExpression(context, node.left);
  const right = compileExpression(context, node.right);
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    frame.at = node;
    const result = binary(executor, operator, a, b);
    noteResult(executor, frame, result);
    return result;
  };
}

function compileBoolean(context: CodeContext, node: NodeOf<'boolean'>): Evaluate {
  const { executor } = context;
  const values = node.values.map((value) => compileExpression(context, value));
  const stopsAt = node.operator === 'or';
  return (frame) => {
    let result: Value = null;
    for (const [index, value] of values.entries()) {
      result = value(frame);
      if (index === values.length - 1) break;
      frame.at = node;
      const known = truth(executor, result);
      if (known === stopsAt) return result;
      if (typeof known !== 'boolean') return decidedByRest(frame, index + 1) ? stopsAt : known;
    }
    return result;
  };

  /** `? and False` is false, `? or True` is true; what the unknown part guards may well raise. */
  function decidedByRest(frame: Frame, from: number): boolean {
    try {
      return values.slice(from).some((value) => truth(executor, value(frame)) === stopsAt);
    } catch (error) {
      if (error instanceof PyRaise) return false;
      throw error;
    }
  }
}

function compileCompare(context: CodeContext, node: NodeOf<'compare'>): Evaluate {
  const { executor } = context;
  const left = compileExpression(context, node.left);
  const [firstOperator] = node.operators;
  const comparators = node.comparators.map((comparator) => compileExpression(context, comparator));
  const [first] = comparators;
  if (comparators.length === 1 && first !== undefined && firstOperator !== undefined) {
    return (frame) => {
      const a = left(frame);
      const b = first(frame);
      frame.at = node;
      const result = compare(executor, firstOperator, a, b);
      noteResult(executor, frame, result);
      return result;
    };
  }
  return (frame) => {
    let a = left(frame);
    let result: Value = true;
    let unknown: PyUnknown | undefined;
    for (const [index, operator] of node.operators.entries()) {
      const b = (comparators[index] as Evaluate)(frame); // as many as operators
      frame.at = node;
      result = compare(executor, operator, a, b);
      const known = truth(executor, result);
      if (known === false) return result;
      if (known !== true) unknown ??= known;
      a = b;
    }
    return unknown ?? result;
  };
}

function compileIfExpression(context: CodeContext, node: NodeOf<'ifExpression'>): Evaluate {
  const { executor } = context;
  const test = compileExpression(context, node.test);
  const body = compileExpression(context, node.body);
  const orElse = compileExpression(context, node.orElse);
  return (frame) => {
    const value = test(frame);
    frame.at = node.test;
    const known = truth(executor, value);
    const isTaken = typeof known === 'boolean' ? known : decide(executor, frame, node, known);
    return isTaken ? body(frame) : orElse(frame);
  };
}

/** Tells the hook of results that may hold tensors. */
function noteResult(executor: Executor, frame: Frame, result: Value): void {
  if (executor.hooks?.onExpressionResult === undefined) return;
  if (result instanceof PyInstance || result instanceof PyTuple) executor.hooks.onExpressionResult(frame.range, result);
}
