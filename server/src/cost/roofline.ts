/**
 * Roofline latency (Williams et al., 2009): work over the device's peak rate or bytes over its bandwidth, whichever
 * is longer, node by node. It is a lower bound for layers that run one by one from main memory; real kernels take longer.
 * A 1x64x56x56 -> 64 3x3 convolution on an RTX 4090: 231 MFLOPs / 82.6 TFLOPS = 2.8 µs, 1.75 MB / 1008 GB/s = 1.7 µs:
 * 2.8 µs, compute-bound.
 */
import type { DType } from '../graph/dtype.ts';
import type { ModelGraph, GraphNode, NodeWork } from '../graph/modelGraph.ts';
import { matrixFlopsPerSecond, type Device } from './device.ts';

export interface NodeLatency {
  /** Undefined where a figure that it needs is unknown or symbolic. */
  readonly rooflineMs: number | undefined;
  readonly bound: 'compute' | 'memory' | 'none';
}

export function rooflineOfWork(work: NodeWork, dtype: DType, device: Device): NodeLatency {
  const { macs, elementwiseOps, bytesRead, bytesWritten } = work;
  if (
    typeof macs !== 'number' ||
    typeof elementwiseOps !== 'number' ||
    typeof bytesRead !== 'number' ||
    typeof bytesWritten !== 'number'
  ) {
    return { rooflineMs: undefined, bound: 'none' };
  }
  const matrixMs = macs === 0 ? 0 : (2e3 * macs) / matrixFlopsPerSecond(device, dtype);
  const vectorMs = elementwiseOps / (1e9 * device.vectorTflops);
  const memoryMs = (bytesRead + bytesWritten) / (1e6 * device.memoryBandwidthGbs);
  const computeMs = Math.max(matrixMs, vectorMs);
  const rooflineMs = Math.max(computeMs, memoryMs);
  if (rooflineMs === 0) return { rooflineMs: 0, bound: 'none' };
  return { rooflineMs, bound: computeMs >= memoryMs ? 'compute' : 'memory' };
}

/** Latencies of a graph's nodes by node id, in plain arrays: every row and module sums over them. */
export interface GraphLatency {
  /** NaN where it is not known. */
  readonly rooflineMs: Float64Array;
  /** 1 where the node is bound by compute. */
  readonly isCompute: Uint8Array;
}

export function rooflineOfGraph(graph: ModelGraph, device: Device): GraphLatency {
  const rooflineMs = new Float64Array(graph.nodes.length);
  const isCompute = new Uint8Array(graph.nodes.length);
  for (const node of graph.nodes) {
    const latency = rooflineOfWork(node.work, nodeDtype(graph, node), device);
    rooflineMs[node.id] = latency.rooflineMs ?? NaN;
    isCompute[node.id] = latency.bound === 'compute' ? 1 : 0;
  }
  return { rooflineMs, isCompute };
}

/** Sum over some nodes of a graph; the bound is the one that takes more of the time. */
export function latencyOfNodes(nodes: readonly GraphNode[], latency: GraphLatency): NodeLatency {
  let computeMs = 0;
  let memoryMs = 0;
  for (const { id } of nodes) {
    const nodeMs = latency.rooflineMs[id] ?? 0;
    if (latency.isCompute[id] === 1) computeMs += nodeMs;
    else memoryMs += nodeMs;
  }
  if (Number.isNaN(computeMs + memoryMs)) return { rooflineMs: undefined, bound: 'none' };
  const rooflineMs = computeMs + memoryMs;
  if (rooflineMs === 0) return { rooflineMs, bound: 'none' };
  return { rooflineMs, bound: computeMs >= memoryMs ? 'compute' : 'memory' };
}

/** The dtype that a node computes in: that of its first floating or quantised tensor. */
function nodeDtype(graph: ModelGraph, node: GraphNode): DType {
  for (const id of node.inputs) {
    const type = id === undefined ? undefined : graph.values[id]?.type;
    if (type?.kind === 'tensor' && type.dtype !== 'unknown') return type.dtype;
  }
  return 'float32';
}
