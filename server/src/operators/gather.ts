/**
 * Reading and writing by tensors of indices or masks: gather, take, selections, scatter, masked fill.
 * take(1000x64, index 8x128, dim 0) -> 8x128x64; gather(4x5, index 4x2, dim 1) -> 4x2.
 * What reads reads only the rows that are taken; what writes gives the shape and type of its first input.
 */
import { addDims, subtractDims, unknownDim, type Dim } from '../graph/dim.ts';
import { elementCount, printShape, tensorBytes, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { areDifferent } from './agreement.ts';
import { broadcastDims, broadcastShapes, broadcastsTo, type ShapeResult } from './broadcast.ts';
import { dataMovement, misfit, noAxis, replaceDim, resolveAxis, shaped, type Inputs } from './dataMovement.ts';
import { ok, type NoAttributes, type Operator, type OperatorWork } from './operator.ts';
import { isBelow } from './windows.ts';

export type DimAttributes = { readonly dim: number };

/** `torch.gather`, ONNX GatherElements. Inputs: x, index. */
export const gather = dataMovement<DimAttributes>('gather', 'indexing', gatherRule, { work: readsWhatItTakes });

/** Absent dim: both are flattened. Inputs: x, index; they broadcast outside the dim. */
export const takeAlongDim = dataMovement<{ readonly dim?: number | undefined }>('takeAlongDim', 'indexing', alongRule, {
  work: readsWhatItTakes,
});

/** `torch.index_select`. Inputs: x, index (one row). */
export const indexSelect = dataMovement<DimAttributes>(
  'indexSelect',
  'indexing',
  (shape, { dim }, [, index]) => {
    const axis = resolveAxis(dim, shape.length);
    if (axis === undefined) return misfit(noAxis(dim, shape));
    if (index?.shape !== undefined && index.shape.length > 1) {
      return misfit(`expected one row of indices into ${printShape(shape)}, got ${printShape(index.shape)}`);
    }
    if (shape.length === 0 && isBelow(subtractDims(1, index?.shape?.[0] ?? 1), 0)) {
      return misfit(`a scalar has one element, but the index is ${printShape(index?.shape)}`);
    }
    const count = index?.shape === undefined ? unknownDim('the indices have an unknown rank') : (index.shape[0] ?? 1);
    return shaped(shape.length === 0 ? [] : replaceDim(shape, axis, [count]));
  },
  { work: readsWhatItTakes },
);

/** ONNX Gather, `numpy.take`: the index's shape stands in place of the dim. Absent dim: `torch.take` of the flat input. */
export const take = dataMovement<{ readonly dim?: number | undefined }>(
  'take',
  'indexing',
  (shape, { dim }, [, index]) => {
    if (dim === undefined || index?.shape === undefined) return shaped(index?.shape && [...index.shape]);
    const axis = shape.length === 0 ? undefined : resolveAxis(dim, shape.length);
    return axis === undefined ? misfit(noAxis(dim, shape)) : shaped(replaceDim(shape, axis, index.shape));
  },
  { work: readsWhatItTakes },
);

/** ONNX GatherND-13. Inputs: data, indices, whose last axis holds a place in the data. */
export const gatherNd = dataMovement<{ readonly batchDims: number }>('gatherNd', 'indexing', gatherNdRule, {
  work: readsWhatItTakes,
});

/** Inputs: x, mask; they broadcast. The length depends on the data. */
export const maskedSelect = dataMovement<NoAttributes>('maskedSelect', 'indexing', (shape, _, [, mask]) => {
  const common = broadcastShapes([shape, mask?.shape]);
  return common.kind === 'mismatch' ? common : shaped([dataDependent()]);
});

/** ONNX Compress-11. Inputs: x, condition. The length depends on the data. */
export const compress = dataMovement<{ readonly dim?: number | undefined }>(
  'compress',
  'indexing',
  (shape, { dim }) => {
    if (dim === undefined) return shaped([dataDependent()]);
    const axis = resolveAxis(dim, shape.length);
    return axis === undefined ? misfit(noAxis(dim, shape)) : shaped(replaceDim(shape, axis, [dataDependent()]));
  },
);

export type NonzeroAttributes = { readonly layout: 'rows' | 'columns' | 'tuple' };
/**
 * Places of the non-zero elements: a matrix with a row an element (`torch.nonzero`), with a column an element
 * (ONNX NonZero), or one row a dim (`as_tuple`, `torch.where(mask)`). Their number depends on the data.
 */
export const nonzero: Operator<NonzeroAttributes> = {
  name: 'nonzero',
  family: 'indexing',
  isView: false,
  infer([x], { layout }) {
    const rank = x?.shape?.length;
    const count = dataDependent();
    if (layout === 'tuple') {
      return ok(...Array<TensorType>(rank === undefined ? 0 : Math.max(rank, 1)).fill(tensorType('int64', [count])));
    }
    const rankDim = rank ?? unknownDim('the rank of the input is unknown');
    return ok(tensorType('int64', layout === 'rows' ? [count, rankDim] : [rankDim, count]));
  },
  work: ([x]) => ({ macs: 0, elementwiseOps: elementCount(x?.shape) }),
};

export type ScatterAttributes = {
  readonly dim: number;
  readonly reduce?: 'add' | 'mul' | 'mean' | 'max' | 'min' | undefined;
};
/** `scatter`, `scatter_add`, `scatter_reduce`, ONNX ScatterElements. Inputs: x, index, source (undefined for a number). */
export const scatter = dataMovement<ScatterAttributes>('scatter', 'indexing', scatterRule, {
  work: ([, index], _, { reduce }) => reducing(index?.shape, reduce),
});

export type ScatterNdAttributes = { readonly reduce?: 'add' | 'mul' | 'max' | 'min' | undefined };
/** ONNX ScatterND. Inputs: data, indices, updates. */
export const scatterNd = dataMovement<ScatterNdAttributes>('scatterNd', 'indexing', scatterNdRule, {
  work: ([, , updates], _, { reduce }) => reducing(updates?.shape, reduce),
});

/** `index_add`. Inputs: x, index (one row), source. */
export const indexAdd = dataMovement<DimAttributes>('indexAdd', 'indexing', alongIndexRule, {
  work: ([, , source]) => reducing(source?.shape, 'add'),
});
/** `index_copy`. Inputs: x, index (one row), source. */
export const indexCopy = dataMovement<DimAttributes>('indexCopy', 'indexing', alongIndexRule);
/** `index_fill`. Inputs: x, index (one row), value (undefined for a number). */
export const indexFill = dataMovement<DimAttributes>('indexFill', 'indexing', (shape, { dim }) =>
  resolveAxis(dim, shape.length) === undefined ? misfit(noAxis(dim, shape)) : shaped(shape),
);

export type MaskedFillAttributes = { readonly isInPlace?: boolean | undefined };
/** Inputs: x, mask, value (undefined for a number). In place, the mask broadcasts to x; else both broadcast. */
export const maskedFill = dataMovement<MaskedFillAttributes>(
  'maskedFill',
  'indexing',
  (shape, attributes, [, mask]) => {
    if (mask?.shape === undefined) return shaped(attributes.isInPlace === true ? shape : undefined);
    if (attributes.isInPlace !== true) return broadcastShapes([shape, mask.shape]);
    if (broadcastsTo(mask.shape, shape)) return shaped(shape);
    return misfit(`the mask ${printShape(mask.shape)} does not broadcast to ${printShape(shape)}`);
  },
);

/** Inputs: x, mask, source. */
export const maskedScatter = dataMovement<NoAttributes>('maskedScatter', 'indexing', (shape, _, [, mask]) =>
  mask?.shape === undefined ? shaped(undefined) : broadcastShapes([shape, mask.shape]),
);

export const gatherOperators: readonly Operator[] = [
  gather,
  takeAlongDim,
  indexSelect,
  take,
  gatherNd,
  maskedSelect,
  compress,
  nonzero,
  scatter,
  scatterNd,
  indexAdd,
  indexCopy,
  indexFill,
  maskedFill,
  maskedScatter,
];

function gatherRule(shape: Shape, { dim }: DimAttributes, [, index]: Inputs): ShapeResult {
  const axis = resolveAxis(dim, shape.length);
  if (axis === undefined) return misfit(noAxis(dim, shape));
  if (index?.shape === undefined) return shaped(undefined);
  const problem = indexProblem(shape, index.shape, axis);
  return problem === undefined ? shaped(index.shape) : misfit(problem);
}

/** Why an index of `gather` or `scatter` does not fit: it has the axes of x, and is no larger outside the dim. */
function indexProblem(shape: Shape, index: Shape, axis: number): string | undefined {
  // PyTorch takes a scalar for one element.
  if (Math.max(shape.length, 1) !== Math.max(index.length, 1)) {
    return `the index ${printShape(index)} has other axes than ${printShape(shape)}`;
  }
  const isLarger = (dim: Dim, i: number): boolean => {
    const limit = shape[i] ?? 1;
    return i !== axis && typeof dim === 'number' && typeof limit === 'number' && dim > limit;
  };
  const wrong = index.findIndex(isLarger);
  if (wrong < 0) return undefined;
  return `the index ${printShape(index)} is larger than ${printShape(shape)} in axis ${wrong}`;
}

function alongRule(shape: Shape, { dim }: { readonly dim?: number | undefined }, [, index]: Inputs): ShapeResult {
  if (index?.shape === undefined) return shaped(undefined);
  if (dim === undefined) return shaped([elementCount(index.shape)]);
  const axis = shape.length === 0 ? undefined : resolveAxis(dim, shape.length);
  if (axis === undefined) return misfit(noAxis(dim, shape));
  if (shape.length !== index.shape.length) {
    return misfit(`the index ${printShape(index.shape)} has other axes than ${printShape(shape)}`);
  }
  const result: Dim[] = [];
  for (const [i, size] of index.shape.entries()) {
    const joined = i === axis ? size : broadcastDims(shape[i] ?? 1, size);
    if (joined === undefined) {
      return misfit(`the index ${printShape(index.shape)} does not broadcast to ${printShape(shape)} in axis ${i}`);
    }
    result.push(joined);
  }
  return shaped(result);
}

function gatherNdRule(shape: Shape, { batchDims }: { readonly batchDims: number }, [, indices]: Inputs): ShapeResult {
  const depth = indices?.shape?.at(-1);
  if (indices?.shape === undefined || depth === undefined || typeof depth !== 'number') return shaped(undefined);
  if (batchDims + depth > shape.length) {
    return misfit(`indices ${printShape(indices.shape)} name ${depth} axes, more than ${printShape(shape)} has`);
  }
  const wrong = shape.slice(0, batchDims).findIndex((dim, i) => areDifferent(dim, indices.shape?.[i] ?? dim));
  if (wrong >= 0)
    return misfit(`batches of ${printShape(shape)} and ${printShape(indices.shape)} differ in axis ${wrong}`);
  return shaped([...indices.shape.slice(0, -1), ...shape.slice(batchDims + depth)]);
}

function readsWhatItTakes([, index]: Inputs, outputs: readonly TensorType[]): OperatorWork {
  const read = [index, ...outputs].reduce<Dim>((sum, type) => (type ? addDims(sum, tensorBytes(type)) : sum), 0);
  return { macs: 0, elementwiseOps: 0, bytesRead: read };
}

function dataDependent(): Dim {
  return unknownDim('the number of selected elements depends on the data');
}

function scatterRule(shape: Shape, { dim }: ScatterAttributes, [, index, source]: Inputs): ShapeResult {
  const axis = resolveAxis(dim, shape.length);
  if (axis === undefined) return misfit(noAxis(dim, shape));
  if (index?.shape === undefined || elementCount(index.shape) === 0) return shaped(shape);
  const problem = indexProblem(shape, index.shape, axis);
  if (problem !== undefined) return misfit(problem);
  // Every axis of the source must hold the index: no axis is exempt, hence -1.
  const sourceProblem = source?.shape && indexProblem(source.shape, index.shape, -1);
  return sourceProblem === undefined ? shaped(shape) : misfit(`scatter's source: ${sourceProblem}`);
}

function scatterNdRule(shape: Shape, _: ScatterNdAttributes, [, indices, updates]: Inputs): ShapeResult {
  const depth = indices?.shape?.at(-1);
  if (indices?.shape === undefined || typeof depth !== 'number') return shaped(shape);
  if (isBelow(shape.length - depth, 0)) {
    return misfit(`indices ${printShape(indices.shape)} name ${depth} axes, more than ${printShape(shape)} has`);
  }
  const expected = [...indices.shape.slice(0, -1), ...shape.slice(depth)];
  if (updates?.shape === undefined || agree(updates.shape, expected)) return shaped(shape);
  return misfit(
    `updates ${printShape(updates.shape)} do not have the shape of the indexed part, ${printShape(expected)}`,
  );
}

function alongIndexRule(shape: Shape, { dim }: DimAttributes, [, index, source]: Inputs): ShapeResult {
  const axis = resolveAxis(dim, shape.length);
  if (axis === undefined) return misfit(noAxis(dim, shape));
  if (index?.shape === undefined || source?.shape === undefined || shape.length === 0) return shaped(shape);
  const expected = replaceDim(shape, axis, [index.shape[0] ?? 1]);
  if (source.shape.length === 0 || agree(source.shape, expected)) return shaped(shape);
  return misfit(
    `source ${printShape(source.shape)} does not have the shape of the indexed part, ${printShape(expected)}`,
  );
}

function agree(left: Shape, right: Shape): boolean {
  return left.length === right.length && !left.some((dim, i) => areDifferent(dim, right[i] ?? 0));
}

function reducing(shape: Shape | undefined, reduce: string | undefined): OperatorWork {
  return { macs: 0, elementwiseOps: reduce === undefined ? 0 : elementCount(shape) };
}
