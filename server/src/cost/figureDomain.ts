/**
 * The domain of figures: work, sizes and counts are whole, exact and not negative. Operators refuse what cannot be; this
 * is the last look, for every front end: a figure outside of the domain becomes unknown, and its layer is named.
 * A node with -6 elementwise operations -> that figure unknown, and "the elementwise operations cannot be -6".
 */
import { isSize, printDim, unknownDim, type Dim } from '../graph/dim.ts';
import type { GraphNode, ModelGraph, NodeWork, Parameter } from '../graph/modelGraph.ts';
import { checkedType, printShape, sizesOnly } from '../graph/tensorType.ts';

/** One figure that cannot be, with what it is of. */
export interface FigureFault {
  /** Path of the module that ran it, or name of the stored tensor. */
  readonly layer: string;
  /** One sentence without its full stop. */
  readonly message: string;
  readonly node: GraphNode | undefined;
}

export interface CheckedGraph {
  /** The graph that was given, where all of its figures can be. */
  readonly graph: ModelGraph;
  readonly faults: readonly FigureFault[];
}

export function checkedGraph(graph: ModelGraph): CheckedGraph {
  const faults: FigureFault[] = [];
  const nodes = graph.nodes.map((node) => checkedNode(node, faults));
  const parameters = graph.parameters.map((parameter) => checkedParameter(parameter, faults));
  const values = graph.values.map((value) => {
    const type = checkedType(value.type);
    return type === value.type ? value : { ...value, type };
  });
  const isSound = faults.length === 0 && values.every((value, i) => value === graph.values[i]);
  return { graph: isSound ? graph : { ...graph, nodes, parameters, values }, faults };
}

const FIGURES: readonly (readonly [keyof NodeWork, string])[] = [
  ['macs', 'multiply-accumulates'],
  ['elementwiseOps', 'elementwise operations'],
  ['bytesRead', 'bytes read'],
  ['bytesWritten', 'bytes written'],
];

function checkedNode(node: GraphNode, faults: FigureFault[]): GraphNode {
  const { work } = node;
  if (FIGURES.every(([name]) => isSize(work[name]))) return node;
  const fixed: Record<keyof NodeWork, Dim> = { ...work };
  for (const [name, text] of FIGURES) {
    if (isSize(work[name])) continue;
    const message = `the ${text} of ${node.op} cannot be ${printDim(work[name])}`;
    fixed[name] = unknownDim(message);
    faults.push({ layer: node.scope, message, node });
  }
  return { ...node, work: fixed };
}

function checkedParameter(parameter: Parameter, faults: FigureFault[]): Parameter {
  const shape = sizesOnly(parameter.shape);
  if (shape === parameter.shape) return parameter;
  const message = `the stored tensor cannot be ${printShape(parameter.shape)}`;
  faults.push({ layer: parameter.name, message, node: undefined });
  return { ...parameter, shape };
}
