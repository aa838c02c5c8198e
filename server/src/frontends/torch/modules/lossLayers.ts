/**
 * Losses: one row each, constructor -> the function of torch.nn.functional it calls.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { PyTuple, type Value } from '../../../evaluation/values.ts';
import { elementCount } from '../../../graph/tensorType.ts';
import { TensorValue } from '../tensorValue.ts';
import { asDims } from '../torchNatives.ts';
import { dimValue } from '../torchWorld.ts';
import { callFunctional, callTorch } from './callText.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';

const REDUCTION = "size_average=None, reduce=None, reduction='mean'";

/** [constructor, forward, inputs, base] */
const ROWS: readonly (readonly [string, string, string, string])[] = [
  [`L1Loss(${REDUCTION})`, 'l1_loss(input, target, reduction=self.reduction)', 'input, target', '_Loss'],
  [
    `NLLLoss(weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')`,
    'nll_loss(input, target, weight=self.weight, ignore_index=self.ignore_index, reduction=self.reduction)',
    'input, target',
    '_WeightedLoss',
  ],
  [
    "PoissonNLLLoss(log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean')",
    'poisson_nll_loss(log_input, target, log_input=self.log_input, full=self.full, eps=self.eps, reduction=self.reduction)',
    'log_input, target',
    '_Loss',
  ],
  [
    "GaussianNLLLoss(*, full=False, eps=1e-06, reduction='mean')",
    'gaussian_nll_loss(input, target, var, full=self.full, eps=self.eps, reduction=self.reduction)',
    'input, target, var',
    '_Loss',
  ],
  [
    `KLDivLoss(${REDUCTION}, log_target=False)`,
    'kl_div(input, target, reduction=self.reduction, log_target=self.log_target)',
    'input, target',
    '_Loss',
  ],
  [`MSELoss(${REDUCTION})`, 'mse_loss(input, target, reduction=self.reduction)', 'input, target', '_Loss'],
  [
    `BCELoss(weight=None, ${REDUCTION})`,
    'binary_cross_entropy(input, target, weight=self.weight, reduction=self.reduction)',
    'input, target',
    '_WeightedLoss',
  ],
  [
    `BCEWithLogitsLoss(weight=None, ${REDUCTION}, pos_weight=None)`,
    'binary_cross_entropy_with_logits(input, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction)',
    'input, target',
    '_Loss',
  ],
  [
    `HingeEmbeddingLoss(margin=1.0, ${REDUCTION})`,
    'hinge_embedding_loss(input, target, margin=self.margin, reduction=self.reduction)',
    'input, target',
    '_Loss',
  ],
  [
    `MultiLabelMarginLoss(${REDUCTION})`,
    'multilabel_margin_loss(input, target, reduction=self.reduction)',
    'input, target',
    '_Loss',
  ],
  [
    `SmoothL1Loss(${REDUCTION}, beta=1.0)`,
    'smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)',
    'input, target',
    '_Loss',
  ],
  [
    "HuberLoss(reduction='mean', delta=1.0)",
    'huber_loss(input, target, reduction=self.reduction, delta=self.delta)',
    'input, target',
    '_Loss',
  ],
  [
    `SoftMarginLoss(${REDUCTION})`,
    'soft_margin_loss(input, target, reduction=self.reduction)',
    'input, target',
    '_Loss',
  ],
  [
    "CrossEntropyLoss(weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0)",
    'cross_entropy(input, target, weight=self.weight, ignore_index=self.ignore_index, reduction=self.reduction, label_smoothing=self.label_smoothing)',
    'input, target',
    '_WeightedLoss',
  ],
  [
    `MultiLabelSoftMarginLoss(weight=None, ${REDUCTION})`,
    'multilabel_soft_margin_loss(input, target, weight=self.weight, reduction=self.reduction)',
    'input, target',
    '_WeightedLoss',
  ],
  [
    `CosineEmbeddingLoss(margin=0.0, ${REDUCTION})`,
    'cosine_embedding_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)',
    'input1, input2, target',
    '_Loss',
  ],
  [
    `MarginRankingLoss(margin=0.0, ${REDUCTION})`,
    'margin_ranking_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)',
    'input1, input2, target',
    '_Loss',
  ],
  [
    `MultiMarginLoss(p=1, margin=1.0, weight=None, ${REDUCTION})`,
    'multi_margin_loss(input, target, p=self.p, margin=self.margin, weight=self.weight, reduction=self.reduction)',
    'input, target',
    '_WeightedLoss',
  ],
  [
    `TripletMarginLoss(margin=1.0, p=2.0, eps=1e-06, swap=False, ${REDUCTION})`,
    'triplet_margin_loss(anchor, positive, negative, margin=self.margin, p=self.p, eps=self.eps, swap=self.swap, reduction=self.reduction)',
    'anchor, positive, negative',
    '_Loss',
  ],
  [
    "TripletMarginWithDistanceLoss(*, distance_function=None, margin=1.0, swap=False, reduction='mean')",
    'triplet_margin_with_distance_loss(anchor, positive, negative, distance_function=self.distance_function, margin=self.margin, swap=self.swap, reduction=self.reduction)',
    'anchor, positive, negative',
    '_Loss',
  ],
  [
    "CTCLoss(blank=0, reduction='mean', zero_infinity=False)",
    'ctc_loss(log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity)',
    'log_probs, targets, input_lengths, target_lengths',
    '_Loss',
  ],
];

const LINEAR_LOSS =
  "LinearCrossEntropyLoss(in_features, num_classes, *, out_features=(), bias=False, device=None, dtype=None, reduction='mean', weight=None, ignore_index=None, label_smoothing=0.0, options=None)";

/** One linear layer holds the weights of all outputs: (num_classes * prod(out_features)) x in_features. */
function buildLinearLoss(layer: LayerBuild): void {
  buildWeights(layer);
  const outputs = asDims(layer.runtime, layer.value('out_features'), 'out_features');
  const width = dimValue(elementCount([layer.dim('num_classes'), ...outputs]));
  const keywords = new Map<string, Value>([['bias', layer.value('bias')], ...layer.factoryKeywords()]);
  layer.set('linear', callTorch(layer.runtime, 'torch.nn.Linear', [layer.value('in_features'), width], keywords));
}

const linearLossMembers = members('torch.nn.LinearCrossEntropyLoss', {
  'forward(self, input, target)': (runtime, self, input, target) => {
    const attribute = (name: string): Value => runtime.getAttribute(self, name);
    const linear = attribute('linear');
    const outputs = attribute('out_features');
    const axes = outputs instanceof PyTuple ? outputs.items : [];
    const apart = (name: string, inner: readonly Value[]): Value => {
      const stored = runtime.getAttribute(linear, name);
      if (stored === null) return null;
      return runtime.callMethod(stored, 'reshape', [new PyTuple([attribute('num_classes'), ...axes, ...inner])]);
    };
    return callFunctional(
      runtime,
      'linear_cross_entropy',
      [input, apart('weight', [runtime.getAttribute(linear, 'in_features')]), target],
      {
        linear_bias: apart('bias', []),
        weight: attribute('weight'),
        reduction: attribute('reduction'),
        label_smoothing: attribute('label_smoothing'),
      },
    );
  },
});

/** Class weights are a buffer, so that they move with the module. */
function buildWeights(layer: LayerBuild): void {
  for (const name of ['weight', 'pos_weight']) {
    const value = layer.value(name);
    if (!(name in layer.bound)) continue;
    if (value === null || value instanceof TensorValue) layer.buffer(name, value);
    else layer.set(name, value);
  }
}

export const lossLayers: readonly LayerSpec[] = [
  { signature: `_Loss(${REDUCTION})`, module: 'loss', notStored: ['size_average', 'reduce'] },
  {
    signature: `_WeightedLoss(weight=None, ${REDUCTION})`,
    base: '_Loss',
    module: 'loss',
    notStored: ['size_average', 'reduce', 'weight'],
    build: buildWeights,
  },
  ...ROWS.map(([signature, forward, inputs, base]): LayerSpec => ({
    signature,
    base,
    module: 'loss',
    notStored: ['size_average', 'reduce', 'weight', 'pos_weight'],
    build: buildWeights,
    inputs,
    forward,
  })),
  {
    signature: LINEAR_LOSS,
    base: '_WeightedLoss',
    module: 'loss',
    notStored: ['in_features', 'weight', 'bias'],
    build: buildLinearLoss,
    methods: linearLossMembers,
  },
  {
    signature: "NLLLoss2d(weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
    base: 'NLLLoss',
    module: 'loss',
    notStored: ['size_average', 'reduce', 'weight'],
    build: buildWeights,
  },
];
