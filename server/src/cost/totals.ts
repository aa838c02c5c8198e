/**
 * Sums over a graph: totals of the whole, and of each module with everything below it.
 * Shared parameters count once; a module that runs twice works twice.
 */
import { addDims, multiplyDims, type Dim } from '../graph/dim.ts';
import { elementCount, tensorBytes, tensorType } from '../graph/tensorType.ts';
import type { ModelGraph, NodeWork, Parameter, ParameterId } from '../graph/modelGraph.ts';

export const NO_WORK: NodeWork = { macs: 0, elementwiseOps: 0, bytesRead: 0, bytesWritten: 0 };

export function addWork(left: NodeWork, right: NodeWork): NodeWork {
  return {
    macs: addDims(left.macs, right.macs),
    elementwiseOps: addDims(left.elementwiseOps, right.elementwiseOps),
    bytesRead: addDims(left.bytesRead, right.bytesRead),
    bytesWritten: addDims(left.bytesWritten, right.bytesWritten),
  };
}

export function sumWork(parts: readonly NodeWork[]): NodeWork {
  return parts.reduce(addWork, NO_WORK);
}

/** FLOPs = 2 x MACs: one multiplication and one addition each. */
export function flopsOf(macs: Dim): Dim {
  return multiplyDims(macs, 2);
}

export interface StoredCounts {
  readonly paramCount: Dim;
  readonly bufferCount: Dim;
  /** Of parameters and buffers, by their dtype. */
  readonly weightBytes: Dim;
}

/** Counts stored tensors; the caller passes each one once. */
export function countStored(parameters: readonly Parameter[]): StoredCounts {
  let paramCount: Dim = 0;
  let bufferCount: Dim = 0;
  let weightBytes: Dim = 0;
  for (const { kind, dtype, shape } of parameters) {
    const count = elementCount(shape);
    if (kind === 'parameter') paramCount = addDims(paramCount, count);
    else bufferCount = addDims(bufferCount, count);
    weightBytes = addDims(weightBytes, tensorBytes(tensorType(dtype, shape)));
  }
  return { paramCount, bufferCount, weightBytes };
}

/** What a module holds and does, everything below it included. */
export interface ScopeTotals extends StoredCounts {
  readonly work: NodeWork;
}

/** Totals by scope path; one pass over nodes and scopes, each added to its ancestors. */
export function totalsByScope(graph: ModelGraph): ReadonlyMap<string, ScopeTotals> {
  const parents = new Map(graph.scopes.map((scope) => [scope.path, scope.parent]));
  const work = new Map<string, NodeWork>();
  const held = new Map<string, Set<ParameterId>>();
  for (const node of graph.nodes) {
    forEachAncestor(node.scope, parents, (path) => work.set(path, addWork(work.get(path) ?? NO_WORK, node.work)));
  }
  for (const scope of graph.scopes) {
    forEachAncestor(scope.path, parents, (path) => {
      const ids = held.get(path) ?? new Set();
      for (const id of scope.parameters) ids.add(id);
      held.set(path, ids);
    });
  }
  return new Map(
    graph.scopes.map(({ path }) => {
      const parameters = [...(held.get(path) ?? [])].flatMap((id) => graph.parameters[id] ?? []);
      return [path, { ...countStored(parameters), work: work.get(path) ?? NO_WORK }];
    }),
  );
}

function forEachAncestor(
  path: string,
  parents: ReadonlyMap<string, string | undefined>,
  visit: (path: string) => void,
): void {
  for (let at: string | undefined = path; at !== undefined; at = parents.get(at)) visit(at);
}
