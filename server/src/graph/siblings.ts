/**
 * Relations of nodes by adjacency A (A[i][j] where j reads what i makes): children, parents, and siblings, which share
 * a parent (the pattern of AᵀA) or a child (AAᵀ). Sparse, without a node itself.
 * a -> b, a -> c, b -> d, c -> d: b and c share the parent a and the child d.
 */
import type { GraphNode, ModelGraph, NodeId } from './modelGraph.ts';

export interface Siblings {
  /** By node: those it shares a parent with, ascending. */
  readonly bySharedParent: readonly (readonly NodeId[])[];
  /** By node: those it shares a child with, ascending. */
  readonly bySharedChild: readonly (readonly NodeId[])[];
  /** Whether groups were left out because all pairs would be more than the limit. */
  readonly isPartial: boolean;
}

/** By node: those that read one of its outputs, each once, ascending. */
export function nodeChildren(graph: ModelGraph): readonly (readonly NodeId[])[] {
  const children = graph.nodes.map(() => new Set<NodeId>());
  for (const node of graph.nodes) {
    for (const parent of parentsOf(graph, node)) children[parent]?.add(node.id);
  }
  return children.map(ascending);
}

/** By node: those that make one of its inputs, each once, ascending. */
export function nodeParents(graph: ModelGraph): readonly (readonly NodeId[])[] {
  return graph.nodes.map((node) => ascending(new Set(parentsOf(graph, node))));
}

/** Pairs beyond `maxPairs` (of one relation, both directions) are left out, largest groups first, and it says so. */
export function findSiblings(graph: ModelGraph, maxPairs = 4_000_000): Siblings {
  const sharedParent = pairUp(graph.nodes.length, nodeChildren(graph), maxPairs);
  const sharedChild = pairUp(graph.nodes.length, nodeParents(graph), maxPairs);
  return {
    bySharedParent: sharedParent.rows,
    bySharedChild: sharedChild.rows,
    isPartial: sharedParent.isPartial || sharedChild.isPartial,
  };
}

interface Pairs {
  readonly rows: readonly (readonly NodeId[])[];
  readonly isPartial: boolean;
}

/** Members of one group are siblings of each other. */
function pairUp(count: number, groups: readonly (readonly NodeId[])[], maxPairs: number): Pairs {
  const rows = Array.from({ length: count }, () => new Set<NodeId>());
  let pairs = 0;
  let isPartial = false;
  for (const group of [...groups].sort((a, b) => a.length - b.length)) {
    pairs += group.length * (group.length - 1);
    if (pairs > maxPairs) {
      isPartial = true;
      break;
    }
    for (const left of group) {
      for (const right of group) if (left !== right) rows[left]?.add(right);
    }
  }
  return { rows: rows.map(ascending), isPartial };
}

function parentsOf(graph: ModelGraph, node: GraphNode): readonly NodeId[] {
  return node.inputs.flatMap((id) => {
    const origin = id === undefined ? undefined : graph.values[id]?.origin;
    return origin?.kind === 'node' ? [origin.node] : [];
  });
}

function ascending(ids: ReadonlySet<NodeId>): readonly NodeId[] {
  return [...ids].sort((a, b) => a - b);
}
