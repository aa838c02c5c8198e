/**
 * Losses of torch.nn.functional. cross_entropy(8x1000, 8) -> a scalar; with reduction='none' -> 8.
 */
import type { NativeFunction } from '../../../evaluation/values.ts';
import { classLoss, elementLoss, rowLoss, sequenceLoss, type LossAttributes } from '../../../operators/loss.ts';
import { elementCount, printShape, type Shape } from '../../../graph/tensorType.ts';
import { areDifferent } from '../../../operators/agreement.ts';
import { linear } from '../../../operators/matrix.ts';
import type { Operator } from '../../../operators/operator.ts';
import { reshape } from '../../../operators/reshape.ts';
import { refuse } from '../record.ts';
import { TensorValue } from '../tensorValue.ts';
import { torchFunction, UnknownArgument, type TorchCall } from '../torchNatives.ts';
import { FUNCTIONAL } from './functionArguments.ts';

const REDUCTION = "size_average=None, reduce=None, reduction='mean'";

/** [operator, signature, tensors that broadcast or lead]. Each has the legacy arguments that `reduction` replaced. */
const LOSSES: readonly (readonly [Operator<LossAttributes>, string, readonly string[]])[] = [
  [elementLoss, `mse_loss(input, target, ${REDUCTION}, weight=None)`, ['input', 'target', 'weight']],
  [elementLoss, `l1_loss(input, target, ${REDUCTION}, weight=None)`, ['input', 'target', 'weight']],
  [elementLoss, `smooth_l1_loss(input, target, ${REDUCTION}, beta=1.0)`, ['input', 'target']],
  [elementLoss, "huber_loss(input, target, reduction='mean', delta=1.0, weight=None)", ['input', 'target', 'weight']],
  [
    elementLoss,
    "binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None, reduction='mean')",
    ['input', 'target', 'weight'],
  ],
  [
    elementLoss,
    "binary_cross_entropy_with_logits(input, target, weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None)",
    ['input', 'target', 'weight', 'pos_weight'],
  ],
  [elementLoss, `kl_div(input, target, ${REDUCTION}, log_target=False)`, ['input', 'target']],
  [elementLoss, `soft_margin_loss(input, target, ${REDUCTION})`, ['input', 'target']],
  [
    elementLoss,
    "hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction='mean')",
    ['input', 'target'],
  ],
  [
    elementLoss,
    "margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean')",
    ['input1', 'input2', 'target'],
  ],
  [
    elementLoss,
    "poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean')",
    ['input', 'target'],
  ],
  [
    elementLoss,
    "gaussian_nll_loss(input, target, var, full=False, eps=1e-06, reduction='mean')",
    ['input', 'target', 'var'],
  ],
  [
    classLoss,
    "cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0)",
    ['input', 'target', 'weight'],
  ],
  [
    classLoss,
    "nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
    ['input', 'target', 'weight'],
  ],
  [
    rowLoss,
    "multi_margin_loss(input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean')",
    ['input', 'target', 'weight'],
  ],
  [rowLoss, `multilabel_margin_loss(input, target, ${REDUCTION})`, ['input', 'target']],
  [
    rowLoss,
    "multilabel_soft_margin_loss(input, target, weight=None, size_average=None, reduce=None, reduction='mean')",
    ['input', 'target', 'weight'],
  ],
  [
    rowLoss,
    "cosine_embedding_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean')",
    ['input1', 'input2', 'target'],
  ],
  [
    rowLoss,
    "triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, size_average=None, reduce=None, reduction='mean')",
    ['anchor', 'positive', 'negative'],
  ],
  [
    rowLoss,
    "triplet_margin_with_distance_loss(anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction='mean')",
    ['anchor', 'positive', 'negative'],
  ],
  [
    sequenceLoss,
    "ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False)",
    ['log_probs', 'targets'],
  ],
];

function reductionOf(call: TorchCall): LossAttributes['reduction'] {
  if (call.value('reduce') === false) return 'none';
  if (call.value('size_average') === false) return 'sum';
  const reduction = call.string('reduction');
  if (reduction === 'none' || reduction === 'mean' || reduction === 'sum' || reduction === 'batchmean')
    return reduction;
  return call.runtime.raise('ValueError', `${reduction} is not a valid value for reduction`);
}

const linearCrossEntropy = torchFunction(
  "linear_cross_entropy(input, linear_weight, target, *, linear_bias=None, weight=None, reduction='mean', ignore_index=None, label_smoothing=0.0, options=None)",
  FUNCTIONAL,
  (call) => {
    const input = call.tensor('input');
    const weight = call.tensor('linear_weight');
    const outputs = weight.type.shape?.slice(0, -1);
    if (outputs === undefined) throw new UnknownArgument('the rank of linear_weight is unknown');
    const isFlat = outputs.length === 1;
    const flat = (x: TensorValue, shape: Shape): TensorValue => (isFlat ? x : call.record(reshape, { shape }, [x]));
    const bias = call.optionalTensor('linear_bias');
    const logits = call.record(linear, {}, [
      input,
      flat(weight, [elementCount(outputs), weight.type.shape?.at(-1) ?? -1]),
      bias && flat(bias, [elementCount(outputs)]),
    ]);
    const scores = flat(logits, [...(input.type.shape?.slice(0, -1) ?? []), ...outputs]);
    const attributes = { formula: 'cross_entropy', reduction: reductionOf(call) };
    return call.record(classLoss, attributes, [scores, call.tensor('target'), call.optionalTensor('weight')]);
  },
);

/** Binary cross entropies do not broadcast their target. */
function checkTargetSize(call: TorchCall): void {
  const [input, target] = [call.tensor('input').type.shape, call.tensor('target').type.shape];
  if (input === undefined || target === undefined) return;
  if (input.length === target.length && input.every((dim, axis) => !areDifferent(dim, target[axis] ?? 0))) return;
  refuse(
    call.runtime,
    'shape-mismatch',
    `expected a target of the input's shape ${printShape(input)}, got ${printShape(target)}`,
  );
}

const plainLosses: readonly NativeFunction[] = LOSSES.map(([operator, signature, names]) =>
  torchFunction(signature, FUNCTIONAL, (call) => {
    const formula = signature.slice(0, signature.indexOf('('));
    const [first = '', ...rest] = names;
    if (formula.startsWith('binary_cross_entropy')) checkTargetSize(call);
    const others = rest.map((name) => (call.value(name) instanceof TensorValue ? call.tensor(name) : undefined));
    return call.record(operator, { formula, reduction: reductionOf(call) }, [call.tensor(first), ...others]);
  }),
);

export const lossFunctions: readonly NativeFunction[] = [...plainLosses, linearCrossEntropy];
