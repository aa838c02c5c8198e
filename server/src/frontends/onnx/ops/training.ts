/**
 * Losses and optimizer steps: NegativeLogLikelihoodLoss, SoftmaxCrossEntropyLoss, ai.onnx.preview.training.
 */
import { multiplyDims, type Dim, addDims } from '../../../graph/dim.ts';
import { elementCount, tensorType, type TensorType } from '../../../graph/tensorType.ts';
import { logSoftmax } from '../../../operators/activation.ts';
import { classLoss, type LossAttributes } from '../../../operators/loss.ts';
import {
  apply,
  counted,
  firstOutput,
  fused,
  notTold,
  withDtype,
  type MappedNode,
  type MappingTable,
} from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';
import { typeOf } from './elementwise.ts';

export const lossMappings: MappingTable = {
  NegativeLogLikelihoodLoss: (call) => loss(call, 'nll_loss'),
  /** Second output: the logarithms of the probabilities. */
  SoftmaxCrossEntropyLoss(call) {
    const logProbabilities = apply(logSoftmax, call.tensors(0), { dim: 1 });
    const value = loss(call, 'cross_entropy');
    return { ...fused(value, logProbabilities), outputs: [firstOutput(value), firstOutput(logProbabilities)] };
  },
};

export const trainingMappings: MappingTable = {
  /** Inputs: rate, step, then n of each: parameters, gradients, and the optimizer's states. */
  Adagrad: (call) => optimized(call, 1, 6),
  Momentum: (call) => optimized(call, 1, 4),
  Adam: (call) => optimized(call, 2, 12),
  /** One gradient for each of the inputs that `xs` names. */
  Gradient(call) {
    const count = call.strings('xs')?.length ?? call.outputCount;
    const outputs = call
      .tensors()
      .slice(0, count)
      .map((x) => tensorType(x?.dtype ?? 'unknown', x?.shape));
    return { ...notTold('gradient', 'the work of a backward pass is not counted', ...outputs), unknown: undefined };
  },
};

function loss(call: NodeCall, formula: string): MappedNode {
  const rule = call.string('reduction') ?? 'mean';
  const reduction: LossAttributes['reduction'] = rule === 'none' || rule === 'sum' ? rule : 'mean';
  return withDtype(apply(classLoss, call.tensors(0, 1), { reduction, formula }), typeOf(call));
}

function optimized(call: NodeCall, stateCount: number, opsPerElement: number): MappedNode {
  const rest = call.tensors().slice(2);
  const count = Math.floor(rest.length / (2 + stateCount));
  const kept = [...rest.slice(0, count), ...rest.slice(2 * count)];
  const outputs = kept.map((x): TensorType => tensorType(x?.dtype ?? 'unknown', x?.shape));
  const elements = rest.slice(0, count).reduce<Dim>((sum, x) => addDims(sum, elementCount(x?.shape)), 0);
  return counted('optimizerStep', rest, outputs, { elementwiseOps: multiplyDims(elements, opsPerElement) });
}
