/**
 * Attention of torch.nn.functional. multi_head_attention_forward runs the operators that PyTorch's own runs,
 * in its order, so that their sums are equal: one packed projection where query, key and value are one tensor.
 * scaled_dot_product_attention(4x8x128x64 three times) -> 4x8x128x64.
 */
import { PyTuple, type NativeFunction, type Value } from '../../../evaluation/values.ts';
import { floorDivideDims, multiplyDims, type Dim } from '../../../graph/dim.ts';
import { softmax } from '../../../operators/activation.ts';
import { scaledDotProductAttention } from '../../../operators/attention.ts';
import { full } from '../../../operators/creation.ts';
import { elementwise } from '../../../operators/elementwise.ts';
import { expand, repeat } from '../../../operators/expand.ts';
import { maskedFill } from '../../../operators/gather.ts';
import { contiguous } from '../../../operators/identity.ts';
import { select } from '../../../operators/indexing.ts';
import { chunk, concat, split } from '../../../operators/join.ts';
import { batchMatmul, linear } from '../../../operators/matrix.ts';
import { pad } from '../../../operators/padding.ts';
import { permute, transpose } from '../../../operators/permute.ts';
import { reductions } from '../../../operators/reduction.ts';
import { reshape, squeeze, unflatten, unsqueeze } from '../../../operators/reshape.ts';
import type { TensorValue } from '../tensorValue.ts';
import { asDim, plainInt, torchFunction, UnknownArgument, type TorchCall } from '../torchNatives.ts';
import { FUNCTIONAL } from './functionArguments.ts';

interface Heads {
  readonly batch: Dim;
  readonly heads: Dim;
  readonly width: Dim;
  /** batch * heads */
  readonly rows: Dim;
  readonly targets: Dim;
}

export const attentionFunctions: readonly NativeFunction[] = [
  torchFunction(
    'scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False)',
    FUNCTIONAL,
    (call) =>
      call.record(
        scaledDotProductAttention,
        {
          isCausal: call.boolean('is_causal'),
          scale: call.optionalNumber('scale') ?? null,
          enableGqa: call.boolean('enable_gqa'),
        },
        [call.tensor('query'), call.tensor('key'), call.tensor('value'), call.optionalTensor('attn_mask')],
      ),
  ),
  torchFunction(
    'multi_head_attention_forward(query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, ' +
      'bias_k, bias_v, add_zero_attn, dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, ' +
      'need_weights=True, attn_mask=None, use_separate_proj_weight=False, q_proj_weight=None, k_proj_weight=None, ' +
      'v_proj_weight=None, static_k=None, static_v=None, average_attn_weights=True, is_causal=False)',
    FUNCTIONAL,
    multiHeadAttention,
  ),
];

function multiHeadAttention(call: TorchCall): Value {
  const isBatched = knownRank(call.tensor('query')) === 3;
  const batched = (name: string): TensorValue =>
    isBatched ? call.tensor(name) : unsqueezed(call, call.tensor(name), 1);
  const query = batched('query');
  // PyTorch asks whether the three are one object, so a copy of one must stay one.
  const key = call.value('key') === call.value('query') ? query : batched('key');
  const value = call.value('value') === call.value('key') ? key : batched('value');
  const [targets = 0, batch = 0, embed = 0] = query.type.shape ?? [];
  const heads = asDim(call.runtime, plainInt(call.value('num_heads')), 'num_heads');
  const layout: Heads = {
    batch,
    heads,
    targets,
    width: floorDivideDims(embed, heads),
    rows: multiplyDims(batch, heads),
  };
  const needWeights = call.boolean('need_weights');
  let mask = attentionMask(call, query, needWeights);
  let padding = paddingMask(call, query, isBatched);
  const isCausal = call.boolean('is_causal') && padding === undefined;

  let [q, k, v] = projections(call, query, key, value, embed);
  const biasK = call.optionalTensor('bias_k');
  const biasV = call.optionalTensor('bias_v');
  if (biasK !== undefined && biasV !== undefined) {
    k = appended(call, k, call.record(repeat, { repeats: [1, batch, 1] }, [biasK]), 0);
    v = appended(call, v, call.record(repeat, { repeats: [1, batch, 1] }, [biasV]), 0);
    [mask, padding] = [paddedMask(call, mask), paddedMask(call, padding)];
  }
  q = splitHeads(call, q, layout);
  k = call.optionalTensor('static_k') ?? splitHeads(call, k, layout);
  v = call.optionalTensor('static_v') ?? splitHeads(call, v, layout);
  if (call.boolean('add_zero_attn')) {
    const zeros = (like: TensorValue): TensorValue =>
      call.record(full, { shape: [layout.rows, 1, layout.width], dtype: like.type.dtype }, []);
    k = appended(call, k, zeros(k), 1);
    v = appended(call, v, zeros(v), 1);
    [mask, padding] = [paddedMask(call, mask), paddedMask(call, padding)];
  }
  const sources = k.type.shape?.[1] ?? 0;
  mask = mergedMask(call, mask, padding, layout, sources);
  const parts = { q, k, v, mask, sources, isCausal };
  return needWeights
    ? attendWithWeights(call, layout, embed, isBatched, parts)
    : attendFused(call, layout, embed, isBatched, parts);
}

interface AttentionParts {
  readonly q: TensorValue;
  readonly k: TensorValue;
  readonly v: TensorValue;
  readonly mask: TensorValue | undefined;
  readonly sources: Dim;
  readonly isCausal: boolean;
}

/** The path that also returns the weights: two batched products around a softmax. */
function attendWithWeights(
  call: TorchCall,
  layout: Heads,
  embed: Dim,
  isBatched: boolean,
  parts: AttentionParts,
): Value {
  const { q, k, v, mask, sources } = parts;
  const { batch, heads, targets } = layout;
  const scaled = call.record(elementwise.mul, { scalars: ['float'] }, [q]);
  const keys = call.record(transpose, { dim0: -2, dim1: -1 }, [k]);
  const scores = call.record(batchMatmul, {}, [scaled, keys, mask]);
  const weights = call.record(softmax, { dim: -1 }, [scores]);
  const mixed = call.record(transpose, { dim0: 0, dim1: 1 }, [call.record(batchMatmul, {}, [weights, v])]);
  const output = projectOut(
    call,
    call.record(reshape, { shape: [multiplyDims(targets, batch), embed] }, [mixed]),
    layout,
  );
  let shown = call.record(reshape, { shape: [batch, heads, targets, sources] }, [weights]);
  if (call.boolean('average_attn_weights')) shown = call.record(reductions.mean, { dims: [1] }, [shown]);
  if (isBatched) return new PyTuple([output, shown]);
  return new PyTuple([squeezed(call, output, 1), squeezed(call, shown, 0)]);
}

function attendFused(call: TorchCall, layout: Heads, embed: Dim, isBatched: boolean, parts: AttentionParts): Value {
  const { batch, heads, targets, width } = layout;
  const { sources, isCausal } = parts;
  const rows = (tensor: TensorValue, length: Dim): TensorValue =>
    call.record(reshape, { shape: [batch, heads, length, width] }, [tensor]);
  const q = rows(parts.q, targets);
  const k = rows(parts.k, sources);
  const v = rows(parts.v, sources);
  const mask = fusedMask(call, parts.mask, layout, sources);
  const mixed = call.record(scaledDotProductAttention, { isCausal }, [q, k, v, mask]);
  const ordered = call.record(permute, { dims: [2, 0, 1, 3] }, [mixed]);
  const flat = call.record(reshape, { shape: [multiplyDims(batch, targets), embed] }, [ordered]);
  const output = projectOut(call, flat, layout);
  return new PyTuple([isBatched ? output : squeezed(call, output, 1), null]);
}

function fusedMask(
  call: TorchCall,
  mask: TensorValue | undefined,
  { batch, heads }: Heads,
  sources: Dim,
): TensorValue | undefined {
  if (mask === undefined) return undefined;
  const shape = mask.type.shape;
  if (shape?.length === 3 && shape[0] === 1) return unsqueezed(call, mask, 0);
  return call.record(reshape, { shape: [batch, heads, -1, sources] }, [mask]);
}

function projectOut(call: TorchCall, flat: TensorValue, { targets, batch }: Heads): TensorValue {
  const weight = call.tensor('out_proj_weight');
  const output = call.record(linear, {}, [flat, weight, call.optionalTensor('out_proj_bias')]);
  return call.record(reshape, { shape: [targets, batch, output.type.shape?.[1] ?? -1] }, [output]);
}

/** Query, key and value after the input projection. */
function projections(
  call: TorchCall,
  query: TensorValue,
  key: TensorValue,
  value: TensorValue,
  embed: Dim,
): [TensorValue, TensorValue, TensorValue] {
  const bias = call.optionalTensor('in_proj_bias');
  const project = (x: TensorValue, weight: TensorValue, b: TensorValue | undefined): TensorValue =>
    call.record(linear, {}, [x, weight, b]);
  if (call.boolean('use_separate_proj_weight')) {
    const [bq, bk, bv] = bias === undefined ? [] : call.recordMany(chunk, { dim: 0, chunks: 3 }, [bias]);
    return [
      project(query, call.tensor('q_proj_weight'), bq),
      project(key, call.tensor('k_proj_weight'), bk),
      project(value, call.tensor('v_proj_weight'), bv),
    ];
  }
  const weight = call.tensor('in_proj_weight');
  if (key === value && query === key) return unpacked(call, project(query, weight, bias), 3, embed);
  if (key === value) {
    const sizes = [embed, multiplyDims(embed, 2)];
    const [wq, wkv] = call.recordMany(split, { dim: 0, sizes }, [weight]);
    const [bq, bkv] = bias === undefined ? [] : call.recordMany(split, { dim: 0, sizes }, [bias]);
    const [k, v] = unpacked(call, project(key, wkv ?? weight, bkv), 2, embed);
    return [project(query, wq ?? weight, bq), k, v];
  }
  const [wq, wk, wv] = call.recordMany(chunk, { dim: 0, chunks: 3 }, [weight]);
  const [bq, bk, bv] = bias === undefined ? [] : call.recordMany(chunk, { dim: 0, chunks: 3 }, [bias]);
  return [project(query, wq ?? weight, bq), project(key, wk ?? weight, bk), project(value, wv ?? weight, bv)];
}

/** (..., count * E) -> `count` tensors of (..., E); the entries beyond `count` repeat the last. */
function unpacked(
  call: TorchCall,
  packed: TensorValue,
  count: number,
  embed: Dim,
): [TensorValue, TensorValue, TensorValue] {
  const apart = call.record(unflatten, { dim: -1, sizes: [count, embed] }, [packed]);
  const front = call.record(transpose, { dim0: 0, dim1: -2 }, [unsqueezed(call, apart, 0)]);
  const copied = call.record(contiguous, {}, [squeezed(call, front, -2)]);
  const at = (index: number): TensorValue => call.record(select, { dim: 0, index }, [copied]);
  const [first, second] = [at(0), at(1)];
  return [first, second, count > 2 ? at(2) : second];
}

function splitHeads(call: TorchCall, x: TensorValue, { rows, width }: Heads): TensorValue {
  const apart = call.record(reshape, { shape: [x.type.shape?.[0] ?? -1, rows, width] }, [x]);
  return call.record(transpose, { dim0: 0, dim1: 1 }, [apart]);
}

/** Boolean masks become float masks of 0 and -inf. */
function floatMask(call: TorchCall, mask: TensorValue, like: TensorValue): TensorValue {
  if (mask.type.dtype !== 'bool' || mask.type.shape === undefined) return mask;
  const zeros = call.record(full, { shape: mask.type.shape, dtype: like.type.dtype }, []);
  return call.record(maskedFill, {}, [zeros, mask, undefined]);
}

function attentionMask(call: TorchCall, query: TensorValue, needWeights: boolean): TensorValue | undefined {
  const mask = call.optionalTensor('attn_mask');
  if (mask === undefined) return undefined;
  if (call.boolean('is_causal') && call.value('key_padding_mask') === null && !needWeights) return undefined;
  const float = floatMask(call, mask, query);
  return knownRank(float) === 2 ? unsqueezed(call, float, 0) : float;
}

function paddingMask(call: TorchCall, query: TensorValue, isBatched: boolean): TensorValue | undefined {
  const mask = call.optionalTensor('key_padding_mask');
  if (mask === undefined) return undefined;
  return floatMask(call, isBatched ? mask : unsqueezed(call, mask, 0), query);
}

/** One more source position that nothing masks. */
function paddedMask(call: TorchCall, mask: TensorValue | undefined): TensorValue | undefined {
  return mask && call.record(pad, { before: [0], after: [1], mode: 'constant' }, [mask]);
}

function mergedMask(
  call: TorchCall,
  mask: TensorValue | undefined,
  padding: TensorValue | undefined,
  { batch, heads, rows }: Heads,
  sources: Dim,
): TensorValue | undefined {
  if (padding === undefined) return mask;
  const apart = call.record(reshape, { shape: [batch, 1, 1, sources] }, [padding]);
  const perHead = call.record(expand, { shape: [-1, heads, -1, -1] }, [apart]);
  const merged = call.record(reshape, { shape: [rows, 1, sources] }, [perHead]);
  return mask === undefined ? merged : call.record(elementwise.add, {}, [mask, merged]);
}

function appended(call: TorchCall, x: TensorValue, more: TensorValue, dim: number): TensorValue {
  return call.record(concat, { dim }, [x, more]);
}

function unsqueezed(call: TorchCall, x: TensorValue, dim: number): TensorValue {
  return call.record(unsqueeze, { dims: [dim] }, [x]);
}

function squeezed(call: TorchCall, x: TensorValue, dim: number): TensorValue {
  return call.record(squeeze, { dims: [dim] }, [x]);
}

function knownRank(tensor: TensorValue): number {
  const rank = tensor.type.shape?.length;
  if (rank === undefined) throw new UnknownArgument('the rank of an argument is unknown');
  return rank;
}
