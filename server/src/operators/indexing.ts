/**
 * Python's and ONNX's slicing and indexing by brackets.
 * index(8x3x32x32, [..., ::2, 0]) -> 8x3x16; advancedIndex(5x4, [:, tensor 2x3]) -> 5x2x3.
 */
import type { Dim } from '../graph/dim.ts';
import type { Shape, TensorType } from '../graph/tensorType.ts';
import type { ShapeResult } from './broadcast.ts';
import type { Operator } from './operator.ts';
import { pending } from './pending.ts';

/** One item between the brackets of `x[...]`. */
export type IndexItem =
  | { readonly kind: 'integer'; readonly index: Dim }
  | { readonly kind: 'slice'; readonly start: Dim | null; readonly stop: Dim | null; readonly step: Dim | null }
  | { readonly kind: 'newAxis' }
  | { readonly kind: 'ellipsis' }
  /** `x[True]` */
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** The next of the index tensors: integers, or a bool mask over as many dims as it has. */
  | { readonly kind: 'tensor' };

export type IndexAttributes = { readonly items: readonly IndexItem[] };

/** Basic indexing, a view. Input: x. */
export const index = pending<IndexAttributes>('index', 'indexing', true);
/** With tensors (lists become tensors) or booleans: a copy. Inputs: x, then the index tensors in order. */
export const advancedIndex = pending<IndexAttributes>('advancedIndex', 'indexing');
/** `x[items] = value`, `index_put_`. Inputs: x, value (undefined for a Python number), then the index tensors. Output: x. */
export const indexPut = pending<IndexAttributes>('indexPut', 'indexing');

/** Which of `index` and `advancedIndex` a list of items asks for. */
export function indexOperator(items: readonly IndexItem[]): Operator<IndexAttributes> {
  return items.some((item) => item.kind === 'tensor' || item.kind === 'boolean') ? advancedIndex : index;
}

/** Shape of `x[items]`; index tensors in order of their items. */
export function indexShape(shape: Shape, items: readonly IndexItem[], tensors: readonly TensorType[]): ShapeResult {
  return { kind: 'ok', shape: items.length + tensors.length + shape.length < 0 ? shape : undefined };
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
export const slice = pending<SliceAttributes>('slice', 'indexing', true);

export type SelectAttributes = { readonly dim: number; readonly index: Dim };
/** `x.select(dim, index)`. */
export const select = pending<SelectAttributes>('select', 'indexing', true);

export const indexingOperators: readonly Operator[] = [index, advancedIndex, indexPut, slice, select];
