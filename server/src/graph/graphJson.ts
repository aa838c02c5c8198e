/**
 * A graph as JSON, for export: stable keys in a fixed order, no undefined, every reference an index.
 * A size is a number, an expression ("4*N + 1"), or {"unknown": reason}.
 */
import type { SourceRange } from '../base/text.ts';
import { printDim, unknownReason, type Dim } from './dim.ts';
import type {
  Attributes,
  AttributeValue,
  GraphNode,
  GraphPort,
  GraphValue,
  ModelGraph,
  Parameter,
  Scope,
} from './modelGraph.ts';
import { isDim } from './printGraph.ts';
import type { Shape, ValueType } from './tensorType.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Grows when a key changes its meaning or goes. */
export const GRAPH_JSON_VERSION = 1;

export function graphToJson(graph: ModelGraph): Json {
  return {
    version: GRAPH_JSON_VERSION,
    name: graph.name,
    inputs: graph.inputs.map(portToJson),
    outputs: graph.outputs.map(portToJson),
    parameters: graph.parameters.map(parameterToJson),
    scopes: graph.scopes.map(scopeToJson),
    values: graph.values.map(valueToJson),
    nodes: graph.nodes.map(nodeToJson),
  };
}

export function dimToJson(dim: Dim): Json {
  if (typeof dim === 'number') return dim;
  const unknown = unknownReason(dim);
  return unknown === undefined ? printDim(dim) : { unknown };
}

/** Null where even the rank is unknown. */
export function shapeToJson(shape: Shape | undefined): Json {
  return shape === undefined ? null : shape.map(dimToJson);
}

export function typeToJson(type: ValueType): Json {
  switch (type.kind) {
    case 'tensor':
    case 'sparseTensor':
      return { kind: type.kind, dtype: type.dtype, shape: shapeToJson(type.shape) };
    case 'sequence':
    case 'optional':
      return { kind: type.kind, element: typeToJson(type.element) };
    case 'map':
      return { kind: type.kind, key: type.key, value: typeToJson(type.value) };
    case 'unknown':
      return { kind: type.kind, reason: type.reason };
  }
}

function portToJson({ name, value }: GraphPort): Json {
  return { name, value };
}

function parameterToJson({ name, kind, dtype, shape, created }: Parameter): Json {
  return { name, kind, dtype, shape: shapeToJson(shape), ...located('created', created) };
}

function scopeToJson(scope: Scope): Json {
  return {
    path: scope.path,
    typeName: scope.typeName,
    parent: scope.parent ?? null,
    isLeaf: scope.isLeaf,
    parameters: scope.parameters,
    calls: scope.calls.map(({ inputs, outputs, site }) => ({ inputs, outputs, ...located('site', site) })),
    ...located('created', scope.created),
  };
}

function valueToJson({ name, type, origin }: GraphValue): Json {
  return { name, type: typeToJson(type), origin: { ...origin } };
}

function nodeToJson(node: GraphNode): Json {
  const { macs, elementwiseOps, bytesRead, bytesWritten } = node.work;
  return {
    op: node.op,
    originalOp: node.originalOp,
    scope: node.scope,
    inputs: node.inputs.map((id) => id ?? null),
    outputs: node.outputs,
    attributes: attributesToJson(node.attributes),
    isView: node.isView,
    work: {
      macs: dimToJson(macs),
      elementwiseOps: dimToJson(elementwiseOps),
      bytesRead: dimToJson(bytesRead),
      bytesWritten: dimToJson(bytesWritten),
    },
    sources: node.sources.map(rangeToJson),
  };
}

function attributesToJson(attributes: Attributes): Json {
  const known = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, attributeToJson(value)] as const],
  );
  return Object.fromEntries(known);
}

function attributeToJson(value: AttributeValue): Json {
  if (isDim(value)) return Number.isFinite(value) || typeof value !== 'number' ? dimToJson(value) : String(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(attributeToJson);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, attributeToJson(item)]));
}

function located(key: string, range: SourceRange | undefined): { readonly [key: string]: Json } {
  return range === undefined ? {} : { [key]: rangeToJson(range) };
}

function rangeToJson({ file, start, end }: SourceRange): Json {
  return { file, start, end };
}
