/**
 * The order in which nodes can run, stable: a file that is in order already stays as it is.
 * [b reads a's output, a] -> [a, b]. Nodes on a cycle are told, and come where the cycle is cut.
 */
import type { OnnxGraph, OnnxNode } from './onnxModel.ts';

export interface NodeOrder {
  readonly nodes: readonly OnnxNode[];
  /** Nodes that read, by way of others, what they make themselves. */
  readonly cyclic: readonly OnnxNode[];
}

export function topologicalOrder(nodes: readonly OnnxNode[]): NodeOrder {
  const producers = new Map<string, number>();
  for (const [index, node] of nodes.entries()) {
    for (const name of node.outputs) if (name !== '' && !producers.has(name)) producers.set(name, index);
  }
  const needs = nodes.map((node) => neededNodes(node, producers));
  if (needs.every((indices, index) => indices.every((needed) => needed < index))) return { nodes, cyclic: [] };
  return depthFirst(nodes, needs);
}

/** Visits what a node needs before the node, without recursion: a chain may be as long as the graph. */
function depthFirst(nodes: readonly OnnxNode[], needs: readonly (readonly number[])[]): NodeOrder {
  const state = new Uint8Array(nodes.length); // 0 not met, 1 on the stack, 2 placed
  const places = new Uint32Array(nodes.length); // on the stack
  const order: OnnxNode[] = [];
  const cyclic = new Set<number>();
  for (let root = 0; root < nodes.length; root++) {
    if (state[root] !== 0) continue;
    state[root] = 1;
    const stack: Visit[] = [{ index: root, next: 0, cycleFrom: Infinity }];
    places[root] = 0;
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const needed = needs[top.index]?.[top.next++];
      if (needed === undefined) {
        state[top.index] = 2;
        const node = nodes[top.index];
        if (node !== undefined) order.push(node);
        stack.pop();
        const place = stack.length;
        if (top.cycleFrom <= place) cyclic.add(top.index);
        const below = stack.at(-1);
        // A cycle that begins further down leads through the node below too.
        if (below !== undefined && top.cycleFrom < place) below.cycleFrom = Math.min(below.cycleFrom, top.cycleFrom);
      } else if (state[needed] === 0) {
        state[needed] = 1;
        places[needed] = stack.length;
        stack.push({ index: needed, next: 0, cycleFrom: Infinity });
      } else if (state[needed] === 1) {
        top.cycleFrom = Math.min(top.cycleFrom, places[needed] ?? 0);
      }
    }
  }
  return { nodes: order, cyclic: [...cyclic].sort((a, b) => a - b).flatMap((index) => nodes[index] ?? []) };
}

interface Visit {
  readonly index: number;
  next: number;
  /** Lowest place on the stack to which something above it leads back. */
  cycleFrom: number;
}

function neededNodes(node: OnnxNode, producers: ReadonlyMap<string, number>): readonly number[] {
  const names = new Set(node.inputs);
  for (const { value } of node.attributes) {
    if (value.kind === 'graph') addFreeNames(value.graph, names);
    if (value.kind === 'graphs') for (const graph of value.graphs) addFreeNames(graph, names);
  }
  const indices: number[] = [];
  for (const name of names) {
    const index = name === '' ? undefined : producers.get(name);
    if (index !== undefined) indices.push(index);
  }
  return indices;
}

/** Names that a branch or a loop's body takes from outside. */
function addFreeNames(graph: OnnxGraph, names: Set<string>): void {
  const own = new Set([...graph.inputs, ...graph.initializers].map(({ name }) => name));
  const used = new Set<string>();
  for (const node of graph.nodes) {
    for (const name of node.inputs) used.add(name);
    for (const { value } of node.attributes) {
      if (value.kind === 'graph') addFreeNames(value.graph, used);
      if (value.kind === 'graphs') for (const inner of value.graphs) addFreeNames(inner, used);
    }
  }
  for (const { outputs } of graph.nodes) for (const name of outputs) own.add(name);
  for (const { name } of graph.outputs) used.add(name);
  for (const name of used) if (!own.has(name)) names.add(name);
}
