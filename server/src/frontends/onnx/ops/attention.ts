/**
 * Attention as single nodes: ONNX Attention-23, FlexAttention, LinearAttention, RotaryEmbedding, and com.microsoft's
 * MultiHeadAttention, GroupQueryAttention, Attention, QAttention.
 */
import { addDims, floorDivideDims, maximumDim, multiplyDims, unknownDim, type Dim } from '../../../graph/dim.ts';
import { elementCount, tensorType, type TensorType } from '../../../graph/tensorType.ts';
import { scaledDotProductAttention } from '../../../operators/attention.ts';
import { elementwise } from '../../../operators/elementwise.ts';
import { multiHeadAttention, projectedAttention } from '../../../operators/multiHeadAttention.ts';
import { apply, counted, firstOutput, fused, notTold, type MappedNode, type MappingTable } from '../mappedNode.ts';
import type { NodeCall } from '../nodeCall.ts';

export const attentionMappings: MappingTable = {
  Attention(call) {
    const [query, key, value, mask, pastKey, pastValue] = call.tensors(0, 1, 2, 3, 4, 5);
    // With the number of keys that count (opset 24), a mask may be shorter than the keys.
    const fittingMask = mask !== undefined && call.hasInput(6) ? tensorType(mask.dtype, undefined) : mask;
    return apply(multiHeadAttention, [query, key, value, fittingMask, pastKey, pastValue], {
      qNumHeads: call.int('q_num_heads'),
      kvNumHeads: call.int('kv_num_heads'),
      isCausal: call.flag('is_causal'),
      outputCount: Math.max(1, call.outputCount),
    });
  },
  LinearAttention: (call) => linearAttention(call),
  RotaryEmbedding: (call) => rotary(call),
};

export const previewAttentionMappings: MappingTable = {
  /** Modifier subgraphs are not counted: their work depends on their own nodes. */
  FlexAttention(call) {
    const modifiers = ['score_mod', 'prob_mod'].filter((name) => call.graph(name) !== undefined);
    if (modifiers.length > 0) call.reporter.assume('other', `the work of ${modifiers.join(' and ')} is not counted`);
    return apply(scaledDotProductAttention, call.tensors(0, 1, 2), { enableGqa: true });
  },
};

export const microsoftAttentionMappings: MappingTable = {
  /** Inputs: query, key, value, bias, key_padding_mask, attention_bias, past_key, past_value. */
  MultiHeadAttention(call) {
    const [query, key, value, bias, padding, scores, pastKey, pastValue] = call.tensors(0, 1, 2, 3, 4, 5, 6, 7);
    const heads = call.int('num_heads');
    const attended = apply(multiHeadAttention, [query, key, value, scores ?? padding, pastKey, pastValue], {
      qNumHeads: heads,
      isCausal: call.flag('unidirectional'),
      outputCount: Math.max(1, call.outputCount),
    });
    if (bias === undefined) return attended;
    return { ...fused(attended, addition(query, key, value)), outputs: attended.outputs };
  },
  /** Inputs: query, key, value, past_key, past_value, seqlens_k, total_sequence_length, cos_cache, sin_cache. */
  GroupQueryAttention(call) {
    const [query, key, value, pastKey, pastValue] = call.tensors(0, 1, 2, 3, 4);
    const attributes = {
      qNumHeads: call.int('num_heads'),
      kvNumHeads: call.int('kv_num_heads'),
      isCausal: true,
      outputCount: Math.max(1, call.outputCount),
      totalSequence: cacheLength(call, pastKey, key ?? query),
    };
    return apply(multiHeadAttention, [query, key, value, undefined, pastKey, pastValue], attributes);
  },
  /** Inputs: input, weights, bias, mask_index, past, attention_bias, past_sequence_length. */
  Attention: (call) => projected(call, [0, 1, 2, 3, 4]),
  /** Inputs: input, weight, bias, input scale, weight scale, mask_index, zero points, past. */
  QAttention: (call) => projected(call, [0, 1, 2, 5, 8]),
  /** Inputs: input, position_ids, cos_cache, sin_cache. */
  RotaryEmbedding: (call) => rotary(call),
};

/** Bias over query, key and value: one addition an element. */
function addition(...inputs: readonly (TensorType | undefined)[]): MappedNode {
  const count = inputs.reduce<Dim>((sum, input) => (input ? addDims(sum, elementCount(input.shape)) : sum), 0);
  return counted('add', [], [], { elementwiseOps: count });
}

/**
 * Where past and present share a buffer, the past has the buffer's whole length; the input total_sequence_length tells
 * how much of it counts, where it is a constant.
 */
function cacheLength(call: NodeCall, past: TensorType | undefined, own: TensorType | undefined): Dim | undefined {
  const [total] = call.dims(6) ?? [];
  const length = past?.shape?.[2];
  const added = own?.shape?.[1];
  if (total !== undefined && length !== undefined) return maximumDim(total, length);
  if (total !== undefined) return total;
  return length === undefined || added === undefined ? undefined : addDims(length, added);
}

function projected(call: NodeCall, indices: readonly number[]): MappedNode {
  const numHeads = call.int('num_heads');
  const x = call.tensor(0);
  if (numHeads === undefined) {
    return notTold(
      'projectedAttention',
      'the attribute num_heads is missing',
      tensorType(x?.dtype ?? 'unknown', x?.shape),
    );
  }
  const mapped = apply(projectedAttention, call.tensors(...indices), {
    numHeads,
    qkvHiddenSizes: call.ints('qkv_hidden_sizes'),
    isCausal: call.flag('unidirectional'),
    outputCount: Math.max(1, call.outputCount),
  });
  // The quantised variant gives floats, of the type of its bias.
  const dtype = call.tensor(2)?.dtype;
  if (dtype === undefined || x?.dtype === dtype) return mapped;
  return {
    ...mapped,
    outputs: mapped.outputs.map((type) => (type.kind === 'tensor' ? tensorType(dtype, type.shape) : type)),
  };
}

/** Each pair of elements is rotated: two products and a sum an element (arxiv.org/abs/2104.09864, equation 34). */
function rotary(call: NodeCall): MappedNode {
  const x = call.tensor(0);
  const scaled = apply(elementwise.mul, [x], { scalars: ['float'] });
  const output = tensorType(x?.dtype ?? 'unknown', x?.shape);
  return counted('rotaryEmbedding', call.tensors(), [output], {
    elementwiseOps: multiplyDims(elementCount(firstOutput(scaled).shape), 3),
  });
}

/**
 * LinearAttention-27: each step updates the state d_k x d_v of every key head by an outer product, and reads it by a
 * product with every query; the delta rules read it once more.
 */
function linearAttention(call: NodeCall): MappedNode {
  const [query, key, value] = call.tensors(0, 1, 2);
  const [qHeads, kvHeads] = [call.int('q_num_heads'), call.int('kv_num_heads')];
  const [batch, steps, width] = query?.shape ?? [];
  const [keyWidth, valueWidth] = [key?.shape?.[2], value?.shape?.[2]];
  const dtype = query?.dtype ?? 'unknown';
  const sizes = [batch, steps, width, keyWidth, valueWidth].every((dim) => dim !== undefined);
  if (qHeads === undefined || kvHeads === undefined || !sizes) {
    return notTold('linearAttention', 'its shapes or numbers of heads are not known', tensorType(dtype, undefined));
  }
  const dk = floorDivideDims(keyWidth ?? 0, kvHeads);
  const dv = floorDivideDims(valueWidth ?? 0, kvHeads);
  const state = multiplyDims(dk, dv);
  const tokens = multiplyDims(batch ?? 0, steps ?? 0);
  const readsTwice = (call.string('update_rule') ?? 'gated_delta').includes('delta');
  const products = multiplyDims(state, addDims(qHeads, readsTwice ? 2 * kvHeads : kvHeads));
  const outputs = [
    tensorType(dtype, [batch ?? unknownDim('no batch'), steps ?? 0, multiplyDims(dv, qHeads)]),
    tensorType(call.tensor(3)?.dtype ?? dtype, [batch ?? 0, kvHeads, dk, dv]),
  ];
  return counted('linearAttention', call.tensors(), outputs, {
    macs: multiplyDims(tokens, products),
    elementwiseOps: call.hasInput(4) ? multiplyDims(tokens, multiplyDims(state, kvHeads)) : 0,
  });
}
