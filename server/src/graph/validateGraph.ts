/**
 * Whether a graph keeps its promises: ids are indices, every reference leads somewhere, nodes stand after what they
 * read (so there are no cycles), modules after their parents.
 * A node that reads value 9 of a graph with 3 values -> "node %0 (relu) reads value 9, which does not exist".
 */
import type { GraphNode, GraphValue, ModelGraph, ValueId } from './modelGraph.ts';

export interface GraphFault {
  readonly kind: 'wrong-id' | 'dangling' | 'wrong-origin' | 'wrong-order' | 'wrong-scope';
  /** One sentence, with the ids. */
  readonly message: string;
}

/** Empty for a sound graph. */
export function validateGraph(graph: ModelGraph): readonly GraphFault[] {
  return [
    ...wrongIds(graph),
    ...graph.nodes.flatMap((node) => nodeFaults(graph, node)),
    ...graph.values.flatMap((value) => originFaults(graph, value)),
    ...portFaults(graph),
    ...scopeFaults(graph),
  ];
}

function wrongIds(graph: ModelGraph): readonly GraphFault[] {
  const lists: readonly (readonly [string, readonly { readonly id: number }[]])[] = [
    ['node', graph.nodes],
    ['value', graph.values],
    ['parameter', graph.parameters],
  ];
  return lists.flatMap(([name, items]) =>
    items.flatMap(({ id }, index) => (id === index ? [] : [fault('wrong-id', `${name} ${index} has the id ${id}`)])),
  );
}

function nodeFaults(graph: ModelGraph, node: GraphNode): readonly GraphFault[] {
  const name = `node %${node.id} (${node.op})`;
  const faults: GraphFault[] = [];
  for (const id of node.inputs) {
    if (id === undefined) continue;
    const origin = graph.values[id]?.origin;
    if (origin === undefined) faults.push(fault('dangling', `${name} reads value ${id}, which does not exist`));
    else if (origin.kind === 'node' && origin.node >= node.id) {
      faults.push(fault('wrong-order', `${name} reads value ${id}, which node %${origin.node} makes later`));
    }
  }
  for (const [index, id] of node.outputs.entries()) {
    const origin = graph.values[id]?.origin;
    if (origin === undefined) faults.push(fault('dangling', `${name} makes value ${id}, which does not exist`));
    else if (origin.kind !== 'node' || origin.node !== node.id || origin.outputIndex !== index) {
      faults.push(fault('wrong-origin', `${name} makes value ${id} as output ${index}, but its origin is another`));
    }
  }
  return faults;
}

function originFaults(graph: ModelGraph, { id, name, origin }: GraphValue): readonly GraphFault[] {
  if (origin.kind === 'parameter' && graph.parameters[origin.parameter] === undefined) {
    return [fault('dangling', `value ${id} (${name}) is parameter ${origin.parameter}, which does not exist`)];
  }
  if (origin.kind === 'node' && graph.nodes[origin.node]?.outputs[origin.outputIndex] !== id) {
    return [fault('wrong-origin', `value ${id} (${name}) is no output of node %${origin.node}`)];
  }
  return [];
}

function portFaults(graph: ModelGraph): readonly GraphFault[] {
  const dangling = (what: string, id: ValueId): readonly GraphFault[] =>
    graph.values[id] === undefined ? [fault('dangling', `${what} is value ${id}, which does not exist`)] : [];
  return [
    ...graph.inputs.flatMap(({ name, value }) => dangling(`input ${name}`, value)),
    ...graph.outputs.flatMap(({ name, value }) => dangling(`output ${name}`, value)),
    ...graph.scopes.flatMap(({ path, calls }) =>
      calls.flatMap(({ inputs, outputs }) =>
        [...inputs, ...outputs].flatMap((id) => dangling(`a value of ${path}`, id)),
      ),
    ),
  ];
}

function scopeFaults(graph: ModelGraph): readonly GraphFault[] {
  const faults: GraphFault[] = [];
  const declared = new Set<string>();
  for (const { path, parent, parameters } of graph.scopes) {
    if (declared.has(path)) faults.push(fault('wrong-scope', `module ${path} stands twice`));
    if (parent !== undefined && !declared.has(parent)) {
      faults.push(fault('wrong-scope', `module ${path} stands before its parent ${parent}`));
    }
    for (const id of parameters) {
      if (graph.parameters[id] === undefined) {
        faults.push(fault('dangling', `module ${path} holds parameter ${id}, which does not exist`));
      }
    }
    declared.add(path);
  }
  for (const { id, op, scope } of graph.nodes) {
    if (declared.size > 0 && !declared.has(scope)) {
      faults.push(fault('wrong-scope', `node %${id} (${op}) ran in module ${scope}, which is not declared`));
    }
  }
  return faults;
}

function fault(kind: GraphFault['kind'], message: string): GraphFault {
  return { kind, message };
}
