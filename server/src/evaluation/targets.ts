/**
 * Assignment and deletion targets: `a`, `a.b`, `a[0]`, `a, (b, *c)`. Unpacking an unknown gives every name the unknown.
 */
import type { Expression } from '../syntax/ast.ts';
import { deleteAttribute, setAttribute } from './assignments.ts';
import type { CodeContext } from './codeContext.ts';
import type { Executor } from './executor.ts';
import { compileExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { isIterable, iterate } from './iteration.ts';
import { compileDelete, compileStore, type Store } from './names.ts';
import { mangle } from './scopes.ts';
import { deleteItem, setItem } from './subscripts.ts';
import { PyList, PyTuple, PyUnknown, type Value } from './values.ts';

export function compileTarget(context: CodeContext, target: Expression): Store {
  const { executor, scope } = context;
  switch (target.kind) {
    case 'name':
      return compileStore(context, target.name);
    case 'attribute': {
      const object = compileExpression(context, target.object);
      const name = mangle(scope, target.name);
      return (frame, value) => {
        const owner = object(frame);
        frame.at = target;
        setAttribute(executor, owner, name, value);
      };
    }
    case 'subscript': {
      const object = compileExpression(context, target.object);
      const index = compileExpression(context, target.index);
      return (frame, value) => {
        const container = object(frame);
        const key = index(frame);
        frame.at = target;
        setItem(executor, container, key, value);
      };
    }
    case 'tuple':
    case 'list':
      return compileUnpacking(context, target.elements, target);
    case 'starred':
      return compileTarget(context, target.value);
    default:
      return () => undefined;
  }
}

export function compileDeletion(context: CodeContext, target: Expression): (frame: Frame) => void {
  const { executor, scope } = context;
  switch (target.kind) {
    case 'name':
      return compileDelete(context, target.name, target);
    case 'attribute': {
      const object = compileExpression(context, target.object);
      const name = mangle(scope, target.name);
      return (frame) => {
        const owner = object(frame);
        frame.at = target;
        deleteAttribute(executor, owner, name);
      };
    }
    case 'subscript': {
      const object = compileExpression(context, target.object);
      const index = compileExpression(context, target.index);
      return (frame) => {
        const container = object(frame);
        const key = index(frame);
        frame.at = target;
        deleteItem(executor, container, key);
      };
    }
    case 'tuple':
    case 'list': {
      const parts = target.elements.map((element) => compileDeletion(context, element));
      return (frame) => {
        for (const part of parts) part(frame);
      };
    }
    default:
      return () => undefined;
  }
}

function compileUnpacking(context: CodeContext, elements: readonly Expression[], node: Expression): Store {
  const { executor } = context;
  const stores = elements.map((element) => compileTarget(context, element));
  const starAt = elements.findIndex((element) => element.kind === 'starred');
  return (frame, value) => {
    frame.at = node;
    if (value instanceof PyUnknown) {
      for (const store of stores) store(frame, value);
      return;
    }
    const items = itemsToUnpack(executor, value, starAt < 0 ? stores.length : undefined);
    if (starAt < 0) checkCount(executor, items.length, stores.length);
    const parts = starAt < 0 ? items : withStar(executor, items, stores.length, starAt);
    // As many parts as stores.
    for (const [index, store] of stores.entries()) store(frame, parts[index] as Value);
  };
}

/** The items; of an iterator no more than one beyond what is wanted. */
function itemsToUnpack(executor: Executor, value: Value, wanted: number | undefined): readonly Value[] {
  if (value instanceof PyTuple && value.namedClass === undefined) return value.items;
  if (value instanceof PyList && value.class === undefined) return value.items;
  if (!isIterable(executor, value)) {
    return executor.raise('TypeError', `cannot unpack non-iterable ${executor.typeOf(value).name} object`);
  }
  const items: Value[] = [];
  for (const item of iterate(executor, value)) {
    items.push(item);
    if (wanted !== undefined && items.length > wanted) break;
  }
  return items;
}

function checkCount(executor: Executor, given: number, wanted: number): void {
  if (given > wanted) executor.raise('ValueError', `too many values to unpack (expected ${wanted})`);
  if (given < wanted) executor.raise('ValueError', `not enough values to unpack (expected ${wanted}, got ${given})`);
}

function withStar(executor: Executor, items: readonly Value[], targetCount: number, starAt: number): readonly Value[] {
  const after = targetCount - starAt - 1;
  const middleEnd = items.length - after;
  if (middleEnd < starAt) {
    const message = `not enough values to unpack (expected at least ${targetCount - 1}, got ${items.length})`;
    executor.raise('ValueError', message);
  }
  return [...items.slice(0, starAt), new PyList(items.slice(starAt, middleEnd)), ...items.slice(middleEnd)];
}
