/**
 * The report: everything that editor and command line show, as plain data. Nobody above computes a number.
 */
import type { Problem } from '../base/problems.ts';
import type { SourceRange } from '../base/text.ts';
import type { Dim } from '../graph/dim.ts';
import type { ModelGraph, NodeWork } from '../graph/modelGraph.ts';
import type { Shape, ValueType } from '../graph/tensorType.ts';
import type { CellFigures } from '../predictor/cellPredictor.ts';

/** A figure that may depend on symbols, or be unknown with its reason (see graph/dim.ts). */
export type Figure = Dim;

export interface Port {
  readonly name: string;
  readonly type: ValueType;
}

/** What we took for granted: "input 1x3x224x224 (from the first layer, Conv2d(3, ...))". */
export interface Assumption {
  readonly kind: 'input' | 'argument' | 'branch' | 'device' | 'other';
  readonly message: string;
  readonly range: SourceRange | undefined;
}

export interface Totals {
  readonly paramCount: Figure;
  readonly bufferCount: Figure;
  readonly macs: Figure;
  readonly flops: Figure;
  readonly elementwiseOps: Figure;
  readonly bytesMoved: Figure;
  /** Parameters and buffers, by their dtype. */
  readonly weightBytes: Figure;
  /** Sum over all values that nodes make, views not counted. */
  readonly activationBytes: Figure;
  /** Most bytes alive at one time: weights, inputs, and values between their first and last use. */
  readonly peakMemoryBytes: Figure;
}

/** A lower bound: no kernel can be faster than the device's peak rates. */
export interface RooflineLatency {
  readonly deviceId: string;
  /** Undefined where a figure that it needs is unknown or symbolic. */
  readonly rooflineMs: number | undefined;
  readonly bound: 'compute' | 'memory' | 'overhead' | 'none';
}

/** One row: a leaf module, or an operation that stands in no leaf module. */
export interface LayerReport {
  /** "layer1.0.conv1"; for an operation outside of leaf modules "layer1.0/add". */
  readonly name: string;
  /** "Conv2d", "add" */
  readonly op: string;
  readonly inputShapes: readonly (Shape | undefined)[];
  readonly outputShapes: readonly (Shape | undefined)[];
  readonly paramCount: Figure;
  readonly bufferCount: Figure;
  /** Of its parameters and buffers; shared ones in the first row that holds them. */
  readonly weightBytes: Figure;
  /** Of all values that it makes, views not counted. */
  readonly activationBytes: Figure;
  /** Its share of the peak: its weights, and those of its values that are alive then. */
  readonly peakMemoryBytes: Figure;
  readonly work: NodeWork;
  readonly latency: readonly RooflineLatency[];
  /** How often it runs in one pass; 0 for a layer that is created and not used. */
  readonly callCount: number;
  /** Where it is created; for an operation, where it is called. */
  readonly range: SourceRange | undefined;
}

/** A module with everything below it, for hovers and for `--depth`. */
export interface ScopeReport {
  readonly path: string;
  readonly typeName: string;
  readonly parent: string | undefined;
  readonly isLeaf: boolean;
  readonly created: SourceRange | undefined;
  readonly paramCount: Figure;
  readonly bufferCount: Figure;
  readonly work: NodeWork;
  readonly latency: readonly RooflineLatency[];
  readonly callCount: number;
  readonly inputShapes: readonly (Shape | undefined)[];
  readonly outputShapes: readonly (Shape | undefined)[];
}

/** What one expression in the source gave, over all the times it ran. */
export interface CallSite {
  readonly range: SourceRange;
  /** One entry a run, in order: the tensor types it returned. */
  readonly results: readonly (readonly ValueType[])[];
  /** Paths of the modules that it called, where it called modules. */
  readonly scopes: readonly string[];
}

export interface Coverage {
  readonly understoodNodes: number;
  readonly totalNodes: number;
  /** understoodNodes / totalNodes; 1 for an empty graph without problems. */
  readonly share: number;
  /** Names of what was not understood, with how often. */
  readonly unknown: readonly { readonly name: string; readonly count: number; readonly reason: string }[];
}

export interface Entry {
  /** "resnet50", "MyNet", "model.onnx" */
  readonly name: string;
  readonly kind: 'class' | 'function' | 'instance' | 'onnx' | 'cell';
  readonly file: string;
  /** The name in its definition, where the lens stands. */
  readonly range: SourceRange | undefined;
  /** What it took from the configuration; undefined where no entry there is for it. */
  readonly configured?: Configured | undefined;
  /** What else was said of it, in words: "built for cifar10: input 1x3x32x32, 10 classes". */
  readonly given?: string | undefined;
}

/** The configuration whose entry gave a model its input or arguments. */
export interface Configured {
  /** "/work/layercost.json" */
  readonly file: string;
  readonly hasInput: boolean;
  readonly hasArguments: boolean;
  /** Whether the entry names this model, and not a glob of many. */
  readonly isExact: boolean;
}

/** What trained weights say of a NAS cell, each figure with its interval. */
export interface Report {
  readonly entry: Entry;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly assumptions: readonly Assumption[];
  readonly totals: Totals;
  readonly latency: readonly RooflineLatency[];
  readonly layers: readonly LayerReport[];
  readonly scopes: readonly ScopeReport[];
  readonly callSites: readonly CallSite[];
  readonly problems: readonly Problem[];
  readonly coverage: Coverage;
  readonly graph: ModelGraph;
  /** Of a NAS cell where there are weights. */
  readonly cell?: CellFigures;
}
