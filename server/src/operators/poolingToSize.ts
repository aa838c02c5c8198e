/**
 * Pooling to a given output size: adaptive, global, fractional, max-unpooling, regions of interest.
 * adaptiveAveragePool of 1x512x7x7 to [1, 1] -> 1x512x1x1.
 */
import type { Dim } from '../graph/dim.ts';
import { mismatch, type NoAttributes, type Operator } from './operator.ts';

export type AdaptivePoolAttributes = {
  /** One entry per spatial axis; null keeps the input's size. */
  readonly outputSize: readonly (Dim | null)[];
  /** A second output with the positions of the maxima (int64); max only. */
  readonly returnIndices?: boolean | undefined;
};

export type MaxUnpoolAttributes = {
  /** One entry per spatial axis. */
  readonly kernel: readonly Dim[];
  readonly stride?: readonly Dim[] | undefined;
  readonly padding?: readonly Dim[] | undefined;
  /** Spatial sizes of the output where they are given (leading batch and channel sizes may stand before them). */
  readonly outputSize?: readonly Dim[] | undefined;
};

export type FractionalMaxPoolAttributes = {
  readonly kernel: readonly Dim[];
  readonly outputSize?: readonly Dim[] | undefined;
  /** Used where outputSize is left out: output = floor(input * ratio). */
  readonly outputRatio?: readonly number[] | undefined;
  readonly returnIndices?: boolean | undefined;
};

export type RegionPoolAttributes = {
  /** [height, width] */
  readonly outputSize: readonly Dim[];
  /** Channels are divided among the cells (ps_roi_align, ps_roi_pool). */
  readonly isPositionSensitive?: boolean | undefined;
  /** Samples along each axis of a cell; left out or not positive: not known before the boxes are. */
  readonly samplingRatio?: number | undefined;
};

const pending = {
  family: 'pooling',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
} as const;

/** Inputs: x (batch x channels x spatial..., or without batch). */
export const adaptiveAveragePool: Operator<AdaptivePoolAttributes> = { name: 'adaptiveAveragePool', ...pending };
export const adaptiveMaxPool: Operator<AdaptivePoolAttributes> = { name: 'adaptiveMaxPool', ...pending };

/** Inputs: x (batch x channels x spatial...): every spatial axis becomes 1 (ONNX GlobalAveragePool and relatives). */
export const globalAveragePool: Operator<NoAttributes> = { name: 'globalAveragePool', ...pending };
export const globalMaxPool: Operator<NoAttributes> = { name: 'globalMaxPool', ...pending };
export const globalLpPool: Operator<NoAttributes> = { name: 'globalLpPool', ...pending };

/** Inputs: x, indices. */
export const maxUnpool: Operator<MaxUnpoolAttributes> = { name: 'maxUnpool', ...pending };

/** Inputs: x. */
export const fractionalMaxPool: Operator<FractionalMaxPoolAttributes> = { name: 'fractionalMaxPool', ...pending };

/** Inputs: x (batch x channels x height x width), boxes (count x 4 or 5): count x channels x outputSize. */
export const regionPool: Operator<RegionPoolAttributes> = { name: 'regionPool', ...pending };

export const poolingToSizeOperators: readonly Operator[] = [
  adaptiveAveragePool,
  adaptiveMaxPool,
  globalAveragePool,
  globalMaxPool,
  globalLpPool,
  maxUnpool,
  fractionalMaxPool,
  regionPool,
];
