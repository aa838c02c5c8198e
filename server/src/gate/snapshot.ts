/**
 * What is kept of a model to compare it with another version of itself: plain numbers, no graph, no source ranges that
 * belong to one revision alone. A baseline file is a list of snapshots; `diff` makes two and compares them.
 */
import type { Place } from './place.ts';

/** A figure of a snapshot; undefined where it was not known or depended on a symbol. */
export type KnownFigure = number | undefined;

export interface SnapshotTotals {
  readonly paramCount: KnownFigure;
  readonly macs: KnownFigure;
  readonly weightBytes: KnownFigure;
  readonly activationBytes: KnownFigure;
  readonly peakMemoryBytes: KnownFigure;
}

/** Why figures are missing, "it depends on the input: 1000*N"; only of those that are. */
export type MissingReasons = Readonly<Partial<Record<keyof SnapshotTotals | 'latency', string>>>;

export interface SnapshotLatency {
  readonly deviceId: string;
  readonly rooflineMs: KnownFigure;
  readonly predictedMs: KnownFigure;
  /** The upper end of the prediction's interval. */
  readonly upperMs: KnownFigure;
}

export interface SnapshotLayer {
  /** "layer1.0.conv1" */
  readonly name: string;
  readonly op: string;
  /** "1x64x56x56"; one text an output. */
  readonly outputShapes: readonly string[];
  readonly paramCount: KnownFigure;
  readonly macs: KnownFigure;
  readonly callCount: number;
  readonly latency: readonly SnapshotLatency[];
  /** Where it is created; of an operation, where it is called. */
  readonly place: Place | undefined;
}

export interface ModelSnapshot {
  /** The entry's name in reports; snapshots of one entry are compared with each other. */
  readonly name: string;
  /** "models/net.py:Net" */
  readonly target: string;
  /** "input 1x3x224x224 float32": figures of different inputs cannot be blamed on the code. */
  readonly inputs: readonly string[];
  readonly totals: SnapshotTotals;
  readonly latency: readonly SnapshotLatency[];
  readonly accuracy: readonly { readonly dataset: string; readonly value: KnownFigure }[];
  readonly layers: readonly SnapshotLayer[];
  /** Share of the graph that was understood, 0 to 1. */
  readonly coverageShare: number;
}
