/**
 * Memory over the execution order: what all nodes make, and the most that is alive at one time.
 * A value lives from the node that makes it to its last reader; a view keeps its base alive and adds nothing;
 * weights, inputs and outputs live throughout, as they do for a caller of the model.
 */
import {
  addDims,
  addToTotal,
  maximumDim,
  multiplyDims,
  type Dim,
  unknownDim,
  dimSymbols,
  unknownReason,
} from '../graph/dim.ts';
import { tensorBytes, type ValueType } from '../graph/tensorType.ts';
import type { GraphNode, ModelGraph, NodeId, ValueId } from '../graph/modelGraph.ts';
import { countStored } from './totals.ts';

export interface MemoryTotals {
  /** Sum over the outputs of all nodes, views not counted. */
  readonly activationBytes: Dim;
  /** Weights and buffers, inputs, and the activations alive together at the worst node. */
  readonly peakMemoryBytes: Dim;
}

/** The memory of single values, for rows of layers. */
export interface ValueMemory {
  readonly valueBytes: readonly Dim[];
  /** Values of nodes that are alive at the peak; empty where the peak is no number. */
  readonly aliveAtPeak: ReadonlySet<ValueId>;
}

export function memoryUse(graph: ModelGraph): MemoryTotals & ValueMemory {
  const bases = viewBases(graph);
  const dying = lastUses(graph, bases);
  const valueBytes = graph.values.map(({ type }) => typeBytes(type));
  let alive: Dim = addToTotal(countStored(graph.parameters).weightBytes, standingBytes(graph));
  const unknown = unknownMade(graph, valueBytes) ?? unknownReason(alive);
  if (unknown !== undefined) return unknownMemory(graph, valueBytes, unknown);
  let peak: Dim = alive;
  let worstNode: NodeId | undefined;
  let activationBytes: Dim = 0;
  for (const node of graph.nodes) {
    if (!node.isView) {
      const made = node.outputs.reduce<Dim>((sum, id) => addDims(sum, valueBytes[id] ?? 0), 0);
      activationBytes = addDims(activationBytes, made);
      alive = addDims(alive, made);
      if (typeof alive === 'number' && typeof peak === 'number' && alive > peak) worstNode = node.id;
      peak = maximumDim(peak, alive);
    }
    for (const id of dying[node.id] ?? []) alive = addDims(alive, multiplyDims(valueBytes[id] ?? 0, -1));
  }
  const aliveAtPeak = typeof peak === 'number' ? aliveAt(graph, dying, worstNode) : new Set<ValueId>();
  return { activationBytes, peakMemoryBytes: undetermined(peak), valueBytes, aliveAtPeak };
}

/** Why the bytes of a value that a node makes are not known, where there is one. */
function unknownMade(graph: ModelGraph, valueBytes: readonly Dim[]): string | undefined {
  for (const { isView, outputs } of graph.nodes) {
    if (isView) continue;
    for (const id of outputs) {
      const reason = unknownReason(valueBytes[id] ?? 0);
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

/** One unknown value makes the peak unknown; what nodes make all together may still be known. */
function unknownMemory(graph: ModelGraph, valueBytes: readonly Dim[], reason: string): MemoryTotals & ValueMemory {
  let activationBytes: Dim = 0;
  for (const { isView, outputs } of graph.nodes) {
    if (isView) continue;
    for (const id of outputs) activationBytes = addToTotal(activationBytes, valueBytes[id] ?? 0);
  }
  return { activationBytes, peakMemoryBytes: unknownDim(reason), valueBytes, aliveAtPeak: new Set() };
}

/** Values that were made up to a node and are still read by it or later. */
function aliveAt(
  graph: ModelGraph,
  dying: readonly (readonly ValueId[] | undefined)[],
  worstNode: NodeId | undefined,
): ReadonlySet<ValueId> {
  const alive = new Set<ValueId>();
  if (worstNode === undefined) return alive;
  for (const node of graph.nodes) {
    if (!node.isView) for (const id of node.outputs) alive.add(id);
    if (node.id === worstNode) break;
    for (const id of dying[node.id] ?? []) alive.delete(id);
  }
  return alive;
}

/** Bytes of the values that a node makes, and of those that are alive at the peak; none of a view, they are its base's. */
export function madeBytes(
  node: GraphNode,
  { valueBytes, aliveAtPeak }: ValueMemory,
): { readonly all: Dim; readonly atPeak: Dim } {
  let all: Dim = 0;
  let atPeak: Dim = 0;
  for (const id of node.isView ? [] : node.outputs) {
    const bytes = valueBytes[id] ?? 0;
    all = addDims(all, bytes);
    if (aliveAtPeak.has(id)) atPeak = addDims(atPeak, bytes);
  }
  return { all, atPeak };
}

/** For each value the one whose memory it uses: itself, or the base of a chain of views. */
function viewBases(graph: ModelGraph): readonly ValueId[] {
  const bases = graph.values.map((value) => value.id);
  for (const node of graph.nodes) {
    const [first] = node.inputs;
    if (!node.isView || first === undefined) continue;
    for (const output of node.outputs) bases[output] = bases[first] ?? first;
  }
  return bases;
}

/** By node id, the values that nobody reads after it; a value that nobody reads dies where it was made. */
function lastUses(graph: ModelGraph, bases: readonly ValueId[]): readonly (readonly ValueId[] | undefined)[] {
  const lastOf = new Array<NodeId | undefined>(graph.values.length).fill(undefined);
  for (const node of graph.nodes) {
    if (!node.isView) for (const id of node.outputs) lastOf[id] = node.id;
    for (const id of node.inputs) {
      const base = id === undefined ? undefined : bases[id];
      if (base !== undefined && lastOf[base] !== undefined) lastOf[base] = node.id;
    }
  }
  for (const { value } of graph.outputs) lastOf[bases[value] ?? value] = undefined;
  const byNode = new Array<ValueId[] | undefined>(graph.nodes.length).fill(undefined);
  for (const { id } of graph.values) {
    const last = lastOf[id];
    if (last !== undefined) (byNode[last] ??= []).push(id);
  }
  return byNode;
}

/** Inputs, and tensors that the program makes without a node. */
function standingBytes(graph: ModelGraph): Dim {
  return graph.values
    .filter(({ origin }) => origin.kind === 'input' || origin.kind === 'constant')
    .reduce<Dim>((sum, value) => addToTotal(sum, typeBytes(value.type)), 0);
}

function typeBytes(type: ValueType): Dim {
  if (type.kind === 'tensor') return tensorBytes(type);
  return unknownDim(`values of kind ${type.kind} have no fixed width`);
}

/** A maximum over symbols that do not compare is no number to show. */
function undetermined(peak: Dim): Dim {
  if (typeof peak === 'number' || unknownReason(peak) !== undefined) return peak;
  const hasExtremum = peak.terms.some((term) => term.factors.some((factor) => factor.kind === 'maximum'));
  return hasExtremum ? unknownDim(`depends on ${dimSymbols(peak).join(', ')}: give the input's shape`) : peak;
}
