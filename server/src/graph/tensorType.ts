/**
 * Types of the values that flow through a graph: tensors (dtype and dims), and ONNX's containers of them.
 * A float32 image batch prints as "1x3x224x224 float32"; an unknown rank as "? float32".
 */
import { ceilDivideDims, compareDims, multiplyDims, printDim, unknownDim, type Dim } from './dim.ts';
import { bitsPerElement, type DType } from './dtype.ts';

export type Shape = readonly Dim[];

export interface TensorType {
  readonly kind: 'tensor';
  readonly dtype: DType;
  /** Undefined where even the rank is unknown. A scalar is []. */
  readonly shape: Shape | undefined;
}

/** ONNX sequence, optional, map and sparse values; and what nothing is known of. */
export type ValueType =
  | TensorType
  | { readonly kind: 'sequence'; readonly element: ValueType }
  | { readonly kind: 'optional'; readonly element: ValueType }
  | { readonly kind: 'map'; readonly key: DType; readonly value: ValueType }
  | { readonly kind: 'sparseTensor'; readonly dtype: DType; readonly shape: Shape | undefined }
  | { readonly kind: 'unknown'; readonly reason: string };

export function tensorType(dtype: DType, shape: Shape | undefined): TensorType {
  return { kind: 'tensor', dtype, shape };
}

/** Number of elements; unknown where the rank is. */
export function elementCount(shape: Shape | undefined): Dim {
  if (shape === undefined) return unknownDim('the rank is unknown');
  return shape.reduce(multiplyDims, 1);
}

/** Bytes of one dense tensor, packed types rounded up to whole bytes; unknown for strings and unknown shapes. */
export function tensorBytes(type: TensorType): Dim {
  const bits = bitsPerElement(type.dtype);
  if (bits === undefined) return unknownDim(`elements of type ${type.dtype} have no fixed width`);
  const count = elementCount(type.shape);
  return bits % 8 === 0 ? multiplyDims(count, bits / 8) : ceilDivideDims(multiplyDims(count, bits), 8);
}

export function shapesEqual(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((dim, i) => compareDims(dim, right[i] ?? -1) === 'equal');
}

/** "1x3x224x224", "Nx3x?x?", "(batch)x(4*N)", "scalar", "?". */
export function printShape(shape: Shape | undefined, separator = 'x'): string {
  if (shape === undefined) return '?';
  if (shape.length === 0) return 'scalar';
  return shape.map(printInShape).join(separator);
}

/** Names longer than a letter stand in parentheses, as they may hold an x themselves. */
function printInShape(dim: Dim): string {
  const text = printDim(dim);
  return typeof dim === 'number' || text.length === 1 ? text : `(${text})`;
}

export function printType(type: ValueType): string {
  switch (type.kind) {
    case 'tensor':
      return `${printShape(type.shape)} ${type.dtype}`;
    case 'sparseTensor':
      return `sparse ${printShape(type.shape)} ${type.dtype}`;
    case 'sequence':
      return `sequence(${printType(type.element)})`;
    case 'optional':
      return `optional(${printType(type.element)})`;
    case 'map':
      return `map(${type.key}, ${printType(type.value)})`;
    case 'unknown':
      return '?';
  }
}
