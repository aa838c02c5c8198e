/**
 * ONNX's normalisations, and com.microsoft's with a residual or an embedding before them.
 */
import { tensorType, type TensorType } from '../../../graph/tensorType.ts';
import { embedding } from '../../../operators/embedding.ts';
import { elementwise } from '../../../operators/elementwise.ts';
import {
  batchNorm,
  groupNorm,
  instanceNorm,
  layerNorm,
  localResponseNorm,
  lpNormalize,
  meanVarianceNorm,
  rmsNorm,
  skipLayerNorm,
} from '../../../operators/normalization.ts';
import { apply, firstOutput, fused, notTold, withOutputs, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';

export const normalizationMappings: MappingTable = {
  /** Extra outputs: running mean and variance in training mode (opset 14), two more kinds before it. */
  BatchNormalization(call) {
    const training = call.flag('training_mode');
    const mapped = apply(batchNorm, call.tensors(0, 1, 2, 3, 4), { training, outputCount: 1 });
    const statistics = call.tensor(3) ?? tensorType('unknown', undefined);
    const rest = Array.from({ length: Math.max(0, call.outputCount - 1) }, (): TensorType => statistics);
    return withOutputs(mapped, [firstOutput(mapped), ...rest]);
  },
  InstanceNormalization: (call) => apply(instanceNorm, call.tensors(0, 1, 2), {}),
  LayerNormalization: (call) =>
    apply(layerNorm, call.tensors(0, 1, 2), { axis: call.int('axis') ?? -1, outputCount: call.outputCount }),
  /** onnxruntime writes this one into the default domain. */
  SimplifiedLayerNormalization: (call) =>
    apply(rmsNorm, call.tensors(0, 1), { axis: call.int('axis') ?? -1, outputCount: call.outputCount }),
  RMSNormalization: (call) => apply(rmsNorm, call.tensors(0, 1), { axis: call.int('axis') ?? -1 }),
  GroupNormalization: (call) => grouped(call),
  LRN: (call) => apply(localResponseNorm, call.tensors(0), { size: call.int('size') ?? 1 }),
  LpNormalization: (call) =>
    apply(lpNormalize, call.tensors(0), { axis: call.int('axis') ?? -1, p: call.int('p') ?? 2 }),
  MeanVarianceNormalization: (call) => apply(meanVarianceNorm, call.tensors(0), {}),
};

export const microsoftNormalizationMappings: MappingTable = {
  /** Inputs: input, skip, gamma, beta, bias. */
  SkipLayerNormalization: (call) =>
    apply(skipLayerNorm, call.tensors(0, 1, 2, 3, 4), { outputCount: call.outputCount }),
  /** Inputs: input, skip, gamma, bias. */
  SkipSimplifiedLayerNormalization: (call) =>
    apply(skipLayerNorm, [...call.tensors(0, 1, 2), undefined, call.tensor(3)], {
      isRms: true,
      outputCount: call.outputCount,
    }),
  SimplifiedLayerNormalization: (call) =>
    apply(rmsNorm, call.tensors(0, 1), { axis: call.int('axis') ?? -1, outputCount: call.outputCount }),
  EmbedLayerNormalization: (call) => embeddings(call),
};

/** Before opset 21 scale and bias have one entry a group, which costs the same. */
function grouped(call: NodeCall): MappedNode {
  const numGroups = call.int('num_groups');
  const x = call.tensor(0);
  if (numGroups === undefined) {
    return notTold('groupNorm', 'the attribute num_groups is missing', tensorType(x?.dtype ?? 'unknown', x?.shape));
  }
  const perGroup = call.opset < 21;
  const [scale, bias] = call.tensors(1, 2).map((each) => (perGroup && each ? tensorType(each.dtype, undefined) : each));
  return apply(groupNorm, [x, scale, bias], { numGroups });
}

/**
 * Inputs: input_ids, segment_ids, word, position and segment embeddings, gamma, beta, mask, position_ids.
 * Outputs: the normalised sum, lengths by the mask (int32), the sum.
 */
function embeddings(call: NodeCall): MappedNode {
  const [ids, segmentIds, word, position, segment, gamma, beta] = call.tensors(0, 1, 2, 3, 4, 5, 6);
  const words = apply(embedding, [ids, word], {});
  const positions = apply(embedding, [ids, position], {});
  const segments = segment === undefined ? [] : [apply(embedding, [segmentIds, segment], {})];
  const sums = [positions, ...segments].map((each) =>
    apply(elementwise.add, [firstOutput(words), firstOutput(each)], {}),
  );
  const norm = apply(layerNorm, [firstOutput(words), gamma, beta], { axis: -1 });
  const all = fused(norm, words, positions, ...segments, ...sums);
  const [batch] = ids?.shape ?? [];
  const lengths = tensorType('int32', batch === undefined ? undefined : [batch]);
  return withOutputs(all, [firstOutput(norm), lengths, firstOutput(norm)]);
}
