/**
 * Types of the values that flow through a graph: tensors (dtype and dims), and ONNX's containers of them.
 * A float32 image batch prints as "1x3x224x224 float32"; an unknown rank as "? float32".
 */
import {
  ceilDivideDims,
  compareDims,
  isSize,
  multiplyDims,
  printDim,
  sizeDim,
  unknownDim,
  unknownReason,
  type Dim,
} from './dim.ts';
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

/** Sizes that no tensor can have are unknown in it, with the reason. */
export function tensorType(dtype: DType, shape: Shape | undefined): TensorType {
  return { kind: 'tensor', dtype, shape: sizesOnly(shape) };
}

/** The shape itself where all of its dims are sizes; else with unknowns in place of those that are not. */
export function sizesOnly(shape: Shape): Shape;
export function sizesOnly(shape: Shape | undefined): Shape | undefined;
export function sizesOnly(shape: Shape | undefined): Shape | undefined {
  return shape === undefined || shape.every(isSize) ? shape : shape.map(sizeDim);
}

/** A type of any kind, with sizes alone in its shapes: what enters a graph. */
export function checkedType<T extends ValueType>(type: T): T {
  switch (type.kind) {
    case 'tensor':
    case 'sparseTensor': {
      const shape = sizesOnly(type.shape);
      return shape === type.shape ? type : { ...type, shape };
    }
    case 'sequence':
    case 'optional':
      return { ...type, element: checkedType(type.element) };
    case 'map':
      return { ...type, value: checkedType(type.value) };
    case 'unknown':
      return type;
  }
}

/** Number of elements; unknown where the rank is. */
export function elementCount(shape: Shape | undefined): Dim {
  if (shape === undefined) return unknownDim('the rank is unknown');
  if (shape.length > MOST_AXES) return unknownDim(`a tensor of ${shape.length} axes`);
  return shape.reduce(multiplyDims, 1);
}

/** Axes beyond are a sign of a broken file, and products of them take long. */
export const MOST_AXES = 256;

/** Bytes of one dense tensor, packed types rounded up to whole bytes; unknown for strings and unknown shapes. */
export function tensorBytes(type: TensorType): Dim {
  const bits = bitsPerElement(type.dtype);
  const count = elementCount(type.shape);
  if (bits === undefined) {
    const whole = type.shape === undefined ? undefined : unknownReason(count);
    return unknownDim(whole ?? `elements of type ${type.dtype} have no fixed width`);
  }
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
