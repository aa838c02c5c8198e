/**
 * Loss functions: a value an element, a row or a sample, reduced to one number unless asked otherwise.
 * crossEntropy(8x1000, 8) -> scalar; with reduction 'none' -> 8.
 */
import { multiplyDims, type Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { elementCount, printShape, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { areDifferent } from './agreement.ts';
import { broadcastShapes } from './broadcast.ts';
import { misfit, shaped } from './dataMovement.ts';
import { mismatch, ok, type Operator } from './operator.ts';
import { resultType, toFloat } from './promotion.ts';

export type LossAttributes = {
  /** PyTorch's `reduction`; "batchmean" divides the sum by the batch. */
  readonly reduction: 'none' | 'mean' | 'sum' | 'batchmean';
  /** The function in PyTorch's words: "mse_loss". */
  readonly formula: string;
};

/** Inputs: what broadcasts together; without a reduction one value an element. `mse_loss`, `kl_div`, ... */
export const elementLoss: Operator<LossAttributes> = lossOperator('elementLoss', (inputs) =>
  broadcastShapes(inputs.map((input) => input.shape)),
);

/** Inputs: scores (classes, or batch x classes x ...), target. One value a target. `cross_entropy`, `nll_loss`. */
export const classLoss: Operator<LossAttributes> = lossOperator('classLoss', classLossShape);

/** Inputs: rows. One value a row. `cosine_embedding_loss`, `triplet_margin_loss`, `multi_margin_loss`. */
export const rowLoss: Operator<LossAttributes> = lossOperator('rowLoss', (inputs) => {
  const [rows] = inputs;
  return { kind: 'ok', shape: rows?.shape?.slice(0, -1) };
});

/** Inputs: scores (steps x batch x classes, or steps x classes). One value a sequence. `ctc_loss`. */
export const sequenceLoss: Operator<LossAttributes> = lossOperator('sequenceLoss', ([scores]) => ({
  kind: 'ok',
  shape: scores?.shape?.slice(1, -1),
}));

export const lossOperators: readonly Operator[] = [elementLoss, classLoss, rowLoss, sequenceLoss];

type UnreducedShape = (inputs: readonly TensorType[]) => ReturnType<typeof broadcastShapes>;

function lossOperator(name: string, unreducedShape: UnreducedShape): Operator<LossAttributes> {
  return {
    name,
    family: 'other',
    isView: false,
    infer: (inputs, { reduction, formula }) => {
      const given = inputs.filter((input) => input !== undefined);
      const result = unreducedShape(given);
      const dtype = resultDType(formula, given);
      if (result.kind === 'mismatch') return mismatch(result.message, tensorType(dtype, undefined));
      return ok(tensorType(dtype, reducedShape(result.shape, reduction)));
    },
    work: ([first]) => ({ macs: 0, elementwiseOps: lossOps(first) }),
  };
}

/** A target holds one class for each place, or for each place a probability of every class. */
function classLossShape([scores, target]: readonly TensorType[]): ReturnType<typeof broadcastShapes> {
  const shape = scores?.shape;
  if (shape === undefined) return { kind: 'ok', shape };
  if (shape.length === 0) return misfit('expected scores of 1 or more axes, got a scalar');
  const places = shape.length === 1 ? [] : [...shape.slice(0, 1), ...shape.slice(2)];
  const given = target?.shape;
  if (given === undefined || fits(given, places) || (shape.length === 1 && fits(given, [1]))) return shaped(places);
  if (fits(given, shape)) return shaped(places);
  return misfit(
    `expected a target of ${printShape(places)} for scores of ${printShape(shape)}, got ${printShape(given)}`,
  );
}

function fits(given: Shape, expected: Shape): boolean {
  return given.length === expected.length && given.every((dim, axis) => !areDifferent(dim, expected[axis] ?? 0));
}

/** Losses of differences promote their operands; binary cross entropy has its target's type, the others the input's. */
function resultDType(formula: string, given: readonly TensorType[]): DType {
  const [first, second] = given;
  if (first === undefined || second === undefined) return first?.dtype ?? 'unknown';
  if (formula === 'binary_cross_entropy_with_logits') return second.dtype;
  if (formula === 'poisson_nll_loss') return toFloat(resultType([first, second]));
  return ['mse_loss', 'l1_loss', 'smooth_l1_loss', 'kl_div'].includes(formula)
    ? resultType([first, second])
    : first.dtype;
}

function reducedShape(shape: Shape | undefined, reduction: LossAttributes['reduction']): Shape | undefined {
  return reduction === 'none' ? shape : [];
}

/** One for the value of an element and one for adding it up. */
function lossOps(first: TensorType | undefined): Dim {
  return multiplyDims(elementCount(first?.shape), 2);
}
