/**
 * How many nodes a function makes once its calls and bodies are in place, counted without placing them: functions that
 * call each other twice, twenty deep, make a million, which no bound should have to run into.
 * F: [Relu, Relu], G: [F, F] -> a call of G makes 6 nodes (two calls, four Relus). Recursion has no number.
 */
import { functionKey } from './operatorNames.ts';
import type { OnnxFunction, OnnxGraph, OnnxNode } from './onnxModel.ts';

export type Expansion =
  | { readonly kind: 'finite'; readonly nodes: number }
  /** Names of functions that call each other in a circle, the first one again at the end. */
  | { readonly kind: 'endless'; readonly circle: readonly string[] };

export type Expansions = (definition: OnnxFunction) => Expansion;

/** Each function is counted once, when it is first asked for. */
export function expansionsOf(functions: ReadonlyMap<string, OnnxFunction>): Expansions {
  const known = new Map<OnnxFunction, Expansion>();
  const open: OnnxFunction[] = [];

  function ofFunction(definition: OnnxFunction): Expansion {
    const done = known.get(definition);
    if (done !== undefined) return done;
    const start = open.indexOf(definition);
    if (start >= 0) return { kind: 'endless', circle: [...open.slice(start), definition].map(({ name }) => name) };
    if (open.length >= DEEPEST_CALLS) return { kind: 'finite', nodes: Infinity };
    open.push(definition);
    const result = ofNodes(definition.nodes);
    open.pop();
    known.set(definition, result);
    return result;
  }

  function ofNodes(nodes: readonly OnnxNode[]): Expansion {
    let sum = 0;
    for (const node of nodes) {
      const called = functions.get(functionKey(node.domain, node.opType, node.overload));
      const parts = [...(called === undefined ? [] : [ofFunction(called)]), ...graphsOf(node).map(ofGraph)];
      const endless = parts.find((part) => part.kind === 'endless');
      if (endless !== undefined) return endless;
      sum += parts.reduce((total, part) => total + (part.kind === 'finite' ? part.nodes : 0), 1);
    }
    return { kind: 'finite', nodes: sum };
  }

  function ofGraph(graph: OnnxGraph): Expansion {
    return ofNodes(graph.nodes);
  }

  return ofFunction;
}

/** Calls beyond are deeper than any bound of nodes allows, and than the stack should be asked for. */
const DEEPEST_CALLS = 256;

function graphsOf({ attributes }: OnnxNode): readonly OnnxGraph[] {
  return attributes.flatMap(({ value }) =>
    value.kind === 'graph' ? [value.graph] : value.kind === 'graphs' ? value.graphs : [],
  );
}
