/**
 * Scaled dot-product attention: softmax(q kT * scale + mask) v, batch and head axes leading.
 * q, k, v 4x8x128x64 -> 4x8x128x64, 67,108,864 MACs.
 */
import { addDims, floorDivideDims, moduloDims, multiplyDims, printDim, type Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { agreedDim, areDifferent, dimAt, dtypeOf, productOfDims } from './agreement.ts';
import { broadcastShapes, broadcastsTo } from './broadcast.ts';
import { mismatch, ok, type InferResult, type Operator, type OperatorWork } from './operator.ts';

export type ScaledDotProductAttentionAttributes = {
  readonly isCausal?: boolean | undefined;
  readonly scale?: number | null | undefined;
  /** Fewer key and value heads than query heads (torch 2.5 enable_gqa). */
  readonly enableGqa?: boolean | undefined;
};

/**
 * Inputs: query (... x Sq x D), key (... x Sk x D), value (... x Sk x Dv), mask? (broadcast to ... x Sq x Sk).
 * MACs: heads x Sq x Sk x (D + Dv), masked and causal positions included (torch.utils.flop_counter, sdpa_flop_count).
 */
export const scaledDotProductAttention: Operator<ScaledDotProductAttentionAttributes> = {
  name: 'scaledDotProductAttention',
  family: 'attention',
  isView: false,
  infer([query, key, value, mask], attributes) {
    const dtype = dtypeOf(query, key, value);
    const [q, k, v] = [query?.shape, key?.shape, value?.shape];
    if (q === undefined || k === undefined || v === undefined) return ok(tensorType(dtype, undefined));
    return inferAttention(q, k, v, mask, attributes, dtype);
  },
  work([query, key, , mask], outputs) {
    const [q, k, output] = [query?.shape, key?.shape, outputs[0]?.shape];
    if (q === undefined || k === undefined || output === undefined) {
      return { macs: elementCount(undefined), elementwiseOps: elementCount(undefined) };
    }
    return attentionWork({
      heads: productOfDims(output.slice(0, -2)),
      queries: dimAt(q, -2),
      keys: dimAt(k, -2),
      keyWidth: dimAt(q, -1),
      valueWidth: dimAt(output, -1),
      isMasked: mask !== undefined,
    });
  },
};

export const attentionOperators: readonly Operator[] = [scaledDotProductAttention];

export interface AttentionSizes {
  /** Batch size times query heads. */
  readonly heads: Dim;
  readonly queries: Dim;
  readonly keys: Dim;
  readonly keyWidth: Dim;
  readonly valueWidth: Dim;
  readonly isMasked: boolean;
}

/** Both products, and for each score: scaling, softmax (maximum, subtract, exponential, sum, divide) and the mask. */
export function attentionWork(sizes: AttentionSizes): OperatorWork {
  const scores = multiplyDims(multiplyDims(sizes.heads, sizes.queries), sizes.keys);
  return {
    macs: multiplyDims(scores, addDims(sizes.keyWidth, sizes.valueWidth)),
    elementwiseOps: multiplyDims(scores, SCALE_OPS + SOFTMAX_OPS + (sizes.isMasked ? MASK_OPS : 0)),
  };
}

const SCALE_OPS = 1;
const SOFTMAX_OPS = 5;
const MASK_OPS = 1;

function inferAttention(
  q: Shape,
  k: Shape,
  v: Shape,
  mask: TensorType | undefined,
  attributes: ScaledDotProductAttentionAttributes,
  dtype: DType,
): InferResult {
  const quoted = `query ${printShape(q)}, key ${printShape(k)}, value ${printShape(v)}`;
  if (q.length < 2 || k.length < 2 || v.length < 2) return mismatch(`attention needs at least 2 axes, got ${quoted}`);
  const leading = leadingAxes(q, k, v, attributes.enableGqa === true);
  if (typeof leading === 'string') return mismatch(`${leading}: ${quoted}`);
  const output = tensorType(dtype, leading && [...leading, dimAt(q, -2), dimAt(v, -1)]);
  if (areDifferent(dimAt(q, -1), dimAt(k, -1))) {
    return mismatch(`the widths of query and key differ: ${quoted}`, output);
  }
  if (areDifferent(dimAt(k, -2), dimAt(v, -2))) {
    return mismatch(`the lengths of key and value differ: ${quoted}`, output);
  }
  if (mask?.shape === undefined || leading === undefined) return ok(output);
  const scores = [...leading, dimAt(q, -2), agreedDim(dimAt(k, -2), dimAt(v, -2))];
  const problem = maskProblem(mask.shape, scores);
  return problem === undefined ? ok(output) : mismatch(problem, output);
}

/** Says why a mask cannot be broadcast to the scores. */
export function maskProblem(mask: Shape, scores: Shape): string | undefined {
  if (broadcastsTo(mask, scores)) return undefined;
  return `the mask ${printShape(mask)} does not broadcast to the scores ${printShape(scores)}`;
}

function leadingAxes(q: Shape, k: Shape, v: Shape, isGrouped: boolean): Shape | undefined | string {
  const [qLeading, kLeading, vLeading] = [q, k, v].map((shape) => shape.slice(0, -2));
  if (!isGrouped || q.length < 3 || k.length < 3 || v.length < 3) {
    const common = broadcastShapes([qLeading, kLeading, vLeading]);
    return common.kind === 'ok' ? common.shape : 'the batch axes of query, key and value do not broadcast';
  }
  const heads = dimAt(q, -3);
  for (const kvHeads of [dimAt(k, -3), dimAt(v, -3)]) {
    const rest = moduloDims(heads, kvHeads);
    if (typeof rest === 'number' && rest !== 0) {
      return `${printDim(heads)} query heads do not divide into ${printDim(kvHeads)} key and value heads`;
    }
    if (floorDivideDims(heads, kvHeads) === 0) return 'there are more key and value heads than query heads';
  }
  const batch = broadcastShapes([q, k, v].map((shape) => shape.slice(0, -3)));
  if (batch.kind === 'mismatch') return 'the batch axes of query, key and value do not broadcast';
  return batch.shape && [...batch.shape, heads];
}
