/**
 * Attention as one ONNX node: ONNX Attention-23, com.microsoft MultiHeadAttention, GroupQueryAttention and Attention.
 * torch.nn.MultiheadAttention is not one node: its front end applies `linear` and `scaledDotProductAttention`.
 * query, key, value 2x8x64 with 4 heads -> 2x8x64, and present key and value 2x4x8x16.
 */
import { addDims, floorDivideDims, moduloDims, multiplyDims, printDim, unknownDim, type Dim } from '../graph/dim.ts';
import { printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { agreedDim, areDifferent, dimAt, dtypeOf, unknownShape } from './agreement.ts';
import { attentionWork, maskProblem } from './attention.ts';
import { mismatch, ok, unknownWork, type InferResult, type Operator } from './operator.ts';

export type MultiHeadAttentionAttributes = {
  readonly qNumHeads?: Dim | undefined;
  /** Left out: as many as query heads. */
  readonly kvNumHeads?: Dim | undefined;
  readonly isCausal?: boolean | undefined;
  /** How many outputs the node names: 1 output, 3 with present key and value, 4 with the scores (ONNX 23). */
  readonly outputCount?: number | undefined;
  /** Keys in the cache after this call, where the caller knows better than past + new. */
  readonly totalSequence?: Dim | undefined;
};

export type ProjectedAttentionAttributes = {
  readonly numHeads: Dim;
  /** Widths of the three projections; left out, a third of the weight's columns each. */
  readonly qkvHiddenSizes?: readonly Dim[] | undefined;
  readonly isCausal?: boolean | undefined;
  /** 1 output, or 2 with the present state. */
  readonly outputCount?: number | undefined;
};

/**
 * Inputs: query, key?, value?, mask?, pastKey?, pastValue?. Query is B x S x heads*D, or B x heads x S x D;
 * packed forms: query B x S x N x 3 x D alone, query with key B x L x N x 2 x D, query B x S x (Nq + 2 Nkv)*D alone.
 * Outputs: the result in the query's form (packed: B x S x heads*D), present key and value B x Nkv x keys x D, scores.
 */
export const multiHeadAttention: Operator<MultiHeadAttentionAttributes> = {
  name: 'multiHeadAttention',
  family: 'attention',
  isView: false,
  infer(inputs, attributes) {
    const layout = readLayout(inputs, attributes);
    const dtype = dtypeOf(...inputs.slice(0, 3));
    const count = attributes.outputCount ?? 1;
    if (typeof layout === 'string') return mismatch(layout, ...unknownOutputs(inputs, count));
    if (layout === undefined) return ok(...unknownOutputs(inputs, count));
    const { batch, qHeads, kvHeads, queries, keys, keyWidth, valueWidth, isFourDimensional } = layout;
    const result = isFourDimensional
      ? [batch, qHeads, queries, valueWidth]
      : [batch, queries, multiplyDims(qHeads, valueWidth)];
    const outputs = [
      result,
      [batch, kvHeads, keys, keyWidth],
      [batch, kvHeads, keys, valueWidth],
      [batch, qHeads, queries, keys],
    ].map((shape) => tensorType(dtype, shape));
    return ok(...outputs.slice(0, count));
  },
  work(inputs, _outputs, attributes) {
    const layout = readLayout(inputs, attributes);
    if (layout === undefined || typeof layout === 'string') return unknownWork("the attention's shapes are unknown");
    return attentionWork({
      ...layout,
      heads: multiplyDims(layout.batch, layout.qHeads),
      isMasked: inputs[3] !== undefined,
    });
  },
};

/**
 * Inputs: x (B x S x in), weight (in x (q + k + v)), bias?, mask?, past? (2 x B x N x P x D). com.microsoft.Attention.
 * Outputs: B x S x v, and the present state 2 x B x N x (P + S) x D.
 */
export const projectedAttention: Operator<ProjectedAttentionAttributes> = {
  name: 'projectedAttention',
  family: 'attention',
  isView: false,
  infer: inferProjected,
  work(inputs, _outputs, attributes) {
    const [x, weight, bias, mask, past] = inputs;
    if (x?.shape?.length !== 3 || weight?.shape?.length !== 2) {
      return unknownWork("the attention's shapes are unknown");
    }
    const [batch = 0, steps = 0, width = 0] = x.shape;
    const rows = multiplyDims(batch, steps);
    const { qWidth, vWidth, columns } = projectionWidths(weight.shape, attributes);
    const attention = attentionWork({
      heads: multiplyDims(batch, attributes.numHeads),
      queries: steps,
      keys: addDims(past === undefined ? 0 : pastLength(past), steps),
      keyWidth: floorDivideDims(qWidth, attributes.numHeads),
      valueWidth: floorDivideDims(vWidth, attributes.numHeads),
      isMasked: mask !== undefined,
    });
    return {
      macs: addDims(multiplyDims(multiplyDims(rows, width), columns), attention.macs),
      elementwiseOps: addDims(attention.elementwiseOps, bias === undefined ? 0 : multiplyDims(rows, columns)),
    };
  },
};

export const multiHeadAttentionOperators: readonly Operator[] = [multiHeadAttention, projectedAttention];

interface Layout {
  readonly batch: Dim;
  readonly qHeads: Dim;
  readonly kvHeads: Dim;
  readonly queries: Dim;
  /** Past and new ones. */
  readonly keys: Dim;
  readonly keyWidth: Dim;
  readonly valueWidth: Dim;
  readonly isFourDimensional: boolean;
}

interface Side {
  readonly heads: Dim;
  readonly length: Dim;
  readonly width: Dim;
}

function readLayout(
  [query, key, value, mask, pastKey]: readonly (TensorType | undefined)[],
  attributes: MultiHeadAttentionAttributes,
): Layout | string | undefined {
  const q = query?.shape;
  if (q === undefined) return undefined;
  const quoted = [query, key, value].map((each) => (each === undefined ? 'none' : printShape(each.shape))).join(', ');
  const sides =
    q.length === 5 || key === undefined ? packedSides(q, attributes) : separateSides(q, key, value, attributes);
  if (sides === undefined || typeof sides === 'string') return sides && `${sides}, got query, key, value ${quoted}`;
  const [own, keySide, valueSide] = sides;
  if (areDifferent(own.width, keySide.width)) return `the widths of query and key heads differ: ${quoted}`;
  if (areDifferent(keySide.length, valueSide.length)) return `the lengths of key and value differ: ${quoted}`;
  const rest = moduloDims(own.heads, keySide.heads);
  if (typeof rest === 'number' && rest !== 0) {
    return `${printDim(own.heads)} query heads do not divide into ${printDim(keySide.heads)} key and value heads: ${quoted}`;
  }
  const keys = attributes.totalSequence ?? addDims(pastKey === undefined ? 0 : pastLength(pastKey), keySide.length);
  const scores = [dimAt(q, 0), own.heads, own.length, keys];
  const problem = mask?.shape?.length === 4 ? maskProblem(mask.shape, scores) : undefined;
  if (problem !== undefined) return problem;
  return {
    batch: dimAt(q, 0),
    qHeads: own.heads,
    kvHeads: keySide.heads,
    queries: own.length,
    keys,
    keyWidth: agreedDim(own.width, keySide.width),
    valueWidth: valueSide.width,
    isFourDimensional: q.length === 4,
  };
}

type Sides = readonly [query: Side, key: Side, value: Side] | string | undefined;

function packedSides(q: Shape, attributes: MultiHeadAttentionAttributes): Sides {
  if (q.length === 5) {
    const side = { heads: dimAt(q, 2), length: dimAt(q, 1), width: dimAt(q, 4) };
    return [side, side, side];
  }
  const { qNumHeads } = attributes;
  if (q.length !== 3 || qNumHeads === undefined) return 'expected a packed query of 3 or 5 axes';
  const kvHeads = attributes.kvNumHeads ?? qNumHeads;
  const heads = addDims(qNumHeads, multiplyDims(kvHeads, 2));
  const problem = headProblem(dimAt(q, 2), heads);
  if (problem !== undefined) return problem;
  const width = floorDivideDims(dimAt(q, 2), heads);
  const side = { length: dimAt(q, 1), width };
  return [
    { ...side, heads: qNumHeads },
    { ...side, heads: kvHeads },
    { ...side, heads: kvHeads },
  ];
}

function separateSides(
  q: Shape,
  key: TensorType,
  value: TensorType | undefined,
  attributes: MultiHeadAttentionAttributes,
): Sides {
  const k = key.shape;
  if (k === undefined || (value !== undefined && value.shape === undefined)) return undefined;
  const own = splitHeads(q, attributes.qNumHeads);
  if (own === undefined) return 'expected a query of 3 axes with a number of heads, or of 4';
  if (typeof own === 'string') return own;
  if (k.length === 5) {
    const packed = { heads: dimAt(k, 2), length: dimAt(k, 1), width: dimAt(k, 4) };
    return [own, packed, packed];
  }
  const kvHeads = attributes.kvNumHeads ?? attributes.qNumHeads;
  const keySide = splitHeads(k, kvHeads);
  const valueSide = splitHeads(value?.shape ?? k, kvHeads);
  if (keySide === undefined || valueSide === undefined) return 'expected keys and values of 3 or 4 axes';
  if (typeof keySide === 'string') return keySide;
  if (typeof valueSide === 'string') return valueSide;
  return [own, keySide, valueSide];
}

function splitHeads(shape: Shape, heads: Dim | undefined): Side | string | undefined {
  if (shape.length === 4) return { heads: dimAt(shape, 1), length: dimAt(shape, 2), width: dimAt(shape, 3) };
  if (shape.length !== 3 || heads === undefined) return undefined;
  const problem = headProblem(dimAt(shape, 2), heads);
  if (problem !== undefined) return problem;
  return { heads, length: dimAt(shape, 1), width: floorDivideDims(dimAt(shape, 2), heads) };
}

function headProblem(width: Dim, heads: Dim): string | undefined {
  const rest = moduloDims(width, heads);
  if (typeof rest !== 'number' || rest === 0) return undefined;
  return `a width of ${printDim(width)} does not divide into ${printDim(heads)} heads`;
}

/** The cache's length: B x heads x P x D, or with a leading 2 for key and value together. */
function pastLength(past: TensorType): Dim {
  return past.shape?.at(-2) ?? unknownDim('the length of the cache is unknown');
}

function unknownOutputs(inputs: readonly (TensorType | undefined)[], count: number): readonly TensorType[] {
  const rank = inputs[0]?.shape?.length;
  const reason = "the attention's shapes do not fit or are unknown";
  const result = rank === 3 || rank === 4 ? unknownShape(rank, reason) : undefined;
  return Array.from({ length: count }, (_, i) =>
    tensorType(dtypeOf(...inputs), i === 0 ? result : unknownShape(4, reason)),
  );
}

function inferProjected(
  [x, weight, , , past]: readonly (TensorType | undefined)[],
  attributes: ProjectedAttentionAttributes,
): InferResult {
  const dtype = dtypeOf(x, weight);
  const count = attributes.outputCount ?? 1;
  const unknown = [tensorType(dtype, undefined), tensorType(dtype, undefined)].slice(0, count);
  if (x?.shape === undefined || weight?.shape === undefined) return ok(...unknown);
  const fits = x.shape.length === 3 && weight.shape.length === 2;
  if (!fits || areDifferent(dimAt(x.shape, 2), dimAt(weight.shape, 0))) {
    return mismatch(`the input ${printShape(x.shape)} does not fit the weight ${printShape(weight.shape)}`, ...unknown);
  }
  const [batch = 0, steps = 0] = x.shape;
  const { qWidth, vWidth } = projectionWidths(weight.shape, attributes);
  const problem = headProblem(qWidth, attributes.numHeads) ?? headProblem(vWidth, attributes.numHeads);
  if (problem !== undefined) return mismatch(`${problem}, weight ${printShape(weight.shape)}`, ...unknown);
  const keys = addDims(past === undefined ? 0 : pastLength(past), steps);
  const present = [2, batch, attributes.numHeads, keys, floorDivideDims(vWidth, attributes.numHeads)];
  return ok(...[tensorType(dtype, [batch, steps, vWidth]), tensorType(dtype, present)].slice(0, count));
}

function projectionWidths(weight: Shape, attributes: ProjectedAttentionAttributes) {
  const columns = dimAt(weight, 1);
  const third = floorDivideDims(columns, 3);
  const [qWidth = third, , vWidth = third] = attributes.qkvHiddenSizes ?? [];
  return { qWidth, vWidth, columns };
}
