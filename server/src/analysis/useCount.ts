/**
 * How often a module is used in a pass: by its calls, or, where others read its weights without calling it
 * (`F.linear(x, self.fc.weight)`, the projection in nn.MultiheadAttention), by the operations that read one of them.
 */
import type { ModelGraph, ParameterId, Scope } from '../graph/modelGraph.ts';

export function useCounter(graph: ModelGraph): (scope: Scope) => number {
  let readCounts: ReadonlyMap<ParameterId, number> | undefined;
  return ({ calls, parameters }) => {
    if (calls.length > 0 || parameters.length === 0) return calls.length;
    readCounts ??= countReads(graph);
    return Math.max(...parameters.map((id) => readCounts?.get(id) ?? 0));
  };
}

/** By how many operations each parameter is read. */
function countReads({ nodes, values }: ModelGraph): ReadonlyMap<ParameterId, number> {
  const counts = new Map<ParameterId, number>();
  for (const { inputs } of nodes) {
    for (const id of new Set(inputs)) {
      const origin = id === undefined ? undefined : values[id]?.origin;
      if (origin?.kind === 'parameter') counts.set(origin.parameter, (counts.get(origin.parameter) ?? 0) + 1);
    }
  }
  return counts;
}
