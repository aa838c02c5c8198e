/**
 * Python's and ONNX's slicing and indexing by brackets.
 * index(8x3x32x32, [..., ::2, 0]) -> 8x3x16; advancedIndex(5x4, [:, tensor 2x3]) -> 5x2x3.
 */
import { addDims, type Dim } from '../graph/dim.ts';
import { bitsPerElement } from '../graph/dtype.ts';
import { elementCount, printShape, tensorBytes, tensorType, type Shape, type TensorType } from '../graph/tensorType.ts';
import { broadcastsTo, type ShapeResult } from './broadcast.ts';
import { dataMovement, misfit, noAxis, oneOutput, resolveAxis, shaped, type Inputs } from './dataMovement.ts';
import { indexShape, type IndexItem } from './indexShape.ts';
import { mismatch, ok, type Operator } from './operator.ts';
import { sliceLength } from './sliceLength.ts';

/** Part of the operators' attributes, so it stands beside them. */
export type { IndexItem } from './indexShape.ts';

export type IndexAttributes = { readonly items: readonly IndexItem[] };

/** Basic indexing, a view. Input: x. */
export const index = dataMovement<IndexAttributes>(
  'index',
  'indexing',
  (shape, { items }) => indexShape(shape, items, []),
  {
    isView: true,
  },
);

/** With tensors (lists become tensors) or booleans: a copy. Inputs: x, then the index tensors in order. */
export const advancedIndex: Operator<IndexAttributes> = {
  name: 'advancedIndex',
  family: 'indexing',
  isView: false,
  infer([x, ...tensors], { items }) {
    return oneOutput(x?.dtype ?? 'unknown', indexedShape(x?.shape, items, tensors));
  },
  work([, ...tensors], outputs) {
    return { macs: 0, elementwiseOps: 0, bytesRead: sumOfBytes([...outputs, ...tensors]) };
  },
};

/**
 * `x[items] = value`, `index_put_`. Inputs: x, value (undefined for a Python number), then the index tensors.
 * Output: x. Only the indexed part is written.
 */
export const indexPut: Operator<IndexAttributes> = {
  name: 'indexPut',
  family: 'indexing',
  isView: false,
  infer([x, value, ...tensors], { items }) {
    const output = tensorType(x?.dtype ?? 'unknown', x?.shape);
    const part = indexedShape(x?.shape, items, tensors);
    if (part.kind === 'mismatch') return mismatch(part.message, output);
    // Leading dims of 1 do not matter to an assignment.
    const given = value?.shape && withoutLeadingOnes(value.shape);
    if (part.shape === undefined || given === undefined || broadcastsTo(given, part.shape)) return ok(output);
    return mismatch(`cannot assign ${printShape(value?.shape)} to the indexed part, ${printShape(part.shape)}`, output);
  },
  work([x, value, ...tensors], _outputs, { items }) {
    const part = indexedShape(x?.shape, items, tensors);
    const bits = bitsPerElement(x?.dtype ?? 'unknown') ?? 0;
    const count = elementCount(part.kind === 'ok' ? part.shape : undefined);
    const bytesWritten = tensorBytes(tensorType(bits === 0 ? 'unknown' : (x?.dtype ?? 'unknown'), [count]));
    return { macs: 0, elementwiseOps: 0, bytesRead: sumOfBytes([value, ...tensors]), bytesWritten };
  },
};

function withoutLeadingOnes(shape: Shape): Shape {
  const first = shape.findIndex((dim) => dim !== 1);
  return first < 0 ? [] : shape.slice(first);
}

/** Which of `index` and `advancedIndex` a list of items asks for. */
export function indexOperator(items: readonly IndexItem[]): Operator<IndexAttributes> {
  return items.some((item) => item.kind === 'tensor' || item.kind === 'boolean') ? advancedIndex : index;
}

export type SliceAttributes = {
  /** Each dim once. Bounds are clamped as Python's are; a missing bound is null; ONNX allows a negative step. */
  readonly slices: readonly {
    readonly dim: number;
    readonly start: Dim | null;
    readonly stop: Dim | null;
    readonly step: Dim;
  }[];
};
/** ONNX Slice, `torch.narrow`. */
export const slice = dataMovement<SliceAttributes>('slice', 'indexing', sliceRule, { isView: true });

export type SelectAttributes = { readonly dim: number; readonly index: Dim };
/** `x.select(dim, index)`. */
export const select = dataMovement<SelectAttributes>(
  'select',
  'indexing',
  (shape, { dim, index: at }) => {
    const axis = shape.length === 0 ? undefined : resolveAxis(dim, shape.length);
    if (axis === undefined) return misfit(noAxis(dim, shape));
    const items: IndexItem[] = shape.slice(0, axis).map(() => ({ kind: 'slice', start: null, stop: null, step: null }));
    return indexShape(shape, [...items, { kind: 'integer', index: at }], []);
  },
  { isView: true },
);

export const indexingOperators: readonly Operator[] = [index, advancedIndex, indexPut, slice, select];

function sliceRule(shape: Shape, { slices }: SliceAttributes): ShapeResult {
  const result = [...shape];
  for (const { dim, start, stop, step } of slices) {
    const axis = shape.length === 0 ? undefined : resolveAxis(dim, shape.length);
    if (axis === undefined) return misfit(noAxis(dim, shape));
    if (step === 0) return misfit(`the step of the slice along axis ${dim} of ${printShape(shape)} is 0`);
    result[axis] = sliceLength(shape[axis] ?? 0, start, stop, step);
  }
  return shaped(result);
}

function indexedShape(shape: Shape | undefined, items: readonly IndexItem[], tensors: Inputs): ShapeResult {
  const known = tensors.filter((tensor): tensor is TensorType => tensor !== undefined);
  if (shape === undefined || known.length < tensors.length) return shaped(undefined);
  return indexShape(shape, items, known);
}

function sumOfBytes(types: Inputs): Dim {
  return types.reduce<Dim>((sum, type) => (type === undefined ? sum : addDims(sum, tensorBytes(type))), 0);
}
