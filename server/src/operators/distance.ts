/**
 * Distances and similarities between vectors.
 * cosineSimilarity(8x64, 8x64; dim 1) -> 8; pairDistances(2x5x3, 2x7x3) -> 2x5x7.
 */
import { floorDivideDims, multiplyDims, printDim, subtractDims, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { areDifferent, dimAt } from './agreement.ts';
import { broadcastShapes } from './broadcast.ts';
import { mismatch, ok, type InferResult, type NoAttributes, type Operator } from './operator.ts';
import { promoteTypes, resultType, toFloat } from './promotion.ts';

export type VectorDistanceAttributes = { readonly dim: number; readonly keepDim?: boolean | undefined };

/** Inputs: two tensors that broadcast; the dim is summed over. `F.cosine_similarity`, `F.pairwise_distance`. */
export const cosineSimilarity: Operator<VectorDistanceAttributes> = vectorOperator('cosineSimilarity', 5);
export const pairwiseDistance: Operator<VectorDistanceAttributes> = vectorOperator('pairwiseDistance', 3);

/** Inputs: ... x P x M, ... x R x M. Output: ... x P x R. `torch.cdist`. */
export const pairDistances: Operator<NoAttributes> = {
  name: 'pairDistances',
  family: 'other',
  isView: false,
  infer: ([left, right]) => inferPairs(left, right),
  work: ([left], outputs) => ({
    macs: 0,
    elementwiseOps: multiplyDims(multiplyDims(elementCount(outputs[0]?.shape), lastDim(left)), 3),
  }),
};

/** Input: N x M. Output: one distance for each of the N (N - 1) / 2 pairs of rows. `F.pdist`. */
export const selfDistances: Operator<NoAttributes> = {
  name: 'selfDistances',
  family: 'other',
  isView: false,
  infer: ([x]) => {
    if (x?.shape === undefined) return ok(tensorType(x?.dtype ?? 'unknown', undefined));
    if (x.shape.length !== 2) return mismatch(`pdist wants two dims, got ${printShape(x.shape)}`);
    const count = dimAt(x.shape, 0);
    return ok(tensorType(x.dtype, [floorDivideDims(multiplyDims(count, subtractDims(count, 1)), 2)]));
  },
  work: ([x], outputs) => ({
    macs: 0,
    elementwiseOps: multiplyDims(multiplyDims(elementCount(outputs[0]?.shape), lastDim(x)), 3),
  }),
};

export const distanceOperators: readonly Operator[] = [
  cosineSimilarity,
  pairwiseDistance,
  pairDistances,
  selfDistances,
];

function vectorOperator(name: string, opsPerElement: number): Operator<VectorDistanceAttributes> {
  return {
    name,
    family: 'other',
    isView: false,
    infer: (inputs, { dim, keepDim }) => {
      const given = inputs.filter((input) => input !== undefined);
      const types = given.map((input) => input.dtype);
      const dtype = toFloat(name === 'cosineSimilarity' ? types.reduce(promoteTypes) : resultType(given));
      const common = broadcastShapes(inputs.map((input) => input?.shape));
      if (common.kind === 'mismatch') return mismatch(common.message);
      if (common.shape === undefined) return ok(tensorType(dtype, undefined));
      const at = dim < 0 ? dim + common.shape.length : dim;
      if (at < 0 || at >= common.shape.length) {
        return mismatch(`dim ${dim} is out of range for ${printShape(common.shape)}`);
      }
      return ok(tensorType(dtype, common.shape.toSpliced(at, 1, ...(keepDim === true ? [1] : []))));
    },
    work: (inputs) => ({
      macs: 0,
      elementwiseOps: multiplyDims(largestCount(inputs), opsPerElement),
    }),
  };
}

function inferPairs(left: TensorType | undefined, right: TensorType | undefined): InferResult {
  const dtype = left?.dtype ?? 'unknown';
  const [a, b] = [left?.shape, right?.shape];
  if (a === undefined || b === undefined) return ok(tensorType(dtype, undefined));
  if (a.length < 2 || b.length < 2) return mismatch(`cdist wants rows, got ${printShape(a)} and ${printShape(b)}`);
  if (areDifferent(dimAt(a, -1), dimAt(b, -1))) {
    return mismatch(
      `cdist of rows of ${printDim(dimAt(a, -1))} and ${printDim(dimAt(b, -1))}: ${printShape(a)} and ${printShape(b)}`,
    );
  }
  const batch = broadcastShapes([a.slice(0, -2), b.slice(0, -2)]);
  if (batch.kind === 'mismatch') return mismatch(batch.message);
  return ok(tensorType(dtype, batch.shape && [...batch.shape, dimAt(a, -2), dimAt(b, -2)]));
}

function largestCount(inputs: readonly (TensorType | undefined)[]): Dim {
  const common = broadcastShapes(inputs.map((input) => input?.shape));
  return elementCount(common.kind === 'ok' ? common.shape : undefined);
}

function lastDim(type: TensorType | undefined): Dim {
  const shape: Shape = type?.shape ?? [];
  return dimAt(shape, -1);
}
