/**
 * The rows of the layer table: one a leaf module, however often it runs, and one an operation that stands in no
 * leaf module ("layer1.0/add"), in order of first execution; modules that never run follow with callCount 0.
 */
import { madeBytes, type ValueMemory } from '../cost/liveness.ts';
import { countStored } from '../cost/totals.ts';
import { addDims, type Dim } from '../graph/dim.ts';
import type { GraphNode, ModelGraph, Parameter, ParameterId, Scope, ValueId } from '../graph/modelGraph.ts';
import { sumWork } from '../graph/nodeWork.ts';
import type { LayerReport, RooflineLatency } from './report.ts';
import type { Shape } from '../graph/tensorType.ts';
import { useCounter } from './useCount.ts';

/** What every row needs of the whole. */
interface Context {
  readonly graph: ModelGraph;
  readonly latencyOf: LatencyOf;
  readonly memory: ValueMemory;
  readonly useCount: (scope: Scope) => number;
}

type LatencyOf = (nodes: readonly GraphNode[]) => readonly RooflineLatency[];

export function layerReports(graph: ModelGraph, latencyOf: LatencyOf, memory: ValueMemory): readonly LayerReport[] {
  const context: Context = { graph, latencyOf, memory, useCount: useCounter(graph) };
  const leaves = new Map(graph.scopes.filter((scope) => scope.isLeaf).map((scope) => [scope.path, scope]));
  const leafNodes = new Map<string, GraphNode[]>();
  const counted = new Set<ParameterId>();
  const claimedByLeaves = new Set([...leaves.values()].flatMap((scope) => scope.parameters));
  const names = new Map<string, number>();
  const rows: (LayerReport | string)[] = [];
  for (const node of graph.nodes) {
    if (leaves.has(node.scope)) {
      const nodes = leafNodes.get(node.scope);
      if (nodes !== undefined) nodes.push(node);
      else {
        leafNodes.set(node.scope, [node]);
        rows.push(node.scope);
      }
    } else {
      const own = parametersRead(graph, node).filter(({ id }) => !claimedByLeaves.has(id));
      rows.push(operationRow(context, node, uniqueName(node, names), takeUncounted(own, counted)));
    }
  }
  const unused = [...leaves.keys()].filter((path) => !leafNodes.has(path));
  return [...rows, ...unused].map((row) => {
    if (typeof row !== 'string') return row;
    // Rows of text are paths of `leaves`.
    const scope = leaves.get(row) as Scope;
    const own = scope.parameters.flatMap((id) => graph.parameters[id] ?? []);
    return leafRow(context, scope, leafNodes.get(row) ?? [], takeUncounted(own, counted));
  });
}

function leafRow(
  context: Context,
  scope: Scope,
  nodes: readonly GraphNode[],
  parameters: readonly Parameter[],
): LayerReport {
  const { graph } = context;
  const [call] = scope.calls;
  return {
    name: scope.path,
    op: scope.typeName,
    inputShapes: shapesOf(graph, call?.inputs ?? []),
    outputShapes: shapesOf(graph, call?.outputs ?? []),
    ...stored(context, nodes, parameters),
    work: sumWork(nodes.map((node) => node.work)),
    latency: context.latencyOf(nodes),
    callCount: context.useCount(scope),
    range: scope.created,
  };
}

function operationRow(context: Context, node: GraphNode, name: string, parameters: readonly Parameter[]): LayerReport {
  const { graph } = context;
  const isTensorInput = (id: ValueId | undefined): id is ValueId =>
    id !== undefined && graph.values[id]?.origin.kind !== 'parameter';
  return {
    name,
    op: node.op === 'unknown' ? node.originalOp : node.op,
    inputShapes: shapesOf(graph, node.inputs.filter(isTensorInput)),
    outputShapes: shapesOf(graph, node.outputs),
    ...stored(context, [node], parameters),
    work: node.work,
    latency: context.latencyOf([node]),
    callCount: 1,
    range: node.sources[0],
  };
}

type Stored = Pick<LayerReport, 'paramCount' | 'bufferCount' | 'weightBytes' | 'activationBytes' | 'peakMemoryBytes'>;

/** What a row keeps in memory. */
function stored({ memory }: Context, nodes: readonly GraphNode[], parameters: readonly Parameter[]): Stored {
  const counts = countStored(parameters);
  let activationBytes: Dim = 0;
  let peakMemoryBytes = counts.weightBytes;
  for (const node of nodes) {
    const made = madeBytes(node, memory);
    activationBytes = addDims(activationBytes, made.all);
    peakMemoryBytes = addDims(peakMemoryBytes, made.atPeak);
  }
  return { ...counts, activationBytes, peakMemoryBytes };
}

/** "layer1.0/add", and "layer1.0/add_1" for the second one there. */
function uniqueName(node: GraphNode, names: Map<string, number>): string {
  const base = `${node.scope}/${node.op === 'unknown' ? node.originalOp : node.op}`.replace(/^\//, '');
  const count = names.get(base) ?? 0;
  names.set(base, count + 1);
  return count === 0 ? base : `${base}_${count}`;
}

function parametersRead(graph: ModelGraph, node: GraphNode): readonly Parameter[] {
  return node.inputs.flatMap((id) => {
    const origin = id === undefined ? undefined : graph.values[id]?.origin;
    return origin?.kind === 'parameter' ? (graph.parameters[origin.parameter] ?? []) : [];
  });
}

/** Shared parameters stand in the first row that holds them, so that rows add up to the total. */
function takeUncounted(parameters: readonly Parameter[], counted: Set<ParameterId>): readonly Parameter[] {
  const fresh = parameters.filter(
    ({ id }, index) => !counted.has(id) && parameters.findIndex((other) => other.id === id) === index,
  );
  for (const { id } of fresh) counted.add(id);
  return fresh;
}

function shapesOf(graph: ModelGraph, ids: readonly ValueId[]): readonly (Shape | undefined)[] {
  return ids.map((id) => {
    const type = graph.values[id]?.type;
    return type?.kind === 'tensor' ? type.shape : undefined;
  });
}
