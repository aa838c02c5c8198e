/**
 * Normalisations: the shape stays, each element costs a small constant number of operations.
 */
import type { Dim } from '../graph/dim.ts';
import { mismatch, type Operator } from './operator.ts';

export type BatchNormAttributes = {
  /** Statistics of the batch instead of the stored ones. */
  readonly training?: boolean | undefined;
  /** 3 for ONNX's training mode, which also gives the running mean and variance. */
  readonly outputCount?: number | undefined;
};

/** The trailing axes that are normalised: either their sizes (PyTorch), or the first of them (ONNX, default -1). */
export type LayerNormAttributes = {
  readonly normalizedShape?: readonly Dim[] | undefined;
  readonly axis?: number | undefined;
  /** ONNX LayerNormalization also gives mean and inverse deviation (2, 3); the rms variant the latter. */
  readonly outputCount?: number | undefined;
};

export type SkipLayerNormAttributes = {
  /** Root mean square instead of mean and variance (SkipSimplifiedLayerNormalization). */
  readonly isRms?: boolean | undefined;
  /** 1, or 4 with mean, inverse deviation and the sum. */
  readonly outputCount?: number | undefined;
};

export type GroupNormAttributes = { readonly numGroups: Dim };
export type InstanceNormAttributes = { readonly usesRunningStats?: boolean | undefined };
export type LocalResponseNormAttributes = { readonly size: Dim };
export type LpNormalizeAttributes = { readonly axis?: number | undefined; readonly p?: number | undefined };
export type MeanVarianceNormAttributes = { readonly axes?: readonly number[] | undefined };

const pending = {
  family: 'normalization',
  isView: false,
  infer: () => mismatch('not implemented'),
  work: () => ({ macs: 0, elementwiseOps: 0 }),
} as const;

/** Inputs in ONNX's order: x (batch x channels x ...), weight?, bias?, runningMean?, runningVar?. */
export const batchNorm: Operator<BatchNormAttributes> = { name: 'batchNorm', ...pending };
/** Inputs: x, weight?, bias?. */
export const layerNorm: Operator<LayerNormAttributes> = { name: 'layerNorm', ...pending };
/** Inputs: x, weight?. */
export const rmsNorm: Operator<LayerNormAttributes> = { name: 'rmsNorm', ...pending };
/** Inputs: x, skip, weight?, bias?, addend? (com.microsoft SkipLayerNormalization). */
export const skipLayerNorm: Operator<SkipLayerNormAttributes> = { name: 'skipLayerNorm', ...pending };
/** Inputs: x (batch x channels x ...), weight?, bias?. */
export const groupNorm: Operator<GroupNormAttributes> = { name: 'groupNorm', ...pending };
/** Inputs: x (batch x channels x spatial..., or without batch), weight?, bias?, runningMean?, runningVar?. */
export const instanceNorm: Operator<InstanceNormAttributes> = { name: 'instanceNorm', ...pending };
/** Inputs: x (batch x channels x ...). */
export const localResponseNorm: Operator<LocalResponseNormAttributes> = { name: 'localResponseNorm', ...pending };
/** Inputs: x. torch.nn.functional.normalize, ONNX LpNormalization. */
export const lpNormalize: Operator<LpNormalizeAttributes> = { name: 'lpNormalize', ...pending };
/** Inputs: x. ONNX MeanVarianceNormalization-13. */
export const meanVarianceNorm: Operator<MeanVarianceNormAttributes> = { name: 'meanVarianceNorm', ...pending };

export const normalizationOperators: readonly Operator[] = [
  batchNorm,
  layerNorm,
  rmsNorm,
  skipLayerNorm,
  groupNorm,
  instanceNorm,
  localResponseNorm,
  lpNormalize,
  meanVarianceNorm,
];
