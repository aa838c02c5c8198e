/**
 * From a finished graph to the report: totals, latency by device, rows by layer, roll-ups by module.
 */
import { copyWith, lazy, withLazyFields } from '../base/lazy.ts';
import { wholeProblem, type Problem } from '../base/problems.ts';
import type { Device } from '../cost/device.ts';
import { checkedGraph, type FigureFault } from '../cost/figureDomain.ts';
import { memoryUse, type MemoryTotals } from '../cost/liveness.ts';
import { latencyOfNodes, rooflineOfGraph } from '../cost/roofline.ts';
import { countStored, flopsOf, totalsByScope } from '../cost/totals.ts';
import { addDims, unknownDim, unknownReason } from '../graph/dim.ts';
import { nodesByScope } from '../graph/hierarchy.ts';
import type { GraphNode, ModelGraph, ValueId } from '../graph/modelGraph.ts';
import { NO_WORK, sumWork } from '../graph/nodeWork.ts';
import type { Shape } from '../graph/tensorType.ts';
import { layerReports } from './layerReports.ts';
import type {
  Assumption,
  CallSite,
  Coverage,
  Entry,
  Port,
  Report,
  RooflineLatency,
  ScopeReport,
  Totals,
} from './report.ts';
import { useCounter } from './useCount.ts';

/** What a front end hands over. */
export interface ReadModel {
  readonly entry: Entry;
  readonly graph: ModelGraph;
  readonly callSites: readonly CallSite[];
  readonly assumptions: readonly Assumption[];
  readonly problems: readonly Problem[];
  /** Why nodes with op "unknown" are not understood, by the name that they have in their own world. */
  readonly unknownReasons: ReadonlyMap<string, string>;
}

export function buildReport(model: ReadModel, devices: readonly Device[]): Report {
  const { graph, faults } = checkedGraph(model.graph);
  const latencies = lazy(() =>
    devices.map((device) => ({ deviceId: device.id, ofNodes: rooflineOfGraph(graph, device) })),
  );
  const latencyOf = (nodes: readonly GraphNode[]): readonly RooflineLatency[] =>
    latencies().map(({ deviceId, ofNodes }) => {
      const { rooflineMs, bound } = latencyOfNodes(nodes, ofNodes);
      return { deviceId, rooflineMs, bound };
    });
  const memory = lazy(() => memoryUse(graph));
  const plain = {
    entry: model.entry,
    inputs: graph.inputs.map(({ name, value }) => port(graph, name, value)),
    outputs: graph.outputs.map(({ name, value }) => port(graph, name, value)),
    assumptions: model.assumptions,
    callSites: model.callSites,
    problems: faults.length === 0 ? model.problems : [...model.problems, ...faultProblems(faults, model.entry)],
    graph,
  };
  // After an edit hints are asked for at once, and they need little of it.
  return withLazyFields<typeof plain, Omit<Report, keyof typeof plain | 'cell'>>(plain, {
    totals: () => totalsOf(graph, memory()),
    latency: () => latencyOf(graph.nodes),
    layers: () => layerReports(graph, latencyOf, memory()),
    scopes: () => scopeReports(graph, latencyOf),
    coverage: () => coverageOf(graph, model.unknownReasons),
  });
}

/** Figures that cannot be are mistakes, of the model or of ours; each layer is named at its place, some of many. */
function faultProblems(faults: readonly FigureFault[], { file }: Entry): readonly Problem[] {
  return faults.slice(0, MOST_FAULTS).map(({ layer, message, node }): Problem => {
    const text = `${layer === '' ? 'The model' : `\`${layer}\``}: ${message}. It is taken as unknown.`;
    const [site] = node?.sources ?? [];
    if (site === undefined) return wholeProblem('impossible-figure', 'error', text, file);
    return { code: 'impossible-figure', severity: 'error', message: text, location: { kind: 'text', ...site } };
  });
}

const MOST_FAULTS = 20;

function totalsOf(graph: ModelGraph, { activationBytes, peakMemoryBytes }: MemoryTotals): Totals {
  const work = sumWork(graph.nodes.map((node) => node.work));
  return {
    ...countStored(graph.parameters),
    macs: work.macs,
    flops: flopsOf(work.macs),
    elementwiseOps: work.elementwiseOps,
    bytesMoved: addDims(work.bytesRead, work.bytesWritten),
    activationBytes,
    peakMemoryBytes,
  };
}

function scopeReports(
  graph: ModelGraph,
  latencyOf: (nodes: readonly GraphNode[]) => readonly RooflineLatency[],
): readonly ScopeReport[] {
  const nodes = nodesByScope(graph);
  const totals = totalsByScope(graph, nodes);
  const useCount = useCounter(graph);
  return graph.scopes.map((scope) => {
    const total = totals.get(scope.path);
    const [call] = scope.calls;
    const plain = {
      path: scope.path,
      typeName: scope.typeName,
      parent: scope.parent,
      isLeaf: scope.isLeaf,
      created: scope.created,
      paramCount: total?.paramCount ?? 0,
      bufferCount: total?.bufferCount ?? 0,
      work: total?.work ?? NO_WORK,
      callCount: useCount(scope),
      inputShapes: (call?.inputs ?? []).map((id) => shapeOf(graph, id)),
      outputShapes: (call?.outputs ?? []).map((id) => shapeOf(graph, id)),
    };
    return withLazyFields<typeof plain, Pick<ScopeReport, 'latency'>>(plain, {
      latency: () => latencyOf((nodes.get(scope.path) ?? []).flatMap((id) => graph.nodes[id] ?? [])),
    });
  });
}

function coverageOf(graph: ModelGraph, reasons: ReadonlyMap<string, string>): Coverage {
  const counts = new Map<string, number>();
  for (const node of graph.nodes) {
    if (node.op === 'unknown') counts.set(node.originalOp, (counts.get(node.originalOp) ?? 0) + 1);
  }
  const unknownWork = [...counts].map(([name, count]) => ({
    name,
    count,
    reason: reasons.get(name) ?? 'not modelled',
  }));
  // Weights that cannot be counted are a part that is not understood, as an operation is.
  const unknownStored = graph.parameters.flatMap(({ name, shape }) => {
    const reason = shape.map(unknownReason).find((each) => each !== undefined);
    return reason === undefined ? [] : [{ name, count: 1, reason }];
  });
  const totalNodes = graph.nodes.length + unknownStored.length;
  const unknown = [...unknownWork, ...unknownStored];
  const understoodNodes = totalNodes - unknown.reduce((sum, { count }) => sum + count, 0);
  return { understoodNodes, totalNodes, share: totalNodes === 0 ? 1 : understoodNodes / totalNodes, unknown };
}

function port(graph: ModelGraph, name: string, id: ValueId): Port {
  return { name, type: graph.values[id]?.type ?? { kind: 'unknown', reason: 'no such value' } };
}

export function shapeOf(graph: ModelGraph, id: ValueId): Shape | undefined {
  const type = graph.values[id]?.type;
  return type?.kind === 'tensor' ? type.shape : undefined;
}

/** The report of an entry that could not be read at all: no graph, only the reasons. */
export function emptyReport(entry: Entry, problems: readonly Problem[], assumptions: readonly Assumption[]): Report {
  const graph: ModelGraph = {
    name: entry.name,
    nodes: [],
    values: [],
    parameters: [],
    scopes: [],
    inputs: [],
    outputs: [],
  };
  const report = buildReport({ entry, graph, callSites: [], assumptions, problems, unknownReasons: new Map() }, []);
  const unknown = unknownDim(problems[0]?.message ?? 'the model could not be read');
  const totals = Object.fromEntries(Object.keys(report.totals).map((key) => [key, unknown]));
  return copyWith(report, {
    // Every field of Totals is a figure.
    totals: totals as unknown as Totals,
    coverage: { understoodNodes: 0, totalNodes: 0, share: 0, unknown: [] },
  });
}
