/**
 * A graph as readable text, one line a node, for golden files and for people:
 *   %0 conv1: convolution(x 1x3x8x8, conv1.weight) {stride=[2, 2]} -> 1x4x4x4 float32; 108 params, 1728 MACs
 * The number counts nodes in execution order; the word before the colon is the module that ran it.
 */
import { addDims, printDim, type Dim } from './dim.ts';
import type { AttributeValue, GraphNode, GraphPort, GraphValue, ModelGraph, ValueId } from './modelGraph.ts';
import { elementCount, printShape, printType, type ValueType } from './tensorType.ts';

export function printGraph(graph: ModelGraph): string {
  return [
    `graph ${graph.name}`,
    ...graph.inputs.map((port) => `  input ${printPort(graph, port)}`),
    ...graph.nodes.map((node) => `  ${printNode(graph, node)}`),
    ...graph.outputs.map((port) => `  output ${printPort(graph, port)}`),
    '',
  ].join('\n');
}

/** One line, without a line break. */
export function printNode(graph: ModelGraph, node: GraphNode): string {
  const name = node.op === 'unknown' ? `unknown ${node.originalOp}` : node.op;
  const inputs = node.inputs.map((id) => printInput(graph, id)).join(', ');
  const outputs = node.outputs.map((id) => printValueType(graph.values[id])).join(', ');
  const scope = node.scope === '' ? '' : ` ${node.scope}:`;
  const line = `%${node.id}${scope} ${name}(${inputs})${printAttributes(node)} -> ${outputs}${printFigures(graph, node)}`;
  return line.replace(/[\r\n]+/g, ' ');
}

/** "[2, 2]", "{start: 1, stop: null}", "N + 1": symbolic sizes by their expression. */
export function printAttribute(value: AttributeValue): string {
  if (isDim(value)) return printDim(value);
  if (value === null || typeof value === 'boolean') return String(value);
  // Quoted where it could be mistaken for something else, or would break the line.
  if (typeof value === 'string') return /^[\w./:+-]+$/.test(value) ? value : JSON.stringify(value);
  if (isList(value)) return `[${value.map(printAttribute).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}: ${printAttribute(item)}`)
    .join(', ')}}`;
}

/** Elements of the parameters that a node reads, each once; buffers are left out. */
export function nodeParamCount(graph: ModelGraph, node: GraphNode): Dim {
  let count: Dim = 0;
  for (const id of new Set(node.inputs)) {
    const origin = id === undefined ? undefined : graph.values[id]?.origin;
    const parameter = origin?.kind === 'parameter' ? graph.parameters[origin.parameter] : undefined;
    if (parameter?.kind === 'parameter') count = addDims(count, elementCount(parameter.shape));
  }
  return count;
}

/** Tells a size from the other kinds of attribute values; only symbolic sizes are objects with this kind and terms. */
export function isDim(value: AttributeValue): value is Dim {
  if (typeof value === 'number') return true;
  return typeof value === 'object' && value !== null && !isList(value) && isSymbolic(value);
}

function isSymbolic(value: object): boolean {
  return 'kind' in value && value.kind === 'symbolic' && 'terms' in value && Array.isArray(value.terms);
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

function printPort(graph: ModelGraph, { name, value }: GraphPort): string {
  return `${name}: ${printValueType(graph.values[value])}`;
}

function printInput(graph: ModelGraph, id: ValueId | undefined): string {
  if (id === undefined) return '-';
  const value = graph.values[id];
  if (value === undefined) return `dangling ${id}`;
  switch (value.origin.kind) {
    case 'node': {
      const { node, outputIndex } = value.origin;
      const count = graph.nodes[node]?.outputs.length ?? 1;
      return `%${node}${count > 1 ? `.${outputIndex}` : ''} ${printExtent(value.type)}`;
    }
    case 'parameter':
      return value.name;
    case 'input':
    case 'constant':
      return `${value.name} ${printExtent(value.type)}`;
  }
}

function printExtent(type: ValueType): string {
  return type.kind === 'tensor' ? printShape(type.shape) : printType(type);
}

function printValueType(value: GraphValue | undefined): string {
  return value === undefined ? 'dangling' : printType(value.type);
}

function printAttributes({ attributes }: GraphNode): string {
  const parts = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${printAttribute(value)}`],
  );
  if (parts.length === 0) return '';
  const text = parts.join(', ');
  return text.length > MAX_ATTRIBUTES_LENGTH ? ` {${text.slice(0, MAX_ATTRIBUTES_LENGTH)}...}` : ` {${text}}`;
}

/** Constants of ONNX can be long lists. */
const MAX_ATTRIBUTES_LENGTH = 300;

function printFigures(graph: ModelGraph, node: GraphNode): string {
  const figures: readonly (readonly [Dim, string])[] = [
    [nodeParamCount(graph, node), 'params'],
    [node.work.macs, 'MACs'],
    [node.work.elementwiseOps, 'ops'],
  ];
  const parts = figures.flatMap(([figure, unit]) => (figure === 0 ? [] : [`${printDim(figure)} ${unit}`]));
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}
