/**
 * MultiheadAttention(512, 8) holds in_proj_weight 1536x512, in_proj_bias 1536 and out_proj, a linear layer.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import { PyFloat, PyTuple, type Value } from '../../../evaluation/values.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { compareDims, floorDivideDims, moduloDims, multiplyDims, printDim, type Dim } from '../../../graph/dim.ts';
import { TensorValue } from '../tensorValue.ts';
import { dimValue } from '../torchWorld.ts';
import { callFunctional, callTorch } from './callText.ts';
import type { LayerBuild, LayerSpec } from './layerSpec.ts';

/** Query, key and value have one packed weight where their widths are equal, three weights otherwise. */
function buildAttention(layer: LayerBuild): void {
  const embed = layer.size('embed_dim');
  const heads = headCount(layer);
  if ([embed, heads].some((size) => typeof size === 'number' && size <= 0)) {
    layer.refuse(
      'ValueError',
      `embed_dim and num_heads must be greater than 0, got embed_dim=${printDim(embed)} and num_heads=${printDim(heads)} instead`,
    );
  }
  const rest = moduloDims(embed, heads);
  if (typeof rest === 'number' && rest !== 0)
    layer.refuse('AssertionError', 'embed_dim must be divisible by num_heads');
  const keyDim = layer.value('kdim') === null ? embed : layer.dim('kdim');
  const valueDim = layer.value('vdim') === null ? embed : layer.dim('vdim');
  const isPacked = compareDims(keyDim, embed) === 'equal' && compareDims(valueDim, embed) === 'equal';
  layer.set('kdim', dimValue(keyDim));
  layer.set('vdim', dimValue(valueDim));
  layer.set('_qkv_same_embed_dim', isPacked);
  layer.set('head_dim', dimValue(floorDivideDims(embed, heads)));
  layer.parameterIf(isPacked, 'in_proj_weight', [multiplyDims(embed, 3), embed]);
  layer.parameterIf(!isPacked, 'q_proj_weight', [embed, embed]);
  layer.parameterIf(!isPacked, 'k_proj_weight', [embed, keyDim]);
  layer.parameterIf(!isPacked, 'v_proj_weight', [embed, valueDim]);
  const hasBias = layer.flag('bias');
  layer.parameterIf(hasBias, 'in_proj_bias', [multiplyDims(embed, 3)]);
  const linear = 'torch.nn.modules.linear.NonDynamicallyQuantizableLinear';
  const size = dimValue(embed);
  const keywords = new Map<string, Value>([['bias', hasBias], ...layer.factoryKeywords()]);
  layer.set('out_proj', callTorch(layer.runtime, linear, [size, size], keywords));
  const hasBiasRows = layer.flag('add_bias_kv');
  for (const name of ['bias_k', 'bias_v']) {
    if (hasBiasRows) layer.parameter(name, [1, 1, embed]);
    else layer.set(name, null);
  }
}

/** Python divides by it, so that 2.0 does, too. */
function headCount(layer: LayerBuild): Dim {
  const heads = layer.value('num_heads');
  return heads instanceof PyFloat && Number.isInteger(heads.value) ? heads.value : layer.dim('num_heads');
}

const FORWARD =
  'forward(self, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, is_causal=False)';

const attentionMembers = members('torch.nn.MultiheadAttention', {
  [FORWARD]: (runtime, self, query, key, value, padding, needWeights, mask, average, isCausal) => {
    const attribute = (name: string): Value => runtime.getAttribute(self, name);
    const isBatched = !(query instanceof TensorValue) || query.type.shape?.length !== 2;
    const isSwapped = attribute('batch_first') === true && isBatched;
    const [q, k, v] = isSwapped ? swapAll(runtime, query, key, value) : [query, key, value];
    const isPacked = attribute('_qkv_same_embed_dim') === true;
    const outProjection = attribute('out_proj');
    const result = callFunctional(
      runtime,
      'multi_head_attention_forward',
      [
        q,
        k,
        v,
        attribute('embed_dim'),
        attribute('num_heads'),
        attribute('in_proj_weight'),
        attribute('in_proj_bias'),
        attribute('bias_k'),
        attribute('bias_v'),
        attribute('add_zero_attn'),
        attribute('dropout'),
        runtime.getAttribute(outProjection, 'weight'),
        runtime.getAttribute(outProjection, 'bias'),
      ],
      {
        training: attribute('training'),
        key_padding_mask: padding,
        need_weights: needWeights,
        attn_mask: mask,
        average_attn_weights: average,
        is_causal: isCausal,
        use_separate_proj_weight: !isPacked,
        q_proj_weight: isPacked ? null : attribute('q_proj_weight'),
        k_proj_weight: isPacked ? null : attribute('k_proj_weight'),
        v_proj_weight: isPacked ? null : attribute('v_proj_weight'),
      },
    );
    // Where an argument was unknown, the function gives one unknown tensor instead of a pair.
    if (!(result instanceof PyTuple))
      return new PyTuple([result, runtime.unknown('the attention weights are unknown')]);
    const [output = null, weights = null] = result.items;
    return new PyTuple([isSwapped ? swap(runtime, output) : output, weights]);
  },
});

/** Batch first to steps first; one tensor stays one, since self-attention projects it at once. */
function swapAll(runtime: Runtime, query: Value, key: Value, value: Value): readonly [Value, Value, Value] {
  const q = swap(runtime, query);
  const k = key === query ? q : swap(runtime, key);
  const v = value === key ? k : value === query ? q : swap(runtime, value);
  return [q, k, v];
}

function swap(runtime: Runtime, x: Value): Value {
  return runtime.callMethod(x, 'transpose', [1, 0]);
}

export const attentionLayers: readonly LayerSpec[] = [
  {
    signature:
      'MultiheadAttention(embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None, batch_first=False, device=None, dtype=None)',
    module: 'activation',
    notStored: ['bias', 'add_bias_kv', 'kdim', 'vdim'],
    build: buildAttention,
    methods: attentionMembers,
  },
];
