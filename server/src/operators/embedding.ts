/**
 * Lookups in a table of vectors. embedding of ids 8x128 in 30522x768 -> 8x128x768, reading only the rows it touches.
 */
import {
  addDims,
  floorDivideDims,
  minimumDim,
  multiplyDims,
  printDim,
  subtractDims,
  unknownDim,
  type Dim,
} from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { elementCount, printShape, tensorBytes, tensorType, type TensorType } from '../graph/tensorType.ts';
import { dimAt, dtypeOf, unknownShape } from './agreement.ts';
import { mismatch, ok, type NoAttributes, type Operator } from './operator.ts';
import { isBelow } from './windows.ts';

export type EmbeddingBagAttributes = {
  readonly mode?: 'sum' | 'mean' | 'max' | undefined;
  /** The last offset is the end of the last bag, and starts none. */
  readonly includeLastOffset?: boolean | undefined;
};

export type OneHotAttributes = {
  readonly numClasses: Dim;
  /** Where the new axis stands in the output; left out: last. */
  readonly axis?: number | undefined;
  /** Left out: int64, as torch.nn.functional.one_hot gives. */
  readonly outputDtype?: DType | undefined;
};

/** Inputs: ids (any shape), weight (rows x width). torch.nn.functional.embedding. */
export const embedding: Operator<NoAttributes> = {
  name: 'embedding',
  family: 'embedding',
  isView: false,
  infer([ids, weight]) {
    const dtype = weight?.dtype ?? 'unknown';
    if (weight?.shape !== undefined && weight.shape.length !== 2) {
      return mismatch(`expected a weight of rows and columns, got ${printShape(weight.shape)}`);
    }
    if (ids?.shape === undefined) return ok(tensorType(dtype, undefined));
    const width = weight?.shape?.[1] ?? unknownDim("the table's width is unknown");
    return ok(tensorType(dtype, [...ids.shape, width]));
  },
  work: ([ids, weight]) => ({ macs: 0, elementwiseOps: 0, bytesRead: lookupBytes(ids, weight) }),
};

/**
 * Inputs: ids (bags x length, or one axis with offsets), weight, offsets?, perSampleWeights?. Output: bags x width.
 * One addition per looked-up element, one multiplication with weights, and the mean's division.
 */
export const embeddingBag: Operator<EmbeddingBagAttributes> = {
  name: 'embeddingBag',
  family: 'embedding',
  isView: false,
  infer([ids, weight, offsets], { includeLastOffset }) {
    const dtype = dtypeOf(weight);
    const width = weight?.shape?.[1] ?? unknownDim("the table's width is unknown");
    if (ids?.shape === undefined) return ok(tensorType(dtype, [unknownDim("the ids' shape is unknown"), width]));
    if (ids.shape.length === 2) return ok(tensorType(dtype, [dimAt(ids.shape, 0), width]));
    const unknown = tensorType(dtype, unknownShape(2, 'the bags are unknown'));
    if (ids.shape.length !== 1) return mismatch(`expected ids of 1 or 2 axes, got ${printShape(ids.shape)}`, unknown);
    if (offsets === undefined) return mismatch('ids of one axis need offsets', unknown);
    const starts = offsets.shape?.[0] ?? unknownDim('the number of offsets is unknown');
    return ok(tensorType(dtype, [includeLastOffset === true ? subtractDims(starts, 1) : starts, width]));
  },
  work([ids, weight, offsets, perSampleWeights], outputs, { mode }) {
    const lookedUp = multiplyDims(elementCount(ids?.shape), weight?.shape?.[1] ?? elementCount(undefined));
    const perElement = perSampleWeights === undefined ? 1 : 2;
    const division = mode === undefined || mode === 'mean' ? elementCount(outputs[0]?.shape) : 0;
    const others = [offsets, perSampleWeights].reduce<Dim>(
      (sum, input) => (input === undefined ? sum : addDims(sum, tensorBytes(input))),
      0,
    );
    return {
      macs: 0,
      elementwiseOps: addDims(multiplyDims(lookedUp, perElement), division),
      bytesRead: addDims(lookupBytes(ids, weight), others),
    };
  },
};

/** Inputs: ids. Writes one element a class, computes nothing. torch.nn.functional.one_hot, ONNX OneHot-11. */
export const oneHot: Operator<OneHotAttributes> = {
  name: 'oneHot',
  family: 'embedding',
  isView: false,
  infer([ids], { numClasses, axis = -1, outputDtype = 'int64' }) {
    if (isBelow(numClasses, 1)) return mismatch(`expected at least one class, got ${printDim(numClasses)}`);
    if (ids?.shape === undefined) return ok(tensorType(outputDtype, undefined));
    const at = axis < 0 ? axis + ids.shape.length + 1 : axis;
    if (at >= 0 && at <= ids.shape.length) return ok(tensorType(outputDtype, ids.shape.toSpliced(at, 0, numClasses)));
    return mismatch(`there is no place ${axis} for a new axis in ${printShape(ids.shape)}`);
  },
  work: () => ({ macs: 0, elementwiseOps: 0 }),
};

export const embeddingOperators: readonly Operator[] = [embedding, embeddingBag, oneHot];

/** The ids, and one row for each of them, but no more rows than the table has. */
function lookupBytes(ids: TensorType | undefined, weight: TensorType | undefined): Dim {
  if (ids === undefined || weight?.shape === undefined) return unknownDim("the table's shape is unknown");
  const rows = dimAt(weight.shape, 0);
  const rowBytes = rows === 0 ? 0 : floorDivideDims(tensorBytes(weight), rows);
  return addDims(tensorBytes(ids), multiplyDims(minimumDim(elementCount(ids.shape), rows), rowBytes));
}
