/**
 * Loss functions: a value an element, a row or a sample, reduced to one number unless asked otherwise.
 * crossEntropy(8x1000, 8) -> scalar; with reduction 'none' -> 8.
 */
import { multiplyDims, type Dim } from '../graph/dim.ts';
import { elementCount, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { broadcastShapes } from './broadcast.ts';
import { mismatch, ok, type Operator } from './operator.ts';

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
export const classLoss: Operator<LossAttributes> = lossOperator('classLoss', ([scores]) => {
  const shape = scores?.shape;
  if (shape === undefined) return { kind: 'ok', shape };
  return { kind: 'ok', shape: shape.length === 1 ? [] : [...shape.slice(0, 1), ...shape.slice(2)] };
});

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
    infer: (inputs, { reduction }) => {
      const given = inputs.filter((input) => input !== undefined);
      const result = unreducedShape(given);
      const dtype = given[0]?.dtype ?? 'unknown';
      if (result.kind === 'mismatch') return mismatch(result.message, tensorType(dtype, undefined));
      return ok(tensorType(dtype, reducedShape(result.shape, reduction)));
    },
    work: ([first]) => ({ macs: 0, elementwiseOps: lossOps(first) }),
  };
}

function reducedShape(shape: Shape | undefined, reduction: LossAttributes['reduction']): Shape | undefined {
  return reduction === 'none' ? shape : [];
}

/** One for the value of an element and one for adding it up. */
function lossOps(first: TensorType | undefined): Dim {
  return multiplyDims(elementCount(first?.shape), 2);
}
