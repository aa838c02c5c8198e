/**
 * Sums over a graph: totals of the whole, and of each module with everything below it.
 * Shared parameters count once; a module that runs twice works twice.
 */
import { addToTotal, multiplyDims, type Dim } from '../graph/dim.ts';
import { elementCount, tensorBytes, tensorType } from '../graph/tensorType.ts';
import type { ModelGraph, NodeId, NodeWork, Parameter, ParameterId } from '../graph/modelGraph.ts';
import { sumWork } from '../graph/nodeWork.ts';

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
    if (kind !== 'buffer') paramCount = addToTotal(paramCount, count);
    if (kind !== 'parameter') bufferCount = addToTotal(bufferCount, count);
    weightBytes = addToTotal(weightBytes, tensorBytes(tensorType(dtype, shape)));
  }
  return { paramCount, bufferCount, weightBytes };
}

/** What a module holds and does, everything below it included. */
export interface ScopeTotals extends StoredCounts {
  readonly work: NodeWork;
}

/** Totals by scope path, given the nodes of each (hierarchy.ts): each module's nodes and stored tensors with those of everything below it. */
export function totalsByScope(
  graph: ModelGraph,
  nodes: ReadonlyMap<string, readonly NodeId[]>,
): ReadonlyMap<string, ScopeTotals> {
  const counts = graph.parameters.map((parameter) => countStored([parameter]));
  const held = parametersByScope(graph);
  return new Map(
    graph.scopes.map(({ path }) => {
      const work = sumWork((nodes.get(path) ?? []).flatMap((id) => graph.nodes[id]?.work ?? []));
      const stored = [...(held.get(path) ?? [])].flatMap((id) => counts[id] ?? []);
      return [path, { ...sumStored(stored), work }];
    }),
  );
}

function parametersByScope(graph: ModelGraph): ReadonlyMap<string, ReadonlySet<ParameterId>> {
  const held = new Map(graph.scopes.map(({ path }) => [path, new Set<ParameterId>()]));
  const parents = new Map(graph.scopes.map(({ path, parent }) => [path, parent]));
  for (const { path, parameters } of graph.scopes) {
    for (let at: string | undefined = path; at !== undefined; at = parents.get(at)) {
      for (const id of parameters) held.get(at)?.add(id);
    }
  }
  return held;
}

function sumStored(parts: readonly StoredCounts[]): StoredCounts {
  let paramCount: Dim = 0;
  let bufferCount: Dim = 0;
  let weightBytes: Dim = 0;
  for (const part of parts) {
    paramCount = addToTotal(paramCount, part.paramCount);
    bufferCount = addToTotal(bufferCount, part.bufferCount);
    weightBytes = addToTotal(weightBytes, part.weightBytes);
  }
  return { paramCount, bufferCount, weightBytes };
}
